"""Measurements as a list: every fact believed at a moment that may be read, in the order they came in."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.storage.facts_listed import PLACE, Place, facts_after
from kpiflow.storage.selection import Selection, Window
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.lists.organisation import units_below
from kpiflow.workspace.lists.part import FIRST, Listed, Part, after_keys

#: The first and the last day that a measurement can be of.
DAYS = (datetime.date(1, 1, 1), datetime.date(9999, 12, 31))


@dataclass(frozen=True)
class FactsWanted:
    """A filter on measurements; absent leaves that side free. `unit` includes the units below it; days count at both ends."""

    metric: str | None = None
    unit: str | None = None
    person: str | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None


ALL = FactsWanted()


def measurements(
    ws: Books, asker: Asker, as_of: datetime.date | None = None, wanted: FactsWanted = ALL, *, part: Part = FIRST
) -> Listed:
    """Return a part of the measurements believed at a moment: those of units, and of people within reach.

    metric, unit, person, day, entry, value or numerator and denominator, load, row, source, recorded_at. Raises NotFound
    for a metric or unit that there is not, Refused for a person outside reach.
    """
    ws.may(asker, "read_goals").require()
    company, reach = ws.company(as_of), ws.reach(asker)
    if wanted.metric is not None and wanted.metric not in company.metrics:
        raise not_found(msg("metric"), wanted.metric, company.metrics)
    if wanted.person is not None:
        reach.sees(wanted.person).require()
    units = None if wanted.unit is None else units_below(ws, wanted.unit, as_of).to_list()
    only = Selection(
        metrics=None if wanted.metric is None else [wanted.metric],
        units=units,
        people=None if wanted.person is None else [wanted.person],
    )
    days = Window("wanted", wanted.first or DAYS[0], wanted.last or DAYS[1])
    place = Place(*part.after) if part.after else None
    rows = facts_after(ws.store, days, only, place, part.most + 1, as_of=ws.believed(as_of), people=reach.people)
    found = after_keys(rows, part, list(PLACE))
    return Listed(_in_words(found.rows), found.after)


def _in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows in the words of intake: a value, or numerator and denominator."""
    ratio = pl.col("base").is_not_null()
    return rows.with_columns(
        value=pl.when(~ratio).then("amount"), numerator=pl.when(ratio).then("amount"), denominator="base"
    ).drop("amount", "base", "series")
