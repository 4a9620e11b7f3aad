"""Goals, targets and organisation that come as a workbook: what would change is shown first, then made as any configuration is."""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.definitions.company import TABLES, Company
from kpiflow.definitions.difference import difference
from kpiflow.definitions.reading_workbooks import read_workbook
from kpiflow.definitions.writing_workbooks import company_workbook
from kpiflow.errors import InvalidInput, Refused
from kpiflow.language import msg
from kpiflow.storage.documents import definitions_version
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.commands import Applied, Planned, make_apply
from kpiflow.workspace.intake.answers import Tables
from kpiflow.workspace.intake.files import workbook

#: The actions: any configuration, and the values that plans are paid by.
APPLY, PAY = "apply_config", "run_pay"

#: What says how much somebody is paid: tables, and columns of people.
_PAID, _PAY_COLUMNS = frozenset({"salaries", "inputs"}), ("salary_month", "bonus_share")


def looked_at(ws: Books, asker: Asker, content: bytes, name: str, *, complete: bool = False) -> Tables:
    """Return what a workbook of tables would change; raises Refused, or InvalidInput when the file cannot be read.

    What is wrong with its cells is in `problems`, each at its sheet and cell; with an error nothing is planned.
    """
    ws.may(asker, APPLY).require()
    tables = frozenset(TABLES) if _reads_all_pay(ws, asker) else frozenset(TABLES) - _PAID
    return _planned(ws, content, name, tables, complete=complete, pay=_reads_all_pay(ws, asker))


def inputs_looked_at(ws: Books, asker: Asker, content: bytes, name: str) -> Tables:
    """Return what a workbook's values of plan inputs would change, and nothing else of it; raises as `looked_at`."""
    ws.may(asker, PAY).require()
    if not _reads_all_pay(ws, asker):
        raise Refused(msg("Values that plans pay by are given by those who read everybody's pay."))
    return _planned(ws, content, name, frozenset({"inputs"}), complete=False, pay=True)


def make(ws: Books, asker: Asker, shown: Tables, *, reason: str | None = None, who: str | None = None) -> Applied:
    """Write tables as they were shown; raises Refused, or InvalidInput for an eased target without a reason."""
    inputs = frozenset(shown.touched) == frozenset({"inputs"})
    if not (inputs and ws.may(asker, PAY).allowed and _reads_all_pay(ws, asker)):
        ws.may(asker, APPLY).require()
    if not isinstance(shown.planned, Planned):
        raise InvalidInput(msg("There is nothing to make here: the workbook changes nothing, or has errors."))
    name = (who or "").strip() or asker.name if asker.machine else asker.name
    return make_apply(ws, shown.planned, who=name, reason=reason)


def exported(ws: Books, asker: Asker, *, language: str = "en") -> bytes:
    """Return the tables of the company as a workbook, without pay for whoever may not read all of it; raises Refused."""
    ws.may(asker, APPLY).require()
    company = ws.company()
    return company_workbook(company if _reads_all_pay(ws, asker) else _without_pay(company), language)


def _reads_all_pay(ws: Books, asker: Asker) -> bool:
    return asker.machine or ws.reach(asker, Topic.PAY).people is None


def _without_pay(company: Company) -> Company:
    """Return the company with nothing in it that says how much somebody is paid."""
    nothing = [pl.lit(None, company.people.schema[name]).alias(name) for name in _PAY_COLUMNS]
    return replace(
        company,
        people=company.people.with_columns(nothing),
        salaries=company.salaries.clear(),
        inputs=company.inputs.clear(),
    )


def _planned(ws: Books, content: bytes, name: str, tables: Collection[str], *, complete: bool, pay: bool) -> Tables:
    """Work out what those tables of a workbook would change; raises Refused where pay would, for who may not read it."""
    book = workbook(ws, content, name, apart=False)
    base, version = ws.company(), definitions_version(ws.store, None)
    reading = read_workbook(book.sheets, book.name, base, complete=complete, tables=tables)
    after = reading.company
    if after is None:
        return Tables(book.name, (), reading.problems, 0, None, complete)
    if not pay and not after.people.select("person", *_PAY_COLUMNS).equals(base.people.select("person", *_PAY_COLUMNS)):
        known = after.people.join(base.people, on=["person", *_PAY_COLUMNS], how="anti", nulls_equal=True)
        if known.filter(pl.any_horizontal(pl.col(*_PAY_COLUMNS).is_not_null()) | pl.col("person").is_in(
            base.people["person"].implode()
        )).height:  # fmt: skip
            raise Refused(msg("This workbook changes what people are paid, which only those who read all pay may do."))
    changes = difference(base, after)
    touched = tuple(table for table in TABLES if not after.table(table).equals(base.table(table)))
    eased = changes.eased["id"].n_unique()
    planned = None if changes.empty else Planned(changes, reading.problems, after, version)
    return Tables(book.name, tuple(changes.messages()), reading.problems, eased, planned, complete, touched)
