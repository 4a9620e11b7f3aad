"""Who has gone quiet: goals without a measurement or a check-in for longer than their metric stays fresh."""

import datetime

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.core.metric import Metric, ReportedBy
from kpiflow.core.status import Status
from kpiflow.language import msg
from kpiflow.storage.check_ins import last_check_ins
from kpiflow.storage.remarks import open_questions
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.duty import Duty, DutyKind
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.reporting.check_in_form import taken_by
from kpiflow.workspace.reporting.spoken import Takes
from kpiflow.workspace.results import results


def quiet(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the goals within the asker's reach that have gone quiet, the longest first; one pass over all of them.

    goal, label, label_zh, owner_kind, owner, metric, status, reported_by, fresh_for, last_day (null: never measured),
    said_on (the day of the newest check-in, null: none), silent (days since either, or since the cycle began).
    """
    moment = ws.moment(period, as_of)
    metrics = ws.company(as_of).metrics
    ageing = [name for name, metric in metrics.items() if metric.fresh_for is not None]
    rows = results(ws, period, as_of).filter(pl.col("rollup") == Rollup.OWN.value, pl.col("metric").is_in(ageing))
    said = last_check_ins(ws.store, ws.believed(as_of))
    found = silent(rows, said, metrics, (moment.cycle.starts, moment.until))
    return visible(found, ws.reach(asker)).drop("scope_kind", "scope")


def silent(
    rows: pl.DataFrame,
    said: pl.DataFrame,
    metrics: dict[str, Metric],
    days: tuple[datetime.date, datetime.date],
) -> pl.DataFrame:
    """Return the goals of `rows` (GoalResults) that nothing was heard of for longer than their metric stays fresh.

    `said` has goal and at of the newest check-ins; `days` are the first day of the cycle and the day looked from. A
    check-in made after that day counts as made on it. Metrics that never grow old never fall silent.
    """
    fresh = pl.DataFrame(
        [(name, one.fresh_for, one.reported_by.value) for name, one in metrics.items()],
        orient="row",
        schema={"metric": pl.String, "fresh_for": pl.Int64, "reported_by": pl.String},
    )
    first, until = days
    newest = said.select("goal", said_on=pl.min_horizontal(pl.col("at").dt.date(), pl.lit(until)))
    heard = pl.max_horizontal("last_day", "said_on", pl.lit(first))
    return (
        rows.join(fresh.filter(pl.col("fresh_for").is_not_null()), on="metric")
        .join(newest, on="goal", how="left")
        .with_columns(silent=(pl.lit(until) - heard).dt.total_days())
        .filter(pl.col("silent") > pl.col("fresh_for"))
        .sort(pl.col("silent"), pl.col("goal"), descending=[True, False])
        .select(
            "goal", "label", "label_zh", "owner_kind", "owner", "scope_kind", "scope", "metric", "status", "reported_by",
            "fresh_for", "last_day", "said_on", "silent",
        )
    )  # fmt: skip


def values_due(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return what the person asking must report: outdated and unmeasured goals whose values they give themselves."""
    if asker.person is None:
        return []
    period = ws.default_period(as_of)
    moment = ws.moment(period, as_of)
    reporting = [name for name, one in ws.company(as_of).metrics.items() if one.reported_by is ReportedBy.OWNER]
    led = list(ws.standing(asker).leads("check_in"))
    person = (pl.col("owner_kind") == OwnerKind.PERSON.value) & (pl.col("owner") == asker.person)
    unit = (pl.col("owner_kind") == OwnerKind.UNIT.value) & pl.col("owner").is_in(led)
    due = results(ws, period, as_of).filter(
        person | unit,
        pl.col("rollup") == Rollup.OWN.value,
        pl.col("metric").is_in(reporting),
        pl.col("status").cast(pl.String).is_in([Status.OUTDATED.value, Status.NO_DATA.value]),
    )
    if moment.as_of < moment.cycle.starts:
        return []
    # Of a person's own goals only: what is added up from below asks nothing of whoever answers for the sum.
    taking = [row["goal"] for row in due.iter_rows(named=True) if taken_by(ws, row)[0] is not Takes.WORDS]
    due = due.filter(pl.col("goal").is_in(taking))
    since = pl.coalesce("last_day", pl.lit(moment.cycle.starts))
    found = []
    for mine, page in ((due.filter(person), "progress"), (due.filter(unit), "goal")):
        if mine.height:
            first = mine.with_columns(since=since).sort("since", "goal").row(0, named=True)
            said = (
                msg("Give a value: {goal}.", goal=name_of(first))
                if mine.height == 1
                else msg("Give a value to {count} goals, {goal} first.", count=mine.height, goal=name_of(first))
            )
            choices = {"goal": first["goal"]} if page == "goal" else {}
            found.append(Duty(DutyKind.REPORT, said, page, first["since"], mine.height, choices))
    return found


def questions_due(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the questions put to the person asking that nobody has answered."""
    if asker.person is None:
        return []
    waiting = open_questions(ws.store, ws.believed(as_of), asked=asker.person)
    names = ws.company(as_of).goals.select("goal", "label", "label_zh")
    rows = waiting.join(names, on="goal", maintain_order="left")
    return [
        Duty(
            DutyKind.ANSWER,
            msg("Answer a question about {goal}: “{words}”", goal=name_of(row), words=_short(row["words"])),
            "goal",
            row["at"].date(),
            1,
            {"goal": row["goal"]},
        )
        for row in rows.iter_rows(named=True)
    ]


def _short(words: str, most: int = 90) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
