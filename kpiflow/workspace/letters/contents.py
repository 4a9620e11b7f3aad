"""The content of letters, put together from the company for many owners at once."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from kpiflow.cascade.sheet import with_sheet
from kpiflow.core.calendar import Period
from kpiflow.core.goal import OwnerKind, Stage
from kpiflow.core.letter import Easing, Letter, Party, Promise, Reward, Wording
from kpiflow.core.metric import Measure
from kpiflow.definitions.company import Company
from kpiflow.incentives.plan import Plan
from kpiflow.language import Name
from kpiflow.scoring.gathering import ancestors
from kpiflow.storage.letters import LetterKey, goal_versions
from kpiflow.storage.store import Cursor
from kpiflow.workspace.books import Books
from kpiflow.workspace.letters.easings import easings
from kpiflow.workspace.letters.measuring import rules_of, terms_of
from kpiflow.workspace.letters.parties import parties
from kpiflow.workspace.letters.rewards import Payee, plans_reaching, reward_of
from kpiflow.workspace.letters.wording import both, named

#: The stages a goal is in from the moment both sides agreed to it: what is only proposed is promised by nobody.
PROMISED = (Stage.AGREED.value, Stage.ACTIVE.value, Stage.CLOSED.value)

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Source:
    """What letters of a cycle are put together from: the company, the cycle, and the day that says who is there."""

    company: Company
    cycle: Period
    today: datetime.date

    @cached_property
    def tree(self) -> pl.DataFrame:
        """Unit, ancestor and up, for every unit and every unit above it."""
        return ancestors(self.company.units)

    @cached_property
    def parties(self) -> pl.DataFrame:
        """Who signs for whom."""
        return parties(self.company, self.tree, self.cycle, self.today)

    @cached_property
    def promised(self) -> pl.DataFrame:
        """The goals of the cycle that both sides agreed to, with each one's share of its owner's sheet."""
        goals = self.company.goals.filter(
            pl.col("cycle") == self.cycle.period, pl.col("stage").cast(pl.String).is_in(PROMISED)
        )
        total = pl.col("weight").sum().over("sheet_number")
        sheets = with_sheet(goals).with_columns(share=pl.when(total > 0).then((pl.col("weight") / total).round(10)))
        words = [pl.col(column).cast(pl.String) for column, kind in sheets.schema.items() if kind == pl.Enum]
        return sheets.with_columns(words).sort(pl.col("weight"), pl.col("goal"), descending=[True, False])

    @cached_property
    def names(self) -> dict[tuple[str, str], Name]:
        """Kind and id → name, of units and people."""
        units = {(OwnerKind.UNIT.value, unit): Name(*label) for unit, label in _labels(self.company.units, "unit")}
        people = {(OwnerKind.PERSON.value, one): Name(*label) for one, label in _labels(self.company.people, "person")}
        return units | people

    @cached_property
    def goal_names(self) -> dict[str, Wording]:
        """Goal → name, of those that others are promised under."""
        asked = self.company.goals.join(self.promised.select(goal="parent").unique(), on="goal", how="semi")
        return {goal: named(*label) for goal, label in _labels(asked, "goal")}

    @cached_property
    def above(self) -> dict[str, list[str]]:
        """Unit → itself and every unit above it."""
        return dict(self.tree.group_by("unit", maintain_order=True).agg("ancestor").iter_rows())

    @cached_property
    def _rewards(self) -> dict[str, Reward]:
        return {}

    def reward(self, plan: Plan) -> Reward:
        """Return a plan in words; it is put into words once, however many letters it stands in."""
        if plan.plan not in self._rewards:
            self._rewards[plan.plan] = reward_of(plan, self.company)
        return self._rewards[plan.plan]

    def payee(self, row: Row) -> Payee:
        """Return whom a plan would pay under a row of `parties`: whoever signs for the owner."""
        return Payee(row["signer_role"], tuple(self.above.get(row["signer_unit"], ())))

    def called(self, who: str) -> Wording:
        """Return what somebody the journal names is called."""
        return both(self.name(OwnerKind.PERSON.value, who))

    def name(self, kind: str, owner: str) -> Name:
        """Return what an owner is called; its id where it has no name any more."""
        return self.names.get((kind, owner), Name(owner))


def source_of(ws: Books, cycle: Period, as_of: datetime.date | None) -> Source:
    """Return what letters of a cycle are read from; kept, because names and sheets are those of the whole company."""
    day = ws.day(as_of)
    key = ("letters' source", cycle.period, day, ws.known(as_of).definitions)
    return ws.kept(key, lambda: Source(ws.company(as_of), cycle, day))


def _labels(table: pl.DataFrame, key: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Yield ids with their labels in both languages."""
    for one, label, label_zh in table.select(key, "label", "label_zh").iter_rows():
        yield one, (label, label_zh)


def contents(source: Source, owners: pl.DataFrame, cursor: Cursor) -> dict[LetterKey, Letter]:
    """Return the letter of each owner (owner_kind, owner) that somebody can sign for; the others have none.

    The cursor is asked for the history of their goals: inside a change it knows what the change has written.
    """
    keys = ["owner_kind", "owner"]
    signing = source.parties.join(owners, on=keys, how="semi")
    goals = source.promised.join(signing, on=keys, how="semi")
    eased = easings(goal_versions(cursor, goals["goal"]), source.company, source.called)
    by_owner = goals.partition_by(keys, as_dict=True, maintain_order=True)
    written = _written_targets(source, goals)
    found = {}
    for row in signing.iter_rows(named=True):
        mine = by_owner.get((row["owner_kind"], row["owner"]))
        goals_of = () if mine is None else mine.iter_rows(named=True)
        promises = tuple(_promise(one, source, eased, written) for one in goals_of)
        found[LetterKey(row["owner_kind"], row["owner"], source.cycle.period)] = _letter(row, source, promises)
    return found


def _letter(row: Row, source: Source, promises: tuple[Promise, ...]) -> Letter:
    company, cycle = source.company, source.cycle
    return Letter(
        owner_kind=row["owner_kind"],
        owner=row["owner"],
        owner_label=both(source.name(row["owner_kind"], row["owner"])),
        company=named(company.profile.label, company.profile.label_zh),
        cycle=cycle.period,
        starts=cycle.starts,
        ends=cycle.ends,
        signer=_party(row, "signer", source),
        manager=None if row["manager"] is None else _party(row, "manager", source),
        promises=promises,
        rewards=tuple(source.reward(plan) for plan in plans_reaching(company, cycle, source.payee(row))),
    )


def _party(row: Row, side: str, source: Source) -> Party:
    person, role, unit = row[side], row[f"{side}_role"], row[f"{side}_unit"]
    known = source.company.roles.get(role or "")
    return Party(
        person=person,
        name=both(source.name(OwnerKind.PERSON.value, person)),
        role=None if known is None else named(known.label, known.label_zh),
        unit=None if unit is None else both(source.name(OwnerKind.UNIT.value, unit)),
    )


def _promise(
    row: Row, source: Source, eased: dict[str, tuple[Easing, ...]], written: dict[str, tuple[tuple[str, float], ...]]
) -> Promise:
    company = source.company
    metric = company.metrics.get(row["metric"] or "")
    anchors = {name: row[name] for name in ("baseline", "threshold", "target", "stretch", "low", "high")}
    return Promise(
        goal=row["goal"],
        label=named(row["label"], row["label_zh"]),
        parent=source.goal_names.get(row["parent"]),
        kind=row["kind"],
        commitment=row["commitment"],
        weight=row["weight"],
        share=row["share"],
        metric=row["metric"],
        metric_version=None if metric is None else metric.version,
        metric_label=None if metric is None else named(metric.label, metric.label_zh),
        measure=Measure.POINTS if metric is None else metric.measure,
        currency=None if metric is None else metric.currency,
        direction=None if metric is None else metric.direction,
        periods=written.get(row["goal"], ()),
        terms=terms_of(row, company),
        rules=rules_of(row, company, source.name(row["scope_kind"], row["scope"])),
        easings=eased.get(row["goal"], ()),
        **anchors,
    )


def _written_targets(source: Source, goals: pl.DataFrame) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return goal → the targets written down for its periods, in the order of their names."""
    rows = source.company.targets.join(goals.select("goal"), on="goal", how="semi").sort("goal", "period")
    found: dict[str, tuple[tuple[str, float], ...]] = {}
    for goal, period, target in rows.select("goal", "period", "target").iter_rows():
        found[goal] = (*found.get(goal, ()), (period, target))
    return found
