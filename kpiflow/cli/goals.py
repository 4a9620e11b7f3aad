"""Commands about single goals: adding one to the plan, and closing one."""

from typing import Annotated

import typer

from kpiflow.cli.cascade import GoalArgument, MakeOption, say_made, titled
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
from kpiflow.cli.showing import tell, write_one
from kpiflow.language import msg, render
from kpiflow.workspace import ADMINISTRATOR, GoalPreview, Made, NewGoal

goal = typer.Typer(name="goal", help="Add a goal to the plan, or close one.", no_args_is_help=True)

_EFFECTS = ["goal", "place", "before_points", "after_points", "before_status", "after_status"]


@goal.command()
def add(
    *,
    owner: Annotated[str, typer.Argument(help="Whose goal it is: a unit or a person, such as EWR or person:p0101.")],
    metric: Annotated[str, typer.Argument(help="What it is measured by.")],
    period: PeriodOption,
    target: Annotated[str | None, typer.Option("--target", help="Its target, such as 79.3 or 79.3%.")] = None,
    threshold: Annotated[str | None, typer.Option("--threshold", help="Its threshold.")] = None,
    stretch: Annotated[str | None, typer.Option("--stretch", help="Its stretch.")] = None,
    baseline: Annotated[str | None, typer.Option("--baseline", help="Its baseline.")] = None,
    low: Annotated[str | None, typer.Option("--low", help="The lower end of its band.")] = None,
    high: Annotated[str | None, typer.Option("--high", help="The upper end of its band.")] = None,
    weight: Annotated[str, typer.Option("--weight", help="Its weight among its owner's goals.")] = "1",
    parent: Annotated[str | None, typer.Option("--parent", help="The goal above it.")] = None,
    curve: Annotated[str | None, typer.Option("--curve", help="How attainment becomes points.")] = None,
    phasing: Annotated[str | None, typer.Option("--phasing", help="How its target is spread over the cycle.")] = None,
    label: Annotated[str | None, typer.Option("--label", help="Its name; without it, of metric and owner.")] = None,
    named: Annotated[str | None, typer.Option("--id", help="Its id; without it, of owner and metric.")] = None,
    make: MakeOption = False,
    reason: ReasonOption = None,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what one more goal does, with what the checks say of it; with --make, write it."""
    kind, colon, name = owner.partition(":")
    new = NewGoal(
        owner=name if colon else owner, owner_kind=kind if colon else None, metric=metric, parent=parent, label=label,
        target=target, baseline=baseline, threshold=threshold, stretch=stretch, low=low, high=high, weight=weight,
        curve=curve, phasing=phasing, goal=named,
    )  # fmt: skip
    with opened(store) as ws:
        shown = ws.preview_goal(ADMINISTRATOR, new, period)
        made = ws.make_goal(ADMINISTRATOR, shown, who=who(), reason=reason) if make else None
    _show(shown, made, form, lang)


@goal.command()
def close(
    *,
    goal: GoalArgument,
    period: PeriodOption,
    make: MakeOption = False,
    reason: ReasonOption = None,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what closing a goal means; with --make and a reason, close it."""
    with opened(store) as ws:
        shown = ws.preview_close(ADMINISTRATOR, goal, period)
        made = ws.make_goal(ADMINISTRATOR, shown, who=who(), reason=reason) if make else None
    _show(shown, made, form, lang)


def _show(shown: GoalPreview, made: Made | None, form: Format, lang: str) -> None:
    """Write a preview, and what was written of it."""
    if form is Format.JSON:
        said = [render(message, lang) for message in shown.sentence]
        write_one(
            {"goal": shown.goal, "period": shown.period, "sentence": said, "row": dict(shown.row),
             "goals": shown.goals.to_dicts(), "made": None if made is None else made.change}
        )  # fmt: skip
    else:
        tell(shown.sentence, lang)
        titled(msg("Goals that change"), shown.goals.to_dicts(), _EFFECTS, lang)
    say_made(made, lang)
