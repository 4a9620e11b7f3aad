"""Appeals answered: a remark asked for and given, a decision by a second person, and what a correction changes."""

import datetime
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput, not_found
from kpiflow.frames.measurements import LARGEST
from kpiflow.language import msg
from kpiflow.storage.appeals import Step, add_step
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.loads import Source, load
from kpiflow.storage.rows import Fact, fact_history
from kpiflow.workspace.appeals.answers import OUTCOMES, About, AppealState, Correction, Line, Verdict
from kpiflow.workspace.appeals.plan_inputs import InputTaken, input_taken, may_correct
from kpiflow.workspace.appeals.sight import appeal_row, may_ask, may_decide, may_remark
from kpiflow.workspace.appraisals import appraisals_known
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.commands import make_apply
from kpiflow.workspace.paying import paid_by, plans_about
from kpiflow.workspace.reporting.checking_in import TIDY, tidy_words
from kpiflow.workspace.reviewing.adjusting import Wish, adjust

#: What the journal calls each.
ASKED, REMARKED, DECIDED, RECOMPUTED = "ask_remark", "remark_appeal", "decide_appeal", "recompute_appeal"


def ask_remark(
    ws: Books, asker: Asker, number: int, person: str, *, who: str | None = None, at: datetime.datetime | None = None
) -> None:
    """Ask somebody, such as the head of the unit, for a remark; they may read the appeal from then on. Raises as `decide`."""
    name, now = who or asker.name, at or _now()
    with ws.store.write() as cursor:
        row = appeal_row(ws, asker, number)
        may_ask(ws, asker, row).require()
        if person not in ws.company().people["person"]:
            raise not_found(msg("person"), person, ws.company().people["person"])
        if person == row["person"]:
            raise InvalidInput(msg("{person} filed this appeal; ask somebody else.", person=person))
        add_step(cursor, number, Step("asked", name, now, asks=person))
        record(cursor, Entry(now, name, ASKED, row["person"], None, {"appeal": number, "asked": person}))


def remark(ws: Books, asker: Asker, number: int, words: str, *, at: datetime.datetime | None = None) -> None:
    """Write a remark on an appeal; raises Refused for who was not asked, NotFound, or InvalidInput without words."""
    now, said = at or _now(), tidy_words(words)
    if said is None:
        raise InvalidInput(msg("Write the remark in words."))
    with ws.store.write() as cursor:
        row = appeal_row(ws, asker, number)
        may_remark(asker, row).require()
        add_step(cursor, number, Step("remarked", asker.name, now, said))
        record(cursor, Entry(now, asker.name, REMARKED, row["person"], said, {"appeal": number}))


def decide(
    ws: Books,
    asker: Asker,
    number: int,
    verdict: Verdict,
    *,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> None:
    """Decide an appeal; a correction goes into the store and everything that follows from it is worked out again.

    Raises Refused with the reason, NotFound, or InvalidInput for a decision without a reason or a correction that fits nothing.
    """
    name, now, why = who or asker.name, at or _now(), tidy_words(verdict.words)
    row = appeal_row(ws, asker, number)
    may_decide(ws, asker, row, who).require()
    if verdict.outcome not in OUTCOMES:
        raise not_found(msg("outcome"), str(verdict.outcome), [one.value for one in OUTCOMES])
    if why is None:
        raise InvalidInput(msg("A decision has a reason: the person reads it."))
    line = Line.from_said(json.loads(row["line"]))
    taken = _taken(ws, asker, row, line, verdict)
    changes = taken is not None or verdict.points is not None
    if changes and verdict.outcome is AppealState.DISMISSED:
        raise InvalidInput(msg("An appeal that is dismissed corrects nothing."))
    before = _stands(ws, row) if changes else None
    with ws.store.write() as cursor:
        row = appeal_row(ws, asker, number)
        may_decide(ws, asker, row, who).require()
        corrected = _made(ws, taken, number, (name, now)) if taken else None
        adjusted = _adjust(ws, asker, row, verdict, why=why, at=now) if verdict.points is not None else None
        detail = json.dumps({"corrected": corrected, "adjustment": adjusted}, default=str) if changes else None
        add_step(cursor, number, Step("decided", name, now, why, outcome=verdict.outcome.value, detail=detail))
        # Pay is no word of the journal's: of what somebody is paid by, it says that it was corrected, and not to what.
        open_told = (
            {"input": corrected["input"], "change": corrected["change"]}
            if corrected and "input" in corrected
            else corrected
        )
        told = {"appeal": number, "outcome": verdict.outcome.value, "corrected": open_told, "adjustment": adjusted}
        record(cursor, Entry(now, name, DECIDED, row["person"], why, told))
    if changes:
        _recompute(ws, row, before or {}, (name, now))


@dataclass(frozen=True)
class _Taken:
    """A correction that can be made: the fact, its row for the store, and what is told of it."""

    fact: Fact
    row: dict[str, Any]
    said: dict[str, Any]


def _taken(ws: Books, asker: Asker, row: dict[str, Any], line: Line, verdict: Verdict) -> _Taken | InputTaken | None:
    """Return the correction of a verdict; raises InvalidInput when there is none to make where there should be, or Refused."""
    asked = verdict.correction
    if asked is None:
        return None
    if line.about is not About.INPUT:
        return _measurement_taken(ws, line, asked)
    may_correct(ws, asker, row["person"]).require()
    if asked.value is None or asked.numerator is not None or asked.denominator is not None:
        raise InvalidInput(msg("Give one value."))
    return input_taken(ws, row, line.input or "", line.plan, asked.value)


def _made(ws: Books, taken: _Taken | InputTaken, number: int, hand: tuple[str, datetime.datetime]) -> dict[str, Any]:
    """Write a correction into the store; return what is told of it."""
    if isinstance(taken, InputTaken):
        name, now = hand
        done = make_apply(ws, taken.planned, who=name, reason=f"Appeal {number}", at=now)
        return {**taken.said, "change": done.change}
    return {**taken.said, "load": _correct(ws, taken, number, hand)}


def _measurement_taken(ws: Books, line: Line, asked: Correction) -> _Taken:
    """Return the correction of a measurement; raises InvalidInput where there is none to make."""
    if line.about is not About.MEASUREMENT or line.metric is None or line.unit is None or line.day is None:
        raise InvalidInput(
            msg(
                "Only a measurement or plan input is corrected here. A score or grade is changed by an adjustment or a calibration."
            )
        )
    fact = Fact(line.metric, line.unit, line.person, line.day, line.entry)
    current = fact_history(ws.store, fact).filter(pl.col("superseded_by").is_null()).row(-1, named=True)
    is_rate = current["base"] is not None
    value, numerator, denominator = (_number(one) for one in (asked.value, asked.numerator, asked.denominator))
    fits = (numerator is not None and denominator is not None and value is None) if is_rate else (
        value is not None and numerator is None and denominator is None
    )  # fmt: skip
    if not fits:
        raise InvalidInput(
            msg("This is a rate: give its numerator and its denominator, both.") if is_rate else msg("Give one value.")
        )
    if denominator is not None and denominator <= 0:
        raise InvalidInput(msg("The denominator counts all cases, so it is more than 0."))
    if (current["amount"], current["base"]) == (value if not is_rate else numerator, denominator):
        raise InvalidInput(msg("That is the value it has already, so there is nothing to correct."))
    row = {
        "metric": fact.metric, "unit": fact.unit, "person": fact.person, "day": fact.day, "entry": fact.entry,
        "value": value, "numerator": numerator, "denominator": denominator, "row": 1,
    }  # fmt: skip
    said = {"amount_before": current["amount"], "base_before": current["base"],
            "amount": numerator if is_rate else value, "base": denominator}  # fmt: skip
    return _Taken(fact, row, said)


def _number(given: Decimal | str | float | None) -> Decimal | None:
    if given is None or given == "":
        return None
    try:
        found = Decimal(str(given).strip().replace(",", ""))
    except InvalidOperation as error:
        raise InvalidInput(msg("'{given}' is not a number.", given=str(given))) from error
    if not found.is_finite() or abs(found) > Decimal(LARGEST) or round(found, 6) != found:
        raise InvalidInput(msg("'{given}' is not a number that can be kept.", given=str(given)))
    return round(found, 6)


def _correct(ws: Books, taken: _Taken, number: int, hand: tuple[str, datetime.datetime]) -> int:
    """Write the new value over the disputed one, which stays readable; return the load it came in."""
    name, now = hand
    print_of = hashlib.sha256(repr(sorted(taken.row.items(), key=str)).encode()).hexdigest()
    source = Source(f"appeal {number}", print_of, 1)
    frame = pl.DataFrame([taken.row], schema=TIDY)
    return load(ws.store, frame, source, who=name, at=now, reason=f"Appeal {number}").load


def _adjust(ws: Books, asker: Asker, row: dict[str, Any], verdict: Verdict, *, why: str, at: datetime.datetime) -> int:
    """Write the adjustment a decision asks for, with the rights and the second person that adjustments need."""
    wish = Wish(float(verdict.points or 0), f"Appeal {row['appeal']}: {why}")
    return adjust(ws, asker, row["person"], row["period"], wish, at=at)


def _stands(ws: Books, row: dict[str, Any]) -> dict[str, Any]:
    """Return a person's score, grade and what each plan pays as they are now known, whether the period is closed or not.

    Pay too is what would be paid by what is known now: what was paid by a closing stays, and a later run pays the difference.
    """
    people = appraisals_known(ws, row["period"]).people.filter(pl.col("person") == row["person"])
    mine = people.row(0, named=True) if people.height else {}
    return {"score": mine.get("score"), "grade": mine.get("grade"), "pays": _pays(ws, row["person"], row["period"])}


def _pays(ws: Books, person: str, period: str) -> list[dict[str, Any]]:
    """Return what each plan about a period that reaches somebody would pay them by what is known now."""
    found = []
    for plan, paid in plans_about(ws, ws.moment(period, None)):
        mine = paid_by(ws, plan, paid, None, anew=True).filter(pl.col("person") == person)
        if mine.height:
            told = {"plan": plan.plan, "period": paid, "pay": mine["amount"][0], "currency": plan.currency}
            found.append(told | {"label": plan.label, "label_zh": plan.label_zh})
    return found


def _recompute(ws: Books, row: dict[str, Any], before: dict[str, Any], hand: tuple[str, datetime.datetime]) -> None:
    """Work out what a correction changed, and write it beside the decision."""
    name, now = hand
    told = {"before": before, "after": _stands(ws, row)}
    with ws.store.write() as cursor:
        add_step(cursor, row["appeal"], Step("recomputed", name, now, detail=json.dumps(told, default=str)))
        # Pay is no word of the journal's: whoever reads the journal need not read pay.
        open_told = {when: {what: one[what] for what in ("score", "grade")} for when, one in told.items()}
        detail = {"appeal": row["appeal"], **open_told}
        record(cursor, Entry(now, name, RECOMPUTED, row["person"], None, detail))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
