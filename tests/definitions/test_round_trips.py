"""What is written out reads back as the same company: to documents, to files, and to nothing changed."""

import dataclasses
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpiflow.core.company import Profile
from kpiflow.core.metric import Metric
from kpiflow.core.phasing import Phasing
from kpiflow.core.status import StatusRule
from kpiflow.definitions.columns import in_order
from kpiflow.definitions.company import Company
from kpiflow.definitions.difference import difference
from kpiflow.definitions.documents import from_documents, to_documents
from kpiflow.definitions.exporting import export_company
from kpiflow.definitions.reading import read_company
from kpiflow.definitions.starter import write_starter
from kpiflow.errors import InvalidInput, Level, StoreError


def starter() -> Company:
    """Return the starter company."""
    with tempfile.TemporaryDirectory() as folder:
        write_starter(Path(folder) / "new")
        return read_company(Path(folder) / "new").required()


STARTER = starter()

#: Words as people write them: any script, quotes, commas, colons, hashes; no blanks at the ends, nothing unprintable.
words = (
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Co")), min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
numbers = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).map(lambda number: round(number, 6) + 0.0)
decimals = st.decimals(min_value="0.0000001", max_value=10**12, places=7)


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """Draw a company: the starter's with other labels, targets, weights, metrics, rules and phasings."""
    goals = STARTER.goals
    targets = pl.Series(
        draw(st.lists(st.none() | numbers, min_size=goals.height, max_size=goals.height)), dtype=pl.Float64
    )
    labels = pl.Series(draw(st.lists(words, min_size=goals.height, max_size=goals.height)))
    stretch = pl.Series(
        draw(st.lists(st.none() | numbers, min_size=goals.height, max_size=goals.height)), dtype=pl.Float64
    )
    metric = Metric(
        metric="extra",
        label=draw(words),
        definition=draw(words),
        measure="count",
        direction="higher",
        step=draw(st.none() | decimals),
    )
    index = draw(st.lists(decimals, min_size=12, max_size=12))
    edges = sorted(draw(st.lists(decimals, min_size=1, max_size=4, unique=True)), reverse=True)
    return dataclasses.replace(
        STARTER,
        profile=Profile(company=draw(words), label=draw(words), label_zh=draw(st.none() | words), enterprise="house"),
        metrics=STARTER.metrics | {"extra": metric},
        phasings=STARTER.phasings | {"summer": Phasing(phasing="summer", label=draw(words), index=index)},
        statuses=(*(StatusRule(status="on_pace", at_least=edge) for edge in edges), StatusRule(status="behind")),
        goals=in_order(
            "goals", goals.with_columns(target=targets, label=labels, label_zh=labels.reverse(), stretch=stretch)
        ),
    )


@given(companies())
@settings(max_examples=25, deadline=None)
def test_documents_lose_nothing(company: Company) -> None:
    assert from_documents(*to_documents(company)) == company


@given(companies())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_exported_reads_as_the_same_company_and_changes_nothing(company: Company) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export_company(company, Path(folder))
        reading = read_company(Path(folder), checked=False)
        assert [str(problem) for problem in reading.problems] == []
        assert reading.company == company
        assert difference(company, reading.required()).empty


def test_exporting_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second = export_company(STARTER, tmp_path / "a"), export_company(STARTER, tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_exporting_never_mixes_with_configuration_that_is_there(tmp_path: Path) -> None:
    write_starter(tmp_path / "new")
    with pytest.raises(InvalidInput, match="holds configuration already"):
        export_company(STARTER, tmp_path / "new")
    export_company(STARTER, tmp_path / "new", replace=True)
    assert not (tmp_path / "new" / "goals.yaml").exists()
    assert read_company(tmp_path / "new").required() == STARTER


def test_an_empty_store_says_how_to_fill_it() -> None:
    documents, tables = to_documents(STARTER)
    with pytest.raises(StoreError, match="kpiflow apply"):
        from_documents(documents.clear(), tables)


def test_the_starter_is_without_problems_and_has_what_it_promises(tmp_path: Path) -> None:
    files = write_starter(tmp_path / "new")
    reading = read_company(tmp_path / "new")
    assert reading.problems == ()
    company = reading.required()
    assert (company.units.height, company.people.height, len(company.metrics), len(company.plans)) == (5, 6, 2, 1)
    assert all(path.is_file() for path in files)
    with pytest.raises(InvalidInput, match="not empty"):
        write_starter(tmp_path / "new")


def test_a_plan_written_out_is_the_same_plan(tmp_path: Path) -> None:
    export_company(STARTER, tmp_path)
    assert read_company(tmp_path).required().plans == STARTER.plans
    assert not [problem for problem in read_company(tmp_path).problems if problem.level is Level.ERROR]


def test_a_field_that_was_empty_and_is_gone_from_the_program_stays_readable() -> None:
    """A store keeps what an earlier program wrote, empty fields included; one that said something is not dropped."""
    documents, tables = to_documents(STARTER)

    def with_field(value: str) -> pl.DataFrame:
        body = pl.col("body").str.replace("{", f'{{"of_an_earlier_program": {value}, ', literal=True)
        return documents.with_columns(body=pl.when(pl.col("kind") == "metric").then(body).otherwise(pl.col("body")))

    assert from_documents(with_field("null"), tables) == STARTER
    with pytest.raises(ValueError, match="of_an_earlier_program"):
        from_documents(with_field('"something"'), tables)
