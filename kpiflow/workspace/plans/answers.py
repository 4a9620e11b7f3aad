"""What the page and commands about plans show: how each stands, one in words with its tests, and what a change would pay."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.incentives.plan import Plan
from kpiflow.language import Message, Name
from kpiflow.workspace.plans.changes import Change
from kpiflow.workspace.plans.published import PlanState, Published
from kpiflow.workspace.plans.testing import Tested
from kpiflow.workspace.plans.wording import StepSaid


@dataclass(frozen=True)
class PlanStands:
    """One plan of the list: how it stands, how many examples hold, and how many rows none of them hits.

    `people` are the names of those who put it forward and approved it, by id.
    """

    plan: str
    name: Name
    version: int
    fingerprint: str
    state: PlanState
    examples: int
    wrong: int
    missed: int
    published: Published | None
    people: Mapping[str, Name] = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    """One time a plan was put forward: by whom and why, and the second person's word on it (approved null: none yet)."""

    version: int
    fingerprint: str
    who: str
    at: datetime.datetime
    reason: str | None
    approved: bool | None
    approved_by: str | None
    approved_at: datetime.datetime | None
    approved_why: str | None


@dataclass(frozen=True, eq=False)
class PlanPage:
    """One plan: in words, its tests, everything that was published of it, and what the person asking may do with it.

    `changes` are those since the version that is published, or was last; `since` is that version. `people` are the names
    of everybody in its history, by id.
    """

    plan: Plan
    name: Name
    state: PlanState
    about: tuple[Message, ...]
    steps: tuple[StepSaid, ...]
    tested: Tested
    published: Published | None
    history: tuple[Publication, ...]
    since: int | None
    changes: tuple[Change, ...]
    publish: Decision
    approve: Decision
    people: Mapping[str, Name] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Impact:
    """What a plan would pay as it is now, against a version published before, by today's data of a period.

    `rows`: person, label, label_zh, before, after, difference, the greatest difference first; totals are over all of them.
    """

    plan: str
    period: str
    currency: str
    since: int
    version: int
    rows: pl.DataFrame
    before: Decimal
    after: Decimal
    more: int
    less: int
    changes: tuple[Change, ...] = field(default=())
