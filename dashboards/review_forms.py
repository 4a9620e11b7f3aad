"""What can be done with a review: rate its items, send it on or back, sign it, name peers, adjust the score."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dashboards import asking, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import el
from dashboards.blocks.review import change
from dashboards.uploading import EVIDENCE, EVIDENCE_MOST, file_given
from kpiflow.workspace import Asker, KPIFlowError, Message, Workspace, msg
from kpiflow.workspace.reviewing.answers import (
    STATE_WORDS,
    STEP_WORDS,
    AdjustmentKind,
    Change,
    Given,
    RatedItem,
    RatedSection,
    Review,
    ReviewStep,
)

#: The choice that an item does not apply.
NOT = "not"


def tried(language: str, make: Callable[[], object], said: Message) -> None:
    """Do something and run the page again, or say what stands against it."""
    try:
        make()
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, language), icon=":material/error:")
        return
    telling.tell(said)
    st.rerun()


def rate(shown: Review, asked: Question) -> None:
    """The form of whoever rates now: each item of the sections they rate, kept as a draft or sent on."""
    language = asked.language
    if shown.rater is None or shown.send is None:
        return
    parts = [part for part in shown.sections if shown.rater in part.raters]
    showing.block(text.heading(STEP_WORDS[shown.send], language, _how(parts)))
    with st.form("review_form", border=False):
        values = [one for part in parts for one in items(part, language)]
        said = st.text_area(
            words.literal(msg("Words beside it"), language), key="review_words", max_chars=2000, height=90
        )
        with st.container(horizontal=True, gap="small"):
            send = st.form_submit_button(
                words.literal(SEND[shown.send], language), type="primary", icon=":material/send:"
            )
            keep = bool(parts) and st.form_submit_button(
                words.literal(msg("Keep as a draft"), language), icon=":material/save:"
            )
    given = [one for one in values if one is not None]
    if keep:
        tried(
            language,
            lambda: asked.ws.rate(asked.asker, shown.person, shown.period, given),
            msg("Kept. It does not count yet."),
        )
    if send:
        tried(
            language,
            lambda: asked.ws.send_review(asked.asker, shown.person, shown.period, said, given=given),
            msg("Sent. What was rated counts from now on."),
        )


#: What the button of each step says.
SEND = {
    ReviewStep.SELF: msg("Send to the manager"),
    ReviewStep.MANAGER: msg("Send to HR"),
    ReviewStep.HR: msg("Checked: give it to sign"),
    ReviewStep.SIGNED: msg("Sign …"),
}


def _how(parts: Sequence[RatedSection]) -> Message:
    if parts:
        return msg("Rate each item, or say that it does not apply. A draft counts for nothing until it is sent.")
    return msg(
        "There is nothing for you to rate in this step. Say what should be known beside the result, and send it on."
    )


def items(part: RatedSection, language: str) -> list[Given | None]:
    """A choice for each item of a section; what is not chosen stays unsaid."""
    showing.block(el("p", el("b", words.say(part.name, language)), class_="k"))
    return [_item(part, item, language) for item in part.items]


def _item(part: RatedSection, item: RatedItem, language: str) -> Given | None:
    """A row of choices: the points of the rubric, or the whole numbers of the scale, and that it does not apply."""
    named = {value: f"{value:g} · {words.say(name, language)}" for value, name in item.levels}
    numbers = [float(one) for one in range(int(part.low), int(part.high) + 1)]
    options: list[float | str] = [*(list(named) or numbers), NOT]
    now: float | str | None = None if not item.written else NOT if item.draft is None else item.draft
    if isinstance(now, float) and now not in options:
        options.insert(0, now)

    def name(one: float | str) -> str:
        return words.literal(msg("does not apply") if isinstance(one, str) else named.get(one, f"{one:g}"), language)

    chosen = st.radio(
        words.literal(item.name, language), options, index=None if now is None else options.index(now), format_func=name,
        horizontal=True, key=f"rate {part.section} {item.item}",
        help=words.literal(item.about, language) if item.about else None,
    )  # fmt: skip
    return None if chosen is None else Given(part.section, item.item, None if isinstance(chosen, str) else chosen)


def sign(shown: Review, asked: Question) -> None:
    """Sign the result: with or without agreeing, under the fingerprint of what is shown."""
    language = asked.language
    showing.block(text.heading(msg("Sign your result"), language))
    lines = (
        msg("You have read score, grade and how they came about. A signature says that you know them; you may say that "
            "you do not agree. Your name, the time and this fingerprint are kept:"),
    )  # fmt: skip
    showing.block(text.paragraph(lines, language))
    showing.block(el("div", el("code", shown.fingerprint, class_="print"), class_="k k-letter-print"))
    with st.form("review_sign", border=False):
        agrees = st.checkbox(words.literal(msg("I agree with the result"), language), value=True, key="review_agrees")
        remark = st.text_area(words.literal(msg("Remark"), language), key="review_remark", max_chars=2000, height=90)
        pressed = st.form_submit_button(words.literal(msg("I sign"), language), type="primary", icon=":material/draw:")
    if pressed:
        make = partial(
            asked.ws.sign_review,
            asked.asker,
            shown.person,
            shown.period,
            shown.fingerprint,
            remark=remark,
            agrees=agrees,
        )
        tried(language, make, msg("Signed."))


def back(shown: Review, asked: Question) -> None:
    """Send the review back to a step it has passed, with a reason."""
    language = asked.language
    if not shown.may_return:
        return
    with st.expander(words.literal(msg("Send back"), language)), st.form("review_back", border=False):
        names = {state.value: words.say(STATE_WORDS[state], language) for state in reversed(shown.may_return)}
        to = st.selectbox(
            words.literal(msg("Back to"), language), list(names), format_func=names.__getitem__, key="back_to"
        )
        reason = st.text_input(words.literal(msg("Reason"), language), key="back_reason", max_chars=500)
        if st.form_submit_button(words.literal(msg("Send back"), language), icon=":material/undo:"):
            make = partial(asked.ws.send_review_back, asked.asker, shown.person, shown.period, to, reason=reason)
            tried(language, make, msg("Sent back with your reason."))


def peers(shown: Review, asked: Question) -> None:
    """Who is asked to rate, for the manager and HR: found by name, kept in a list from which they can be taken again."""
    language = asked.language
    if not shown.may_name_peers:
        return
    rated = sum(done for _, _, done in shown.peers)
    title = msg("Peers: {rated} of {asked} have rated", rated=rated, asked=len(shown.peers))
    with st.expander(words.literal(title, language)), st.container(key="review_peers"):
        note = msg("Only the mean of at least {count} is shown and counts; who gave what is shown to nobody.",
                   count=shown.peers_at_least)  # fmt: skip
        showing.block(text.aside(note, language))
        for _, name, done in shown.peers:
            state = msg("has rated") if done else msg("has not rated yet")
            showing.block(el("p", words.say(name, language), " · ", words.say(state, language), class_="k"))
        chosen = _chosen_peers(shown, asked)
        if st.button(words.literal(msg("Ask them"), language), icon=":material/group_add:", key="ask peers"):
            make = partial(asked.ws.name_peers, asked.asker, shown.person, shown.period, chosen)
            tried(language, make, msg("They are asked."))


def _chosen_peers(shown: Review, asked: Question) -> list[str]:
    """A search by name, and whom it has brought together; return their ids."""
    language, key = asked.language, f"peers of {shown.person} {shown.period}"
    if key not in st.session_state:
        st.session_state[key] = [peer for peer, _, _ in shown.peers]
    looked = st.text_input(words.literal(msg("Find colleagues by name or id"), language), key=f"find {key}",
                           icon=":material/search:")  # fmt: skip
    found = asked.ws.peers_found(asked.asker, shown.person, shown.period, looked or "")
    if looked and not found:
        showing.block(text.aside(msg("Nobody fits. Look for another part of the name."), language))
    kept = st.session_state.setdefault(
        f"names {key}", {peer: words.say(name, language) for peer, name, _ in shown.peers}
    )
    for one in found:
        unit = words.say(one.note, language) if one.note else ""
        kept[one.id] = f"{words.say(one.name, language)} · {unit} · {one.id}"
    offered = list(dict.fromkeys([*st.session_state[key], *(one.id for one in found)]))
    return st.multiselect(words.literal(msg("Who is asked"), language), offered, key=key,
                          format_func=lambda one: kept.get(one, one),
                          placeholder=words.say(msg("Choose from who was found"), language))  # fmt: skip


def adjustments(shown: Review, asked: Question) -> None:
    """The adjustments with their reasons; HR adds one, and somebody else agrees."""
    language = asked.language
    if not shown.adjustments and not shown.may_adjust.allowed:
        return
    showing.block(text.heading(msg("Adjustments"), language))
    for one in shown.adjustments:
        showing.block(change(one, language))
        if one.file is not None:
            made = asking.pressed(asked.ws, partial(_file, asked.ws, one.adjustment))
            st.download_button(words.literal(one.file, language), made, one.file, key=f"adjusted {one.adjustment}",
                               icon=":material/attach_file:",
                               on_click="ignore")  # fmt: skip
        if one.may_answer.allowed:
            _answer(one, asked)
    if shown.may_adjust.allowed:
        _adjust(shown, asked)


def _file(ws: Workspace, adjustment: int, asker: Asker) -> bytes:
    return ws.adjustment_evidence(asker, adjustment).content


def _answer(one: Change, asked: Question) -> None:
    language = asked.language
    with st.form(f"answer {one.adjustment}", border=False):
        reason = st.text_input(
            words.literal(msg("Reason"), language), key=f"answer reason {one.adjustment}", max_chars=500
        )
        with st.container(horizontal=True, gap="small"):
            yes = st.form_submit_button(words.literal(msg("Agree"), language), type="primary")
            no = st.form_submit_button(words.literal(msg("Turn down"), language))
    if yes or no:
        make = partial(asked.ws.answer_adjustment, asked.asker, one.adjustment, agree=yes, reason=reason)
        tried(language, make, msg("It counts now.") if yes else msg("It is turned down."))


def _adjust(shown: Review, asked: Question) -> None:
    language = asked.language
    names = {AdjustmentKind.POINTS.value: msg("points"), AdjustmentKind.COEFFICIENT.value: msg("coefficient")}
    with st.expander(words.literal(msg("Adjust the score"), language)), st.form("review_adjust", border=False):
        kind = st.radio(words.literal(msg("Kind"), language), list(names), horizontal=True, key="adjust_kind",
                        format_func=lambda one: words.say(names[one], language))  # fmt: skip
        amount = st.number_input(words.literal(msg("Points, with a minus to take off; or the coefficient"), language),
                                 value=None, step=0.5, key="adjust_amount")  # fmt: skip
        reason = st.text_input(words.literal(msg("Reason"), language), key="adjust_reason", max_chars=500)
        file = file_given(msg("Evidence"), language, kinds=EVIDENCE, most=EVIDENCE_MOST, key="adjust_file")
        if st.form_submit_button(words.literal(msg("Write it"), language), type="primary"):
            make = partial(asked.ws.adjust_score, asked.asker, shown.person, shown.period, amount or 0.0, reason=reason,
                           kind=str(kind), file=None if file is None else (file.name, file.getvalue()))  # fmt: skip
            tried(language, make, msg("Written. Where somebody else has to agree, it counts from then on."))


def rate_peer(asked: Question, person: str) -> None:
    """The form of somebody who is asked as a peer."""
    language = asked.language
    form = asked.ws.peer_form(asked.asker, person, asked.period, asked.as_of)
    showing.block(text.sentence((msg("You are asked to rate {person} as a peer.", person=form.name),), language))
    telling.told(language)
    note = msg(
        "{person} sees only the mean of all who are asked, never who gave what. It counts at once.", person=form.name
    )
    showing.block(text.aside(note, language))
    if not form.open:
        showing.block(text.aside(msg("This review takes no ratings of peers any more."), language))
        return
    with st.form("peer_form", border=False):
        values = [one for part in form.sections for one in items(part, language)]
        pressed = st.form_submit_button(
            words.literal(msg("Give these ratings"), language), type="primary", icon=":material/send:"
        )
    if pressed:
        given = [one for one in values if one is not None]
        tried(
            language,
            lambda: asked.ws.rate_peer(asked.asker, person, asked.period, given),
            msg("Thank you. It counts now."),
        )
