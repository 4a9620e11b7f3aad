"""What was measured for a goal: what each load brought, and what it corrected, with its reason."""

from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.language import Message, msg
from kpiflow.storage.check_ins import check_ins_of
from kpiflow.storage.happened import loads_told
from kpiflow.storage.selection import Selection, Window
from kpiflow.workspace.results import metrics_measured
from kpiflow.workspace.timeline.event import Asked, Event, EventKind


def of_measurements(asked: Asked) -> list[Event]:
    """Return the loads behind a goal's actual; what came in as a check-in is told there."""
    row = asked.row
    if row["metric"] is None or row["rollup"] != Rollup.OWN.value:
        return []
    ws = asked.ws
    rules = ws.rules(asked.as_of)
    metrics = [metric.metric for metric in metrics_measured(rules.metrics.values(), [row["metric"]])]
    if row["scope_kind"] == OwnerKind.PERSON.value:
        only = Selection(metrics=metrics, people=[row["scope"]])
    else:
        tree = ws.unit_tree(asked.as_of)
        only = Selection(metrics=metrics, units=tree.filter(tree["ancestor"] == row["scope"])["unit"].to_list())
    cycle = rules.calendar.period(row["cycle"])
    loads = loads_told(ws.store, Window("cycle", cycle.starts, cycle.ends), only, asked.day)
    told = check_ins_of(ws.store, asked.goal, asked.day)["load"].drop_nulls().to_list()
    return [
        Event(
            line["recorded_at"],
            EventKind.MEASUREMENT,
            _said(line),
            line["who"],
            line["why"] if line["corrected"] else line["reason"],
        )
        for line in loads.iter_rows(named=True)
        if line["load"] not in told
    ]


def _said(line: dict[str, object]) -> Message:
    facts = {name: line[name] for name in ("rows", "source", "last_day", "load", "corrected")}
    if line["corrected"]:
        return msg("Load {load} ({source}) corrected {corrected} measurements and brought {rows} in all.", **facts)
    return msg("Load {load} ({source}) brought {rows} {rows:measurement|measurements}, up to {last_day}.", **facts)
