"""The file of rejected rows: what to change and why, ready to be corrected and loaded again."""

from pathlib import Path

import polars as pl

from kpiflow.frames.inert import inert_frame


def write_rejects(rejected: pl.DataFrame, path: str | Path) -> Path:
    """Write rejected rows as CSV: row, rule, message, the original cells. UTF-8 with its mark, so that Excel shows 中文.

    A cell that a spreadsheet would take for a formula is preceded by an apostrophe, which makes it text.
    """
    where = Path(path)
    where.parent.mkdir(parents=True, exist_ok=True)
    inert_frame(rejected).write_csv(where, include_bom=True)
    return where
