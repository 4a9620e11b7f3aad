"""Workbench: a goal of my unit split over teams and people, worked out at every change, proposed, and answered."""

import streamlit as st

from dashboards import address, asking, grid, showing, words
from dashboards.asking import Question
from dashboards.bench import Bench, begun, changed, redone, undone
from dashboards.blocks import text
from dashboards.blocks.assigned_bar import bar, in_text, standing
from dashboards.blocks.markup import Markup
from dashboards.proposal_forms import answers_below, ask_owners
from dashboards.sheet_forms import export, load
from dashboards.team_forms import owners
from kpiflow.workspace import Draft, Drafted, Message, ResplitOffer, msg
from kpiflow.workspace.handing_down.drafting import AS_IT_IS

#: How a goal's draft is kept in the session.
KEY = "bench {goal}"

#: How each method is called on the workbench, where it stands in a short list.
METHODS: dict[str, Message] = {
    "fixed": msg("By hand"),
    "by_last_year": msg("By last year"),
    "by_headcount": msg("By people"),
    "by_weight": msg("By weight"),
    "equal": msg("Equal parts"),
    "same": msg("The same for all"),
    "shift": msg("Shift last year's rates"),
}


def page(asked: Question) -> None:
    """Show the page from top to bottom: the goals on the left, the one on the bench on the right."""
    language = asked.language
    asks = (asked.asker, asked.period, asked.as_of)
    goals = asked.latest("assigned", lambda: asked.ws.assigned_goals(*asks))
    offers = {offer.goal: offer for offer in asked.latest("resplits", lambda: asked.ws.resplit_offers(*asks))}
    if goals.is_empty():
        lines = (
            msg("Goals appear here once somebody above hands them to a unit you lead."),
            msg("Another period may have some: choose it above."),
        )
        showing.block(text.notice(msg("No goal is assigned to your unit"), lines, language))
        return
    rows = {row["goal"]: row for row in goals.iter_rows(named=True)}
    showing.block(text.sentence(opening(list(rows.values()), sum(goal in rows for goal in offers)), language))
    left, right = st.columns([2, 5], gap="large")
    with left:
        goal = picked(rows, offers, asked)
    with right:
        on_the_bench(goal, offers.get(goal), asked)


def opening(rows: list[dict[str, object]], offers: int) -> tuple[Message, ...]:
    """Say how many goals are assigned, and how many of them need a hand."""
    apart = sum(row["state"] in ("unassigned", "over_assigned", "easier", "harder", "different") for row in rows)
    untouched = sum(row["state"] == "not_split" for row in rows)
    countered, waiting = (sum(int(str(row[name])) for row in rows) for name in ("countered", "waiting"))
    said = [msg("Goals assigned to your unit: {count}.", count=len(rows))]
    if apart:
        said.append(msg("Not adding up below: {count}.", count=apart))
    elif untouched < len(rows):
        said.append(msg("What is handed down adds up everywhere."))
    if untouched:
        said.append(msg("Not handed down yet: {count}.", count=untouched))
    if countered:
        said.append(msg("Counter-proposals to review: {count}.", count=countered))
    if waiting:
        said.append(msg("Owners who have not answered: {count}.", count=waiting))
    if offers:
        said.append(msg("Targets that have changed, with a new split ready: {count}.", count=offers))
    return tuple(said)


def picked(rows: dict[str, dict[str, object]], offers: dict[str, ResplitOffer], asked: Question) -> str:
    """The goals as a list to pick from, each with what is assigned of it; returns the one in the address, or the first."""
    language, view = asked.language, asked.view
    ids = list(rows)
    below = view.goal is not None and view.goal not in rows
    if below:
        # A link may lead to a goal further down, which a head may split as well.
        ids = [str(view.goal), *ids]
    chosen = view.goal or ids[0]
    st.session_state["pick_bench"] = chosen
    captions = ["" if one not in rows else caption(rows[one], language, offered=one in offers) for one in ids]
    st.radio(
        words.literal(msg("Goals assigned to your unit"), language),
        ids,
        key="pick_bench",
        format_func=lambda one: words.literal(
            words.name(rows[one], language, "metric_label") if one in rows else further_down(one, asked), language
        ),
        captions=captions,
        on_change=lambda: address.change(goal=st.session_state["pick_bench"]),
    )
    return chosen


def further_down(goal: str, asked: Question) -> str:
    """Return what a goal is called, and whose it is, that a link led to and that is not assigned to the reader's unit."""
    found = asked.ws.goal_choices(asked.asker, asked.period, asked.as_of, text=goal)
    named = [(one.name, one.note) for one in found if one.id == goal]
    return " · ".join(words.say(one, asked.language) for one in named[0] if one) if named else goal


def caption(row: dict[str, object], language: str, *, offered: bool) -> str:
    """Return the line under a goal: its bar, and what waits."""
    said = [in_text(standing(row, row), language)]
    if row["countered"]:
        said.append(words.say(msg("{count} to review", count=row["countered"]), language))
    if row["waiting"]:
        said.append(words.say(msg("{count} not answered", count=row["waiting"]), language))
    if offered:
        said.append(words.say(msg("new split ready"), language))
    return " · ".join(said)


@st.fragment
def on_the_bench(goal: str, offer: ResplitOffer | None, asked: Question) -> None:
    """One goal: how it is split, the grid, what it comes to, and who has answered."""
    language = asked.language
    with showing.politely(asked.view):
        bench = bench_of(goal)
        found = asked.latest(
            f"drafted {goal} {bench.draft}",
            lambda: asked.ws.drafted(asked.asker, goal, asked.period, bench.draft, as_of=asked.as_of),
        )
        header(found, asked)
        answers_below(goal, asked, take=lambda child, value: keep(goal, hold(goal, child, value)))
        if offer is not None:
            offered(offer, asked)
        if found.lines.is_empty():
            showing.block(text.aside(msg("Nobody has a part of this goal yet. Add teams or people first."), language))
            owners(found, asked)
            return
        controls(found, bench, asked)
        if found.why_not is not None:
            showing.block(text.paragraph((found.why_not,), language))
        elif found.shown is not None:
            showing.block(comes_to(found, language))
        grid.show(found, bench, asked, now=lambda: bench_of(goal), keep=lambda after: keep(goal, after))
        said_about(found, language)
        under(found, bench, asked)


def under(found: Drafted, bench: Bench, asked: Question) -> None:
    """What can be done with the draft."""
    with st.container(horizontal=True, gap="small"):
        ask_owners(found, asked, done=lambda: forget(found.goal))
        owners(found, asked)
        export(found, asked)
        load(found, bench.draft, asked, take=lambda draft: keep(found.goal, changed(bench_of(found.goal), draft)))


def header(found: Drafted, asked: Question) -> None:
    """The goal's name and target, and how the plan stands now."""
    language, row = asked.language, found.row
    target = words.quantity(row["target"], row, language)
    showing.block(text.heading(msg("{goal}: target {target}", goal=found.name, target=target), language))
    showing.block(bar(found.before, row, language, title=msg("The plan now")))


def comes_to(found: Drafted, language: str) -> Markup:
    """Return the bar of the draft, live."""
    shown = found.shown
    assert shown is not None
    row = dict(found.before) | {
        "assigned": shown.assigned,
        "unassigned": shown.unassigned,
        "over_assigned": shown.over,
        "weighted_mean": shown.weighted_mean,
        "difference": shown.difference,
        "state": state_of(found),
        "way": "sum" if shown.assigned is not None else "volume_weighted",
    }
    return bar(row, found.row, language, title=msg("This draft"))


def state_of(found: Drafted) -> str:
    """Return how a draft of a rate stands: by the metric's direction, beyond one step."""
    shown = found.shown
    assert shown is not None
    apart = shown.difference
    if apart is None or abs(apart) < 0.01:
        return "balanced"
    lower = found.row["direction"] == "lower"
    return "easier" if (apart > 0) == lower else "harder"


def offered(offer: ResplitOffer, asked: Question) -> None:
    """A new split of a target that has changed, one click away."""
    language = asked.language
    showing.block(text.paragraph((offer.why, msg("The last way of splitting it can be repeated.")), language))
    st.button(
        words.literal(msg("Load the new split"), language),
        icon=":material/autorenew:",
        key=f"offer {offer.goal}",
        on_click=lambda: keep(offer.goal, changed(bench_of(offer.goal), offer.draft)),
    )


def controls(found: Drafted, bench: Bench, asked: Question) -> None:
    """How it is split, with how much buffer, and the way back and forward."""
    language, goal = asked.language, found.goal
    method, buffer = f"method {goal} {bench.grid}", f"buffer {goal} {bench.grid}"

    def rewrite() -> None:
        draft, now = bench_of(goal), st.session_state
        after = Draft(now[method], draft.draft.held, draft.draft.weights, f"{now[buffer]:g}%", draft.draft.words)
        keep(goal, changed(draft, after))

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            words.literal(msg("Split by"), language),
            list(METHODS),
            index=list(METHODS).index(bench.draft.method),
            key=method,
            format_func=lambda one: words.say(METHODS[one], language),
            on_change=rewrite,
            width=220,
        )
        st.number_input(
            words.literal(msg("Buffer, %"), language),
            value=percent(bench.draft.buffer),
            min_value=-50.0,
            max_value=50.0,
            step=1.0,
            key=buffer,
            on_change=rewrite,
            width=130,
        )
        for name, icon, to, there in (
            (msg("Undo"), ":material/undo:", undone, bench.undo),
            (msg("Redo"), ":material/redo:", redone, bench.redo),
        ):
            st.button(
                words.literal(name, language),
                icon=icon,
                key=f"{icon} {goal}",
                disabled=not there,
                on_click=lambda to=to: keep(goal, to(bench_of(goal))),
            )


def percent(buffer: str) -> float:
    """Return a buffer in percent, written as `2%` by the workbench and as 0.02 by the journal."""
    return float(buffer[:-1]) if buffer.endswith("%") else round(100 * float(buffer), 10)


def said_about(found: Drafted, language: str) -> None:
    """The reasons, line by line, folded away under what the split says of itself."""
    if found.shown is None:
        return
    showing.block(
        text.aside(msg("Cells can be pasted from Excel: copy them there, click a cell here, paste."), language)
    )
    with st.expander(words.literal(msg("Why each target is what it is"), language), icon=":material/help:"):
        names = {row["goal"]: words.name(row, language, "owner_label") for row in found.lines.iter_rows(named=True)}
        showing.block(text.paragraph(found.shown.sentence, language))
        lines = [msg("{owner}: {reason}", owner=names[goal], reason=why) for goal, why in found.shown.why.items()]
        for line in lines:
            showing.block(text.aside(line, language))


def bench_of(goal: str) -> Bench:
    """Return what lies on the bench for a goal: at first, the plan as it is."""
    found = st.session_state.get(KEY.format(goal=goal))
    return found if isinstance(found, Bench) else begun(AS_IT_IS)


def keep(goal: str, bench: Bench) -> None:
    """Keep what lies on the bench for a goal."""
    st.session_state[KEY.format(goal=goal)] = bench


def hold(goal: str, child: str, value: float) -> Bench:
    """Return the bench with a child held at a value, such as one that was asked for."""
    bench = bench_of(goal)
    return changed(bench, bench.draft.holding(**{child: value}))


def forget(goal: str) -> None:
    """Take a draft off the bench: it was proposed."""
    st.session_state.pop(KEY.format(goal=goal), None)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
