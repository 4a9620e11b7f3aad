"""What letters ask of somebody: to sign those that wait for them, and to draw up those whose goals are agreed."""

import datetime

import polars as pl

from kpiflow.core.letter import LetterState
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.duty import Duty, DutyKind
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.letters.listing import awaits, standings
from kpiflow.workspace.letters.parties import SIGNS
from kpiflow.workspace.letters.rights import DRAWS_UP
from kpiflow.workspace.letters.sight import sight


def letter_duties(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the letters that wait for the person asking: one line each to sign, one line for all to draw up."""
    if asker.machine or ws.is_empty():
        return []
    cycle = ws.default_period(as_of)
    rows = standings(ws, cycle, as_of).filter(sight(ws, asker).rows())
    return [*_to_sign(rows.filter(awaits(asker)), cycle), *_to_draw_up(ws, asker, rows, cycle)]


def _to_sign(rows: pl.DataFrame, cycle: str) -> list[Duty]:
    if rows.is_empty():
        return []
    since = min(at.date() for at in rows["drawn_at"])
    if rows.height > 1:
        said = msg("{count} {count:letter waits|letters wait} for your signature.", count=rows.height)
        return [Duty(DutyKind.SIGN, said, "letters", since, rows.height, {"period": cycle, "state": "mine"})]
    row = rows.row(0, named=True)
    said = msg("The letter of {owner} waits for your signature.", owner=name_of(row))
    return [Duty(DutyKind.SIGN, said, "letters", since, 1, {"period": cycle, row["owner_kind"]: row["owner"]})]


def _to_draw_up(ws: Books, asker: Asker, rows: pl.DataFrame, cycle: str) -> list[Duty]:
    """Return one line for the letters that a head draws up: of those who report to them and have agreed goals."""
    if not ws.may(asker, DRAWS_UP).allowed:
        return []
    mine = rows.filter(
        pl.col("state") == LetterState.NONE.value,
        pl.col("goals") > 0,
        pl.col("waiting") == 0,
        pl.col("signer").is_not_null(),
    )
    if ws.may(asker, SIGNS).allowed:
        # Whoever signs draws up for those who answer to them; HR, who signs nothing, for everybody.
        mine = mine.filter(pl.col("manager") == asker.person)
    if mine.is_empty():
        return []
    said = msg("{count} {count:letter|letters} can be drawn up: all goals are agreed.", count=mine.height)
    choices = {"period": cycle, "state": LetterState.NONE.value}
    return [Duty(DutyKind.DRAW_UP, said, "letters", None, mine.height, choices)]
