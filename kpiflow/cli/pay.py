"""The command that runs a plan and shows what it pays."""

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
    who,
)
from kpiflow.cli.showing import put, say, write
from kpiflow.language import Quantity, msg, render
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.paying import pay_rows, pay_run, record_run, statement_of


def pay(
    *,
    plan: Annotated[str, typer.Option("--plan", help="The plan.")],
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    person: Annotated[str | None, typer.Option("--person", help="Show one person's statement, line by line.")] = None,
    as_of: AsOfOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show: leave no line in the journal.")] = False,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Run a plan for a period and show what it pays each person, with the lines of every statement in JSON."""
    with opened(store) as ws:
        run = pay_run(ws, plan, period, day(as_of))
        if person is not None:
            said = statement_of(ws, ADMINISTRATOR, person, period, day(as_of))
            if said is None:
                say(msg("No plan reaches {person} in this period.", person=person), lang)
                raise typer.Exit(1)
            for line in said.lines:
                put(f"{line.line:>3}  {render(line.label, lang)}: {render(line.formula, lang)}\n")
            amount = Quantity(None if said.amount is None else float(said.amount), "currency", said.currency)
            put(f"{render(msg('Total: {amount}', amount=amount), lang)}\n")
            if said.reason is not None:
                put(f"{render(said.reason, lang)}\n")
            return
        write(pay_rows(run, lang), form, ["person", "plan", "period", "amount", "currency"])
        total = Quantity(float(run.total), "currency", run.plan.currency)
        facts = {"count": run.wide.height, "total": total}
        if dry_run:
            say(msg("{count} people, {total} in all. Nothing was written.", **facts), lang)
        else:
            entry = record_run(ws, run, who=who())
            say(msg("{count} people, {total} in all. Line {entry} of the journal says so.", entry=entry, **facts), lang)
