"""The command that runs a plan and shows what it pays."""

from decimal import Decimal
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
from kpiflow.cli.showing import put, say, write, write_one
from kpiflow.language import Quantity, msg, render
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.paying import Statement, pay_rows, pay_run, record_run, statement_of, to_json

#: The columns of the list of people.
PEOPLE = ("person", "name", "unit", "unit_name", "plan", "period", "amount", "currency")


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
        if person is not None:
            said = statement_of(ws, ADMINISTRATOR, person, period, day(as_of), only=plan)
            if said is None:
                say(msg("No plan reaches {person} in this period.", person=person), lang)
                raise typer.Exit(1)
            _show(said, form, lang)
            return
        run = pay_run(ws, plan, period, day(as_of))
        write(pay_rows(ws, run, lang), form, PEOPLE)
        total = Quantity(float(run.total), "currency", run.plan.currency)
        facts = {"count": run.wide.height, "total": total}
        if dry_run:
            say(msg("{count} {count:person|people}, {total} in all. Nothing was written.", **facts), lang)
        else:
            entry = record_run(ws, run, who=who())
            say(
                msg(
                    "{count} {count:person|people}, {total} in all. Line {entry} of the journal says so.",
                    entry=entry,
                    **facts,
                ),
                lang,
            )


def _show(said: Statement, form: Format, lang: str) -> None:
    """Write one person's statement: each line with its formula, what came out of it, what it adds where that is not the
    same, and what was not met; or all of it as JSON.
    """
    if form is not Format.TABLE:
        write_one(to_json(said, lang))
        return
    for line in said.lines:
        told, money = render(line.formula, lang), said.currency if line.unit == "money" else None
        value = line.text or (None if line.value is None else _figure(line.value, money, lang))
        if line.amount is not None and line.amount != line.value:
            added = _figure(line.amount, said.currency, lang)
            told = render(msg("{formula}; it adds {added}", formula=told, added=added), lang)
            if value is not None and line.amount != -(line.value or 0):
                told += render(msg(", which makes {value}", value=value), lang)
        elif value is not None and not told.endswith(value):
            told = f"{told} = {value}"
        put(f"{line.line:>3}  {render(line.label, lang)}: {told}\n")
        if line.unmet is not None:
            put(f"     {render(line.unmet, lang)}\n")
    put(f"{render(msg('Total: {amount}', amount=_money(said.amount, said.currency)), lang)}\n")
    for word in (said.reason, *said.notes):
        if word is not None:
            put(f"{render(word, lang)}\n")


def _figure(value: Decimal, currency: str | None, lang: str) -> str:
    return (
        f"{round(value, 10).normalize():f}"
        if currency is None
        else render(msg("{value}", value=_money(value, currency)), lang)
    )


def _money(value: Decimal | None, currency: str) -> Quantity:
    return Quantity(None if value is None else float(value), "currency", currency)
