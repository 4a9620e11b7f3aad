"""One cell of numbers as its metric measures it, or why it cannot be taken.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from kpiflow.core.metric import Measure
from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.formats import Shows, literal, shows
from kpiflow.sources.workbooks.known import CalledMetric
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.sheet import Cell, Fault
from kpiflow.sources.workbooks.stated import applies
from kpiflow.sources.workbooks.writing import MONEY, Amount, Notation, amount, is_blank, notations, scale_of

#: The measures that are a share, which a percentage can be turned into.
SHARED: frozenset[Measure] = frozenset(
    {Measure.PERCENT, Measure.PERMILLE, Measure.PER_10K, Measure.PER_100K, Measure.PPM, Measure.RATIO}
)

#: How many minutes each measure of time has.
_MINUTES = {Measure.MINUTES: 1, Measure.HOURS: 60, Measure.DAYS: 1440}


@dataclass(frozen=True)
class Wrong:
    """Why a cell is not taken: the name of the rule it breaks, and what is said of it."""

    rule: str
    said: Message


@dataclass(frozen=True)
class Way:
    """How the plain numbers of a column are meant.

    `scale` multiplies them, `row` is what the row says they are in, `heading` what the heading says, and `lines` what the
    lines above the table say of all of it; `alone`: the table is about one metric. `money_scale` is what the mapping says.
    `sure`: a person said the notation, so that it is not what the cells beside are written in.
    """

    notation: Notation = Notation.AUTO
    scale: Decimal | None = None
    money_scale: Decimal | None = None
    row: Amount | None = None
    heading: Amount | None = None
    lines: Amount | None = None
    alone: bool = False
    sure: bool = False


def read(cell: Cell, way: Way) -> Amount | Wrong | None:
    """Return the number of a cell, None for an empty one, or why it is no number."""
    value = cell.value
    if isinstance(value, Decimal):
        return _formatted(value, cell.format) if cell.format else Amount(value)
    if value is None:
        return _never_worked_out(cell) if cell.formula is not None else None
    if isinstance(value, Fault):
        return Wrong("error_cell", msg("The cell shows {code} instead of a number.", code=value.code))
    if isinstance(value, str):
        return _written(value, way)
    if isinstance(value, datetime.timedelta):
        return Amount(Decimal(str(value.total_seconds())) / 60, measure=Measure.MINUTES, clock=True)
    if isinstance(value, bool):
        shown = "TRUE" if value else "FALSE"
        return Wrong("value_not_a_number", msg("'{cell}' is yes or no, and not a number.", cell=shown))
    return Wrong("value_not_a_number", msg("'{cell}' is a day, and not a number.", cell=str(value)))


def _never_worked_out(cell: Cell) -> Wrong:
    return Wrong(
        "formula_without_value",
        msg(
            "The formula {formula} has no stored value. Open the file in a spreadsheet and save it, then try again.",
            formula="=" + (cell.formula or "").lstrip("=")[:80],
        ),
    )


def _written(value: str, way: Way) -> Amount | Wrong | None:
    """Return the number a text says."""
    text = plain(value)
    if is_blank(text):
        return None
    if way.notation is Notation.AUTO and len(notations(text)) == 2:
        return Wrong(
            "ambiguous_number",
            msg(
                "'{cell}' can be read in two ways. Say whether the point or the comma comes before decimals.", cell=text
            ),
        )
    found = amount(text, way.notation)
    if found is None:
        return Wrong("value_not_a_number", msg("'{cell}' is not a number that can be read exactly.", cell=text[:80]))
    return found


def in_thousandths(cell: Cell, found: Amount, metric: CalledMetric | None, way: Way) -> Wrong | None:
    """Return why a text such as 1,234 is not taken for a little more than 1 where things or money are counted.

    Other cells beside it may come before decimals with a comma; of this one it would make a thousandth.
    """
    if way.sure or metric is None or metric.measure not in (Measure.COUNT, Measure.CURRENCY):
        return None
    if not isinstance(cell.value, str) or len(notations(plain(cell.value))) < 2 or found.value * 100 % 1 == 0:
        return None
    said = msg(
        "'{cell}' would be {number}, since other cells here are written so. Write it without a sign for thousands.",
        cell=plain(cell.value),
        number=found.value,
    )
    return Wrong("ambiguous_number", said)


def _formatted(value: Decimal, written: str) -> Amount:
    """Return a number with what its number format shows beside it."""
    if shows(written) is Shows.PERCENT:
        return Amount(value * 100, share=100)
    money = _money(written)
    words = literal(written).strip()
    # `0!.0,"万"` and `0,"k"` show a number smaller than it is; what is stored is whole already.
    beside = scale_of(words) if words and "!" not in written and not re.search(r"[0#?],+(?![0#?])", written) else None
    if beside is None or beside[1]:
        return Amount(value, currencies=money)
    one = beside[0]
    return Amount(value * one.value, one.share, one.times, one.currencies or money, one.measure)


def _money(written: str) -> frozenset[str]:
    """Return the currencies a number format can mean."""
    match = re.search(r"\[\$([^\]-]+)", written)
    sign = (
        match[1]
        if match
        else next((sign for sign in ("¥", "€", "£", "￥", "$") if sign in re.sub(r"\[[^\]]*\]", "", written)), "")
    )
    return MONEY.get(plain(sign).casefold(), frozenset())


def measured(found: Amount, metric: CalledMetric, way: Way) -> Decimal | Wrong:
    """Return a number in the measure of its metric; what it says of itself counts before what its row or column says."""
    measure = metric.measure
    money = next((one.currencies for one in (found, way.row, way.heading, way.lines) if one and one.currencies), None)
    if metric.currency and money and metric.currency not in money:
        return Wrong(
            "other_currency",
            msg("The cell is in {found}; {metric} is measured in {wanted}.", found=" / ".join(sorted(money)),
                metric=metric.id, wanted=metric.currency),
        )  # fmt: skip
    share = found.share or (way.row.share if way.row else None)
    if measure not in SHARED and (share is not None or _under_percent(found, way)):
        return Wrong(
            "percent_not_expected",
            msg("The cell is a percentage; {metric} is not measured as one.", metric=metric.id),
        )
    if found.clock and measure not in _MINUTES:
        return Wrong("time_not_expected", msg("The cell is a time; {metric} is not measured as one.", metric=metric.id))
    if share is not None:
        return found.value / share * measure.scale
    said = (found.measure, *(one.measure for one in (way.row, way.heading, way.lines) if one))
    lasting = next((one for one in said if one in _MINUTES), None)
    if lasting is not None and measure in _MINUTES:
        return found.value * _MINUTES[lasting] / _MINUTES[measure]
    if found.times is not None:
        return found.value
    if measure is Measure.COUNT and _of_some_counts(way):
        return Wrong(
            "scale_not_said",
            msg(
                "The lines above the table give a multiple of a count, and not for which columns."
                " Write it into the headings."
            ),
        )
    return _as_said(found, measure, way)


def _under_percent(found: Amount, way: Way) -> bool:
    """Return whether nothing but a heading such as `%` says what a number is: of 80 under it, no count is known."""
    return way.heading is not None and way.heading.share is not None and found.times is None


def _of_some_counts(way: Way) -> bool:
    """Return whether a multiple such as 万人次 stands above a table of several metrics, and nothing nearer says more."""
    if way.alone or way.scale is not None or way.row is not None or way.heading is not None or way.lines is None:
        return False
    return way.lines.measure is Measure.COUNT and way.lines.times is not None


def _as_said(found: Amount, measure: Measure, way: Way) -> Decimal:
    """Return a plain number as its row, its column or the lines above the table say it is meant."""
    if way.row is not None and (way.row.times is not None or way.row.currencies):
        return found.value * (way.row.times or 1)
    if way.scale is not None and (way.scale >= 1 or measure in SHARED):
        return found.value * way.scale * (measure.scale if measure in SHARED else 1)
    if way.lines is not None and applies(way.lines, measure, alone=way.alone):
        return found.value * (way.lines.times or 1)
    return found.value * way.money_scale if way.money_scale is not None and measure is Measure.CURRENCY else found.value


def counted(found: Amount, way: Way) -> Decimal | Wrong:
    """Return a numerator or denominator: a plain count."""
    if found.share is not None:
        return Wrong("percent_not_expected", msg("A numerator or denominator is counted; a percentage is neither."))
    if found.times is None and way.row is not None and way.row.times is not None:
        return found.value * way.row.times
    return found.value * way.scale if found.times is None and way.scale is not None and way.scale >= 1 else found.value


def share_or_percent(value: Decimal) -> Wrong:
    """Return why a plain 0.95 is set aside where it may be a share as well as a percentage."""
    shown = format(value.normalize(), "f")
    return Wrong("share_or_percent", msg("Say whether {cell} is a share or a percentage.", cell=shown))


def needs_counts(metric: CalledMetric) -> Wrong:
    """Return why a rate alone is set aside."""
    return Wrong(
        "ratio_needs_both_parts",
        msg(
            "{metric} is a ratio and adds up by counts: give numerator and denominator, or a column with the denominator"
            " beside the rate.",
            metric=metric.id,
        ),
    )
