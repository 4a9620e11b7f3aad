"""Reviews: how far everybody's has come and who is late; one review with its ratings, result, steps and signature."""

import streamlit as st

from dashboards import address, asking, rating_forms, review_forms, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import el
from dashboards.blocks.pager import pager, place
from dashboards.blocks.review import history, ratings, result, way
from dashboards.blocks.review_list import late_by_unit, review_figures, review_list
from dashboards.pages import REVIEWS, path
from dashboards.review_looks import state_words
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.reviewing.answers import Review, ReviewList, ReviewState, ReviewStep, Wanted

#: What the list can be narrowed to beside a state.
EVERY, MINE, LATE = "every", "mine", "late"

#: How many reviews one page of the list shows.
PAGE = 25


def page(asked: Question) -> None:
    """Show a peer's form, one review, or the list; whoever has only their own review sees it at once."""
    peer, person = asked.view.choice("peer"), asked.view.person
    if peer is not None:
        review_forms.rate_peer(asked, peer)
        return
    if person is not None:
        one(asked, person, alone=False)
        return
    listed = asked.ws.reviews(asked.asker, asked.period, asked.as_of, wanted(asked))
    whole = listed.total == 1 and asked.asker.person is not None and listed.asked.is_empty()
    if whole and listed.rows.height and listed.rows["person"][0] == asked.asker.person:
        one(asked, asked.asker.person or "", alone=True)
    elif listed.total or listed.asked.height:
        every(asked, listed)
    else:
        lines = (msg("Reviews are of people whose role has a scorecard, in the periods they are appraised for."),)
        showing.block(text.notice(msg("No reviews to see in this period"), lines, asked.language))


def wanted(asked: Question) -> Wanted:
    """Return which reviews the address asks for."""
    chosen = asked.view.choice("show")
    state = next((one for one in ReviewState if one.value == chosen), None)
    return Wanted(state, late=chosen == LATE, mine=chosen == MINE, unit=asked.view.unit, word=asked.view.find or "",
                  offset=place(asked.view.start), limit=PAGE)  # fmt: skip


def every(asked: Question, listed: ReviewList) -> None:
    """The list with its figures and filters, and the units with most late ones."""
    language, view = asked.language, asked.view
    showing.block(text.sentence(opening(listed), language))
    telling.told(language)
    for row in listed.asked.iter_rows(named=True):
        link = address.here(path(REVIEWS), view, peer=row["person"])
        said = words.say(
            msg("You are asked to rate {person} as a peer.", person=Name(row["label"], row["label_zh"])), language
        )
        showing.block(el("p", el("a", said, href=link), class_="k"))
    if not listed.total:
        return
    showing.block(review_figures(listed, language))
    if listed.mine or listed.asked.height:
        rating_forms.by_workbook(asked)
    narrowing(asked, listed)
    if listed.rows.is_empty():
        showing.block(text.aside(msg("No review fits. Choose another state, or another part of a name."), language))
    else:
        showing.block(
            review_list(listed, language, lambda person: address.here(path(REVIEWS), view, person=person, start=None))
        )
        turn = pager(place(view.start), listed.rows.height, listed.found, size=PAGE, language=language,
                     href=lambda start: address.here(path(REVIEWS), view, start=str(start)))  # fmt: skip
        showing.block(turn)
    if listed.late and listed.units.height > 1:
        showing.block(text.heading(msg("Late, by unit"), language, msg("The units with most late reviews.")))
        showing.block(
            late_by_unit(
                listed.units, language, lambda unit: address.here(path(REVIEWS), view, unit=unit, show=LATE, start=None)
            )
        )


def opening(listed: ReviewList) -> tuple[Message, ...]:
    """Say how many reviews are signed, how many are late, and how many wait for the reader."""
    signed = listed.counts.get(ReviewState.SIGNED, 0)
    said = [
        msg(
            "{count} of {total} {total:review|reviews} for {period} {total:is|are} signed.",
            count=signed,
            total=listed.total,
            period=listed.period,
        )
    ]
    if listed.late:
        said.append(msg("{count} {count:is|are} late.", count=listed.late))
    if listed.mine:
        said.append(msg("{count} {count:waits|wait} for you.", count=listed.mine))
    return tuple(said)


def narrowing(asked: Question, listed: ReviewList) -> None:
    """Let the reader choose which reviews: by state, late ones, what waits for them, by a part of a name."""
    language = asked.language
    options: list[str] = [EVERY, *([MINE] if listed.mine else []), *([LATE] if listed.late else []),
                          *(state.value for state in ReviewState)]  # fmt: skip
    chosen = asked.view.choice("show") or EVERY
    st.session_state["reviews show"] = chosen if chosen in options else EVERY
    st.session_state["reviews find"] = asked.view.find or ""
    names = {EVERY: words.say(msg("All reviews"), language), MINE: words.say(msg("Waiting for me"), language),
             LATE: words.say(msg("Late ones"), language)}  # fmt: skip
    names |= {state.value: state_words(state, language) for state in ReviewState}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(words.literal(msg("State"), language), options, key="reviews show", format_func=lambda one: names[one],
                     width=270, on_change=_write, args=("show", "reviews show"))  # fmt: skip
        st.text_input(words.literal(msg("Name"), language), key="reviews find", width=220, on_change=_write,
                      args=("find", "reviews find"), icon=":material/search:")  # fmt: skip
        if asked.view.unit is not None:
            label = words.say(msg("All units"), language)
            st.button(label, on_click=address.change, kwargs={"unit": None, "start": None}, icon=":material/close:")


def _write(name: str, key: str) -> None:
    value = st.session_state[key]
    address.change(**{name: None if value in ("", EVERY) else value, "start": None})


def one(asked: Question, person: str, *, alone: bool) -> None:
    """One review: where it stands, what is to be done now, ratings, result, history."""
    language, view = asked.language, asked.view
    shown = asked.ws.review(asked.asker, person, asked.period, asked.as_of)
    if not alone:
        link = address.here(path(REVIEWS), view, person=None)
        showing.block(el("p", el("a", words.say(msg("All reviews"), language), href=link), class_="k k-crumbs"))
    showing.block(text.sentence(standing(shown), language))
    telling.told(language)
    if shown.changed:
        st.warning(words.literal(CHANGED, language), icon=":material/difference:")
    showing.block(result(shown, language))
    showing.block(way(shown, language))
    todo(shown, asked)
    if shown.sections:
        note = msg("A dash: not given, or not sent on yet. Of peers only the mean is shown, from {count} on.",
                   count=shown.peers_at_least)  # fmt: skip
        showing.block(text.heading(msg("Ratings"), language, note))
        for part in shown.sections:
            showing.block(
                el("p", el("b", words.say(part.name, language)), f" · {part.low:g}–{part.high:g}", class_="k")
            )
            showing.block(ratings(part, language))
    review_forms.adjustments(shown, asked)
    review_forms.peers(shown, asked)
    review_forms.back(shown, asked)
    if shown.history:
        showing.block(text.heading(msg("What happened so far"), language))
        showing.block(history(shown, language))


#: What is said of a result that is not the one that was signed any more.
CHANGED = msg("The result has changed since it was signed: the signature is under another score, sections or steps.")


def todo(shown: Review, asked: Question) -> None:
    """The form of the step that is the reader's now, or the reason why there is none."""
    if shown.send is ReviewStep.SIGNED:
        review_forms.sign(shown, asked)
    elif shown.send is not None:
        review_forms.rate(shown, asked)
    elif shown.state is not ReviewState.SIGNED:
        showing.block(text.aside(shown.may.reason, asked.language))


def standing(shown: Review) -> tuple[Message, ...]:
    """Say how far the review has come, and what it waits for."""
    first = msg("The review of {person} for {period}.", person=shown.name, period=shown.period)
    back = shown.history[-1] if shown.history and shown.history[-1].back else None
    more = [] if back is None else [msg("Sent back: {reason}", reason=back.words)]
    if shown.waits_on is not None:
        more.append(msg("It waits for {person}.", person=shown.waits_on))
    elif shown.waits_for is ReviewStep.HR:
        more.append(msg("It waits for HR."))
    if shown.late:
        more.append(msg("That is {days} {days:day|days} late.", days=shown.late))
    return (first, *more)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
