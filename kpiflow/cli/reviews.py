"""The commands about reviews: rate, send, sign, list, show who is late, and adjust a score; each step in somebody's name."""

from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli import rating_files
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
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.workspace import ADMINISTRATOR, Asker
from kpiflow.workspace.reviewing.answers import STATE_WORDS, Given, ReviewList, ReviewState, Wanted

review = typer.Typer(
    name="review", help="Reviews: rate, send on, sign, list and see who is late.", no_args_is_help=True
)

PersonArgument = Annotated[str, typer.Argument(help="Whose review: a person, by id.")]
ByOption = Annotated[str, typer.Option("--by", help="The person who does it, by id; their rights decide.")]
WordsOption = Annotated[str | None, typer.Option("--words", help="What is said beside it.")]

#: The columns of the lists.
COLUMNS = ("person", "label", "unit", "state", "waits_for", "waits_on", "due", "late", "score", "grade")

#: What stands in the place of a value for an item that does not apply.
NOT = "-"


@review.command()
def rate(
    person: PersonArgument,
    ratings: Annotated[
        list[str], typer.Argument(help="section/item=value for each item; '-' as the value: does not apply.")
    ],
    *,
    period: PeriodOption,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    peer: Annotated[bool, typer.Option("--peer", help="As a peer who was asked.")] = False,
    lang: LanguageOption = Language.EN,
) -> None:
    """Rate somebody's items; they count once the step is sent, those of a peer at once."""
    given = [_given(one) for one in ratings]
    with opened(store) as ws:
        asker = _asker(by)
        count = ws.rate_peer(asker, person, period, given) if peer else ws.rate(asker, person, period, given)
        say(msg("{count} items of {person} rated.", count=count, person=person), lang)


def _asker(by: str) -> Asker:
    """Return a person as whoever sits at this machine: their rights decide, and the journal says how it came in."""
    return Asker(person=by, account=f"{who()} at a terminal")


def _given(text: str) -> Given:
    """Return what `section/item=value` says; raises InvalidInput for anything else."""
    place, _, value = text.partition("=")
    section, _, item = place.partition("/")
    try:
        return Given(section, item, None if value == NOT else float(value))
    except ValueError as error:
        raise InvalidInput(
            msg("'{text}' is no rating. Write section/item=4, or =- where it does not apply.", text=text)
        ) from error


@review.command()
def send(
    person: PersonArgument,
    *,
    period: PeriodOption,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    back: Annotated[
        ReviewState | None, typer.Option("--back", help="Send it back to this state; needs --words.")
    ] = None,
    words: WordsOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Send a review on to the next step, or back with a reason."""
    with opened(store) as ws:
        asker = _asker(by)
        state = (
            ws.send_review(asker, person, period, words)
            if back is None
            else ws.send_review_back(asker, person, period, back.value, reason=words)
        )
        say(msg("The review of {person}: {state}.", person=person, state=STATE_WORDS[state]), lang)


@review.command()
def sign(
    person: PersonArgument,
    *,
    period: PeriodOption,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    fingerprint: Annotated[
        str | None, typer.Option("--fingerprint", help="That of the result that was read; absent: the one of now.")
    ] = None,
    disagree: Annotated[bool, typer.Option("--disagree", help="Sign without agreeing; needs --words.")] = False,
    words: WordsOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Sign one's own result, as the person it is about."""
    with opened(store) as ws:
        asker = _asker(by)
        mark = fingerprint or ws.review(asker, person, period).fingerprint
        ws.sign_review(asker, person, period, mark, remark=words, agrees=not disagree)
        say(msg("Signed, with the fingerprint {fingerprint}.", fingerprint=mark), lang)


@review.command("list")
def list_reviews(
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    state: Annotated[ReviewState | None, typer.Option("--state", help="Only reviews in this state.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Only those of a unit and all below it.")] = None,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most reviews that are listed.")] = 1000,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """List the reviews of a period, those that are longest late first."""
    with opened(store) as ws:
        found = ws.reviews(ADMINISTRATOR, period, day(as_of), Wanted(state, unit=unit, limit=limit))
        _write(found, form, lang)


@review.command()
def late(
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    units: Annotated[bool, typer.Option("--units", help="Count them by unit instead.")] = False,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="The most reviews that are listed.")] = 1000,
    form: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """List who is late with which step, and on whom it waits."""
    with opened(store) as ws:
        found = ws.reviews(ADMINISTRATOR, period, day(as_of), Wanted(late=True, limit=limit))
        if units:
            write(found.units.to_dicts(), form, found.units.columns)
        else:
            _write(found, form, lang)


def _write(found: ReviewList, form: Format, lang: Language) -> None:
    write(found.rows.select(COLUMNS).to_dicts(), form, COLUMNS)
    say(msg("{shown} of {found} reviews.", shown=found.rows.height, found=found.found), lang)


@review.command()
def show(
    person: PersonArgument,
    *,
    period: PeriodOption,
    store: StoreOption = DEFAULT_STORE,
    as_of: AsOfOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show one review: how far it has come, and how score and grade came about, step by step."""
    with opened(store) as ws:
        found = ws.review(ADMINISTRATOR, person, period, day(as_of))
        state = msg("{person}, {period}: {state}.", person=found.name, period=period, state=STATE_WORDS[found.state])
        changed = (msg("The result has changed since it was signed."),) if found.changed else ()
        mark = msg("Fingerprint {fingerprint}.", fingerprint=found.fingerprint)
        tell((state, *changed, *found.lines, mark), lang)


@review.command()
def adjust(
    person: PersonArgument,
    amount: Annotated[float, typer.Argument(help="Points added, or taken off with a minus; or the coefficient.")],
    *,
    period: PeriodOption,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    reason: Annotated[str, typer.Option("--reason", help="Why; the person reads it beside the score.")],
    coefficient: Annotated[bool, typer.Option("--coefficient", help="Multiply the score by it.")] = False,
    file: Annotated[Path | None, typer.Option("--file", exists=True, dir_okay=False, help="What proves it.")] = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Adjust a score, with its reason; above the company's limit it counts once somebody else agrees."""
    taken = None if file is None else (file.name, file.read_bytes())
    kind = "coefficient" if coefficient else "points"
    with opened(store) as ws:
        number = ws.adjust_score(_asker(by), person, period, amount, reason=reason, kind=kind, file=taken)
        say(msg("Adjustment {number} of {person} is written.", number=number, person=person), lang)


@review.command()
def agree(
    adjustment: Annotated[int, typer.Argument(help="The number of the adjustment.")],
    *,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    turn_down: Annotated[bool, typer.Option("--turn-down", help="Turn it down; needs --words.")] = False,
    words: WordsOption = None,
    lang: LanguageOption = Language.EN,
) -> None:
    """Agree to an adjustment as the second person, or turn it down."""
    with opened(store) as ws:
        ws.answer_adjustment(_asker(by), adjustment, agree=not turn_down, reason=words)
        said = msg("Adjustment {number} is turned down.", number=adjustment) if turn_down else msg(
            "Adjustment {number} counts.", number=adjustment
        )  # fmt: skip
        say(said, lang)


@review.command()
def peers(
    person: PersonArgument,
    ids: Annotated[list[str], typer.Argument(help="Who is asked, by id, in the place of whoever was asked before.")],
    *,
    period: PeriodOption,
    by: ByOption,
    store: StoreOption = DEFAULT_STORE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say who is asked to rate somebody as a peer."""
    with opened(store) as ws:
        count = ws.name_peers(_asker(by), person, period, ids)
        say(msg("{count} peers of {person} are asked.", count=count, person=person), lang)


review.command("form")(rating_files.form)
review.command("load")(rating_files.load)
