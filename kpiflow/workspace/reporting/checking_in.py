"""A check-in made: the value becomes a measurement, words and files stand beside it, and all of it is one change."""

import datetime
import hashlib
import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.core.goal import Rollup
from kpiflow.core.metric import Measure
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.moment import Moment
from kpiflow.sources.attachments import Attachment, attachment
from kpiflow.storage.check_ins import CheckIn, add_check_in, last_check_in, next_check_in
from kpiflow.storage.evidence import Evidence, add_evidence
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.known import wall_clock
from kpiflow.storage.loads import Source, load
from kpiflow.storage.rows import Fact, reported
from kpiflow.storage.store import Cursor
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import with_metric_names, with_owner_names
from kpiflow.workspace.reporting.check_in_form import fact_of, form, open_for_check_ins
from kpiflow.workspace.reporting.spoken import CheckedIn, Form, NeedsReason, Said, Takes
from kpiflow.workspace.reporting.taking_values import Number, number
from kpiflow.workspace.results import score
from kpiflow.workspace.words import STATUS_WORDS

#: The most characters of the words of a check-in, and the most files with it.
LONGEST, MOST_FILES = 2000, 5

_AMOUNT = pl.Decimal(18, 6)

#: What a measurement looks like on its way into the store.
TIDY: dict[str, Any] = {
    "metric": pl.String, "unit": pl.String, "person": pl.String, "day": pl.Date, "entry": pl.String,
    "value": _AMOUNT, "numerator": _AMOUNT, "denominator": _AMOUNT, "row": pl.Int64,
}  # fmt: skip

#: What cannot be seen: controls, marks that turn the direction of reading, blanks of no width, halves of characters. Joiners
#: stay: some scripts and many pictures are written with them.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True)
class Hand:
    """Whose hand a check-in is: the name in the journal, the person it is for, and the moment."""

    who: str
    person: str | None
    at: datetime.datetime


def check_in(
    ws: Books,
    asker: Asker,
    goal: str,
    said: Said,
    *,
    person: str | None = None,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> CheckedIn:
    """Write a check-in of a goal; raises Refused, InvalidInput with what to mend, or Unusual when it must be meant.

    `person` is for whom the machine's administrator writes it, `who` the name that the journal keeps of them.
    """
    hand = Hand(_name(asker, who), person if asker.machine else asker.person, at or _now())
    files = _files(said)
    words = tidy_words(said.words)
    with ws.store.write() as cursor:
        given = form(ws, asker, goal, wall_clock(hand.at).date())
        _may(ws, asker, given, person).require()
        day = said.day or given.day
        open_for_check_ins(given.row, given, day)
        _confidence(said.confidence)
        fact = fact_of(ws.company(), given.row, day) if given.row["metric"] else None
        known = reported(ws.store, fact, (given.first, given.ends)) if fact else pl.DataFrame()
        taken = number(given, said, _earlier(given, known, day))
        if taken is None and said.confidence is None and not words and not files:
            raise InvalidInput(msg("Nothing was said: give a value, how sure you are, words or a file."))
        made = _Making(given, hand, day, taken, words, tuple(files), tidy_words(said.reason))
        chosen = next_check_in(cursor)
        loaded = _measure(ws, made, chosen, _place(fact, made), known) if taken else None
        corrects = last_check_in(ws.store, goal, day) if loaded else None
        entry = _kept(made, said, loaded, corrects)
        add_check_in(cursor, chosen, entry)
        kept = add_evidence(cursor, chosen, goal, [Evidence(**vars(one)) for one in files])
        _note(cursor, made, chosen, entry, kept)
    return _told(ws, made, chosen, loaded, tuple(kept))


@dataclass(frozen=True)
class _Making:
    """A check-in on its way: what the goal takes, whose hand it is, the day, the number and the words."""

    form: Form
    hand: Hand
    day: datetime.date
    taken: Number | None
    words: str | None
    files: tuple[Attachment, ...] = ()
    reason: str | None = None


def tidy_words(words: str | None) -> str | None:
    """Return words without invisible characters and blanks around; raises InvalidInput when they are too long."""
    clean = _CONTROLS.sub("", (words or "").replace("\r\n", "\n")).strip()
    if len(clean) > LONGEST:
        raise InvalidInput(
            msg("That is {count} characters; at most {limit} are taken.", count=len(clean), limit=LONGEST)
        )
    return clean or None


def _name(asker: Asker, who: str | None) -> str:
    """Return what the journal calls the hand: the person asking, or whoever sits at the machine."""
    return (who or "").strip() or asker.name if asker.machine else asker.name


def _may(ws: Books, asker: Asker, given: Form, person: str | None) -> Decision:
    """Decide whether this check-in may be made; the machine writes for a person who answers for the goal."""
    if not asker.machine or person is None:
        return given.may
    if person not in ws.company().people["person"]:
        raise not_found(msg("person"), person, ws.company().people["person"])
    return ws.may(Asker(person), "check_in", str(given.row["owner_kind"]), given.row["owner"])


def _files(said: Said) -> list[Attachment]:
    if len(said.files) > MOST_FILES:
        raise InvalidInput(
            msg("{count} files are too many; at most {limit} are taken.", count=len(said.files), limit=MOST_FILES)
        )
    return [attachment(name, content) for name, content in said.files]


def _confidence(given: int | None) -> None:
    if given is not None and not (isinstance(given, int) and 1 <= given <= 10):
        raise InvalidInput(
            msg("Confidence is a whole number from 1 (unlikely) to 10 (certain), not {given}.", given=given)
        )


def _earlier(given: Form, known: pl.DataFrame, day: datetime.date) -> list[float]:
    """Return the values reported on other days, in the goal's measure."""
    if known.is_empty():
        return []
    scale = Measure(given.row["measure"]).scale
    scale = Measure(given.row["measure"]).scale
    value = pl.when(pl.col("base").is_null()).then(pl.col("amount").cast(pl.Float64)).otherwise(
        pl.col("amount").cast(pl.Float64) / pl.col("base").cast(pl.Float64) * scale
    )  # fmt: skip
    return known.filter(pl.col("day") != day).select(value.alias("value"))["value"].drop_nulls().drop_nans().to_list()


def _place(fact: Fact | None, made: _Making) -> Fact:
    if fact is None:
        raise InvalidInput(msg("{person} had no assignment on {day}.", person=made.form.row["scope"], day=made.day))
    return fact


def _measure(ws: Books, made: _Making, chosen: int, fact: Fact, known: pl.DataFrame) -> int | None:
    """Make the number a measurement; return the load, None when it is known already.

    Another number for a day that has one needs a reason: it supersedes the first, which stays readable.
    """
    taken, reason = made.taken, made.reason
    assert taken is not None
    amount = taken.value if taken.value is not None else taken.numerator
    there = known.filter(pl.col("day") == made.day, pl.col("entry") == "") if known.height else known
    if there.height:
        if (there["amount"][0], there["base"][0]) == (amount, taken.denominator):
            return None
        if reason is None:
            raise NeedsReason(
                msg(
                    "{day} has a value already, from {source}. Give a reason to correct it: the first one is kept beside it.",
                    day=made.day,
                    source=there["source"][0],
                )
            )
    row = {
        "metric": fact.metric, "unit": fact.unit, "person": fact.person, "day": made.day, "entry": "",
        "value": taken.value, "numerator": taken.numerator, "denominator": taken.denominator, "row": 1,
    }  # fmt: skip
    print_of = hashlib.sha256(repr(sorted(row.items(), key=str)).encode()).hexdigest()
    source = Source(f"check-in {chosen} by {_called(ws, made.hand)}", print_of, 1)
    return load(
        ws.store, pl.DataFrame([row], schema=TIDY), source, who=made.hand.who, at=made.hand.at, reason=reason
    ).load


def _called(ws: Books, hand: Hand) -> str:
    """Return the name of the person a check-in is from, as its load carries it."""
    named = ws.company().people.filter(pl.col("person") == (hand.person or ""))
    return str(named["label"][0]) if named.height else hand.who


def _kept(made: _Making, said: Said, loaded: int | None, corrects: int | None) -> CheckIn:
    taken, is_step = made.taken, bool(made.form.steps)
    return CheckIn(
        goal=made.form.goal,
        who=made.hand.who,
        person=made.hand.person,
        at=made.hand.at,
        day=made.day,
        value=None if taken is None or is_step else taken.value,
        numerator=taken.numerator if taken else None,
        denominator=taken.denominator if taken else None,
        step=taken.value if taken is not None and is_step else None,
        confidence=said.confidence,
        words=made.words,
        load=loaded,
        corrects=corrects,
        reason=made.reason,
    )


def _note(cursor: Cursor, made: _Making, chosen: int, entry: CheckIn, files: list[int]) -> None:
    """Write the journal's line: who, on behalf of whom, what."""
    detail: dict[str, Any] = {"check_in": chosen, "day": made.day, "load": entry.load}
    if made.taken is not None:
        detail["value"] = made.taken.shown
    if entry.confidence is not None:
        detail["confidence"] = entry.confidence
    if entry.corrects is not None:
        detail["corrects"] = entry.corrects
    if files:
        detail["files"] = files
    if made.hand.person is not None and made.hand.person != made.hand.who:
        detail["for"] = made.hand.person
    record(cursor, Entry(made.hand.at, made.hand.who, "check_in", made.form.goal, entry.reason, detail))


def fresh(ws: Books, goal: str) -> dict[str, Any]:
    """Return a goal's result over its cycle as it is now, with its names and measure; scored by itself, so it is quick."""
    company = ws.company()
    goals = company.goals.filter(pl.col("goal") == goal)
    if goals.is_empty() or str(goals["rollup"][0]) != Rollup.OWN.value:
        return {}
    moment = Moment(company.calendar, company.calendar.period(goals["cycle"][0]), ws.today())
    rows = with_metric_names(with_owner_names(score(ws, goals, moment, None), company), company)
    return rows.row(0, named=True) if rows.height else {}


def _told(ws: Books, made: _Making, chosen: int, loaded: int | None, files: tuple[int, ...]) -> CheckedIn:
    """Return what was written and the fresh number, in words."""
    row = fresh(ws, made.form.goal)
    said: list[Message] = []
    if loaded is not None and made.taken is not None:
        said.append(msg("Written: {value} for {day}.", value=_shown(made.form, made.taken), day=made.day))
    elif made.taken is not None:
        said.append(msg("{day} had this value already; your words were written beside it.", day=made.day))
    else:
        said.append(msg("Written as check-in {number}.", number=chosen))
    if row.get("actual") is not None and row["metric"] is not None:
        actual = Quantity(row["actual"], str(row["measure"]), row.get("currency"))
        said.append(
            msg("The goal now stands at {actual}: {status}.", actual=actual, status=STATUS_WORDS[row["status"]])
        )
    if files:
        said.append(msg("Kept with it: {files}.", files=[one.name for one in made.files]))
    return CheckedIn(chosen, loaded, files, tuple(said), row)


def _shown(given: Form, taken: Number) -> Quantity | Name | Message:
    """Return a number as people know it: a step by its name, anything else in the goal's measure."""
    if given.takes is Takes.STEP:
        return next(step.name for step in given.steps if step.value == taken.shown)
    return Quantity(taken.shown, str(given.row["measure"] or "points"), given.row.get("currency"))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
