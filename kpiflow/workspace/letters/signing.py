"""Signing: what was shown is what is signed; the last signature puts the letter in force and its goals in action."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.core.goal import Stage
from kpiflow.core.letter import LetterState, Side
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.documents import save_definitions
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.letters import LetterKey, Signature, add_signatures
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.letters.reading import letter

#: The action of a signature, in the journal.
SIGNED = "sign_letter"


@dataclass(frozen=True)
class SignedNow:
    """What a signature did: for which side and version, whether the letter is in force, how many goals became active."""

    side: Side
    version: int
    state: LetterState
    activated: int


def sign(
    ws: Books, asker: Asker, key: LetterKey, fingerprint: str, *, at: datetime.datetime | None = None
) -> SignedNow:
    """Sign the newest version of a letter for the side of the person asking.

    `fingerprint` is that of the letter they were shown. Raises Refused when it is not theirs to sign, and InvalidInput
    when the letter has changed since, when it no longer fits the company, or when they have signed it already.
    """
    moment = at or datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        page = letter(ws, asker, key)
        if page.side is None:
            page.sign.require()  # whose letter it is not learns nothing about its versions
        if page.version is not None and page.version.fingerprint != fingerprint:
            raise InvalidInput(
                msg("The letter has changed since it was shown: version {version} took its place. Read it before you sign.",
                    version=page.version.version)
            )  # fmt: skip
        page.sign.require()
        assert page.version is not None and page.side is not None  # noqa: PT018  (what may be signed is there)
        if page.stale:
            raise InvalidInput(
                msg(
                    "The company has changed since this letter was drawn up. It has to be drawn up again before it is signed."
                )
            )
        key = LetterKey(page.owner_kind, page.owner, page.cycle)
        version, side = page.version.version, page.side
        signature = Signature(key, version, side.value, str(asker.person), fingerprint)
        add_signatures(cursor, [signature], moment)
        detail = {"owner_kind": key.owner_kind, "version": version, "side": side.value, "fingerprint": fingerprint}
        record(cursor, Entry(moment, asker.name, SIGNED, f"{key.owner} {key.cycle}", None, detail))
        open_sides = [one.side for one in page.signed if one.at is None and one.side is not side]
        if open_sides:
            state = LetterState.SIGNED_BY_OWNER if side is Side.OWNER else LetterState.SIGNED_BY_MANAGER
            return SignedNow(side, version, state, 0)
        activated = _activate(ws, key, asker.name, moment)
    return SignedNow(side, version, LetterState.IN_FORCE, activated)


def _activate(ws: Books, key: LetterKey, who: str, at: datetime.datetime) -> int:
    """Make the owner's agreed goals active: the letter that promises them is in force. Return how many there were."""
    goals = ws.company().goals
    mine = (
        (pl.col("owner_kind").cast(pl.String) == key.owner_kind)
        & (pl.col("owner") == key.owner)
        & (pl.col("cycle") == key.cycle)
        & (pl.col("stage").cast(pl.String) == Stage.AGREED.value)
    )
    count = goals.filter(mine).height
    if count:
        active = pl.when(mine).then(pl.lit(Stage.ACTIVE.value)).otherwise(pl.col("stage").cast(pl.String))
        after = goals.with_columns(stage=active.cast(goals.schema["stage"]))
        save_definitions(ws.store, None, {"goals": after}, who=who, at=at, reason=f"letter {key.owner} {key.cycle}")
    return count
