"""Calibration: how grades are distributed and who is generous or strict; sessions, and one of them to work in."""

import streamlit as st

from dashboards import address, asking, calibration_forms, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import session_rows, text
from dashboards.blocks.grade_table import grade_table
from dashboards.blocks.pager import pager, place
from dashboards.blocks.target_bars import target_parts
from dashboards.charts import grade_stack, leniency
from dashboards.pages import CALIBRATION, path
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.calibration.answers import (
    ENFORCEMENT_WORDS,
    STATE_WORDS,
    TIE_WORDS,
    By,
    Distribution,
    Session,
)

#: What each breakdown is called.
BY_WORDS: dict[By, Message] = {By.UNIT: msg("By unit"), By.ROLE: msg("By role"), By.RATER: msg("By rater")}


def page(asked: Question) -> None:
    """Show one session when the address names it; else the picture and the list."""
    number = asked.view.choice("session")
    if number is not None and number.isdecimal() and len(number) < 9:
        one(asked, int(number))
    else:
        every(asked)


def every(asked: Question) -> None:
    """The distribution of grades, and the sessions of the period."""
    language, view = asked.language, asked.view
    by = next((one for one in By if one.value == view.choice("by")), By.UNIT)
    shown = asked.ws.distribution(asked.asker, asked.period, asked.as_of, by=by, unit=view.unit)
    showing.block(text.sentence(shown.sentence, language))
    telling.told(language)
    lines = asked.ws.calibrations(asked.asker, asked.period, asked.as_of)
    showing.block(text.heading(msg("Calibration sessions"), language))
    if lines:
        href = lambda number: address.here(path(CALIBRATION), view, session=str(number))  # noqa: E731
        showing.block(session_rows.sessions(lines, language, href))
    else:
        showing.block(text.aside(msg("No session was held in this period yet."), language))
    calibration_forms.opening(shown, asked)
    if shown.groups.height:
        picture(shown, asked)


def picture(shown: Distribution, asked: Question) -> None:
    """How the grades lie, with everybody's as the reference, and how generous each group is."""
    language = asked.language
    showing.block(text.heading(msg("How grades are distributed"), language, _merged(shown)))
    st.session_state["grades by"] = shown.by.value
    st.session_state["grades unit"] = shown.unit
    units = {choice.id: words.say(choice.name, language) for choice in shown.units}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            words.literal(msg("By"), language), [one.value for one in By], key="grades by", label_visibility="collapsed",
            format_func=lambda one: words.say(BY_WORDS[By(one)], language), required=True,
            on_change=lambda: address.change(by=st.session_state["grades by"]),
        )  # fmt: skip
        label = words.say(msg("Unit, with those below"), language)
        st.selectbox(
            label, list(units), index=None, key="grades unit", placeholder=label, format_func=lambda one: units.get(one, one),
            label_visibility="collapsed", width=260, on_change=lambda: address.change(unit=st.session_state["grades unit"]),
        )  # fmt: skip
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure = grade_stack.draw(shown.groups, shown.everybody, shown.grades, asked.ink, language)
        showing.plot(figure, grade_stack.alt(shown.groups, shown.everybody), language, key="stack")
    with right:
        if shown.leniency.height:
            figure = leniency.draw(shown.leniency, asked.ink, language)
            showing.plot(figure, leniency.alt(shown.leniency, language), language, key="leniency")
    showing.block(grade_table(shown, language))
    note = msg(
        "Against the scores: the mean grade minus the mean of the grades that the goals' scores alone would earn, in grades."
    )
    showing.block(text.aside(note, language))
    if shown.owed and shown.target:
        showing.block(text.heading(msg("Target: {name}", name=Name(shown.target.label, shown.target.label_zh)), language,
                                   ENFORCEMENT_WORDS[shown.target.enforcement]))  # fmt: skip
        showing.block(target_parts([(one, one.there) for one in shown.owed], language))


def _merged(shown: Distribution) -> Message | None:
    if not shown.merged:
        return None
    facts = {"minimum": shown.minimum, "count": len(shown.merged), "names": list(shown.merged[:6])}
    return msg("Fewer than {minimum} people: {count} units were merged into the one above, such as {names}.", **facts)


def one(asked: Question, number: int) -> None:
    """One session: the target, the people with their grades, who is nearest to the edge, every move, and its end."""
    language, view = asked.language, asked.view
    shown = asked.ws.calibration(asked.asker, number, asked.as_of)
    back = address.here(path(CALIBRATION), view, session=None, start=None)
    showing.block(text.crumbs(((Name(words.say(msg("All sessions"), language)), back),), language))
    showing.block(text.sentence(opening(shown), language))
    telling.told(language)
    showing.block(text.paragraph(notes(shown), language))
    first = place(view.start)
    calibration_forms.bench(number, first, asked)
    turn = pager(first, min(calibration_forms.PAGE, shown.rows.height - first), shown.rows.height, size=calibration_forms.PAGE,
                 language=language, href=lambda start: address.here(path(CALIBRATION), view, start=str(start)))  # fmt: skip
    showing.block(turn)
    if shown.raters.height:
        note = msg("The mean grade minus what the goals' scores alone would earn, in grades: more than 0 is generous.")
        showing.block(text.heading(msg("By rater"), language, note))
        showing.block(session_rows.raters(shown.raters, language))
    if shown.log.height:
        showing.block(
            text.heading(msg("Moves"), language, msg("Nothing is overwritten: every move stays, with its reason."))
        )
        showing.block(session_rows.log(shown.log, language))
    calibration_forms.ending(shown, asked)


def opening(shown: Session) -> tuple[Message, ...]:
    """Say whom the session is over and how it stands."""
    line = shown.line
    said = [msg("Calibration of {group}: {state}.", group=line.group, state=STATE_WORDS[line.state]),
            msg("{people} {people:person|people} you may see, {moves} {moves:move|moves}.",
                people=line.people, moves=line.moves)]  # fmt: skip
    if line.reason:
        said.append(msg("“{reason}”", reason=line.reason))
    return tuple(said)


def notes(shown: Session) -> tuple[Message, ...]:
    """Say the rules the session goes by: merging, how strictly the target binds, ties, and who takes part."""
    said: list[Message] = []
    if shown.merged:
        said.append(shown.merged)
    if shown.target:
        said += [ENFORCEMENT_WORDS[shown.target.enforcement], TIE_WORDS[shown.target.ties]]
        if not shown.reachable:
            said.append(msg("No distribution of these people meets the whole target."))
    if shown.participants:
        said.append(msg("Taking part: {people}.", people=[one.name for one in shown.participants]))
    if shown.is_open:
        said.append(msg("Nobody sees a grade of this session before it is final."))
    return tuple(said)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
