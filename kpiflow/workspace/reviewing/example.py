"""The reviews of the example company for its year: some signed, some on the way, some late."""

import datetime

from kpiflow.core.rating import Rater
from kpiflow.core.review import AFTER, ReviewState, ReviewStep
from kpiflow.storage.journal import Entry, record_all
from kpiflow.storage.reviews import Rating, Step, add_peers, add_ratings, add_steps
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Books
from kpiflow.workspace.reviewing.content import content, fingerprint
from kpiflow.workspace.reviewing.writing import NAMED, RETURNED, SENT, SIGNED

#: The year, who checks as HR, and when each step was taken.
PERIOD, HR = "2013", "p0005"
BEGUN = datetime.datetime(2014, 1, 6, 9, 0, tzinfo=datetime.UTC)
DAYS = {ReviewStep.SELF: 0, ReviewStep.MANAGER: 7, ReviewStep.HR: 15, ReviewStep.SIGNED: 22}

#: How far each review came: person, the manager who answered it, the last step that was taken, and what was said in it.
TAKEN: tuple[tuple[str, str, ReviewStep, str | None], ...] = (
    ("p0101", "p0002", ReviewStep.SIGNED, None),
    ("p0102", "p0002", ReviewStep.HR, None),
    ("p0111", "p0003", ReviewStep.MANAGER, "Carried the winter weeks well."),
    ("p0201", "p0002", ReviewStep.SELF, "The second half was better than the first."),
    ("p0202", "p0002", ReviewStep.SELF, None),
    ("p0012", "p0001", ReviewStep.HR, None),
    ("p0011", "p0001", ReviewStep.MANAGER, None),
)

#: What inspectors were given: by whom, as which rater, and the value of each item.
RATED: tuple[tuple[str, str, Rater, tuple[float | None, float | None, float | None]], ...] = (
    ("p0011", "p0011", Rater.SELF, (5.0, 4.0, None)),
    ("p0011", "p0001", Rater.MANAGER, (4.0, 4.0, 2.0)),
    ("p0011", "p0012", Rater.PEERS, (4.0, 5.0, None)),
    ("p0011", "p0013", Rater.PEERS, (5.0, 4.0, None)),
    ("p0011", "p0101", Rater.PEERS, (3.0, 4.0, None)),
    ("p0012", "p0012", Rater.SELF, (4.0, 4.0, None)),
    ("p0012", "p0001", Rater.MANAGER, (2.0, 3.0, 3.0)),
)
ITEMS = (("inspecting", "thoroughness"), ("inspecting", "fairness"), ("reports", "on_time"))


def example_reviews(ws: Books) -> None:
    """Write the example's reviews of its year, as they would have come in during the January after it."""
    with ws.store.write() as cursor:
        lines = []
        peers = [(by, True) for person, by, rater, _ in RATED if person == "p0011" and rater is Rater.PEERS]
        add_peers(cursor, "p0011", PERIOD, peers, who="p0001", at=BEGUN)
        lines.append(Entry(BEGUN, "p0001", NAMED, f"p0011 {PERIOD}", None, {"peers": len(peers)}))
        for person, by, rater, values in RATED:
            given = [
                Rating(person, PERIOD, *item, rater.value, by, value)
                for item, value in zip(ITEMS, values, strict=True)
                if rater is Rater.MANAGER or value is not None
            ]
            add_ratings(cursor, given, by, _at(ReviewStep.SELF if rater is Rater.PEERS else ReviewStep(rater.value)))
        for step in (ReviewStep.SELF, ReviewStep.MANAGER, ReviewStep.HR):
            for person, manager, last, words in TAKEN:
                if list(ReviewStep).index(step) <= list(ReviewStep).index(last):
                    who = {ReviewStep.SELF: person, ReviewStep.MANAGER: manager, ReviewStep.HR: HR}[step]
                    add_steps(cursor, [_step(person, step, words if step is last else None)], who, _at(step))
                    lines.append(Entry(_at(step), who, SENT, f"{person} {PERIOD}", None, {"step": step.value}))
        back = "Say more about the second quarter."
        add_steps(
            cursor,
            [Step("p0202", PERIOD, "returned", ReviewState.NOT_BEGUN.value, back)],
            "p0002",
            _at(ReviewStep.MANAGER),
        )
        lines.append(Entry(_at(ReviewStep.MANAGER), "p0002", RETURNED, f"p0202 {PERIOD}", back, {"to": "not_begun"}))
        record_all(cursor, sorted(lines, key=lambda one: one.at))
    _signed(ws)


def _at(step: ReviewStep) -> datetime.datetime:
    return BEGUN + datetime.timedelta(days=DAYS[step])


def _step(person: str, step: ReviewStep, words: str | None) -> Step:
    return Step(person, PERIOD, step.value, AFTER[step].value, words)


def _signed(ws: Books) -> None:
    """Sign the reviews that came to the end, under what the result is then."""
    appraised = appraisals(ws, PERIOD)
    rows = {row["person"]: row for row in appraised.people.iter_rows(named=True)}
    at = _at(ReviewStep.SIGNED)
    with ws.store.write() as cursor:
        for person, _, last, _ in TAKEN:
            if last is ReviewStep.SIGNED:
                text = content(appraised, person, PERIOD)
                step = Step(person, PERIOD, last.value, ReviewState.SIGNED.value, None, True, rows[person]["score"],
                            rows[person]["grade"], text, fingerprint(text))  # fmt: skip
                add_steps(cursor, [step], person, at)
                detail = {"fingerprint": fingerprint(text), "agrees": True}
                record_all(cursor, [Entry(at, person, SIGNED, f"{person} {PERIOD}", None, detail)])
