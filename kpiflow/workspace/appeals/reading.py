"""Appeals read back: a list within the reader's rights, and one with everything that happened to it."""

import datetime
import json
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.access.reach import Topic
from kpiflow.errors import NotFound
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.storage import appeals as stored
from kpiflow.storage.evidence import Evidence
from kpiflow.storage.rows import Fact, fact_history
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.appeals.answers import (
    APPEAL_WORDS,
    About,
    Appeal,
    AppealLine,
    AppealList,
    AppealState,
    Changed,
    Happened,
    Line,
    PayChanged,
)
from kpiflow.workspace.appeals.deadlines import due
from kpiflow.workspace.appeals.disputing import line_said, shown_value
from kpiflow.workspace.appeals.plan_inputs import (
    ELSEWHERE,
    PlanInput,
    input_corrected,
    input_label,
    may_correct,
    plan_inputs,
    shown_to,
)
from kpiflow.workspace.appeals.sight import (
    appeal_row,
    may_ask,
    may_decide,
    may_remark,
    may_withdraw,
    seen,
    superior,
)
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import person_name

#: How many appeals a page of the list has.
PAGE = 25


def appeal_list(
    ws: Books,
    asker: Asker,
    period: str | None = None,
    as_of: datetime.date | None = None,
    *,
    person: str | None = None,
    offset: int = 0,
    limit: int = PAGE,
) -> AppealList:
    """Return the appeals that the person asking may read, those still open first, the longest waiting first."""
    with ws.store.snapshot() as cursor:
        rows = seen(ws, asker, stored.appeals(cursor, period, ws.believed(as_of)))
        if person is not None:
            rows = rows.filter(pl.col("person") == person)
        rows = rows.with_columns(waits=pl.col("ended").is_null())
        listed = rows.sort("waits", "recorded_at", "appeal", descending=[True, False, False]).slice(offset, limit)
        steps = stored.appeal_steps(cursor, listed["appeal"].to_list(), ws.believed(as_of))
    waiting = rows.filter("waits")
    today = ws.day(as_of)
    late = sum(due(ws, at) < today for at in waiting["recorded_at"])
    lines = tuple(_line(ws, row, steps, as_of) for row in listed.iter_rows(named=True))
    return AppealList(lines, rows.height, waiting.height, late)


def appeal(ws: Books, asker: Asker, number: int, as_of: datetime.date | None = None) -> Appeal:
    """Answer one appeal; raises NotFound where there is none that the person asking may read."""
    row = appeal_row(ws, asker, number, as_of)
    with ws.store.read() as cursor:
        steps = stored.appeal_steps(cursor, [number], ws.believed(as_of))
    line = Line.from_said(json.loads(row["line"]))
    head = superior(ws, row["person"], row["period"])
    return Appeal(
        line=_line(ws, row, steps, as_of),
        disputed=line,
        words=row["words"],
        score_then=row["score"],
        grade_then=row["grade"],
        events=tuple(_events(ws, row, steps)),
        files=stored.appeal_files(ws.store, number),
        versions=_versions(ws, line),
        changed=_changed(ws, asker, row, steps),
        decides=may_decide(ws, asker, row),
        asks=may_ask(ws, asker, row),
        remarks=may_remark(asker, row),
        withdraws=may_withdraw(ws, asker, row)
        if not asker.machine
        else Decision(True, msg("This is the machine that holds the store.")),
        head=Choice(head, person_name(ws.company(), head)) if head else None,
        asked=tuple(row["asked"]),
        measure=_measure(ws, line),
        given=_given(ws, asker, row, line),
        corrects=_corrects(ws, asker, row, line),
    )


def _given(ws: Books, asker: Asker, row: dict[str, Any], line: Line) -> PlanInput | None:
    """Return the plan input that is disputed, as the person asking may see it."""
    inputs = plan_inputs(ws, row["person"], row["period"])
    found = [one for one in inputs if one.name == line.input and line.plan in (None, one.plan)]
    return shown_to(ws, asker, row["person"], tuple(found))[0] if found and line.about is About.INPUT else None


def _corrects(ws: Books, asker: Asker, row: dict[str, Any], line: Line) -> Decision:
    """Return whether a decision of the person asking can correct what is disputed, and why not."""
    if line.about is About.MEASUREMENT:
        return Decision(True, msg("The measurement is corrected with the decision."))
    if line.about is not About.INPUT:
        return Decision(False, msg("A score or grade is changed by an adjustment or a calibration."))
    found = _given(ws, asker, row, line)
    if found is None:
        return Decision(False, msg("No plan reads this value any more."))
    return (
        Decision(False, ELSEWHERE[found.made_of])
        if found.made_of in ELSEWHERE
        else may_correct(ws, asker, row["person"])
    )


def appeal_file(ws: Books, asker: Asker, file: int) -> Evidence:
    """Return a file given with an appeal; raises NotFound when there is none that the person asking may open."""
    missing = NotFound(msg("There is no file {number} that you may open.", number=file))
    found = stored.read_appeal_file(ws.store, file)
    if found is None:
        raise missing
    number, evidence = found
    try:
        appeal_row(ws, asker, number)
    except NotFound as error:
        raise missing from error
    return evidence


def _line(ws: Books, row: dict[str, Any], steps: pl.DataFrame, as_of: datetime.date | None) -> AppealLine:
    last = due(ws, row["recorded_at"])
    return AppealLine(
        number=row["appeal"], person=row["person"], name=person_name(ws.company(), row["person"]), period=row["period"],
        about=line_said(ws, Line.from_said(json.loads(row["line"])), row), state=_state(row, steps),
        at=row["recorded_at"], due=last, late=row["ended"] is None and last < ws.day(as_of), ended_at=row["ended_at"],
    )  # fmt: skip


def _state(row: dict[str, Any], steps: pl.DataFrame) -> AppealState:
    if row["ended"] == "withdrawn":
        return AppealState.WITHDRAWN
    if row["ended"] == "decided":
        return AppealState(row["outcome"])
    mine = steps.filter(pl.col("appeal") == row["appeal"])
    answered = set(mine.filter(pl.col("kind") == "remarked")["who"])
    return AppealState.ASKED if set(row["asked"]) - answered else AppealState.OPEN


def _events(ws: Books, row: dict[str, Any], steps: pl.DataFrame) -> list[Happened]:
    """Return the timeline of an appeal, oldest first."""
    filed = Happened(row["recorded_at"], person_name(ws.company(), row["who"]), msg("Filed."), row["words"])
    return [filed, *(_event(ws, step) for step in steps.iter_rows(named=True) if step["kind"] != "recomputed")]


def _event(ws: Books, step: dict[str, Any]) -> Happened:
    said: Message
    match step["kind"]:
        case "asked":
            said = msg("Asked {person} for a remark.", person=person_name(ws.company(), step["asks"]))
        case "remarked":
            said = msg("Remarked.")
        case "withdrawn":
            said = msg("Withdrawn.")
        case _:
            said = msg("Decided: {outcome}.", outcome=APPEAL_WORDS[AppealState(step["outcome"])])
    return Happened(step["recorded_at"], person_name(ws.company(), step["who"]), said, step["words"])


def _versions(ws: Books, line: Line) -> pl.DataFrame:
    """Return every value a disputed measurement has had, oldest first: value, source, who, recorded_at, reason."""
    if line.about is not About.MEASUREMENT or line.metric is None or line.unit is None or line.day is None:
        return pl.DataFrame()
    rows = fact_history(ws.store, Fact(line.metric, line.unit, line.person, line.day, line.entry))
    values = [shown_value(ws, line.metric, row) for row in rows.iter_rows(named=True)]
    names = [person_name(ws.company(), who) for who in rows["who"]]
    return rows.with_columns(
        value=pl.Series("value", values, dtype=pl.Float64),
        who=pl.Series([name.label for name in names], dtype=pl.String),
        who_zh=pl.Series([name.label_zh for name in names], dtype=pl.String),
    ).select("value", "amount", "base", "source", "who", "who_zh", "recorded_at", "superseded_by", "reason")


def _measure(ws: Books, line: Line) -> dict[str, Any]:
    metric = ws.company().metrics.get(line.metric or "")
    return {"measure": metric.measure.value, "currency": metric.currency} if metric else {}


def _changed(ws: Books, asker: Asker, row: dict[str, Any], steps: pl.DataFrame) -> Changed | None:
    """Return what a correction did; pay only for whoever may read the pay of the person."""
    told = steps.filter(pl.col("kind") == "recomputed")
    if told.is_empty():
        return None
    both = json.loads(told["detail"][-1])
    before, after = both["before"], both["after"]
    paid = ws.reach(asker, Topic.PAY).sees(row["person"]).allowed
    decided = steps.filter(pl.col("kind") == "decided")["detail"]
    corrected = json.loads(decided[-1])["corrected"] if decided.len() and decided[-1] else None
    line = Line.from_said(json.loads(row["line"]))
    if corrected is None or line.about is not About.INPUT:
        said = _corrected(ws, line, corrected)
    else:  # what somebody is paid by is told to those who read their pay
        label = input_label(ws, row["person"], row["period"], line.input, line.plan)
        said = input_corrected(label, corrected) if paid else msg("{input} was corrected.", input=label)
    return Changed(
        score=(before["score"], after["score"]),
        grade=(before["grade"], after["grade"]),
        pay=_pay_changed(before, after) if paid else None,
        corrected=said,
    )


def _pay_changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[PayChanged, ...]:
    """Return what each plan paid before a correction and after it; older appeals kept one plan, without its name."""
    then, now = (_pays_by_plan(one) for one in (before, after))
    none: dict[str, Any] = {"pay": None}
    return tuple(
        PayChanged(Name(told.get("label") or plan, told.get("label_zh")), told.get("period", ""),
                   _money(then.get(plan, none)["pay"]), _money(now.get(plan, none)["pay"]), told["currency"])
        for plan, told in {**then, **now}.items()
    )  # fmt: skip


def _pays_by_plan(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if "pays" not in told:
        return {"": told} if told.get("currency") else {}
    return {one["plan"]: one for one in told["pays"]}


def _money(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


def _corrected(ws: Books, line: Line, told: dict[str, Any] | None) -> Message | None:
    if told is None:
        return None
    metric = ws.company().metrics.get(line.metric or "")
    was = shown_value(ws, line.metric, {"amount": told["amount_before"], "base": told["base_before"]})
    now = shown_value(ws, line.metric, told)
    measure, currency = (metric.measure.value, metric.currency) if metric else ("number", None)
    name = Name(metric.label, metric.label_zh) if metric else line.metric
    return msg(
        "{metric} of {day} was corrected from {before} to {after}.", metric=name, day=line.day,
        before=Quantity(was, measure, currency), after=Quantity(now, measure, currency),
    )  # fmt: skip
