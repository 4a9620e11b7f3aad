"""The commands about scenarios: try other targets, rules and results, look at what comes out, and hand it on."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kpiflow.cli.options import (
    DEFAULT_STORE,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    PeriodOption,
    ReasonOption,
    StoreOption,
    opened,
    who,
)
from kpiflow.cli.showing import say, tell, write
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.scenarios.answers import Effect, Part, Scenario, Supposition
from kpiflow.workspace.scenarios.edits import Edits, read_edits
from kpiflow.workspace.scenarios.making import export_scenario

scenario = typer.Typer(
    name="scenario",
    help="What would come out if targets, rules or results were others; nothing is written to the plan.",
    no_args_is_help=True,
)


class Show(StrEnum):
    """Which people are listed."""

    GAIN = "gain"
    LOSE = "lose"
    GRADED = "graded"
    ALL = "all"


NumberArgument = Annotated[int, typer.Argument(help="The number of the scenario, from `kpiflow scenario list`.")]
TargetOption = Annotated[
    list[str] | None, typer.Option("--target", metavar="GOAL=VALUE", help="Another target; ×1.05 multiplies it.")
]
WeightOption = Annotated[
    list[str] | None, typer.Option("--weight", metavar="GOAL=VALUE", help="Another weight of a goal.")
]
MetricOption = Annotated[
    list[str] | None,
    typer.Option(
        "--metric", metavar="METRIC[@UNIT]=×1.05", help="The targets of all goals on a metric, times a factor."
    ),
]
GradeOption = Annotated[
    list[str] | None, typer.Option("--grade", metavar="SCALE.GRADE=SCORE", help="Another lowest score of a grade.")
]
SectionOption = Annotated[
    list[str] | None,
    typer.Option("--section", metavar="SCORECARD.SECTION=WEIGHT", help="Another weight of a section."),
]
PlanOption = Annotated[
    list[str] | None,
    typer.Option("--plan", metavar="PLAN.COMPONENT.FIELD=VALUE", help="Another value in a plan, as YAML has it."),
]
EndOption = Annotated[
    list[str] | None,
    typer.Option("--end", metavar="GOAL=VALUE", help="A goal ends at a value; METRIC=×1.05: all goals on a metric do."),
]
ForecastOption = Annotated[bool, typer.Option("--as-forecast", help="All goals end as they are forecast to.")]
EditOption = Annotated[
    list[str] | None, typer.Option("--edit", metavar="JSON", help="Any edit, as docs/scenarios.md writes them.")
]
NameOption = Annotated[str | None, typer.Option("--name", help="Another name.")]


def _edits(
    ws: Any,
    *,
    target: list[str] | None,
    weight: list[str] | None,
    metric: list[str] | None,
    grade: list[str] | None,
    section: list[str] | None,
    plan: list[str] | None,
    end: list[str] | None,
    as_forecast: bool,
    edit: list[str] | None,
) -> Edits:
    """Return the edits that options ask for; raises InvalidInput for one that cannot be understood."""
    found: list[dict[str, Any]] = []
    for text in target or ():
        goal, value = _two(text)
        found.append({"edit": "goals", "goal": goal, **_amount(value, "to")})
    for text in weight or ():
        goal, value = _two(text)
        found.append({"edit": "goals", "goal": goal, "field": "weight", **_amount(value, "to")})
    for text in metric or ():
        name, value = _two(text)
        on, _, unit = name.partition("@")
        found.append({"edit": "goals", "metric": on, "unit": unit or None, **_amount(value, "times")})
    for text in section or ():
        (card, part), value = _dotted(text)
        found.append({"edit": "section", "scorecard": card, "section": part, "weight": value})
    for text in grade or ():
        (scale, name), value = _dotted(text)
        found.append({"edit": "grade", "scale": scale, "grade": name, "at_least": value})
    for text in plan or ():
        (name, path), value = _dotted(text)
        found.append({"edit": "plan", "plan": name, "path": path, "value": _plain(value)})
    goals = set(ws.company().goals["goal"]) if end else set()
    for text in end or ():
        name, value = _two(text)
        found.append({"edit": "ends", "goal" if name in goals else "metric": name, **_amount(value, "at")})
    if as_forecast:
        found.append({"edit": "ends", "of": "forecast"})
    found += [_plain(text) for text in edit or ()]
    return read_edits(found)


def _two(text: str) -> tuple[str, str]:
    """Return both sides of NAME=VALUE."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise InvalidInput(msg("'{text}' is not NAME=VALUE.", text=text))
    return name.strip(), value.strip()


def _dotted(text: str) -> tuple[tuple[str, str], str]:
    """Return the two names and the value of FIRST.SECOND=VALUE."""
    name, value = _two(text)
    first, sign, second = name.partition(".")
    if not sign:
        raise InvalidInput(msg("'{text}' needs two names with a point between them.", text=text))
    return (first, second), value


def _amount(text: str, plainly: str) -> dict[str, str]:
    """Return a value under its word; ×1.05 (or x1.05) is a factor."""
    factor = text.removeprefix("×").removeprefix("x")
    return {"times": factor} if factor != text or plainly == "times" else {plainly: text}


def _plain(text: str) -> Any:
    """Return a value written as JSON, and any other text as it is."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


@scenario.command("new")
def new(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    *,
    period: PeriodOption,
    target: TargetOption = None,
    weight: WeightOption = None,
    metric: MetricOption = None,
    section: SectionOption = None,
    grade: GradeOption = None,
    plan: PlanOption = None,
    end: EndOption = None,
    as_forecast: ForecastOption = False,
    edit: EditOption = None,
    share: Annotated[bool, typer.Option("--share", help="Whoever may try scenarios may read it.")] = False,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Save a scenario and say what it does; the plan stays as it is."""
    with opened(store) as ws:
        edits = _edits(ws, target=target, weight=weight, metric=metric, grade=grade, section=section, plan=plan,
                       end=end, as_forecast=as_forecast, edit=edit)  # fmt: skip
        supposed = Supposition(period, edits)
        effect = ws.scenario_effect(ADMINISTRATOR, supposed)
        saved = ws.save_scenario(ADMINISTRATOR, name, supposed, who=who())
        if share:
            saved = ws.mark_scenario(ADMINISTRATOR, saved.number, shared=True, who=who())
        tell((*saved.said, *effect.sentence), lang)
    say(msg("Scenario {number}, version {version}, is saved.", number=str(saved.number), version=saved.version), lang)


@scenario.command("edit")
def change(
    number: NumberArgument,
    *,
    name: NameOption = None,
    target: TargetOption = None,
    weight: WeightOption = None,
    metric: MetricOption = None,
    section: SectionOption = None,
    grade: GradeOption = None,
    plan: PlanOption = None,
    end: EndOption = None,
    as_forecast: ForecastOption = False,
    edit: EditOption = None,
    without: Annotated[
        list[int] | None, typer.Option("--without", min=1, help="Take an edit away, by its place from 1.")
    ] = None,
    share: Annotated[bool | None, typer.Option("--share/--no-share", help="Whether others may read it.")] = None,
    close: Annotated[bool | None, typer.Option("--close/--open", help="Whether it is no longer listed.")] = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Save the next version of a scenario: with more edits, without some, shared or closed."""
    with opened(store) as ws:
        was = ws.scenario(ADMINISTRATOR, number)
        more = _edits(ws, target=target, weight=weight, metric=metric, grade=grade, section=section, plan=plan,
                      end=end, as_forecast=as_forecast, edit=edit)  # fmt: skip
        kept = tuple(one for place, one in enumerate(was.edits, start=1) if place not in (without or ()))
        saved = was
        if more or name or len(kept) < len(was.edits):
            supposed = Supposition(was.period, (*kept, *more), was.as_of)
            saved = ws.save_scenario(ADMINISTRATOR, name or was.name, supposed, number=number, who=who())
        if share is not None or close is not None:
            saved = ws.mark_scenario(ADMINISTRATOR, number, shared=share, closed=close, who=who())
        tell(saved.said, lang)
    say(msg("Scenario {number}, version {version}, is saved.", number=str(saved.number), version=saved.version), lang)


@scenario.command("list")
def list_scenarios(
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that are closed, too.")] = False,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the scenarios, the newest first."""
    with opened(store) as ws:
        write([_row(one) for one in ws.scenarios(ADMINISTRATOR, every=every)], form)


def _row(one: Scenario) -> dict[str, Any]:
    """Return a scenario as a row of the list."""
    return {
        "scenario": one.number, "version": one.version, "name": one.name, "period": one.period, "edits": len(one.edits),
        "who": one.who, "at": one.at, "shared": one.shared, "closed": one.closed, "applied": one.applied is not None,
    }  # fmt: skip


@scenario.command("show")
def show(
    number: NumberArgument,
    *,
    people: Annotated[Show, typer.Option("--people", help="Which people are listed.")] = Show.GAIN,
    unit: Annotated[str | None, typer.Option("--unit", help="Only people of this unit and below.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most people that are listed.")] = 20,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say what a scenario supposes and does, and list who gains or loses most."""
    with opened(store) as ws:
        one = ws.scenario(ADMINISTRATOR, number)
        effect = ws.scenario_effect(ADMINISTRATOR, number, Part(people.value, unit, size=limit))
        if form is Format.TABLE:
            tell((*one.said, *effect.sentence, *_grades(effect)), lang)
        columns = ("person", "label", "unit", "unit_label", "grade_before", "grade_after", "score_before", "score_after",
                   "amount_before", "amount_after", "change")  # fmt: skip
        write(effect.rows.select(columns).to_dicts(), form, columns)


def _grades(effect: Effect) -> tuple[Message, ...]:
    """Return the grades that more or fewer people would have."""
    moved = effect.grades.filter(effect.grades["before"] != effect.grades["after"])
    return tuple(
        msg(
            "{grade}: {before} people become {after}.",
            grade=row["grade"] or "–",
            before=row["before"],
            after=row["after"],
        )
        for row in moved.iter_rows(named=True)
    )


@scenario.command("compare")
def compare(
    numbers: Annotated[list[int], typer.Argument(help="Up to three scenarios of one period.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show scenarios side by side with how it is now."""
    with opened(store) as ws:
        both = ws.compare_scenarios(ADMINISTRATOR, numbers)
        rows = [
            {"scenario": one.number, "name": one.name, "cost_now": effect.cost_now, "cost": effect.cost,
             "gain": effect.gain.people, "lose": effect.lose.people, "regraded": effect.regraded,
             "score_now": effect.score_now, "score": effect.score,
             **{str(row["grade"] or "none"): row[str(one.number)] for row in both.grades.iter_rows(named=True)}}
            for one, effect in zip(both.scenarios, both.effects, strict=True)
        ]  # fmt: skip
        if form is Format.TABLE:
            now = both.effects[0].cost_now
            if now is not None:
                said = Quantity(float(now), "currency", both.effects[0].currency)
                tell((msg("Cost as it is now: {cost}.", cost=said),), lang)
        write(rows, form)


@scenario.command("apply")
def apply(
    number: NumberArgument,
    *,
    reason: ReasonOption = None,
    make: Annotated[bool, typer.Option("--make", help="After showing it, write the changes of goals.")] = False,
    ask: Annotated[
        bool, typer.Option("--propose", help="After showing it, propose its targets to their owners instead.")
    ] = False,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what applying a scenario would write; with --make, write its targets and weights. Rules are applied as files."""
    with opened(store) as ws:
        shown = ws.preview_scenario(ADMINISTRATOR, number)
        if form is Format.TABLE:
            tell((*shown.differing, *shown.obstacles, *shown.next), lang)
        columns = ("goal", "field", "before", "after", "eased", "may")
        write(shown.changes.select(columns).to_dicts(), form, columns)
        asked = ws.propose_scenario(ADMINISTRATOR, shown, words=reason, by=who()) if ask else None
        made = ws.apply_scenario(ADMINISTRATOR, shown, reason=reason, who=who()) if make and not ask else None
    if shown.files:
        say(
            msg(
                "Its rules are files: 'kpiflow scenario export {number} DIR', then 'kpiflow apply DIR'.",
                number=str(number),
            ),
            lang,
        )
    if asked is not None:
        said = msg("Owners asked to agree: {owners}. Changes that are no part of it: {left}. Line {entry} of the journal says so.",
                   owners=asked.owners, left=asked.left, entry=asked.entry)  # fmt: skip
        say(said, lang)
    elif made is None:
        say(msg("Nothing was written. With --make the changes of goals will be made."), lang)
    else:
        say(
            msg("Goals changed: {goals}. Line {entry} of the journal says so.", goals=made.goals, entry=made.entry),
            lang,
        )


@scenario.command("export")
def export(
    number: NumberArgument,
    folder: Annotated[Path, typer.Argument(help="An empty folder; with --force, one with a configuration in it.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Take the configuration that is there away first.")] = False,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write the whole configuration as a scenario has it, to be looked at and applied by `kpiflow apply`."""
    with opened(store) as ws:
        files = export_scenario(ws, ADMINISTRATOR, number, folder, replace_files=force)
    say(msg("{count} files were written to {folder}.", count=len(files), folder=str(folder)), lang)
