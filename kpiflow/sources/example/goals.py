"""The goal tree of the example company: enterprise objectives → airports → stations → people, and the dated targets.

Floor 4: knows core and frames, and the counts of the real flights. Reads no clock and no store.
"""

from dataclasses import dataclass
from functools import cache

import polars as pl

from kpiflow.frames.goals import ANCHORS
from kpiflow.sources.example.anchors import complaint_targets, ontime_anchors, planned_flights, volume_shares
from kpiflow.sources.example.organisation import HEADS, people, stations, units
from kpiflow.sources.example.roster import AIRPORTS, duty_managers
from kpiflow.sources.example.sheets import DIMENSIONS, SHEETS, SYSTEM_PLAN, TOPICS

CYCLE = "2013"

#: The columns of `config/goals.csv`, in order; the other columns of a goal have their defaults.
GOAL_COLUMNS: tuple[str, ...] = (
    *("goal", "cycle", "parent", "owner", "scope", "kind", "label", "label_zh", "metric", "weight", "rollup_weight"),
    *ANCHORS,
    *("attainment", "curve", "phasing", "rollup", "missing", "commitment", "stage", "supports"),
)

Row = dict[str, object]

#: Topics that departments have no goal on, and the one that they help.
_HELPS: dict[str, str] = {"valid": "complaints", "handover": "departure"}


@dataclass(frozen=True)
class Holder:
    """Who answers for a sheet of goals: goal ids begin with `prefix`; `scope` is whose measurements count."""

    prefix: str
    owner: str
    scope: str
    label: str
    label_zh: str
    sheet: str


def goals() -> pl.DataFrame:
    """Return every goal in the columns of `GOAL_COLUMNS`; `owner` and `scope` are written unit:… or person:…."""
    rows = [*_enterprise(), *_airports(), *_stations(), *_managers(), *_heads(), *_duties()]
    numbers = {"weight", "rollup_weight", *ANCHORS}
    schema = {name: pl.Float64 if name in numbers else pl.String for name in GOAL_COLUMNS}
    return pl.DataFrame([{name: row.get(name) for name in GOAL_COLUMNS} for row in rows], schema=schema)


def targets() -> pl.DataFrame:
    """Return the targets written per period: how many steps of the service-quality system are due by its end."""
    ends = {f"{CYCLE}-{month:02d}": month for month in range(1, 13)}
    ends |= {f"{CYCLE}-Q{n}": 3 * n for n in range(1, 5)} | {f"{CYCLE}-H{n}": 6 * n for n in (1, 2)} | {CYCLE: 12}
    rows = [("nyc-system", period, float(SYSTEM_PLAN[month - 1])) for period, month in ends.items()]
    return pl.DataFrame(rows, schema=["goal", "period", "target"], orient="row").sort("period")


def _enterprise() -> list[Row]:
    """Return the two roots (the committed plan and the aspiration), the five dimensions, and what hangs below them."""
    nyc = Holder("nyc", "unit:NYC", "unit:NYC", "NYC", "纽约", "enterprise")
    rows = [_objective("nyc-service", None, "Service that passengers can rely on", "让旅客放心的服务", 100)]
    for dimension in DIMENSIONS:
        rows.append(_objective(dimension.goal, "nyc-service", dimension.label, dimension.label_zh, dimension.weight))
        for topic, weight in dimension.topics.items():
            share = {"weight": weight, "rollup_weight": 100 * weight / dimension.weight, "parent": dimension.goal}
            if topic == "inspection":
                label, label_zh = "Every airport passes its inspections", "每个机场都通过巡视"
                rows.append(_objective("nyc-inspection", None, label, label_zh, weight) | share | {"rollup": "worst"})
            else:
                rows.append(_goal(nyc, topic) | share)
    # The aspiration counts for nobody's appraisal or pay, so it carries no weight on the enterprise's sheet.
    dream = {"commitment": "aspirational"}
    rows.append(
        _objective("nyc-moonshot", None, "The most punctual airports of the coast", "沿海最准点的机场", 0) | dream
    )
    half = {"parent": "nyc-moonshot", "weight": 50} | dream
    return [*rows, *(_goal(nyc, topic) | half for topic in ("moonshot-d0", "moonshot-delay"))]


def _airports() -> list[Row]:
    """Return the goals of the three airport departments, each under the enterprise's goal on the same topic."""
    holders = [
        Holder(port.code.lower(), f"unit:{port.code}", f"unit:{port.code}", port.code, port.code, "department")
        for port in AIRPORTS
    ]
    return [_under(row, "nyc", holder.prefix.upper()) for holder in holders for row in _sheet(holder)]


def _stations() -> list[Row]:
    """Return the goals of the stations, each under its airport's goal on the same topic."""
    return [
        _under(row, airport.lower(), unit)
        for unit, airport, _ in _station_keys()
        for row in _sheet(Holder(unit.lower(), f"unit:{unit}", f"unit:{unit}", *_unit_labels()[unit], "station"))
    ]


def _managers() -> list[Row]:
    """Return the station managers' own goals: they answer for their station's flights, under the station's goal."""
    rows: list[Row] = []
    for unit, airport, manager in _station_keys():
        holder = Holder(manager, f"person:{manager}", f"unit:{unit}", *_person_labels()[manager], "station_manager")
        for row in _sheet(holder):
            topic = str(row["goal"]).removeprefix(f"{manager}-")
            under = topic in SHEETS["station"]
            above = {"parent": f"{unit.lower()}-{topic}", "rollup_weight": 100.0}
            rows.append(row | (above if under else {"supports": f"{airport.lower()}-complaints"}))
    return rows


def _heads() -> list[Row]:
    """Return the department heads' own goals. They mirror the airport's: linked as support, so nothing counts twice."""
    rows: list[Row] = []
    for port, (person, *_) in zip(AIRPORTS, HEADS, strict=True):
        holder = Holder(person, f"person:{person}", f"unit:{port.code}", *_person_labels()[person], "department_head")
        rows += [_supporting(row, person, port.code) for row in _sheet(holder)]
    return rows


def _duties() -> list[Row]:
    """Return the duty managers' own goals: the flights of their shift, which the stations' goals hold already."""
    rows: list[Row] = []
    for airport, _, person in duty_managers().iter_rows():
        scope = f"person:{person}"
        holder = Holder(person, scope, scope, *_person_labels()[person], "duty_manager")
        rows += [_supporting(row, person, airport) for row in _sheet(holder)]
    return rows


def _sheet(holder: Holder) -> list[Row]:
    """Return one holder's goals with their weights."""
    return [_goal(holder, topic) | {"weight": weight} for topic, weight in SHEETS[holder.sheet].items()]


def _under(row: Row, above: str, unit: str) -> Row:
    """Return the goal hung under the goal of `above` on the same topic, by its share of the flights."""
    topic = str(row["goal"]).removeprefix(f"{unit.lower()}-")
    return row | {"parent": f"{above}-{topic}", "rollup_weight": _shares()[unit]}


def _supporting(row: Row, person: str, airport: str) -> Row:
    """Return the goal linked to the airport's goal it helps, without being counted there."""
    topic = str(row["goal"]).removeprefix(f"{person}-")
    return row | {"supports": f"{airport.lower()}-{_HELPS.get(topic, topic)}"}


def _objective(goal: str, parent: str | None, label: str, label_zh: str, weight: float) -> Row:
    """Return an objective of the enterprise: its children say how it stands."""
    return _settled(
        {
            "goal": goal,
            "parent": parent,
            "owner": "unit:NYC",
            "scope": "unit:NYC",
            "kind": "objective",
            "label": label,
            "label_zh": label_zh,
            "weight": weight,
            "rollup": "children",
            "missing": "exclude",
        }
    )


def _goal(holder: Holder, topic: str) -> Row:
    """Return one holder's goal on one topic, with its anchors."""
    chosen = TOPICS[topic]
    return _settled(
        {
            "goal": f"{holder.prefix}-{topic}",
            "owner": holder.owner,
            "scope": holder.scope,
            "kind": chosen.kind,
            "label": f"{chosen.label} · {holder.label}",
            "label_zh": f"{chosen.label_zh} · {holder.label_zh}",
            "metric": chosen.metric,
            "attainment": chosen.attainment,
            "curve": chosen.curve,
            "phasing": chosen.phasing,
            "rollup": "own",
            "missing": chosen.missing,
        }
        | _anchors(holder, topic)
    )


def _settled(row: Row) -> Row:
    """Return the row with what all goals of the example share."""
    return {"cycle": CYCLE, "commitment": "committed", "stage": "active"} | row


def _anchors(holder: Holder, topic: str) -> Row:
    """Return the goal's anchors: by airline and volume where they differ, else the topic's own."""
    whose = holder.scope.split(":")[1]
    if topic == "ontime":
        return dict(_ontime()[whose])
    if topic == "flights":
        return {"target": float(_planned()[whose])}
    if topic == "valid":
        return {"target": float(_complaints()[whose])}
    return dict(TOPICS[topic].anchors)


@cache
def _ontime() -> dict[str, dict[str, float]]:
    return ontime_anchors()


@cache
def _planned() -> dict[str, int]:
    return planned_flights()


@cache
def _complaints() -> dict[str, int]:
    return complaint_targets()


@cache
def _shares() -> dict[str, float]:
    """Return the shares of `volume_shares`, worked out once."""
    return volume_shares()


@cache
def _station_keys() -> list[tuple[str, str, str]]:
    return list(stations().select("unit", "airport", "manager").iter_rows())


@cache
def _unit_labels() -> dict[str, tuple[str, str]]:
    return {
        unit: (label, label_zh) for unit, label, label_zh in units().select("unit", "label", "label_zh").iter_rows()
    }


@cache
def _person_labels() -> dict[str, tuple[str, str]]:
    return {
        who: (label, label_zh) for who, label, label_zh in people().select("person", "label", "label_zh").iter_rows()
    }
