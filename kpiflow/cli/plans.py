"""The commands about incentive plans: test them, read them in words, publish them, and see what a change would pay."""

import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
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
    ReasonOption,
    StoreOption,
    day,
    opened,
    who,
)
from kpiflow.cli.showing import put, say, tell, write
from kpiflow.errors import Level, not_found
from kpiflow.language import Message, Quantity, msg, render
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.plans.answers import Publication
from kpiflow.workspace.plans.changes import Change
from kpiflow.workspace.plans.checking import Placed, plans_at, plans_of
from kpiflow.workspace.plans.published import STATE_WORDS
from kpiflow.workspace.plans.testing import Ran, Value

plan = typer.Typer(
    name="plan", help="Incentive plans: test, read, publish, approve and compare them.", no_args_is_help=True
)

PlanArgument = Annotated[str, typer.Argument(help="The plan, by id.")]
ByOption = Annotated[
    str,
    typer.Option("--by", help="The person who does it; their rights count, and the journal names who typed it too."),
]

#: The columns of the list, and of what a change would pay.
COLUMNS = ("plan", "version", "fingerprint", "state", "examples", "wrong", "missed", "who", "approved_by", "at")
PAID = ("person", "label", "before", "after", "difference")


@plan.command("list")
def list_plans(
    *,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """List the plans with how each stands: draft, tests failing, waiting for approval, published, or changed since."""
    with opened(store) as ws:
        rows = []
        for one in ws.plans(ADMINISTRATOR, day(as_of)):
            out = one.published
            state = render(STATE_WORDS[one.state], lang) if form is Format.TABLE else one.state.value
            rows.append({"plan": one.plan, "version": one.version, "fingerprint": one.fingerprint, "state": state,
                         "examples": one.examples, "wrong": one.wrong, "missed": one.missed, "who": out.who if out else None,
                         "approved_by": out.approved_by if out else None, "at": out.at if out else None})  # fmt: skip
        write(rows, form, list(COLUMNS))


@plan.command("test")
def run_examples(
    what: Annotated[
        str | None,
        typer.Argument(help="A plan by id, a plan's file, or a configuration folder; absent: all of the store."),
    ] = None,
    *,
    publishing: Annotated[
        bool, typer.Option("--publishing", "--strict", help="Fail too where a row or side is hit by no example.")
    ] = False,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Run the examples of plans, fast and by the exact reference, and list each row that none hits; exit 1 on failure."""
    path = Path(what) if what is not None else None
    if path is not None and path.exists():
        found = plans_at(path)
    else:
        with opened(store) as ws:
            found = plans_of(ws, what)
    for problem in found.problems:
        put(f"{problem.path}:{problem.line}: {problem.level}: {render(problem.message, lang)}\n")
    failed = any(problem.level is Level.ERROR for problem in found.problems)
    told = {problem.path for problem in found.problems if problem.level is Level.ERROR}
    for one in found.plans:
        # What the checks have said of a file already, with the company's own words, is not said again.
        failed |= not _told(one, lang, publishing=publishing, told=one.spot is not None and one.spot.path in told)
    if failed:
        raise typer.Exit(1)


def _told(one: Placed, lang: str, *, publishing: bool, told: bool) -> bool:
    """Print what testing a plan found; return whether it is as it must be."""
    tested, out = one.tested, sys.stdout
    out.write(render(msg("Plan {plan}, version {version}", plan=one.plan.plan, version=one.plan.version), lang) + "\n")
    for ran in tested.examples:
        _example(ran, one, lang)
    if tested.failed is not None:
        out.write(f"{one.place(('examples',))}: {render(tested.failed, lang)}\n")
    for problem in () if told else tested.problems:
        loc = () if problem.index is None else ("components", problem.index)
        out.write(f"{one.place(loc)}: {render(problem.message, lang)}\n")
    covered = len(tested.coverage.branches) - len(tested.coverage.missed)
    for missed in tested.coverage.missed:
        said = msg("No example hits {step}: {branch}.", step=missed.label, branch=missed.branch.said)
        out.write(f"{one.place(missed.loc)}: {render(said, lang)}\n")
    held = len(tested.examples) - len(tested.wrong)
    facts = {"held": held, "examples": len(tested.examples), "covered": covered, "rows": len(tested.coverage.branches)}
    tell([msg("{held} of {examples} examples hold; {covered} of {rows} rows and sides are hit.", **facts)], lang)
    if publishing and not tested.plan.examples:
        tell([msg("The plan has no examples. Write some under examples, with what each must pay.")], lang)
    return tested.green and (not publishing or not tested.obstacles())


def _example(ran: Ran, one: Placed, lang: str) -> None:
    """Print one example: whether it holds, and each value it expects with what was found."""
    word = msg("✓ holds") if ran.holds else msg("✗ fails")
    place = one.place(("examples", ran.number - 1))
    put(f"  {render(word, lang)}  {ran.name}" + ("\n" if ran.holds else f"  ({place})\n"))
    for value in ran.values:
        put(f"      {render(_value_said(value), lang)}\n")


def _value_said(value: Value) -> Message:
    """Say a value: expected and got, and where they differ what the reference says."""
    name = value.component if value.person is None else f"{value.person}: {value.component}"
    facts = {"name": name, "expected": _plain(value.expected), "found": _plain(value.found)}
    if value.holds:
        return msg("{name}: {found}, as expected", **facts)
    return msg(
        "{name}: expected {expected}, got {found}; the exact reference gives {exact}",
        exact=_plain(value.exact),
        **facts,
    )


def _plain(value: Decimal | Fraction | str | None) -> str:
    """Return a number with all its digits, or a fraction that has no end as one."""
    if value is None or isinstance(value, str):
        return value or "–"
    return str(value) if isinstance(value, Fraction) else f"{value.normalize():f}"


@plan.command()
def show(
    name: PlanArgument,
    *,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show a plan in words: whom it pays, each step as a sentence, who published it, and what has changed since."""
    with opened(store) as ws:
        page = ws.plan(ADMINISTRATOR, name, day(as_of))
    title = msg("{name} ({plan}, version {version}): {state}", name=page.name, plan=page.plan.plan,
                version=page.plan.version, state=STATE_WORDS[page.state])  # fmt: skip
    tell([title, *page.about], lang)
    for step in page.steps:
        put(f"{step.number:>3}  {render(step.label, lang)} ({step.kind}): {render(step.rule, lang)}\n")
    for one in page.history:
        tell([_publication_said(one)], lang)
    if page.changes and page.since is not None:
        tell([msg("Changes since version {version}:", version=page.since)], lang)
        _changes(page.changes, lang)


def _publication_said(one: Publication) -> Message:
    """Say who put a version forward, and what the second person said."""
    said = msg("Version {version} ({fingerprint}): put forward by {who} on {day}.",
               version=one.version, fingerprint=one.fingerprint, who=one.who, day=one.at.date())  # fmt: skip
    if one.approved is None or one.approved_at is None:
        return said
    facts = {"said": said, "by": one.approved_by, "day": one.approved_at.date()}
    if one.approved:
        return msg("{said} Approved by {by} on {day}.", **facts)
    return msg("{said} Sent back by {by} on {day}: {why}", why=one.approved_why, **facts)


def _changes(found: tuple[Change, ...], lang: str) -> None:
    """Print differences, one per line."""
    for one in found:
        said = msg(
            "{subject}: {before} → {after}", subject=one.subject, before=one.before or "–", after=one.after or "–"
        )
        put(f"  ~ {render(said, lang)}\n")


@plan.command()
def publish(
    name: PlanArgument,
    *,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Put a plan forward: all its examples must hold and hit every row. A second person then approves it."""
    with opened(store) as ws:
        done = ws.publish_plan(_asker(ws, by), name, reason=reason, who=who())
    facts = {"plan": done.plan, "version": done.version, "fingerprint": done.fingerprint, "entry": done.entry}
    say(msg("Version {version} of {plan} ({fingerprint}) waits for a second person. Line {entry} of the journal says so.",
            **facts), lang)  # fmt: skip


@plan.command()
def approve(
    name: PlanArgument,
    *,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    send_back: Annotated[bool, typer.Option("--send-back", help="Do not approve it; say why with --reason.")] = False,
    reason: ReasonOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Approve a plan that somebody else put forward, which publishes it; or send it back with a reason."""
    with opened(store) as ws:
        done = ws.approve_plan(_asker(ws, by), name, approved=not send_back, reason=reason, who=who())
    facts = {"plan": done.plan, "version": done.version, "fingerprint": done.fingerprint, "entry": done.entry}
    if send_back:
        said = msg("Version {version} of {plan} was sent back. Line {entry} of the journal says so.", **facts)
    else:
        said = msg(
            "Version {version} of {plan} ({fingerprint}) is published. Line {entry} of the journal says so.", **facts
        )
    say(said, lang)


@plan.command()
def compare(
    name: PlanArgument,
    *,
    period: PeriodOption,
    against: Annotated[
        int | None, typer.Option("--against", help="A published version; absent: the one that was published last.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what a plan would pay as it is now against a published version of it: in words, per person and in all."""
    with opened(store) as ws:
        found = ws.plan_impact(ADMINISTRATOR, name, period, day(as_of), against=against)
    if form is Format.TABLE:
        _changes(found.changes, lang)
    write(found.rows.select(PAID).to_dicts(), form, list(PAID))
    totals = {word: Quantity(float(value), "currency", found.currency) for word, value in
              (("before", found.before), ("after", found.after))}  # fmt: skip
    say(msg("{before} by version {since}, {after} by version {version}: "
            "{more} {more:person gets|people get} more, {less} {less:gets|get} less.",
            since=found.since, version=found.version, more=found.more, less=found.less, **totals), lang)  # fmt: skip


def _asker(ws: Workspace, person: str) -> Asker:
    """Return the person who does something; raises NotFound with the nearest one."""
    known = ws.company().people["person"]
    if person not in known:
        raise not_found(msg("person"), person, known)
    return Asker(person)
