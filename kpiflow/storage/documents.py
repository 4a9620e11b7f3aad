"""The company's definitions in versions: every change kept, the current state one scan, any past day readable."""

import datetime
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import dataframely as dy
import polars as pl
import pyarrow as pa

from kpiflow.errors import not_found
from kpiflow.frames.goals import Goals, Targets
from kpiflow.frames.organisation import Assignments, Groups, Inputs, People, Salaries, Units
from kpiflow.language import msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.known import Known, known, wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


class Documents(dy.Schema):
    """One policy per row: its kind (metric, curve, plan …), its id among these, and its body as JSON."""

    kind = dy.String(primary_key=True, min_length=1)
    id = dy.String(primary_key=True)
    body = dy.String()


#: The tables of definitions, what each looks like, and the columns that say which thing a row is about.
TABLES: Mapping[str, tuple[type[dy.Schema], tuple[str, ...]]] = MappingProxyType(
    {
        "document": (Documents, ("kind", "id")),
        "units": (Units, ("unit",)),
        "people": (People, ("person",)),
        "assignments": (Assignments, ("person", "unit", "role", "starts")),
        "goals": (Goals, ("goal",)),
        "targets": (Targets, ("goal", "period")),
        "salaries": (Salaries, ("person", "starts")),
        "inputs": (Inputs, ("person", "input", "period")),
        "groups": (Groups, ("person", "kind")),
    }
)


@dataclass(frozen=True)
class Counted:
    """How many things of one table or kind of document a change added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True)
class ChangeReport:
    """What a change did, per table and per kind of document; `change` is its number, None when nothing differed."""

    change: int | None
    counts: Mapping[str, Counted]


@dataclass(frozen=True)
class _Difference:
    """What has to be written to one table: rows to add, the ids of rows to retire, and the counts per kind."""

    table: str
    arriving: pl.DataFrame
    leaving: pl.Series
    counts: dict[str, Counted]


def save_definitions(
    store: Store,
    documents: pl.DataFrame | None,
    tables: Mapping[str, pl.DataFrame],
    *,
    who: str,
    at: datetime.datetime,
    reason: str | None = None,
) -> ChangeReport:
    """Make the store's definitions equal to these, writing only what differs, as one change with its reason.

    `documents` has the columns kind, id, body. A table that is not given, or documents of None, stay as they are;
    an empty one removes everything in it. Raises NotFound for a table that does not exist.
    """
    given = dict(tables) if documents is None else {"document": documents, **tables}
    for table in given:
        if table not in TABLES:
            raise not_found(msg("table"), table, TABLES)
    with store.write() as cursor:
        now = known(cursor, "change", None)
        found = [_difference(cursor, table, frame, now) for table, frame in given.items()]
        counts = {name: counted for difference in found for name, counted in difference.counts.items()}
        found = [difference for difference in found if difference.arriving.height or difference.leaving.len()]
        if not found:
            return ChangeReport(None, counts)
        number = next_number(cursor, "change_entry", "change")
        for difference in found:
            _write(cursor, difference, number)
        cursor.execute("INSERT INTO change_entry VALUES (?, ?, ?, ?)", [number, wall_clock(at), who, reason])
        detail = {"change": number, "counts": {name: vars(counted) for name, counted in counts.items()}}
        record(cursor, Entry(at, who, "change", "definitions", reason, detail))
    return ChangeReport(number, counts)


def read_definitions(store: Store, as_of: datetime.date | None = None) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the documents and the tables as they were known at the end of a day; None: as they are now."""
    with store.snapshot() as cursor:
        return definitions_in(cursor, as_of)


def definitions_in(cursor: Cursor, as_of: datetime.date | None = None) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the same as a cursor sees them: the writing one already knows what its transaction has changed."""
    changes = known(cursor, "change", as_of)
    retired = _retired(cursor, changes)
    with ThreadPoolExecutor(1) as beside:
        # What the store answered is taken over while it answers the next question. The goals, by far the most, stand near
        # the end of the list: asked for from there on, they are taken over while all the others are read.
        taken = {
            table: beside.submit(_taken_over, table, _asked(cursor, table, changes), retired)
            for table in reversed(list(TABLES))
        }
        found = {table: taken[table].result().drop("row_id") for table in TABLES}
    return found.pop("document"), found


def read_table(store: Store, table: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return one table of definitions, in the types of its schema; raises NotFound for a table that does not exist."""
    if table not in TABLES:
        raise not_found(msg("table"), table, TABLES)
    with store.snapshot() as cursor:
        return _current(cursor, table, known(cursor, "change", as_of)).drop("row_id")


def definitions_version(store: Store, as_of: datetime.date | None = None) -> int:
    """Return the newest change that counts on a day, 0 before the first: a cheap key for caches."""
    with store.read() as cursor:
        return known(cursor, "change", as_of).newest


def row_history(store: Store, table: str, key: Mapping[str, object]) -> pl.DataFrame:
    """Return every version of one thing, oldest first, such as `row_history(store, "goals", {"goal": "ewr-ontime"})`.

    The columns of the table, and change, recorded_at, who, reason, and retired_by (the change that ended it, or null).
    """
    if table not in TABLES:
        raise not_found(msg("table"), table, TABLES)
    for column in key:
        if column not in TABLES[table][1]:
            raise not_found(msg("column"), column, TABLES[table][1])
    where = " AND ".join(f't."{column}" = ${column}' for column in key)
    with store.snapshot() as cursor:
        return cursor.sql(
            f"""SELECT t.* EXCLUDE (row_id, valid_from, change), c.*, r.change AS retired_by FROM "{table}" AS t
                JOIN change_entry AS c ON c.change = t.change
                LEFT JOIN retired AS r ON r.tbl = '{table}' AND r.row_id = t.row_id
                WHERE {where} ORDER BY t.row_id""",
            params=dict(key),
        ).pl()


def _current(cursor: Cursor, table: str, changes: Known) -> pl.DataFrame:
    """Return the rows of a table that were known and not retired, in the order they came in, typed, with their row_id."""
    return _taken_over(table, _asked(cursor, table, changes), _retired(cursor, changes))


def _asked(cursor: Cursor, table: str, changes: Known) -> pa.Table:
    """Return the known rows of a table, retired ones too, as the store answers; a word of a closed list as its number."""
    columns = ", ".join(_answered(name, kind) for name, kind in TABLES[table][0].create_empty().schema.items())
    where = changes.condition("change")
    return cursor.sql(f'SELECT {columns}, row_id FROM "{table}" WHERE {where}').to_arrow_table()


#: What stands for a word that is not in its list, so that taking it over fails; a list is shorter.
_UNKNOWN = 255


def _answered(name: str, kind: pl.DataType) -> str:
    """Return the SQL of a column. The store keeps each word once and looks it up once; as text it would travel per row."""
    if not isinstance(kind, pl.Enum):
        return f'"{name}"'
    words = ", ".join(f"'{word}'" for word in kind.categories)
    place = f'list_position([{words}], "{name}") - 1'
    return f'coalesce({place}, if("{name}" IS NULL, NULL, {_UNKNOWN}))::UTINYINT AS "{name}"'


def _retired(cursor: Cursor, changes: Known) -> pl.DataFrame:
    """Return the rows of all tables that were retired: tbl, row_id."""
    return cursor.sql(f"SELECT tbl, row_id FROM retired WHERE {changes.condition('change')}").pl()


def _taken_over(table: str, answer: pa.Table, retired: pl.DataFrame) -> pl.DataFrame:
    """Return an answer of the store without retired rows, typed."""
    # DuckDB answers in pieces, and whatever meets a column in one piece would put them together again. Done here, before
    # words are taken over, it costs a sixth less than after it.
    found = pl.DataFrame(pl.from_arrow(answer.combine_chunks(), rechunk=False))
    # Left out here and not in SQL: a plain scan keeps the order rows came in, where an anti join costs a sort.
    gone = retired.filter(pl.col("tbl") == table)["row_id"]
    if gone.len():
        found = found.filter(~pl.col("row_id").is_in(gone.implode()))
    kinds = TABLES[table][0].create_empty().schema
    return found.with_columns(
        pl.col(name).cat.to(kind) if isinstance(kind, pl.Enum) else pl.col(name).cast(kind)
        for name, kind in kinds.items()
    )


def _difference(cursor: Cursor, table: str, given: pl.DataFrame, changes: Known) -> _Difference:
    """Compare what a table has with what it shall have."""
    schema, key = TABLES[table]
    kinds = schema.create_empty().schema
    wanted = given.select(pl.col(name).cast(kind) for name, kind in kinds.items()).unique(maintain_order=True)
    current = _current(cursor, table, changes)
    arriving = wanted.join(current, on=list(kinds), how="anti", nulls_equal=True, maintain_order="left")
    leaving = current.join(wanted, on=list(kinds), how="anti", nulls_equal=True)
    return _Difference(table, arriving, leaving["row_id"], _counts(table, key, arriving, leaving))


def _counts(table: str, key: tuple[str, ...], arriving: pl.DataFrame, leaving: pl.DataFrame) -> dict[str, Counted]:
    """Count what comes, goes and comes back changed, by its key: per kind for documents, else for the table."""
    fates = arriving.select(*key, come=True).join(
        leaving.select(*key, gone=True), on=list(key), how="full", coalesce=True, nulls_equal=True
    )
    group = pl.col("kind") if table == "document" else pl.lit(table)
    come, gone = pl.col("come").fill_null(value=False), pl.col("gone").fill_null(value=False)
    counted = fates.group_by(group.alias("what"), maintain_order=True).agg(
        (come & ~gone).sum().alias("added"), (come & gone).sum().alias("changed"), (~come & gone).sum().alias("removed")
    )
    found = {what: Counted(added, changed, removed) for what, added, changed, removed in counted.iter_rows()}
    return found if table == "document" else {table: Counted(), **found}


def _write(cursor: Cursor, difference: _Difference, number: int) -> None:
    """Add and retire the rows of one table under the number of a change."""
    table = difference.table
    if difference.leaving.len():
        cursor.register("leaving", difference.leaving.to_frame())
        cursor.execute(f"INSERT INTO retired SELECT '{table}', row_id, {number} FROM leaving")
        cursor.unregister("leaving")
    if difference.arriving.height:
        first = next_number(cursor, table, "row_id", first=0)
        columns = ", ".join(f'"{name}"' for name in difference.arriving.columns)
        words = difference.arriving.with_columns(pl.col(pl.Enum).cast(pl.String)).with_row_index("row_id", offset=first)
        cursor.register("arriving", words)
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}, row_id, change)'
            f" SELECT {columns}, row_id, {number} FROM arriving ORDER BY row_id"
        )
        cursor.unregister("arriving")
