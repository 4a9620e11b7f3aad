"""Reading a sheet by a mapping: one fact per cell of numbers, everything else set aside with its reason.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from dataclasses import dataclass, replace

import dataframely as dy
import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg, render
from kpiflow.sources.reader import Cells
from kpiflow.sources.tidy import Facts, judged_cells
from kpiflow.sources.workbooks.about import about
from kpiflow.sources.workbooks.asking import Question
from kpiflow.sources.workbooks.dates import unread_day
from kpiflow.sources.workbooks.differing import differences
from kpiflow.sources.workbooks.evidence import Evidence, evidence
from kpiflow.sources.workbooks.gathering import Candidate, Gathering
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.known import Known
from kpiflow.sources.workbooks.lines import Lines
from kpiflow.sources.workbooks.mapping import NAME_ROLES, Mapping, Role
from kpiflow.sources.workbooks.names import names
from kpiflow.sources.workbooks.pausing import uncollected
from kpiflow.sources.workbooks.placing import Placing, dated, placed, year_of
from kpiflow.sources.workbooks.running import Doubts, planned_title, running
from kpiflow.sources.workbooks.sheet import Remark, Sheet, letters

#: How many readings of a sheet are remembered, with the sheet: a mapping, and the same with its columns found anew.
_READINGS = 4

#: The columns of rejected rows.
REJECTED: tuple[str, ...] = (
    "cell", "row", "rule", "message", "metric", "unit", "person", "day", "entry", "value", "numerator", "denominator",
)  # fmt: skip


class CellFacts(Facts):
    """Facts with the address of the cell each comes from (`Sheet!B7`; of a ratio its numerator's)."""

    cell = dy.String()


@dataclass(frozen=True)
class LeftOut:
    """A row or column that was not read: its address (`Sheet!7:7`, `Sheet!D:D`), what stands in it, and why."""

    where: str
    text: str
    said: Message


@dataclass(frozen=True)
class Planned:
    """A target or plan found beside an actual: not measured, so no fact; offered to whoever sets targets."""

    metric: str
    unit: str
    person: str | None
    day: str
    value: str
    cell: str


@dataclass(frozen=True)
class Unfolded:
    """What came out of a sheet.

    `facts` as `CellFacts`; `rejected` (cell, row, rule, message, then metric, unit, person, day, entry, value, numerator,
    denominator as they are written); `left_out` rows and columns; `questions` still open (nearest names); `remarks`.
    `mapping` is the one given, with what was found anew in this sheet (rows of the headings, letters of the columns).
    """

    facts: pl.DataFrame
    rejected: pl.DataFrame
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[Question, ...] = ()
    remarks: tuple[Remark, ...] = ()
    targets: tuple[Planned, ...] = ()
    mapping: Mapping | None = None


def unfolded(sheet: Sheet, mapping: Mapping, known: Known, *, locale: str = "en") -> Unfolded:
    """Read a sheet by a mapping; `locale` is the language of `rejected`'s messages.

    Raises InvalidInput when the columns the mapping needs are not in the sheet, with the nearest headings that are.
    """
    asked = (locale, known, known.calendar)  # the calendar is no part of what `known` is compared by
    for read_by, read_for, out in sheet.readings:
        if (read_by, read_for) == (mapping, asked):
            return out
    with uncollected():
        out = _unfolded(sheet, mapping, known, locale)
    # A person looks, then sees what would be loaded, then loads: three times the same question. Put, never changed, so that
    # several who ask at once do no harm.
    read = [(mapping, asked, out)]
    if out.mapping is not None and _only_placed(mapping, out.mapping):
        read.append((out.mapping, asked, out))
    sheet.__dict__["readings"] = (*read, *sheet.readings)[:_READINGS]
    return out


def _only_placed(given: Mapping, found: Mapping) -> bool:
    """Return whether a mapping found anew says the same as the one given, but for the letters of columns that had none."""
    placed_now = zip(given.columns, found.columns, strict=True)
    columns = tuple(one if one.at else one.model_copy(update={"at": now.at}) for one, now in placed_now)
    return given.model_copy(update={"columns": columns}) == found


def _unfolded(sheet: Sheet, mapping: Mapping, known: Known, locale: str) -> Unfolded:
    grid = Grid(sheet, mapping.read_hidden)
    words = {role.value: names(known, role.value, mapping.names.get(role.value)) for role in NAME_ROLES}
    placing = placed(grid, mapping, words)
    year = year_of(grid, mapping, placing, known.calendar)
    placing = replace(placing, columns=dated(placing.columns, year))
    said = about(grid, mapping, placing, words, known)
    mapping = mapping.model_copy(update=said.ids)
    lines = Lines(grid, mapping, placing, words)
    lines.walk()
    told = evidence(grid, mapping, placing, lines.facts, known)
    planned = planned_title(grid, mapping, placing, kinds=bool(lines.kinds))
    adding = running(grid, mapping, placing, lines.passed)
    doubts = Doubts("" if mapping.differences else adding, planned)
    gathering = Gathering(grid, mapping, placing, known, words, told=told, year=year, doubts=doubts)
    gathering.gather(lines.facts)
    if mapping.differences and adding:
        gathering.candidates, untold = differences(gathering.candidates, known)
        gathering.refused += untold
    gathering.put_aside(lines.planned, lines.unclear)
    facts, rejected = _judged(sheet, gathering.candidates, known, locale)
    aside = _rejected(sheet, gathering, locale)
    return Unfolded(
        facts=facts,
        rejected=pl.concat([aside, rejected]).sort("row", maintain_order=True),
        left_out=(*_columns_out(grid, placing, gathering), *_rows_out(sheet, lines), *_hidden(sheet, grid)),
        questions=_unique([*said.questions, *told.questions, *gathering.questions()]),
        remarks=(*placing.remarks, *said.remarks, *told.remarks, *gathering.remarks()),
        targets=tuple(Planned(*one) for one in gathering.targets),
        mapping=_anew(grid, mapping, placing),
    )


def _judged(sheet: Sheet, candidates: list[Candidate], known: Known, locale: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Hold what was gathered to the rules of the tidy form, and bring back where each came from."""
    columns = list(zip(*candidates, strict=True)) if candidates else [()] * len(Candidate._fields)
    frame = pl.DataFrame(dict(zip(Candidate._fields, columns, strict=True)), schema=_schema(), strict=False)
    texts = frame.select(
        "metric", "unit", pl.col("day").cast(pl.String), "person", "entry",
        "value", "numerator", "denominator",
    )  # fmt: skip
    addresses = pl.Series("cell", _addresses(sheet, candidates), pl.String)
    places = frame.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), pl.col("row").alias("at"), addresses)
    reading = judged_cells(Cells(texts, first_row=0), known.words, fingerprint="", locale=locale, places=addresses)
    facts = reading.facts.join(places, on="row", how="left", maintain_order="left").drop("row").rename({"at": "row"})
    bad = reading.rejected.join(places, on="row", how="left", maintain_order="left").drop("row").rename({"at": "row"})
    return facts.select(CellFacts.column_names()), bad.select(REJECTED)


def _schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    """Return the types of what was gathered; numbers are texts here, so that none passes through a float."""
    return {
        name: {"day": pl.Date, "row": pl.Int64, "column": pl.Int64}.get(name, pl.String) for name in Candidate._fields
    }


def _addresses(sheet: Sheet, candidates: list[Candidate]) -> list[str]:
    """Return where each comes from."""
    front = sheet.address(1, 1)[:-2]
    shown: dict[int, str] = {}
    return [
        f"{front}{shown.get(one.column) or shown.setdefault(one.column, letters(one.column))}{one.row}"
        for one in candidates
    ]


def _rejected(sheet: Sheet, gathering: Gathering, locale: str) -> pl.DataFrame:
    """Return the cells and rows that are no facts, each with what is said about it."""
    rows = [
        {**one.words, "cell": sheet.address(one.row, one.column), "row": one.row, "rule": one.wrong.rule,
         "message": render(one.wrong.said, locale)}
        for one in gathering.refused
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={name: pl.Int64 if name == "row" else pl.String for name in REJECTED})


def _columns_out(grid: Grid, placing: Placing, gathering: Gathering) -> list[LeftOut]:
    """Return the columns that are not read, and why."""
    front = grid.sheet.address(1, 1)[:-2]
    out: dict[int, Message] = {one.column: one.said for one in placing.aside} | gathering.columns_out
    for one in placing.columns:
        if one.spec.role is Role.TARGET:
            out.setdefault(one.column, msg("It is planned and not measured; the targets are offered."))
        elif one.spec.role is Role.IGNORE:
            unread = unread_day(one.heading)
            other = msg("It is not measured: worked out from others, or a note.")
            out.setdefault(one.column, unread.said if unread else other)
    found = []
    for column, said in sorted(out.items()):
        text = " / ".join(part.text for part in grid.parts(placing.rows, column))
        found.append(LeftOut(f"{front}{letters(column)}:{letters(column)}", text, said))
    return found


def _rows_out(sheet: Sheet, lines: Lines) -> list[LeftOut]:
    front = sheet.address(1, 1)[:-2]
    return [LeftOut(f"{front}{one.row}:{one.row}", one.text, one.said) for one in lines.passed]


def _hidden(sheet: Sheet, grid: Grid) -> list[LeftOut]:
    """Return hidden rows and columns with anything in them."""
    if grid.read_hidden:
        return []
    front = sheet.address(1, 1)[:-2]
    full = [row for row in sorted(sheet.hidden_rows) if row <= sheet.height and _texts(sheet, row)]
    rows = [LeftOut(f"{front}{row}:{row}", _texts(sheet, row)[0], msg("It is hidden.")) for row in full]
    columns = [
        LeftOut(f"{front}{letters(column)}:{letters(column)}", "", msg("It is hidden."))
        for column in sorted(sheet.hidden_columns)
        if any(sheet.at(row, column).value is not None for row in range(1, sheet.height + 1))
    ]
    return [*rows, *columns]


def _texts(sheet: Sheet, row: int) -> list[str]:
    """Return what stands in a row."""
    return [str(cell.value) for cell in sheet.cells[row - 1] if cell.value is not None]


def _unique(questions: list[Question]) -> tuple[Question, ...]:
    return tuple({(one.kind, one.written): one for one in questions}.values())


def _anew(grid: Grid, mapping: Mapping, placing: Placing) -> Mapping:
    """Return the mapping with where its columns stand in this sheet."""
    at: dict[int, str] = {}
    for one in placing.columns:
        at.setdefault(mapping.columns.index(one.spec), grid.name(one.column))
    columns = tuple(
        spec.model_copy(update={"at": at[number]}) if number in at else spec
        for number, spec in enumerate(mapping.columns)
    )
    return mapping.model_copy(update={"columns": columns, "heading_rows": placing.rows})


__all__ = ["CellFacts", "Evidence", "InvalidInput", "LeftOut", "Planned", "Unfolded", "unfolded"]
