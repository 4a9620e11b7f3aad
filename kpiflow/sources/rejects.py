"""The file of rejected rows: what to change and why, ready to be corrected and loaded again."""

from pathlib import Path

import polars as pl

#: How a cell begins that a spreadsheet would run as a formula instead of showing it.
_ACTIVE = r"^[=+\-@\t\r]"

#: A plain number may begin with a sign and is harmless; it must stay a number.
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def write_rejects(rejected: pl.DataFrame, path: str | Path) -> Path:
    """Write rejected rows as CSV: row, rule, message, the original cells. UTF-8 with its mark, so that Excel shows 中文.

    A cell that a spreadsheet would take for a formula is preceded by an apostrophe, which makes it text.
    """
    where = Path(path)
    where.parent.mkdir(parents=True, exist_ok=True)
    shown = rejected.with_columns(inert(pl.col(name)).alias(name) for name in rejected.columns if name != "row")
    shown.write_csv(where, include_bom=True)
    return where


def inert(text: pl.Expr) -> pl.Expr:
    """Return cells that no spreadsheet takes for a formula."""
    active = text.str.contains(_ACTIVE) & ~text.str.contains(_NUMBER)
    return pl.when(active).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)
