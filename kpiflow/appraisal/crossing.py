"""Cross-indicator rules: where one indicator misses its base points, others count at most theirs.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from kpiflow.appraisal.sheet import Sheets, counted_goals
from kpiflow.appraisal.steps import StepKind, steps
from kpiflow.core.appraising import Scorecard
from kpiflow.core.ruling import Cross, Part

#: What a goal or section earns at its target where nothing else is said.
FULL = 100.0

#: Scores some people's goals again: results and the numbers (`nr`) of the people.
Again = Callable[[pl.DataFrame, pl.Series], Sheets]


@dataclass(frozen=True, eq=False)
class Crossed:
    """What is left after the rules: sheets, the points that were held (person, goal, points), and the steps.

    `without` are the people to whom the coefficient does not apply any more, with the `rule` that says so.
    """

    sheets: Sheets
    held: pl.DataFrame
    steps: tuple[pl.DataFrame, ...]
    without: pl.DataFrame


@dataclass(frozen=True, eq=False)
class _Caps:
    """What one rule holds: goals (nr, goal, cap) and sections (nr, section, cap) of the people (nr) it was true of."""

    rule: Cross
    missed: pl.DataFrame
    goals: pl.DataFrame
    sections: pl.DataFrame


def crosses(scorecards: Mapping[str, Scorecard]) -> bool:
    """Return whether any scorecard has such a rule."""
    return any(card.cross for card in scorecards.values())


def crossed(results: pl.DataFrame, sheets: Sheets, scorecards: Mapping[str, Scorecard], again: Again) -> Crossed:
    """Return everybody's sheets after the cross rules of their scorecard, taken in the order they are written.

    Whether an indicator missed is asked before any rule changed anything. A goal's base is what meeting its target
    earns; a section's is what its goals would earn so.
    """
    held = pl.DataFrame(schema={"person": pl.String, "nr": pl.UInt32, "goal": pl.String, "points": pl.Float64})
    without = pl.DataFrame(schema={"person": pl.String, "rule": pl.String})
    limits = pl.DataFrame(schema={"nr": pl.UInt32, "section": pl.String, "cap": pl.Float64})
    said = []
    for found in list(_found(results, sheets, scorecards, again)):
        held = _held(pl.concat([held, found.goals.join(sheets.people.select("nr", "person"), on="nr").select(
            "person", "nr", "goal", points=pl.min_horizontal("points", "cap"))]))  # fmt: skip
        limits = pl.concat([limits, found.sections.select(limits.columns)])
        before = sheets.people.join(found.missed, on="nr", how="semi").select("nr", "person", before="score")
        mine = held.join(found.missed, on="nr", how="semi")
        changed = again(_with_points(results, mine, before["person"]), before["nr"])
        sheets = _in_place(sheets, _limited(changed, limits))
        after = before.join(sheets.people.select("nr", after="score"), on="nr", maintain_order="left")
        said.append(
            steps(after, StepKind.CROSS, rule=pl.lit(found.rule.rule), before=pl.col("before"), after=pl.col("after"))
        )
        if found.rule.without_coefficient:
            without = pl.concat([without, after.select("person", rule=pl.lit(found.rule.rule))])
    return Crossed(sheets, held.drop("nr"), tuple(said), without.unique("person", keep="first"))


def _found(results: pl.DataFrame, sheets: Sheets, scorecards: Mapping[str, Scorecard], again: Again) -> Iterator[_Caps]:
    """Yield each rule that is true of somebody, with what it holds."""
    ruled = [name for name, card in scorecards.items() if card.cross]
    on = sheets.people.filter(pl.col("scorecard").is_in(ruled), pl.col("score").is_not_null()).select(
        "nr", "person", "scorecard"
    )
    mine = results.filter(pl.col("owner").is_in(on["person"].implode()))
    base = pl.coalesce("target_points", pl.lit(FULL))
    goals = counted_goals(mine, "target_points").join(on.rename({"person": "owner"}), on="owner").filter(
        pl.col("points").is_not_null()
    ).with_columns(base=base)  # fmt: skip
    at_base = again(mine.with_columns(points=pl.when(pl.col("points").is_not_null()).then(base)), on["nr"])
    sections = (
        sheets.sections.join(on.select("nr", "scorecard"), on="nr")
        .join(
            at_base.sections.filter(pl.col("goals") > 0).select("nr", "section", base="score"),
            on=["nr", "section"],
            how="left",
        )
        .with_columns(pl.col("base").fill_null(FULL))
        .filter(pl.col("score").is_not_null())
    )
    for name in ruled:
        for rule in scorecards[name].cross:
            found = _caps(rule, goals.filter(pl.col("scorecard") == name), sections.filter(pl.col("scorecard") == name))
            if found.missed.height:
                yield found


def _caps(rule: Cross, goals: pl.DataFrame, sections: pl.DataFrame) -> _Caps:
    """Return whom a rule is true of, and what it holds at base."""
    rows, number = (goals, "points") if rule.if_missed.metrics else (sections, "score")
    base = pl.col("base") if rule.base is None else pl.lit(float(rule.base))
    missed = rows.filter(_in(rule.if_missed), pl.col(number).round(10) < base.round(10)).select("nr").unique()
    others, everything = rule.others, rule.others is None
    by_goals = others.metrics if others else rule.if_missed.metrics
    held, limited = goals.clear(), sections.clear()
    if by_goals:
        held = goals.join(missed, on="nr", how="semi")
        held = held if everything else held.filter(pl.col("metric").is_in(list(by_goals)))
    else:
        limited = sections.join(missed, on="nr", how="semi")
        named = list(rule.if_missed.sections if everything else others.sections if others else ())
        limited = limited.filter(pl.col("section").is_in(named) ^ pl.lit(everything))
    # Whatever missed its own base is below it, so that it scores as it does.
    return _Caps(
        rule, missed, held.select("nr", "goal", "points", cap="base"), limited.select("nr", "section", cap="base")
    )


def _in(part: Part) -> pl.Expr:
    column, named = ("metric", part.metrics) if part.metrics else ("section", part.sections)
    return pl.col(column).is_in(list(named)).fill_null(value=False)


def _held(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each goal once, with the least points it was held at."""
    return rows.group_by("person", "nr", "goal", maintain_order=True).agg(pl.col("points").min())


def _with_points(results: pl.DataFrame, held: pl.DataFrame, people: pl.Series) -> pl.DataFrame:
    """Return the results of some people with the points their goals are held at."""
    caps = held.select("goal", owner="person", held="points")
    mine = results.filter(pl.col("owner").is_in(people.implode()))
    joined = mine.join(caps, on=["goal", "owner"], how="left", maintain_order="left")
    return joined.with_columns(points=pl.coalesce("held", "points")).drop("held")


def _limited(sheets: Sheets, limits: pl.DataFrame) -> Sheets:
    """Return sheets in which no section is above its limit."""
    if limits.is_empty():
        return sheets
    least = limits.group_by("nr", "section").agg(pl.col("cap").min())
    sections = sheets.sections.join(least, on=["nr", "section"], how="left", maintain_order="left").with_columns(
        score=pl.when(pl.col("score") > pl.col("cap")).then("cap").otherwise("score")
    )
    sections = sections.with_columns(contribution=pl.col("score").fill_null(0.0) * pl.col("share")).drop("cap")
    sums = sections.group_by("nr").agg(summed=pl.col("contribution").sum().round(10))
    people = sheets.people.join(sums, on="nr", how="left", maintain_order="left")
    return Sheets(
        people.with_columns(score=pl.when(pl.col("score").is_not_null()).then("summed")).drop("summed"), sections
    )


def _in_place(sheets: Sheets, changed: Sheets) -> Sheets:
    """Return sheets with some people's replaced, in the same order."""

    def replaced(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        kept = old.join(new.select("nr").unique(), on="nr", how="anti")
        return pl.concat([kept, new.select(old.columns)]).sort("nr", maintain_order=True)

    return Sheets(replaced(sheets.people, changed.people), replaced(sheets.sections, changed.sections))
