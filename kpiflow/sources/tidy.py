"""Intake of the tidy form: good rows come out as facts, bad ones are set aside with the rules they broke."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import dataframely as dy
import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.frames.measurements import Tidy
from kpiflow.language import msg
from kpiflow.sources import arrow, csv, excel, json, parquet
from kpiflow.sources.headings import ADDED, matched
from kpiflow.sources.panics import Panicked, answered_panics
from kpiflow.sources.reader import Cells, Reader
from kpiflow.sources.rules import NUMBERS, OTHER_RULE, SAME_AGAIN, SCHEMA_RULES, Known, Rule, rules, sentence

#: The file formats of intake, one module each.
READERS: tuple[Reader, ...] = (arrow, csv, excel, json, parquet)

#: Years outside these are slips of the keyboard, such as 0206 for 2026.
_YEARS = (1900, 2199)

_DECIMAL = pl.Decimal(18, 6)

#: Columns of our own beside the headings of a file, which cannot have such names.
_ROW, _LONG = "\0row", "\0too_long"


class Facts(Tidy):
    """The tidy form with the row each fact comes from, as a spreadsheet numbers the rows of the source."""

    row = dy.Int64()


@dataclass(frozen=True)
class Reading:
    """What was in a file: `facts` (as `Facts`), and `rejected` (row, rule, message, then the cells as they were).

    rows_read = rows of facts + rows of rejected; blank rows are not counted. `fingerprint` is the SHA-256 of the file.
    """

    facts: pl.DataFrame
    rejected: pl.DataFrame
    rows_read: int
    fingerprint: str


def read_tidy(path: str | Path, known: Known | None = None, *, locale: str = "en") -> Reading:
    """Read a file in the tidy form; `known` is what names are checked against, `locale` the language of the messages.

    Numbers are kept exactly as written up to six digits after the point; more are rounded, halves to the even digit.
    Raises InvalidInput when there is no such file, it cannot be read at all, its columns are not those of the tidy
    form, or it has no rows.
    """
    where = Path(path)
    reader = _reader(where)
    try:
        with answered_panics():
            cells = reader.cells(where)
    except Panicked as error:
        raise InvalidInput(
            msg("{path} is damaged and cannot be read. Save it anew, then try again.", path=str(path))
        ) from error
    reading = judged_cells(cells, known, fingerprint=_fingerprint(where), locale=locale)
    if not reading.rows_read:
        raise InvalidInput(msg("{path} has no rows under its headings.", path=str(path)))
    return reading


def judged_cells(
    cells: Cells, known: Known | None, *, fingerprint: str, locale: str = "en", places: pl.Series | None = None
) -> Reading:
    """Hold the cells of a table to the rules of the tidy form, wherever they come from; see `read_tidy`.

    `places` is what people call each row, where that is not its number. Raises InvalidInput when its columns are not those
    of the tidy form. A table without rows gives none.
    """
    rows = _numbered(cells)
    tidy = matched(rows.drop(_ROW, _LONG))
    called = places if places is not None else pl.int_range(cells.frame.height, eager=True) + cells.first_row
    words = Words(locale, called.cast(pl.String), cells.first_row, cells=places is not None)
    judged = _judged(_typed(tidy).with_columns(rows[_ROW], rows[_LONG]), known, words)
    rejected = rows.join(judged.filter(pl.col("rule") != ""), left_on=_ROW, right_on="row", maintain_order="left")
    original = [column for column in rows.columns if column not in (_ROW, _LONG, *ADDED)]
    return Reading(
        facts=judged.filter(pl.col("rule") == "").select(Facts.column_names()),
        rejected=rejected.select(pl.col(_ROW).alias("row"), "rule", "message", *original),
        rows_read=rows.height,
        fingerprint=fingerprint,
    )


def _reader(path: Path) -> Reader:
    """Return the reader for a file by its ending; raises InvalidInput when there is no such file or no such reader."""
    if not path.is_file():
        raise InvalidInput(msg("There is no file {path}.", path=str(path)))
    for reader in READERS:
        if path.suffix.casefold() in reader.SUFFIXES:
            return reader
    endings = ", ".join(suffix for reader in READERS for suffix in reader.SUFFIXES)
    raise InvalidInput(
        msg(
            "{path} is not a file that can be loaded. Its name must end in one of {endings}.",
            path=str(path),
            endings=endings,
        )
    )


def _fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _numbered(cells: Cells) -> pl.DataFrame:
    """Return the rows that have anything in them, trimmed, with their number in the source."""
    trimmed = cells.frame.select(pl.all().str.strip_chars().replace("", None))
    position = pl.int_range(pl.len(), dtype=pl.Int64)
    return trimmed.with_columns(
        (position + cells.first_row).alias(_ROW), position.is_in(sorted(cells.too_long)).alias(_LONG)
    ).filter(pl.any_horizontal(pl.col(trimmed.columns).is_not_null()) if trimmed.width else pl.lit(value=False))


def _typed(tidy: pl.DataFrame) -> pl.DataFrame:
    """Add `day_typed`, `value_typed` …: the day and the numbers, null where the text is neither."""
    return tidy.with_columns(
        _day().alias("day_typed"),
        *(pl.col(column).cast(_DECIMAL, strict=False).alias(f"{column}_typed") for column in NUMBERS),
    )


def _day() -> pl.Expr:
    """Read a day written year first: 2026-01-31, 2026/1/31, 20260131 or 2026年1月31日, at midnight if it has a time."""
    date = pl.col("day").str.replace(r"[T ]00:00(:00(\.0+)?)?(Z|\+00:00)?$", "")
    parts = date.str.extract_groups(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
    year, month, rest = (parts.struct.field(str(group)) for group in (1, 2, 3))
    written = pl.concat_str(year, month.str.zfill(2), rest.str.zfill(2)).fill_null(date.str.extract(r"^(\d{8})$"))
    day = written.str.to_date("%Y%m%d", strict=False)
    return pl.when(day.dt.year().is_between(*_YEARS)).then(day)


@dataclass(frozen=True)
class Words:
    """In which language rows are spoken of, and what each is called, the first being row `first`: a number or a cell."""

    locale: str
    called: pl.Series
    first: int
    cells: bool = False


def _judged(rows: pl.DataFrame, known: Known | None, words: Words) -> pl.DataFrame:
    """Return the rows typed as `Facts`, with the rules each broke (empty for none) and what is said about them."""
    listed = [
        Rule("too_many_cells", pl.col(_LONG), msg("The row has more cells than there are headings.")),
        *rules(rows, known),
    ]
    rows = rows.with_columns(_names(listed).alias("rule"))
    facts = [
        pl.col("metric", "unit", "person"),
        pl.col("entry").fill_null(""),
        *(pl.col(f"{column}_typed").alias(column) for column in ("day", *NUMBERS)),
        pl.col(_ROW).alias("row"),
        pl.col("rule"),
    ]
    broken = rows.filter(pl.col("rule") != "").select(*facts, _words(listed, words.locale).alias("message"))
    once, again = _once(rows.filter(pl.col("rule") == "").select(*facts), words)
    return pl.concat([broken, again, _fitted(once, words.locale)]).sort("row")


def _once(rows: pl.DataFrame, words: Words) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows without those that say the same as one before, and these with which one that is.

    Where one fact has several numbers nobody can know which is right: all of them stay, to be set aside by the schema.
    """
    fact = ("metric", "unit", "person", "day", "entry")
    if not rows.select(pl.struct(fact).is_duplicated().any()).item():
        return rows, rows.clear().with_columns(pl.lit("").alias("message"))
    numbers = pl.struct(NUMBERS)
    marked = rows.with_columns(before=pl.when(numbers.n_unique().over(fact) == 1).then(pl.col("row").min().over(fact)))
    again = marked.filter(pl.col("before") < pl.col("row"))
    where = words.called.gather(again["before"] - words.first)
    said = (
        msg("It says the same as cell {cell}, which is taken.", cell=pl.col("where"))
        if words.cells
        else msg("It says the same as row {row}, which is taken.", row=pl.col("where"))
    )
    told = again.with_columns(pl.lit(SAME_AGAIN).alias("rule"), where=where).with_columns(
        sentence(said, words.locale).alias("message")
    )
    once = marked.filter(pl.col("before").is_null() | (pl.col("before") == pl.col("row")))
    return once.drop("before"), told.drop("before", "where")


def _fitted(rows: pl.DataFrame, locale: str) -> pl.DataFrame:
    """Hold rows whose cells are in order to the rules of the schema itself, and fill in `rule` and `message`."""
    _, failure = Facts.filter(rows.select(Facts.column_names()))
    failed = failure.details()
    names = [column for column in failed.columns if column not in Facts.column_names()]
    listed = [Rule(name, pl.col(name) == "invalid", SCHEMA_RULES.get(name, OTHER_RULE)) for name in names]
    broken = failed.select("row", _names(listed).alias("rule"), _words(listed, locale).alias("message"))
    return (
        rows.drop("rule")
        .join(broken, on="row", how="left", maintain_order="left")
        .with_columns(pl.col("rule", "message").fill_null(""))
    )


def _names(listed: list[Rule]) -> pl.Expr:
    """Return the names of the rules a row breaks, empty for none."""
    names = (pl.when(rule.broken).then(pl.lit(rule.name)) for rule in listed)
    return pl.concat_str(names, separator=", ", ignore_nulls=True)


def _words(listed: list[Rule], locale: str) -> pl.Expr:
    """Return what is said about the rules a row breaks."""
    words = (pl.when(rule.broken).then(sentence(rule.said, locale)) for rule in listed)
    return pl.concat_str(words, separator=" ", ignore_nulls=True)
