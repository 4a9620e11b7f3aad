"""One review as somebody may see it: ratings by side, history, adjustments, and what the person asking may do now."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.appraisal.explaining import explain_appraisal
from kpiflow.core.appraising import Scorecard, Section
from kpiflow.core.rating import Item, Rater, Source
from kpiflow.core.review import NEXT, AdjustmentKind, ReviewState, ReviewStep
from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.language import Name, msg
from kpiflow.storage.reviews import adjustments, peers_named, ratings_counted, ratings_given, review_steps
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of, person_name
from kpiflow.workspace.reviewing.answers import Asked, Change, RatedItem, RatedSection, Review, Taken
from kpiflow.workspace.reviewing.content import content, fingerprint
from kpiflow.workspace.reviewing.sides import BY, HR, place, returns, sees, sides, step_for
from kpiflow.workspace.reviewing.standing import standings

#: A draft: value and words by section and item.
Draft = dict[tuple[str, str], tuple[float | None, str | None]]


def standing_of(ws: Books, person: str, period: str, as_of: datetime.date | None) -> dict[str, Any]:
    """Return the row of `standings` of one person; raises NotFound for somebody who is not reviewed in the period."""
    rows = standings(ws, period, as_of)
    found = rows.filter(pl.col("person") == person)
    if found.is_empty():
        raise not_found(msg("person with a scorecard in this period"), person, rows["person"])
    return found.row(0, named=True)


def review(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Review:
    """Answer one review; raises Refused, or NotFound for somebody who is not reviewed in the period."""
    sees(ws, asker, person).require()
    company, row = ws.company(as_of), standing_of(ws, person, period, as_of)
    found, at = sides(ws, asker, person), place(ws, row, period, as_of)
    step, may = step_for(found, at)
    rater = None if step is None or step is ReviewStep.SIGNED else Rater(step.value)
    appraised = appraisals(ws, period, as_of)
    card = company.scorecards[row["scorecard"]]
    day = ws.believed(as_of)
    with ws.store.snapshot() as cursor:
        steps = review_steps(cursor, person, period, day)
        made = adjustments(cursor, period, day, person=person)
        asked = peers_named(cursor, period, person=person, as_of=day)
        draft = _draft(ratings_given(cursor, person, period, rater.value, as_of=day)) if rater else {}
        counted = ratings_counted(cursor, period, company.profile.appraisal.peers_at_least, day)
    values = counted.filter(pl.col("person") == person)
    said = content(appraised, person, period)
    history = tuple(_taken(one, company) for one in steps.iter_rows(named=True))
    signed, mark = _signed(steps, history)
    names_peers = bool(found & {Rater.MANAGER, Rater.HR}) and not at.past
    return Review(
        person=person, name=name_of(row), unit_name=Name(row["unit_label"], row["unit_label_zh"]), period=period,
        state=at.state, waits_for=NEXT[at.state], waits_on=_waits_on(row, at.state, company), due=row["due"],
        late=row["late"], score=row["score"], grade=row["grade"],
        lines=tuple(explain_appraisal(appraised, person, company.scorecards, company.grades)),
        sections=rated_sections(card, values, draft), history=history,
        adjustments=tuple(_change(one, ws, asker, company) for one in made.iter_rows(named=True)),
        peers=_peers(asked, company) if names_peers else (), peers_asked=asked.height,
        peers_at_least=company.profile.appraisal.peers_at_least, rater=rater, send=step, may=may,
        may_return=returns(found, at), may_name_peers=names_peers and _has_peers(card),
        may_adjust=may_adjust(ws, asker, person, shut=at.shut), fingerprint=fingerprint(said), signed=signed,
        changed=at.state is ReviewState.SIGNED and mark != fingerprint(said),
    )  # fmt: skip


def may_adjust(ws: Books, asker: Asker, person: str, *, shut: bool) -> Decision:
    """Decide whether somebody may adjust a score: HR's side, never their own."""
    if asker.person == person:
        return Decision(False, msg("Nobody adjusts their own score."))
    if asker.machine:
        return Decision(False, msg("A score is adjusted by a person, signed in as themselves."))
    allowed = ws.may(asker, HR, "person", person)
    if allowed.allowed and shut:
        return Decision(False, msg("The period is closed: its results do not change any more."))
    return allowed


def asked_of(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Asked:
    """Answer the form of a peer; raises Refused for whoever is not asked to rate this person."""
    day = ws.believed(as_of)
    with ws.store.snapshot() as cursor:
        named = peers_named(cursor, period, person=person, peer=asker.person or "", as_of=day)
        if named.is_empty() or asker.person is None:
            Decision(False, msg("You are not asked to rate {person}.", person=person)).require()
        draft = _draft(ratings_given(cursor, person, period, Rater.PEERS.value, asker.person, as_of=day))
    row = standing_of(ws, person, period, as_of)
    at = place(ws, row, period, as_of)
    open_ = at.state in (ReviewState.NOT_BEGUN, ReviewState.SELF_DONE, ReviewState.MANAGER_DONE)
    card = ws.company(as_of).scorecards[row["scorecard"]]
    nothing = pl.DataFrame(schema={"section": pl.String, "item": pl.String, "rater": pl.String, "value": pl.Float64})
    of_peers = tuple(one for one in rated_sections(card, nothing, draft) if Rater.PEERS in one.raters)
    return Asked(person, name_of(row), period, of_peers, open_ and not at.past and not at.shut)


def rated_sections(card: Scorecard, values: pl.DataFrame, draft: Draft) -> tuple[RatedSection, ...]:
    """Return the sections of a scorecard that are made of ratings, with the values that may be seen."""
    known: dict[tuple[str, str], dict[Rater, float | None]] = {}
    for section, item, rater, value in values.select("section", "item", "rater", "value").iter_rows():
        known.setdefault((section, item), {})[Rater(rater)] = value
    return tuple(
        RatedSection(
            part.section, Name(part.label, part.label_zh), float(part.rated.low), float(part.rated.high),
            {rater: float(part.raters[rater]) for rater in Rater if rater in part.raters},
            tuple(_item(part, item, known, draft) for item in part.items),
        )
        for part in card.sections
        if part.source is Source.RATINGS
    )  # fmt: skip


def _item(
    part: Section, item: Item, known: dict[tuple[str, str], dict[Rater, float | None]], draft: Draft
) -> RatedItem:
    key = (part.section, item.item)
    value, words = draft.get(key, (None, None))
    return RatedItem(
        item.item, Name(item.label, item.label_zh), Name(item.about, item.about_zh) if item.about else None,
        float(item.weight), tuple((float(one.points), Name(one.label, one.label_zh)) for one in item.levels),
        known.get(key, {}), value, words, key in draft,
    )  # fmt: skip


def _draft(given: pl.DataFrame) -> Draft:
    rows = given.select("section", "item", "value", "words").iter_rows()
    return {(section, item): (value, words) for section, item, value, words in rows}


def _has_peers(card: Scorecard) -> bool:
    return any(Rater.PEERS in part.raters for part in card.sections)


def _taken(row: dict[str, Any], company: Company) -> Taken:
    back = row["step"] == "returned"
    return Taken(None if back else ReviewStep(row["step"]), ReviewState(row["state"]), row["recorded_at"],
                 person_name(company, row["who"]), row["words"], row["agrees"], back)  # fmt: skip


def _signed(steps: pl.DataFrame, history: tuple[Taken, ...]) -> tuple[Taken | None, str | None]:
    """Return the last signature and the fingerprint under it."""
    for place_, taken in reversed(list(enumerate(history))):
        if taken.step is ReviewStep.SIGNED:
            return taken, steps["fingerprint"][place_]
    return None, None


def _waits_on(row: dict[str, Any], state: ReviewState, company: Company) -> Name | None:
    step = NEXT[state]
    if step is None or BY[step] is Rater.HR:
        return None
    who = row["person"] if BY[step] is Rater.SELF else row["manager"]
    return None if who is None else person_name(company, who)


def _peers(asked: pl.DataFrame, company: Company) -> tuple[tuple[str, Name, bool], ...]:
    rows = asked.select("peer", "rated").iter_rows()
    return tuple((peer, person_name(company, peer), rated) for peer, rated in rows)


def _change(row: dict[str, Any], ws: Books, asker: Asker, company: Company) -> Change:
    waits = row["agreed"] is None and row["second"]
    return Change(
        row["adjustment"], AdjustmentKind(row["kind"]), row["amount"], row["reason"], person_name(company, row["who"]),
        row["recorded_at"], row["counts"], waits, row["answer"],
        None if row["answered_by"] is None else person_name(company, row["answered_by"]), row["name"],
        may_answer(ws, asker, row),
    )  # fmt: skip


def may_answer(ws: Books, asker: Asker, row: dict[str, Any]) -> Decision:
    """Decide whether somebody may agree to an adjustment or turn it down: HR's side, but not whoever made it."""
    allowed = may_adjust(ws, asker, row["person"], shut=False)
    if not allowed.allowed:
        return allowed
    if row["agreed"] is not None or not row["second"]:
        return Decision(False, msg("This adjustment has been decided on already."))
    if asker.name == row["who"]:
        return Decision(False, msg("Somebody else has to agree to an adjustment that you made."))
    return allowed
