"""Laws: any table laid out as people lay them out is read back as it was, and any number in any notation is itself."""

import datetime
import io
from calendar import monthrange
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.sources.workbooks import found, unfolded, workbook_of
from kpiflow.sources.workbooks.periods import FORMS, Length, Written, period
from kpiflow.sources.workbooks.spans import span
from kpiflow.sources.workbooks.writing import Notation, amount

NUMBERS = st.decimals(min_value=Decimal(-99999999), max_value=Decimal(99999999), places=2, allow_nan=False)
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "zh": [f"{month}月" for month in range(1, 13)],
    "iso": [f"2026-{month:02}" for month in range(1, 13)],
    "short": [f"{name}-26" for name in "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()],
    "day": [datetime.date(2026, month, 1) for month in range(1, 13)],
}


def grouped(value, notation):
    """A number as people write it: groups of three, and brackets for what is below zero in one of the notations."""
    text = f"{abs(value):,.2f}"
    if notation == "european":
        text = text.translate(str.maketrans(",.", ".,"))
    if notation == "french":
        text = text.replace(",", "\u202f").replace(".", ",")
    if notation == "wide":
        text = "".join(chr(ord(sign) + 0xFEE0) for sign in text)
    if value >= 0:
        return text
    return {"english": f"({text})", "european": f"{text}-", "french": f"−{text}", "wide": f"-{text}"}[notation]


@given(NUMBERS, st.sampled_from(["english", "european", "french", "wide"]))
@settings(max_examples=300, deadline=None)
def test_a_number_in_any_notation_is_itself(value, notation):
    way = Notation.EUROPEAN if notation in ("european", "french") else Notation.ENGLISH
    text = grouped(value, notation)
    assert amount(text, way).value == value
    assert amount(f" {text} %", way) == amount(f"{text}%", way)
    if not text.endswith("-"):
        assert amount(f"{text}万", way).value == value * 10_000
    read = amount(text)  # two digits after the sign leave no doubt
    assert read.value == value


@given(st.text(max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_number_or_none_and_never_an_accident(text):
    read = amount(text)
    assert read is None or read.value.is_finite()
    period(text)


@pytest.mark.parametrize(("form", "text"), [(form, text) for form in FORMS for text in form.examples])
def test_each_form_of_period_reads_its_examples(form, text):
    read = period(text)
    assert read.length is form.length
    assert read.year in (None, 2026)
    assert read.number in {Length.WEEK: {5}, Length.YEAR: {0}, Length.HALF: {1, 2}}.get(form.length, {1, 3, 8, 9}) or (
        read.number == 0 and text in ("1日", "31日", "上旬")
    ), "the month of a day alone stands elsewhere"


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)))
@settings(deadline=None)
def test_a_day_is_itself_in_every_order(day):
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%d %B %Y}",
        f"{day:%B %d, %Y}",
        f"{day:%Y%m%d}",
    ):
        assert period(text) == Written(Length.DAY, day.month, day.year, day.day)
    either = period(f"{day:%d.%m.%Y}")
    assert either in (None, Written(Length.DAY, day.month, day.year, day.day))
    assert (either is None) == (day.day <= 12 and day.day != day.month)


@given(st.integers(1, 12), st.integers(1, 12))
@settings(deadline=None)
def test_months_of_a_planning_year_are_the_months_of_its_cycle(starts, month):
    calendar = Calendar(cycles=(Cycle(cycle="FY26", starts=datetime.date(2025 if starts > 1 else 2026, starts, 1)),))
    first, last = span(Written(Length.MONTH, month, 2026, fiscal=True), calendar)
    cycle = calendar.periods["FY26"]
    assert cycle.starts <= first <= last <= cycle.ends
    assert (first.month, first.day) == (month, 1)
    quarter = calendar.periods["FY26-Q2"]
    assert span(Written(Length.QUARTER, 2, 2026, fiscal=True), calendar) == (quarter.starts, quarter.ends)


@st.composite
def tables(draw):
    """Tidy rows of two metrics and some units and months, and one of the ways people lay them out."""
    units = draw(st.lists(st.sampled_from(["EWR", "JFK", "LGA"]), min_size=1, unique=True))
    metrics = draw(st.lists(st.sampled_from(["flights", "revenue"]), min_size=1, unique=True))
    months = sorted(draw(st.sets(st.integers(1, 12), min_size=2, max_size=12)))
    facts = {
        (metric, unit, month): draw(st.none() | NUMBERS) for unit in units for metric in metrics for month in months
    }
    facts[metrics[0], units[0], months[0]] = draw(NUMBERS)
    return units, metrics, months, facts


LABELS = {"EWR": "Newark ", "JFK": "肯尼迪*", "LGA": "1. LaGuardia"}


@given(
    tables(), st.sampled_from(list(MONTHS)), st.sampled_from(["number", "english", "european"]), st.booleans(), st.booleans(),
    st.integers(0, 3),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_a_table_laid_out_by_months_is_read_back_exactly(known, table, heads, notation, merged, targets, above):
    units, metrics, months, facts = table
    book = openpyxl.Workbook()
    page = book.active
    page.append([f"{known.units[0].label} 2026"])
    for _ in range(above):
        page.append([])
    head, step = page.max_row + 1 + above, 2 if targets else 1
    for at, word in enumerate(["Station", "KPI"], 1):
        page.cell(head, at, word)
    for at, month in enumerate(months):
        cell = page.cell(head, 3 + at * step, MONTHS[heads][month - 1])
        cell.number_format = "mmm-yy" if heads == "day" else "General"
        for side, word in enumerate(["Plan", "Actual"] if targets else []):
            page.cell(head + 1, 3 + at * step + side, word)
        if targets:
            page.merge_cells(start_row=head, end_row=head, start_column=3 + at * 2, end_column=4 + at * 2)
    page.cell(head, 3 + len(months) * step, "Total")
    row, sums = head + (2 if targets else 1), Decimal(0)
    for unit in units:
        first = row
        for metric in metrics:
            page.cell(row, 1, LABELS[unit] if row == first or not merged else None)
            page.cell(row, 2, metric)
            for at, month in enumerate(months):
                value = facts[metric, unit, month]
                shown = "–" if value is None else value if notation == "number" else grouped(value, notation)
                page.cell(row, 2 + (at + 1) * step, shown)
                sums += value or 0
            page.cell(row, 3 + len(months) * step, sums)
            row += 1
        if merged and row - first > 1:
            page.merge_cells(start_row=first, end_row=row - 1, start_column=1, end_column=1)
    page.cell(row, 1, "Grand total")
    page.cell(row, 2 + step, sums)
    page.cell(row + 1, 1, "Note: figures are preliminary")
    out = io.BytesIO()
    book.save(out)
    sheet = workbook_of(out.getvalue(), "a.xlsx").shown[0]
    told = found(sheet, known)
    read = unfolded(sheet, told.mapping, known)
    there = {(row["metric"], row["unit"], row["day"]): row["value"] for row in read.facts.iter_rows(named=True)}
    wanted = {
        (metric, unit, datetime.date(2026, month, monthrange(2026, month)[1])): value
        for (metric, unit, month), value in facts.items()
        if value is not None
    }
    assert there == wanted, (told, read.rejected)
    assert not read.rejected.height
