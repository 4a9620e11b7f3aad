"""An appeal filed by the person it is about, and taken back by them."""

import datetime
import json

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.attachments import attachment
from kpiflow.storage.appeals import Filed, Step, add_appeal, add_step
from kpiflow.storage.evidence import Evidence
from kpiflow.storage.journal import Entry, record
from kpiflow.workspace.appeals.answers import Filing
from kpiflow.workspace.appeals.deadlines import may_file
from kpiflow.workspace.appeals.disputing import checked
from kpiflow.workspace.appeals.sight import appeal_row, may_withdraw
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.reporting.checking_in import MOST_FILES, tidy_words

#: What the journal calls each.
FILED, WITHDRAWN = "file_appeal", "withdraw_appeal"


def file_appeal(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    filing: Filing,
    *,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> int:
    """File an appeal for a person and return its number; raises Refused, NotFound, or InvalidInput with what to mend."""
    may_file(ws, asker, person, period).require()
    line = checked(ws, person, period, filing.line)
    words = tidy_words(filing.words)
    if words is None:
        raise InvalidInput(msg("Say in words what is wrong: whoever decides reads that first."))
    if len(filing.files) > MOST_FILES:
        raise InvalidInput(
            msg("{count} files are too many; at most {limit} are taken.", count=len(filing.files), limit=MOST_FILES)
        )
    files = [Evidence(**vars(attachment(name, content))) for name, content in filing.files]
    mine = appraisals(ws, period).people.filter(pl.col("person") == person).row(0, named=True)
    name, now = who or asker.name, at or datetime.datetime.now(datetime.UTC)
    said = json.dumps(line.said(), ensure_ascii=False, default=str)
    filed = Filed(person, period, line.about.value, said, words, mine["score"], mine["grade"], name, now)
    with ws.store.write() as cursor:
        number = add_appeal(cursor, filed, files)
        detail = {"appeal": number, "period": period, "line": line.said(), "files": [one.sha256 for one in files]}
        record(cursor, Entry(now, name, FILED, person, words, detail))
    return number


def withdraw(ws: Books, asker: Asker, number: int, words: str | None = None, *, who: str | None = None) -> None:
    """Take an appeal back; raises Refused for anybody but whoever it is about, or NotFound."""
    name, now = who or asker.name, datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        row = appeal_row(ws, asker, number)
        may_withdraw(ws, asker, row).require()
        why = tidy_words(words)
        add_step(cursor, number, Step("withdrawn", name, now, why))
        record(cursor, Entry(now, name, WITHDRAWN, row["person"], why, {"appeal": number}))
