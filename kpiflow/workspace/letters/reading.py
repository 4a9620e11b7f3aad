"""One letter read: any of its versions, who has signed, what changed, and what the person asking may do with it."""

import datetime

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.core.calendar import Period
from kpiflow.core.goal import OwnerKind
from kpiflow.core.letter import Letter, LetterState, Side, Wording
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg
from kpiflow.storage.letters import LetterKey, letter_signatures, letter_versions
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.letters.answers import LetterPage, Signed, Version
from kpiflow.workspace.letters.contents import Source, contents, source_of
from kpiflow.workspace.letters.difference import changes
from kpiflow.workspace.letters.rewards import basis_of
from kpiflow.workspace.letters.rights import may_draw_up, may_sign, side_of
from kpiflow.workspace.letters.sight import sight
from kpiflow.workspace.letters.wording import both


def letter(
    ws: Books,
    asker: Asker,
    key: LetterKey,
    as_of: datetime.date | None = None,
    *,
    version: int | None = None,
    against: int | None = None,
) -> LetterPage:
    """Return a letter as it was known on a day: the newest version, or the one asked for, beside an earlier one.

    Raises NotFound for an owner, cycle or version that there is not, and Refused for whoever is no part of it.
    """
    company, cycle, day = ws.company(as_of), cycle_of(ws, key.cycle, as_of), ws.believed(as_of)
    source = source_of(ws, cycle, as_of)
    key = LetterKey(key.owner_kind, key.owner, cycle.period)
    _require_owner(ws, asker, source, key)
    now = _now(ws, source, key)
    with ws.store.snapshot() as cursor:
        drawn, signatures = letter_versions(cursor, key, day), letter_signatures(cursor, key, day)
    newest = drawn.row(-1, named=True) if drawn.height else None
    signing = _signing(newest, now)
    sight(ws, asker).of(key.owner_kind, key.owner, signing).require()
    listed = _versions(drawn, signatures, source)
    shown = _chosen(listed, version)
    content = None if shown is None else Letter.model_validate_json(drawn.row(shown.version - 1, named=True)["content"])
    before = _compared(listed, shown, against)
    old = None if before is None else Letter.model_validate_json(drawn.row(before - 1, named=True)["content"])
    signed = _signed(content, shown, signatures)
    amounts, withheld = _amounts(ws, asker, source, content)
    last = None if newest is None else Letter.model_validate_json(newest["content"])
    return LetterPage(
        owner_kind=key.owner_kind,
        owner=key.owner,
        name=both(source.name(key.owner_kind, key.owner)),
        cycle=cycle.period,
        state=LetterState.NONE if shown is None else shown.state,
        letter=content,
        version=shown,
        versions=tuple(reversed(listed)),
        signed=signed,
        in_force=max(_complete(drawn, signatures), default=None),
        compared=before,
        changes=() if old is None or content is None else changes(old, content),
        amounts=amounts,
        withheld=withheld,
        stale=day is None and last is not None and now is not None and last.substance() != now.substance(),
        example=company.profile.example,
        draw_up=may_draw_up(ws, asker, key, (now, last), past=day is not None),
        sign=may_sign(ws, asker, key, (shown, listed[-1] if listed else None, content, signed), past=day is not None),
        side=None if content is None else side_of(asker, content, signed),
    )


def cycle_of(ws: Books, word: str, as_of: datetime.date | None) -> Period:
    """Return the cycle that a period lies in; raises NotFound for an unknown one, with the nearest."""
    calendar = ws.company(as_of).calendar
    return calendar.whole_cycle(calendar.period(word))


def _require_owner(ws: Books, asker: Asker, source: Source, key: LetterKey) -> None:
    if key.owner_kind not in (OwnerKind.UNIT.value, OwnerKind.PERSON.value):
        raise InvalidInput(msg("'{kind}' is no kind of owner. Write unit or person.", kind=key.owner_kind))
    if (key.owner_kind, key.owner) not in source.names:
        # First, so that nobody learns from an error who works here.
        sight(ws, asker).of(key.owner_kind, key.owner).require()
        known = [owner for kind, owner in source.names if kind == key.owner_kind]
        raise not_found(msg("unit or person"), key.owner, known)


def _now(ws: Books, source: Source, key: LetterKey) -> Letter | None:
    """Return the letter as it would be drawn up now; None when nobody can sign it."""
    owner = pl.DataFrame({"owner_kind": [key.owner_kind], "owner": [key.owner]})
    with ws.store.read() as cursor:
        return contents(source, owner, cursor).get(key)


def _signing(newest: dict[str, object] | None, now: Letter | None) -> tuple[str | None, ...]:
    """Return who signs the newest version, or would sign the first."""
    if newest is not None:
        return (_text(newest["signer"]), _text(newest["manager"]))
    return () if now is None else tuple(party.person for party in now.sides.values())


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _versions(drawn: pl.DataFrame, signatures: pl.DataFrame, source: Source) -> list[Version]:
    """Return every version, oldest first, with how far it came."""
    complete = _complete(drawn, signatures)
    found = []
    for row in drawn.iter_rows(named=True):
        sides = set(signatures.filter(pl.col("version") == row["version"])["side"])
        last = row["version"] == drawn.height
        state = _state(sides, complete=row["version"] in complete) if last else LetterState.SUPERSEDED
        # A version that holds goes on holding until everybody has signed the next one.
        if not last and row["version"] == max(complete, default=0):
            state = LetterState.IN_FORCE
        at, reason, fingerprint = row["recorded_at"], row["reason"], row["fingerprint"]
        found.append(Version(row["version"], at, source.called(row["who"]), reason, fingerprint, state))
    return found


def _state(sides: set[str], *, complete: bool) -> LetterState:
    if complete:
        return LetterState.IN_FORCE
    if Side.OWNER.value in sides:
        return LetterState.SIGNED_BY_OWNER
    return LetterState.SIGNED_BY_MANAGER if sides else LetterState.DRAWN_UP


def _complete(drawn: pl.DataFrame, signatures: pl.DataFrame) -> set[int]:
    """Return the versions that everybody who has to has signed."""
    sides = {(row["version"], row["side"]) for row in signatures.iter_rows(named=True)}
    return {
        version
        for version, manager in drawn.select("version", "manager").iter_rows()
        if (version, Side.OWNER.value) in sides and (manager is None or (version, Side.MANAGER.value) in sides)
    }


def _chosen(listed: list[Version], version: int | None) -> Version | None:
    if version is None:
        return listed[-1] if listed else None
    found = next((one for one in listed if one.version == version), None)
    if found is None:
        raise not_found(msg("version of this letter"), str(version), [str(one.version) for one in listed])
    return found


def _compared(listed: list[Version], shown: Version | None, against: int | None) -> int | None:
    """Return the version that changes are shown from: the one asked for, or the one before."""
    if shown is None:
        return None
    if against is not None:
        chosen = _chosen(listed, against)
        return None if chosen is None or chosen.version == shown.version else chosen.version
    return shown.version - 1 if shown.version > 1 else None


def _signed(content: Letter | None, shown: Version | None, signatures: pl.DataFrame) -> tuple[Signed, ...]:
    if content is None or shown is None:
        return ()
    rows = {row["side"]: row for row in signatures.iter_rows(named=True) if row["version"] == shown.version}
    return tuple(
        Signed(side, party, rows[side.value]["recorded_at"], rows[side.value]["fingerprint"])
        if side.value in rows
        else Signed(side, party)
        for side, party in content.sides.items()
    )


def _amounts(ws: Books, asker: Asker, source: Source, content: Letter | None) -> tuple[tuple[Wording, ...], bool]:
    """Return what the plans start from in the owner's own money, and whether there is some that the asker may not see."""
    if content is None or content.owner_kind is not OwnerKind.PERSON:
        return (), False
    person = source.company.people.filter(pl.col("person") == content.owner)
    rows = person.select("salary_month", "bonus_share").to_dicts()
    plans = [source.company.plans[one.plan] for one in content.rewards if one.plan in source.company.plans]
    found = [amount for plan in plans for row in rows if (amount := basis_of(plan, row)) is not None]
    if not ws.reach(asker, Topic.PAY).sees(content.owner).allowed:
        return (), bool(found)
    return tuple(found), False
