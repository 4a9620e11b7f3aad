"""Goal: one goal in full — where it stands, its months, what lies below it, why, and the rows it came from."""

from collections.abc import Mapping

import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.figures import facts
from dashboards.blocks.markup import el
from dashboards.blocks.outlook import outlook
from dashboards.blocks.reasons import reasons
from dashboards.blocks.said import said
from dashboards.blocks.source_rows import loads_table, rows_table
from dashboards.blocks.targets_below import changes_table, offers_table, targets_table
from dashboards.blocks.timeline import timeline
from dashboards.charts import bullet, contributions, run
from dashboards.pages import GOAL, OVERVIEW, path
from kpiflow.workspace import Choice, GoalPage, KPIFlowError, Name, Outlook, msg

#: How many of the targets offered below a page shows.
OFFERED = 12


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    picked = picker(asked)
    if picked is None:
        showing.block(
            text.notice(msg("No goal to show"), (msg("There is no goal in this period that you may open."),), language)
        )
        return
    with showing.politely(asked.view):
        shown = asked.goal(picked)
        ahead = asked.outlook(picked) if shown.row["metric"] else None
        way_up(shown, asked)
        showing.block(text.sentence(shown.sentence, language))
        if shown.silent:
            showing.block(text.notice(msg("A source of these numbers is silent"), shown.silent, language))
        left, right = st.columns([1, 1], gap="large")
        with left:
            showing.block(facts(shown.row, language))
            if shown.row["metric"]:
                against(shown, asked, ahead)
            else:
                below(shown, asked)
        with right:
            months(shown, asked, ahead)
        if shown.row["metric"]:
            below(shown, asked)
        if shown.row["metric"] and shown.row["target"] is not None:
            targets(shown, asked)
        said(asked, shown.row["goal"])
        showing.block(text.heading(msg("Why"), language))
        showing.block(reasons(shown.why, language))
        timeline(shown.row["goal"], asked)
        sources(shown, asked)


def picker(asked: Question) -> str | None:
    """The goal in the address, and the first goals the reader may open; words typed instead of a goal search for it.

    The server searches: a company may have half a million goals, and a browser is sent fifty.
    """
    choices = {choice.id: choice for choice in asked.goals(asked.view.find or "")}
    goal = asked.view.goal or next(iter(choices or [choice.id for choice in asked.goals()]), None)
    if goal is None:
        return None
    ids = list(choices) if goal in choices else [goal, *choices]
    names = {one: named(choice, asked.language) for one, choice in choices.items()}
    if goal not in names:
        names[goal] = name_in_full(asked, goal)
    st.session_state["pick_goal"] = goal

    st.selectbox(
        words.literal(msg("Goal"), asked.language),
        ids,
        key="pick_goal",
        format_func=lambda one: names.get(one, one),
        on_change=lambda: chosen(choices, goal),
        accept_new_options=True,
        placeholder=words.say(msg("Choose a goal, or type words of its name or owner"), asked.language),
        label_visibility="collapsed",
        width=460,
    )
    found(asked, choices)
    return goal


def name_in_full(asked: Question, goal: str) -> str:
    """Return the name of a goal that is not among the first; its id where it may not be read, which the page then says."""
    try:
        row = asked.goal(goal).row
    except KPIFlowError:
        return goal
    return f"{words.name(row, asked.language)} — {words.name(row, asked.language, 'owner_label')}"


def chosen(choices: Mapping[str, Choice], goal: str) -> None:
    """Go to what was picked; what is no goal of the list is a text to find goals by."""
    picked = st.session_state["pick_goal"]
    if picked is None:
        address.change(find=None)
    elif picked in choices or picked == goal:
        address.change(goal=picked, find=None)
    else:
        address.change(find=picked)


def found(asked: Question, choices: Mapping[str, Choice]) -> None:
    """The goals that were searched for, as links."""
    text_wanted, language = asked.view.find, asked.language
    if not text_wanted:
        return
    if not choices:
        showing.block(text.aside(msg("No goal has '{text}' in its name or owner.", text=text_wanted), language))
        return
    links = [
        el("a", named(choice, language), href=address.link(path(GOAL), asked.view, goal=choice.id, find=None))
        for choice in choices.values()
    ]
    label = words.say(msg("The first goals with '{text}'", text=text_wanted), language)
    items = (el("li", link) for link in links)
    showing.block(el("nav", el("span", label, class_="quiet"), el("ul", *items), class_="k k-found", aria_label=label))


def named(choice: Choice, language: str) -> str:
    """Return a goal's name with its owner."""
    label = words.say(choice.name, language)
    return f"{label} — {words.say(choice.note, language)}" if choice.note else label


def way_up(shown: GoalPage, asked: Question) -> None:
    """The goals above this one, up to the overview."""
    link = showing.goal_link(asked)
    top = (Name(words.say(msg("Overview"), asked.language)), address.link(path(OVERVIEW), asked.view, goal=None))
    showing.block(text.crumbs((top, *((name, link(goal)) for goal, name in shown.path)), asked.language))


def against(shown: GoalPage, asked: Question, ahead: Outlook | None) -> None:
    """The bullet: actual against threshold, target and stretch, where it should be by now and where it will end."""
    row, language = dict(shown.row), asked.language
    if ahead is not None and ahead.absent is None:
        row |= {key: ahead.row[key] for key in ("forecast", "forecast_low", "forecast_high")}
    showing.block(text.heading(msg("Against its target"), language))
    showing.plot(bullet.draw(row, asked.ink, language), bullet.alt(row, language), language, key="bullet")
    if ahead is not None:
        showing.block(text.heading(msg("Where it will end"), language))
        showing.block(outlook(ahead, language))


def months(shown: GoalPage, asked: Question, ahead: Outlook | None) -> None:
    """The run chart."""
    language = asked.language
    note = msg("Added up from the start of the cycle.") if shown.cumulative else None
    showing.block(text.heading(msg("Month by month"), language, note))
    if shown.series.is_empty() or shown.series["actual"].is_null().all():
        showing.block(text.aside(msg("Nothing was measured in the months so far."), language))
        return
    to_come = None if ahead is None else ahead.months
    figure = run.draw(shown.series, shown.row, asked.ink, language, cumulative=shown.cumulative, ahead=to_come)
    showing.plot(figure, run.alt(shown.series, shown.row, language), language, key="run")


def below(shown: GoalPage, asked: Question) -> None:
    """The goals below this one and what each brings."""
    language = asked.language
    if shown.children.is_empty():
        return
    counted = shown.children["counted"].any()
    note = (
        msg("The bar is each goal's points; what it brings is its points times its share. Press one to open it.")
        if counted
        else msg(
            "This goal is measured itself, so the goals below explain it and are not added to it. Press one to open it."
        )
    )
    showing.block(text.heading(msg("What lies below"), language, note))
    figure = contributions.draw(shown.children, asked.ink, language)
    alt = msg("Bars: the points of {count} goals below this one.", count=shown.children.height)
    showing.plot_links(figure, alt, asked, key="children", field="customdata")


def targets(shown: GoalPage, asked: Question) -> None:
    """Whether the targets below come to this one, and what a new one would do."""
    language, goal = asked.language, shown.row["goal"]
    if shown.children.filter(shown.children["target"].is_not_null()).height:
        answer = asked.reconciliation(goal)
        showing.block(text.heading(msg("Do the targets below add up?"), language))
        showing.block(text.paragraph(answer.sentence, language))
        label = msg("{count} {count:target|targets} below", count=answer.children.height)
        with st.expander(words.literal(label, language), icon=":material/account_tree:"):
            showing.block(targets_table(answer, language))
    what_if(shown, asked)


@st.fragment
def what_if(shown: GoalPage, asked: Question) -> None:
    """A target to try: what it would change above and below, before anybody makes it."""
    row, language = shown.row, asked.language
    label = msg("What would a new target do?")
    with st.expander(words.literal(label, language), icon=":material/quiz:"), showing.politely(asked.view):
        now = float(row["cycle_target"] if row["cycle_target"] is not None else row["target"])
        tried = st.number_input(
            words.literal(msg("Target of the whole cycle to try; nothing is written"), language),
            value=now,
            key=f"try_{row['goal']}",
            width=320,
        )
        if tried == now:
            showing.block(text.aside(msg("Type another target to see what it changes above and below."), language))
            return
        found = asked.change(row["goal"], tried)
        showing.block(text.paragraph((*found.sentence, *found.obstacles), language))
        showing.block(changes_table(found, language))
        if found.resplit.height:
            note = msg(
                "The first {shown} of {count}.", shown=min(OFFERED, found.resplit.height), count=found.resplit.height
            )
            showing.block(text.heading(msg("Offered to the goals below"), language, note))
            showing.block(offers_table(found, OFFERED, language))


def sources(shown: GoalPage, asked: Question) -> None:
    """The rows and loads behind the actual."""
    language = asked.language
    if not shown.row_count:
        return
    label = msg(
        "Rows behind it: {count} in {loads} {loads:load|loads}", count=shown.row_count, loads=shown.loads.height
    )
    with st.expander(words.literal(label, language), icon=":material/table_rows:"):
        showing.block(loads_table(shown.loads, language))
        note = msg("The first {shown} of {count} rows.", shown=shown.rows.height, count=shown.row_count)
        if shown.rows.is_empty():
            showing.block(text.aside(msg("The single rows are about people outside what your role reads."), language))
            return
        showing.block(text.heading(msg("Rows"), language, note))
        rows_table(shown.rows, language)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
