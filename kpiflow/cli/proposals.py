"""Commands about proposals, for whoever sits at the machine, on behalf of a person; the journal says who typed them."""

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
    StoreOption,
    day,
    opened,
    who,
)
from kpiflow.cli.showing import say, tell, write
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg
from kpiflow.workspace import LINE_WORDS, Asker, Draft, Workspace
from kpiflow.workspace.handing_down.planning import amount_given, children_named, plan_of

PersonOption = Annotated[
    str,
    typer.Option("--person", help="The person for whom this is typed; their rights count, and the journal names both."),
]
WordsOption = Annotated[str | None, typer.Option("--words", help="Words that the other side reads beside the numbers.")]

_ASKED = ["goal", "owner", "people", "target_before", "target", "eased"]
_LINES = ["line", "goal", "owner", "before", "target", "counter", "state", "waits", "side"]


def propose(
    *,
    goal: Annotated[str, typer.Argument(help="The goal.")],
    method: Annotated[str, typer.Option("--method", "-m", help="How to split it: a name from the splits reference.")],
    person: PersonOption,
    period: PeriodOption,
    targets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="CHILD=TARGET", help="A target written down; the others share the rest."),
    ] = None,
    lock: Annotated[
        list[str] | None,
        typer.Option("--lock", metavar="CHILD", help="A goal below, or its owner, that keeps its target."),
    ] = None,
    buffer: Annotated[str, typer.Option("--buffer", help="Ask for more than the target, such as 2%.")] = "0%",
    words: WordsOption = None,
    make: Annotated[bool, typer.Option("--make", help="After showing it, propose it.")] = False,
    store: StoreOption = DEFAULT_STORE,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show whom a split would ask to agree, and to what; with --make, propose it. No target changes before they agree."""
    with opened(store) as ws:
        asker = _asker(ws, person)
        draft = Draft(method, _held(ws, asker, goal, period, (targets or [], lock or [])), buffer=buffer)
        asked = ws.preview_proposal(asker, goal, period, draft)
        if form is Format.TABLE:
            tell((*asked.sentence, *asked.obstacles), lang)
        write(asked.lines.to_dicts(), form, _ASKED)
        made = ws.propose(asker, asked, words=words, by=who()) if make else None
    if made is None:
        say(msg("Nothing was written. With --make it will be proposed."), lang)
    else:
        said = msg(
            "Proposal {proposal} was written. Owners asked: {owners}. Line {entry} of the journal says so.",
            proposal=made.proposal,
            owners=made.owners,
            entry=made.entry,
        )
        say(said, lang)


def _held(
    ws: Workspace, asker: Asker, goal: str, period: str, written: tuple[list[str], list[str]]
) -> tuple[tuple[str, float], ...]:
    """Return the targets that are held: those written down, and those locked at what they are."""
    plan = plan_of(ws, asker, goal, period, None)
    targets, locked = written
    held: dict[str, float] = {}
    for text in targets:
        child, sign, amount = text.partition("=")
        value = amount_given(amount, plan.measured()) if sign else None
        if value is None:
            raise InvalidInput(msg("'{text}' is not CHILD=TARGET, such as ewr-flights=118000.", text=text))
        held[children_named([child.strip()], plan.children)[0]] = value
    now: dict[str, Any] = dict(plan.children.select("goal", "target").iter_rows())
    for child in children_named(locked, plan.children):
        if now[child] is None:
            raise InvalidInput(
                msg(
                    "These are locked but have no target to keep: {children}. Unlock them or give them one.",
                    children=[child],
                )
            )
        held.setdefault(child, now[child])
    return tuple(sorted(held.items()))


def proposals(
    *,
    person: PersonOption,
    period: PeriodOption,
    every: Annotated[bool, typer.Option("--all", help="Those that are settled as well.")] = False,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the proposed targets in which a person has a say, as the owner or as the one who splits."""
    with opened(store) as ws:
        found = ws.proposals(_asker(ws, person), period, day(as_of), only_open=not every)
        write(found.lines.to_dicts(), form, _LINES)


def answer(
    *,
    line: Annotated[int, typer.Argument(help="The number of the line, from `kpiflow proposals`.")],
    kind: Annotated[
        str, typer.Argument(help="agree or counter (the owner); accept, decline or withdraw (whoever splits).")
    ],
    person: PersonOption,
    value: Annotated[str | None, typer.Option("--value", help="The target asked for by a counter-proposal.")] = None,
    words: WordsOption = None,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Answer one line of a proposal for a person. Agreeing and accepting write the target."""
    with opened(store) as ws:
        done = ws.answer_proposal(_asker(ws, person), line, kind, value=value, words=words, by=who())
    say(msg("Line {line} now: {state}.", line=str(done.line), state=LINE_WORDS[done.state]), lang)


def _asker(ws: Workspace, person: str) -> Asker:
    """Return the person for whom something is typed; raises NotFound with the nearest one."""
    known = ws.company().people["person"]
    if person not in known:
        raise not_found(msg("person"), person, known)
    return Asker(person)
