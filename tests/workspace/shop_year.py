"""A year in the shop, step by step with its moments: changed plans, loads and corrections, check-ins, proposals, letters."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl

from kpiflow.core.proposal import AnswerKind
from kpiflow.storage.check_ins import CheckIn, add_check_in, next_check_in
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.letters import LetterKey, letter_versions
from kpiflow.storage.proposals import LINES, Answer, Proposal, add_answer, add_proposal
from kpiflow.storage.remarks import Remark, add_remark
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import apply
from kpiflow.workspace.handing_down.making import make_change
from kpiflow.workspace.letters.drawing import draw_up
from kpiflow.workspace.letters.signing import sign
from tests.workspace.shop import PLANNED, config, measured, moment, opened

#: What is done on a day, in order. Each is given the store and the folder with its configuration.
Step = tuple[str, Callable[[Workspace, Path], object]]

ANN = LetterKey("person", "ann", "2026")


def loaded(source: str, day: str, *rows: tuple[str, str, str, float], reason: str | None = None) -> Callable[..., None]:
    def write(ws: Workspace, _: Path) -> None:
        measured(ws, source, day, *rows, reason=reason)

    return write


def easier(ws: Workspace, _: Path) -> None:
    """Ann's target goes down, with the reason, through a change that was shown."""
    shown = ws.preview_change(ADMINISTRATOR, "ann-sales", {"target": 90}, "2026")
    make_change(ws, ADMINISTRATOR, shown, who="boss", reason="The shop was closed in May", at=moment("2026-05-10"))


def proposed(ws: Workspace, _: Path) -> None:
    row = {"goal": "ann-sales", "owner_kind": "person", "owner": "ann", "is_new": False, "before": 100.0, "target": 110.0,
           "threshold": None, "stretch": None, "weight": None, "eased": False, "words": "You can do more"}  # fmt: skip
    said = Proposal("all-sales", "2026", moment("2026-02-10"), "north", "equal", 300.0, 0.0, {}, None, 1)
    with ws.store.write() as cursor:
        add_proposal(cursor, said, pl.DataFrame([row], schema=LINES))


def answered(day: str, who: str, kind: AnswerKind, value: float | None, words: str | None) -> Callable[..., None]:
    def write(ws: Workspace, _: Path) -> None:
        with ws.store.write() as cursor:
            add_answer(cursor, Answer(1, moment(day), who, kind.value, value, words))

    return write


def drawn(ws: Workspace, _: Path) -> None:
    draw_up(ws, Asker("hr"), ANN, at=moment("2026-01-20"))


def signed(day: str, person: str) -> Callable[..., None]:
    def write(ws: Workspace, _: Path) -> None:
        with ws.store.read() as cursor:
            mark = letter_versions(cursor, ANN)["fingerprint"][-1]
        sign(ws, Asker(person), ANN, mark, at=moment(day))

    return write


def checked_in(day: str, value: str, words: str, corrects: int | None = None) -> Callable[..., None]:
    def write(ws: Workspace, _: Path) -> None:
        at = moment(day)
        made = CheckIn("ann-sales", "ann", "ann", at, at.date(), value=Decimal(value), confidence=4, words=words, corrects=corrects,
                       reason="Typed wrong" if corrects else None)  # fmt: skip
        with ws.store.write() as cursor:
            add_check_in(cursor, next_check_in(cursor), made)
            record(cursor, Entry(at, "ann", "check_in", "ann-sales"))

    return write


def remarked(
    day: str, who: str, words: str, asks: str | None = None, answers: int | None = None
) -> Callable[..., None]:
    def write(ws: Workspace, _: Path) -> None:
        with ws.store.write() as cursor:
            add_remark(cursor, Remark("ann-sales", who, who, moment(day), words, asks, answers))

    return write


def renamed(ws: Workspace, folder: Path) -> None:
    apply(
        ws,
        config(folder / "renamed", label="Ann Married", ann=90),
        who="planner",
        at=moment("2026-10-01"),
        reason="A new name",
    )


STEPS: tuple[Step, ...] = (
    ("2026-01-20", drawn),
    ("2026-02-01", loaded("January", "2026-02-01", ("sales", "ann", "2026-01-31", 8), ("sales", "ben", "2026-01-31", 9))),
    ("2026-02-03", signed("2026-02-03", "ann")),
    ("2026-02-04", signed("2026-02-04", "north")),
    ("2026-02-10", proposed),
    ("2026-02-12", answered("2026-02-12", "ann", AnswerKind.COUNTER, 95.0, "Half my customers moved away")),
    ("2026-02-14", answered("2026-02-14", "north", AnswerKind.DECLINE, None, "Let us see in May")),
    ("2026-03-01", loaded("February", "2026-03-01", ("sales", "ann", "2026-02-28", 7), ("returns", "ann", "2026-02-28", 3))),
    ("2026-03-05", loaded("January again", "2026-03-05", ("sales", "ann", "2026-01-31", 10), reason="Two were forgotten")),
    ("2026-03-10", checked_in("2026-03-10", "5", "Going well")),
    ("2026-03-11", checked_in("2026-03-11", "6", "Going very well", 1)),
    ("2026-04-02", remarked("2026-04-02", "north", "What about the big order?", asks="ann")),
    ("2026-04-03", remarked("2026-04-03", "ann", "It comes in June.", answers=1)),
    ("2026-05-10", easier),
    ("2026-10-01", renamed),
)  # fmt: skip


def year(folder: Path, until: str = "9999-12-31") -> Workspace:
    """Make the shop's store as it stood at the end of a day: everything later has not happened in it."""
    folder.mkdir(parents=True, exist_ok=True)
    ws = opened(folder)
    for day, step in STEPS:
        if day <= until:
            step(ws, folder)
    return ws


#: Days to look from: before everything, on days on which something happened, and between.
DAYS: tuple[datetime.date, ...] = tuple(
    map(
        datetime.date.fromisoformat,
        (
            "2026-01-05",
            "2026-02-03",
            "2026-02-12",
            "2026-03-05",
            "2026-03-11",
            "2026-04-30",
            "2026-05-10",
            "2026-10-15",
        ),
    )
)
assert PLANNED.date() < DAYS[0]
