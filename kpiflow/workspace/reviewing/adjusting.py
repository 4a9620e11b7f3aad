"""Adjustments of scores: points or a coefficient, with reason and evidence, and a second person above a stated limit."""

import datetime
import math
from dataclasses import dataclass

from kpiflow.core.review import AdjustmentKind
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg
from kpiflow.sources.attachments import attachment
from kpiflow.storage.evidence import Evidence
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.reviews import (
    Adjustment,
    add_adjustment,
    add_answer,
    adjustment_file,
    adjustment_place,
    adjustments,
)
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.reporting.checking_in import tidy_words
from kpiflow.workspace.reviewing.reading import may_adjust, may_answer, standing_of
from kpiflow.workspace.reviewing.sides import sees
from kpiflow.workspace.reviewing.writing import now

#: The most points an adjustment can have, and the greatest coefficient: beyond them it is a slip of the finger.
MOST_POINTS, MOST_TIMES = 1000.0, 10.0


@dataclass(frozen=True)
class Wish:
    """An adjustment as somebody wants it: how much and why, its kind, and a file (name and bytes) that proves it."""

    amount: float
    reason: str | None
    kind: str = AdjustmentKind.POINTS.value
    file: tuple[str, bytes] | None = None


def adjust(
    ws: Books, asker: Asker, person: str, period: str, wish: Wish, *, at: datetime.datetime | None = None
) -> int:
    """Write an adjustment of a score; return its number. Raises Refused, NotFound or InvalidInput.

    Points above the company's limit, and every coefficient, count only once somebody else agreed.
    """
    when, kind, amount = at or now(), wish.kind, wish.amount
    with ws.store.write() as cursor:
        ws.moment(period, None)
        may_adjust(ws, asker, person, shut=closed(ws, period) is not None).require()
        if kind not in [one.value for one in AdjustmentKind]:
            raise not_found(msg("kind of adjustment"), kind, [one.value for one in AdjustmentKind])
        standing_of(ws, person, period, None)
        words = tidy_words(wish.reason)
        if words is None:
            raise InvalidInput(msg("An adjustment needs a reason: the person reads it beside the score."))
        _sound(kind, amount)
        taken = None if wish.file is None else Evidence(**vars(attachment(*wish.file)))
        limit = float(ws.company().profile.appraisal.second_above)
        second = kind == AdjustmentKind.COEFFICIENT.value or abs(amount) > limit
        number = add_adjustment(
            cursor, Adjustment(person, period, kind, amount, words, second, taken), asker.name, when
        )
        detail = {"adjustment": number, "kind": kind, "amount": amount, "second": second,
                  "file": taken.sha256 if taken else None}  # fmt: skip
        record(cursor, Entry(when, asker.name, "adjust_score", f"{person} {period}", words, detail))
    return number


def _sound(kind: str, amount: float) -> None:
    if not math.isfinite(amount):
        raise InvalidInput(msg("An adjustment is a number."))
    if kind == AdjustmentKind.COEFFICIENT.value and not 0 < amount <= MOST_TIMES:
        raise InvalidInput(msg("A coefficient is above 0 and at most {most}.", most=MOST_TIMES))
    if kind == AdjustmentKind.POINTS.value and (amount == 0 or abs(amount) > MOST_POINTS):
        raise InvalidInput(msg("An adjustment adds or takes off points, at most {most}.", most=MOST_POINTS))


def answer_adjustment(
    ws: Books,
    asker: Asker,
    adjustment: int,
    *,
    agree: bool,
    reason: str | None = None,
    at: datetime.datetime | None = None,
) -> bool:
    """Agree to an adjustment or turn it down, as the second person; return whether it counts. Raises Refused, NotFound."""
    when = at or now()
    with ws.store.write() as cursor:
        person, period = _place(ws, asker, adjustment)
        row = adjustments(cursor, period, adjustment=adjustment).row(0, named=True)
        may_answer(ws, asker, row).require()
        if closed(ws, period) is not None:
            raise InvalidInput(msg("The period is closed: its results do not change any more."))
        words = tidy_words(reason)
        if not agree and words is None:
            raise InvalidInput(msg("Give the reason why it is turned down."))
        add_answer(cursor, adjustment, agreed=agree, reason=words, who=asker.name, at=when)
        detail = {"adjustment": adjustment, "agreed": agree}
        record(cursor, Entry(when, asker.name, "answer_adjustment", f"{person} {period}", words, detail))
    return agree


def adjustment_evidence(ws: Books, asker: Asker, adjustment: int) -> Evidence:
    """Return the file beside an adjustment; raises NotFound when there is none that the person asking may open."""
    _place(ws, asker, adjustment)
    with ws.store.read() as cursor:
        found = adjustment_file(cursor, adjustment)
    if found is None:
        raise not_found(msg("file of an adjustment"), str(adjustment), [])
    return found[2]


def _place(ws: Books, asker: Asker, adjustment: int) -> tuple[str, str]:
    """Return person and period of an adjustment; raises NotFound alike for one there is not and one out of reach."""
    with ws.store.read() as cursor:
        found = adjustment_place(cursor, adjustment)
    if found is None or not sees(ws, asker, found[0]).allowed:
        raise not_found(msg("adjustment"), str(adjustment), [])
    return found
