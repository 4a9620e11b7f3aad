"""The headings of the tidy form: which column of a file is which, whatever its case or language."""

import re

import polars as pl

from kpiflow.errors import InvalidInput, suggest
from kpiflow.language import msg


class NotTidy(InvalidInput):
    """A table whose headings are not those of the tidy form: it may be read by a mapping."""


#: The columns of the tidy form; the first three are always needed.
COLUMNS: tuple[str, ...] = ("metric", "unit", "day", "person", "entry", "value", "numerator", "denominator")

#: What they are called in files written in 中文.
CHINESE: dict[str, str] = {
    "指标": "metric",
    "单位": "unit",
    "部门": "unit",
    "日期": "day",
    "人员": "person",
    "条目": "entry",
    "数值": "value",
    "分子": "numerator",
    "分母": "denominator",
}

#: The heading of a column without one, as the readers call it; spreadsheets leave empty columns at the end.
_UNNAMED = re.compile(r"(__UNNAMED__\d+)?")

#: What the file of rejected rows adds; passed over, so that a corrected one can be loaded as it is.
ADDED: tuple[str, ...] = ("row", "rule", "message")


def matched(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of the tidy form, under their own names and in order; absent ones are null.

    Raises InvalidInput for a heading that is unknown, there twice, or missing.
    """
    found: dict[str, str] = {}
    for heading in frame.columns:
        word = re.sub(r"_duplicated_\d+$", "", heading).strip()
        column = CHINESE.get(word, word.casefold())
        if column in ADDED or (_UNNAMED.fullmatch(word) and frame[heading].is_null().all()):
            continue
        if column not in COLUMNS:
            raise _unknown(word)
        if column in found:
            raise NotTidy(msg("The file has two columns '{column}'. Remove one.", column=column))
        found[column] = heading
    _refuse_missing(found)
    return frame.select(
        (pl.col(found[column]) if column in found else pl.lit(None, pl.String)).alias(column) for column in COLUMNS
    )


def _unknown(word: str) -> NotTidy:
    """Return the error for a heading that is none of ours, with the nearest one that is."""
    near = suggest(word, [*COLUMNS, *CHINESE])
    known = ", ".join(COLUMNS)
    if near:
        return NotTidy(
            msg(
                "There is no column '{word}'. Did you mean '{near}'? Columns are: {known}.",
                word=word,
                near=near,
                known=known,
            )
        )
    return NotTidy(msg("There is no column '{word}'. Columns are: {known}.", word=word, known=known))


def _refuse_missing(found: dict[str, str]) -> None:
    """Raise InvalidInput for a needed column that no heading names."""
    missing = [column for column in COLUMNS[:3] if column not in found]
    if missing:
        raise NotTidy(
            msg(
                "The file has no column {missing}. Its first row must name its columns: {known}.",
                missing=", ".join(missing),
                known=", ".join(COLUMNS),
            )
        )
    if "value" not in found and not {"numerator", "denominator"} <= found.keys():
        raise NotTidy(msg("The file needs a column value, or the two columns numerator and denominator."))
