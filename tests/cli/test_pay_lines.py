"""A statement at a terminal: what a line takes off is not said to be what is left, and what was not met is named."""

from decimal import Decimal

import pytest

from kpiflow.cli.options import Format
from kpiflow.cli.pay import _show
from tests.incentives.test_statements import plan_of, told

LATE = {"id": "late", "kind": "penalty", "incidents": "count:late", "each": 20}
LEVEL = {"id": "level", "kind": "table", "of": "score", "rows": [{"high": 60, "gives": 0}, {"low": 60, "gives": 1}]}


def test_what_a_line_adds_and_what_that_makes(capsys: pytest.CaptureFixture[str]) -> None:
    basis = {"id": "basis", "kind": "basis", "of": "salary_month"}
    plan = plan_of(basis, LATE, LEVEL, {"id": "paid", "kind": "product", "of": ["late", "level"]})
    plan_of_late = plan_of(basis, LATE)
    given = {"salary_month": Decimal("1200.00"), "count:late": 6}
    _show(told(plan_of_late, **given), Format.TABLE, "en")
    assert capsys.readouterr().out.splitlines() == [
        "  1  basis: CN¥1,200.00 × 1 × 1 = CN¥1,200.00",
        "  2  late: 6 × CN¥20.00; it adds -CN¥120.00, which makes CN¥1,080.00",
        "Total: CN¥1,080.00",
    ]
    _show(told(plan, **given, score=Decimal(59)), Format.TABLE, "en")
    assert "     needed 60 for 1, had 59" in capsys.readouterr().out.splitlines()
