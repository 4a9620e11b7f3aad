"""Names put beside ids: the labels of owners and metrics joined to result rows."""

import polars as pl

from kpiflow.definitions.company import Company
from kpiflow.language import Name, Quantity


def with_owner_names(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Add owner_label and owner_label_zh, of units and people alike."""
    # A page has fifty rows and the company a hundred thousand people: only those that are named are joined.
    here = rows["owner"].unique()
    names = pl.concat(
        company_names.lazy()
        .filter(pl.col(kind).is_in(here.implode()))
        .select(owner=kind, owner_kind=pl.lit(kind), owner_label="label", owner_label_zh="label_zh")
        for kind, company_names in (("unit", company.units), ("person", company.people))
    ).collect()
    return rows.join(names, on=["owner", "owner_kind"], how="left", maintain_order="left").with_columns(
        pl.coalesce("owner_label", "owner")
    )


def with_metric_names(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Add the label, measure, currency, definition and example mark of each row's metric."""
    table = pl.DataFrame(
        [
            (
                m.metric,
                m.label,
                m.label_zh,
                m.measure.value,
                m.currency,
                m.example,
                m.definition,
                m.definition_zh,
                m.direction.value,
                m.accrues,
            )
            for m in company.metrics.values()
        ],
        orient="row",
        schema={
            "metric": pl.String,
            "metric_label": pl.String,
            "metric_label_zh": pl.String,
            "measure": pl.String,
            "currency": pl.String,
            "example": pl.Boolean,
            "definition": pl.String,
            "definition_zh": pl.String,
            "direction": pl.String,
            "accrues": pl.Boolean,
        },
    )
    return rows.join(table, on="metric", how="left", maintain_order="left")


def name_of(row: dict[str, object], column: str = "label") -> Name:
    """Return the name in a row's `column` and `column`_zh."""
    chinese = row.get(f"{column}_zh")
    return Name(str(row[column]), None if chinese is None else str(chinese))


def with_unit_names(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Add unit_label and unit_label_zh, what the column `unit` is called."""
    names = company.units.select("unit", unit_label="label", unit_label_zh="label_zh")
    return rows.join(names, on="unit", how="left", maintain_order="left")


def person_name(company: Company, person: str) -> Name:
    """Return what a person is called; whoever is no person of the company, by the name the journal has."""
    found = company.people.filter(pl.col("person") == person)
    return name_of(found.row(0, named=True)) if found.height else Name(person)


def compared_facts(row: dict[str, object]) -> dict[str, object]:
    """Return what a sentence about a miss says: the metric, its actual, the target by now, and how far apart they are."""
    actual, expected = row["actual"], row["expected"]
    apart = None if actual is None or expected is None else abs(float(actual) - float(expected))  # type: ignore[arg-type]
    return {
        "metric": name_of(row, "metric_label"),
        "actual": amount(row, "actual"),
        "target": amount(row, "expected"),
        "gap": amount(dict(row, apart=apart), "apart", difference=True),
    }


def amount(row: dict[str, object], column: str, *, difference: bool = False, signed: bool = False) -> Quantity:
    """Return a value of a row in its metric's measure."""
    value, currency = row.get(column), row.get("currency")
    return Quantity(
        None if value is None else float(value),  # type: ignore[arg-type]
        str(row.get("measure") or "points"),
        None if currency is None else str(currency),
        signed=signed,
        difference=difference,
    )
