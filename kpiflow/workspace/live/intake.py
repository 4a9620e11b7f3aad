"""What a source brought, held to the rules of every other intake: facts to take in, rows to set aside, how much it was."""

import hashlib
from dataclasses import dataclass

import polars as pl

from kpiflow.language import render
from kpiflow.sources.live import Fetched, Part
from kpiflow.sources.reader import Cells
from kpiflow.sources.rules import Known
from kpiflow.sources.tidy import Facts, judged_cells
from kpiflow.storage.sources import REJECTS, VOLUMES

#: What tells one fact from another.
_FACT = ("metric", "unit", "person", "day", "entry")

#: Of a flood of bad rows so many are kept; the run counts them all.
MOST_KEPT = 10_000


@dataclass(frozen=True)
class Intake:
    """`facts` as `Facts`, `rejected` as `REJECTS`, `volumes` as `VOLUMES`; `seen` are the rows of the source behind all."""

    facts: pl.DataFrame
    rejected: pl.DataFrame
    volumes: pl.DataFrame
    seen: int

    @property
    def read(self) -> int:
        """How many rows there are to account for: those taken in and those set aside."""
        return self.facts.height + self.rejected.height

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the facts."""
        return hashlib.sha256(self.facts.write_csv().encode()).hexdigest()


def taken(fetched: Fetched, known: Known, locale: str = "en") -> Intake:
    """Return what there is to take in; of a fact in several parts the one of the last part."""
    facts, rejected, seen = [_NO_FACTS], [pl.DataFrame(schema=REJECTS)], 0
    for part in fetched.parts:
        if part.problem is not None:
            rejected.append(_whole(part, locale))
        elif part.rows.height:
            good, bad, count = _of_part(part, known, locale)
            facts.append(good)
            rejected.append(bad)
            seen += count
    whole = pl.concat(facts).unique(_FACT, keep="last", maintain_order=True)
    return Intake(whole.drop("behind"), pl.concat(rejected), _volumes(whole), seen)


_NO_FACTS = pl.DataFrame(
    schema={name: column.dtype for name, column in Facts.columns().items()} | {"behind": pl.Int64()}
)


def _of_part(part: Part, known: Known, locale: str) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Return the facts of a part with the rows behind each, its rows set aside, and how many rows it stands for."""
    reading = judged_cells(Cells(part.rows, part.first_row), known, fingerprint="", locale=locale)
    behind = (
        part.behind if part.behind is not None else pl.Series([1], dtype=pl.Int64).new_from_index(0, part.rows.height)
    )
    facts = reading.facts.with_columns(behind.gather(reading.facts["row"] - part.first_row).alias("behind"))
    cells = [name for name in reading.rejected.columns if name not in ("row", "rule", "message")]
    rejected = reading.rejected.select(
        pl.lit(part.name).alias("part"), "row", "rule", "message", pl.struct(cells).struct.json_encode().alias("cells")
    )
    return facts, rejected, int(behind.sum())


def _whole(part: Part, locale: str) -> pl.DataFrame:
    """Return a part that could not be read at all as one row that was set aside."""
    said = render(part.problem, locale) if part.problem is not None else ""
    return pl.DataFrame([(part.name, 0, "unreadable", said, None)], schema=REJECTS, orient="row")


def _volumes(facts: pl.DataFrame) -> pl.DataFrame:
    wide = pl.Decimal(38, 6)
    return (
        facts.group_by("metric", "day")
        .agg(
            pl.len().cast(pl.Int64).alias("facts"),
            pl.col("behind").sum().alias("rows"),
            pl.coalesce("value", "numerator").cast(wide).sum().alias("amount"),
            pl.when(pl.col("denominator").is_not_null().any())
            .then(pl.col("denominator").cast(wide).sum())
            .alias("base"),
        )
        .sort("metric", "day")
        .select(*VOLUMES)
        .cast(VOLUMES)  # type: ignore[arg-type]
    )
