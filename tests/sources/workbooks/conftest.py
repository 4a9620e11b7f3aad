"""The small company sheets are read for, and workbooks written as people write them."""

import openpyxl
import pytest

from kpiflow.core.metric import Measure, MetricKind
from kpiflow.sources.workbooks import Called, CalledMetric, Known, Mapping, found, read_workbook, unfolded


@pytest.fixture(scope="session")
def known():
    return Known(
        metrics=(
            CalledMetric(
                "ontime", "On-time arrival rate", "到港准点率", kind=MetricKind.RATIO, measure=Measure.PERCENT
            ),
            CalledMetric("flights", "Flights operated", "实际执行航班"),
            CalledMetric("revenue", "Revenue", "营业收入", measure=Measure.CURRENCY, currency="CNY"),
            CalledMetric("nps", "Satisfaction", "满意度", measure=Measure.PERCENT),
        ),
        units=(
            Called("NYC", "NYC airport operations", "纽约机场运行"),
            Called("EWR", "Newark", "纽瓦克", above="NYC"),
            Called("JFK", "Kennedy", "肯尼迪", ("Idlewild",), "NYC"),
            Called("LGA", "LaGuardia", "拉瓜迪亚", above="NYC"),
        ),
        people=(Called("p1", "Ada Skylark", "艾达", above="EWR"), Called("p2", "Bruno Kestrel", "布鲁诺", above="JFK")),
    )


@pytest.fixture
def sheet(tmp_path):
    """Write rows as a workbook with somebody else's library, and read its first shown sheet with ours."""

    def written(rows, *, merges=(), formats=None, title="Sheet1", hidden_rows=(), hidden_columns=()):
        book = openpyxl.Workbook()
        page = book.active
        page.title = title
        for row in rows:
            page.append(row)
        for area in merges:
            page.merge_cells(area)
        for cell, form in (formats or {}).items():
            page[cell].number_format = form
        for row in hidden_rows:
            page.row_dimensions[row].hidden = True
        for column in hidden_columns:
            page.column_dimensions[column].hidden = True
        path = tmp_path / "book.xlsx"
        book.save(path)
        return read_workbook(path).shown[0]

    return written


@pytest.fixture
def taken(known):
    """What comes out of a sheet by the mapping found for it: facts as plain tuples, and all that was said."""

    def read(page, **changes):
        told = found(page, known)
        assert told.mapping is not None, [str(one.said) for one in told.remarks]
        mapping = told.mapping.changed(**changes) if changes else told.mapping
        assert Mapping.model_validate_json(mapping.as_json()) == mapping
        out = unfolded(page, mapping, known)
        rows = {
            (metric, unit, person, day.isoformat()): value if value is not None else (top, bottom)
            for metric, unit, person, day, value, top, bottom in out.facts.select(
                "metric", "unit", "person", "day", "value", "numerator", "denominator"
            ).rows()
        }
        return rows, out, told

    return read
