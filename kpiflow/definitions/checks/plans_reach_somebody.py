"""Every incentive plan pays somebody, and every scorecard scores somebody.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.definitions.checks.finding import inside, unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for words of `who` that do not exist, a warning for plans and scorecards that nobody fits."""
    if places.unread & {"units", "people", "assignments", "role", "grades"}:
        return
    held = set(company.assignments["role"].unique())
    for name, card in company.scorecards.items():
        if not held & set(card.roles):
            said = msg("Nobody holds a role of scorecard '{name}', so it scores nobody.", name=name)
            yield places.problem("scorecard", name, ("roles",), Level.WARNING, said)
    above = inside(company)
    for name, plan in company.plans.items():
        strange = list(_unknown_words(company, places, name, plan))
        yield from strange
        if not strange and _reached(company, plan, above).is_empty():
            said = msg(
                "Nobody fits who plan '{name}' is for, from its first day to its last: it pays nobody.", name=name
            )
            yield places.problem("plan", name, ("who",), Level.WARNING, said)


def _unknown_words(company: Company, places: Places, name: str, plan: Plan) -> Iterator[Problem]:
    grades = [band.grade for scale in company.grades.values() for band in scale.bands]
    known = {
        "roles": (
            msg("role"),
            plan.who.roles,
            places.known("role", company.roles) if company.roles else plan.who.roles,
        ),
        "units": (msg("unit"), plan.who.units, company.units["unit"].to_list()),
        "grades": (msg("grade"), plan.who.grades, grades),
    }
    for field, (what, words, there) in known.items():
        for number, word in enumerate(words):
            if word not in there:
                yield places.problem("plan", name, ("who", field, number), Level.ERROR, unknown(what, word, there))


def _reached(company: Company, plan: Plan, above: pl.DataFrame) -> pl.DataFrame:
    """Return the assignments that fit a plan while it is valid; grades are not known before there are results."""
    during = (pl.col("ends").is_null() | (pl.col("ends") >= plan.starts)) & (
        (pl.col("starts") <= plan.ends) if plan.ends is not None else pl.lit(value=True)
    )
    found = company.assignments.filter(during)
    if plan.who.roles:
        found = found.filter(pl.col("role").is_in(list(plan.who.roles)))
    if plan.who.units:
        below = above.filter((pl.col("scope_kind") == "unit") & pl.col("within").is_in(list(plan.who.units)))
        found = found.filter(pl.col("unit").is_in(below["scope"].unique().implode()))
    return found
