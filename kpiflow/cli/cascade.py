"""Commands about targets on their way down: whether they come to the whole, splitting one, changing one."""

from typing import Annotated, Any

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
from kpiflow.cli.showing import say, tell, write, write_one
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg, render
from kpiflow.workspace import ADMINISTRATOR, ChangePreview, Made, SplitPreview, Wish
from kpiflow.workspace.handing_down.cascading import methods
from kpiflow.workspace.handing_down.reconciliation import reconciliation_rows

GoalArgument = Annotated[str, typer.Argument(help="The goal.")]
MakeOption = Annotated[
    bool, typer.Option("--make", help="After showing it, write it. Without this nothing is written.")
]
LockOption = Annotated[
    list[str] | None,
    typer.Option("--lock", metavar="CHILD", help="A goal below, or its owner, that keeps its target; may be repeated."),
]

_LINES = ["goal", "owner", "target_before", "target", "locked", "weight", "exact", "basis"]
_EFFECTS = ["goal", "place", "target", "points", "status"]
_OFFER = ["goal", "owner", "target_before", "target", "basis"]
_MONTHS = ["period", "before", "after", "eased"]
_OWNERS = ["owner", "owner_label", "before", "after"]


def reconcile(
    *,
    goal: Annotated[str | None, typer.Argument(help="One goal, with the reasons; without it, all of them.")] = None,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show whether targets below come to the one above: what is assigned, unassigned and over-assigned."""
    with opened(store) as ws:
        if goal is None:
            write(reconciliation_rows(ws, ADMINISTRATOR, period, day(as_of)), form)
            return
        found = ws.reconciliation(ADMINISTRATOR, goal, period, day(as_of))
    children = found.children.to_dicts()
    if form is Format.JSON:
        write_one({**found.row, "why": _said(found.sentence, lang), "below": children})
    elif form is Format.CSV:
        write([found.row], form)
    else:
        tell(found.sentence, lang)
        if children:
            write(children, form, ["goal", "owner", "target", "volume"])


def split(
    *,
    goal: GoalArgument,
    method: Annotated[
        str, typer.Option("--method", "-m", help=f"How: one of {', '.join(name for name, _ in methods())}.")
    ],
    period: PeriodOption,
    lock: LockOption = None,
    amounts: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="CHILD=AMOUNT", help="The target of a goal below (by_weight: its weight); may be repeated."
        ),
    ] = None,
    buffer: Annotated[str, typer.Option("--buffer", help="Ask the children together for more, such as 5%.")] = "0",
    make: MakeOption = False,
    reason: ReasonOption = None,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show a goal's target split over the goals below it, and what that does; with --make, write it."""
    written = [_pair(text) for text in amounts or ()]
    if len({child for child, _ in written}) < len(written):
        raise InvalidInput(msg("An amount is written twice for the same child. Keep one."))
    with opened(store) as ws:
        shown = ws.preview_split(
            ADMINISTRATOR, goal, method, period,
            locked=lock or (), amounts=dict(written), buffer=buffer, as_of=day(as_of),
        )  # fmt: skip
        if form is Format.TABLE:
            _show_split(shown, lang)
        made = ws.make_split(ADMINISTRATOR, shown, who=who(), reason=reason) if make else None
    if form is Format.JSON:
        write_one(_split_parts(shown, made, lang))
    elif form is Format.CSV:
        write(_lines(shown, lang), form)
    say_made(made, lang)


def change(
    *,
    goal: GoalArgument,
    period: PeriodOption,
    target: Annotated[str | None, typer.Option("--target", help="The new target, such as 79.3 or 79.3%.")] = None,
    threshold: Annotated[str | None, typer.Option("--threshold", help="The new threshold; none takes it away.")] = None,
    stretch: Annotated[str | None, typer.Option("--stretch", help="The new stretch; none takes it away.")] = None,
    baseline: Annotated[str | None, typer.Option("--baseline", help="The new baseline; none takes it away.")] = None,
    weight: Annotated[str | None, typer.Option("--weight", help="The new weight among its owner's goals.")] = None,
    phasing: Annotated[str | None, typer.Option("--phasing", help="How the target is spread over the cycle.")] = None,
    periods: Annotated[
        list[str] | None,
        typer.Option(
            "--period-target",
            metavar="PERIOD=AMOUNT",
            help="With the phasing explicit: the target of a period (none takes it away); may be repeated.",
        ),
    ] = None,
    resplit: Annotated[
        bool, typer.Option("--resplit", help="Hand the new target down: the targets offered below are part of it.")
    ] = False,
    lock: LockOption = None,
    make: MakeOption = False,
    reason: ReasonOption = None,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show what a goal's new target, weight or phasing does below and above; with --make, write it."""
    given = {"target": target, "threshold": threshold, "stretch": stretch, "baseline": baseline, "weight": weight}
    fields = {field: text for field, text in given.items() if text is not None}
    written = dict(_period(text) for text in periods or ())
    spread = Wish(phasing, written) if phasing is not None or written else None
    with opened(store) as ws:
        shown = ws.preview_change(
            ADMINISTRATOR, goal, fields, period, resplit=resplit, locked=lock or (), spread=spread, as_of=day(as_of)
        )
        if form is Format.TABLE:
            tell(shown.sentence, lang)
            titled(msg("What each month asks for"), shown.months.to_dicts(), _MONTHS, lang)
            _show_effect(shown, lang, offered=not resplit)
        made = ws.make_change(ADMINISTRATOR, shown, who=who(), reason=reason) if make else None
    if form is Format.JSON:
        write_one(_change_parts(shown, made, lang))
    elif form is Format.CSV:
        write(shown.changes.to_dicts(), form)
    say_made(made, lang)


def _pair(text: str) -> tuple[str, str]:
    """Return child and amount of CHILD=AMOUNT."""
    child, sign, amount = text.partition("=")
    if not sign or not child.strip() or not amount.strip():
        raise InvalidInput(msg("'{text}' is not CHILD=AMOUNT, such as ewr-flights=118000.", text=text))
    return child.strip(), amount.strip()


def _period(text: str) -> tuple[str, str]:
    """Return period and amount of PERIOD=AMOUNT."""
    period, sign, amount = text.partition("=")
    if not sign or not period.strip() or not amount.strip():
        raise InvalidInput(msg("'{text}' is not PERIOD=AMOUNT, such as 2013-03=27000.", text=text))
    return period.strip(), amount.strip()


def _show_split(shown: SplitPreview, lang: str) -> None:
    """Write a split as sentences and tables."""
    tell(shown.sentence, lang)
    titled(msg("The split"), shown.lines.to_dicts(), _LINES, lang)
    tell([msg("{goal}: {reason}", goal=goal, reason=reason) for goal, reason in shown.why.items()], lang)
    _show_effect(shown.effect, lang, offered=True)


def _show_effect(shown: ChangePreview, lang: str, *, offered: bool) -> None:
    """Write what a change does as tables; a cell that changes has both values."""
    rows = [
        row | {name: _arrow(row, name, lang) for name in ("target", "points", "status")}
        for row in shown.goals.to_dicts()
    ]
    titled(msg("Goals that change"), rows, _EFFECTS, lang)
    titled(msg("Owners whose points change"), shown.owners.to_dicts(), _OWNERS, lang)
    if offered:
        titled(msg("Offered below, not part of this change"), shown.resplit.to_dicts(), _OFFER, lang)


def _arrow(row: dict[str, Any], name: str, lang: str) -> str:
    """Return what something is, or what it is and becomes."""
    before, after = (render(msg("{value}", value=row[f"{when}_{name}"]), lang) for when in ("before", "after"))
    return before if before == after else f"{before} → {after}"


def titled(title: Message, rows: list[dict[str, Any]], columns: list[str], lang: str) -> None:
    """Write a table under its title; nothing where there are no rows."""
    if rows:
        tell([Message(""), title], lang)
        write(rows, Format.TABLE, columns)


def _lines(shown: SplitPreview, lang: str) -> list[dict[str, Any]]:
    """Return the lines of a split, each with its reason."""
    return [row | {"reason": render(shown.why[row["goal"]], lang)} for row in shown.lines.to_dicts()]


def _said(messages: tuple[Message, ...], lang: str) -> list[str]:
    return [render(message, lang) for message in messages]


def _split_parts(shown: SplitPreview, made: Made | None, lang: str) -> dict[str, Any]:
    """Return a split as JSON has it."""
    plain = (
        "goal", "metric", "method", "period", "target", "buffer", "assigned", "unassigned", "over", "weighted_mean",
        "difference",
    )  # fmt: skip
    return {
        **{name: getattr(shown, name) for name in plain},
        "sentence": _said(shown.sentence, lang),
        "lines": _lines(shown, lang),
        **_effect_parts(shown.effect, made),
    }


def _change_parts(shown: ChangePreview, made: Made | None, lang: str) -> dict[str, Any]:
    """Return a change as JSON has it."""
    head = {"goal": shown.goal, "period": shown.period, "sentence": _said(shown.sentence, lang)}
    spread = {name: getattr(shown, name).to_dicts() for name in ("phasing", "written", "months")}
    pay = {name: getattr(shown, name) for name in ("pay_before", "pay_after", "currency")}
    return head | _effect_parts(shown, made) | spread | pay


def _effect_parts(shown: ChangePreview, made: Made | None) -> dict[str, Any]:
    frames = {name: getattr(shown, name).to_dicts() for name in ("changes", "goals", "owners", "resplit")}
    return {**frames, "touched": shown.touched, "made": None if made is None else made.change}


def say_made(made: Made | None, lang: str) -> None:
    """Say what was written, or that nothing was."""
    if made is None:
        say(msg("Nothing was written. With --make it will be."), lang)
    elif made.change is None:
        say(msg("All targets are like this already: nothing was written."), lang)
    else:
        say(
            msg(
                "Written as change {change}: {goals} {goals:goal|goals} of {owners} {owners:owner|owners}."
                " Line {entry} of the journal says so.",
                change=made.change,
                goals=made.goals,
                owners=made.owners,
                entry=made.entry,
            ),
            lang,
        )
