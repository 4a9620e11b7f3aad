"""A store and what was read from it: the company, its rules and the answers kept until something changes."""

import datetime
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

import polars as pl

from kpiflow.access.deciding import decide
from kpiflow.access.decision import Decision
from kpiflow.access.reach import EVERYTHING, Reach, Topic, reach_of
from kpiflow.access.standing import BUILT_IN, Standing, nobody, standing_of
from kpiflow.core.calendar import PeriodKind
from kpiflow.definitions.company import Company
from kpiflow.definitions.documents import from_documents
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.scoring.gathering import ancestors
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules
from kpiflow.storage.calibration import final_version
from kpiflow.storage.closing import closings_version
from kpiflow.storage.documents import definitions_version, read_definitions
from kpiflow.storage.known import day_of, wall_clock
from kpiflow.storage.observe import measurements_version
from kpiflow.storage.reviews import reviews_version
from kpiflow.storage.store import Store
from kpiflow.workspace.keeping import Kept
from kpiflow.workspace.safekeeping import schedule
from kpiflow.workspace.sign_in.signed_in import SignedIn, terms_of
from kpiflow.workspace.webhooks import terms as webhook_terms

Found = TypeVar("Found")

#: Of how many days and instants it is remembered what was known then.
DAYS_KEPT = 1000


@dataclass(frozen=True)
class Asker:
    """Who is asking: a person of the company, an account, or both; with nothing said, nobody, who may see nothing.

    `roles` are those the account holds for the whole company beside the person's assignments: an auditor from outside
    has no person. `machine` is the command line on the machine that holds the store, which sees everything.
    """

    person: str | None = None
    account: str | None = None
    roles: tuple[str, ...] = ()
    machine: bool = False

    @property
    def name(self) -> str:
        """What the journal calls them."""
        return self.person or self.account or ("administrator" if self.machine else "nobody")


#: The command line on the machine that holds the store.
ADMINISTRATOR = Asker(machine=True)


@dataclass(frozen=True)
class Versions:
    """The newest change of definitions and the newest load of measurements that count on a day; 0 before the first.

    `closings` counts what was closed and opened again by then, `calibrations` the calibration sessions that were final,
    `reviews` what was written of reviews: ratings, steps and adjustments.
    """

    definitions: int
    measurements: int
    closings: int = 0
    calibrations: int = 0
    reviews: int = 0


class Books:
    """A store and what was read from it. Safe to share between threads; answers are cached until something changes."""

    def __init__(self, store: Store, *, demo: bool = False) -> None:
        self.store = store
        self.demo = demo
        self._kept = Kept()
        self._versions: dict[datetime.date | None, tuple[int, Versions]] = {}
        #: Who is signed in to this process.
        self.signed_in = SignedIn(terms_of())
        #: How other systems are told what happened here.
        self.webhook_terms = webhook_terms.terms_of()
        #: When the server makes backups by itself, and how that went.
        self.backup_plan = schedule.plan_of()

    @classmethod
    def open(cls, path: Path, *, demo: bool = False) -> Self:
        """Open the store at a path; raises StoreError when there is none or another process holds it."""
        return cls(Store.open(path), demo=demo)

    def close(self) -> None:
        """Close the store; further questions fail."""
        self.store.close()

    def today(self) -> datetime.date:
        """Return the day it is; the only clock that questions without an as-of day see."""
        return datetime.datetime.now(datetime.UTC).astimezone().date()

    def kept(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return a cached answer, making it when it is new; several who ask at once wait for one making."""
        return self._kept.get(key, make)

    def held(self, key: Hashable) -> bool:
        """Return whether an answer is there already."""
        return key in self._kept

    def kept_now(self) -> tuple[int, int]:
        """Return how many answers are kept, and about how many bytes they hold."""
        return self._kept.held

    def believed(self, as_of: datetime.date | None) -> datetime.date | None:
        """Return the as-of day or instant for the store: None when it is today or later, so that nothing is filtered."""
        if isinstance(as_of, datetime.datetime):
            return None if wall_clock(as_of) > wall_clock(datetime.datetime.now(datetime.UTC)) else as_of
        return None if as_of is None or as_of >= self.today() else as_of

    def day(self, as_of: datetime.date | None) -> datetime.date:
        """Return the day that a question is looked from: that of `as_of`, a day or an instant, or today."""
        return self.today() if as_of is None else day_of(as_of)

    def known(self, as_of: datetime.date | None) -> Versions:
        """Return which definitions and measurements are known; asked of the store once until somebody writes to it."""
        day = self.believed(as_of)
        # Counted before the store is asked: what is written meanwhile makes the answer too new, never too old.
        writes = self.store.told
        found = self._versions.get(day)
        if found is None or found[0] != writes:
            with self.store.read() as cursor:
                closed, calibrated = closings_version(cursor, day), final_version(cursor, day)
                reviewed = reviews_version(cursor, day)
            measured = measurements_version(self.store, day)
            found = (writes, Versions(definitions_version(self.store, day), measured, closed, calibrated, reviewed))
            if len(self._versions) >= DAYS_KEPT:
                self._versions = {}  # programs may ask as of any instant, each time another one
            self._versions[day] = found
        return found[1]

    def versions(self, as_of: datetime.date | None) -> tuple[Hashable, ...]:
        """Return what a cached answer depends on: the day, the definitions, measurements and closings known then."""
        known = self.known(as_of)
        return (*self.measured(as_of), known.calibrations, known.reviews)

    def measured(self, as_of: datetime.date | None) -> tuple[Hashable, ...]:
        """Return what goals' results depend on: the same without what people judged, which changes scores alone."""
        known = self.known(as_of)
        return (as_of or self.today(), known.definitions, known.measurements, known.closings)

    def written(self) -> tuple[Hashable, ...]:
        """Return what also depends on check-ins, questions, letters and proposals: the day, and how often any was written.

        Whoever signs in or out, or uses a token, changes none of it.
        """
        return (self.today(), self.store.told)

    def company(self, as_of: datetime.date | None = None) -> Company:
        """Return the company as it was defined at the end of a day; raises InvalidInput before there was one."""
        day = self.believed(as_of)
        version = self.known(as_of).definitions
        if version == 0:
            if day is not None and self.known(None).definitions:
                raise InvalidInput(msg("On {day} no company had been defined yet. Choose a later day.", day=day))
            raise InvalidInput(
                msg(
                    "This store holds no company yet. Write one with 'kpiflow init --config DIR' or 'kpiflow apply DIR'."
                )
            )
        return self.kept(("company", version), lambda: from_documents(*read_definitions(self.store, day)))

    def is_empty(self) -> bool:
        """Return whether no company was ever applied."""
        return self.known(None).definitions == 0

    def rules(self, as_of: datetime.date | None) -> Rules:
        """Return the scoring rules in force on a day."""
        company = self.company(as_of)
        return Rules(company.calendar, company.metrics, company.curves, company.phasings, company.statuses)

    def moment(self, period: str, as_of: datetime.date | None) -> Moment:
        """Return a period seen on a day; raises NotFound for an unknown period, with the nearest one."""
        calendar = self.company(as_of).calendar
        return Moment(calendar, calendar.period(period), self.day(as_of))

    def default_period(self, as_of: datetime.date | None = None) -> str:
        """Return the cycle under way on a day, or the last one that had begun by then, or the first."""
        calendar, day = self.company(as_of).calendar, self.day(as_of)
        years = [period for period in calendar.periods.values() if period.kind is PeriodKind.YEAR]
        begun = [period for period in years if period.starts <= day]
        return (begun[-1] if begun else years[0]).period

    def unit_tree(self, as_of: datetime.date | None) -> pl.DataFrame:
        """Return unit, ancestor, up for every unit and every unit above it, itself included."""
        key = ("tree", self.known(as_of).definitions)
        return self.kept(key, lambda: ancestors(self.company(as_of).units))

    def standing(self, asker: Asker) -> Standing:
        """Return the roles somebody holds today and where: a past role opens nothing now, whatever day is looked at."""
        key = ("standing", asker, self.known(None).definitions, self.today())
        return self.kept(key, lambda: self._standing(asker))

    def _standing(self, asker: Asker) -> Standing:
        if self.is_empty():
            return nobody(asker.person, asker.roles)
        company = self.company()
        roles = {**BUILT_IN, **company.roles}
        organisation = (company.assignments, self.unit_tree(None), roles)
        return standing_of(asker.person, self.today(), organisation, asker.roles)

    def reach(self, asker: Asker, topic: Topic = Topic.GOALS) -> Reach:
        """Return whose rows of a topic the person asking may read."""
        if asker.machine:
            return EVERYTHING
        key = ("reach", asker, topic, self.known(None).definitions, self.today())
        return self.kept(key, lambda: reach_of(self.standing(asker), topic))

    def may(self, asker: Asker, action: str, owner_kind: str | None = None, owner: str | None = None) -> Decision:
        """Decide whether the person asking may do something, in general or on an owner's goals or rows.

        Raises NotFound for an action that there is not.
        """
        if asker.machine:
            return Decision(True, msg("This is the machine that holds the store."))
        on = None if owner_kind is None or owner is None else (owner_kind, owner)
        return decide(self.standing(asker), action, on)

    @cached_property
    def name(self) -> str:
        """The file name of the store, for titles and logs."""
        return Path(self.store.path).name
