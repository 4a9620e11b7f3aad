"""The list of letters somebody may see: who has signed, who has not, and whose goals are agreed but not yet in a letter."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.core.goal import Stage
from kpiflow.core.letter import LetterState
from kpiflow.storage.letters import letter_standings, letters_version
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import with_owner_names
from kpiflow.workspace.letters.answers import LetterList
from kpiflow.workspace.letters.contents import PROMISED, Source, source_of
from kpiflow.workspace.letters.reading import cycle_of
from kpiflow.workspace.letters.sight import sight

#: How many letters one page of the list shows.
PAGE = 25

_KEY = ["owner_kind", "owner"]


@dataclass(frozen=True)
class Wanted:
    """Which letters of the list are wanted: a state, a word in the owner's name, those below one unit, and which page."""

    state: LetterState | None = None
    word: str = ""
    kind: str | None = None
    mine: bool = False
    offset: int = 0
    limit: int = PAGE


EVERY = Wanted()


def letters(
    ws: Books, asker: Asker, cycle: str, as_of: datetime.date | None = None, wanted: Wanted = EVERY
) -> LetterList:
    """Return a page of the letters of a cycle that the person asking may see; raises NotFound for an unknown cycle."""
    period = cycle_of(ws, cycle, as_of).period
    every = standings(ws, period, as_of).filter(sight(ws, asker).rows())
    counted = dict(every.group_by("state").len().iter_rows())
    asked = every.filter(_wanted(asker, wanted)).sort("order", "owner_kind", "owner", descending=[False, True, False])
    agreed, proposed = (int(every[name].sum()) for name in ("goals", "waiting"))
    needed = every.filter(pl.col("goals") > 0)
    newest = pl.col("state") == LetterState.IN_FORCE.value
    in_force = needed.filter(newest).height
    return LetterList(
        cycle=period,
        rows=asked.slice(wanted.offset, wanted.limit).drop("order"),
        found=asked.height,
        total=every.height,
        counts={state: counted[state.value] for state in LetterState if state.value in counted},
        agreed=agreed / (agreed + proposed) if agreed + proposed else None,
        signed=in_force / needed.height if needed.height else None,
        held=every.filter(pl.col("in_force").is_not_null() & ~newest).height,
    )


def _wanted(asker: Asker, wanted: Wanted) -> pl.Expr:
    """Return the rows that are asked for."""
    fits = pl.lit(True)
    if wanted.state is not None:
        fits &= pl.col("state") == wanted.state.value
    if wanted.kind is not None:
        fits &= pl.col("owner_kind") == wanted.kind
    if wanted.mine:
        fits &= awaits(asker)
    word = wanted.word.strip().casefold()
    if word:
        names = [
            pl.col(name).fill_null("").str.to_lowercase() for name in ("owner", "label", "label_zh", "signer_label")
        ]
        fits &= pl.any_horizontal(name.str.contains(word, literal=True) for name in names)
    return fits


def awaits(asker: Asker) -> pl.Expr:
    """Return whether a letter waits for the signature of the person asking."""
    if asker.person is None:
        return pl.lit(False)
    drawn = pl.col("version").is_not_null()
    own = (pl.col("signer") == asker.person) & pl.col("owner_at").is_null()
    above = (pl.col("manager") == asker.person) & pl.col("manager_at").is_null()
    return (drawn & (own | above)).fill_null(False)


def standings(ws: Books, cycle: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return one row per owner of goals in a cycle, with how the letter stands; the columns of `LetterList.rows`."""
    day = ws.believed(as_of)
    with ws.store.read() as cursor:
        known = letters_version(cursor, day)
    return ws.kept(("letters", cycle, known, ws.versions(as_of)), lambda: _standings(ws, cycle, as_of))


def _standings(ws: Books, cycle: str, as_of: datetime.date | None) -> pl.DataFrame:
    company, day = ws.company(as_of), ws.believed(as_of)
    source = source_of(ws, company.calendar.periods[cycle], as_of)
    with ws.store.read() as cursor:
        drawn = letter_standings(cursor, cycle, day).drop("cycle")
    goals = company.goals.filter(pl.col("cycle") == cycle, pl.col("stage").cast(pl.String) != Stage.DRAFT.value)
    owned = goals.group_by(pl.col("owner_kind").cast(pl.String), "owner").agg(
        goals=pl.col("stage").cast(pl.String).is_in(PROMISED).sum(),
        waiting=(pl.col("stage").cast(pl.String) == Stage.PROPOSED.value).sum(),
    )
    owners = pl.concat([owned.select(_KEY), drawn.select(_KEY)]).unique().join(owned, on=_KEY, how="left")
    parties = source.parties.select(*_KEY, would_sign="signer", would_manage="manager")
    rows = owners.join(drawn, on=_KEY, how="left").join(parties, on=_KEY, how="left")
    there = pl.col("version").is_not_null()
    rows = rows.with_columns(
        pl.col("goals", "waiting").fill_null(0),
        signer=pl.when(there).then("signer").otherwise("would_sign"),
        manager=pl.when(there).then("manager").otherwise("would_manage"),
    ).drop("would_sign", "would_manage")
    rows = rows.with_columns(state=_state()).with_columns(order=pl.col("state").replace_strict(_ORDER, default=9))
    return _with_names(rows, source)


def _state() -> pl.Expr:
    """Return how far the newest version of each letter has come."""
    owner, manager = pl.col("owner_at").is_not_null(), pl.col("manager_at").is_not_null()
    return (
        pl.when(pl.col("version").is_null()).then(pl.lit(LetterState.NONE.value))
        .when(owner & (manager | pl.col("manager").is_null())).then(pl.lit(LetterState.IN_FORCE.value))
        .when(owner).then(pl.lit(LetterState.SIGNED_BY_OWNER.value))
        .when(manager).then(pl.lit(LetterState.SIGNED_BY_MANAGER.value))
        .otherwise(pl.lit(LetterState.DRAWN_UP.value))
    )  # fmt: skip


#: What needs somebody's hand comes first.
_ORDER = {
    LetterState.NONE.value: 0,
    LetterState.DRAWN_UP.value: 1,
    LetterState.SIGNED_BY_MANAGER.value: 2,
    LetterState.SIGNED_BY_OWNER.value: 3,
    LetterState.IN_FORCE.value: 4,
}


def _with_names(rows: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Add what the owner and both who sign are called."""
    named = with_owner_names(rows, source.company).rename({"owner_label": "label", "owner_label_zh": "label_zh"})
    people = source.company.people
    for side in ("signer", "manager"):
        names = people.select(pl.col("person").alias(side), pl.col("label", "label_zh").name.prefix(f"{side}_"))
        named = named.join(names, on=side, how="left", maintain_order="left")
    return named
