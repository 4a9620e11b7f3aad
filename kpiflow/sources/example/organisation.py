"""The organisation of the example company: units from the flights, invented people, and who is where since when.

Floor 4: knows core and frames, and which stations flew. Reads no clock and no store.
"""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from kpiflow.sources.example.names import invented_name
from kpiflow.sources.example.roster import AIRPORTS, duty_managers
from kpiflow.sources.flights import flights_by_day, read_airlines

#: The airlines in 中文; their English names are those of the data, without "Inc." and the like.
AIRLINES_ZH: dict[str, str] = {
    "9E": "奋进航空",
    "AA": "美国航空",
    "AS": "阿拉斯加航空",
    "B6": "捷蓝航空",
    "DL": "达美航空",
    "EV": "快捷航空",
    "F9": "边疆航空",
    "FL": "穿越航空",
    "HA": "夏威夷航空",
    "MQ": "使者航空",
    "OO": "天西航空",
    "UA": "美国联合航空",
    "US": "全美航空",
    "VX": "维珍美国航空",
    "WN": "西南航空",
    "YV": "梅萨航空",
}

#: The people of the enterprise itself, as (person, role, salary a month, bonus share, hired).
STAFF: tuple[tuple[str, str, int, str, date], ...] = (
    ("p0001", "executive", 26000, "0.30", date(2006, 3, 1)),
    ("p0005", "hr", 9800, "0.08", date(2008, 9, 15)),
    ("p0006", "auditor", 9500, "0.00", date(2010, 1, 11)),
    ("p0007", "administrator", 8200, "0.08", date(2011, 6, 1)),
    ("p0011", "inspector", 5600, "0.06", date(2009, 4, 20)),
    ("p0012", "inspector", 5600, "0.06", date(2011, 2, 7)),
    ("p0013", "inspector", 5400, "0.06", date(2012, 8, 27)),
)

#: The heads of the three airports, in their order.
HEADS: tuple[tuple[str, int, date], ...] = (
    ("p0002", 15800, date(2007, 5, 14)),
    ("p0003", 15500, date(2005, 10, 3)),
    ("p0004", 14900, date(2010, 11, 8)),
)

#: Stations whose manager did not serve the whole year: since when, and the inspector's duty before (None: newly hired).
LATE_START: dict[str, tuple[date, str | None]] = {
    "EWR-VX": (date(2013, 3, 15), None),
    "LGA-F9": (date(2013, 7, 1), "inspector"),
}

#: The two smallest stations share a manager's time half and half with other work.
HALF_TIME = ("EWR-OO", "LGA-OO")

_START = date(2013, 1, 1)


def stations() -> pl.DataFrame:
    """Return every station that flew in 2013: unit, airport, carrier, airline, airline_zh, flights, and its manager."""
    suffix = r" (Inc\.|Co\.|Corporation)$"
    return (
        flights_by_day()
        .group_by("unit")
        .agg(pl.col("scheduled").sum().alias("flights"))
        .sort("unit")
        .with_columns(airport=pl.col("unit").str.head(3), carrier=pl.col("unit").str.slice(4))
        .join(read_airlines(), on="carrier", maintain_order="left")
        .with_columns(
            airline=pl.col("name").str.replace(suffix, ""),
            airline_zh=pl.col("carrier").replace_strict(AIRLINES_ZH),
            manager=pl.format("p{}", (pl.int_range(pl.len()) + 201).cast(pl.String).str.zfill(4)),
        )
        .drop("name")
    )


def units() -> pl.DataFrame:
    """Return the tree of units: the enterprise, three airports, 35 stations."""
    rows: list[tuple[str, str, str, str | None, str]] = [
        ("NYC", "NYC airport operations", "纽约机场运行", None, "enterprise")
    ]
    rows += [(port.code, port.label, port.label_zh, "NYC", "department") for port in AIRPORTS]
    rows += [
        (
            row["unit"],
            f"{row['airport']} · {row['airline']}",
            f"{row['airport']} · {row['airline_zh']}",
            row["airport"],
            "station",
        )
        for row in stations().iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=["unit", "label", "label_zh", "parent", "kind"], orient="row")


def people() -> pl.DataFrame:
    """Return the invented people with invented salaries, sorted by id."""
    rows = [(person, salary, share, hired) for person, _, salary, share, hired in STAFF]
    rows += [(person, salary, "0.20", hired) for person, salary, hired in HEADS]
    rows += [
        (person, {"1": 6900, "2": 6600, "3": 7100}[person[-1]], "0.10", date(2008 + n % 4, 1 + n, 1 + 3 * n))
        for n, person in enumerate(duty_managers()["person"])
    ]
    rows += [
        (row["manager"], _salary(row["flights"]), "0.12", _hired(row["unit"], n))
        for n, row in enumerate(stations().iter_rows(named=True))
    ]
    named = [
        (person, *invented_name(number), hired, None, Decimal(salary).quantize(Decimal("0.01")), float(share))
        for number, (person, salary, share, hired) in enumerate(sorted(rows))
    ]
    return pl.DataFrame(
        named,
        schema={
            "person": pl.String,
            "label": pl.String,
            "label_zh": pl.String,
            "hired": pl.Date,
            "left": pl.Date,
            "salary_month": pl.Decimal(18, 2),
            "bonus_share": pl.Float64,
        },
        orient="row",
    )


def assignments() -> pl.DataFrame:
    """Return who is where, in which role and under whom, since when; sorted by person and start."""
    head = {port.code: person for port, (person, _, _) in zip(AIRPORTS, HEADS, strict=True)}
    rows: list[tuple[str, str, str | None, str, float, date, date | None]] = [
        (person, "NYC", None if role == "executive" else "p0001", role, 1.0, _START, None) for person, role, *_ in STAFF
    ]
    rows += [(person, airport, "p0001", "department_head", 1.0, _START, None) for airport, person in head.items()]
    rows += [
        (person, airport, head[airport], "duty_manager", 1.0, _START, None)
        for airport, _, person in duty_managers().iter_rows()
    ]
    for row in stations().iter_rows(named=True):
        unit, person, boss = row["unit"], row["manager"], head[row["airport"]]
        starts, before = LATE_START.get(unit, (_START, None))
        if before is not None:
            rows.append((person, "NYC", "p0001", before, 1.0, _START, starts - timedelta(days=1)))
        rows.append((person, unit, boss, "station_manager", 0.5 if unit in HALF_TIME else 1.0, starts, None))
    columns = ["person", "unit", "manager", "role", "fte", "starts", "ends"]
    return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None).sort("person", "starts")


def _salary(flights: int) -> int:
    """Return the invented monthly salary of a station manager: larger stations pay more."""
    steps = ((1000, 6200), (5000, 7000), (15000, 7800))
    return next((salary for below, salary in steps if flights < below), 8800)


def _hired(unit: str, number: int) -> date:
    """Return the invented day a station manager was hired."""
    starts, before = LATE_START.get(unit, (None, None))
    if starts is not None and before is None:
        return starts
    return date(2004 + number % 8, 1 + number % 12, 1 + number * 7 % 28)
