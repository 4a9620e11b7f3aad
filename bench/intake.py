"""How fast measurements come in, by each way there is, beside what Polars or DuckDB alone needs to read the same file.

Every run goes into a copy of the same small company without measurements, so that all rows are new. What has landed is counted
and added up, and must be what the reader alone found in the file, before any time is told. Posts go through a server that is
started for them, over HTTP.
"""

import http.client
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import polars as pl

from bench.building import AT
from bench.checking import TOLERANCE, Different
from bench.company import company, size
from bench.desks import SERVE, serving
from bench.policy import STARTS
from kpiflow.cli.intake import How, load_by
from kpiflow.core.company import Role
from kpiflow.definitions.documents import to_documents
from kpiflow.sources.live.duckdb_file import DuckdbSource
from kpiflow.sources.live.folder import FolderSource
from kpiflow.storage import Store, save_definitions
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import load_file
from kpiflow.workspace.intake.loading import Terms
from kpiflow.workspace.intake.looking import looked
from kpiflow.workspace.sign_in.accounts import add

#: Who may load measurements.
LOADER = Role(role="loader", label="Loads", actions=("load_measurements",))

#: At scale 1: rows of a text, Parquet or Arrow file, and of a workbook.
ROWS, SHEET_ROWS = 400_000, 100_000

#: How often each way is run, in turn with the reader alone.
TURNS = 3

#: How large the company is, of the bench's whole company.
COMPANY = 0.02

#: What was read from a file, or has landed: rows, the sum of values and numerators, and the sum of denominators.
Sums = tuple[int, float, float]

#: The bodies that are posted: their name, media type, how a frame is written as one, and how Polars alone reads it: JSON to its end
#: before it says what a column holds, for values and counts take turns.
BODIES: dict[str, tuple[str, Callable[[pl.DataFrame, Path], Any], Callable[[Path], pl.DataFrame]]] = {
    "CSV": ("text/csv", pl.DataFrame.write_csv, pl.read_csv),
    "JSON": ("application/json", pl.DataFrame.write_json, partial(pl.read_json, infer_schema_length=None)),
    "lines of JSON": ("application/x-ndjson", pl.DataFrame.write_ndjson, partial(pl.read_ndjson, infer_schema_length=None)),
    "Parquet": ("application/vnd.apache.parquet", pl.DataFrame.write_parquet, pl.read_parquet),
    "Arrow": ("application/vnd.apache.arrow.stream", pl.DataFrame.write_ipc_stream, pl.read_ipc_stream),
}  # fmt: skip


def facts(rows: int) -> pl.DataFrame:
    """Return so many facts in the tidy form, no two of the same metric, person and day: a value, or two counts of a rate."""
    staff = company(size(COMPANY)).assignments.select("person", "unit")
    number = pl.int_range(rows, dtype=pl.Int64)
    table = pl.select(number.alias("i"), (number % staff.height).alias("who"), (number // staff.height).alias("turn"))
    rate = pl.col("turn") % 2 == 0
    return table.join(staff.with_row_index("who").with_columns(pl.col("who").cast(pl.Int64)), on="who").sort("i").select(
        metric=pl.when(rate).then(pl.lit("ontime_rate")).otherwise(pl.lit("orders_done")),
        unit=pl.col("unit").cast(pl.String), person=pl.col("person").cast(pl.String),
        day=pl.lit(STARTS) + pl.duration(days=pl.col("turn") // 2),
        value=pl.when(~rate).then((pl.col("i") * 7919 % 100_003) / 100),
        numerator=pl.when(rate).then(pl.col("i") * 31 % 50), denominator=pl.when(rate).then(60),
    )  # fmt: skip


def sums(found: pl.DataFrame) -> Sums:
    """Return what a frame of facts adds up to, as it comes out of a reader."""
    amount = pl.coalesce(pl.col("value").cast(pl.Float64), pl.col("numerator").cast(pl.Float64))
    row = found.select(pl.len(), amount.sum().alias("amount"), pl.col("denominator").cast(pl.Float64).sum()).row(0)
    return int(row[0]), float(row[1]), float(row[2])


def landed(store: Store) -> Sums:
    """Return what all measurements of a store add up to."""
    with store.read() as cursor:
        found = cursor.sql(
            "SELECT count(*), sum(amount)::DOUBLE, coalesce(sum(base), 0)::DOUBLE FROM measurement"
        ).fetchall()
    return int(found[0][0]), float(found[0][1] or 0), float(found[0][2])


def same_sums(what: str, ours: Sums, theirs: Sums) -> None:
    """Raise Different unless as many rows have landed as the file has, with the same sums."""
    apart = [abs(one - two) > TOLERANCE * max(abs(one), abs(two), 1.0) for one, two in zip(ours, theirs, strict=True)]
    if any(apart):
        raise Different(f"{what}: {ours} has landed, and {theirs} is in the file")


class Ground:
    """A folder with an empty store of the company and the files that are to come in."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.folder = folder
        self.rows, self.sheet_rows = (max(2_000, round(count * scale)) for count in (ROWS, SHEET_ROWS))
        self.facts, self.sheet = facts(self.rows), facts(self.sheet_rows)
        self.facts.write_csv(folder / "tidy.csv")
        self.facts.write_parquet(folder / "tidy.parquet")
        self.sheet.write_excel(folder / "tidy.xlsx", dtype_formats={pl.Date: "yyyy-mm-dd"})
        self._wide().write_excel(folder / "people.xlsx", dtype_formats={pl.Date: "yyyy-mm-dd"})
        (folder / "mapping.json").write_text(json.dumps({"mappings": [_MAPPING]}), encoding="utf-8")
        with duckdb.connect(folder / "facts.duckdb") as made:
            made.execute(f"CREATE TABLE facts AS FROM read_parquet('{folder / 'tidy.parquet'}')")
        documents, tables = to_documents(self._company())
        with Store.create(folder / "empty.duckdb") as store:
            save_definitions(store, documents, tables, who="bench", at=AT, reason="made up")

    def _company(self) -> Any:
        """Return the company with a live source of each kind that reads files of this machine."""
        said: dict[str, Any] = {"label": "Facts", "timeout": "10m"}
        sources = (
            FolderSource(source="csv_folder", path=str(self.folder), pattern="tidy.csv", **said),
            FolderSource(source="parquet_folder", path=str(self.folder), pattern="tidy.parquet", **said),
            DuckdbSource(source="duckdb_file", path=str(self.folder / "facts.duckdb"), table="facts", **said),
            DuckdbSource(source="parquet_query", path=str(self.folder / "tidy.parquet"), query="FROM data", **said),
        )
        made = company(size(COMPANY))
        return replace(made, sources={one.source: one for one in sources}, roles={**made.roles, LOADER.role: LOADER})

    def _wide(self) -> pl.DataFrame:
        """Return the rows of a workbook as people keep one: a row per person and day, a column of numbers, and remarks."""
        number = pl.int_range(pl.len())
        staff = self.sheet.select(
            "unit", "person", "day", Complaints=number % 7, Remark=pl.format("seen {}", number % 9)
        )
        days = pl.lit(STARTS) + pl.duration(days=number // 2_000)
        return staff.select(Team="unit", Name="person", Date=days, Complaints="Complaints", Remark="Remark")

    def opened(self) -> Workspace:
        """Open a new copy of the empty store."""
        path = Path(tempfile.mkdtemp(dir=self.folder)) / "store.duckdb"
        shutil.copy(self.folder / "empty.duckdb", path)
        return Workspace.open(path)

    def took(self, act: Callable[[Workspace], object]) -> tuple[float, Sums]:
        """Do something to a new store; return how long it took and what has landed."""
        with closing(self.opened()) as ws:
            ws.company()  # who loads has read it, or a server has
            began = time.perf_counter()
            act(ws)
            took = time.perf_counter() - began
            found = landed(ws.store)
        shutil.rmtree(Path(ws.store.path).parent)
        return took, found


#: How the workbook of people is read: said by hand, as somebody does in the first month.
_MAPPING: dict[str, Any] = {
    "heading_rows": [1], "metric_from": "fixed", "metric": "complaints", "unit_from": "column", "person_from": "column",
    "period_from": "column",
    "columns": [
        {"heading": "Team", "role": "unit"}, {"heading": "Name", "role": "person"}, {"heading": "Date", "role": "day"},
        {"heading": "Complaints", "role": "value"}, {"heading": "Remark", "role": "ignore"},
    ],
}  # fmt: skip


def intake(_: Path, scale: float) -> dict[str, Any]:
    """Time every way in, in turn with its reader alone; return rows and the times of both by the name of the way."""
    with tempfile.TemporaryDirectory(prefix="kpiflow-intake-") as name:
        ground = Ground(Path(name), scale)
        return {**of_files(ground), **of_posts(ground)}


def of_files(ground: Ground) -> dict[str, Any]:
    """Time `kpiflow load`, a workbook by its mapping, a first look at one, and live sources."""
    folder, aside = ground.folder, ground.folder / "rejects"

    def loading(name: str) -> Callable[[Workspace], object]:
        return lambda ws: load_file(ws, folder / name, who="bench", rejects=aside)

    def mapped(ws: Workspace) -> object:
        how = How(str(folder / "mapping.json"), (), (), None, None)
        return load_by(ws, folder / "people.xlsx", how, Terms(rejects=aside, who="bench"), dry_run=False)

    def pulling(source: str) -> Callable[[Workspace], object]:
        return lambda ws: ws.pull_source(ADMINISTRATOR, source)

    def excel() -> pl.DataFrame:
        return pl.read_excel(folder / "people.xlsx")

    csv, parquet, many = (
        partial(pl.read_csv, folder / "tidy.csv"),
        partial(pl.read_parquet, folder / "tidy.parquet"),
        ground.rows,
    )
    tidy_excel = partial(pl.read_excel, folder / "tidy.xlsx", schema_overrides=_NUMBERS)
    found = {
        "load, CSV": turns(ground, many, loading("tidy.csv"), csv, "Polars"),
        "load, Parquet": turns(ground, many, loading("tidy.parquet"), parquet, "Polars"),
        "load, Excel": turns(ground, ground.sheet_rows, loading("tidy.xlsx"), tidy_excel, "Polars"),
        "load --mapping, Excel": turns(ground, ground.sheet_rows, mapped, lambda: _tidied(excel()), "Polars"),
        "live source, folder of CSV": turns(ground, many, pulling("csv_folder"), csv, "Polars"),
        "live source, folder of Parquet": turns(ground, many, pulling("parquet_folder"), parquet, "Polars"),
        "live source, DuckDB file": turns(ground, many, pulling("duckdb_file"), partial(_duckdb, folder), "DuckDB"),
        "live source, Parquet query": turns(ground, many, pulling("parquet_query"), partial(_query, folder), "DuckDB"),
    }
    return {**found, "first look, Excel": _first_look(ground, excel)}


_NUMBERS = {"value": pl.Float64, "numerator": pl.Int64, "denominator": pl.Int64}


def turns(
    ground: Ground, rows: int, act: Callable[[Workspace], object], alone: Callable[[], pl.DataFrame], reader: str
) -> dict[str, Any]:  # fmt: skip
    """Run a way and its reader alone in turn; raises Different when other rows have landed than the reader found."""
    ours, theirs = [], []
    for turn in range(TURNS):
        took, found = ground.took(act)
        began = time.perf_counter()
        read = alone()
        theirs.append(time.perf_counter() - began)
        ours.append(took)
        if not turn:
            same_sums(reader, found, sums(read))
            assert found[0] == rows
    return {"rows": rows, "ours": ours, "alone": theirs, "reader": reader}


def _first_look(ground: Ground, excel: Callable[[], pl.DataFrame]) -> dict[str, Any]:
    """Time what is understood of a workbook nobody has described; the mapping found must bring in every row."""
    content, ours, theirs = (ground.folder / "people.xlsx").read_bytes(), [], []
    for _ in range(TURNS):
        with closing(ground.opened()) as ws:
            began = time.perf_counter()
            seen = looked(ws, ADMINISTRATOR, content, "people.xlsx")
            ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        excel()
        theirs.append(time.perf_counter() - began)
        if [str(spec.role) for spec in seen.sheets[0].mapping.columns][:4] != ["unit", "person", "day", "value"]:  # type: ignore[union-attr]
            raise Different(f"first look: the columns are taken for {seen.sheets[0].mapping}")
    return {"rows": ground.sheet_rows, "ours": ours, "alone": theirs, "reader": "Polars"}


def _tidied(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(value="Complaints", numerator=None, denominator=pl.lit(0))


def _duckdb(folder: Path) -> pl.DataFrame:
    with duckdb.connect(folder / "facts.duckdb", read_only=True) as there:
        return there.sql("FROM facts").pl()


def _query(folder: Path) -> pl.DataFrame:
    with duckdb.connect() as there:
        return there.sql(f"FROM read_parquet('{folder / 'tidy.parquet'}')").pl()


def of_posts(ground: Ground) -> dict[str, Any]:
    """Time `POST /measurements` of each kind of body over HTTP, in turn with Polars reading the same body from a file."""
    with closing(ground.opened()) as ws:
        path = Path(ws.store.path)
        add(ws, ADMINISTRATOR, "hr-system", roles=[LOADER.role], password=secrets.token_urlsafe(16))
        token = ws.make_api_token(ADMINISTRATOR, "bench", ["measurements:write"], account="hr-system").secret
    found: dict[str, Any] = {}
    sent: list[Sums] = []
    with serving("-c", SERVE, str(path), "own", told=False) as address:
        for name, (media, write, read) in BODIES.items():
            ours, alone = [], []
            for turn in range(TURNS):
                body = ground.folder / "body"
                write(ground.facts.with_columns(entry=pl.lit(f"{name} {turn}")), body)
                ours.append(_posted(address, token, media, body, ground.rows))
                began = time.perf_counter()
                there = read(body)
                alone.append(time.perf_counter() - began)
                sent.append(sums(there))
            found[f"POST, {name}"] = {"rows": ground.rows, "ours": ours, "alone": alone, "reader": "Polars"}
    with Store.open(path) as store:
        same_sums(
            "POST",
            landed(store),
            (sum(one[0] for one in sent), sum(one[1] for one in sent), sum(one[2] for one in sent)),
        )
    return found


def _posted(address: str, token: str, media: str, body: Path, rows: int) -> float:
    """Send a body; return how long it took until the answer was there, which says that every row was new."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)
    content = body.read_bytes()
    began = time.perf_counter()
    connection.request(
        "POST", "/api/v1/measurements", content, {"Authorization": f"Bearer {token}", "Content-Type": media}
    )
    answer = connection.getresponse()
    said = json.loads(answer.read())
    took = time.perf_counter() - began
    connection.close()
    if answer.status != 200 or said["added"] != rows:
        raise Different(f"POST {media}: {answer.status} {str(said)[:300]}")
    return took
