"""The targets that follow from the airlines' published rates and from the volume of flights.

Floor 4: knows the counts of the real flights. Reads no clock and no store.
"""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from kpiflow.sources.flights import flights_by_day

#: Share of flights on time in the whole country in 2013, by airline (US Department of Transportation, Air Travel
#: Consumer Report). All sixteen airlines of the data are in the table; MQ is American Eagle, EV ExpressJet.
NATIONAL_ONTIME: dict[str, str] = {
    "9E": "80.27",
    "AA": "77.62",
    "AS": "87.16",
    "B6": "74.44",
    "DL": "84.51",
    "EV": "72.75",
    "F9": "73.08",
    "FL": "79.45",
    "HA": "93.32",
    "MQ": "72.10",
    "OO": "79.66",
    "UA": "79.27",
    "US": "81.47",
    "VX": "82.07",
    "WN": "76.70",
    "YV": "77.39",
}

#: Chosen by us: how far the threshold lies below an on-time target and the stretch above it, in percentage points.
BELOW, ABOVE = Decimal(10), Decimal(4)

#: Chosen by us: the share of the schedule that is planned to be operated, the counterpart of 1.5 % cancellations.
PLANNED_SHARE = Decimal("0.985")

#: Chosen by us: valid complaints per thousand scheduled flights that still meet the target.
COMPLAINTS_PER_THOUSAND = Decimal("0.4")


def ontime_anchors() -> dict[str, dict[str, float]]:
    """Return threshold, target and stretch of the on-time rate for every unit and duty manager.

    A station's target is its airline's national rate. Airports, the enterprise and duty managers have the mean of
    their stations' targets, weighted by the flights of 2013 and rounded to two decimals, halves up.
    """
    flights = flights_by_day().with_columns(station=pl.col("unit"))
    owners = {
        "unit": flights.select(owner="unit", station="station", n="scheduled"),
        "airport": flights.select(owner=pl.col("unit").str.head(3), station="station", n="scheduled"),
        "enterprise": flights.select(owner=pl.lit("NYC"), station="station", n="scheduled"),
        "duty": flights.select(owner="person", station="station", n="scheduled"),
    }
    volumes = pl.concat(owners.values()).group_by("owner", "station").agg(pl.col("n").sum()).sort("owner", "station")
    found: dict[str, dict[str, float]] = {}
    for (owner,), rows in volumes.group_by("owner", maintain_order=True):
        weighted = sum(Decimal(NATIONAL_ONTIME[unit[4:]]) * n for unit, n in rows.select("station", "n").iter_rows())
        target = (weighted / rows["n"].sum()).quantize(Decimal("0.01"), ROUND_HALF_UP)
        found[str(owner)] = {
            "threshold": float(target - BELOW),
            "target": float(target),
            "stretch": float(target + ABOVE),
        }
    return found


def planned_flights() -> dict[str, int]:
    """Return the flights each unit plans to operate: whole flights per station, added up for airports and enterprise.

    The data hold no earlier year to plan from, so the plan is a stated share of the year's own schedule.
    """
    scheduled = flights_by_day().group_by("unit").agg(pl.col("scheduled").sum()).sort("unit")
    planned: dict[str, int] = {}
    for unit, flights in scheduled.iter_rows():
        whole = int((flights * PLANNED_SHARE).quantize(Decimal(1), ROUND_HALF_UP))
        for owner in (unit, unit[:3], "NYC"):
            planned[owner] = planned.get(owner, 0) + whole
    return planned


def complaint_targets() -> dict[str, int]:
    """Return the most valid complaints in the year that still meet the target, per station and per duty manager.

    Larger stations and busier shifts may have more: so many per thousand scheduled flights, but at least 1.
    """
    flights = flights_by_day().select("unit", "person", "scheduled").unpivot(index="scheduled", value_name="whose")
    scheduled = flights.group_by("whose").agg(pl.col("scheduled").sum()).sort("whose")
    return {
        whose: max(1, int((count * COMPLAINTS_PER_THOUSAND / 1000).quantize(Decimal(1), ROUND_HALF_UP)))
        for whose, count in scheduled.iter_rows()
    }


def volume_shares() -> dict[str, float]:
    """Return each airport's share of all flights and each station's share of its airport's, adding up to exactly 100.

    Hundredths are handed out by largest remainder.
    """
    flights = flights_by_day().group_by("unit").agg(pl.col("scheduled").sum()).sort("unit")
    by_station = dict(flights.iter_rows())
    airports: dict[str, int] = {}
    for unit, count in by_station.items():
        airports[unit[:3]] = airports.get(unit[:3], 0) + count
    shares = _hundred(airports)
    for airport in airports:
        shares |= _hundred({unit: count for unit, count in by_station.items() if unit.startswith(airport)})
    return shares


def _hundred(counts: dict[str, int]) -> dict[str, float]:
    """Return shares of 100 in hundredths that add up exactly, by largest remainder, ties in alphabetical order."""
    total = sum(counts.values())
    whole = {name: count * 10_000 // total for name, count in counts.items()}
    by_rest = sorted(counts, key=lambda name: (-(counts[name] * 10_000 % total), name))
    for name in by_rest[: 10_000 - sum(whole.values())]:
        whole[name] += 1
    return {name: share / 100 for name, share in whole.items()}
