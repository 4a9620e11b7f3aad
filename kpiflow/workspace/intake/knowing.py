"""What the company has, as files and sheets may call it: every metric, unit and person, and until which day."""

import datetime

import polars as pl

from kpiflow.core.metric import Aggregation, MetricKind
from kpiflow.definitions.company import Company
from kpiflow.sources.workbooks import Called, CalledMetric, Known

_A_YEAR = datetime.timedelta(days=366)


def known(company: Company) -> Known:
    """Return what names of a sheet are looked up in; metrics that are worked out from others are not measured."""
    latest = company.assignments.sort("starts").unique("person", keep="last").select("person", "unit")
    people = company.people.join(latest, on="person", how="left", maintain_order="left")
    return Known(
        metrics=tuple(
            CalledMetric(
                name,
                one.label,
                one.label_zh,
                kind=one.kind,
                measure=one.measure,
                currency=one.currency,
                sums=one.time_agg is Aggregation.SUM,
            )
            for name, one in company.metrics.items()
            if one.kind is not MetricKind.DERIVED
        ),
        units=tuple(Called(*row[:3], above=row[3]) for row in _rows(company.units, "unit", "parent")),
        people=tuple(Called(*row[:3], above=row[3]) for row in _rows(people, "person", "unit")),
        calendar=company.calendar,
        until=measured_until(company),
    )


def measured_until(company: Company) -> datetime.date:
    """Return the last day a measurement may be of: any that has come (UTC), and a year more than the calendar plans ahead.

    Whoever plans loads figures of days to come, also of a cycle that is not in the calendar yet; later is a slip of the keyboard.
    """
    planned = min(company.calendar.last_day, datetime.date.max - _A_YEAR) + _A_YEAR
    return max(planned, datetime.datetime.now(datetime.UTC).date())


def _rows(table: pl.DataFrame, identity: str, above: str) -> list[tuple[str, str, str | None, str | None]]:
    """Return id, label, label_zh and what lies above, of each row."""
    return table.select(identity, "label", "label_zh", above).rows()
