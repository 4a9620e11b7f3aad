"""The controls of a scenario: what can be taken to be otherwise, and saving, sharing and applying it."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import streamlit as st

from dashboards import address, asking, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import scenario_rows, text
from dashboards.scenario_draft import Draft, with_edits
from kpiflow.workspace import Asker, KPIFlowError, Message, Workspace, msg
from kpiflow.workspace.scenarios.answers import ProposedSo, Tryable, Writes
from kpiflow.workspace.scenarios.edits import read_edits
from kpiflow.workspace.scenarios.parts import numbers
from kpiflow.workspace.scenarios.saying import FIELD_WORDS

#: The most numbers of one component that are offered as fields.
MOST = 60

Made = list[dict[str, Any]]


def add(asked: Question, draft: Draft) -> None:
    """Choose what is to be otherwise, and try it."""
    language = asked.language
    parts = asked.answer("tryable", lambda: asked.ws.tryable(asked.asker, asked.as_of))
    names = {kind: words.say(name, language) for kind, (name, _) in KINDS.items()}
    with st.container(border=True, key="scenario_add"):
        kind = st.selectbox(
            words.literal(msg("What if this were otherwise …"), language), list(names), key="scenario kind",
            format_func=lambda one: names[one], width=360,
        )  # fmt: skip
        with showing.politely(asked.view):
            made = KINDS[kind][1](asked, parts, draft)
            st.button(
                words.literal(msg("Try it"), language), type="primary", key=f"scenario try {kind}", disabled=not made,
                icon=":material/play_arrow:", on_click=_try, args=(draft, made),
            )  # fmt: skip


def _try(draft: Draft, made: Made) -> None:
    """Put edits into the address: what is tried can be gone back from, and sent on."""
    try:
        edits = (*draft.edits, *read_edits(made))
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    address.change(edits=with_edits(edits), start=None, who=None)


def _goal(asked: Question, key: str) -> str | None:
    """Find a goal by the words of its name."""
    language = asked.language
    said = words.say(msg("Find a goal"), language)
    find = st.text_input(said, key=f"{key} find", placeholder=words.say(msg("Words of its name"), language), width=300)
    names = {choice.id: words.say(choice.name, language) for choice in asked.goals(find or "")}
    return st.selectbox(
        words.literal(msg("Goal"), language),
        list(names),
        key=f"{key} goal",
        format_func=lambda one: names[one],
        width=420,
    )


def _one_goal(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del parts, draft
    language = asked.language
    goal = _goal(asked, "scenario one")
    if goal is None:
        return []
    what = f"target form {goal}"
    shown = asked.answer(what, lambda: asked.ws.target_form(asked.asker, goal, asked.period, asked.as_of))
    fields = {name: words.say(FIELD_WORDS[name], language) for name in FIELD_WORDS if name in shown.fields}
    with st.container(horizontal=True, gap="small"):
        field = st.selectbox(words.literal(msg("What of it"), language), list(fields), key="scenario one field",
                             format_func=lambda one: fields[one], width=180)  # fmt: skip
        now = shown.row.get(field)
        value = st.number_input(words.literal(msg("Becomes"), language), value=None if now is None else float(now),
                                key=f"scenario one {goal} {field}", width=180, format="%.6g")  # fmt: skip
    return [{"edit": "goals", "goal": goal, "field": field, "to": value}] if value is not None and value != now else []


def _many_goals(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del draft
    metric, unit, times = _metric(asked, parts, "scenario many")
    return [{"edit": "goals", "metric": metric, "unit": unit, "times": times}] if metric and times != 1 else []


def _metric(asked: Question, parts: Tryable, key: str) -> tuple[str | None, str | None, float]:
    """Choose a metric, a unit with all below it or none, and a factor."""
    language = asked.language
    metrics = {name: words.say(said, language) for name, said in parts.metrics}
    units = {name: words.say(said, language) for name, said in parts.units}
    everywhere = words.say(msg("the whole company"), language)
    metric = st.selectbox(words.literal(msg("Metric"), language), list(metrics), key=f"{key} metric",
                          format_func=lambda one: metrics[one], width=420)  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        unit = st.selectbox(words.literal(msg("Where"), language), list(units), key=f"{key} unit", index=None, width=240,
                            placeholder=everywhere, format_func=lambda one: units[one])  # fmt: skip
        times = st.number_input(words.literal(msg("Times"), language), min_value=0.01, max_value=100.0, value=1.05, step=0.01,
                                key=f"{key} times", width=160)  # fmt: skip
    return metric, unit, times


def _end(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del parts, draft
    goal = _goal(asked, "scenario end")
    if goal is None:
        return []
    now = asked.goal(goal).row.get("actual")
    value = st.number_input(words.literal(msg("Ends at"), asked.language), value=None if now is None else float(now),
                            key=f"scenario end {goal}", width=180, format="%.6g")  # fmt: skip
    return [{"edit": "ends", "goal": goal, "at": value}] if value is not None else []


def _ends(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del draft
    metric, unit, times = _metric(asked, parts, "scenario ends")
    return [{"edit": "ends", "metric": metric, "unit": unit, "times": times}] if metric and times != 1 else []


def _forecast(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del parts, draft
    said = msg("Every measured goal ends where its forecast sees it; once a period is over, that is where it is.")
    showing.block(text.aside(said, asked.language))
    return [{"edit": "ends", "of": "forecast"}]


def _curve(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del draft
    language = asked.language
    known = {name: (words.say(said, language), whole) for name, said, whole in parts.curves}
    chosen = st.selectbox(words.literal(msg("Curve"), language), list(known), key="scenario curve",
                          format_func=lambda one: known[one][0], width=420)  # fmt: skip
    if chosen is None:
        return []
    whole = known[chosen][1]
    typed = _fields(
        asked, f"scenario curve {chosen}", [(way, _words_of(whole, way), value) for way, value in numbers(whole)]
    )
    if not typed:
        return []
    after = deepcopy(whole)
    for way, value in typed.items():
        place: Any = after
        *steps, last = way.split(".")
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = value
    return [{"edit": "curve", "curve": {name: one for name, one in after.items() if one is not None}}]


def _words_of(whole: Any, way: str) -> str:
    """Return what a number of a curve belongs to: the place of its point, or its own field."""
    steps = way.split(".")
    place: Any = whole
    for step in steps[:-1]:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list) and steps[-1] == "1" and len(place) == 2:
        return f"{place[0]} →"
    return " ".join(_counted(steps))


def _counted(steps: list[str]) -> list[str]:
    return [str(int(step) + 1) if step.isdecimal() else step.replace("_", " ") for step in steps]


def _plan(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del draft
    language = asked.language
    plans = {name: words.say(said, language) for name, said in parts.plans}
    plan = st.selectbox(words.literal(msg("Plan"), language), list(plans), key="scenario plan",
                        format_func=lambda one: plans[one], width=420)  # fmt: skip
    if plan is None:
        return []
    found = asked.answer(f"plan parameters {plan}", lambda: asked.ws.plan_parameters(asked.asker, plan))
    components = {one.path.split(".")[0]: words.say(one.component, language) for one in found}
    component = st.selectbox(words.literal(msg("Component"), language), list(components), key=f"scenario plan {plan}",
                             format_func=lambda one: components[one], width=420)  # fmt: skip
    mine = [(one.path, words.say(one.field, language), one.value) for one in found
            if one.path.split(".")[0] == component]  # fmt: skip
    typed = _fields(asked, f"scenario plan {plan} {component}", mine)
    return [{"edit": "plan", "plan": plan, "path": way, "value": value} for way, value in typed.items()]


def _fields(asked: Question, key: str, fields: list[tuple[str, str, Any]]) -> dict[str, float]:
    """Show one field per number, side by side where there is room; return those that were changed."""
    typed: dict[str, float] = {}
    with st.container(horizontal=True, gap="small", key=key.replace(" ", "_").replace(".", "_")):
        for way, label, now in fields[:MOST]:
            value = st.number_input(
                label, value=float(now), key=f"{key} {way} {asked.period}", format="%.6g", width=130
            )
            if value != float(now):
                typed[way] = value
    return typed


def _drop(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del draft
    plans = {name: words.say(said, asked.language) for name, said in parts.plans}
    plan = st.selectbox(words.literal(msg("Plan"), asked.language), list(plans), key="scenario drop",
                        format_func=lambda one: plans[one], width=420)  # fmt: skip
    return [{"edit": "drop_plan", "plan": plan}] if plan else []


def _grade(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del draft
    known = {(scale, grade): (words.say(said, asked.language), edge) for scale, grade, said, edge in parts.grades}
    chosen = st.selectbox(words.literal(msg("Grade"), asked.language), list(known), key="scenario grade",
                          format_func=lambda one: known[one][0], width=320)  # fmt: skip
    if chosen is None:
        return []
    value = st.number_input(words.literal(msg("From this score on"), asked.language), value=known[chosen][1],
                            key=f"scenario grade {chosen}", width=180, format="%.6g")  # fmt: skip
    made = {"edit": "grade", "scale": chosen[0], "grade": chosen[1], "at_least": value}
    return [made] if value != known[chosen][1] else []


def _section(asked: Question, parts: Tryable, draft: Draft) -> Made:
    del draft
    known = {(card, part): (words.say(said, asked.language), weight) for card, part, said, weight in parts.sections}
    chosen = st.selectbox(words.literal(msg("Section"), asked.language), list(known), key="scenario section",
                          format_func=lambda one: known[one][0], width=420)  # fmt: skip
    if chosen is None:
        return []
    value = st.number_input(words.literal(msg("Weight"), asked.language), min_value=0.01, value=known[chosen][1],
                            key=f"scenario section {chosen}", width=180, format="%.6g")  # fmt: skip
    made = {"edit": "section", "scorecard": chosen[0], "section": chosen[1], "weight": value}
    return [made] if value != known[chosen][1] else []


#: What can be otherwise: its name, and the fields that say how.
KINDS: dict[str, tuple[Message, Callable[[Question, Tryable, Draft], Made]]] = {
    "many": (msg("The targets of a metric"), _many_goals),
    "one": (msg("A goal's target or weight"), _one_goal),
    "plan": (msg("A number of a plan"), _plan),
    "curve": (msg("A curve"), _curve),
    "grade": (msg("Where a grade begins"), _grade),
    "section": (msg("The weight of a section"), _section),
    "ends": (msg("The results of a metric"), _ends),
    "end": (msg("Where a goal ends"), _end),
    "forecast": (msg("Everything ends as forecast"), _forecast),
    "drop": (msg("A plan is not paid"), _drop),
}


def keep(asked: Question, draft: Draft) -> None:
    """Save what is tried, share it, or close it."""
    language, saved = asked.language, draft.saved
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="scenario_keep"):
        name = st.text_input(
            words.literal(msg("Name"), language),
            value=saved.name if saved else "",
            key=f"scenario name {draft.number}",
            width=300,
        )
        if saved is not None and saved.mine and draft.changed:
            st.button(words.literal(msg("Save"), language), key="scenario save", icon=":material/save:", type="primary",
                      on_click=_save, args=(asked, draft, name, saved.number))  # fmt: skip
        label = msg("Save as a new one") if saved else msg("Save")
        st.button(words.literal(label, language), key="scenario save new", icon=":material/add:", disabled=not draft.edits,
                  on_click=_save, args=(asked, draft, name, None))  # fmt: skip
        if saved is not None and saved.mine:
            share = msg("Stop sharing") if saved.shared else msg("Share")
            st.button(words.literal(share, language), key="scenario share", icon=":material/share:",
                      on_click=_mark, args=(asked, saved.number), kwargs={"shared": not saved.shared})  # fmt: skip
            st.button(words.literal(msg("Close it"), language), key="scenario close", icon=":material/archive:",
                      on_click=_mark, args=(asked, saved.number), kwargs={"closed": True})  # fmt: skip
    if saved is not None and saved.shared:
        said = msg(
            "Shared: whoever may try scenarios reads it under this page's address, and sees in it the people they may read anyway."
        )
        showing.block(text.aside(said, language))


def _save(asked: Question, draft: Draft, name: str, number: int | None) -> None:
    try:
        saved = asked.ws.save_scenario(asked.asker, name, draft.supposed, number=number)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(msg("Saved as version {version} of “{name}”. The plan stays as it is.",
                     version=saved.version, name=saved.name))  # fmt: skip
    address.change(scenario=str(saved.number), edits=None)


def _mark(asked: Question, number: int, *, shared: bool | None = None, closed: bool | None = None) -> None:
    try:
        saved = asked.ws.mark_scenario(asked.asker, number, shared=shared, closed=closed)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    if saved.closed:
        telling.tell(msg("“{name}” is closed. Its versions stay in the store.", name=saved.name))
        address.change(scenario=None, edits=None)


def apply(asked: Question, draft: Draft) -> None:
    """What applying would write, by whom it may be made, and the files for the rest."""
    language, saved = asked.language, draft.saved
    if saved is None or draft.changed or saved.hidden:
        said = msg("Save it first: what is applied is a saved version, so that the journal can say which.")
        showing.block(text.aside(said, language))
        return
    shown = asked.ws.preview_scenario(asked.asker, saved.number)
    if shown.changes.height:
        showing.block(scenario_rows.writes(shown, language, FIELD_WORDS))
    for one in (*shown.reasons, *shown.obstacles):
        showing.block(text.aside(one, language))
    if shown.hidden:
        out = msg("{count} more changes are about people outside what your role reads.", count=shown.hidden)
        showing.block(text.aside(out, language))
    if shown.ends:
        ends = msg("What it supposes of results cannot be applied: results are measured.")
        showing.block(text.aside(ends, language))
    if shown.next:
        showing.block(text.heading(msg("What comes next"), language))
        showing.block(scenario_rows.plain_list(shown.next, language))
    proposes = bool(shown.proposable) and asked.ws.may(asked.asker, "split_target").allowed
    makes = bool(shown.changes.height) and shown.allowed
    if (proposes or makes) and not shown.obstacles:
        reason = st.text_input(words.literal(msg("Reason"), language), key="scenario reason", width=420)
        with st.container(horizontal=True, gap="small"):
            if proposes:
                label = words.literal(msg("Propose the targets to their owners"), language)
                st.button(label, key="scenario propose", icon=":material/forum:", on_click=_propose,
                          args=(asked, shown, reason))  # fmt: skip
            if makes:
                with st.popover(words.literal(msg("Make these changes …"), language), icon=":material/check:"):
                    st.markdown(words.literal(_many(shown), language))
                    st.button(words.literal(msg("Make these changes"), language), key="scenario apply", type="primary",
                              on_click=_apply, args=(asked, shown, reason))  # fmt: skip
    _files(asked, shown)


def _many(shown: Writes) -> Message:
    """Say how much one press would change, before it is pressed."""
    goals, owners = (shown.changes.select(names).n_unique() for names in (["goal"], ["owner_kind", "owner"]))
    return msg(
        "This changes {goals} {goals:goal|goals} of {owners} {owners:owner|owners} at once, without asking them."
        " Their letters get a new version to sign.",
        goals=goals, owners=owners,
    )  # fmt: skip


def _propose(asked: Question, shown: Writes, reason: str) -> None:
    try:
        made = asked.ws.propose_scenario(asked.asker, shown, words=reason)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(_proposed_said(made))


def _proposed_said(made: ProposedSo) -> Message:
    """Say who is asked, and that nothing has changed yet."""
    said = msg(
        "Owners asked to agree: {owners}. They find it under To do; until they agree, their targets stay.",
        owners=made.owners,
    )
    return said if not made.left else msg("{said} Changes that are no part of it: {left}.", said=said, left=made.left)


def _apply(asked: Question, shown: Writes, reason: str) -> None:
    try:
        made = asked.ws.apply_scenario(asked.asker, shown, reason=reason)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(msg("Goals changed: {goals}. Line {entry} of the journal says which scenario it was.",
                     goals=made.goals, entry=made.entry))  # fmt: skip


def _files(asked: Question, shown: Writes) -> None:
    """Offer the definitions that differ as files: rules are applied by whoever looks after the configuration."""
    language = asked.language
    if not shown.files:
        return
    showing.block(text.aside(msg("Put these into the files of the configuration, and run 'kpiflow apply'."), language))
    showing.block(scenario_rows.plain_list(shown.differing, language))
    for name in shown.files:
        made = asking.pressed(asked.ws, partial(_file, asked.ws, shown.scenario.number, name))
        st.download_button(words.literal(name, language), made, file_name=name.rpartition("/")[2], mime="text/yaml",
                           key=f"scenario file {name}", icon=":material/download:", on_click="ignore")  # fmt: skip


def _file(ws: Workspace, number: int, name: str, asker: Asker) -> bytes:
    """Return one of the files, with the rights of whoever presses as they are then."""
    return ws.preview_scenario(asker, number).files[name].encode()
