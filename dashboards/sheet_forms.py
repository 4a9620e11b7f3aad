"""A draft as a sheet: out to Excel or CSV, and back, with what differs shown before it counts."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboards import asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from dashboards.uploading import file_given
from kpiflow.workspace import Asker, Draft, Drafted, KPIFlowError, Message, SheetRead, msg

#: What each form of a sheet is called on the wire.
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}

#: What the fields of a sheet are called.
FIELDS: dict[str, Message] = {
    "target": msg("target"),
    "weight": msg("weight in the split"),
    "lock": msg("lock"),
    "words": msg("words"),
}


def export(found: Drafted, asked: Question) -> None:
    """The draft as a file, made when it is pressed for."""
    language, goal = asked.language, found.goal
    with st.popover(words.literal(msg("Export"), language), icon=":material/download:"):
        for form, kind in KINDS.items():
            st.download_button(
                words.literal(msg("As {form}", form=form.upper()), language),
                data=asking.pressed(asked.ws, partial(_written, asked, found, form)),
                file_name=f"{goal}.{form}",
                mime=kind,
                key=f"export {form} {goal}",
                on_click="ignore",
            )


def _written(asked: Question, found: Drafted, form: str, asker: Asker) -> bytes:
    """Return the draft as a file for whoever presses."""
    return asked.ws.sheet(asker, found.goal, asked.period, found.draft, form=form)


def load(found: Drafted, draft: Draft, asked: Question, *, take: Callable[[Draft], None]) -> None:
    """A sheet read back: what differs is shown, and goes into the draft only when it is taken over."""
    language, goal = asked.language, found.goal
    with st.popover(words.literal(msg("Import"), language), icon=":material/upload:"):
        file = file_given(msg("A sheet as it was exported, changed in Excel"), language, kinds=("xlsx", "csv"), most=20,
                          key=f"import {goal}")  # fmt: skip
        if file is None:
            return
        try:
            read = asked.ws.read_sheet(asked.asker, goal, asked.period, draft, file.getvalue(), name=file.name)
        except KPIFlowError as problem:
            showing.block(text.paragraph((problem.message,), language))
            return
        showing.block(_said(read, language))
        if read.draft is not None and read.differences.height:
            st.button(
                words.literal(msg("Take over {count} {count:change|changes}", count=read.differences.height), language),
                type="primary",
                key=f"take over {goal}",
                on_click=take,
                args=(read.draft,),
            )


def _said(read: SheetRead, language: str) -> Markup:
    """Return what is wrong, what was set aside and what differs."""
    if read.wrong:
        title = msg("Nothing was taken over. Mend these cells first:")
        return el("div", text.paragraph((title,), language), _list(read.wrong, language))
    parts: list[Markup] = []
    if read.differences.is_empty():
        parts.append(text.aside(msg("The sheet says what is here already."), language))
    else:
        rows = [
            msg(
                "{goal}: {field} {before} becomes {after}",
                goal=words.name(row, language),
                field=FIELDS[row["field"]],
                before=row["before"],
                after=row["after"],
            )
            for row in read.differences.iter_rows(named=True)
        ]
        parts.append(_list(tuple(rows), language))
    if read.aside:
        parts += [text.paragraph((msg("Set aside:"),), language), _list(read.aside, language)]
    return el("div", *parts)


def _list(said: tuple[Message, ...], language: str) -> Markup:
    return el("ul", *(el("li", words.say(one, language)) for one in said), class_="k k-tall")
