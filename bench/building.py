"""The synthetic company in a real store file: definitions saved, and measurements appended in order of day."""

import datetime
from pathlib import Path

from bench.company import Size, company
from bench.policy import METRICS, STARTS
from kpiflow.definitions.documents import to_documents
from kpiflow.storage import Source, Store, append, save_definitions

#: When everything was recorded: after the year, so that nothing of it is unknown.
AT = datetime.datetime(STARTS.year + 1, 1, 1, tzinfo=datetime.UTC)


def build(path: Path, of: Size) -> None:
    """Make a store at a path with a company of this size."""
    made = company(of)
    documents, tables = to_documents(made)
    with Store.create(path) as store:
        save_definitions(store, documents, tables, who="bench", at=AT, reason="made up")
        append(store, _series(of), _facts(of), Source("bench", "bench", of.measurements), who="bench", at=AT)


def _series(of: Size) -> str:
    """Return the SQL that numbers metric, unit and person: the metrics of a person follow each other."""
    names = ", ".join(f"'{one.metric}'" for one in METRICS)
    kind, teams = of.units[-1]
    return f"""SELECT series::INTEGER AS series, [{names}][series % {len(METRICS)} + 1] AS metric,
        '{kind[:3].upper()}' || lpad((series // {len(METRICS)} * {teams} // {of.people})::VARCHAR, 5, '0') AS unit,
        'p' || lpad((series // {len(METRICS)})::VARCHAR, 6, '0') AS person
        FROM range({of.series}) AS t(series)"""


def _facts(of: Size) -> str:
    """Return the SQL of the measurements, day by day; within a day the series come in no order, as in life.

    The multiplier is a prime larger than any number of series, so each series is measured equally often.
    """
    ratios = [number for number, one in enumerate(METRICS) if one.is_ratio]
    is_ratio = f"series % {len(METRICS)} IN ({', '.join(map(str, ratios))})"
    return f"""SELECT series, DATE '{STARTS}' + (i * 365 // {of.measurements})::INTEGER AS day,
            CASE WHEN {is_ratio} THEN (i * 31 + i // 977) % 50 ELSE (i * 7919 + i // 631) % 10 END::DECIMAL(18, 6) AS amount,
            CASE WHEN {is_ratio} THEN 60 END::DECIMAL(18, 6) AS base, '' AS entry, i::INTEGER AS "row"
        FROM (SELECT i, ((i * 2654435761) % {of.series})::INTEGER AS series FROM range({of.measurements}) AS t(i))"""
