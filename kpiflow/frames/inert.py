"""Texts that a spreadsheet would run as formulas, made inert in the files we write, and taken back as they were.

One apostrophe is put before a text that begins as a formula does, or that begins with apostrophes and then so; it is taken
away again from exactly such texts. So `original(inert(x))` is x whatever x is. Plain numbers stay as they are, signs and all.
Floor 3: reads no clock, file or database.
"""

import re

import polars as pl

#: How a cell begins that Excel, LibreOffice or WPS may run: ASCII and full-width signs, tab and ends of lines.
STARTS = "=+\\-@\t\r\n＝＋－＠"

_ACTIVE, _KEPT = rf"^'*[{STARTS}]", rf"^'+[{STARTS}]"

#: A plain number may begin with a sign and is harmless; it must stay a number.
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def inert(text: pl.Expr) -> pl.Expr:
    """Return texts that no spreadsheet takes for a formula."""
    active = text.str.contains(_ACTIVE) & ~text.str.contains(_NUMBER)
    return pl.when(active).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def inert_text(text: str) -> str:
    """Return one text that no spreadsheet takes for a formula.

    >>> inert_text("=1+1"), inert_text("-5.2"), inert_text("'=x"), inert_text("＝1")
    ("'=1+1", '-5.2', "''=x", "'＝1")
    """
    return f"'{text}" if re.search(_ACTIVE, text) and not re.search(_NUMBER, text) else text


def inert_frame(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a table with all of its texts inert, its headings included."""
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    return rows.with_columns(inert(pl.col(name)).alias(name) for name in texts).rename(
        {name: inert_text(name) for name in rows.columns}
    )


def original(text: pl.Expr) -> pl.Expr:
    """Return texts as they were before they were made inert."""
    return pl.when(text.str.contains(_KEPT)).then(text.str.slice(1)).otherwise(text)


def original_text(text: str) -> str:
    """Return one text as it was before it was made inert.

    >>> original_text("'=1+1"), original_text("'tis"), original_text("''=x")
    ('=1+1', "'tis", "'=x")
    """
    return text[1:] if re.search(_KEPT, text) else text
