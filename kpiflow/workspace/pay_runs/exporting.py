"""A run written to a payroll file with its control totals; the journal keeps that it was."""

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

from kpiflow.errors import InvalidInput, not_found
from kpiflow.frames.inert import inert_frame
from kpiflow.language import msg
from kpiflow.storage.journal import Entry, record
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs.answers import PayFile, RunState, Stored
from kpiflow.workspace.pay_runs.reading import people_names, unit_names
from kpiflow.workspace.pay_runs.running import named
from kpiflow.workspace.pay_runs.stored import amounts, readable, seen

#: The action in roles and in the journal.
EXPORT = "export_payroll"

#: What stands in every row of a file that is not to be paid by.
DRAFT = "DRAFT - NOT FOR PAYMENT"

#: The most rows of a sheet.
MOST_ROWS = 1_000_000

#: The columns of a payroll file. `record` is pay for a person, unit and total for the control records at the end of a CSV.
COLUMNS = (
    "record", "run", "plan", "version", "period", "status", "person", "name", "name_zh", "unit", "unit_name", "role",
    "amount", "adjustment", "payable", "currency", "people", "fingerprint",
)  # fmt: skip

#: The columns of money.
MONEY = ("amount", "adjustment", "payable")


class Form(StrEnum):
    """What a payroll is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


@dataclass(frozen=True, eq=False)
class Payroll:
    """The rows of a payroll and its control totals: records of each unit and of the whole, in the same columns."""

    rows: pl.DataFrame
    control: pl.DataFrame
    about: dict[str, Any]


def payroll_export(
    ws: Books, asker: Asker, run: int, *, form: str = "csv", draft: bool = False, who: str | None = None
) -> PayFile:
    """Write a run to a payroll file, and a line into the journal.

    Only a final run is for payment; any other is written as a draft, which says so in every row. Raises Refused for
    whoever may not export, NotFound, or InvalidInput.
    """
    ws.may(asker, EXPORT).require()
    if form not in list(Form):
        raise not_found(msg("kind of file"), form, [one.value for one in Form])
    now = readable(ws, asker, run)
    if now.state is not RunState.FINAL and not draft:
        raise InvalidInput(
            msg("Run {run} is not final, so it is not for payment. Ask for a draft if you want to look at it.", run=run)
        )
    made = payroll(ws, now, seen(ws, asker, amounts(ws, run)))
    if Form(form) is Form.XLSX and made.rows.height > MOST_ROWS:
        raise InvalidInput(
            msg("{people} people do not fit into a sheet. Choose CSV or Parquet.", people=made.rows.height)
        )
    at, name = datetime.datetime.now(datetime.UTC), named(asker, who)
    content = {Form.CSV: csv_bytes, Form.XLSX: xlsx_bytes, Form.PARQUET: parquet_bytes}[Form(form)](made)
    with ws.store.write() as cursor:
        detail = {**made.about, "form": form}
        record(cursor, Entry(at, name, EXPORT, f"{now.plan} {now.period}", None, detail))
    kind = "payroll" if now.state is RunState.FINAL else "draft-payroll"
    file_name = f"{kind}-{now.plan}-{now.period}-run-{run}.{form}"
    return PayFile(file_name, content, now.content)


def payroll(ws: Books, now: Stored, paid: pl.DataFrame) -> Payroll:
    """Return the rows of a payroll, one per person, with the control totals of each unit and of all."""
    status = RunState.FINAL.value if now.state is RunState.FINAL else DRAFT
    same = {
        "run": now.run, "plan": now.plan, "version": f"{now.version}+{now.rules_print}", "period": now.period,
        "status": status, "currency": now.currency, "fingerprint": now.content,
    }  # fmt: skip
    cents = pl.Decimal(38, 2)
    rows = (
        paid.join(people_names(ws), on="person", how="left", maintain_order="left")
        .join(unit_names(ws), on="unit", how="left", maintain_order="left")
        .with_columns(record=pl.lit("pay"), name="label", name_zh="label_zh", unit_name="unit_label",
                      people=pl.lit(None, dtype=pl.Int64))
        .with_columns(pl.lit(value).alias(name) for name, value in same.items())
        .with_columns(pl.col(name).cast(cents) for name in MONEY)
        .select(COLUMNS).sort("person")
    )  # fmt: skip
    sums = [pl.col(name).fill_null(Decimal(0)).sum().cast(cents) for name in MONEY]
    units = rows.group_by("unit", "unit_name").agg(*sums, people=pl.len().cast(pl.Int64)).sort("unit")
    whole = rows.select(*sums, people=pl.len().cast(pl.Int64))
    control = pl.concat(
        [units.with_columns(record=pl.lit("unit")), whole.with_columns(record=pl.lit("total"))], how="diagonal"
    ).with_columns(pl.lit(value).alias(name) for name, value in same.items())
    missing = [pl.lit(None, dtype=rows.schema[name]).alias(name) for name in COLUMNS if name not in control.columns]
    control = control.with_columns(missing).select(COLUMNS)
    total = whole.row(0, named=True)
    about = {
        "run": now.run, "period": now.period, "status": status, "people": total["people"],
        **{name: str(total[name]) for name in MONEY}, "currency": now.currency, "fingerprint": now.content,
        "units": units.height,
    }  # fmt: skip
    return Payroll(rows, control, about)


def csv_bytes(made: Payroll) -> bytes:
    """Return the payroll as CSV: the rows, then the control records, with texts that no spreadsheet takes for formulas."""
    return inert_frame(pl.concat([made.rows, made.control])).write_csv().encode("utf-8-sig")


def parquet_bytes(made: Payroll) -> bytes:
    """Return the payroll as Parquet: the rows, with the control totals in the file's metadata under `kpiflow`."""
    out = BytesIO()
    control = {**made.about, "by_unit": [
        {name: None if row[name] is None else str(row[name]) for name in ("unit", "people", *MONEY)}
        for row in made.control.filter(pl.col("record") == "unit").iter_rows(named=True)
    ]}  # fmt: skip
    made.rows.drop("record", "people").write_parquet(out, metadata={"kpiflow": json.dumps(control, ensure_ascii=False)})
    return out.getvalue()


def xlsx_bytes(made: Payroll) -> bytes:
    """Return the payroll as a workbook: the rows, and control totals that count them again with live formulas."""
    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, settings) as book:
        book.set_custom_property("fingerprint", made.about["fingerprint"])
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "money": book.add_format({"num_format": "#,##0.00"}),
        }
        rows = made.rows.drop("record", "people")
        _sheet(book.add_worksheet("payroll"), rows, looks, draft=made.about["status"] == DRAFT)
        _control(book.add_worksheet("control"), made, rows, looks)
    return out.getvalue()


def _sheet(sheet: Any, rows: pl.DataFrame, looks: dict[str, Any], *, draft: bool) -> None:
    """Write the rows with their names in the first, which stays in sight; a draft says so on every printed page."""
    sheet.set_column(0, rows.width - 1, 14)
    sheet.write_row(0, 0, rows.columns, looks["head"])
    for place, name in enumerate(rows.columns):
        values = rows[name].to_list()
        if name in MONEY:
            sheet.write_column(1, place, [None if value is None else float(value) for value in values], looks["money"])
        else:
            sheet.write_column(1, place, values)
    sheet.freeze_panes(1, 0)
    if draft:
        sheet.set_header(f"&C&20{DRAFT}")


def _control(sheet: Any, made: Payroll, rows: pl.DataFrame, looks: dict[str, Any]) -> None:
    """Write what the file says of itself, and each control total beside the formula that counts it again."""
    sheet.set_column(0, 5, 26)
    for line, (name, value) in enumerate(made.about.items()):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, str(value))
    place = {name: _letter(rows.columns.index(name)) for name in ("unit", "person", "payable")}
    last, top = rows.height + 1, len(made.about) + 1
    sheet.write_row(top, 0, ["unit", "people", "payable", "people counted", "payable counted", "agrees"], looks["head"])
    for line, row in enumerate(made.control.iter_rows(named=True), start=top + 1):
        span = {name: f"payroll!${letter}$2:${letter}${last}" for name, letter in place.items()}
        count, total = f"COUNTA({span['person']})", f"SUM({span['payable']})"
        if row["record"] == "unit":
            count = f"COUNTIF({span['unit']},A{line + 1})"
            total = f"SUMIF({span['unit']},A{line + 1},{span['payable']})"
        sheet.write_string(line, 0, row["unit"] or ("total" if row["record"] == "total" else ""))
        sheet.write_number(line, 1, row["people"])
        sheet.write_number(line, 2, float(row["payable"]), looks["money"])
        sheet.write_formula(line, 3, f"={count}", None, row["people"])
        sheet.write_formula(line, 4, f"=ROUND({total},2)", looks["money"], float(row["payable"]))
        sheet.write_formula(line, 5, f"=AND(B{line + 1}=D{line + 1},C{line + 1}=E{line + 1})", None, True)


def _letter(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    return chr(ord("A") + column) if column < 26 else _letter(column // 26 - 1) + _letter(column % 26)
