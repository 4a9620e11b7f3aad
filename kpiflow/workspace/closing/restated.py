"""What became known after a closing: scores as signed beside scores as now known, why, and the lines that follow by rule."""

import datetime

import polars as pl

from kpiflow.core.calendar import Period
from kpiflow.core.closing import Adjust
from kpiflow.storage.closing import changes_since, loads_since
from kpiflow.workspace.appraisals import appraisals_known
from kpiflow.workspace.books import Books
from kpiflow.workspace.closing.frozen import Closed, closed, frozen_appraisals

#: The columns of a score that differs.
COLUMNS: dict[str, pl.DataType] = {
    "person": pl.String(), "score_signed": pl.Float64(), "score_now": pl.Float64(), "grade_signed": pl.String(),
    "grade_now": pl.String(),
}  # fmt: skip

#: The columns of an adjustment line.
LINES: dict[str, pl.DataType] = {
    "person": pl.String(), "from_period": pl.String(), "into_period": pl.String(), **COLUMNS, "reason": pl.String(),
}  # fmt: skip


def restated(ws: Books, shut: Closed, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the people whose score or grade is another as now known: person, score_signed, score_now, grade_signed, grade_now.

    A null score_signed is somebody who was not appraised then, a null score_now somebody who is not any more.
    """
    key = ("restated", shut.number, ws.versions(as_of), ws.store.told)
    return ws.kept(key, lambda: _apart(frozen_appraisals(ws, shut).people, _people(ws, shut.period, as_of)))


def _people(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    return appraisals_known(ws, period, as_of).people


def _apart(signed: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return the people whose score or grade differs between two states."""
    before = signed.select("person", score_signed="score", grade_signed="grade")
    after = now.select("person", score_now="score", grade_now="grade")
    both = before.join(after, on="person", how="full", coalesce=True, maintain_order="left_right")
    score = pl.col("score_signed").ne_missing(pl.col("score_now"))
    return both.filter(score | pl.col("grade_signed").ne_missing(pl.col("grade_now"))).select(*COLUMNS)


def causes(ws: Books, shut: Closed, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the loads that came after a closing with measurements of its cycle up to its end; see `loads_since`."""
    moment = ws.moment(shut.period, as_of)
    with ws.store.snapshot() as cursor:
        return loads_since(cursor, shut.newest_load, (moment.cycle.starts, moment.period.ends), ws.believed(as_of))


def altered(ws: Books, shut: Closed, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the changes of definitions that came after a closing: change, recorded_at, who, reason."""
    with ws.store.snapshot() as cursor:
        return changes_since(cursor, shut.newest_change, ws.believed(as_of))


def adjustment_lines(ws: Books, into: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return what late data of closed periods brings into a period, by the company's rule: the columns of LINES.

    A difference goes into the first period of the same length after the closed one that is open; it stays there when that
    one is closed, at what was known then, and only what differs from that goes further. `reason` names the loads and
    changes behind it. With the rule `none` there are no lines.
    """
    shut = closed(ws, into, as_of)
    # A closed period keeps the lines it was closed with.
    at = as_of if shut is None else shut.known_by
    company = ws.company(at)
    if company.profile.closing.adjust is Adjust.NONE:
        return pl.DataFrame(schema=LINES)
    key = ("adjustments", into, ws.versions(at), ws.store.told)
    return ws.kept(key, lambda: _lines(ws, company.calendar.period(into), at))


def _lines(ws: Books, into: Period, at: datetime.date | None) -> pl.DataFrame:
    calendar = ws.company(at).calendar
    alike = sorted(
        (one for one in calendar.periods.values() if one.kind is into.kind and one.order <= into.order),
        key=lambda one: one.order,
    )
    found = [pl.DataFrame(schema=LINES)]
    for place, period in enumerate(alike[:-1]):
        own = closed(ws, period.period, at)
        between = [closed(ws, later.period, at) for later in alike[place + 1 : -1]]
        if own is None or not all(between):
            continue  # there is nothing signed, or an earlier period than this one takes it
        found.append(_line_of(ws, own, [one for one in between if one is not None], into.period, at))
    return pl.concat(found)


def _line_of(ws: Books, own: Closed, between: list[Closed], into: str, at: datetime.date | None) -> pl.DataFrame:
    """Return the lines of one closed period: what differs from what was signed, or from what a later closing settled."""
    settled = max((one for one in between if one.at > own.at), key=lambda one: one.known_by, default=None)
    since = own if settled is None else settled
    base = frozen_appraisals(ws, own).people if settled is None else _people(ws, own.period, settled.known_by)
    apart = _apart(base, _people(ws, own.period, at))
    moment = ws.moment(own.period, at)
    with ws.store.snapshot() as cursor:
        days = (moment.cycle.starts, moment.period.ends)
        loads = loads_since(cursor, since.newest_load, days, ws.believed(at))["load"].unique().sort()
        changes = changes_since(cursor, since.newest_change, ws.believed(at))["change"].sort()
    # Numbers and no words: the line is stored and told in either language.
    reason = "; ".join(
        f"{what} {', '.join(map(str, numbers))}"
        for what, numbers in (("load", loads), ("change", changes))
        if numbers.len()
    )
    return apart.with_columns(
        from_period=pl.lit(own.period), into_period=pl.lit(into), reason=pl.lit(reason or None, dtype=pl.String)
    ).select(*LINES)
