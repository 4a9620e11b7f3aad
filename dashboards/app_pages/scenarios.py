"""Scenarios: what would come out if targets, rules or results were different, beside how it is; nothing is written to the plan."""

from dataclasses import replace

import streamlit as st

from dashboards import address, asking, scenario_forms, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import scenario_rows, text
from dashboards.blocks.pager import pager, place
from dashboards.charts import scenario_cost
from dashboards.pages import SCENARIOS, path
from dashboards.scenario_draft import Draft, draft_of, with_edits
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.scenarios.answers import SHOWS, Effect, Part
from kpiflow.workspace.scenarios.comparing import MOST

#: What each list of people is called.
SHOW_WORDS: dict[str, Message] = {
    "gain": msg("Who gains"), "lose": msg("Who loses"), "graded": msg("Another grade"), "all": msg("Everybody"),
}  # fmt: skip

#: How many units the picture of pay holds.
UNITS = 14


def page(asked: Question) -> None:
    """Show the scenario in the address, or those there are."""
    language = asked.language
    telling.told(language)
    draft = draft_of(asked)
    if not draft.edits and draft.saved is None:
        said = (
            msg("What if targets, rules or results were different?"),
            msg("Nothing here touches the plan or anybody's pay."),
        )
        showing.block(text.sentence(said, language))
        scenario_forms.add(asked, draft)
        others(asked, draft)
        return
    part = part_of(asked)
    shown = asked.ws.scenario_effect(asked.asker, draft.of, part)
    if asked.view.choice("show") is None and not shown.gain.people and shown.lose.people:
        shown = asked.ws.scenario_effect(asked.asker, draft.of, replace(part, show="lose"))
    showing.block(text.crumbs(((Name(words.say(msg("All scenarios"), language)), to_list(asked)),), language))
    showing.block(text.sentence(shown.sentence, language))
    supposed(asked, draft)
    showing.block(scenario_rows.figures(shown, language))
    why(asked, draft)
    pictures(asked, shown)
    people(asked, shown)
    goals(asked, shown)
    showing.block(
        text.heading(msg("Keep it"), language, msg("A saved scenario changes nothing but the list of scenarios."))
    )
    scenario_forms.keep(asked, draft)
    showing.block(
        text.heading(msg("Make it so"), language, msg("Targets and weights by the right to set them; rules as files."))
    )
    if asked.view.choice("apply") == "yes":
        scenario_forms.apply(asked, draft)
    else:
        link = ((Name(words.say(msg("Show what applying would write"), language)), here(asked, apply="yes")),)
        showing.block(text.crumbs(link, language))
    others(asked, draft)


def here(asked: Question, **changes: str | None) -> str:
    """Return the address of this page with changes."""
    return address.here(path(SCENARIOS), asked.view, **changes)


def to_list(asked: Question) -> str:
    """Return the address of the list of scenarios."""
    return here(asked, scenario=None, edits=None, who=None, apply=None, show=None, start=None, compare=None)


def part_of(asked: Question) -> Part:
    """Return which people the address asks for; what is not understood there is the usual."""
    show = asked.view.choice("show") or "gain"
    return Part(show if show in SHOWS else "gain", asked.view.unit, place(asked.view.start))


def supposed(asked: Question, draft: Draft) -> None:
    """What is supposed, each with a way to take it away, and the fields to suppose more."""
    language = asked.language
    saved = draft.saved
    title = Name(saved.name) if saved else msg("What is supposed")
    note = msg("{period}; not saved yet", period=draft.supposed.period) if draft.changed else msg(
        "{period}; version {version} of {who}", period=draft.supposed.period, version=saved.version if saved else 1,
        who=saved.made_by if saved else "–",
    )  # fmt: skip
    showing.block(text.heading(msg("{title}", title=title), language, note))
    if saved is not None and saved.words and not draft.changed:
        showing.block(text.paragraph((msg("“{words}”", words=saved.words),), language))
    said = asked.ws.said_of(asked.asker, draft.supposed)

    def without(taken: int) -> str:
        left = tuple(one for number, one in enumerate(draft.edits) if number != taken)
        return here(asked, edits=with_edits(left), who=None, start=None)

    showing.block(scenario_rows.edits(said, language, without))
    if saved is not None and saved.hidden:
        hidden = msg("{count} more edits are about people outside what your role reads.", count=saved.hidden)
        showing.block(text.aside(hidden, language))
    with st.expander(words.literal(msg("Suppose more"), language), icon=":material/add:"):
        scenario_forms.add(asked, draft)


def why(asked: Question, draft: Draft) -> None:
    """What moves one person, when the address asks for somebody."""
    person, language = asked.view.choice("who"), asked.language
    if person is None:
        return
    with showing.politely(asked.view):
        found = asked.ws.scenario_why(asked.asker, draft.of, person)
        showing.block(text.heading(msg("Why this moves {person}", person=found.name), language))
        showing.block(scenario_rows.why(found, language))
        if found.lines:
            showing.block(text.heading(msg("The statement, line by line"), language))
            showing.block(scenario_rows.lines(found, language))
        showing.block(text.crumbs(((Name(words.say(msg("Close"), language)), here(asked, who=None)),), language))


def pictures(asked: Question, shown: Effect) -> None:
    """Grades and pay, now and then."""
    language = asked.language
    left, right = st.columns([2, 3], gap="large")
    with left:
        note = msg("The thin bar is how it is now, the thick one how it would be.")
        showing.block(text.heading(msg("Grades"), language, note))
        showing.block(scenario_rows.grades(shown.grades, language))
    units = shown.units.filter(shown.units["paid_before"].is_not_null() | shown.units["paid_after"].is_not_null())
    if shown.by != "pay" or units.is_empty():
        return
    with right:
        showing.block(text.heading(msg("Cost by unit"), language, note))
        few = units.head(UNITS)
        showing.plot(
            scenario_cost.draw(few, asked.ink, language, shown.currency), scenario_cost.alt(few), language, key="cost"
        )


def people(asked: Question, shown: Effect) -> None:
    """Who gains, who loses, who gets another grade; a page at a time."""
    language, part = asked.language, shown.part
    showing.block(text.heading(msg("People"), language))
    links = tuple((said, here(asked, show=show, start=None)) for show, said in SHOW_WORDS.items())
    showing.block(text.turns(links, SHOW_WORDS[part.show], msg("Which people"), language))
    showing.block(
        text.aside(
            msg("{show}: {count} {count:person|people}.", show=SHOW_WORDS[part.show], count=shown.found), language
        )
    )
    if shown.found:
        showing.block(scenario_rows.people(shown, language, lambda person: here(asked, who=person)))
        more = pager(part.start, shown.rows.height, shown.found, size=part.size, language=language,
                     href=lambda start: here(asked, start=str(start)))  # fmt: skip
        showing.block(more)


def goals(asked: Question, shown: Effect) -> None:
    """The goals whose points move, the highest in the tree first."""
    if shown.goals.height:
        showing.block(text.heading(msg("Goals whose points move"), asked.language))
        showing.block(scenario_rows.goals(shown, asked.language, showing.goal_link(asked)))


def others(asked: Question, draft: Draft) -> None:
    """The scenarios there are, and up to three of them side by side."""
    language = asked.language
    listed = asked.ws.scenarios(asked.asker)
    if not listed:
        return
    showing.block(text.heading(msg("Scenarios"), language))
    showing.block(
        scenario_rows.saved(listed, language, lambda number: here(
            asked, scenario=str(number), edits=None, who=None, apply=None, start=None))
    )  # fmt: skip
    names = {one.number: one.name for one in listed if one.period == draft.supposed.period}
    if len(names) > 1:
        compare(asked, names)


def compare(asked: Question, names: dict[int, str]) -> None:
    """Choose up to three scenarios; what they do stands side by side."""
    language, key = asked.language, "scenario compare"
    chosen = [
        int(one) for one in (asked.view.choice("compare") or "").split(",") if one.isdecimal() and int(one) in names
    ]
    st.session_state[key] = chosen[:MOST]
    st.multiselect(
        words.literal(msg("Compare"), language), list(names), key=key, format_func=lambda one: names[one], max_selections=MOST,
        placeholder=words.say(msg("up to three side by side"), language), width=520,
        on_change=lambda: address.change(compare=",".join(map(str, st.session_state[key])) or None),
    )  # fmt: skip
    if chosen:
        with showing.politely(asked.view):
            both = asked.ws.compare_scenarios(asked.asker, chosen[:MOST])
            showing.block(
                scenario_rows.compared(both, language, lambda number: here(asked, scenario=str(number), edits=None))
            )


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
