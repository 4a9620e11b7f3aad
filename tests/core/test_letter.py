"""A letter's fingerprint: the same content has the same one, and whatever differs has another."""

import copy
import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.core.letter import Letter, Side, Wording
from kpiflow.workspace.letters.difference import changes
from tests.core.letters import whole_letter

WHOLE = whole_letter()
PLAIN = WHOLE.model_dump(mode="json")


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every single value of a letter."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*way, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from leaves(one, (*way, place))
    else:
        yield way


#: Where only some words may stand: another of them.
OTHER_WORDS = {
    "kpi": "key_result", "committed": "aspirational", "percent": "permille", "higher": "lower", "year": "month",
}  # fmt: skip


def other(value: Any, way: tuple[Any, ...]) -> Any:
    """Another value of the same sort."""
    if way[-1] == "owner_kind":
        return "unit"
    if isinstance(value, str):
        try:
            return (datetime.date.fromisoformat(value) + datetime.timedelta(days=1)).isoformat()
        except ValueError:
            return "stretch" if way[-1] == "field" else OTHER_WORDS.get(value, f"{value}x")
    return value + 1


def changed(way: tuple[Any, ...]) -> Letter:
    plain = copy.deepcopy(PLAIN)
    place = plain
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = other(place[way[-1]], way)
    return Letter.model_validate(plain)


WAYS = list(leaves(PLAIN))


def test_no_field_of_the_sample_is_left_empty():
    """Otherwise the law below would pass over it."""
    assert all(_at(PLAIN, way) is not None for way in WAYS)


def _at(value: Any, way: tuple[Any, ...]) -> Any:
    for step in way:
        value = value[step]
    return value


@pytest.mark.parametrize("way", WAYS, ids=lambda way: ".".join(map(str, way)))
def test_whatever_changes_changes_the_fingerprint_and_shows_in_the_difference(way):
    after = changed(way)
    assert after.fingerprint != WHOLE.fingerprint
    assert changes(WHOLE, after), "a version that differs says where"
    assert changes(after, WHOLE)


def test_the_same_content_has_the_same_fingerprint_wherever_it_comes_from():
    read_back = Letter.model_validate_json(WHOLE.canonical())
    shuffled = Letter.model_validate(dict(reversed(PLAIN.items())))
    assert read_back.fingerprint == shuffled.fingerprint == WHOLE.fingerprint
    assert not changes(WHOLE, read_back)


def test_the_fingerprint_is_the_sha_256_of_the_content_written_one_way():
    """Anybody can check it without us: keys sorted, no spaces, UTF-8."""
    text = json.dumps(PLAIN, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert WHOLE.fingerprint == hashlib.sha256(text.encode()).hexdigest()


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_two_targets_have_one_fingerprint_only_if_they_are_equal(one, another):
    def promised(target: float) -> str:
        promise = WHOLE.promises[0].model_copy(update={"target": target})
        return WHOLE.model_copy(update={"promises": (promise,)}).fingerprint

    assert (promised(one) == promised(another)) == (repr(one) == repr(another))


def test_better_words_are_no_new_substance_but_another_fingerprint():
    promise = WHOLE.promises[0]
    rule = promise.rules[0].model_copy(update={"says": Wording(en="said better", zh="更好的说法")})
    reworded = WHOLE.model_copy(update={"promises": (promise.model_copy(update={"rules": (rule,)}), WHOLE.promises[1])})
    assert reworded.substance() == WHOLE.substance()
    assert reworded.fingerprint != WHOLE.fingerprint
    easier = promise.model_copy(update={"target": 70.0})
    assert WHOLE.model_copy(update={"promises": (easier, WHOLE.promises[1])}).substance() != WHOLE.substance()


def test_where_nobody_stands_above_the_owner_signs_alone():
    assert set(WHOLE.sides) == {Side.OWNER, Side.MANAGER}
    assert set(WHOLE.model_copy(update={"manager": None}).sides) == {Side.OWNER}
