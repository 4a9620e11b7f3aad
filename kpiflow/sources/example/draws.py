"""Numbers that look drawn at random and are the same on every machine and in every version of every library.

Floor 4: pure arithmetic on whole numbers, the 32-bit mix "lowbias32" (Chris Wellons, public domain).
"""

import polars as pl

#: Change it and every invented number of the example company changes.
SEED = 2013

_WORD = 0xFFFFFFFF


def drawn(rows: pl.DataFrame, kind: int, *keys: str) -> pl.Series:
    """Return a number in [0, 1) per row, fixed by `kind` (which quantity is drawn) and the whole numbers in `keys`.

    Columns in, a column out: as expressions, each step of the mix would write its operand twice.
    """
    mixed = _mix(pl.repeat(SEED * 1000 + kind, rows.height, dtype=pl.UInt64, eager=True))
    for key in keys:
        mixed = _mix((mixed + rows[key].cast(pl.UInt64)) & _WORD)
    return mixed.cast(pl.Float64) / 2**32


def _mix(word: pl.Series) -> pl.Series:
    """Return 32 well-mixed bits of 32-bit words; products stay below 64 bits, so nothing overflows."""
    word = ((word ^ (word // 2**16)) * 0x7FEB352D) & _WORD
    word = ((word ^ (word // 2**15)) * 0x846CA68B) & _WORD
    return word ^ (word // 2**16)
