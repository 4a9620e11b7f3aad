"""Everything that is referred to exists: metrics, curves, phasings, parents, owners, units, people, roles, periods.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from kpiflow.core.goal import Accrual
from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import InvalidInput, Level, Problem
from kpiflow.language import Message, msg
from kpiflow.scoring.attainment import CONVENTIONS
from kpiflow.scoring.formulas import names_in
from kpiflow.scoring.missing import BY_NAME


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for each reference to something the company does not have."""
    yield from _in_tables(company, places)
    yield from _owners(company, places)
    yield from _in_definitions(company, places)


def _in_tables(company: Company, places: Places) -> Iterator[Problem]:
    units, people = company.units["unit"].to_list(), company.people["person"].to_list()
    goals = company.goals["goal"].to_list()
    roles = places.known("role", company.roles)
    references: list[tuple[str, str, Message, Iterable[str], str]] = [
        ("units", "parent", msg("unit"), units, "units"),
        ("assignments", "person", msg("person"), people, "people"),
        ("assignments", "unit", msg("unit"), units, "units"),
        ("assignments", "manager", msg("person"), people, "people"),
        ("goals", "parent", msg("goal"), goals, "goals"),
        ("goals", "supports", msg("goal"), goals, "goals"),
        ("goals", "cycle", msg("cycle"), [cycle.cycle for cycle in company.calendar.cycles], "calendar"),
        ("goals", "metric", msg("metric"), places.known("metric", company.metrics), "metric"),
        ("goals", "curve", msg("curve"), places.known("curve", company.curves), "curve"),
        ("goals", "phasing", msg("phasing"), places.known("phasing", company.phasings), "phasing"),
        ("goals", "attainment", msg("attainment convention"), CONVENTIONS, ""),
        ("goals", "accrual", msg("accrual"), [one.value for one in Accrual], ""),
        ("goals", "missing", msg("missing-data policy"), BY_NAME, ""),
        ("targets", "goal", msg("goal"), goals, "goals"),
        ("targets", "period", msg("period"), company.calendar.periods, "calendar"),
        ("salaries", "person", msg("person"), people, "people"),
        ("inputs", "person", msg("person"), people, "people"),
        ("groups", "person", msg("person"), people, "people"),
        ("inputs", "period", msg("period"), company.calendar.periods, "calendar"),
    ]
    if company.roles:
        references.append(("assignments", "role", msg("role"), roles, "role"))
    for table, column, what, known, kind in references:
        if kind in places.unread:
            continue
        frame, words = places.table(company, table), list(known)
        there = pl.Series(words, dtype=pl.String).implode()
        bad = frame.filter(pl.col(column).is_not_null() & (pl.col(column) != "") & ~pl.col(column).is_in(there))
        yield from places.listed(
            bad,
            column,
            Level.ERROR,
            lambda row, column=column, what=what, words=words: unknown(what, row[column], words),
        )


def _owners(company: Company, places: Places) -> Iterator[Problem]:
    there = {"unit": company.units["unit"].implode(), "person": company.people["person"].implode()}
    what = {"unit": msg("unit"), "person": msg("person")}
    words = [*company.units["unit"], *company.people["person"]]
    goals = places.table(company, "goals")
    if places.unread & {"units", "people"}:
        return
    for column in ("owner", "scope"):
        for kind, known in there.items():
            bad = goals.filter(
                (pl.col(f"{column}_kind") == kind) & (pl.col(column) != "") & ~pl.col(column).is_in(known)
            )
            if column == "scope":
                bad = bad.filter(pl.col("scope") != pl.col("owner"))  # the owner's own line says it already
            yield from places.listed(
                bad, column, Level.ERROR, lambda row, column=column, kind=kind: unknown(what[kind], row[column], words)
            )


def _in_definitions(company: Company, places: Places) -> Iterator[Problem]:
    metrics, roles = places.known("metric", company.metrics), places.known("role", company.roles)
    grades = places.known("grades", company.grades)
    for name, card in company.scorecards.items():
        for number, role in enumerate(card.roles):
            if role not in roles and company.roles and "role" not in places.unread:
                yield places.problem(
                    "scorecard", name, ("roles", number), Level.ERROR, unknown(msg("role"), role, roles)
                )
        if card.grades not in grades and "grades" not in places.unread:
            said = unknown(msg("grade scale"), card.grades, grades)
            yield places.problem("scorecard", name, ("grades",), Level.ERROR, said)
        for number, section in enumerate(card.sections):
            for place, metric in enumerate(section.metrics):
                if metric not in metrics and "metric" not in places.unread:
                    loc = ("sections", number, "metrics", place)
                    yield places.problem("scorecard", name, loc, Level.ERROR, unknown(msg("metric"), metric, metrics))
    for name, definition in company.metrics.items():
        try:
            words = names_in(definition.formula) if definition.formula is not None else ()
        except InvalidInput as error:
            yield places.problem("metric", name, ("formula",), Level.ERROR, error.message)
            continue
        for word in words:
            if word not in metrics and "metric" not in places.unread:
                said = unknown(msg("metric"), word, [one for one in metrics if one != name])
                yield places.problem("metric", name, ("formula",), Level.ERROR, said)
