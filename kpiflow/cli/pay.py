"""The command that runs a plan and shows what it pays."""

import sys
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
from kpiflow.cli.showing import say, write
from kpiflow.language import Quantity, msg, render
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.paying import pay_rows, pay_run, statement_of


def pay(
    plan: Annotated[str, typer.Option("--plan", help="The plan.")],
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    person: Annotated[str | None, typer.Option("--person", help="Show one person's statement, line by line.")] = None,
    as_of: AsOfOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show; runs are always dry until approval exists.")
    ] = False,
    format: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Run a plan for a period and show what it pays each person, with the lines of every statement in JSON."""
    ws = opened(store)
    try:
        run = pay_run(ws, plan, period, day(as_of))
        if person is not None:
            said = statement_of(ws, ADMINISTRATOR, person, period, day(as_of))
            if said is None:
                say(msg("No plan reaches {person} in this period.", person=person), lang)
                raise typer.Exit(1)
            for line in said.lines:
                sys.stdout.write(f"{line.line:>3}  {render(line.label, lang)}: {render(line.formula, lang)}\n")
            sys.stdout.write(
                f"{render(msg('Total: {amount}', amount=Quantity(said.amount and float(said.amount), 'currency', said.currency)), lang)}\n"
            )
            return
        write(pay_rows(run, lang), format, ["person", "plan", "period", "amount", "currency"])
        total = Quantity(float(run.total), "currency", run.plan.currency)
        say(msg("{count} people, {total} in all. Nothing was written.", count=run.wide.height, total=total), lang)
    finally:
        ws.close()
