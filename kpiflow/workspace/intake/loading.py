"""A workbook loaded as it was shown: all of it in one transaction, with the cell each measurement stood in."""

import datetime
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.frames.inert import inert_frame
from kpiflow.language import msg
from kpiflow.sources.tidy import Facts
from kpiflow.sources.workbooks import Mapping
from kpiflow.sources.workbooks import Source as From
from kpiflow.storage.loads import Source, load
from kpiflow.storage.mappings import add_places
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.intake.answers import SavedMapping, Taken, Ways
from kpiflow.workspace.intake.files import workbook
from kpiflow.workspace.intake.keeping import as_text, called, save
from kpiflow.workspace.intake.looking import LOAD
from kpiflow.workspace.intake.previewing import preview


@dataclass(frozen=True)
class Terms:
    """On what terms a file is loaded: why, the name its mapping is saved under, a folder for what is set aside, by whom.

    `locale` is the language of what is said about rows set aside; `who` names the one at the machine.
    """

    reason: str | None = None
    save_as: str | None = None
    rejects: Path | None = None
    who: str | None = None
    locale: str = "en"


#: Nothing said beside the file.
PLAIN = Terms()


def take(ws: Books, asker: Asker, content: bytes, name: str, ways: Ways, *, terms: Terms) -> Taken:
    """Load a file read so: good facts go in, the rest is set aside, and the mapping is saved under a name.

    Raises Refused, or InvalidInput when nothing of it can be loaded. With a folder for what is set aside, that is written
    there, or nothing is loaded.
    """
    ws.may(asker, LOAD).require()
    book = workbook(ws, content, name)
    shown = preview(ws, book, ways, locale=terms.locale)
    if shown.facts.is_empty():
        raise InvalidInput(
            msg("Nothing of {name} can be loaded: {count} {count:row was|rows were} set aside. "
                "Answer the questions, or mend the file.",
                name=book.name, count=shown.rejected.height)
        )  # fmt: skip
    at, by = datetime.datetime.now(datetime.UTC), _who(asker, terms.who)
    source = Source(book.name, book.fingerprint, shown.read, shown.rejected.height)
    with ws.store.write() as cursor:
        report = load(ws.store, shown.facts.select(Facts.column_names()), source, who=by, at=at, reason=terms.reason)
        kept = [reusable(mapping, sheet) for sheet, mapping in shown.ways.sheets.items()]
        number = (
            save(ws, cursor, terms.save_as, _distinct(kept), who=by, at=at, file=book.name) if terms.save_as else None
        )
        body = None if number else as_text(list(shown.ways.sheets.values()))
        add_places(cursor, report.load, shown.facts, read_by=number, body=body)
        aside = None
        if terms.rejects is not None and shown.rejected.height:
            terms.rejects.mkdir(parents=True, exist_ok=True)
            aside = terms.rejects / f"{Path(book.name).stem}.load-{report.load}.rejects.csv"
            aside.write_bytes(rejects_csv(shown.rejected))
    return Taken(book.name, report, shown.rejected, terms.save_as.strip() if terms.save_as else None, aside)


def save_ways(ws: Books, asker: Asker, name: str, ways: Ways, *, file: str, who: str | None = None) -> SavedMapping:
    """Keep how a workbook is read under a name; raises Refused, or InvalidInput."""
    ws.may(asker, LOAD).require()
    at = datetime.datetime.now(datetime.UTC)
    kept = _distinct([reusable(mapping, sheet) for sheet, mapping in ways.sheets.items()])
    with ws.store.write() as cursor:
        save(ws, cursor, name, kept, who=_who(asker, who), at=at, file=file)
    return called(ws, name.strip())


def set_aside(ws: Books, asker: Asker, name: str, *, who: str | None = None) -> None:
    """Take a mapping off the list; its versions stay. Raises Refused, or NotFound."""
    ws.may(asker, LOAD).require()
    there, at = called(ws, name), datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        save(ws, cursor, name, there.mappings, who=_who(asker, who), at=at, file=there.file, closed=True)


def reusable(mapping: Mapping, sheet: str) -> Mapping:
    """Return a mapping for next month: what held for this file alone, its period and year, is asked again."""
    again = mapping.changed(sheets=tuple(dict.fromkeys([*mapping.sheets, sheet])))
    if mapping.period_from is From.FIXED:
        again = again.changed(period_from=From.MISSING, period=None)
    if mapping.year_from is From.FIXED:
        again = again.changed(year_from=From.MISSING, year=None)
    return again


def _distinct(mappings: list[Mapping]) -> list[Mapping]:
    """Return mappings without those that differ in nothing but the sheets they were made for; these are put together."""
    found: dict[str, Mapping] = {}
    for one in mappings:
        key = one.changed(sheets=()).as_json()
        same = found.get(key)
        found[key] = one if same is None else same.changed(sheets=tuple(dict.fromkeys([*same.sheets, *one.sheets])))
    return list(found.values())


def rejects_csv(rejected: pl.DataFrame) -> bytes:
    """Return what was set aside as CSV in UTF-8 with its mark; no cell is taken for a formula."""
    out = BytesIO()
    inert_frame(rejected).write_csv(out, include_bom=True)
    return out.getvalue()


def _who(asker: Asker, who: str | None) -> str:
    """Return what the journal calls whoever does it; at the machine, whoever sits there."""
    return (who or "").strip() or asker.name if asker.machine else asker.name
