"""What is done with appeals: file one down to a measurement, remark, decide with a correction, and take one back."""

from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboards import address, asking, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.uploading import EVIDENCE, EVIDENCE_MOST
from kpiflow.workspace import Asker, Choice, KPIFlowError, Message, Name, msg
from kpiflow.workspace.appeals.answers import (
    ABOUT_WORDS,
    APPEAL_WORDS,
    OUTCOMES,
    About,
    Appeal,
    AppealState,
    Correction,
    Disputable,
    Filing,
    Line,
    Verdict,
)
from kpiflow.workspace.appeals.plan_inputs import ELSEWHERE, PlanInput


@st.fragment
def filing(asked: Question, person: str) -> None:
    """The form of an appeal: what is disputed, as far down as it goes, why, and files."""
    language = asked.language
    with showing.politely(asked.view):
        found = asked.ws.disputable(asked.asker, person, asked.period)
        if not found.may.allowed:
            showing.block(text.aside(found.may.reason, language))
            return
        if found.until is not None:
            showing.block(text.aside(msg("You can appeal until {day}.", day=found.until), language))
        about = _about(found, asked)
        line, whole = _line(about, found, asked)
        said = st.text_area(words.literal(msg("What is wrong"), language), max_chars=2000, key="appeal words")
        files = st.file_uploader(
            words.literal(msg("Evidence: PDF, picture, text, CSV, Excel or Word, up to 10 MB"), language), type=list(EVIDENCE),
            accept_multiple_files=True, max_upload_size=EVIDENCE_MOST, key="appeal files",
        )  # fmt: skip
        ready = whole and bool((said or "").strip())
        pressed = st.button(
            words.literal(msg("File the appeal"), language), type="primary", icon=":material/send:", disabled=not ready
        )
        if pressed:
            given = tuple((file.name, file.getvalue()) for file in files or ())
            _file(asked, person, Filing(line, said or "", given))


def _about(found: Disputable, asked: Question) -> About:
    """What is disputed: only what there is."""
    offered = [About.SCORE]
    offered += [About.GRADE] if found.grade else []
    offered += [About.SECTION] if found.sections else []
    offered += [About.GOAL, About.MONTH, About.MEASUREMENT] if found.goals else []
    offered += [About.PAY] if found.pay else []
    offered += [About.INPUT] if found.inputs else []
    label = words.say(msg("What do you dispute?"), asked.language)
    return About(st.selectbox(label, [one.value for one in offered], key="appeal about",
                              format_func=lambda one: words.say(ABOUT_WORDS[About(one)], asked.language)))  # fmt: skip


def _line(about: About, found: Disputable, asked: Question) -> tuple[Line, bool]:
    """Return the line chosen, and whether it is chosen to the end."""
    if about is About.SECTION:
        section = _pick(msg("Section"), found.sections, "appeal section", asked)
        return Line(about, section=section), section is not None
    if about is About.PAY:
        return _pay(found, asked)
    if about is About.INPUT:
        return _input(found, asked)
    if about not in (About.GOAL, About.MONTH, About.MEASUREMENT):
        return Line(about), True
    goal = _pick(msg("Goal"), found.goals, "appeal goal", asked)
    if about is About.GOAL or goal is None:
        return Line(about, goal=goal), goal is not None
    opened = asked.ws.disputable(asked.asker, found.person, asked.period, goal=goal)
    months = tuple(Choice(row["period"], Name(_month(row))) for row in opened.months.iter_rows(named=True))
    month = _pick(msg("Month"), months, f"appeal month {goal}", asked)
    if about is About.MONTH or month is None:
        return Line(about, goal=goal, month=month), month is not None
    rows = asked.ws.disputable(asked.asker, found.person, asked.period, goal=goal, month=month).rows
    return _measurement(rows, Line(About.MEASUREMENT, goal=goal, month=month), asked)


def _pay(found: Disputable, asked: Question) -> tuple[Line, bool]:
    """The lines of every plan's statement, one to choose."""
    several = len({one.kind for one in found.pay}) > 1
    offered = tuple(
        Choice(str(at), Name(_of_plan(one.name, one.note if several else None, asked)))
        for at, one in enumerate(found.pay)
    )
    chosen = _pick(msg("Line of pay"), offered, "appeal pay", asked)
    if chosen is None:
        return Line(About.PAY), False
    one = found.pay[int(chosen)]
    return Line(About.PAY, component=one.id, plan=one.kind), True


def _of_plan(said: object, plan: Name | None, asked: Question) -> str:
    """Return a line or value with the plan it is of, where there are several."""
    told = words.say(said, asked.language)  # type: ignore[arg-type]
    return told if plan is None else f"{words.say(plan, asked.language)} · {told}"


def _input(found: Disputable, asked: Question) -> tuple[Line, bool]:
    """The values the plans took, one to choose; from one that is counted, the way down to a measurement."""
    several = len({one.plan for one in found.inputs}) > 1
    offered = tuple(
        Choice(str(at), Name(_of_plan(_input_said(one), one.plan_label if several else None, asked)))
        for at, one in enumerate(found.inputs)
    )
    place = _pick(msg("Value"), offered, "appeal input", asked)
    if place is None:
        return Line(About.INPUT), False
    chosen = found.inputs[int(place)]
    name, plan = chosen.name, chosen.plan
    if chosen.made_of in ELSEWHERE:
        showing.block(text.aside(ELSEWHERE[chosen.made_of], asked.language))
    if chosen.metric is None:
        return Line(About.INPUT, input=name, plan=plan), True
    opened = asked.ws.disputable(asked.asker, found.person, asked.period, counted=name, plan=plan)
    months = tuple(Choice(one, Name(one)) for one in opened.months["period"])
    month = _pick(msg("Month (empty: the count as such)"), months, f"appeal month {plan} {name}", asked)
    if month is None:
        return Line(About.INPUT, input=name, plan=plan), True
    rows = asked.ws.disputable(asked.asker, found.person, asked.period, counted=name, plan=plan, month=month).rows
    return _measurement(rows, Line(About.MEASUREMENT, input=name, plan=plan, month=month), asked)


def _input_said(one: PlanInput) -> Message:
    """Say what an input is called, with the value it was taken with where the reader may see it."""
    if one.shown is None:
        return msg("{input}", input=one.label)
    return msg("{input}: {value}", input=one.label, value=one.shown)


def _measurement(rows: pl.DataFrame, line: Line, asked: Question) -> tuple[Line, bool]:
    """The measurements of the month, one to choose."""
    if rows.is_empty():
        showing.block(text.aside(msg("Nothing was measured for it in {month}.", month=line.month), asked.language))
        return line, False
    listed = rows.to_dicts()
    offered = tuple(Choice(str(place), Name(_fact(row))) for place, row in enumerate(listed))
    chosen = _pick(msg("Measurement"), offered, f"appeal row {line.goal or line.input} {line.month}", asked)
    if chosen is None:
        return line, False
    row = listed[int(chosen)]
    fact = {name: row[name] for name in ("metric", "unit", "person", "day", "entry")}
    return replace(line, **fact), True


def _month(row: dict[str, Any]) -> str:
    return str(row["period"]) if row["actual"] is None else f"{row['period']} · {row['actual']:,.2f}"


def _fact(row: dict[str, Any]) -> str:
    """Return a measurement in figures: the day, where, and its value or its two parts."""
    value = f"{row['value']:f}" if row["value"] is not None else f"{row['numerator']:f} / {row['denominator']:f}"
    plain = " / ".join(part.rstrip("0").rstrip(".") or "0" for part in value.split(" / "))
    return f"{row['day']} · {row['unit']} · {plain} ({row['source']})"


def _pick(label: Message, choices: tuple[Choice, ...], key: str, asked: Question) -> str | None:
    names = {one.id: words.say(one.name, asked.language) for one in choices}
    return st.selectbox(words.literal(label, asked.language), list(names), index=None, key=key, format_func=names.__getitem__,
                        placeholder=words.say(msg("Choose"), asked.language))  # fmt: skip


def _file(asked: Question, person: str, filed: Filing) -> None:
    try:
        number = asked.ws.file_appeal(asked.asker, person, asked.period, filed)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language), icon=":material/error:")
        return
    for key in [key for key in st.session_state if str(key).startswith("appeal ")]:
        del st.session_state[key]
    telling.tell(msg("Appeal {number} is filed.", number=number))
    address.change(appeal=str(number))
    st.rerun()


def files(shown: Appeal, asked: Question) -> None:
    """The files given as evidence, each to be opened."""
    for row in shown.files.iter_rows(named=True):
        make = asking.pressed(asked.ws, partial(_content, asked, row["file"]))
        name = words.literal(row["name"], asked.language)
        st.download_button(name, make, file_name=row["name"], mime=row["media"], key=f"appeal file {row['file']}",
                           icon=":material/attach_file:", on_click="ignore")  # fmt: skip


def _content(asked: Question, file: int, asker: Asker) -> bytes:
    return asked.ws.appeal_file(asker, file).content


def doing(shown: Appeal, asked: Question) -> None:
    """What the reader may do with an appeal now; where nothing, why."""
    if asked.as_of is not None or shown.line.ended_at is not None:
        return
    language, number = asked.language, shown.line.number
    if shown.remarks.allowed:
        with st.form("appeal remark", border=False, clear_on_submit=True):
            said = st.text_area(words.literal(msg("Your remark"), language), max_chars=2000)
            if st.form_submit_button(words.literal(msg("Write the remark"), language)):
                _do(
                    asked,
                    partial(asked.ws.remark_appeal, asked.asker, number, said or ""),
                    msg("The remark is written."),
                )
    _ask(shown, asked)
    if shown.decides.allowed:
        _deciding(shown, asked)
    elif shown.asks.allowed:
        showing.block(text.aside(shown.decides.reason, language))
    if shown.withdraws.allowed:
        with st.popover(words.literal(msg("Withdraw the appeal"), language)):
            said = st.text_input(words.literal(msg("Why (if you like)"), language), key="appeal withdraw why")
            if st.button(words.literal(msg("Withdraw"), language), key="appeal withdraw"):
                _do(
                    asked,
                    partial(asked.ws.withdraw_appeal, asked.asker, number, said or None),
                    msg("The appeal is withdrawn."),
                )


def _ask(shown: Appeal, asked: Question) -> None:
    """One press asks the head for a remark."""
    head = shown.head
    if head is None or not shown.asks.allowed or head.id in shown.asked or head.id == asked.asker.person:
        return
    label = words.literal(msg("Ask {person} for a remark", person=head.name), asked.language)
    if st.button(label, icon=":material/forum:", key="appeal ask"):
        _do(asked, partial(asked.ws.ask_remark, asked.asker, shown.line.number, head.id), msg("Asked."))


def _deciding(shown: Appeal, asked: Question) -> None:
    """The decision: how it ends, why, and for a measurement the value it should have had."""
    language = asked.language
    showing.block(text.heading(msg("Decide"), language, shown.decides.reason))
    with st.form("appeal decide", border=False):
        outcome = st.segmented_control(
            words.literal(msg("How it ends"), language), [one.value for one in OUTCOMES],
            format_func=lambda one: words.say(APPEAL_WORDS[AppealState(one)], language),
        )  # fmt: skip
        said = st.text_area(words.literal(msg("Why: the person reads it"), language), max_chars=2000)
        correction = _correction(shown, asked)
        points = st.number_input(words.literal(msg("Points an adjustment adds to the score (empty: none)"), language), value=None,
                                 step=0.1)  # fmt: skip
        if st.form_submit_button(words.literal(msg("Decide"), language), type="primary", icon=":material/gavel:"):
            if outcome is None:
                st.error(words.literal(msg("Choose how it ends."), language))
                return
            verdict = Verdict(AppealState(outcome), said or "", correction, points)
            _do(
                asked,
                partial(asked.ws.answer_appeal, asked.asker, shown.line.number, verdict),
                msg("The appeal is decided."),
            )


def _correction(shown: Appeal, asked: Question) -> Correction | None:
    """The value a disputed measurement or plan input should have had; empty: it stays."""
    if shown.disputed.about is About.INPUT:
        if shown.corrects is None or not shown.corrects.allowed:
            if shown.corrects is not None:
                showing.block(text.aside(shown.corrects.reason, asked.language))
            return None
        value = st.text_input(words.literal(msg("The right value (empty: it stays)"), asked.language))
        return Correction(value=value.strip()) if value and value.strip() else None
    if shown.disputed.about is not About.MEASUREMENT or shown.versions.is_empty():
        return None
    language, last = asked.language, shown.versions.row(-1, named=True)
    if last["base"] is None:
        value = st.text_input(words.literal(msg("The right value (empty: it stays)"), language))
        return Correction(value=value.strip()) if value and value.strip() else None
    left, right = st.columns(2)
    with left:
        top = st.text_input(words.literal(msg("The right numerator (empty: it stays)"), language))
    with right:
        bottom = st.text_input(words.literal(msg("The right denominator"), language))
    given = (top or "").strip(), (bottom or "").strip()
    return Correction(numerator=given[0] or None, denominator=given[1] or None) if any(given) else None


def _do(asked: Question, do: partial, done: Message) -> None:
    try:
        do()
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language), icon=":material/error:")
        return
    telling.tell(done)
    st.rerun()
