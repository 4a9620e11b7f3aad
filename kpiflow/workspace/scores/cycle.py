"""Where the cycle stands: goals agreed, letters signed, people appraised, and whoever holds things up."""

import datetime

import polars as pl

from kpiflow.core.goal import OwnerKind, Stage
from kpiflow.core.letter import LetterState
from kpiflow.core.proposal import OPEN
from kpiflow.language import msg
from kpiflow.scoring.moment import Moment
from kpiflow.storage.proposals import proposals_version, read_lines
from kpiflow.workspace.books import Books
from kpiflow.workspace.scores.answers import Cycle, Step

#: How many of those who are late are named.
NAMED = 12

#: Stages of a goal that its owner has agreed to.
_AGREED = (Stage.AGREED.value, Stage.ACTIVE.value, Stage.CLOSED.value)


def cycle_stands(ws: Books, rows: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> Cycle:
    """Return where the cycle stands for some people: rows of the table of scores."""
    sheets = rows.join(_goals(ws, moment.cycle.period, as_of), on="person", how="left", maintain_order="left")
    signed = pl.col("letter") == LetterState.IN_FORCE.value
    to_do = pl.col("goals") > 0
    totals = sheets.select(
        goals=pl.col("written").fill_null(0).sum(), open=pl.col("open").fill_null(0).sum(), appraised=pl.col("score").count(),
        people=to_do.sum(),
        scorable=(to_do | pl.col("score").is_not_null()).sum(), letters=(to_do & signed.fill_null(value=False)).sum(),
        coverage=pl.col("coverage").mean(),
    ).row(0, named=True)  # fmt: skip
    late = sheets.select(
        "person", "label", "label_zh", "unit_label", "unit_label_zh",
        goals=pl.col("open").fill_null(0) > 0, letter=(pl.col("letter").is_not_null() & ~signed).fill_null(value=False),
        data=to_do & pl.col("score").is_null(),
    ).filter(pl.any_horizontal("goals", "letter", "data"))  # fmt: skip
    steps = (
        Step(msg("Goals agreed"), totals["goals"] - totals["open"], totals["goals"]),
        Step(msg("Letters signed"), totals["letters"], totals["people"], msg("of the people with goals")),
        Step(msg("Appraised"), totals["appraised"], totals["scorable"], msg("of the people with goals or ratings")),
    )
    waits = pl.col("goals").cast(pl.Int8) + pl.col("letter").cast(pl.Int8) + pl.col("data").cast(pl.Int8)
    return Cycle(
        steps, totals["coverage"], late.sort(waits, "person", descending=[True, False]).head(NAMED), late.height
    )


def _goals(ws: Books, cycle: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return person, written (goals of the cycle, agreed or not) and open (those not agreed); cached."""
    key = ("agreed goals", cycle, ws.versions(as_of), proposals_version(ws.store))
    return ws.kept(key, lambda: _counted(ws, cycle, as_of))


def _counted(ws: Books, cycle: str, as_of: datetime.date | None) -> pl.DataFrame:
    mine = ws.company(as_of).goals.filter(
        pl.col("owner_kind").cast(pl.String) == OwnerKind.PERSON.value, pl.col("cycle") == cycle
    )
    lines = read_lines(ws.store, as_of=ws.believed(as_of))
    asked = lines.filter(pl.col("state").is_in(sorted(OPEN)))
    waits = ~pl.col("stage").cast(pl.String).is_in(_AGREED) | pl.col("goal").is_in(asked["goal"].implode())
    return mine.group_by(person="owner").agg(written=pl.len().cast(pl.Int64), open=waits.sum().cast(pl.Int64))
