"""Reviews written: ratings, the steps from self to signed, steps back, and who is asked as a peer."""

import datetime
from collections.abc import Sequence

from kpiflow.access.decision import Decision
from kpiflow.core.rating import Rater
from kpiflow.core.review import AFTER, ReviewState, ReviewStep
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.reviews import Rating, Step, add_peers, add_ratings, add_steps, peers_named
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.reporting.checking_in import tidy_words
from kpiflow.workspace.reviewing.answers import Given, RatedItem, RatedSection, Review
from kpiflow.workspace.reviewing.content import content
from kpiflow.workspace.reviewing.peers import may_name, nobody
from kpiflow.workspace.reviewing.reading import asked_of, review

#: The actions of the journal.
RATED, SENT, RETURNED, SIGNED, NAMED = "rate", "send_review", "return_review", "sign_review", "name_peers"


def now() -> datetime.datetime:
    """Return the moment something is written at."""
    return datetime.datetime.now(datetime.UTC)


def rate(
    ws: Books, asker: Asker, person: str, period: str, given: Sequence[Given], *, at: datetime.datetime | None = None
) -> int:
    """Write ratings from the side that the person asking stands on now; return how many. Raises Refused, InvalidInput."""
    when = at or now()
    with ws.store.write() as cursor:
        shown = review(ws, asker, person, period)
        if shown.rater is None:
            (Decision(False, shown.may.reason) if shown.may.allowed else shown.may).require()
            raise InvalidInput(msg("There is nothing to rate in this step."))
        ready = checked(given, shown.sections, shown.rater)
        rows = [Rating(person, period, one.section, one.item, shown.rater.value, asker.name, one.value, one.words)
                for one in ready]  # fmt: skip
        add_ratings(cursor, rows, asker.name, when)
        detail = {"as": shown.rater.value, "items": len(rows)}
        record(cursor, Entry(when, asker.name, RATED, f"{person} {period}", None, detail))
    return len(rows)


def rate_peer(
    ws: Books, asker: Asker, person: str, period: str, given: Sequence[Given], *, at: datetime.datetime | None = None
) -> int:
    """Write what a peer who was asked gives; it counts at once. Raises Refused, or InvalidInput once HR has checked."""
    when = at or now()
    with ws.store.write() as cursor:
        shown = asked_of(ws, asker, person, period)
        if not shown.open:
            raise InvalidInput(msg("This review takes no ratings of peers any more."))
        ready = checked(given, shown.sections, Rater.PEERS)
        rows = [Rating(person, period, one.section, one.item, Rater.PEERS.value, asker.name, one.value, one.words)
                for one in ready]  # fmt: skip
        add_ratings(cursor, rows, asker.name, when)
        # Whom a peer rated is not written into the journal, which more people read than may know it.
        record(cursor, Entry(when, asker.name, RATED, period, None, {"as": Rater.PEERS.value, "items": len(rows)}))
    return len(rows)


def checked(given: Sequence[Given], sections: tuple[RatedSection, ...], rater: Rater) -> list[Given]:
    """Return ratings checked against their scale or rubric; raises NotFound or InvalidInput, naming the item."""
    items = {
        (part.section, item.item): (part, item) for part in sections if rater in part.raters for item in part.items
    }
    ready = []
    for one in given:
        if (one.section, one.item) not in items:
            raise not_found(msg("item to rate"), f"{one.section}/{one.item}", [f"{s}/{i}" for s, i in items])
        part, item = items[one.section, one.item]
        _check(one, part, item)
        ready.append(Given(one.section, one.item, one.value, tidy_words(one.words)))
    if not ready:
        raise InvalidInput(msg("Nothing was rated: give at least one item a value."))
    return ready


def _check(one: Given, part: RatedSection, item: RatedItem) -> None:
    if one.value is None:
        return
    if not part.low <= one.value <= part.high:
        raise InvalidInput(
            msg("{item} is rated from {low} to {high}; {value} is not on that scale.", item=item.name, low=part.low,
                high=part.high, value=one.value)
        )  # fmt: skip
    points = [level for level, _ in item.levels]
    if points and one.value not in points:
        raise InvalidInput(msg("{item} has a rubric: choose one of {points}.", item=item.name,
                               points=", ".join(f"{one:g}" for one in points)))  # fmt: skip


def send(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    words: str | None = None,
    *,
    given: Sequence[Given] = (),
    at: datetime.datetime | None = None,
) -> ReviewState:
    """Take the next step of a review: what was rated counts from now on. Raises Refused, or InvalidInput when items lack."""
    when = at or now()
    with ws.store.write() as cursor:
        if given:
            rate(ws, asker, person, period, given, at=when)
        shown = review(ws, asker, person, period)
        if shown.send is None:
            shown.may.require()
        if shown.send is None or shown.send is ReviewStep.SIGNED:
            raise InvalidInput(msg("The next step is the signature: read the review and sign it."))
        lacking = _lacking(shown, given)
        if lacking:
            raise InvalidInput(msg("Not rated yet: {items}. Rate each, or say that it does not apply.", items=lacking))
        state = AFTER[shown.send]
        add_steps(cursor, [Step(person, period, shown.send.value, state.value, tidy_words(words))], asker.name, when)
        record(
            cursor,
            Entry(
                when,
                asker.name,
                SENT,
                f"{person} {period}",
                words,
                {"step": shown.send.value, "account": asker.account},
            ),
        )
    return state


def _lacking(shown: Review, given: Sequence[Given]) -> list[object]:
    """Return what the items are called that nothing was said about on this side, before or just now."""
    parts = [part for part in shown.sections if shown.rater in part.raters]
    now_ = {(one.section, one.item) for one in given}
    items = [(part.section, item) for part in parts for item in part.items]
    return [item.name for section, item in items if not item.written and (section, item.item) not in now_]


def send_back(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    to: str,
    *,
    reason: str | None,
    at: datetime.datetime | None = None,
) -> ReviewState:
    """Send a review back to a state it has passed, with a reason; raises Refused, NotFound or InvalidInput."""
    when = at or now()
    with ws.store.write() as cursor:
        shown = review(ws, asker, person, period)
        if not shown.may_return:
            said = msg("Reviews are sent back by the manager and by HR, from a step that is done.")
            Decision(False, said).require()
        states = {state.value: state for state in shown.may_return}
        if to not in states:
            raise not_found(msg("state to send this review back to"), to, states)
        words = tidy_words(reason)
        if words is None:
            raise InvalidInput(msg("Give a reason: whoever gets the review back reads it."))
        add_steps(cursor, [Step(person, period, "returned", to, words)], asker.name, when)
        record(cursor, Entry(when, asker.name, RETURNED, f"{person} {period}", words, {"to": to}))
    return states[to]


def sign(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    mark: str,
    *,
    remark: str | None = None,
    agrees: bool = True,
    at: datetime.datetime | None = None,
) -> str:
    """Sign the result that was shown, with or without agreeing; return its fingerprint.

    Raises Refused for anybody but the person, and InvalidInput when the result has changed since, or when somebody who
    does not agree gives no remark.
    """
    when = at or now()
    with ws.store.write() as cursor:
        shown = review(ws, asker, person, period)
        if asker.person != person or shown.send is not ReviewStep.SIGNED:
            no = shown.may.reason if asker.person == person else msg("A review is signed by the person it is about.")
            Decision(False, no).require()
        if shown.fingerprint != mark:
            raise InvalidInput(msg("The result has changed since it was shown. Read it again before you sign."))
        words = tidy_words(remark)
        if not agrees and words is None:
            raise InvalidInput(msg("Say in a remark what you do not agree with."))
        text = content(appraisals(ws, period), person, period)
        step = Step(person, period, ReviewStep.SIGNED.value, ReviewState.SIGNED.value, words, agrees, shown.score,
                    shown.grade, text, mark)  # fmt: skip
        add_steps(cursor, [step], asker.name, when)
        detail = {"fingerprint": mark, "agrees": agrees, "account": asker.account}
        record(cursor, Entry(when, asker.name, SIGNED, f"{person} {period}", words, detail))
    return mark


def name_peers(
    ws: Books, asker: Asker, person: str, period: str, peers: Sequence[str], *, at: datetime.datetime | None = None
) -> int:
    """Say who is asked to rate somebody, in the place of whoever was asked before; return how many. Raises Refused, NotFound."""
    when = at or now()
    with ws.store.write() as cursor:
        shown = review(ws, asker, person, period)
        may_name(shown).require()
        known = ws.company().people["person"].to_list()
        for peer in peers:
            if peer not in known:
                raise nobody(ws, peer)
            if peer == person:
                raise InvalidInput(msg("Nobody is their own peer."))
        before = set(peers_named(cursor, period, person=person)["peer"])
        changes = [(one, True) for one in dict.fromkeys(peers) if one not in before]
        changes += [(one, False) for one in sorted(before - set(peers))]
        add_peers(cursor, person, period, changes, who=asker.name, at=when)
        record(cursor, Entry(when, asker.name, NAMED, f"{person} {period}", None, {"peers": len(set(peers))}))
    return len(set(peers))
