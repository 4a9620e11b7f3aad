"""A statement put into the words and numbers of its printed form, one edition per language."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.statements import Line
from kpiflow.language import Message, Name, Quantity, msg, render
from kpiflow.printing import typeset
from kpiflow.workspace.pay_runs.answers import Adjusting, Paid, RunState

#: Which editions a printed statement may have: one language, or both, one after the other.
EDITIONS: Mapping[str, tuple[str, ...]] = {"en": ("en",), "zh": ("zh",), "both": ("zh", "en")}

#: The columns of the lines, and of the lines that put earlier runs right.
HEADS = (msg("Line number"), msg("Line"), msg("How"), msg("Case that applied"), msg("Adds to the payout"))
ADJUSTMENT_HEADS = (msg("Run put right"), msg("Due by now"), msg("Paid so far"), msg("Difference"))


def statement_pdf(paid: Paid, company: Name, made: datetime.datetime, language: str = "en") -> bytes:
    """Return a statement as a PDF in `en`, `zh` or `both`; the same statement gives the same bytes."""
    editions = [_edition(paid, company, one) for one in EDITIONS[language]]
    first = editions[0]
    facts = {"title": f"{first['title']} – {first['person']}", "author": first["company"], "editions": editions}
    return typeset("statement", facts, made)


def notice(paid: Paid) -> Message | None:
    """Return what a reader has to know first: that nothing was paid by it."""
    if paid.run is None:
        return msg("A preview, not a payment.")
    return None if paid.run.state is RunState.FINAL else msg("A draft, not a payment: the run is not final.")


def _edition(paid: Paid, company: Name, language: str) -> dict[str, Any]:
    def say(said: Message | Name) -> str:
        return render(said, language)

    said, warning = paid.statement, notice(paid)
    about = msg("{plan} · {period}", plan=paid.label, period=said.period or "")
    notes = [*said.notes, *([said.reason] if said.reason else [])]
    title = say(msg("Pay statement"))
    return {
        "language": language,
        "title": title,
        "company": say(company),
        "person": say(paid.person_name),
        "place": f"{say(paid.unit_name)} · {said.person}" if paid.unit_name else str(said.person or ""),
        "about": say(about),
        "notice": "" if warning is None else say(warning),
        "lines": {
            "title": say(msg("How it is worked out")),
            "columns": [say(head) for head in HEADS],
            "rows": [_row(line, paid, language) for line in said.lines],
        },
        "sums": _sums(paid, language),
        "notes": [say(one) for one in notes],
        "adjustments": {
            "title": say(msg("Earlier payments put right")),
            "columns": [say(head) for head in ADJUSTMENT_HEADS],
            "rows": [_adjustment(one, said.currency, language) for one in paid.adjustments],
        },
        "source": {"title": say(msg("What it rests on")), "lines": [say(one) for one in paid.source]},
        "footer": f"{title} · {say(paid.person_name)} · {say(about)}",
    }


def _row(line: Line, paid: Paid, language: str) -> dict[str, str]:
    currency = paid.statement.currency
    value = "" if line.amount is not None or line.value is None else _figure(line.value, line.unit, currency, language)
    how = render(line.formula, language)
    return {
        "number": str(line.line),
        "label": render(line.label, language),
        "rule": line.rule,
        "how": how,
        # A formula that ends in its own result needs no second one.
        "value": "" if how.endswith((f": {value}", f"：{value}")) else value,
        "unmet": "" if line.unmet is None else render(line.unmet, language),
        "row": "" if line.matched is None else render(line.matched, language),
        "amount": "" if line.amount is None else _money(line.amount, currency, language),
    }


def _sums(paid: Paid, language: str) -> list[list[str]]:
    currency = paid.statement.currency
    total = [render(msg("Total"), language), _money(paid.statement.amount, currency, language)]
    if not paid.adjustments:
        return [total]
    added = sum((one.amount for one in paid.adjustments), Decimal(0))
    return [
        total,
        [render(msg("Adjustments"), language), _money(added, currency, language)],
        [render(msg("To be paid"), language), _money(paid.payable, currency, language)],
    ]


def _adjustment(one: Adjusting, currency: str, language: str) -> list[str]:
    name = render(msg("Run {run}, {period}", run=one.of_run, period=one.period), language)
    return [name, *(_money(value, currency, language) for value in (one.due, one.paid, one.amount))]


def _figure(value: Decimal | str, unit: Kind, currency: str, language: str) -> str:
    if isinstance(value, str):
        return value
    return _money(value, currency, language) if unit is Kind.MONEY else f"{round(value, 10).normalize():f}"


def _money(value: Decimal | None, currency: str, language: str) -> str:
    shown = Quantity(None if value is None else float(value), "currency", currency)
    return render(msg("{value}", value=shown), language).replace(" ", "\u00a0")
