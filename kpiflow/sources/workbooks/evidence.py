"""How the numbers and days of each column are written, decided from all of its cells and said; asked when they cannot tell.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from kpiflow.core.metric import MetricKind
from kpiflow.language import msg
from kpiflow.sources.workbooks.asking import Choice, Question
from kpiflow.sources.workbooks.cells import SHARED
from kpiflow.sources.workbooks.formats import Shows, shows
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.known import CalledMetric, Known
from kpiflow.sources.workbooks.lines import Line
from kpiflow.sources.workbooks.mapping import NUMBER_ROLES, Mapping, Role
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.periods import order_of, orders, years_within
from kpiflow.sources.workbooks.placing import Placed, Placing
from kpiflow.sources.workbooks.sheet import Remark
from kpiflow.sources.workbooks.writing import DayOrder, Notation, notations


@dataclass
class Evidence:
    """What the cells say about themselves: the notation and day order of each column, and what is said and asked."""

    notation: dict[int, Notation] = field(default_factory=dict)
    dates: dict[int, DayOrder] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    shares_asked: set[int] = field(default_factory=set)
    days_above: dict[int, dict[int, int]] = field(default_factory=dict)


def evidence(grid: Grid, mapping: Mapping, placing: Placing, lines: list[Line], known: Known) -> Evidence:
    """Return how each column is written."""
    told = Evidence()
    _numbers(told, grid, mapping, placing, lines)
    for one in placing.of(Role.DAY):
        _days_above(told, grid, one, lines)
        _days(told, grid, mapping, one, lines=lines, years=_years(grid, placing, known))
    _day_headings(told, grid, placing)
    _shares(told, grid, mapping, placing, lines=lines, known=known)
    return told


def _numbers(told: Evidence, grid: Grid, mapping: Mapping, placing: Placing, lines: list[Line]) -> None:
    """Decide where decimals begin: by the column, else by the sheet; a text such as 1.234 alone says nothing."""
    columns = [one for one in placing.columns if one.spec.role in (*NUMBER_ROLES, Role.TARGET)]
    sure: dict[int, set[Notation]] = {}
    open_cells: list[tuple[int, int, str]] = []
    for one in columns:
        sure[one.column] = set()
        for line in lines:
            value = grid.sheet.at(line.row, one.column).value
            if isinstance(value, str) and (able := notations(plain(value))):
                if len(able) == 1:
                    sure[one.column] |= able
                else:
                    open_cells.append((line.row, one.column, plain(value)))
    whole: set[Notation] = set().union(*sure.values())
    for one in columns:
        fixed = one.spec.notation or (mapping.notation if mapping.notation is not Notation.AUTO else None)
        ways: set[Notation] = sure[one.column] or whole
        told.notation[one.column] = fixed or (next(iter(ways)) if len(ways) == 1 else Notation.AUTO)
    if whole == {Notation.EUROPEAN} and mapping.notation is Notation.AUTO:
        told.remarks.append(Remark(msg("Numbers in texts are written as {example}.", example=Notation.EUROPEAN.value)))
    left = [(row, column, text) for row, column, text in open_cells if told.notation[column] is Notation.AUTO]
    commas = bool(left) and Notation.EUROPEAN not in whole and not any("." in text for _, _, text in left)
    if commas:  # 1,234 is a thousand and more nearly everywhere; 1.234 is as often the one as the other
        told.notation.update(dict.fromkeys({column for _, column, _ in left}, Notation.ENGLISH))
    if left:
        cells = tuple(grid.sheet.address(row, column) for row, column, _ in left[:5])
        choices = tuple(Choice(way.value, way.value) for way in (Notation.ENGLISH, Notation.EUROPEAN))
        said = msg("'{cell}' can be read in two ways. How are numbers written here?", cell=left[0][2])
        told.questions.append(Question("notation", said, choices, cells=cells, needed=not commas))


def _days(told: Evidence, grid: Grid, mapping: Mapping, one: Placed, *, lines: list[Line], years: set[int]) -> None:
    """Decide what comes first in days such as 02/03/2026: what all cells of the column can be read as."""
    written = {line.row: plain(value) for line in lines
               if isinstance(value := grid.filled(line.row, one.column).value, str) and orders(value)}  # fmt: skip
    left = [(row, text) for row, text in written.items() if len(orders(text)) > 1]
    fixed = one.spec.dates or (mapping.dates if mapping.dates is not DayOrder.AUTO else None)
    order = fixed or order_of(written.values(), years)
    told.dates[one.column] = order or DayOrder.AUTO
    if not left or fixed is not None:
        return
    cells = tuple(grid.sheet.address(row, one.column) for row, _ in left[:5])
    if order is not None:
        sure = any(len(orders(text)) == 1 for text in written.values())
        said = (
            msg("Days such as {cell} are read as {order}: other days of the column can only be read so.",
                cell=left[0][1], order=order.value)
            if sure
            else msg("Days such as {cell} are read as {order}: so the years fit.", cell=left[0][1], order=order.value)
        )  # fmt: skip
        told.remarks.append(Remark(said, cells))
        return
    able = frozenset[DayOrder]().union(*(orders(text) for _, text in left))
    choices = tuple(Choice(way.value, way.value) for way in DayOrder if way in able)
    said = msg("What comes first in '{cell}': the day, the month or the year?", cell=left[0][1])
    told.questions.append(Question("dates", said, choices, cells=cells))


def _day_headings(told: Evidence, grid: Grid, placing: Placing) -> None:
    """Ask what comes first in days above the numbers, such as 01/02/2026, where none of them tells."""
    texts = {
        one.column: one.heading.words[-1] for one in placing.columns if one.heading.period and one.heading.period.either
    }
    if not texts:
        return
    cells = tuple(grid.sheet.address(placing.rows[-1], column) for column in list(texts)[:5])
    able = frozenset[DayOrder]().union(*(orders(text) for text in texts.values()))
    choices = tuple(Choice(way.value, way.value) for way in DayOrder if way in able)
    said = msg("What comes first in '{cell}': the day, the month or the year?", cell=next(iter(texts.values())))
    told.questions.append(Question("dates", said, choices, cells=cells))


def _days_above(told: Evidence, grid: Grid, one: Placed, lines: list[Line]) -> None:
    """Take the day of rows below each other from the first of them, where each day is written over its rows once."""
    above: dict[int, int] = {}
    stands, before, written = 0, None, 0
    for line in lines:
        value = grid.filled(line.row, one.column).value
        if value is None or (isinstance(value, str) and not plain(value)):
            if not stands:
                return
            above[line.row] = stands
        elif value == before:
            return  # each row says its day, and some have none
        else:
            stands, before, written = line.row, value, written + 1
    if above and len(above) >= written / 2:
        told.days_above[one.column] = above
        said = msg(
            "A day or period that stands over the first of its rows holds for those below it: {count}.",
            count=len(above),
        )
        told.remarks.append(Remark(said, tuple(grid.sheet.address(row, one.column) for row in list(above)[:5])))


def _years(grid: Grid, placing: Placing, known: Known) -> set[int]:
    """Return the years that the lines above the table, the sheet's name and the company's calendar speak of."""
    texts = [*grid.lines(placing.rows[0]), grid.sheet.called]
    planned = known.calendar.periods.values() if known.calendar else ()
    return {year for text in texts for year, _ in years_within(text)} | {period.starts.year for period in planned}


def _shares(
    told: Evidence, grid: Grid, mapping: Mapping, placing: Placing, *, lines: list[Line], known: Known
) -> None:  # fmt: skip
    """Ask whether 0.853 is a share when a metric is measured in percent and no number of it is above 1."""
    by_id = {metric.id: metric for metric in known.metrics}
    counted = bool(placing.of(Role.DENOMINATOR)) and not placing.of(Role.NUMERATOR)
    alike: dict[int, list[Placed]] = {}
    for one in placing.of(Role.VALUE):
        alike.setdefault(id(one.spec), []).append(one)
    for columns in alike.values():
        one = columns[0]
        named = one.spec.metric or one.heading.metric or mapping.metric
        metrics = {named} if named else {_metric_of(line, known) for line in lines[:2000]}
        found = {by_id[name] for name in metrics if name in by_id}
        if not found or one.spec.scale is not None or not all(_in_percent(metric, counted=counted) for metric in found):
            continue
        cells = [grid.sheet.at(line.row, two.column) for two in columns for line in lines]
        values = [
            cell.value for cell in cells if isinstance(cell.value, Decimal) and shows(cell.format) is not Shows.PERCENT
        ]
        if values and all(0 <= value <= 1 for value in values) and any(value not in (0, 1) for value in values):
            addresses = tuple(grid.sheet.address(line.row, one.column) for line in lines[:3])
            shown = format(next(value for value in values if value not in (0, 1)), "f")
            choices = (Choice("1", msg("A share: {cell} is {cell} of the whole", cell=shown)),
                       Choice("0.01", msg("Percent: {cell} is {cell} %", cell=shown)))  # fmt: skip
            said = msg("The metric is measured in percent, and no number is above 1. What is {cell}?", cell=shown)
            told.questions.append(Question("scale", said, choices, cells=addresses))
            told.shares_asked |= {two.column for two in columns}
            return


def _in_percent(metric: CalledMetric, *, counted: bool) -> bool:
    """Return whether a number of a metric may be a percentage; of a ratio only where its denominator stands beside it."""
    return metric.measure in SHARED and metric.measure.scale > 1 and (counted or metric.kind is not MetricKind.RATIO)


def _metric_of(line: Line, known: Known) -> str | None:
    word = line.words.get(Role.METRIC)
    if word is None:
        return known.metrics[0].id if len(known.metrics) == 1 else None
    return next((metric.id for metric in known.metrics if word[0] in metric.words), None)
