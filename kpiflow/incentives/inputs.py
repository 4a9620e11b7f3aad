"""What a plan may know of a payee, by name, such as salary_month, grade, score:EWR, points:GOAL or count:METRIC.

`carried:COMPONENT` is the money that component kept when the plan was last run for good: what its column `<id>_left`
held then (a bank, a debt, an excess withheld). Without an earlier run it is absent, which counts as 0.

A plan with `segments: true` gets one row per person and dated segment: `segment` (1, 2, …), `segment_from` and
`segment_to` are its own, and so are salary_month, bonus_share, role, unit, fte and days_employed (the days of the
segment); every other input stands the same on each row of a person. For any other plan there is one row per person, and
`segment_from` and `segment_to` are the first and the last day employed within the period.

Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpiflow.incentives.kinds import Kind

#: What is known of every payee, without anything to look up. Days are counted inclusively.
PERSON: dict[str, Kind] = {
    "salary_month": Kind.MONEY,
    "bonus_share": Kind.RATIO,
    "score": Kind.POINTS,  # the person's appraisal score for the period
    "grade": Kind.TEXT,  # and grade
    "coverage": Kind.RATIO,
    "role": Kind.TEXT,
    "unit": Kind.TEXT,
    "fte": Kind.RATIO,
    "hired": Kind.DATE,
    "left": Kind.DATE,
    "days_employed": Kind.DAYS,  # days employed within the period
    "days_in_period": Kind.DAYS,
    "days_in_year": Kind.DAYS,  # days of the planning year the period lies in
    "segment": Kind.COUNT,  # which of the person's segments the row is for, from 1
    "segment_from": Kind.DATE,  # first and last day employed within the period, or of the segment
    "segment_to": Kind.DATE,
}

#: What `word:name` means. After score, coverage: a unit or person; points, attainment, actual: a goal; count, amount: a metric;
#: carried: a component of the plan.
LOOKED_UP: dict[str, Kind] = {
    "score": Kind.POINTS,
    "coverage": Kind.RATIO,
    "points": Kind.POINTS,
    "attainment": Kind.RATIO,
    "actual": Kind.NUMBER,
    "count": Kind.COUNT,
    "amount": Kind.MONEY,
    "carried": Kind.MONEY,
}


@dataclass(frozen=True)
class Wanted:
    """One input a plan reads: the column `name` of the payees, made of `word` and, for looked-up ones, `of`.

    `of` is a unit, person, goal or metric id; `@unit` is the payee's own unit, `@department` the nearest unit of that
    kind from the payee's own unit up. `declared` marks a column the plan itself declares under `inputs`.
    """

    name: str
    word: str
    of: str | None
    kind: Kind
    declared: bool = False


def wanted(name: str, declared: Mapping[str, Kind]) -> Wanted | None:
    """Return what an input name asks for, or None when no input is called that.

    >>> wanted("points:ewr-ontime", {})
    Wanted(name='points:ewr-ontime', word='points', of='ewr-ontime', kind=<Kind.POINTS: 'points'>, declared=False)
    """
    if name in declared:
        return Wanted(name, name, None, declared[name], declared=True)
    if name in PERSON:
        return Wanted(name, name, None, PERSON[name])
    word, colon, of = name.partition(":")
    if colon and of and word in LOOKED_UP:
        return Wanted(name, word, of, LOOKED_UP[word])
    return None


def input_names(declared: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """Return every name worth offering as the nearest word: the payee's own, the declared ones and the company's."""
    return [*PERSON, *declared, *known, *(f"{word}:" for word in LOOKED_UP)]


def company_inputs(
    units: Iterable[str], unit_kinds: Iterable[str], goals: Iterable[str], metrics: Iterable[str]
) -> set[str]:
    """Return every looked-up input a company can supply; `unit_kinds` are its own words, such as department."""
    places = [*units, "@unit", *(f"@{kind}" for kind in unit_kinds)]
    named = {f"{word}:{place}" for word in ("score", "coverage") for place in places}
    named |= {f"{word}:{goal}" for goal in goals for word in ("points", "attainment", "actual")}
    return named | {f"{word}:{metric}" for metric in metrics for word in ("count", "amount")}
