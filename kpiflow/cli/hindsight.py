"""Commands that look back: what happened to a goal, scores written to a file, and whether such a file still holds."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.company import export
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
from kpiflow.cli.showing import put, say, tell, write
from kpiflow.language import msg, render
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.scores.exporting import Form
from kpiflow.workspace.scores.wanted import Wanted
from kpiflow.workspace.timeline.event import Event


def timeline(
    goal: Annotated[str, typer.Argument(help="The goal.")],
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show everything that ever happened to a goal, the newest first: who, when, what and why."""
    with opened(store) as ws:
        found = ws.timeline(ADMINISTRATOR, goal, day(as_of))
    if form is Format.TABLE:
        tell(found.sentence, lang)
    write([_row(event, lang) for event in found.events], form, ["at", "kind", "who", "what", "changes", "reason"])


def _row(event: Event, lang: str) -> dict[str, object]:
    """Return an event as plain columns."""
    said = [render(part, lang) for part in (event.said, event.through) if part is not None]
    changes = [
        render(msg("{field}: {before} → {after}", field=one.field, before=one.before, after=one.after), lang)
        + (" ▼" if one.eased else "")
        for one in event.changes
    ]
    return {
        "at": event.at.isoformat(sep=" ", timespec="minutes"),
        "kind": event.kind.value,
        "who": event.who,
        "what": " ".join(said),
        "changes": "; ".join(changes) or None,
        "reason": event.reason,
    }


@export.command("scores")
def export_scores(
    *,
    period: PeriodOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: Annotated[Form, typer.Option("--format", help="csv, or xlsx with the goals behind the scores.")] = Form.CSV,
    unit: Annotated[str | None, typer.Option("--unit", help="Only people of this unit and those below it.")] = None,
    role: Annotated[str | None, typer.Option("--role", help="Only people in this role.")] = None,
    grade: Annotated[str | None, typer.Option("--grade", help="Only people with this grade.")] = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Write appraisal scores to a file that says as of when it was made and can be checked with 'kpiflow verify'."""
    with opened(store) as ws:
        wanted = Wanted(unit=unit, role=role, grade=grade)
        made = ws.scores_export(ADMINISTRATOR, period, day(as_of), wanted, form=form.value, who=who())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made.content)
    put(f"{out}\n")
    say(msg("{people} people, fingerprint {mark}.", people=made.people, mark=made.fingerprint), lang)


def verify(
    file: Annotated[Path, typer.Argument(help="A file written by 'kpiflow export scores' or the Scores page.")],
    period: Annotated[str | None, typer.Option("--period", "-p", help="The period it should be about.")] = None,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say whether a file of scores is as it was written, and whether the store still gives the same. Ends with 1 if not."""
    with opened(store) as ws:
        found = ws.verify_scores(ADMINISTRATOR, file.name, file.read_bytes(), period)
    if form is Format.TABLE:
        tell(found.sentence, lang)
    if found.differences.height or form is not Format.TABLE:
        write(found.differences.to_dicts(), form, ["person", "field", "in_file", "in_store"])
    if not (found.intact and found.matches):
        raise typer.Exit(1)
