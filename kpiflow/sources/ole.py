"""Whether the sectors of an old office file (.xls) lead to an end: in a damaged one they may lead round in circles for ever.

Floor 4: knows core and frames. Reads no store.
"""

import struct

#: How such files begin.
SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")

#: The first number that stands for no sector, and how many sectors of the table the head itself names.
_NO_SECTOR, _IN_HEAD = 0xFFFFFFFA, 109

_HEAD = struct.Struct("<24x HHHHH 6x IIIIIIIII")


class Torn(ValueError):
    """A file whose parts do not fit together."""


def required_sound(content: bytes) -> None:
    """Raise Torn when the chains of an old office file go round in circles; other files are left alone."""
    if not content.startswith(SIGNATURE):
        return
    if len(content) < 512:
        raise Torn("no head")
    _, _, order, shift, *_, first_small, small, first_more, _ = _HEAD.unpack_from(content)
    if order != 0xFFFE or shift not in (9, 12):
        raise Torn("no head")
    size = 1 << shift
    table = _table(content, size, first_more)
    _end_somewhere(table)
    found: list[bytes] = []
    sector = first_small
    for _ in range(min(small, len(table))):
        if sector >= len(table):
            break
        found.append(_sector(content, size, sector))
        sector = table[sector]
    _end_somewhere(_numbers(b"".join(found)))


def _table(content: bytes, size: int, first_more: int) -> list[int]:
    """Return for each sector the one that follows it."""
    parts = [*struct.unpack_from(f"<{_IN_HEAD}I", content, 76)]
    more, seen = first_more, set[int]()
    while more < _NO_SECTOR:
        listed = _numbers(_sector(content, size, more))
        if more in seen or not listed:
            raise Torn("the list of tables goes round in circles")
        seen.add(more)
        parts += listed[:-1]
        more = listed[-1]
    return _numbers(b"".join(_sector(content, size, part) for part in parts if part < _NO_SECTOR))


def _sector(content: bytes, size: int, number: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _numbers(content: bytes) -> list[int]:
    count = len(content) // 4
    return list(struct.unpack(f"<{count}I", content[: count * 4]))


def _end_somewhere(table: list[int]) -> None:
    """Raise Torn when following sectors from any one of them never comes to an end."""
    done = bytearray(len(table))  # 1: on the way just now, 2: known to end
    for start in range(len(table)):
        way: list[int] = []
        sector = start
        while sector < len(table) and not done[sector]:
            done[sector] = 1
            way.append(sector)
            sector = table[sector]
        if sector < len(table) and done[sector] == 1:
            raise Torn("the sectors go round in circles")
        for passed in way:
            done[passed] = 2
