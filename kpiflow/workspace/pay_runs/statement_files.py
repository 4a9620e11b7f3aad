"""A statement as a file: printed as PDF, or as a workbook whose formulas work it out again."""

import datetime

from kpiflow.errors import NotFound, not_found
from kpiflow.language import Name, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs.answers import PayFile
from kpiflow.workspace.pay_runs.excel.workbook import statement_workbook
from kpiflow.workspace.pay_runs.paid import paid
from kpiflow.workspace.pay_runs.printing import EDITIONS, statement_pdf

#: What each kind of file is.
MIMES = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def statement_file(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    *,
    form: str = "pdf",
    language: str = "en",
    run: int | None = None,
) -> PayFile:
    """Return a statement as `pdf` or `xlsx`, in `en`, `zh` or `both`; raises Refused, or NotFound."""
    for word, known, what in ((form, MIMES, msg("kind of file")), (language, EDITIONS, msg("language"))):
        if word not in known:
            raise not_found(what, word, known)
    said = paid(ws, asker, person, period, run=run)
    if said is None:
        raise NotFound(msg("No plan reaches {person} in {period}.", person=person, period=period))
    if form == "pdf":
        profile = ws.company().profile
        made = datetime.datetime.combine(ws.today(), datetime.time.min) if said.run is None else said.run.made_at
        content = statement_pdf(said, Name(profile.label or profile.company, profile.label_zh), made, language)
    else:
        content = statement_workbook(said, language)
    number = "preview" if said.run is None else f"run-{said.run.run}"
    name = f"statement-{person}-{period}-{number}-{language}.{form}"
    return PayFile(name, content, MIMES[form], "" if said.run is None else said.run.content)
