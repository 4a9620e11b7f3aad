"""What is done with a calibration session: open one, move grades with reasons beside the live target, and end it."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboards import address, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from dashboards.blocks.target_bars import grade_heads, target_parts
from dashboards.pages import PROGRESS, path
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.calibration.answers import (
    By,
    Distribution,
    Group,
    GroupKind,
    Moved,
    Owed,
    Session,
    Wishes,
)

#: How many people one page of a session shows.
PAGE = 20


def opening(shown: Distribution, asked: Question) -> None:
    """The form that opens a session over a unit or a role; whoever may not is told nothing here."""
    language = asked.language
    if not asked.ws.may(asked.asker, "calibrate").allowed or asked.as_of is not None:
        return
    with (
        st.expander(words.literal(msg("Open a session"), language), icon=":material/add:"),
        st.form("open session", border=False),
    ):
        groups = {(GroupKind.UNIT, one.id): words.say(one.name, language) for one in shown.units}
        groups |= {
            (GroupKind.ROLE, one.id): words.say(msg("Role: {role}", role=one.name), language) for one in shown.roles
        }
        group = st.selectbox(
            words.literal(msg("Over whom"), language), list(groups), format_func=groups.__getitem__, key="open group"
        )
        targets = {"": words.say(msg("No target"), language)} | {
            one.id: words.say(one.name, language) for one in shown.targets
        }
        target = st.selectbox(words.literal(msg("Target distribution"), language), list(targets), index=min(1, len(targets) - 1),
                              format_func=targets.__getitem__, key="open target")  # fmt: skip
        raters = asked.ws.distribution(asked.asker, asked.period, asked.as_of, by=By.RATER).groups
        names = {row["group"]: words.name(row, language) for row in raters.iter_rows(named=True)}
        parts = st.multiselect(words.literal(msg("Who takes part besides you"), language), list(names),
                               format_func=names.__getitem__, key="open parts",
                               placeholder=words.say(msg("Choose"), language))  # fmt: skip
        reason = st.text_input(words.literal(msg("A word about it"), language), key="open reason")
        if st.form_submit_button(words.literal(msg("Open"), language), type="primary") and group is not None:
            wishes = Wishes(target or None, tuple(parts), reason or None)
            _open(asked, Group(*group), wishes)


def _open(asked: Question, group: Group, wishes: Wishes) -> None:
    try:
        number = asked.ws.open_calibration(asked.asker, asked.period, group, wishes)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language), icon=":material/error:")
        return
    telling.tell(msg("Session {number} is open.", number=number))
    address.change(session=str(number), start=None)
    st.rerun()


@st.fragment
def bench(number: int, first: int, asked: Question) -> None:
    """The people of a session by score with their grade to choose, and the target as it would stand with these choices."""
    with showing.politely(asked.view):
        shown = asked.ws.calibration(asked.asker, number, asked.as_of)
        drafts = drafted(shown)
        counts = drawn_up(shown, drafts)
        _target(shown, counts, asked.language)
        _people(shown, drafts, first, asked)
        _write(shown, drafts, asked)


def _key(number: int, person: str) -> str:
    return f"grade {number} {person}"


def drafted(shown: Session) -> dict[str, str]:
    """Return the grades chosen on the page that are not written yet, by person."""
    now: dict[str, str] = dict(shown.rows.select("person", "grade").iter_rows())
    chosen = {person: st.session_state.get(_key(shown.line.session, person), grade) for person, grade in now.items()}
    return {person: grade for person, grade in chosen.items() if grade != now[person]}


def drawn_up(shown: Session, drafts: Mapping[str, str]) -> dict[str, int]:
    """Return the heads per grade with the choices of the page."""
    now: dict[str, str] = dict(shown.rows.select("person", "grade").iter_rows())
    counts = dict(shown.counts)
    for person, grade in drafts.items():
        counts[now[person]] -= 1
        counts[grade] = counts.get(grade, 0) + 1
    return counts


def _target(shown: Session, counts: dict[str, int], language: str) -> None:
    """The bars, and each part of the target with what is there."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        showing.block(
            text.heading(msg("Grades in this session"), language, msg("The mark is where the session began."))
        )
        showing.block(grade_heads(shown.counts_before, counts, language))
    with right:
        if not shown.owed:
            showing.block(
                text.aside(msg("This session has no target: grades are compared, and nothing is counted."), language)
            )
            return
        parts = []
        for one in shown.owed:
            there = sum(counts.get(grade, 0) for grade in one.quota.grades)
            parts.append((Owed(one.quota, there, one.quota.missing(counts)), there))
        showing.block(text.heading(msg("Against the target"), language))
        showing.block(target_parts(parts, language))


def _people(shown: Session, drafts: Mapping[str, str], first: int, asked: Question) -> None:
    language = asked.language
    showing.block(
        text.heading(msg("People, best score first"), language, shown.moves.reason if not shown.moves.allowed else None)
    )
    editable = shown.moves.allowed and asked.as_of is None
    near = {row["person"]: row["to"] for row in shown.suggestions.iter_rows(named=True)}
    for row in shown.rows.slice(first, PAGE).iter_rows(named=True):
        person = row["person"]
        with st.container(key=f"calibrated_{person}", horizontal=True, vertical_alignment="center", gap="small"):
            showing.block(_person(row, near.get(person), asked))
            if editable:
                key = _key(shown.line.session, person)
                st.session_state.setdefault(key, row["grade"])
                label = words.say(msg("Grade of {person}", person=words.name(row, language)), language)
                st.selectbox(label, shown.grades, key=key, label_visibility="collapsed", width=90)
            if person in drafts:
                label = words.say(
                    msg("Why {before} becomes {after}", before=row["grade"], after=drafts[person]), language
                )
                st.text_input(label, key=f"why {shown.line.session} {person}", placeholder=label, label_visibility="collapsed",
                              width=420)  # fmt: skip


def _person(row: Mapping[str, object], to: str | None, asked: Question) -> Markup:
    """Return one person's line: score, name and place, the grade before where it was moved, and why."""
    language = asked.language
    name = el("a", words.name(row, language), href=address.link(path(PROGRESS), asked.view, person=str(row["person"])))
    beside = f"{words.name(row, language, 'role_label')} · {words.name(row, language, 'unit_label')}"
    moved = row["before"] != row["grade"]
    said = (
        msg("{before} → {after}", before=row["before"], after=row["grade"])
        if moved
        else msg("{grade}", grade=row["grade"])
    )
    notes = [str(row["reason"])] if moved and row["reason"] else []
    if to is not None:
        notes.append(words.say(msg("◇ nearest to the edge: {to} would meet the target", to=to), language))
    if row["drifted"]:
        notes.append(words.say(msg("▲ the score has changed since the session was opened"), language))
    said_beside = [el("span", note, class_="owner said") for note in notes]
    return el(
        "div",
        el("b", words.points(row["score"], language), class_="score"),  # type: ignore[arg-type]
        el("span", name, el("span", beside, class_="owner"), *said_beside, class_="who"),
        el("b", words.say(said, language), class_="grade"),
        class_="k k-calibrated",
    )  # fmt: skip


def _write(shown: Session, drafts: Mapping[str, str], asked: Question) -> None:
    """The button that writes what was chosen, all or nothing."""
    language = asked.language
    if not drafts:
        return
    reasons = {person: st.session_state.get(f"why {shown.line.session} {person}", "") for person in drafts}
    missing = sum(not reason.strip() for reason in reasons.values())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            words.literal(msg("Write the moves ({count})", count=len(drafts)), language), type="primary", key="write moves",
            icon=":material/check:", on_click=_moved,
            args=(shown.line.session, dict(drafts), reasons, asked), disabled=bool(missing),
        )  # fmt: skip
        if missing:
            showing.block(
                text.aside(
                    msg("Each move needs its reason; {missing} {missing:has|have} none yet.", missing=missing), language
                )
            )


def _moved(number: int, drafts: dict[str, str], reasons: dict[str, str], asked: Question) -> None:
    moves = [Moved(person, grade, reasons[person]) for person, grade in drafts.items()]
    try:
        count = asked.ws.move_grades(asked.asker, number, moves)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    for person in drafts:
        st.session_state.pop(_key(number, person), None)
        st.session_state.pop(f"why {number} {person}", None)
    telling.tell(msg("Moves written: {count}.", count=count))


def ending(shown: Session, asked: Question) -> None:
    """Making it final as a second person, or dropping it; where it is not allowed, the reason."""
    language, number = asked.language, shown.line.session
    if not shown.is_open or asked.as_of is not None:
        return
    showing.block(text.heading(msg("Ending the session"), language))
    if shown.finalises.allowed:
        why = ""
        if not shown.met:
            label = words.say(msg("The target is not met: why it is made final all the same"), language)
            why = st.text_input(label, key=f"exception {number}")
        label = words.say(msg("Make it final"), language)
        st.button(label, type="primary", key="finalise", icon=":material/gavel:", on_click=_ended,
                  args=(asked, partial(asked.ws.finalise_calibration, asked.asker, number, exception=why or None),
                        msg("The session is final: the people in it see their grade and the reason.")))  # fmt: skip
    else:
        showing.block(text.aside(shown.finalises.reason, language))
    if asked.ws.may(asked.asker, "calibrate").allowed:
        with st.popover(words.literal(msg("Drop it"), language)):
            reason = st.text_input(words.literal(msg("Why it ends without effect"), language), key=f"drop {number}")
            st.button(words.literal(msg("Drop the session"), language), key="drop", on_click=_ended,
                      args=(asked, partial(asked.ws.drop_calibration, asked.asker, number, reason=reason),
                            msg("The session is dropped. No grade changes.")))  # fmt: skip


def _ended(asked: Question, do: partial, done: Message) -> None:
    del asked
    try:
        do()
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(done)
