"""The commands about pay runs: keep one, bring it to final in two persons' names, compare, print, export and verify."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

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
    ReasonOption,
    StoreOption,
    day,
    opened,
    who,
)
from kpiflow.cli.showing import say, tell, write
from kpiflow.errors import InvalidInput
from kpiflow.language import Quantity, msg
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.pay_runs.answers import STATE_WORDS, Stored
from kpiflow.workspace.pay_runs.reading import Part
from kpiflow.workspace.pay_runs.running import Terms

payroll = typer.Typer(
    name="payroll",
    help="Pay runs: keep, propose, approve, make final, compare, print, export, verify.",
    no_args_is_help=True,
)


class PayForm(StrEnum):
    """What a payroll is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class StatementForm(StrEnum):
    """What a statement is written as."""

    PDF = "pdf"
    XLSX = "xlsx"


class Edition(StrEnum):
    """The languages a statement is written in."""

    EN = "en"
    ZH = "zh"
    BOTH = "both"


RunArgument = Annotated[int, typer.Argument(help="The number of the run, from `kpiflow payroll list`.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="The file; absent: a name of its own in this folder.")]

#: The columns of the list of runs, of a run's people, and of a difference.
RUNS = ("run", "plan", "version", "period", "state", "people", "total", "currency", "budget", "closing", "by", "at")
PEOPLE = ("person", "label", "unit", "unit_label", "role", "amount", "adjustment", "payable")
DIFFERENCE = (
    "person", "label", "unit", "unit_label", "change_kind", "before", "after", "change", "component", "component_change",
)  # fmt: skip


@payroll.command()
def run(
    *,
    plan: Annotated[str, typer.Option("--plan", help="The plan.")],
    period: PeriodOption,
    budget: Annotated[str | None, typer.Option("--budget", help="The most it may come to; absent: the plan's.")] = None,
    adjusts: Annotated[
        list[int] | None,
        typer.Option("--adjust", help="A final run it puts right; absent: the earlier ones of the plan."),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    by: ByOption = None,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Run a plan and keep it as a dry run, with every line; nothing is paid by it."""
    with opened(store) as ws:
        terms = Terms(day(as_of), _money(budget), adjusts or None, reason)
        number = ws.keep_pay_run(ADMINISTRATOR, plan, period, terms, who=by or who())
        tell(ws.pay_run_page(ADMINISTRATOR, number).sentence, lang)


@payroll.command("list")
def list_runs(
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """List the runs of the cycle that a period lies in, the newest first."""
    with opened(store) as ws:
        found = ws.pay_runs(ADMINISTRATOR, period)
        write([_row(one) for one in found.runs], form, RUNS)
        say(found.sentence[0], lang)


@payroll.command()
def show(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most people that are listed.")] = 1000,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show a run: its people, what it pays each, and what is missing before it can be final."""
    with opened(store) as ws:
        page = ws.pay_run_page(ADMINISTRATOR, run, Part(size=limit))
        write(_cents(page.rows.iter_rows(named=True)), form, PEOPLE)
        for one in (*page.sentence, *(one.said for one in page.missing if not one.met)):
            say(one, lang)


@payroll.command()
def propose(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    by: ByOption = None,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Hand a dry run to a second person."""
    with opened(store) as ws:
        _told(ws.propose_pay(ADMINISTRATOR, run, reason=reason, who=by or who()), lang)


@payroll.command()
def approve(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    by: ByOption = None,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Approve a proposed run: a second person, not who ran it."""
    with opened(store) as ws:
        _told(ws.approve_pay(ADMINISTRATOR, run, reason=reason, who=by or who()), lang)


@payroll.command()
def withdraw(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    by: ByOption = None,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Take a proposed run back before it is approved: it is a dry run again."""
    with opened(store) as ws:
        _told(ws.withdraw_pay(ADMINISTRATOR, run, reason=reason, who=by or who()), lang)


@payroll.command()
def refuse(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    by: ByOption = None,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Refuse a run, with a reason."""
    with opened(store) as ws:
        _told(ws.refuse_pay(ADMINISTRATOR, run, reason=reason, who=by or who()), lang)


@payroll.command("final")
def make_final(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    by: ByOption = None,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Make an approved run final: the period closed, the plan published, within the budget or with a reason."""
    with opened(store) as ws:
        _told(ws.finalise_pay(ADMINISTRATOR, run, reason=reason, who=by or who()), lang)


@payroll.command()
def diff(
    run: RunArgument,
    other: Annotated[int | None, typer.Argument(help="The run to compare it with; absent: the one before it.")] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most people that are listed.")] = 1000,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Compare a run with the one before it, or with another: who is new, gone or paid another amount, and why."""
    with opened(store) as ws:
        found = ws.pay_difference(ADMINISTRATOR, run, other, Part(size=limit))
        write(_cents(found.rows.iter_rows(named=True)), form, DIFFERENCE)
        for one in found.sentence:
            say(one, lang)


@payroll.command()
def statement(
    person: Annotated[str, typer.Argument(help="The person, by id.")],
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    run: Annotated[int | None, typer.Option("--run", help="A run; absent: the final one, else a preview.")] = None,
    plan: Annotated[str | None, typer.Option("--plan", help="The plan, where several pay the person.")] = None,
    form: Annotated[
        StatementForm, typer.Option("--form", help="pdf to read, xlsx to work it out again.")
    ] = StatementForm.PDF,
    edition: Annotated[Edition, typer.Option("--edition", help="English, 中文, or both.")] = Edition.EN,
    out: OutOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write a person's statement as a PDF, or as a workbook with live formulas."""
    with opened(store) as ws:
        made = ws.statement_file(
            ADMINISTRATOR, person, period, form=form.value, language=edition.value, run=run, plan=plan
        )
        _written(out or Path(made.name), made.content, lang)


@payroll.command()
def export(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    form: Annotated[PayForm, typer.Option("--form", help="The kind of file.")] = PayForm.CSV,
    draft: Annotated[
        bool, typer.Option("--draft", help="A run that is not final: every row says it is a draft.")
    ] = False,
    out: OutOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write a final run to a payroll file with its control totals."""
    with opened(store) as ws:
        made = ws.payroll_export(ADMINISTRATOR, run, form=form.value, draft=draft, who=who())
        _written(out or Path(made.name), made.content, lang)


@payroll.command()
def verify(
    run: RunArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Work a run out again from the store as known then; exit code 1 when any line differs."""
    with opened(store) as ws:
        found = ws.verify_pay(ADMINISTRATOR, run)
        if found.differences.height:
            write(found.differences.to_dicts(), form)
        tell(found.sentence, lang)
        if not (found.matches and found.intact):
            raise typer.Exit(1)


def _row(one: Stored) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in RUNS}
    budget, at = None if one.budget is None else f"{one.budget:.2f}", one.at.isoformat(sep=" ", timespec="seconds")
    return {**row, "state": one.state.value, "total": f"{one.total:.2f}", "budget": budget, "at": at}


def _cents(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with money in cents."""
    cent = Decimal("0.01")

    def plain(value: Any) -> Any:
        return value.quantize(cent) if isinstance(value, Decimal) else value

    return [{name: plain(value) for name, value in row.items()} for row in rows]


def _told(now: Stored, lang: Language) -> None:
    total = Quantity(float(now.total), "currency", now.currency)
    say(msg("Run {run} is now {state}: {total}.", run=now.run, state=STATE_WORDS[now.state], total=total), lang)


def _written(path: Path, content: bytes, lang: Language) -> None:
    path.write_bytes(content)
    say(msg("Written: {path}", path=str(path)), lang)


def _money(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(msg("'{text}' is not an amount of money. Write it as 250000.00.", text=text)) from error
