"""Who may draw up and who may sign a letter, decided with the reason in words."""

from kpiflow.access.decision import Decision
from kpiflow.core.letter import Letter, LetterState, Side
from kpiflow.language import msg
from kpiflow.storage.letters import LetterKey
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.planning import hand
from kpiflow.workspace.letters.answers import Signed, Version
from kpiflow.workspace.letters.parties import SIGNS
from kpiflow.workspace.letters.wording import name_of

#: The right to draw letters up: heads for those below them, HR for everybody.
DRAWS_UP = "manage_letters"


def may_draw_up(
    ws: Books, asker: Asker, key: LetterKey, content: tuple[Letter | None, Letter | None], *, past: bool = False
) -> Decision:
    """Decide whether somebody may draw a letter up (again); `content` is what it would say now, and what it said last."""
    allowed = hand(ws, asker, DRAWS_UP).on(key.owner_kind, key.owner)
    if not allowed.allowed:
        reason = msg("Letters are drawn up by those above their owner, or by HR. {why}", why=allowed.reason)
        return Decision(False, reason)
    now, last = content
    if past:
        return Decision(False, msg("A past day is being looked at. Letters are drawn up today."))
    if now is None:
        return Decision(False, msg("Nobody leads {owner} in {cycle}, so nobody could sign its letter.",
                                   owner=key.owner, cycle=key.cycle))  # fmt: skip
    if last is None and not now.promises:
        return Decision(False, msg("No goal of {owner} is agreed yet. A letter needs agreed goals.", owner=key.owner))
    if last is not None and last.substance() == now.substance():
        return Decision(False, msg("Nothing has changed since the letter was drawn up."))
    return allowed


def side_of(asker: Asker, content: Letter, signed: tuple[Signed, ...] = ()) -> Side | None:
    """Return the side that somebody signs for; None when it is not theirs to sign."""
    if asker.person is None:
        return None
    mine = [side for side, party in content.sides.items() if party.person == asker.person]
    open_ = [one.side for one in signed if one.at is None and one.side in mine]
    return next(iter([*open_, *mine]), None)


def may_sign(
    ws: Books,
    asker: Asker,
    key: LetterKey,
    shown: tuple[Version | None, Version | None, Letter | None, tuple[Signed, ...]],
    *,
    past: bool = False,
) -> Decision:
    """Decide whether somebody may sign; `shown` is the version shown, the newest one, its content and signatures."""
    version, newest, content, signed = shown
    if asker.machine:
        return Decision(
            False, msg("A letter is signed by the people it names, signed in as themselves: not from here.")
        )
    if version is None or newest is None or content is None:
        return Decision(False, msg("There is nothing to sign yet: the letter has not been drawn up."))
    if past:
        return Decision(False, msg("A past day is being looked at. A letter is signed as it is today."))
    side = side_of(asker, content, signed)
    if side is None:
        names = [name_of(one.party.name) for one in signed]
        return Decision(False, msg("This letter is signed by {names}.", names=names))
    allowed = ws.may(asker, SIGNS, *((key.owner_kind, key.owner) if side is Side.OWNER else ()))
    if not allowed.allowed:
        return allowed
    if version.version != newest.version:
        return Decision(False, msg("Version {version} has been superseded. Sign version {newest}.",
                                   version=version.version, newest=newest.version))  # fmt: skip
    if version.state is LetterState.IN_FORCE or any(one.side is side and one.at is not None for one in signed):
        return Decision(False, msg("You have signed this letter already."))
    return Decision(True, msg("You may sign this letter."))
