"""What was paid, as lists: amounts and statement lines of runs that were final by a day, of those whose pay may be read."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.errors import NotFound
from kpiflow.language import msg
from kpiflow.storage.pay_runs import MONEY, read_part, read_runs
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.lists.part import FIRST, Listed, Part, picked, sight_of
from kpiflow.workspace.pay_runs.answers import Paid, RunState
from kpiflow.workspace.pay_runs.paid import paid
from kpiflow.workspace.pay_runs.stored import amounts, seen


@dataclass(frozen=True)
class PayWanted:
    """A filter on what was paid; absent leaves that side free."""

    period: str | None = None
    plan: str | None = None
    person: str | None = None
    run: int | None = None


ALL = PayWanted()

#: What a list says of the run that a row belongs to.
_RUN = ("run", "plan", "period", "currency", "known_by", "final_at", "approved_by")

#: The columns of the amounts and of the lines, beside those of the run.
AMOUNTS = {
    "person": pl.String,
    "unit": pl.String,
    "role": pl.String,
    "amount": MONEY,
    "adjustment": MONEY,
    "payable": MONEY,
}
LINES = {"person": pl.String, "line": pl.Int32, "segment": pl.Int32, "component": pl.String, "kind": pl.String,
         "value": MONEY, "amount": MONEY}  # fmt: skip


def finals(ws: Books, as_of: datetime.date | None, wanted: PayWanted = ALL) -> pl.DataFrame:
    """Return the runs that were final by a day and fit, the newest first; raises NotFound for an unknown period."""
    if wanted.period is not None:
        ws.moment(wanted.period, as_of)
    runs = read_runs(ws.store, ws.believed(as_of)).filter(pl.col("state") == RunState.FINAL.value)
    for name in ("period", "plan", "run"):
        word = getattr(wanted, name)
        if word is not None:
            runs = runs.filter(pl.col(name) == word)
    return runs.rename({"at": "final_at"}).select(_RUN).sort("run", descending=True)


def statements(
    ws: Books, asker: Asker, as_of: datetime.date | None = None, wanted: PayWanted = ALL, *, part: Part = FIRST
) -> Listed:
    """Return what final runs paid each person whose pay may be read: run, plan, period, currency and `AMOUNTS`."""
    ws.may(asker, "read_pay").require()
    runs = finals(ws, as_of, wanted)
    frames = [
        amounts(ws, run["run"]).select(list(AMOUNTS)).with_columns(pl.lit(run["run"], pl.Int64).alias("run"))
        for run in runs.iter_rows(named=True)
    ]
    return _listed(ws, asker, ("amounts", frames, AMOUNTS), runs, wanted, part=part)


def statement_lines(
    ws: Books, asker: Asker, as_of: datetime.date | None = None, wanted: PayWanted = ALL, *, part: Part = FIRST
) -> Listed:
    """Return the numbered lines of the same statements: run, plan, period, currency and `LINES`."""
    ws.may(asker, "read_pay").require()
    runs = finals(ws, as_of, wanted)
    frames = [_lines(ws, run["run"]) for run in runs.iter_rows(named=True)]
    return _listed(ws, asker, ("lines", frames, LINES), runs, wanted, part=part)


def _lines(ws: Books, run: int) -> pl.DataFrame:
    """Return every line of a run; kept, because a run never changes."""

    def make() -> pl.DataFrame:
        found = (
            read_part(ws.store, "pay_line", run).select(list(LINES)).sort("person", "line", "segment", nulls_last=True)
        )
        return found.with_columns(pl.lit(run, pl.Int64).alias("run"))

    return ws.kept(("pay lines", run), make)


def _listed(
    ws: Books,
    asker: Asker,
    what: tuple[str, list[pl.DataFrame], dict],
    runs: pl.DataFrame,
    wanted: PayWanted,
    *,
    part: Part,
) -> Listed:
    """Return a part of the rows of some runs that may be read, with what there is to say of each run."""
    name, frames, schema = what
    rows = pl.concat(frames) if frames else pl.DataFrame(schema={**schema, "run": pl.Int64})

    def choose(numbered: pl.DataFrame) -> pl.DataFrame:
        narrow = seen(ws, asker, numbered.select("at", "person"))
        return narrow if wanted.person is None else narrow.filter(pl.col("person") == wanted.person)

    key = ("pay", name, tuple(runs["run"]), sight_of(ws.reach(asker, Topic.PAY)), wanted)
    found = picked(ws, key, rows, choose, part)
    beside = found.rows.join(
        runs.with_columns(pl.col("run").cast(pl.Int64)), on="run", how="left", maintain_order="left"
    )
    return Listed(trimmed(beside), found.after, found.total)


def trimmed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return amounts with the digits they were rounded to, at least two: what is stored has ten, most of them zeros."""
    amounts_ = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Decimal) and name != "value"]
    for places in (2, 3, 4, 6):
        short = rows.with_columns(pl.col(amounts_).cast(pl.Decimal(38, places)))
        if all((short[name].cast(MONEY).eq_missing(rows[name])).all() for name in amounts_):
            return short
    return rows


def statement(
    ws: Books,
    asker: Asker,
    person: str,
    as_of: datetime.date | None = None,
    *,
    period: str | None = None,
    run: int | None = None,
) -> Paid:
    """Return somebody's statement of the newest run that was final by a day, or of one run.

    Raises Refused outside the reach of the person asking, and NotFound where no final run paid them.
    """
    ws.reach(asker, Topic.PAY).sees(person).require()
    for one in finals(ws, as_of, PayWanted(period=period, run=run)).iter_rows(named=True):
        if person in amounts(ws, one["run"])["person"]:
            found = paid(ws, asker, person, one["period"], run=one["run"])
            assert found is not None
            return found
    raise NotFound(msg("No final pay run has paid {person} for this.", person=person))
