"""A scenario made part of the plan by the ways there are: goals as a change by who may, rules as files to apply; never silently."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.definitions.assembling import definitions_of
from kpiflow.definitions.company import TABLES, Company
from kpiflow.definitions.difference import difference
from kpiflow.definitions.exporting import as_yaml, export_company
from kpiflow.definitions.facts import FILES
from kpiflow.definitions.plain import plain
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.storage.documents import definitions_version
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.scenarios import add_applied
from kpiflow.workspace.answers import ChangePreview, Made
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.effects import eased_by, with_before
from kpiflow.workspace.handing_down.making import CHANGE, make_change
from kpiflow.workspace.handing_down.planning import hand, new_problems
from kpiflow.workspace.labels import with_metric_names, with_owner_names
from kpiflow.workspace.scenarios.answers import Scenario, Supposition, Writes
from kpiflow.workspace.scenarios.changing import changed
from kpiflow.workspace.scenarios.edits import Ends
from kpiflow.workspace.scenarios.evaluating import FIELDS
from kpiflow.workspace.scenarios.next_steps import handed_down, next_steps
from kpiflow.workspace.scenarios.shelf import MAKE, supposed_by, taken

#: The word in the journal of a scenario that became part of the plan.
APPLY = "apply_scenario"

#: So many reasons why not are told: they say the same of each owner.
REASONS = 3

#: The columns of the changes that applying would write.
CHANGES = (
    "goal", "label", "label_zh", "owner_kind", "owner", "owner_label", "owner_label_zh", "measure", "currency",
    "field", "before", "after", "eased", "may",
)  # fmt: skip


def preview_writes(ws: Books, asker: Asker, number: int) -> Writes:
    """Say what applying a scenario to today's plan would write, who may, and which files hold the rest; nothing is written.

    Raises NotFound, and Refused where an edit names the goal of somebody outside the asker's reach.
    """
    scenario, supposed_so = _whole(ws, asker, number)
    was, now = _both(ws, supposed_so)
    changes = _of_goals(was, now)
    shown = _as_change(ws, was, now, changes, supposed_so.period)
    named, reasons = _with_rights(ws, asker, shown.changes, was)
    seen = visible(named, ws.reach(asker))
    bare: dict[str, Any] = {name: was.table(name).clear() for name in TABLES}
    return Writes(
        scenario=scenario, changes=seen.select(CHANGES), hidden=named.height - seen.height,
        allowed=bool(named["may"].all()), reasons=reasons, obstacles=shown.obstacles,
        eased=named.filter("eased")["goal"].n_unique(), files=_files(was, now),
        differing=_differing(replace(was, **bare), replace(now, **bare)),
        ends=sum(isinstance(edit, Ends) for edit in supposed_so.edits), version=shown.version,
        proposable=handed_down(was, seen).height, next=next_steps(was, now, seen),
    )  # fmt: skip


def make_scenario_so(
    ws: Books, asker: Asker, shown: Writes, *, reason: str | None = None, who: str | None = None
) -> Made:
    """Write the changes of goals of a scenario as they were shown, as one change; the journal says which scenario it was.

    Whoever signed a letter about these goals is asked to sign the new one. Raises Refused where the person asking may not
    set one of the targets, and InvalidInput as any change of goals does, or where the scenario changes no goal.
    """
    ws.may(asker, MAKE).require()
    scenario, supposed_so = _whole(ws, asker, shown.scenario.number)
    if scenario.version != shown.scenario.version:
        raise InvalidInput(msg("This scenario has changed since it was shown. Look at it again before applying it."))
    was, now = _both(ws, supposed_so)
    change = _as_change(ws, was, now, _of_goals(was, now), supposed_so.period)
    if change.is_empty:
        raise InvalidInput(
            msg("This scenario changes no goal. What it changes of the rules is applied as files: see `kpiflow apply`.")
        )
    given = (reason or "").strip()
    if change.eased and not given:
        easier = change.changes.filter("eased")["goal"]
        raise InvalidInput(
            msg(
                "{count} targets become easier to reach, {first} first. Give a reason: it is kept beside the change.",
                count=easier.n_unique(), first=easier[0],
            )
        )  # fmt: skip
    named = f"scenario {scenario.number}, version {scenario.version}: {scenario.name}"
    at = datetime.datetime.now(datetime.UTC)
    with ws.store.write() as cursor:
        made = make_change(
            ws,
            asker,
            replace(change, version=shown.version),
            who=who,
            reason=f"{given} ({named})" if given else named,
            at=at,
        )
        if made.change is None:
            return made
        name = (who or "").strip() or asker.name if asker.machine else asker.name
        add_applied(cursor, (scenario.number, scenario.version), made.change, name, at)
        detail = {
            "scenario": scenario.number,
            "version": scenario.version,
            "name": scenario.name,
            "change": made.change,
        }
        record(cursor, Entry(at, name, APPLY, f"scenario {scenario.number}", given or None, detail))
    return made


def export_scenario(ws: Books, asker: Asker, number: int, folder: Path, *, replace_files: bool = False) -> list[Path]:
    """Write the whole company as a scenario has it into a folder, to be looked at and applied by `kpiflow apply`.

    Raises Refused for who may not apply a configuration.
    """
    ws.may(asker, "apply_config").require()
    return export_company(_both(ws, _whole(ws, asker, number)[1])[1], folder, replace=replace_files)


def _whole(ws: Books, asker: Asker, number: int) -> tuple[Scenario, Supposition]:
    """Return a scenario with all its edits; raises Refused where some of them may not be read."""
    scenario = taken(ws, asker, number)
    supposed_so = replace(supposed_by(ws, asker, number), as_of=None)
    return scenario, supposed_by(ws, asker, supposed_so)


def _both(ws: Books, supposed_so: Supposition) -> tuple[Company, Company]:
    """Return today's company, and the one that the scenario would make of it: a changed plan is its next version."""
    was = ws.company()
    now = changed(was, supposed_so.edits, ws.moment(supposed_so.period, None).period)
    plans = {
        name: plan.model_copy(update={"version": plan.version + 1})
        if name in was.plans and was.plans[name] != plan and was.plans[name].version == plan.version
        else plan
        for name, plan in now.plans.items()
    }
    return was, replace(now, plans=plans)


def _of_goals(was: Company, now: Company) -> pl.DataFrame:
    """Return goal, field, before and after of every value of a goal that differs."""
    differs = pl.any_horizontal(now.goals[field].ne_missing(was.goals[field]) for field in FIELDS)
    touched = now.goals.filter(now.goals.select(differs.alias("differs"))["differs"])
    values = touched.select("goal", pl.col(FIELDS).cast(pl.Float64)).unpivot(
        index="goal", variable_name="field", value_name="value"
    )
    compared = with_before(was.goals, values)
    return compared.filter(pl.col("before").ne_missing(pl.col("after"))).sort("goal", "field")


def _as_change(ws: Books, was: Company, now: Company, changes: pl.DataFrame, period: str) -> ChangePreview:
    """Return the changes of goals as the one change of the plan that making them is."""
    touched = was.goals.join(changes.select("goal"), on="goal", how="semi")
    after = now.goals.join(changes.select("goal"), on="goal", how="semi")
    eased = eased_by(was, after, touched)
    listed = changes.join(eased, on=["goal", "field"], how="left", maintain_order="left").with_columns(
        pl.col("eased").fill_null(value=False)
    )
    errors = new_problems(was, after)[0] if touched.height else ()
    nothing = pl.DataFrame()
    return ChangePreview(
        sentence=(), goal=changes["goal"][0] if changes.height else "", period=period, changes=listed, goals=nothing,
        owners=nothing, resplit=nothing, obstacles=errors, touched=touched.select("owner_kind", "owner").n_unique(),
        version=definitions_version(ws.store, None),
    )  # fmt: skip


def _with_rights(
    ws: Books, asker: Asker, changes: pl.DataFrame, was: Company
) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    """Return changes with the names of the goals and whether the person asking may make each, and the reasons why not."""
    facts = was.goals.select("goal", "label", "label_zh", pl.col("owner_kind").cast(pl.String), "owner", "metric")
    known = changes.join(facts, on="goal", how="left", maintain_order="left")
    named = with_metric_names(with_owner_names(known, was), was)
    mine = hand(ws, asker, CHANGE)
    owners = named.select("owner_kind", "owner").unique(maintain_order=True)
    decided = {pair: mine.on(*pair) for pair in owners.iter_rows()}
    pairs = named.select("owner_kind", "owner").rows()
    return (
        named.with_columns(may=pl.Series([decided[pair].allowed for pair in pairs], dtype=pl.Boolean)),
        tuple({str(one.reason): one.reason for one in decided.values() if not one.allowed}.values())[:REASONS],
    )


def _files(was: Company, now: Company) -> dict[str, str]:
    """Return the definitions that differ as the YAML of the files that hold them, by the name of the file."""
    old = {(kind, name): one for kind, name, one in definitions_of(was)}
    found: dict[str, str] = {}
    for file in FILES:
        news = [
            (name, one) for kind, name, one in definitions_of(now) if kind == file.kind and old.get((kind, name)) != one
        ]
        if not news:
            continue
        if file.kind == "plan":
            found |= {f"{file.file}/{name}.yaml": as_yaml(plain(one, brief=True)) for name, one in news}
        elif file.heading:
            found[file.file] = as_yaml({file.heading: [plain(one, brief=True) for _, one in news]})
    return found


def _differing(was: Company, now: Company) -> tuple[Message, ...]:
    """Return in words what differs of the rules."""
    found = difference(was, now)
    return () if found.empty else tuple(found.messages())
