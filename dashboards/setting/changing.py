"""The form that changes a goal's targets: what the change does is shown while it is typed, and written once it is confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import streamlit as st

from dashboards import address, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import el
from dashboards.blocks.target_rows import field_name, history_rows
from dashboards.blocks.targets_below import changes_table, offers_table
from dashboards.charts import months_asked
from dashboards.pages import GOAL, TARGETS, path
from kpiflow.workspace import ChangePreview, KPIFlowError, Made, Message, Name, TargetForm, Wish, msg

#: Rows of a table of what changes.
SHOWN = 12

#: Where a page keeps what it wrote, to say it once after it has run again.
WRITTEN = "written"

#: The phasing whose targets are written down period by period.
EXPLICIT = "explicit"


@dataclass(frozen=True)
class Tried:
    """What the reader typed that differs from what is there."""

    fields: dict[str, float | None]
    phasing: str | None
    periods: dict[str, float | None] = field(default_factory=dict)
    resplit: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.fields and self.phasing is None and not self.periods

    @property
    def wish(self) -> Wish | None:
        """How the target is to be spread, where that differs."""
        return Wish(self.phasing, self.periods) if self.phasing is not None or self.periods else None


def form(asked: Question) -> TargetForm:
    """Show the goal in the address: its targets as fields, what a change does, and every change so far; return it."""
    language, goal = asked.language, str(asked.view.goal)
    shown = asked.answer(
        f"target form {goal}", lambda: asked.ws.target_form(asked.asker, goal, asked.period, asked.as_of)
    )
    back = address.link(path(TARGETS), asked.view, goal=None)
    open_goal = address.link(path(GOAL), asked.view)
    ways = ((Name(words.say(msg("Targets"), language)), back), (shown.name, open_goal))
    showing.block(text.crumbs(ways, language))
    showing.block(text.sentence(_standing(shown), language))
    if not shown.may.allowed:
        showing.block(text.notice(msg("These targets are not yours to set"), (shown.may.reason,), language))
    else:
        edit(shown, asked)
    showing.block(text.heading(msg("Every change so far"), language))
    showing.block(history_rows(shown, language))
    return shown


def _standing(shown: TargetForm) -> tuple[Message, ...]:
    """Return where the goal stands, as the sentence of the page."""
    row = shown.row
    if row["metric"] is None:
        return (msg("{goal}: its goals below say how it stands. Only its weight is set here.", goal=shown.name),)
    actual, target = (words.amount(row[name], row) for name in ("actual", "target"))
    if row["target"] is None:
        return (msg("{goal}: {actual} so far.", goal=shown.name, actual=actual),)
    return (
        msg("{goal}: {actual} so far, against {target} for the cycle.", goal=shown.name, actual=actual, target=target),
    )


@st.fragment
def edit(shown: TargetForm, asked: Question) -> None:
    """The fields beside the picture of the months, and below them what they would change."""
    language = asked.language
    with showing.politely(asked.view):
        left, right = st.columns([2, 3], gap="large")
        with left:
            tried = fields(shown, asked)
        found = preview(shown, tried, asked)
        with right:
            months(shown, found, asked)
        if found is None:
            showing.block(
                text.aside(
                    msg("Change a number to see what it does below and above. Nothing is written yet."), language
                )
            )
            return
        consequence(found, asked)
        save(shown, found, asked)


def fields(shown: TargetForm, asked: Question) -> Tried:
    """The fields of the form; returns what was typed."""
    language, row = asked.language, shown.row
    showing.block(
        text.heading(msg("Set"), language, msg("For the whole cycle, in the metric's own unit; empty takes it away."))
    )
    typed: dict[str, float | None] = {}
    places = st.columns(2)
    for number, name in enumerate(shown.fields):
        with places[number % 2]:
            now = None if row[name] is None else float(row[name])
            value = st.number_input(
                _capital(field_name(name, language)),
                value=now,
                format=_format(row, name, now),
                key=f"set {shown.goal} {name} {shown.history.height}",
                required=name == "weight",
                step=_step(row, name),
            )
            if value != now:
                typed[name] = value
    phasing, periods = (None, {}) if shown.phasing is None else spread(shown, asked)
    resplit = st.toggle(
        words.literal(msg("Hand the new target down: take what is offered below"), language),
        key=f"resplit {shown.goal}",
        disabled="target" not in typed,
    )
    return Tried(typed, phasing, periods, resplit and "target" in typed)


def spread(shown: TargetForm, asked: Question) -> tuple[str | None, dict[str, float | None]]:
    """How the target is spread over the months; returns the phasing and the targets per period that differ."""
    language = asked.language
    names = {choice.id: words.say(choice.name, language) for choice in shown.phasings}
    ids = list(names)
    chosen = st.selectbox(
        words.literal(msg("How the target is spread over the cycle"), language),
        ids,
        index=ids.index(str(shown.phasing)),
        format_func=lambda one: names[one],
        key=f"phasing {shown.goal} {shown.history.height}",
    )
    periods = per_period(shown, asked) if chosen == EXPLICIT else {}
    return (None if chosen == shown.phasing else chosen), periods


def per_period(shown: TargetForm, asked: Question) -> dict[str, float | None]:
    """A grid of the targets written per period; returns those that differ from what is written."""
    language = asked.language
    held: dict[str, float | None] = dict(shown.written.iter_rows())
    start = held or {period: round(part, 6) for period, part in shown.months.select("period", "part").iter_rows()}
    table = pl.DataFrame(
        {"period": list(start), "target": list(start.values())}, schema={"period": pl.String, "target": pl.Float64}
    )
    edited = st.data_editor(
        table,
        key=f"periods {shown.goal} {shown.history.height}",
        hide_index=True,
        disabled=["period"],
        height=250,
        column_config={
            "period": st.column_config.TextColumn(words.say(msg("Period"), language)),
            "target": st.column_config.NumberColumn(words.say(msg("Target"), language)),
        },
        alt=words.say(msg("Targets per period"), language),
    )
    return {period: target for period, target in edited.iter_rows() if target != held.get(period)}


def preview(shown: TargetForm, tried: Tried, asked: Question) -> ChangePreview | None:
    """Return what the typed change would do; None where nothing was typed, or it changes nothing."""
    if tried.is_empty:
        return None
    what = f"set {shown.goal} {tried}"
    found = asked.answer(
        what,
        lambda: asked.ws.preview_change(
            asked.asker,
            shown.goal,
            tried.fields,
            asked.period,
            resplit=tried.resplit,
            spread=tried.wish,
            as_of=asked.as_of,
        ),
    )
    return None if found.is_empty else found


def months(shown: TargetForm, found: ChangePreview | None, asked: Question) -> None:
    """The months: what each asks for now and after, and what was reached."""
    if shown.months.is_empty() or shown.months["target"].is_null().all():
        return
    language = asked.language
    showing.block(text.heading(msg("What each month asks for"), language))
    drawn = shown.months
    if found is not None and found.months.height:
        drawn = drawn.join(found.months.select("period", "after"), on="period", how="left", maintain_order="left")
    showing.plot(
        months_asked.draw(drawn, shown.row, asked.ink, language), months_asked.alt(drawn), language, key="months"
    )


def consequence(found: ChangePreview, asked: Question) -> None:
    """What the change does: in words, in pay, and goal by goal."""
    language = asked.language
    showing.block(text.heading(msg("What this changes"), language))
    showing.block(
        text.paragraph((*found.sentence, *(one for one in found.obstacles if one not in found.sentence)), language)
    )
    showing.block(cost(found, language))
    if found.goals.height:
        showing.block(changes_table(found, language, most=SHOWN))
    if found.resplit.height:
        note = msg("The first {shown} of {count}.", shown=min(SHOWN, found.resplit.height), count=found.resplit.height)
        showing.block(text.heading(msg("Offered to the goals below"), language, note))
        showing.block(offers_table(found, SHOWN, language))


def cost(found: ChangePreview, language: str) -> Any:
    """Return what pay costs before and after, for those who may read everybody's."""
    if found.pay_before is None or found.pay_after is None:
        return el("span")
    before, after = (words.money(amount, found.currency, language) for amount in (found.pay_before, found.pay_after))
    return el(
        "div", figure(msg("Cost of pay, as measured so far"), f"{before} → {after}", language), class_="k k-figures"
    )


def save(shown: TargetForm, found: ChangePreview, asked: Question) -> None:
    """The reason, where one is needed, and the button that asks once more and then writes."""
    language = asked.language
    needs = msg("Why it becomes easier (needed, and kept beside the change)")
    reason = st.text_area(
        words.literal(needs if found.eased else msg("Why (kept beside the change)"), language),
        key=f"reason {shown.goal} {shown.history.height}",
        height=80,
        max_chars=1000,
    )
    past = found.as_of is not None
    if past:
        showing.block(text.aside(msg("An earlier day is looked at: targets are changed as of today."), language))
    blocked = bool(found.obstacles) or past or (found.eased and not reason.strip())
    if st.button(words.literal(msg("Save"), language), type="primary", disabled=blocked, key="save"):
        confirm(words.say(msg("Write this change?"), language), found, reason, asked)


def confirm(title: str, found: ChangePreview, reason: str, asked: Question) -> None:
    """Ask once more, saying what will be written, and write it."""
    language = asked.language

    @st.dialog(title)
    def ask() -> None:
        showing.block(text.paragraph(found.sentence, language))
        if reason.strip():
            showing.block(text.paragraph((msg("Reason: {reason}", reason=reason.strip()),), language))
        note = msg("The targets of today stay readable in the history.")
        showing.block(text.aside(note, language))
        if st.button(words.literal(msg("Write it"), language), type="primary", key="write"):
            try:
                made = asked.ws.make_change(asked.asker, found, reason=reason or None)
            except KPIFlowError as problem:
                showing.block(text.aside(problem.message, language))
                return
            remember(made)

    ask()


def remember(made: Made) -> None:
    """Keep what was written for the page that runs next, and let it run."""
    st.session_state[WRITTEN] = made
    st.rerun()


def written(language: str) -> None:
    """Say once what was written."""
    made = st.session_state.pop(WRITTEN, None)
    if made is None:
        return
    said = (
        msg("Nothing differed: nothing was written.")
        if made.change is None
        else msg(
            "Written as change {change}: {goals} {goals:goal|goals} of {owners} {owners:owner|owners}."
            " Line {entry} of the journal says so.",
            change=made.change, goals=made.goals, owners=made.owners, entry=made.entry,
        )
    )  # fmt: skip
    st.success(words.literal(said, language), icon=":material/check:")


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _format(row: Mapping[str, Any], name: str, now: float | None) -> str:
    """Return how a field shows its number: counts whole, everything else to two digits."""
    whole = (name == "weight" or row["measure"] in ("count", "number")) and (now is None or now == int(now))
    return "%.0f" if whole else "%.2f"


def _step(row: Mapping[str, Any], name: str) -> float:
    return 1.0 if name == "weight" or row["measure"] in ("count", "number", "currency") else 0.01
