"""What of a company can be tried otherwise, for faces that offer it: the numbers of a plan, its curves, sections and grades."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.core.fact import Named
from kpiflow.definitions.plain import plain
from kpiflow.errors import not_found
from kpiflow.incentives.plan import Plan
from kpiflow.language import Name, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.scenarios.answers import Parameter, Tryable
from kpiflow.workspace.scenarios.fields_said import field_said
from kpiflow.workspace.scenarios.shelf import MAKE

#: Fields of a component that name or describe it.
NOT_VALUES = ("id", "kind", "label", "label_zh", "rounding")

#: Units are offered from the top down, and no more than this: deeper ones are written by id.
UNITS = 400


def tryable(ws: Books, asker: Asker, as_of: datetime.date | None) -> Tryable:
    """Return what can be tried otherwise; kept until the plan changes. Raises Refused."""
    ws.may(asker, MAKE).require()
    return ws.kept(("tryable", ws.versions(as_of)), lambda: _tryable(ws, as_of))


def _tryable(ws: Books, as_of: datetime.date | None) -> Tryable:
    company = ws.company(as_of)
    depth = ws.unit_tree(as_of).group_by("unit").agg(depth=pl.col("up").max())
    units = company.units.join(depth, on="unit").sort("depth", "unit").head(UNITS).select("unit", "label", "label_zh")
    used = set(company.goals["metric"].drop_nulls().unique())
    return Tryable(
        metrics=tuple((name, Name(one.label, one.label_zh)) for name, one in company.metrics.items() if name in used),
        units=tuple((unit, Name(label, chinese)) for unit, label, chinese in units.iter_rows()),
        plans=tuple((name, Name(one.label, one.label_zh)) for name, one in company.plans.items()),
        curves=tuple((name, Name(one.label or name, one.label_zh), plain(one)) for name, one in company.curves.items()),
        sections=tuple(
            (name, part.section, _beside(card, part), float(part.weight))
            for name, card in company.scorecards.items() for part in card.sections
        ),
        grades=tuple(
            (name, band.grade, Name(f"{scale.label} · {band.grade}", f"{scale.label_zh or scale.label} · {band.grade}"),
             float(band.at_least))
            for name, scale in company.grades.items() for band in scale.bands if band.at_least is not None
        ),
    )  # fmt: skip


def _beside(card: Named, part: Named) -> Name:
    """Return the name of a part beside that of what it is a part of."""
    chinese = f"{card.label_zh or card.label} · {part.label_zh or part.label}"
    return Name(f"{card.label} · {part.label}", chinese)


def parameters(ws: Books, asker: Asker, plan: str) -> tuple[Parameter, ...]:
    """Return every number of a plan that can be tried otherwise, in the order of its components; raises NotFound."""
    ws.may(asker, MAKE).require()
    plans = ws.company().plans
    if plan not in plans:
        raise not_found(msg("plan"), plan, plans)
    return tuple(_parameters(plans[plan]))


def _parameters(plan: Plan) -> Iterator[Parameter]:
    for component in plan.components:
        for way, value in numbers(plain(component)):
            yield Parameter(f"{component.id}.{way}", component.named, field_said(way), value)


def numbers(value: Any, way: str = "") -> Iterator[tuple[str, int | float]]:
    """Yield every number below with the way to it, such as rows.0.gives; what is written as a share is a number, too."""
    if isinstance(value, dict):
        for key, one in value.items():
            if way or key not in NOT_VALUES:
                yield from numbers(one, f"{way}.{key}" if way else str(key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from numbers(one, f"{way}.{place}")
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        yield way, value if isinstance(value, int | float) else float(value)
