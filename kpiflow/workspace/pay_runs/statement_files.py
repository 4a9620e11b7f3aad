"""A statement as a file: printed as PDF, or as a workbook whose formulas work it out again."""

import datetime

from kpiflow.errors import InvalidInput, NotFound, not_found
from kpiflow.language import Name, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs.answers import Paid, PayFile
from kpiflow.workspace.pay_runs.excel.workbook import statement_workbook
from kpiflow.workspace.pay_runs.paid import all_paid, paid
from kpiflow.workspace.pay_runs.printing import EDITIONS, statement_pdf

#: What a statement can be written as.
FORMS = ("pdf", "xlsx")


def statement_file(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    *,
    form: str = "pdf",
    language: str = "en",
    run: int | None = None,
    plan: str | None = None,
) -> PayFile:
    """Return a statement as `pdf` or `xlsx`, in `en`, `zh` or `both`; raises Refused, NotFound, or InvalidInput.

    Where several plans pay somebody for the period, it says which of them, or which run, is meant.
    """
    for word, known, what in ((form, FORMS, msg("kind of file")), (language, EDITIONS, msg("language"))):
        if word not in known:
            raise not_found(what, word, known)
    said = _meant(ws, asker, (person, period), run, plan)
    if said is None:
        raise NotFound(msg("No plan reaches {person} in {period}.", person=person, period=period))
    if form == "pdf":
        profile = ws.company().profile
        made = datetime.datetime.combine(ws.today(), datetime.time.min) if said.run is None else said.run.made_at
        content = statement_pdf(said, Name(profile.label or profile.company, profile.label_zh), made, language)
    else:
        content = statement_workbook(said, language)
    number = "preview" if said.run is None else f"run-{said.run.run}"
    name = f"statement-{person}-{said.statement.plan}-{period}-{number}-{language}.{form}"
    return PayFile(name, content, "" if said.run is None else said.run.content)


def _meant(ws: Books, asker: Asker, whose: tuple[str, str], run: int | None, plan: str | None) -> Paid | None:
    """Return the one statement that is meant; raises InvalidInput where several plans pay and none is named."""
    if run is not None:
        return paid(ws, asker, *whose, run=run)
    found = [one for one in all_paid(ws, asker, *whose) if plan in (None, one.statement.plan)]
    if len(found) > 1:
        plans = ", ".join(one.statement.plan for one in found)
        raise InvalidInput(
            msg(
                "Several plans pay {person} for {period}: {plans}. Say which.",
                person=whose[0],
                period=whose[1],
                plans=plans,
            )
        )
    return found[0] if found else None
