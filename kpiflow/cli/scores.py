"""Commands that answer: scores of goals, why, and appraisals."""

from typing import Annotated

import typer

from kpiflow.cli.options import (
    DEFAULT_STORE,
    AsOfOption,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    PeriodOption,
    StoreOption,
    day,
    opened,
)
from kpiflow.cli.showing import put, write
from kpiflow.language import render
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.listing import appraisal_rows, score_rows

_SHORT = ["goal", "owner", "actual", "target", "attainment", "points", "weight", "score", "status", "coverage"]


def score(
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    owner: Annotated[str | None, typer.Option("--owner", help="Only goals of this unit or person.")] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Score every goal for a period."""
    with opened(store) as ws:
        write(score_rows(ws, ADMINISTRATOR, period, owner=owner, as_of=day(as_of)), form, _SHORT)


def explain(
    goal: Annotated[str, typer.Argument(help="The goal.")],
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say why a goal's numbers are what they are, down to the rows they came from."""
    with opened(store) as ws:
        page = ws.goal(ADMINISTRATOR, goal, period, day(as_of))
    for message in page.sentence:
        put(f"{render(message, lang)}\n")
    for reason in page.why:
        put(f"\n{render(reason.title, lang)}\n")
        for line in reason.lines:
            put(f"  {render(line, lang)}\n")
    if page.loads.height:
        put("\n")
        write(page.loads.select("load", "source", "recorded_at", "who", "rows").to_dicts(), Format.TABLE)


def appraise(
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show each person's score and grade for a period."""
    with opened(store) as ws:
        rows = appraisal_rows(ws, ADMINISTRATOR, period, day(as_of))
        write(rows, form, ["person", "label", "unit", "role", "score", "grade", "coverage", "goals", "days", "reason"])
