"""Letters in the store: versions counted per letter, signatures beside them, nothing lost, any day readable."""

import datetime

import polars as pl
import pytest

from kpiflow.storage import Store
from kpiflow.storage.letters import (
    Drawn,
    LetterKey,
    Signature,
    add_signatures,
    add_versions,
    letter_signatures,
    letter_standings,
    letter_versions,
    letters_version,
    newest_contents,
)

ADA, BO = LetterKey("person", "ada", "2026"), LetterKey("unit", "north", "2026")
NEXT = LetterKey("person", "ada", "2027")


def at(day: int) -> datetime.datetime:
    return datetime.datetime(2026, 1, day, 12, tzinfo=datetime.UTC)


def drawn(key: LetterKey, content: str, manager: str | None = "boss") -> Drawn:
    return Drawn(key, "ada", manager, content, f"print of {content}")


@pytest.fixture
def kept(store: Store) -> Store:
    """Two letters drawn up on the 2nd; ada's signed by both on the 3rd and 5th, changed on the 8th."""
    with store.write() as cursor:
        add_versions(cursor, [drawn(ADA, "a1"), drawn(BO, "n1", None)], who="boss", at=at(2), reason=None)
        add_signatures(cursor, [Signature(ADA, 1, "owner", "ada", "print of a1")], at(3))
        add_signatures(cursor, [Signature(ADA, 1, "manager", "boss", "print of a1")], at(5))
        add_versions(cursor, [drawn(ADA, "a2")], who="boss", at=at(8), reason="the roof")
    return store


def standing(store: Store, key: LetterKey, day: int | None = None) -> dict[str, object] | None:
    with store.read() as cursor:
        found = letter_standings(cursor, key.cycle, None if day is None else at(day).date())
    rows = found.filter(pl.col("owner") == key.owner).to_dicts()
    return rows[0] if rows else None


def test_versions_are_counted_per_letter(kept: Store):
    with kept.write() as cursor:
        numbers = add_versions(cursor, [drawn(ADA, "a3"), drawn(NEXT, "b1")], who="boss", at=at(9), reason=None)
    assert sorted(numbers.select("cycle", "version").iter_rows()) == [("2026", 3), ("2027", 1)]
    with kept.read() as cursor:
        assert letter_versions(cursor, ADA)["content"].to_list() == ["a1", "a2", "a3"]
        assert letter_versions(cursor, ADA)["reason"].to_list() == [None, "the roof", None]
        assert newest_contents(cursor, "2026", pl.DataFrame({"owner_kind": ["person"], "owner": ["ada"]})) == {
            ADA: "a3"
        }


@pytest.mark.parametrize(
    ("day", "version", "owner", "manager", "in_force"),
    [(1, None, False, False, None), (2, 1, False, False, None), (3, 1, True, False, None), (5, 1, True, True, 1),
     (7, 1, True, True, 1), (8, 2, False, False, 1), (31, 2, False, False, 1)],
)  # fmt: skip
def test_any_day_is_read_as_it_was_known(kept: Store, day, version, owner, manager, in_force):
    """Before it was signed a letter shows as unsigned, and a new version does not sign itself."""
    found = standing(kept, ADA, day)
    if version is None:
        assert found is None
        return
    assert (found["version"], found["in_force"]) == (version, in_force)
    assert (found["owner_at"] is not None, found["manager_at"] is not None) == (owner, manager)


def test_where_nobody_stands_above_one_signature_is_enough(kept: Store):
    assert standing(kept, BO)["in_force"] is None
    with kept.write() as cursor:
        add_signatures(cursor, [Signature(BO, 1, "owner", "ada", "print of n1")], at(4))
    found = standing(kept, BO)
    assert found["in_force"] == 1
    assert found["manager"] is None


def test_a_manager_who_is_gone_from_the_newest_version_is_gone_from_its_standing(kept: Store):
    with kept.write() as cursor:
        add_versions(cursor, [drawn(ADA, "a3", None)], who="boss", at=at(9), reason=None)
    assert standing(kept, ADA)["manager"] is None


def test_signatures_stay_under_the_version_they_were_given_for(kept: Store):
    with kept.read() as cursor:
        assert letter_signatures(cursor, ADA).select("version", "side", "person").rows() == [
            (1, "owner", "ada"),
            (1, "manager", "boss"),
        ]
        assert letter_signatures(cursor, ADA, at(4).date()).height == 1
        assert letter_signatures(cursor, NEXT).is_empty()


def test_the_key_for_caches_moves_with_every_row_and_knows_past_days(kept: Store):
    with kept.read() as cursor:
        assert letters_version(cursor) == (3, 2)
        assert letters_version(cursor, at(4).date()) == (2, 1)


def test_what_fails_leaves_no_row(kept: Store):
    with pytest.raises(RuntimeError):
        _failing(kept)
    assert standing(kept, ADA)["version"] == 2


def _failing(kept: Store) -> None:
    with kept.write() as cursor:
        add_versions(cursor, [drawn(ADA, "a3")], who="boss", at=at(9), reason=None)
        raise RuntimeError
