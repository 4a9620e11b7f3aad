"""Files given with check-ins, kept byte for byte beside what they prove."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class Evidence:
    """One file: its name as shown, its media type as read from its content, and the fingerprint of its bytes."""

    name: str
    media: str
    content: bytes
    sha256: str


#: What is told of a file without reading its content.
_TOLD = "evidence, check_in, goal, name, media, bytes, sha256"


def add_evidence(cursor: Cursor, check_in: int, goal: str, files: Sequence[Evidence]) -> list[int]:
    """Write the files of one check-in; return their numbers."""
    first = next_number(cursor, "evidence", "evidence")
    for number, file in enumerate(files, start=first):
        told = [number, check_in, goal, file.name, file.media, len(file.content), file.sha256, file.content]
        cursor.execute("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?)", told)
    return list(range(first, first + len(files)))


def evidence_of(store: Store, goal: str) -> pl.DataFrame:
    """Return what is known of a goal's files, without their content: evidence, check_in, goal, name, media, bytes, sha256."""
    with store.read() as cursor:
        return cursor.sql(
            f"SELECT {_TOLD} FROM evidence WHERE goal = $goal ORDER BY evidence", params={"goal": goal}
        ).pl()


def read_evidence(store: Store, number: int) -> tuple[str, Evidence] | None:
    """Return the goal a file belongs to and the file, or None when there is none of that number."""
    with store.read() as cursor:
        found = cursor.execute(
            "SELECT goal, name, media, content, sha256 FROM evidence WHERE evidence = ?", [number]
        ).fetchall()
    return None if not found else (str(found[0][0]), Evidence(*found[0][1:]))
