"""The commands about appeals: file one for a person, list them, show one and answer it."""

import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.options import (
    DEFAULT_STORE,
    AsOfOption,
    ByOption,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    PeriodOption,
    StoreOption,
    day,
    opened,
    who,
)
from kpiflow.cli.showing import say, tell, write
from kpiflow.language import Message, Quantity, msg, render
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.appeals.answers import (
    APPEAL_WORDS,
    About,
    Appeal,
    AppealState,
    Changed,
    Correction,
    Filing,
    Line,
    Verdict,
)

appeal = typer.Typer(name="appeal", help="Appeals: file, list, show and answer them.", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(help="The number of the appeal.")]


class Outcome(StrEnum):
    """How an appeal can end."""

    UPHELD = "upheld"
    PARTLY = "partly"
    DISMISSED = "dismissed"


@appeal.command("file")
def file_(
    person: Annotated[str, typer.Argument(help="The person who appeals.")],
    *,
    period: PeriodOption,
    about: Annotated[About, typer.Option("--about", help="What is disputed.")],
    words: Annotated[str, typer.Option("--words", help="What is wrong.")],
    section: Annotated[str | None, typer.Option("--section")] = None,
    goal: Annotated[str | None, typer.Option("--goal")] = None,
    month: Annotated[str | None, typer.Option("--month", help="A month of the goal, such as 2013-06.")] = None,
    metric: Annotated[str | None, typer.Option("--metric", help="The metric of a measurement.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="The unit it was measured in.")] = None,
    measured: Annotated[str | None, typer.Option("--day", help="The day it is about.")] = None,
    component: Annotated[str | None, typer.Option("--component", help="The component of a line of pay.")] = None,
    input_: Annotated[
        str | None,
        typer.Option("--input", help="A plan's input, such as salary_month; of a measurement, what counts it."),
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", help="The plan whose line or input it is; absent: the first that has it.")
    ] = None,
    files: Annotated[list[Path] | None, typer.Option("--file", help="Evidence; may be given several times.")] = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """File an appeal for a person: against the score, a goal, a month, a measurement, the grade, a line of pay or its input."""
    line = Line(
        about, section, goal, month, metric, unit, person if about is About.MEASUREMENT else None,
        datetime.date.fromisoformat(measured) if measured else None, component=component, input=input_, plan=plan,
    )  # fmt: skip
    with opened(store) as ws:
        given = tuple((path.name, path.read_bytes()) for path in files or ())
        number = ws.file_appeal(ADMINISTRATOR, person, period, Filing(line, words, given), who=who())
        due = ws.appeal(ADMINISTRATOR, number).line.due
    say(msg("Appeal {number} is filed; an answer is due by {due}.", number=number, due=due), lang)


@appeal.command("list")
def list_appeals(
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most appeals that are listed.")] = 1000,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """List the appeals of a period, those that are open first."""
    columns = ("number", "person", "name", "about", "state", "at", "due", "late")
    with opened(store) as ws:
        found = ws.appeals(ADMINISTRATOR, period, day(as_of), limit=limit)
    rows = [{name: getattr(line, name) for name in columns} | {"name": render(line.name, lang)} for line in found.lines]
    write(rows, form, columns)
    facts = {"total": found.total, "waiting": found.waiting, "late": found.late}
    say(msg("Appeals: {total}, of which open: {waiting}, and late: {late}.", **facts), lang)


@appeal.command()
def show(
    number: NumberArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show an appeal with everything that happened to it, and what a correction changed."""
    with opened(store) as ws:
        tell(_told(ws.appeal(ADMINISTRATOR, number, day(as_of))), lang)


@appeal.command()
def answer(
    number: NumberArgument,
    outcome: Annotated[Outcome, typer.Argument(help="How it ends.")],
    *,
    words: Annotated[str, typer.Option("--words", help="Why: the person reads it.")],
    value: Annotated[
        str | None, typer.Option("--value", help="The value the measurement or input should have had.")
    ] = None,
    numerator: Annotated[str | None, typer.Option("--numerator", help="The same for a rate.")] = None,
    denominator: Annotated[str | None, typer.Option("--denominator", help="The same for a rate.")] = None,
    points: Annotated[
        float | None, typer.Option("--points", help="Points that an adjustment adds to the score.")
    ] = None,
    by: ByOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Decide an appeal, and correct a disputed measurement or plan input; what follows from it is worked out again and shown."""
    given = any(one is not None for one in (value, numerator, denominator))
    correction = Correction(value, numerator, denominator) if given else None
    with opened(store) as ws:
        verdict = Verdict(AppealState(outcome.value), words, correction, points)
        ws.answer_appeal(ADMINISTRATOR, number, verdict, who=by or who())
        tell(_told(ws.appeal(ADMINISTRATOR, number)), lang)


def _told(shown: Appeal) -> list[Message]:
    """Return an appeal in sentences."""
    line = shown.line
    facts = {"number": line.number, "person": line.name, "about": line.about, "period": line.period}
    said = [
        msg("Appeal {number} of {person} against {about}, {period}.", **facts),
        msg("It is {state}; an answer is due by {due}.", state=APPEAL_WORDS[line.state], due=line.due),
    ]
    said += [
        msg("{day} {who}: {said} {words}", day=one.at.date(), who=one.who, said=one.said, words=one.words or "")
        for one in shown.events
    ]
    return said + changed_said(shown.changed)


def changed_said(changed: Changed | None) -> list[Message]:
    """Say what a correction did to score, grade and pay."""
    if changed is None:
        return []
    said = [changed.corrected] if changed.corrected else []
    before, after = (Quantity(one, "score") for one in changed.score)
    said.append(msg("Score: {before} before, {after} after.", before=before, after=after))
    said.append(msg("Grade: {before} before, {after} after.", before=changed.grade[0], after=changed.grade[1]))
    for one in changed.pay or ():
        was, now = (
            Quantity(None if paid is None else float(paid), "currency", one.currency)
            for paid in (one.before, one.after)
        )
        if len(changed.pay or ()) == 1:
            said.append(msg("Pay: {before} before, {after} after.", before=was, after=now))
        else:
            said.append(
                msg("Pay for {period} by {plan}: {before} before, {after} after.", period=one.period, plan=one.label,
                    before=was, after=now)
            )  # fmt: skip
    return said
