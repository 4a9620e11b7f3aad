"""How long a regular expression may take: whether a text can be divided over its repetitions in more ways than one."""

from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

#: Repetitions up to here are few enough to try in all ways.
FEW = 8


def nested(pattern: str) -> bool:
    """Return whether a repetition without an end stands inside another: what takes time without an end, too."""
    return _worst(parser.parse(pattern)) > 1


def _worst(parts: object, depth: int = 0) -> int:
    """Return how deep repetitions without an end are nested, where the inner one is not held apart by a sign of its own."""
    deepest = depth
    for kind, given in parts:  # type: ignore[attr-defined]
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            _, high, inner = given
            deepest = max(deepest, _worst(inner, depth + (high > FEW and not _held_apart(inner))))
        elif kind is op.SUBPATTERN:
            deepest = max(deepest, _worst(given[-1], depth))
        elif kind is op.BRANCH:
            deepest = max(deepest, *(_worst(one, depth) for one in given[1]))
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            deepest = max(deepest, _worst(given[1], depth))
    return deepest


def _held_apart(inner: object) -> bool:
    """Return whether each repetition begins or ends with a sign of its own, so that there is one way to divide a text."""
    parts = list(inner)  # type: ignore[call-overload]
    while len(parts) == 1 and parts[0][0] is op.SUBPATTERN:
        parts = list(parts[0][1][-1])
    ends = [given for kind, given in (parts[0], parts[-1]) if kind is op.LITERAL]
    return len(parts) > 1 and any(not (chr(one).isalnum() or chr(one) in "_ ") for one in ends)
