"""The commands about calibration: open a session, move grades, show it, make it final; and how grades are distributed."""

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
from kpiflow.language import Message, Name, msg, render
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.calibration.answers import (
    BOUND_WORDS,
    ENFORCEMENT_WORDS,
    STATE_WORDS,
    TIE_WORDS,
    By,
    Group,
    GroupKind,
    Moved,
    Owed,
    Session,
    Wishes,
)

calibrate = typer.Typer(
    name="calibrate", help="Calibration sessions: open, move, show and make final.", no_args_is_help=True
)

SessionArgument = Annotated[int, typer.Argument(help="The number of the session.")]

#: The columns of a session's people.
_ROWS = ("person", "label", "score", "before", "grade", "reason", "who")


@calibrate.command("open")
def open_(
    *,
    period: PeriodOption,
    unit: Annotated[str | None, typer.Option("--unit", help="A unit, with all units below.")] = None,
    role: Annotated[str | None, typer.Option("--role", help="Everybody in a role.")] = None,
    people: Annotated[list[str] | None, typer.Option("--person", help="A person; may be given several times.")] = None,
    target: Annotated[str | None, typer.Option("--target", help="A target distribution of distributions.yaml.")] = None,
    participants: Annotated[
        list[str] | None, typer.Option("--with", help="Somebody who takes part; may be given several times.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="A word about the session.")] = None,
    by: ByOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Open a session over a unit, a role or people named one by one."""
    chosen = [
        *([Group(GroupKind.UNIT, unit)] if unit else []),
        *([Group(GroupKind.ROLE, role)] if role else []),
        *([Group(GroupKind.LIST, people=tuple(people))] if people else []),
    ]
    if len(chosen) != 1:
        raise typer.BadParameter(str(msg("Give one of --unit, --role or --person.")))
    with opened(store) as ws:
        wishes = Wishes(target, tuple(participants or ()), reason)
        number = ws.open_calibration(ADMINISTRATOR, period, chosen[0], wishes, who=by or who())
        shown = ws.calibration(ADMINISTRATOR, number)
        say(msg("Session {number} is open, with {people} people.", number=number, people=shown.rows.height), lang)
        tell(_about(shown), lang)


@calibrate.command()
def move(
    session: SessionArgument,
    person: Annotated[str, typer.Argument(help="Whose grade.")],
    grade: Annotated[str, typer.Argument(help="The grade they get.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why: the person reads it once the session is final.")],
    by: ByOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Move somebody's grade in an open session; the grade before and the reason are kept."""
    with opened(store) as ws:
        ws.move_grades(ADMINISTRATOR, session, [Moved(person, grade, reason)], who=by or who())
        tell(_about(ws.calibration(ADMINISTRATOR, session)), lang)


@calibrate.command()
def show(
    session: SessionArgument,
    *,
    as_of: AsOfOption = None,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show a session: its target beside what is there, its people, and who would have to move."""
    with opened(store) as ws:
        shown = ws.calibration(ADMINISTRATOR, session, day(as_of))
        if form is Format.TABLE:
            tell(_about(shown), lang)
        write(shown.rows.select(_ROWS).to_dicts(), form, _ROWS)


@calibrate.command("list")
def list_sessions(
    *,
    period: PeriodOption,
    as_of: AsOfOption = None,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the sessions of a period, the newest first."""
    columns = ("session", "group", "target", "state", "people", "moves", "who", "ended_by")
    with opened(store) as ws:
        rows = [vars(line) for line in ws.calibrations(ADMINISTRATOR, period, day(as_of))]
    write([{name: _plain(row[name]) for name in columns} for row in rows], form, columns)


def _plain(value: object) -> object:
    """Return a name as its words, in the language of files."""
    return render(value, "en") if isinstance(value, Name | Message) else value


@calibrate.command()
def finalise(
    session: SessionArgument,
    *,
    exception: Annotated[
        str | None, typer.Option("--exception", help="Why an enforced target that is not met is let pass.")
    ] = None,
    by: ByOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Make a session final, as somebody who neither opened it nor moved a grade in it."""
    with opened(store) as ws:
        changed = ws.finalise_calibration(ADMINISTRATOR, session, exception=exception, who=by or who())
    say(msg("Session {session} is final. Grades changed: {changed}.", session=session, changed=changed), lang)


@calibrate.command()
def drop(
    session: SessionArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why it ends without effect.")],
    by: ByOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """End a session without any effect; its moves stay readable."""
    with opened(store) as ws:
        ws.drop_calibration(ADMINISTRATOR, session, reason=reason, who=by or who())
    say(msg("Session {session} is dropped. No grade changes.", session=session), lang)


def distribution(
    *,
    period: PeriodOption,
    by: Annotated[By, typer.Option("--by", help="What it is broken down by.")] = By.UNIT,
    unit: Annotated[str | None, typer.Option("--unit", help="Only a unit, with all units below.")] = None,
    target: Annotated[str | None, typer.Option("--target", help="A target distribution to compare with.")] = None,
    as_of: AsOfOption = None,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show how grades are distributed over units, roles or raters, and who is more generous or stricter than the scores."""
    with opened(store) as ws:
        found = ws.distribution(ADMINISTRATOR, period, day(as_of), by=by, unit=unit, target=target)
    wide = found.groups.pivot(on="grade", index=["group", "label"], values="people")
    measured = found.leniency.select("group", "people", "leniency")
    rows = wide.join(measured, on="group", how="left", maintain_order="left")
    if form is Format.TABLE:
        tell((*found.sentence, *(owed_said(one) for one in found.owed)), lang)
    write(rows.to_dicts(), form, ("group", "label", *found.grades, "people", "leniency"))


def owed_said(one: Owed) -> Message:
    """Say one part of a target beside what is there."""
    facts = {
        "grades": "+".join(one.quota.grades), "bound": BOUND_WORDS[one.quota.bound],
        "share": f"{float(one.quota.share * 100):g} %", "target": one.quota.target, "there": one.there,
    }  # fmt: skip
    if one.off > 0:
        return msg("{grades}: {there} people, {bound} {share} is {target}; {off} too many.", off=one.off, **facts)
    if one.off < 0:
        return msg("{grades}: {there} people, {bound} {share} is {target}; {off} too few.", off=-one.off, **facts)
    return msg("{grades}: {there} people, {bound} {share} is {target}; met.", **facts)


def _about(shown: Session) -> list[Message]:
    """Return what is said of a session before its people."""
    facts = {"group": shown.line.group, "state": STATE_WORDS[shown.line.state], "moves": shown.line.moves}
    said = [msg("{group}: {state}, {moves} moves.", **facts)]
    if shown.merged:
        said.append(shown.merged)
    said += [owed_said(one) for one in shown.owed]
    if shown.target:
        said += [ENFORCEMENT_WORDS[shown.target.enforcement], TIE_WORDS[shown.target.ties]]
    said += [
        msg(
            "Nearest to the edge: {person} from {before} to {after}.",
            person=row["person"],
            before=row["grade"],
            after=row["to"],
        )
        for row in shown.suggestions.head(5).iter_rows(named=True)
    ]
    return said
