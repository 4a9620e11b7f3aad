"""The splits a person from HR can read in cases.yaml."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from kpiflow.cascade.splitting import BY_NAME
from kpiflow.cascade.splitting.split import split, why
from kpiflow.language import LOCALES, render
from tests.cascade.making import METRICS

CASES = YAML(typ="safe").load(Path(__file__).with_name("cases.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_split(case):
    children = pl.DataFrame(
        [{"child": child} | facts for child, facts in case["given"].items()], infer_schema_length=None
    )
    done = split(
        children, case["parent"], METRICS[case["metric"]], BY_NAME[case["method"]], buffer=case.get("buffer", 0)
    )
    assert dict(done.lines.select("child", "target").iter_rows()) == case["expect"]
    if "assigned" in case:
        assert done.assigned == Decimal(str(case["assigned"]))
        assert done.unassigned == Decimal(str(case.get("unassigned", 0)))
        assert done.over == Decimal(str(case.get("over", 0)))
    if "mean" in case:
        assert done.weighted_mean is not None
        assert done.difference is not None
        assert abs(done.weighted_mean - Decimal(str(case["mean"]))) <= done.step / 2
        assert abs(done.difference - Decimal(str(case.get("difference", 0)))) <= done.step
    for locale in LOCALES:
        for message in (*done.messages, *(why(done, child) for child in case["given"])):
            words = render(message, locale)
            assert words
            assert "{" not in words
