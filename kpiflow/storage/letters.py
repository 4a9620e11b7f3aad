"""Letters as they were drawn up and signed: every version with its content, every signature, as known on any day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor


@dataclass(frozen=True)
class LetterKey:
    """Whose letter, for which cycle."""

    owner_kind: str
    owner: str
    cycle: str


@dataclass(frozen=True)
class Drawn:
    """One version of a letter as it is written down; `content` is its canonical JSON."""

    key: LetterKey
    signer: str
    manager: str | None
    content: str
    fingerprint: str


#: The columns that say whose letter a row is about.
_KEY = "owner_kind, owner, cycle"


def add_versions(
    cursor: Cursor, drawn: Iterable[Drawn], *, who: str, at: datetime.datetime, reason: str | None
) -> pl.DataFrame:
    """Write each as the next version of its letter, all in one go; return owner_kind, owner, cycle and version."""
    rows = [
        (one.key.owner_kind, one.key.owner, one.key.cycle, one.signer, one.manager, one.content, one.fingerprint)
        for one in drawn
    ]
    names = ("owner_kind", "owner", "cycle", "signer", "manager", "content", "fingerprint")
    arriving = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    cursor.register("arriving", arriving)
    try:
        numbered = cursor.sql(
            f"""SELECT a.*, coalesce(v.version, 0) + 1 AS version FROM arriving AS a LEFT JOIN
                (SELECT {_KEY}, max(version) AS version FROM letter_version GROUP BY ALL) AS v USING ({_KEY})"""
        ).pl()
        cursor.register("numbered", numbered)
        cursor.execute(
            """INSERT INTO letter_version SELECT owner_kind, owner, cycle, version, signer, manager, content,
                fingerprint, ?, ?, ? FROM numbered ORDER BY owner_kind, owner""",
            [wall_clock(at), who, reason],
        )
        cursor.unregister("numbered")
    finally:
        cursor.unregister("arriving")
    return numbered.select("owner_kind", "owner", "cycle", "version")


@dataclass(frozen=True)
class Signature:
    """One signature: whose letter, which version, for which side, by whom, under which fingerprint."""

    key: LetterKey
    version: int
    side: str
    person: str
    fingerprint: str


def add_signatures(cursor: Cursor, signed: Iterable[Signature], at: datetime.datetime) -> None:
    """Write signatures, all given at one moment."""
    rows = [
        (one.key.owner_kind, one.key.owner, one.key.cycle, one.version, one.side, one.person, one.fingerprint)
        for one in signed
    ]
    names = ("owner_kind", "owner", "cycle", "version", "side", "person", "fingerprint")
    schema = {**dict.fromkeys(names, pl.String), "version": pl.Int64}
    cursor.register("signing", pl.DataFrame(rows, schema=schema, orient="row"))
    cursor.execute("INSERT INTO letter_signature SELECT *, ? FROM signing", [wall_clock(at)])
    cursor.unregister("signing")


def letter_versions(cursor: Cursor, key: LetterKey, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the versions of one letter known on a day, oldest first, with all that was written down of each."""
    return cursor.sql(
        f"SELECT * FROM letter_version WHERE {_ONE} AND {_by(as_of)} ORDER BY version", params=vars(key)
    ).pl()


def newest_contents(cursor: Cursor, cycle: str, owners: pl.DataFrame) -> dict[LetterKey, str]:
    """Return the content of the newest version of the letters of some owners (owner_kind, owner) in a cycle."""
    cursor.register("wanted", owners.select("owner_kind", "owner"))
    try:
        rows = cursor.sql(
            """SELECT owner_kind, owner, arg_max(content, version) FROM letter_version
                SEMI JOIN wanted USING (owner_kind, owner) WHERE cycle = $cycle GROUP BY ALL""",
            params={"cycle": cycle},
        ).fetchall()
    finally:
        cursor.unregister("wanted")
    return {LetterKey(kind, owner, cycle): content for kind, owner, content in rows}


def letter_signatures(cursor: Cursor, key: LetterKey, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the signatures under one letter known on a day, oldest first."""
    return cursor.sql(
        f"SELECT * FROM letter_signature WHERE {_ONE} AND {_by(as_of)} ORDER BY recorded_at, side DESC",
        params=vars(key),
    ).pl()


def letter_standings(cursor: Cursor, cycle: str | None = None, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return how each letter stands on a day, one row per letter, of one cycle or of all.

    owner_kind, owner, cycle, version (the newest), signer, manager, fingerprint, drawn_at, owner_at and manager_at (when
    that version was signed), and in_force (the newest version that everybody signed; null: none).
    """
    where = f"{_by(as_of)} AND {'TRUE' if cycle is None else 'cycle = $cycle'}"
    return cursor.sql(
        f"""WITH signed AS (
                SELECT {_KEY}, version, min(recorded_at) FILTER (side = 'owner') AS owner_at,
                    min(recorded_at) FILTER (side = 'manager') AS manager_at
                FROM letter_signature WHERE {where} GROUP BY ALL),
            drawn AS (
                SELECT {_KEY}, version, signer, manager, fingerprint, recorded_at AS drawn_at, owner_at, manager_at,
                    owner_at IS NOT NULL AND (manager IS NULL OR manager_at IS NOT NULL) AS complete
                FROM (SELECT * FROM letter_version WHERE {where}) LEFT JOIN signed USING ({_KEY}, version))
            SELECT {_KEY}, max(version) AS version,
                {", ".join(f"arg_max({name}, version) AS {name}" for name in ("signer", "fingerprint", "drawn_at"))},
                {", ".join(f"max_by(struct_pack(v := {name}), version).v AS {name}" for name in _MAY_BE_NULL)},
                max(version) FILTER (complete) AS in_force
            FROM drawn GROUP BY ALL ORDER BY owner_kind DESC, owner""",
        params=None if cycle is None else {"cycle": cycle},
    ).pl()


def letters_version(cursor: Cursor, as_of: datetime.date | None = None) -> tuple[int, int]:
    """Return how many versions and signatures are known on a day: a cheap key for caches, because rows are only added."""
    counted = [
        cursor.sql(f"SELECT count(*) FROM {table} WHERE {_by(as_of)}").fetchall()[0][0]
        for table in ("letter_version", "letter_signature")
    ]
    return int(counted[0]), int(counted[1])


#: A group's value of the newest version even when it is null: arg_max would take the newest that is not.
_MAY_BE_NULL = ("manager", "owner_at", "manager_at")

_ONE = "owner_kind = $owner_kind AND owner = $owner AND cycle = $cycle"


def _by(as_of: datetime.date | None) -> str:
    """Return the SQL condition that a row had been recorded by the end of a day."""
    return recorded_by("recorded_at", as_of)


def goal_versions(cursor: Cursor, goals: Iterable[str]) -> pl.DataFrame:
    """Return every version of some goals' anchors, oldest first: goal, the anchors, and the change's day, who and reason."""
    cursor.register("asked", pl.DataFrame({"goal": sorted(goals)}, schema={"goal": pl.String}))
    try:
        return cursor.sql(
            """SELECT g.goal, g.threshold, g.target, g.stretch, g.low, g.high, g.metric,
                c.recorded_at::DATE AS day, c.who, c.reason
                FROM goals AS g JOIN asked USING (goal) JOIN change_entry AS c USING (change)
                ORDER BY g.goal, g.row_id"""
        ).pl()
    finally:
        cursor.unregister("asked")
