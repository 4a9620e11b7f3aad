"""Tables: the frames that stages hand to each other, and what lies in the store."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import dataframely as dy

from docs.writing.markdown import code, prose, table


def frames() -> str:
    """Return every typed frame with its columns."""
    found = ["Columns have one name everywhere: here, in SQL, in YAML, in JSON and on screen. Absent is null, never 0."]
    for model in schemas():
        path = model.__module__.replace(".", "/") + ".py"
        found.append(f"## {model.__name__}\n\n[{path}](../../{path})\n\n{prose(model)}\n\n{columns(model)}")
    return "\n\n".join(found)


def schemas() -> Iterator[type[dy.Schema]]:
    """Yield every schema of kpiflow.frames, module by module."""
    package = importlib.import_module("kpiflow.frames")
    for part in pkgutil.iter_modules(package.__path__, "kpiflow.frames."):
        module = importlib.import_module(part.name)
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, dy.Schema) and thing.__module__ == part.name:
                yield thing


def columns(model: type[dy.Schema]) -> str:
    """Return the columns of a frame, with the comments that stand beside them in the code."""
    said = comments(model)
    keys = set(model.primary_key())
    rows = []
    for name, column in model.columns().items():
        needed = "key" if name in keys else "may be absent" if column.nullable else "always"
        rows.append((code(name), holds(column), needed, said.get(name, "")))
    return table(("column", "holds", "there", "meaning"), rows)


def holds(column: Any) -> str:
    """Return what a column holds, in words."""
    match column:
        case dy.Enum():
            return ", ".join(code(value) for value in column.categories)
        case dy.String() | dy.Categorical():
            return "text"
        case dy.Float64():
            return "number"
        case dy.Int64() | dy.Int32() | dy.UInt32():
            return "whole number"
        case dy.Decimal():
            return f"exact number, {column.scale} digits after the point"
        case dy.Date():
            return "day"
        case dy.Bool():
            return "true or false"
        case _:
            return type(column).__name__.casefold()


def comments(model: type[dy.Schema]) -> dict[str, str]:
    """Return column → the comment behind it."""
    return dict(re.findall(r"^    (\w+) = dy\..*?\)  # (.*)$", inspect.getsource(model), re.MULTILINE))


def store() -> str:
    """Return every migration with the tables it makes."""
    found = [
        (
            "Migrations are numbered SQL files, run once and in order. Rows of large tables are never changed: a correction is a "
            "new row. So there is no primary key and no unique rule on them."
        )
    ]
    folder = files("kpiflow.storage").joinpath("migrations")
    for file in sorted(folder.iterdir(), key=lambda part: part.name):
        if file.name.endswith(".sql"):
            text = file.read_text(encoding="utf-8")
            path = f"kpiflow/storage/migrations/{file.name}"
            about = " ".join(line.removeprefix("--").strip() for line in opening(text))
            found.append(f"## {file.name}\n\n[{path}](../../{path})\n\n{about}")
            found += list(tables_of(text))
    return "\n\n".join(part for part in found if part.strip())


def opening(text: str) -> list[str]:
    """Return the comment lines a file opens with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines


def tables_of(text: str) -> Iterator[str]:
    """Yield each table or view a migration makes, with its columns and the comments beside them."""
    pattern = r"((?:^--[^\n]*\n)*)^CREATE (?:OR REPLACE )?(TABLE|VIEW) (?:IF NOT EXISTS )?(\w+)(.*?);\s*$"
    for before, what, name, body in re.findall(pattern, text, re.DOTALL | re.MULTILINE):
        about = " ".join(line.removeprefix("--").strip() for line in before.splitlines())
        head = f"### {name}\n\n" + (f"{about}\n\n" if about else "")
        if what == "VIEW":
            yield head + "A view." if not about else head.strip()
            continue
        rows = re.findall(
            r"^\s+\"?(\w+)\"?\s+([A-Z]\w*(?:\([\d, ]+\))?)([^\n,-]*),?(?:\s*--\s*(.*))?$", body, re.MULTILINE
        )
        rows = [(code(column), kind + rest.rstrip(), note) for column, kind, rest, note in rows]
        yield head + (table(("column", "type", "meaning"), rows) if rows else "")
