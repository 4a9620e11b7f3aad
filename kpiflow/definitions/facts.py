"""The definition files: which file holds what, and each item made into its frozen model with its problems.

Floor 5: reads no clock or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from kpiflow.core.appraising import GradeScale, Scorecard
from kpiflow.core.calendar import Calendar
from kpiflow.core.company import Profile, Role
from kpiflow.core.distributing import TargetDistribution
from kpiflow.core.metric import Metric
from kpiflow.core.phasing import Phasing
from kpiflow.core.status import StatusRule
from kpiflow.definitions.places import Spot
from kpiflow.definitions.sentences import sentence, unknown_field
from kpiflow.definitions.written import Written
from kpiflow.errors import Level, Problem
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg
from kpiflow.scoring.curves import Curve
from kpiflow.sources.live import AnySource


@dataclass(frozen=True)
class FactFile:
    """A file of definitions: `kind` as documents call it, the word over the list (None: the file is one item), the id."""

    kind: str
    file: str
    heading: str | None
    identity: str | None
    model: Any
    attribute: str


#: Every file of definitions, and where its content goes in the company.
FILES: tuple[FactFile, ...] = (
    FactFile("profile", "company.yaml", None, None, Profile, "profile"),
    FactFile("calendar", "calendar.yaml", None, None, Calendar, "calendar"),
    FactFile("metric", "metrics.yaml", "metrics", "metric", Metric, "metrics"),
    FactFile("curve", "curves.yaml", "curves", "curve", Curve, "curves"),
    FactFile("phasing", "phasings.yaml", "phasings", "phasing", Phasing, "phasings"),
    FactFile("status", "statuses.yaml", "statuses", None, StatusRule, "statuses"),
    FactFile("scorecard", "scorecards.yaml", "scorecards", "scorecard", Scorecard, "scorecards"),
    FactFile("grades", "grades.yaml", "grades", "scale", GradeScale, "grades"),
    FactFile(
        "distribution", "distributions.yaml", "distributions", "distribution", TargetDistribution, "distributions"
    ),
    FactFile("role", "roles.yaml", "roles", "role", Role, "roles"),
    FactFile("source", "sources.yaml", "sources", "source", AnySource, "sources"),
    FactFile("plan", "plans", None, "plan", Plan, "plans"),
)


@dataclass
class Found:
    """What was understood so far, by kind and id, where it was written, and what could not be understood."""

    values: dict[str, dict[str, Any]] = field(default_factory=lambda: {file.kind: {} for file in FILES})
    spots: dict[tuple[str, str], Spot] = field(default_factory=dict)
    declared: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def problem(self, path: str, line: int, message: Any) -> None:
        """Note an error at a line."""
        self.problems.append(Problem(path, line, Level.ERROR, message))


@cache
def adapter(kind: str) -> TypeAdapter[Any]:
    """Return what checks one item of a kind."""
    return TypeAdapter(next(file.model for file in FILES if file.kind == kind))


@cache
def item_schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema of one item of a kind."""
    return adapter(kind).json_schema(by_alias=True)


def take_items(file: FactFile, written: Written, path: str, found: Found) -> None:
    """Take what one file says into `found`: its list under the heading, or the file as one item."""
    if not isinstance(written.value, dict):
        found.unread.add(file.kind)
        found.problem(path, written.line, _heading_needed(file))
        return
    if file.heading is None:
        take_item(file, written, path, found)
        return
    for key, line in written.keys.items():
        if key != file.heading:
            found.unread.add(file.kind)
            found.problem(path, line, unknown_field(str(key), [file.heading]))
    items = written.parts.get(file.heading)
    if items is None or items.value is None:
        return
    if not isinstance(items.value, list):
        said = msg("'{field}' must be a list: lines beginning with '- ', or [a, b].", field=file.heading)
        found.unread.add(file.kind)
        found.problem(path, items.line, said)
        return
    for item in items.parts.values():
        take_item(file, item, path, found)


def _heading_needed(file: FactFile) -> Any:
    if file.heading is None:
        return msg("Fields with values are expected here, such as 'label: On-time rate'.")
    return msg("The file begins with '{heading}:' and then a list.", heading=file.heading)


def take_item(file: FactFile, item: Written, path: str, found: Found) -> None:
    """Take one definition into `found`, or its problems."""
    value, problems = validated(file.kind, item, path)
    found.problems += problems
    known = found.values[file.kind]
    name = _identity(file, item, len(known))
    if value is not None and file.identity is not None and not name:  # curves inside others need no id, these do
        found.problem(path, item.line, msg("'{field}' is missing here.", field=file.identity))
        return
    if value is None:
        found.declared.setdefault(file.kind, set()).add(name)
        return
    if name in known:
        first = found.spots[file.kind, name]
        said = msg(
            "'{name}' is defined twice; the first is at {path}:{line}.",
            name=name,
            path=first.path,
            line=str(first.written.line),
        )
        found.problem(path, item.line_of((file.identity,)), said)
        return
    known[name] = value
    found.spots[file.kind, name] = Spot(path, item)


def _identity(file: FactFile, item: Written, number: int) -> str:
    """Return the id a person wrote, or the number of an item that has none (the status rules)."""
    if file.identity is None:
        return "" if file.heading is None else str(number)
    part = item.parts.get(file.identity)
    return (part.text or "") if part is not None else ""


def validated(kind: str, item: Written, path: str) -> tuple[BaseModel | None, list[Problem]]:
    """Return the frozen model of one item, or every problem it has; what people write as 2026 may be meant as text."""
    value = item.value
    for _ in range(20):  # each round turns the numbers found where texts belong back into what was written
        try:
            return adapter(kind).validate_python(value), []
        except ValidationError as invalid:
            errors = invalid.errors(include_url=False)
        except (ArithmeticError, TypeError, ValueError, RecursionError) as unexpected:
            said = msg("This cannot be understood: {reason}.", reason=str(unexpected)[:200])
            return None, [Problem(path, item.line, Level.ERROR, said)]
        texts = [error for error in errors if error["type"] == "string_type" and _was_text(item, error["loc"])]
        if not texts:
            break
        for error in texts:
            value = _with_text(value, item, tuple(error["loc"]))
    schema = item_schema(kind)
    # Of the ways a union could be meant, the one that lists its words says most, so it speaks for the others.
    errors.sort(key=lambda error: error["type"] not in ("literal_error", "enum"))
    seen: dict[object, Problem] = {}
    for error in errors:
        loc = (*error["loc"], "kind") if error["type"] == "union_tag_invalid" else tuple(error["loc"])
        part = item.part(loc)
        key = (
            id(part) if part is not None and not part.parts else (item.line_of(loc), str(sentence(error, item, schema)))
        )
        seen.setdefault(key, Problem(path, item.line_of(loc), Level.ERROR, sentence(error, item, schema)))
    return None, list(seen.values())


def _was_text(item: Written, loc: tuple[int | str, ...]) -> bool:
    part = item.part(loc)
    return part is not None and part.text is not None and part.value is not None


def _with_text(value: Any, item: Written, loc: tuple[object, ...]) -> Any:
    """Return `value` with the text as written at `loc`; steps that are kinds of a union are passed over."""
    if not loc:
        return item.text
    step, below = loc[0], loc[1:]
    if step not in item.parts:
        return _with_text(value, item, below)
    if isinstance(value, Mapping):
        return {**value, step: _with_text(value[step], item.parts[step], below)}
    return [_with_text(one, item.parts[step], below) if number == step else one for number, one in enumerate(value)]
