"""Values of a plan's own inputs, as people write them, made into what a plan calculates with.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import polars as pl

from kpiflow.incentives.kinds import Kind

#: A number with or without thousands separators, and perhaps a sign.
NUMBER = r"^\s*([-+]?(?:\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.\d+)?)\s*([%‰]?)\s*$"

#: What a sign after a number divides it by, as a number of digits the point moves.
SIGNS = {"": 0, "%": 2, "‰": 3}

#: A number of an input has ten digits after the point, as ratios have.
EXACT = pl.Decimal(38, 10)


def value_of(text: pl.Expr, kind: Kind) -> pl.Expr:
    """Return the value of each text as its kind has it; null where it cannot be one.

    >>> pl.select(value_of(pl.lit("12.5%"), Kind.RATIO)).item()
    Decimal('0.1250000000')
    """
    if kind is Kind.TEXT:
        return text
    if kind is Kind.DATE:
        return pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text).str.to_date("%Y-%m-%d", strict=False)
    number = text.str.extract(NUMBER, 1).str.replace_all("[,_]", "").str.strip_prefix("+")
    sign = text.str.extract(NUMBER, 2)
    found = number.cast(EXACT, strict=False)
    for word, digits in SIGNS.items():
        if digits:
            # Ten digits of a share written with a sign are twelve or thirteen as it is typed: a float holds them.
            shifted = (number.cast(pl.Float64, strict=False) / 10**digits).round(10).cast(EXACT, strict=False)
            found = pl.when(sign == word).then(shifted).otherwise(found)
    return found
