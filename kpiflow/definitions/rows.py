"""The tables of a company (units, people, goals, targets …) as rows of text, from YAML and CSV alike.

Every row keeps its `path` and `line`. Floor 5: reads no clock or database.
"""

import csv
import io
from dataclasses import dataclass, field

import polars as pl

from kpiflow.definitions.company import TABLES
from kpiflow.definitions.sentences import unknown_field
from kpiflow.definitions.written import Written, decoded
from kpiflow.errors import Level, Problem
from kpiflow.frames.inert import original
from kpiflow.language import Message, msg

#: Columns the program fills in, beside those of the table.
PLACE = {"path": pl.String, "line": pl.Int64}


@dataclass
class TextRows:
    """Rows of one table as they were written; `cells` has the line of each cell that is not on its row's line.

    `unread` says that a whole file could not be read, so that rows are missing here.
    """

    table: str
    frames: list[pl.DataFrame] = field(default_factory=list)
    cells: dict[tuple[str, int, str], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: bool = False

    def problem(self, path: str, line: int, message: Message) -> None:
        """Note an error at a line."""
        self.problems.append(Problem(path, line, Level.ERROR, message))

    def frame(self) -> pl.DataFrame:
        """Return all rows under each other: every column of the table as text, then path and line."""
        schema = dict.fromkeys(columns_of(self.table), pl.String) | PLACE
        whole = [pl.DataFrame(schema=schema), *self.frames]
        return pl.concat(whole, how="diagonal").select(*schema)


def columns_of(table: str) -> list[str]:
    """Return the columns a person may write in a table."""
    return list(TABLES[table].columns())


def take_csv(raw: bytes, path: str, rows: TextRows) -> None:
    """Take the rows of a CSV file, without an object per row; blank cells are absent."""
    text, problems = decoded(raw, path)
    rows.problems += problems
    if text is None:
        rows.unread = True
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    header = _header(text, path, rows)
    if header is None:
        rows.unread = True
        return
    try:
        frame = pl.read_csv(text.encode(), infer_schema=False, truncate_ragged_lines=False)
    except pl.exceptions.NoDataError:
        return
    except pl.exceptions.PolarsError:
        rows.unread = True
        _find_uneven_lines(text, len(header), path, rows)
        return
    frame.columns = header
    lines = pl.int_range(2, pl.len() + 2, dtype=pl.Int64)
    if '"' in text:  # a cell in quotes may go over several lines, which moves all rows below it
        breaks = pl.sum_horizontal(pl.col(header).str.count_matches("\n", literal=True).fill_null(0)).cast(pl.Int64)
        lines = lines + breaks.cum_sum().shift(1, fill_value=0)
    frame = frame.with_columns(pl.col(header).str.strip_chars()).with_columns(
        original(pl.when(pl.col(name) != "").then(pl.col(name))).alias(name) for name in header
    )
    frame = frame.with_columns(path=pl.lit(path), line=lines)
    rows.frames.append(frame.filter(pl.any_horizontal(pl.col(header).is_not_null())))


def _header(text: str, path: str, rows: TextRows) -> list[str] | None:
    """Return the column names of a CSV file, or None after noting what is wrong with them."""
    first = text.split("\n", 1)[0]
    header = [name.strip() for name in next(csv.reader(io.StringIO(first)), [])]
    if not any(header):
        rows.problem(path, 1, msg("The file is empty."))
        return None
    if len(header) == 1 and (";" in first or "\t" in first):
        rows.problem(path, 1, msg("The columns must be separated by commas. Save the file as CSV with commas."))
        return None
    known = columns_of(rows.table)
    before = len(rows.problems)
    for number, name in enumerate(header):
        if name in header[:number]:
            rows.problem(path, 1, msg("Column '{field}' is there twice; keep one.", field=name))
        elif name not in known:
            rows.problem(path, 1, unknown_field(name, known))
    return header if len(rows.problems) == before else None


def _find_uneven_lines(text: str, width: int, path: str, rows: TextRows) -> None:
    """Note the lines of a CSV file that the fast reader refused, by reading it slowly."""
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text), strict=True)
    before = len(rows.problems)
    line = 1
    try:
        for cells in reader:
            if len(cells) > width:
                said = msg("{found} cells, but the first line names {width} columns.", found=len(cells), width=width)
                rows.problem(path, line, said)
            line = reader.line_num + 1
    except csv.Error:
        rows.problem(path, line, msg("The quotes on this line do not close."))
    if len(rows.problems) == before:
        rows.problem(path, 1, msg("This cannot be read as CSV."))


def take_yaml(written: Written, path: str, rows: TextRows) -> None:
    """Take the rows of a YAML file: a list under the table's name; goals may hold `children`."""
    if not isinstance(written.value, dict):
        rows.unread = True
        rows.problem(path, written.line, msg("The file begins with '{heading}:' and then a list.", heading=rows.table))
        return
    for key, line in written.keys.items():
        if key != rows.table:
            rows.unread = True
            rows.problem(path, line, unknown_field(str(key), [rows.table]))
    taken: dict[str, list[object]] = {name: [] for name in [*columns_of(rows.table), *PLACE]}
    if rows.table in written.parts:
        _take_list(written.parts[rows.table], path, rows, taken, {})
    frame = pl.DataFrame(taken, schema={name: PLACE.get(name, pl.String) for name in taken})
    rows.frames.append(frame)


def _take_list(
    items: Written, path: str, rows: TextRows, taken: dict[str, list[object]], inherited: dict[str, str | None]
) -> None:
    """Take the items of a list into `taken`, those below a goal's `children` after it."""
    if items.value is None:
        return
    if not isinstance(items.value, list):
        said = msg("'{field}' must be a list: lines beginning with '- ', or [a, b].", field=rows.table)
        rows.problem(path, items.line, said)
        return
    for item in items.parts.values():
        if not isinstance(item.value, dict):
            rows.problem(path, item.line, msg("Fields with values are expected here, such as 'label: On-time rate'."))
            continue
        row = _row(item, path, rows)
        if "parent" in row and inherited.get("parent") is not None:
            said = msg("A goal below 'children:' has its parent already; remove 'parent'.")
            rows.problem(path, item.line_of(("parent",)), said)
        row = inherited | row
        for name, values in taken.items():
            values.append(path if name == "path" else item.line if name == "line" else row.get(name))
        if rows.table == "goals" and "children" in item.parts:
            below = {"parent": row.get("goal"), "cycle": row.get("cycle")}
            _take_list(item.parts["children"], path, rows, taken, below)


def _row(item: Written, path: str, rows: TextRows) -> dict[str, str | None]:
    """Return the cells of one item as text, noting fields that do not exist or hold more than one value."""
    known = columns_of(rows.table)
    row: dict[str, str | None] = {}
    for key, part in item.parts.items():
        name, line = str(key), item.keys[key]
        if name == "children" and rows.table == "goals":
            continue
        if name not in known:
            rows.problem(path, line, unknown_field(name, known))
        elif isinstance(part.value, dict | list):
            rows.problem(path, line, msg("'{field}' takes one value, not a list or fields.", field=name))
        elif part.value is not None:
            text = (part.text or "").strip()
            row[name] = text or None
            if line != item.line:
                rows.cells[path, item.line, name] = line
    return row
