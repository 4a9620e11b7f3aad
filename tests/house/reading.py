"""What the house tests look at: the project's files, and its modules as syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file: its path as people write it, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def dotted(self) -> str:
        """The name it is imported by."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method in it, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Every call of a function by one of these names, plain or as an attribute."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
                if called in names:
                    yield node


@cache
def files() -> tuple[str, ...]:
    """Every file of the project that is tracked or will be: what git does not ignore."""
    asked = ["git", "-c", "core.quotepath=off", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted({name for name in listed if (ROOT / name).is_file()}))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every module below these folders, by path."""
    found = []
    for name in files():
        if name.endswith(".py") and name.startswith(tuple(f"{folder}/" for folder in folders)):
            text = (ROOT / name).read_text(encoding="utf-8")
            found.append(Module(name, text, ast.parse(text, filename=name)))
    return tuple(found)


def product() -> tuple[Module, ...]:
    """The modules people install."""
    return modules("kpiflow", "dashboards")


def kept() -> tuple[Module, ...]:
    """The modules that are held to the limits: what is installed, and what measures and documents it."""
    return modules("kpiflow", "dashboards", "bench", "docs")
