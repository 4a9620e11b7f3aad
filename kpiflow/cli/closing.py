"""Commands that close periods: what stands against it, closing, working a closing out again, and opening with two people."""

import sys
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
    ReasonOption,
    StoreOption,
    day,
    opened,
    who,
)
from kpiflow.cli.showing import say, tell, write, write_one
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg, render
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.closing.answers import Changes, Readiness
from kpiflow.workspace.closing.telling import LABELS

PeriodArgument = Annotated[str, typer.Argument(help="The period, such as 2013-Q4.")]

_CHECKS = ("check", "found", "of", "weight", "stops")
_FINDINGS = ("name", "owner", "reason")
_PEOPLE = ("person", "label", "score_signed", "score_now", "difference", "grade_signed", "grade_now")
_CLOSINGS = ("closing", "period", "state", "known_by", "who", "goals", "scored", "version", "fingerprint")
_DIFFERENCES = ("table", "id", "column", "frozen", "recomputed")
_LINES = (
    "person", "label", "from_period", "into_period", "score_signed", "score_now", "grade_signed", "grade_now", "reason",
)  # fmt: skip


def close(
    period: PeriodArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    check: Annotated[bool, typer.Option("--check", help="Remember this look: changes are told since then.")] = False,
    findings: Annotated[
        str | None,
        typer.Option("--findings", metavar="CHECK", help="List what one check found, such as goals_without_data."),
    ] = None,
    start: Annotated[int, typer.Option("--start", min=0, help="The first finding that is listed, from 0.")] = 0,
    make: Annotated[bool, typer.Option("--make", help="Close it.")] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Work a closed period out again and compare every number to the last digit."),
    ] = False,
    number: Annotated[
        int | None, typer.Option("--closing", help="With --verify: a closing by its number, also one opened again.")
    ] = None,
    by: ByOption = None,
    reason: ReasonOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what stands against closing a period and what changed since the last look; with --make, close it.

    Of a closed period: what differs as now known. With --verify: whether its numbers come out of the store again.
    """
    with opened(store) as ws:
        if verify:
            _verify(ws, period, number, form=form, lang=lang)
        elif findings is not None:
            _findings(ws, period, findings, start=start, form=form, lang=lang)
        elif make:
            shut = ws.close_period(ADMINISTRATOR, period, reason=_given(reason), who=by or who())
            facts = {"period": period, "number": shut.number, "fingerprint": shut.fingerprint}
            say(msg("{period} is closed. Closing {number}, fingerprint {fingerprint}.", **facts), lang)
        else:
            _show(ws.readiness(ADMINISTRATOR, period), form, lang)
            if check:
                ws.look_through(ADMINISTRATOR, period, who=by or who())


def _given(reason: str | None) -> str:
    if not (reason or "").strip():
        raise InvalidInput(msg("Say why with --reason: one sentence that stays with the closing."))
    return str(reason)


def _show(shown: Readiness, form: Format, lang: str) -> None:
    rows = [
        {
            "check": one.check.value if form is not Format.TABLE else render(one.label, lang),
            "found": one.count,
            "of": one.of,
            "weight": None if one.weight is None else round(one.weight, 6),
            "stops": one.stops,
        }
        for one in shown.checks
    ]
    if form is not Format.TABLE:
        write(rows, form, _CHECKS)
        return
    tell(shown.sentence, lang)
    if shown.closed is None:
        write(rows, form, _CHECKS)
        tell(_changed(shown.changes), lang)
        return
    if shown.restated.is_empty():
        tell((msg("Every score as now known is the one that was signed."),), lang)
        return
    tell((msg("Scores that differ as now known: {count}.", count=shown.restated.height),), lang)
    write(shown.restated.to_dicts(), form, _PEOPLE)


def _changed(found: Changes | None) -> tuple[Message, ...]:
    """Return what came in since the last look, in sentences."""
    if found is None:
        return (msg("Nobody has looked through it before. With --check this look is remembered."),)
    facts: dict[str, Any] = {
        "since": found.since.strftime("%Y-%m-%d %H:%M"), "loads": found.loads["load"].n_unique(),
        "corrected": found.corrected, "changes": found.changes.height,
    }  # fmt: skip
    return (
        msg("Since {since}: loads {loads}, corrected measurements {corrected}, changes of definitions {changes}.", **facts),
        msg("Scores that moved: {people}, by at most {most} points; goals that moved: {goals}.",
            people=found.people.height, most=round(found.largest, 4), goals=found.goals),
    )  # fmt: skip


def _findings(ws: Workspace, period: str, check: str, *, start: int, form: Format, lang: str) -> None:
    found = ws.closing_findings(ADMINISTRATOR, period, check, start=start)
    rows = [
        {
            "name": found_name(one.name, lang),
            "owner": None if one.owner is None else found_name(one.owner, lang),
            "reason": render(one.reason, lang),
        }
        for one in found.rows
    ]
    write(rows, form, _FINDINGS)
    facts = {
        "first": start + 1 if rows else 0,
        "last": start + len(rows),
        "total": found.found,
        "check": LABELS[found.check],
    }
    say(msg("{check}: {first} to {last} of {total}.", **facts), lang)


def found_name(name: Any, lang: str) -> str:
    """Return a name in a language."""
    return render(msg("{name}", name=name), lang)


def _verify(ws: Workspace, period: str, number: int | None, *, form: Format, lang: str) -> None:
    found = ws.verify_closing(ADMINISTRATOR, period, number)
    if form is Format.TABLE:
        tell(found.sentence, lang)
        if found.found:
            write(found.differences.to_dicts(), form, _DIFFERENCES)
    else:
        told = {"closing": found.closing, "period": found.period, "holds": found.holds, "intact": found.intact}
        told |= {"same": found.same, "rests": found.rests, "same_code": found.same_code, "compared": found.compared}
        write_one({**told, "differ": found.found, "differences": found.differences.to_dicts()})
    if not found.holds:
        sys.exit(1)


def reopen(
    period: PeriodArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    confirm: Annotated[bool, typer.Option("--confirm", help="Confirm what somebody else asked for.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Leave it closed after all.")] = False,
    by: ByOption = None,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Ask for a closed period to be opened again, with a reason; another person opens it with --confirm."""
    name = by or who()
    with opened(store) as ws:
        if confirm:
            shut = ws.confirm_reopening(ADMINISTRATOR, period, who=name)
            facts = {"period": period, "number": shut.number}
            say(msg("{period} is open again. Closing {number} stays readable with all its numbers.", **facts), lang)
        elif withdraw:
            ws.withdraw_reopening(ADMINISTRATOR, period, who=name, reason=reason)
            say(msg("{period} stays closed.", period=period), lang)
        else:
            ws.ask_reopening(ADMINISTRATOR, period, who=name, reason=_given(reason))
            say(
                msg("Asked. Somebody else opens it with: kpiflow reopen {period} --confirm --by NAME", period=period),
                lang,
            )


def closings(
    *,
    store: StoreOption = DEFAULT_STORE,
    into: Annotated[
        str | None,
        typer.Option("--lines", metavar="PERIOD", help="The adjustment lines that go into this period instead."),
    ] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every closing with its fingerprint, the newest first; or the lines that late data brings into a period."""
    with opened(store) as ws:
        if into is not None:
            write(ws.adjustments(ADMINISTRATOR, into, day(as_of)).to_dicts(), form, _LINES)
        else:
            write(ws.closings(ADMINISTRATOR, day(as_of)).to_dicts(), form, _CLOSINGS)
