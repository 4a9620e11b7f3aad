"""Names and first sentences: no drawers, every module says what it is for, every public name is documented."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.reading import Module, kept

DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"}

MODULES = pytest.mark.parametrize("module", kept(), ids=lambda module: module.path)


def public(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Every public function and class of a module, and the public methods of its public classes."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in module.tree.body:
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, kinds) and not inner.name.startswith("_"):
                        yield f"{node.name}.{inner.name}", inner


@MODULES
def test_no_module_or_class_is_a_drawer(module):
    words = set(re.split(r"[/._]", module.path))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            words |= {re.findall(r"[A-Z]?[a-z]+|[A-Z]+", node.name)[-1].casefold()}
    found = words & DRAWERS
    assert not found, f"{module.path}: name it after its subject, not {sorted(found)}; what is it about?"


@MODULES
def test_the_first_line_is_one_sentence(module):
    first = (ast.get_docstring(module.tree) or "").split("\n\n")[0].split("\n")[0]
    assert first, f"{module.path}: open with a docstring whose first line says what the module is for."
    assert first[-1] in ".?:…", f"{module.path}: the first line is one whole sentence, ending with a full stop: {first}"
    assert not re.search(r"[a-z)]\. [A-Z]", first), f"{module.path}: one sentence; move the second below: {first}"


@MODULES
def test_every_public_name_is_documented(module):
    silent = [name for name, node in public(module) if not ast.get_docstring(node)]
    assert not silent, f"{module.path}: write what each of these gives and in which unit: {', '.join(silent)}"
