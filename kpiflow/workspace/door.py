"""The one door: every question a face may ask, for a person and a moment, answered within that person's rights."""

import datetime
from collections.abc import Collection, Iterator, Mapping

import polars as pl

from kpiflow.core.calendar import PeriodKind
from kpiflow.language import Name
from kpiflow.storage.evidence import Evidence
from kpiflow.workspace import goal_page as goal_pages
from kpiflow.workspace import overview as overviews
from kpiflow.workspace import portfolio as portfolios
from kpiflow.workspace import progress as progresses
from kpiflow.workspace import rights, warming
from kpiflow.workspace import strategy as strategies
from kpiflow.workspace import todo as todos
from kpiflow.workspace.answers import (
    ChangePreview,
    Choice,
    GoalPage,
    Made,
    Overview,
    Progress,
    Reconciled,
    SplitPreview,
)
from kpiflow.workspace.api_tokens.token_desk import TokenDesk
from kpiflow.workspace.appeals.appeal_desk import AppealDesk
from kpiflow.workspace.books import Asker
from kpiflow.workspace.calibration.calibration_desk import CalibrationDesk
from kpiflow.workspace.closing.closing_desk import ClosingDesk
from kpiflow.workspace.fairness.fairness_desk import FairnessDesk
from kpiflow.workspace.handing_down import cascading, making, opening, setting
from kpiflow.workspace.handing_down import reconciliation as reconciliations
from kpiflow.workspace.handing_down import target_form as target_forms
from kpiflow.workspace.handing_down.head_desk import HeadDesk
from kpiflow.workspace.handing_down.setting import Part
from kpiflow.workspace.handing_down.spreads import Wish
from kpiflow.workspace.handing_down.target_answers import (
    GoalPreview,
    NewGoal,
    Portfolio,
    Strategy,
    TargetDesk,
    TargetForm,
)
from kpiflow.workspace.hr_desk import HrDesk
from kpiflow.workspace.intake.intake_desk import IntakeDesk
from kpiflow.workspace.letter_desk import LetterDesk
from kpiflow.workspace.lists.list_desk import ListDesk
from kpiflow.workspace.live.source_desk import SourceDesk
from kpiflow.workspace.outlooks import ahead as aheads
from kpiflow.workspace.outlooks import forecasts as forecasting
from kpiflow.workspace.outlooks import outcomes as outcome
from kpiflow.workspace.outlooks import outlook as outlooks
from kpiflow.workspace.outlooks import what_if as supposing
from kpiflow.workspace.outlooks.ahead import Ahead
from kpiflow.workspace.outlooks.outcomes import Outcomes
from kpiflow.workspace.pay_runs.pay_desk import PayDesk
from kpiflow.workspace.plans.plan_desk import PlanDesk
from kpiflow.workspace.portfolio import Filter
from kpiflow.workspace.reporting import check_in_form as check_in_forms
from kpiflow.workspace.reporting import check_ins as said_of_goals
from kpiflow.workspace.reporting import checking_in, questions
from kpiflow.workspace.reporting import quiet as silence
from kpiflow.workspace.reporting import staff_desk as staff_desks
from kpiflow.workspace.reporting.spoken import CheckedIn, CheckIns, Form, Said
from kpiflow.workspace.reporting.staff_desk import StaffDesk
from kpiflow.workspace.reviewing.review_desk import ReviewDesk
from kpiflow.workspace.safekeeping.scheduled import BackupDesk
from kpiflow.workspace.scenarios.scenario_desk import ScenarioDesk
from kpiflow.workspace.sign_in.account_desk import AccountDesk
from kpiflow.workspace.webhooks.webhook_desk import WebhookDesk


class Workspace(
    HeadDesk, HrDesk, LetterDesk, AccountDesk, ClosingDesk, ReviewDesk, CalibrationDesk, AppealDesk, PlanDesk, PayDesk,
    ScenarioDesk, FairnessDesk, TokenDesk, ListDesk, WebhookDesk, IntakeDesk, SourceDesk, BackupDesk,
):  # fmt: skip
    """A store opened for faces. Every question takes who is asking first; rows outside their rights never leave."""

    def overview(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> Overview:
        """Answer where the enterprise stands; raises NotFound for an unknown period."""
        return overviews.overview(self, asker, period, as_of)

    def goal(self, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> GoalPage:
        """Answer one goal in full; raises NotFound with the nearest goal, or Refused."""
        return goal_pages.goal_page(self, asker, goal, period, as_of)

    def progress(self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Progress:
        """Answer one person's progress; raises NotFound, or Refused."""
        return progresses.progress(self, asker, person, period, as_of)

    def reconciliation(self, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> Reconciled:
        """Answer whether the targets below a goal come to its own, with the reasons; raises NotFound, or Refused."""
        return reconciliations.reconciliation(self, asker, goal, period, as_of)

    def forecasts(
        self, asker: Asker, period: str, goals: Collection[str] | None = None, as_of: datetime.date | None = None
    ) -> pl.DataFrame:
        """Return where the goals that the person asking may read will end, one row each; see `forecasts.COLUMNS`."""
        return forecasting.forecasts(self, asker, period, goals, as_of)

    def outlook(self, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> outlooks.Outlook:
        """Answer where one goal will end and what it still needs, in sentences; raises NotFound, or Refused."""
        return outlooks.outlook(self, asker, goal, period, as_of)

    def what_if(
        self, asker: Asker, person: str, period: str, ends: Mapping[str, float], as_of: datetime.date | None = None
    ) -> supposing.WhatIf:
        """Answer what a person's score, grade and pay would be if goals ended so; writes nothing. Raises as `progress`."""
        return supposing.what_if(self, asker, person, period, ends, as_of=as_of)

    def preview_split(
        self,
        asker: Asker,
        goal: str,
        method: str,
        period: str,
        *,
        locked: Collection[str] = (),
        amounts: Mapping[str, object] | None = None,
        buffer: object = 0,
        as_of: datetime.date | None = None,
    ) -> SplitPreview:
        """Show a goal's target split over its children, and what that does below and above; writes nothing.

        `locked`, `amounts` and `buffer` are those of `cascading.Terms`.
        """
        terms = cascading.Terms(locked, amounts, buffer)
        return cascading.preview_split(self, asker, goal, method, period, terms=terms, as_of=as_of)

    def preview_change(
        self,
        asker: Asker,
        goal: str,
        fields: Mapping[str, object],
        period: str,
        *,
        resplit: bool = False,
        locked: Collection[str] = (),
        spread: Wish | None = None,
        as_of: datetime.date | None = None,
    ) -> ChangePreview:
        """Show what a goal's new target, threshold, stretch, baseline, weight or spread does below and above; writes nothing."""
        down = cascading.Down(resplit, locked)
        return cascading.preview_change(self, asker, goal, fields, period, down=down, spread=spread, as_of=as_of)

    def make_split(
        self, asker: Asker, shown: SplitPreview, *, who: str | None = None, reason: str | None = None
    ) -> Made:
        """Write a split exactly as it was shown; raises Refused, or InvalidInput when it cannot be made (any more)."""
        return making.make_split(self, asker, shown, who=who, reason=reason)

    def make_change(
        self, asker: Asker, shown: ChangePreview, *, who: str | None = None, reason: str | None = None
    ) -> Made:
        """Write a change exactly as it was shown; raises Refused, or InvalidInput when it cannot be made (any more)."""
        return making.make_change(self, asker, shown, who=who, reason=reason)

    def goal_choices(
        self, asker: Asker, period: str, as_of: datetime.date | None = None, *, text: str = "", most: int = 50
    ) -> list[Choice]:
        """Return the first goals the person asking may open, or the first in whose names all words of a text stand."""
        return goal_pages.goal_choices(self, asker, period, as_of, text=text, most=most)

    def target_desk(
        self, asker: Asker, period: str, part: Part | None = None, as_of: datetime.date | None = None
    ) -> TargetDesk:
        """Answer whose targets the person asking may set, with the years before; raises Refused."""
        return setting.target_desk(self, asker, period, part or Part(), as_of)

    def target_form(self, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> TargetForm:
        """Answer one goal's targets, their months and their history; raises NotFound, or Refused."""
        return target_forms.target_form(self, asker, goal, period, as_of)

    def preview_goal(self, asker: Asker, new: NewGoal, period: str, as_of: datetime.date | None = None) -> GoalPreview:
        """Show a goal to add, with what the checks say and what it does above; writes nothing."""
        return opening.preview_goal(self, asker, new, period, as_of)

    def preview_close(self, asker: Asker, goal: str, period: str, as_of: datetime.date | None = None) -> GoalPreview:
        """Show what closing a goal means; writes nothing."""
        return opening.preview_close(self, asker, goal, period, as_of)

    def make_goal(self, asker: Asker, shown: GoalPreview, *, who: str | None = None, reason: str | None = None) -> Made:
        """Write a goal exactly as it was shown, added or closed; raises Refused, or InvalidInput."""
        return opening.make_goal(self, asker, shown, who=who, reason=reason)

    def strategy(
        self, asker: Asker, period: str, unit: str | None = None, as_of: datetime.date | None = None
    ) -> Strategy:
        """Answer a unit's objectives, goals and owners as a picture; raises NotFound for an unknown unit."""
        return strategies.strategy(self, asker, period, unit, as_of)

    def ahead(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> Ahead | None:
        """Answer how the enterprise will end a period, as forecast, and what pay would cost then; None once it has ended."""
        return aheads.ahead(self, asker, period, as_of)

    def portfolio(
        self, asker: Asker, period: str, part: Filter | None = None, as_of: datetime.date | None = None
    ) -> Portfolio:
        """Answer what is off track, with owner, gap, since when, cause and last word; one page of it."""
        return portfolios.portfolio(self, asker, period, part or Filter(), as_of)

    def staff_desk(self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> StaffDesk:
        """Answer a person's desk: goals with forecast, needs and newest check-in; raises NotFound, or Refused."""
        return staff_desks.staff_desk(self, asker, person, period, as_of)

    def outcomes(self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Outcomes:
        """Answer how a person's period could end, and what each goal alone would change; raises Refused."""
        return outcome.outcomes(self, asker, person, period, as_of)

    def check_in_form(self, asker: Asker, goal: str) -> Form:
        """Return what a check-in of a goal takes now, and whether the person asking may make it; raises as `goal` does."""
        return check_in_forms.form(self, asker, goal)

    def check_in(
        self, asker: Asker, goal: str, said: Said, *, person: str | None = None, who: str | None = None
    ) -> CheckedIn:
        """Write a check-in; raises Refused, InvalidInput, or Unusual for a value that must be said to be meant.

        `person` is for whom the machine's administrator writes it, `who` what the journal calls the administrator.
        """
        return checking_in.check_in(self, asker, goal, said, person=person, who=who)

    def check_ins(self, asker: Asker, goal: str, as_of: datetime.date | None = None) -> CheckIns:
        """Answer with the check-ins and questions of a goal; raises NotFound, or Refused."""
        return said_of_goals.check_ins(self, asker, goal, as_of)

    def evidence(self, asker: Asker, number: int) -> Evidence:
        """Return a file given with a check-in; raises NotFound when there is none that the person asking may open."""
        return said_of_goals.evidence(self, asker, number)

    def ask(self, asker: Asker, goal: str, words: str, *, person: str | None = None) -> int:
        """Put a question about a goal to whoever answers for it, or to a person; raises Refused, or InvalidInput."""
        return questions.ask(self, asker, goal, words, person=person)

    def answer(self, asker: Asker, remark: int, words: str) -> int:
        """Answer a question that waits for the person asking; raises Refused, NotFound, or InvalidInput."""
        return questions.answer(self, asker, remark, words)

    def quiet(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
        """Return the goals that nothing was heard of for longer than their metric stays fresh, the longest first."""
        return silence.quiet(self, asker, period, as_of)

    def todo(self, asker: Asker, as_of: datetime.date | None = None) -> list[todos.Duty]:
        """Return what the person asking must do, the longest waiting first."""
        return todos.todo(self, asker, as_of)

    def desk(self, asker: Asker) -> str:
        """Return the id of the page that the work of the person asking begins on."""
        return rights.desk(self, asker)

    def people(self, as_of: datetime.date | None = None) -> list[Choice]:
        """Return everybody with an assignment; faces offer them only in demo mode."""
        return progresses.people(self, as_of)

    def warm_steps(self) -> Iterator[warming.Step]:
        """Yield what prepares what the first visitor would otherwise wait for, a part at a time."""
        return warming.steps(self)

    def periods(self, as_of: datetime.date | None = None) -> list[Choice]:
        """Return every period that has begun by the day, the newest and longest first; all of them when none has."""
        company, day = self.company(as_of), self.day(as_of)
        listed = list(company.calendar.periods.values())
        years = {period.cycle: period.order for period in listed if period.kind is PeriodKind.YEAR}
        begun = [period for period in listed if period.starts <= day] or listed
        kinds = list(PeriodKind)
        ordered = sorted(begun, key=lambda period: (-years[period.cycle], kinds.index(period.kind), -period.order))
        return [Choice(period.period, Name(period.period), kind=period.kind.value) for period in ordered]
