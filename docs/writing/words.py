"""Every choice a field can take, from the enumerations of the code, with the comments that explain them."""

import enum
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

from docs.writing.markdown import code, first, table

PLACES = ("kpiflow.core", "kpiflow.scoring", "kpiflow.incentives", "kpiflow.cascade", "kpiflow.appraisal")


def page() -> str:
    """Return every enumeration with its values."""
    found = ["The words themselves are explained in the [glossary](../glossary.md)."]
    for kind in sorted(set(enumerations()), key=lambda kind: (kind.__name__, kind.__module__)):
        said = comments(kind)
        rows = [(code(member.value), said.get(member.name, "")) for member in kind]
        found.append(f"## {kind.__name__}\n\n{first(kind)}\n\n{table(('value', 'meaning'), rows)}")
    return "\n\n".join(found)


def enumerations() -> Iterator[type[enum.StrEnum]]:
    """Yield every enumeration of words in the parts that define meaning."""
    for place in PLACES:
        package = importlib.import_module(place)
        for part in pkgutil.walk_packages(package.__path__, f"{place}."):
            for thing in vars(importlib.import_module(part.name)).values():
                if isinstance(thing, type) and issubclass(thing, enum.StrEnum) and thing.__module__ == part.name:
                    yield thing


def comments(kind: type[enum.Enum]) -> dict[str, str]:
    """Return member → the comment behind it."""
    return dict(re.findall(r'^    (\w+) = "[^"]*"  # (.*)$', inspect.getsource(kind), re.MULTILINE))
