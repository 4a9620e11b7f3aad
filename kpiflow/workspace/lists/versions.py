"""What each list depends on, as a short tuple: the same versions give the same answer to the same person."""

import datetime
from collections.abc import Callable, Hashable, Mapping
from enum import StrEnum

from kpiflow.storage.check_ins import check_ins_version
from kpiflow.storage.journal import journal_version
from kpiflow.storage.letters import letters_version
from kpiflow.storage.pay_runs import runs_version
from kpiflow.workspace.books import Books


class Of(StrEnum):
    """What a list is made of."""

    PLAN = "plan"
    RESULTS = "results"
    SCORES = "scores"
    LETTERS = "letters"
    PAY = "pay"
    CHECK_INS = "check_ins"
    MEASUREMENTS = "measurements"
    JOURNAL = "journal"


def depends(ws: Books, of: Of, as_of: datetime.date | None = None) -> tuple[Hashable, ...]:
    """Return the versions that lists of a kind depend on at a moment, without the moment itself; asking is cheap."""
    known = ws.known(as_of)
    return (known.definitions, *_FURTHER[of](ws, as_of))


def _scores(ws: Books, as_of: datetime.date | None) -> tuple[Hashable, ...]:
    known = ws.known(as_of)
    return (known.measurements, known.closings, known.calibrations, known.reviews, *_letters(ws, as_of))


def _letters(ws: Books, as_of: datetime.date | None) -> tuple[Hashable, ...]:
    with ws.store.read() as cursor:
        return letters_version(cursor, ws.believed(as_of))


_FURTHER: Mapping[Of, Callable[[Books, datetime.date | None], tuple[Hashable, ...]]] = {
    Of.PLAN: lambda ws, as_of: (),  # noqa: ARG005
    Of.RESULTS: lambda ws, as_of: (ws.known(as_of).measurements, ws.known(as_of).closings),
    Of.SCORES: _scores,
    Of.LETTERS: _scores,
    Of.PAY: lambda ws, as_of: (runs_version(ws.store, ws.believed(as_of)),),
    Of.CHECK_INS: lambda ws, as_of: check_ins_version(ws.store, ws.believed(as_of)),
    Of.MEASUREMENTS: lambda ws, as_of: (ws.known(as_of).measurements,),
    Of.JOURNAL: lambda ws, as_of: (journal_version(ws.store, ws.believed(as_of)),),
}
