"""A workbook of measurements brought in: looked at, its questions answered by choosing, shown, loaded, and kept for next month."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboards import asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import intake_rows, sheet_grid, text
from dashboards.uploading import file_given
from kpiflow.workspace import Asker, KPIFlowError, Message, msg
from kpiflow.workspace.intake.answers import Looked, Preview, SheetLook, Ways
from kpiflow.workspace.intake.answers import Question as Unclear
from kpiflow.workspace.intake.files import ENDINGS, MOST_BYTES
from kpiflow.workspace.intake.loading import Terms, rejects_csv
from kpiflow.workspace.intake.picturing import picture

#: Where a page remembers how the sheets of a file are to be read, and what was just loaded.
WAYS, TOLD, FILE = "intake ways", "intake told", "intake file"

#: How many facts and rows set aside are listed.
LISTED = 200

STATES: dict[str, Message] = {
    "new": msg("new"),
    "unchanged": msg("there already"),
    "superseded": msg("replaces another value"),
}

COLUMNS: tuple[tuple[str, Message], ...] = (
    ("cell", msg("Cell")), ("metric", msg("Metric")), ("unit", msg("Unit")), ("person", msg("Person")), ("day", msg("Day")),
    ("value", msg("Value")), ("numerator", msg("Numerator")), ("denominator", msg("Denominator")), ("state", msg("What it is")),
    ("before", msg("Before")),
)  # fmt: skip


def measurements(asked: Question) -> None:
    """The whole way of one workbook, from top to bottom."""
    language = asked.language
    _told(asked)
    file = file_given(msg("A workbook or table, as it is"), language, kinds=list(ENDINGS), most=MOST_BYTES // 2**20,
                      key=f"{FILE} {st.session_state.get(FILE, 0)}")  # fmt: skip
    if file is None:
        lines = (
            msg("Merged cells, months across, totals and notes are understood; nothing is written before you say so."),
            msg("To start from an empty form that needs no questions, take a template of a unit."),
        )
        showing.block(text.paragraph(lines, language))
        return
    content, name = file.getvalue(), file.name
    looked = asked.ws.look_at(asked.asker, content, name)
    ways = _ways(looked)
    showing.block(text.paragraph((_opening(looked, ways),), language))
    showing.block(intake_rows.remarks(looked.remarks, language))
    ways = _chosen_sheets(asked, looked, ways)
    if not ways.sheets:
        showing.block(text.aside(msg("No sheet is chosen, so there is nothing to show."), language))
        return
    shown = asked.ws.preview_intake(asked.asker, content, name, ways, locale=language)
    _questions(asked, looked, shown, ways)
    _sheets(asked, looked, shown)
    _preview(asked, shown)
    _loading(asked, (content, name), ways, shown)


def _ways(looked: Looked) -> Ways:
    """Return how the sheets are to be read so far: what was answered for this file, or what was understood."""
    kept: tuple[str, Ways] | None = st.session_state.get(WAYS)
    if kept is None or kept[0] != looked.fingerprint:
        kept = (looked.fingerprint, looked.ways)
        st.session_state[WAYS] = kept
    return kept[1]


def _keep(looked: Looked, ways: Ways) -> None:
    st.session_state[WAYS] = (looked.fingerprint, ways)


def _opening(looked: Looked, ways: Ways) -> Message:
    """Say what the file holds, and by what it is read."""
    by = next((one.by for one in looked.sheets if one.by and one.by != "_kpiflow"), None)
    if any(one.by == "_kpiflow" for one in looked.sheets):
        return msg("{file} is a template of ours and is read without questions.", file=looked.name)
    if by:
        return msg("{file} looks like the mapping '{name}', so it is read like that.", file=looked.name, name=by)
    return msg("{file}: sheets shown {sheets}, of which measurements were found in {read}.", file=looked.name,
               sheets=len(looked.sheets), read=len(ways.sheets))  # fmt: skip


def _chosen_sheets(asked: Question, looked: Looked, ways: Ways) -> Ways:
    """Choose which sheets are read, where there are several with measurements."""
    readable = [one.sheet.name for one in looked.sheets if one.mapping is not None]
    if len(readable) < 2:
        return ways
    chosen = st.multiselect(
        words.literal(msg("Sheets to read"), asked.language), readable, default=[one for one in readable if one in ways.sheets],
        key=f"intake sheets {looked.fingerprint}", placeholder=words.say(msg("Choose"), asked.language),
    )  # fmt: skip
    for name in readable:
        if name not in chosen:
            ways = ways.with_sheet(name, None)
        elif name not in ways.sheets:
            ways = ways.with_sheet(name, looked.sheet(name).mapping)
    _keep(looked, ways)
    return ways


def _questions(asked: Question, looked: Looked, shown: Preview, ways: Ways) -> None:
    """The questions only a person can answer, each with its nearest answers first."""
    language = asked.language
    pending = _unanswered(looked, shown, ways)
    if not pending:
        return
    needed = sum(one.needed for _, one in pending)
    note = msg("Until they are answered, the rows they are about are set aside.") if needed else None
    showing.block(text.heading(msg("Questions: {count}", count=len(pending)), language, note))
    for sheet, one in pending[:30]:
        _question(asked, looked, ways, sheet, one)


def _unanswered(looked: Looked, shown: Preview, ways: Ways) -> list[tuple[str, Unclear]]:
    """Return the questions still open, each name once."""
    listed = [*shown.questions]
    if not listed:
        # What reading does not ask again was asked at first sight, and may be answered otherwise there.
        listed = [(one.sheet.name, two) for one in looked.sheets if one.sheet.name in ways.sheets for two in one.questions
                  if not two.needed]  # fmt: skip
    return list({(one.kind, one.written or sheet): (sheet, one) for sheet, one in listed}.values())


def _question(asked: Question, looked: Looked, ways: Ways, sheet: str, one: Unclear) -> None:
    """One question: chosen from its answers, or written where it is open."""
    language = asked.language
    key = f"intake answer {looked.fingerprint[:12]} {one.kind} {one.written} {sheet}"
    label = words.literal(one.said, language)
    hint = words.literal(", ".join(one.cells[:4]), language) or None
    said = {choice.value: _choice(choice.value, choice.said, language) for choice in one.choices}
    if one.open and not said:
        value: str | None = st.text_input(label, key=key, help=hint)
    else:
        value = st.selectbox(
            label, list(said), index=None, key=key, format_func=lambda name: said.get(name) or name or "–",
            placeholder=words.say(msg("Choose"), language), accept_new_options=one.open, help=hint,
        )  # fmt: skip
    if value is None or (one.open and not str(value).strip()):
        return
    try:
        answered = asked.ws.intake_answered(asked.asker, ways, sheet, one, str(value))
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, language))
        return
    if answered != ways:
        _keep(looked, answered)
        st.rerun()


def _choice(value: str, said: Message | str, language: str) -> str:
    """Return an answer as it is offered: its words, and its id where they do not have it."""
    shown = words.say(said, language)
    return shown if not value or value in shown else f"{shown} · {value}"


def _sheets(asked: Question, looked: Looked, shown: Preview) -> None:
    """Each sheet as it lies in the file, beside what was understood of it."""
    language = asked.language
    aside = shown.rejected["cell"].drop_nulls().to_list()
    note = msg("The sheet as it is; above each column what it was taken for.")
    showing.block(text.heading(msg("What was understood"), language, note))
    names = [one.sheet.name for one in looked.sheets]
    name = (
        names[0]
        if len(names) == 1
        else st.selectbox(words.literal(msg("Sheet"), language), names, key="intake sheet", width=320)
    )
    one = looked.sheet(name) if name in names else looked.sheets[0]
    read = shown.ways.sheets.get(one.sheet.name)
    drawn = SheetLook(one.sheet, read or one.mapping, one.questions, one.guesses, one.remarks, one.by)
    left, right = st.columns([3, 2])
    with left:
        showing.block(sheet_grid.grid(picture(drawn, shown.left_out, aside), language))
    with right:
        showing.block(intake_rows.remarks((*one.guesses, *one.remarks), language))
        if shown.left_out:
            showing.block(text.paragraph((msg("Left out: {count}", count=len(shown.left_out)),), language))
            showing.block(intake_rows.left_out(shown.left_out, language))


def _preview(asked: Question, shown: Preview) -> None:
    """What would be loaded, and what is set aside."""
    language = asked.language
    counts = msg("Measurements: {facts}. New {new}, there already {same}, replacing another value {other}. Set aside {aside}.",
                 facts=shown.facts.height, new=shown.count("new"), same=shown.count("unchanged"),
                 other=shown.count("superseded"), aside=shown.rejected.height)  # fmt: skip
    showing.block(text.heading(msg("What would be loaded"), language, counts))
    if shown.facts.height:
        _table(shown.facts, COLUMNS, msg("Measurements to load"), language)
    if shown.rejected.height:
        columns = (("cell", msg("Cell")), ("message", msg("Why")), ("unit", msg("Unit")), ("person", msg("Person")),
                   ("metric", msg("Metric")), ("day", msg("Day")), ("value", msg("Value")))  # fmt: skip
        showing.block(text.paragraph((msg("Set aside: {count}", count=shown.rejected.height),), language))
        _table(shown.rejected, columns, msg("Rows set aside"), language)
        _rejects(asked, shown.rejected, shown.name, key="intake rejects")


def _table(rows: pl.DataFrame, columns: Sequence[tuple[str, Message]], alt: Message, language: str) -> None:
    """Show the first rows of a table; columns in which nothing is said are left out."""
    said = [(name, title) for name, title in columns if name in rows.columns and rows[name].is_not_null().any()]
    shown = rows.head(LISTED).select(name for name, _ in said).with_columns(pl.selectors.decimal().cast(pl.Float64))
    if "state" in shown.columns:
        names = {state: words.say(name, language) for state, name in STATES.items()}
        shown = shown.with_columns(pl.col("state").replace(names))
    heads: dict[str, Any] = {name: words.literal(title, language) for name, title in said}
    if "day" in heads:
        heads["day"] = st.column_config.DateColumn(heads["day"], format="YYYY-MM-DD")
    st.dataframe(shown, column_config=heads, hide_index=True,
                 height=min(320, 38 * (shown.height + 1)), alt=words.say(alt, language))  # fmt: skip


def _rejects(asked: Question, rejected: pl.DataFrame, name: str, *, key: str) -> None:
    """What was set aside as a file, to be mended and brought again."""
    st.download_button(words.literal(msg("Rows set aside, as CSV"), asked.language),
                       asking.pressed(asked.ws, lambda _: rejects_csv(rejected)),
                       f"{name.rpartition('.')[0] or name}.rejects.csv", "text/csv", key=key, icon=":material/download:",
                       on_click="ignore")  # fmt: skip


def _loading(asked: Question, file: tuple[bytes, str], ways: Ways, shown: Preview) -> None:
    """The load itself: after one more look, with a name for the mapping."""
    language = asked.language
    changes = shown.count("new") + shown.count("superseded")
    if shown.facts.is_empty():
        showing.block(text.aside(msg("Nothing can be loaded yet: answer the questions, or mend the file."), language))
        return
    with st.form("intake load", border=False):
        name = st.text_input(words.literal(msg("Keep this mapping for next month as (empty: do not keep it)"), language),
                             value=file[1].rpartition(".")[0][:80], max_chars=80)  # fmt: skip
        reason = None
        if shown.count("superseded"):
            reason = st.text_input(words.literal(msg("Why values are replaced"), language))
        sure = st.checkbox(
            words.literal(
                msg("I have looked at it: {count} {count:measurement is|measurements are} written.", count=changes),
                language,
            )
        )
        if st.form_submit_button(words.literal(msg("Load"), language), type="primary", icon=":material/upload:"):
            if not sure:
                st.error(words.literal(msg("Say first that you have looked at it."), language))
                return
            _load(
                asked, file, ways, Terms(reason=reason or None, save_as=(name or "").strip() or None, locale=language)
            )


def _load(asked: Question, file: tuple[bytes, str], ways: Ways, terms: Terms) -> None:
    try:
        done = asked.ws.load_workbook(asked.asker, *file, ways, terms=terms)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language))
        return
    report = done.report
    said = [msg("{file} is loaded: {added} new, {same} there already, {other} replaced, {aside} set aside.", file=done.name,
                added=report.added, same=report.unchanged, other=report.superseded, aside=report.rejected)]  # fmt: skip
    if done.saved:
        said.append(msg("The mapping is kept as '{name}'.", name=done.saved))
    st.session_state[TOLD] = (said, done.rejected, done.name)
    st.session_state.pop(WAYS, None)
    st.session_state[FILE] = st.session_state.get(FILE, 0) + 1  # an empty place for the next file
    st.rerun()


def _told(asked: Question) -> None:
    """Say what was just loaded, and offer what was set aside."""
    told = st.session_state.get(TOLD)
    if told is None:
        return
    said, rejected, name = told
    for one in said:
        st.success(words.literal(one, asked.language), icon=":material/check:")
    if rejected.height:
        _rejects(asked, rejected, name, key="intake rejects told")


def templates(asked: Question) -> None:
    """A workbook for a unit to fill in."""
    language, company = asked.language, asked.ws.company(asked.as_of)
    said = msg("A workbook with a unit's goals, the months across. Filled in, it is read without questions.")
    showing.block(text.paragraph((said,), language))
    names = {row["unit"]: words.name(row, language) for row in company.units.iter_rows(named=True)}
    unit = st.selectbox(words.literal(msg("Unit"), language), list(names), key="intake unit",
                        format_func=lambda one: f"{names[one]} · {one}", index=None,
                        placeholder=words.say(msg("Choose"), language), width=420)  # fmt: skip
    below = st.checkbox(words.literal(msg("With the units below it"), language), key="intake below")
    if unit is None:
        return
    try:
        made = asked.ws.unit_template(asked.asker, unit, asked.period, language=language, below=below)
    except KPIFlowError as problem:
        showing.block(text.aside(problem.message, language))
        return
    make = asking.pressed(asked.ws, partial(_template, asked, unit, below=below))
    st.download_button(words.literal(msg("Template of {unit} for {period}: {lines} {lines:line|lines}",
                                          unit=names[unit], period=asked.period,
                                         lines=made.lines), language), make, made.name,
                       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", key=f"template {unit} {below}",
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def _template(asked: Question, unit: str, asker: Asker, *, below: bool) -> bytes:
    return asked.ws.unit_template(asker, unit, asked.period, language=asked.language, below=below).content


def kept(asked: Question) -> None:
    """The mappings that were kept."""
    language, listed = asked.language, asked.ws.mappings(asked.asker)
    if not listed:
        showing.block(text.aside(msg("No mapping is kept yet. The first is kept when a workbook is loaded."), language))
        return
    showing.block(intake_rows.mappings(listed, language))
    name = st.selectbox(words.literal(msg("Take off the list"), language), [one.name for one in listed], index=None,
                        key="intake close", placeholder=words.say(msg("Choose"), language), width=420)  # fmt: skip
    if name and st.button(
        words.literal(msg("Take '{name}' off the list", name=name), language), key="intake close now"
    ):
        asked.ws.close_mapping(asked.asker, name)
        st.rerun()
