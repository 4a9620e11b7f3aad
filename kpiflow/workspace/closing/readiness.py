"""How ready a period is to be closed: what is missing, outdated, unsigned, and what came in since the last look."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach, Topic, visible
from kpiflow.core.calendar import PeriodKind
from kpiflow.core.closing import ClosingCheck
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, msg
from kpiflow.scoring.moment import Moment
from kpiflow.storage.closing import changes_since, last_look, loads_since
from kpiflow.workspace.appraisals import appraisals, appraisals_known
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.answers import PAGE, Around, Changes, Check, Finding, FindingList, Past, Readiness
from kpiflow.workspace.closing.closing import CLOSE, may_close
from kpiflow.workspace.closing.findings import FINDERS, findings, leaves
from kpiflow.workspace.closing.frozen import Closed, closed, closed_periods, closings_known
from kpiflow.workspace.closing.reopening import may_ask, may_confirm
from kpiflow.workspace.closing.restated import altered, causes, restated
from kpiflow.workspace.closing.telling import LABELS, reason_of
from kpiflow.workspace.labels import name_of, person_name
from kpiflow.workspace.results import results, results_known

#: The checks whose findings are goals that carry weight.
WEIGHING = (ClosingCheck.GOALS_WITHOUT_DATA,)


def readiness(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> Readiness:
    """Answer how ready a period is to be closed, or what became of it since it was; raises Refused, or NotFound."""
    ws.may(asker, "read_scores").require()
    company, moment, shut = ws.company(as_of), ws.moment(period, as_of), closed(ws, period, as_of)
    whole = appraisals(ws, period, as_of).people
    within = ws.reach(asker, Topic.APPRAISALS)
    people, nothing = _readable(whole, within), pl.DataFrame()
    checks = tuple(_check(ws, check, period, as_of) for check in FINDERS)
    past = tuple(
        Past(row, shut is not None and row["closing"] == shut.number)
        for row in closings_known(ws, as_of).filter(pl.col("period") == period).reverse().iter_rows(named=True)
    )
    return Readiness(
        sentence=_sentence(ws, moment, shut, checks),
        period=period,
        ends=moment.period.ends,
        checks=checks,
        changes=changes(ws, asker, period, as_of) if shut is None else None,
        closed=shut,
        around=_around(ws, moment, as_of),
        past=past,
        goals=results(ws, period, as_of).height,
        people=people.height,
        scored=people["score"].count(),
        mean=people["score"].mean(),  # type: ignore[arg-type]
        adjust=company.profile.closing.adjust,
        may_look=ws.may(asker, CLOSE),
        may_close=may_close(ws, asker, period, as_of),
        may_reopen=may_ask(ws, asker, period),
        may_confirm=may_confirm(ws, asker, period),
        restated=nothing if shut is None else _readable(_named(ws, restated(ws, shut, as_of), as_of), within),
        causes=nothing if shut is None else causes(ws, shut, as_of),
        altered=nothing if shut is None else altered(ws, shut, as_of),
    )


def _around(ws: Books, moment: Moment, as_of: datetime.date | None) -> tuple[Around, ...]:
    """Return the periods of the cycle that are closed in turn: its parts, the whole, and the one asked about."""
    kinds = {ws.company(as_of).profile.closing.parts or moment.period.kind, PeriodKind.YEAR}
    listed = [
        one
        for one in moment.calendar.periods.values()
        if one.cycle == moment.cycle.period and (one.kind in kinds or one == moment.period)
    ]
    listed.sort(key=lambda one: (one.ends, -one.starts.toordinal()))
    done = closed_periods(ws, as_of)
    return tuple(
        Around(one.period, done[one.period].at if one.period in done else None, moment.as_of > one.ends)
        for one in listed
    )


def called(ws: Books, who: str) -> Name:
    """Return the name of somebody the journal names."""
    return person_name(ws.company(), who)


def _sentence(ws: Books, moment: Moment, shut: Closed | None, checks: tuple[Check, ...]) -> tuple[Message, ...]:
    period, ends = moment.period.period, moment.period.ends
    if shut is not None:
        facts = {"period": period, "day": shut.known_by.date(), "person": called(ws, shut.who)}
        said = [msg("{period} is closed: its results are those known on {day}, signed off by {person}.", **facts)]
        if shut.asked_by is not None:
            said.append(
                msg(
                    "{person} asks to open it again; somebody else has to confirm that.",
                    person=called(ws, shut.asked_by),
                )
            )
        return tuple(said)
    if moment.as_of <= ends:
        return (msg("{period} runs until {day}. It can be closed from the day after.", period=period, day=ends),)
    stopping = sum(check.stops for check in checks)
    if stopping:
        return (
            msg(
                "{period} cannot be closed yet: {count} {count:check stops|checks stop} it.",
                period=period,
                count=stopping,
            ),
        )
    open_ = sum(check.count > 0 for check in checks)
    if open_:
        return (
            msg(
                "{period} can be closed. {count} {count:check|checks} found something that stops nothing.",
                period=period,
                count=open_,
            ),
        )
    return (msg("{period} can be closed: nothing is missing.", period=period),)


def _check(ws: Books, check: ClosingCheck, period: str, as_of: datetime.date | None) -> Check:
    found = findings(ws, check, period, as_of)
    own = leaves(ws, period, as_of)
    of: int | None = None
    if check in (ClosingCheck.GOALS_WITHOUT_DATA, ClosingCheck.CHECK_INS_DUE):
        of = own.height
    elif check is ClosingCheck.PEOPLE_WITHOUT_SCORE:
        of = appraisals_known(ws, period, as_of).people.height
    elif check is ClosingCheck.METRICS_OUTDATED:
        of = own["metric"].n_unique()
    whole = float(own["weight"].sum())
    weight = float(found["weight"].sum()) / whole if check in WEIGHING and whole else None
    blocking = check in ws.company(as_of).profile.closing.blocking
    return Check(check, LABELS[check], found.height, of, blocking, weight)


def finding_list(
    ws: Books, asker: Asker, period: str, check: str, as_of: datetime.date | None = None, *, start: int = 0
) -> FindingList:
    """Return a page of what one check found, as far as the person asking may read it; raises Refused, or NotFound."""
    ws.may(asker, "read_scores").require()
    ws.moment(period, as_of)
    names = [one.value for one in FINDERS]
    if check not in names:
        raise not_found(msg("check"), check, names)
    kind = ClosingCheck(check)
    rows = _within(ws, asker, findings(ws, kind, period, as_of))
    page = rows.slice(max(0, start), PAGE)
    told = tuple(_finding(kind, row) for row in page.iter_rows(named=True))
    return FindingList(kind, LABELS[kind], rows.height, max(0, start), told)


def _within(ws: Books, asker: Asker, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the findings about goals of units and of people that the person asking may read."""
    reach = ws.reach(asker)
    if reach.people is None:
        return rows
    owned = rows.filter(pl.col("owner").is_not_null())
    return pl.concat(
        [rows.filter(pl.col("owner").is_null()), visible(owned.drop("scope", "scope_kind"), reach)], how="diagonal"
    )


def _finding(check: ClosingCheck, row: dict[str, Any]) -> Finding:
    """Return one finding in words, with where it is put right."""
    owner = name_of(row, "owner_label") if row["owner"] else None
    name = name_of(row) if row["label"] else owner or Name(row["subject"])
    page, choices = "goal", {"goal": row["subject"]}
    if check is ClosingCheck.PARTS_OPEN:
        page, choices = "closing", {"period": row["subject"]}
    elif check is ClosingCheck.PEOPLE_WITHOUT_SCORE:
        page, choices = "progress", {"person": row["subject"]}
    elif check is ClosingCheck.METRICS_OUTDATED:
        page, choices = "overview", {}
    elif check is ClosingCheck.LETTERS_UNSIGNED:
        page, choices = "letters", {row["owner_kind"]: row["owner"]}
    return Finding(name, owner if row["label"] else None, reason_of(check, row), page, choices)


def changes(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> Changes | None:
    """Return what came in since the last look at a period, or since it was closed before; None without either."""
    ws.may(asker, "read_scores").require()
    moment = ws.moment(period, as_of)
    with ws.store.snapshot() as cursor:
        looked = last_look(cursor, period, ws.believed(as_of))
    before = closings_known(ws, as_of).filter(pl.col("period") == period)
    last = None if before.is_empty() else before.row(-1, named=True)
    if looked is not None and (last is None or looked.at > last["known_by"]):
        since, who, load, change = looked.at, looked.who, looked.newest_load, looked.newest_change
    elif last is not None:
        since, who, load, change = last["known_by"], last["who"], last["newest_load"], last["newest_change"]
    else:
        return None
    with ws.store.snapshot() as cursor:
        days = (moment.cycle.starts, moment.period.ends)
        loads = loads_since(cursor, load, days, ws.believed(as_of))
        defined = changes_since(cursor, change, ws.believed(as_of))
    people, goals = _moved(ws, period, since, as_of) if loads.height or defined.height else (_NOBODY, 0)
    within = ws.reach(asker, Topic.APPRAISALS)
    looked_last = last is None or since != last["known_by"]
    return Changes(since, who, looked_last, loads, defined, _readable(_named(ws, people, as_of), within), goals)


_NOBODY = pl.DataFrame(schema={"person": pl.String, "before": pl.Float64, "after": pl.Float64, "change": pl.Float64})


def _moved(ws: Books, period: str, since: datetime.datetime, as_of: datetime.date | None) -> tuple[pl.DataFrame, int]:
    """Return the people whose score moved since an instant, the most first, and how many goals' points did."""

    def apart(old: pl.DataFrame, new: pl.DataFrame, key: str, value: str) -> pl.DataFrame:
        both = old.select(key, before=value).join(new.select(key, after=value), on=key, how="full", coalesce=True)
        return both.filter(pl.col("before").ne_missing(pl.col("after")))

    people = apart(
        appraisals_known(ws, period, since).people, appraisals_known(ws, period, as_of).people, "person", "score"
    )
    goals = apart(results_known(ws, period, since), results_known(ws, period, as_of), "goal", "points").height
    moved = people.with_columns(change=(pl.col("after") - pl.col("before")).round(10))
    return moved.sort(pl.col("change").abs(), "person", descending=[True, False], nulls_last=True), goals


def _named(ws: Books, rows: pl.DataFrame, as_of: datetime.date | None) -> pl.DataFrame:
    """Add what people are called, and by how much a score differs from the one that was signed."""
    names = ws.company(as_of).people.select("person", "label", "label_zh")
    named = rows.join(names, on="person", how="left", maintain_order="left").with_columns(
        pl.coalesce("label", "person")
    )
    if "score_now" not in rows.columns:
        return named
    difference = (pl.col("score_now") - pl.col("score_signed")).round(10)
    ordered = named.with_columns(difference=difference)
    return ordered.sort(difference.abs(), "person", descending=[True, False], nulls_last=True)


def _readable(rows: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    """Return the rows of people whose appraisals may be read."""
    return rows if reach.people is None else rows.filter(pl.col("person").is_in(list(reach.people)))
