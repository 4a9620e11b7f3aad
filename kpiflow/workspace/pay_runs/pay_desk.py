"""The part of the door that runs pay and shows statements."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs import (
    comparing,
    deciding,
    exporting,
    paid,
    reading,
    running,
    statement_files,
    verifying,
)
from kpiflow.workspace.pay_runs.answers import Paid, PayDifference, PayFile, PayRuns, PayVerified, RunPage, Stored
from kpiflow.workspace.pay_runs.deciding import Step
from kpiflow.workspace.pay_runs.reading import FIRST, Part
from kpiflow.workspace.pay_runs.running import USUAL, Terms


class PayDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""

    def pay_runs(self, asker: Asker, period: str) -> PayRuns:
        """Answer which runs of a period the person asking may see, and what may be run."""
        return reading.pay_runs(self, asker, period)

    def pay_run_page(self, asker: Asker, run: int, part: Part = FIRST) -> RunPage:
        """Answer with one run, as far as the person asking may read it; raises NotFound."""
        return reading.run_page(self, asker, run, part)

    def pay_difference(self, asker: Asker, run: int, other: int | None = None, part: Part = FIRST) -> PayDifference:
        """Answer what differs between a run and another, or the one before it; raises NotFound."""
        return comparing.pay_difference(self, asker, run, other, part)

    def keep_pay_run(
        self, asker: Asker, plan: str, period: str, terms: Terms = USUAL, *, who: str | None = None
    ) -> int:
        """Run a plan and keep it as a dry run; return its number. Raises Refused, NotFound, or InvalidInput."""
        return running.keep_run(self, asker, plan, period, terms, who=who)

    def propose_pay(self, asker: Asker, run: int, *, reason: str | None = None, who: str | None = None) -> Stored:
        """Hand a dry run to a second person; raises Refused, NotFound, or InvalidInput."""
        return deciding.take(self, asker, run, Step("propose", reason, who))

    def withdraw_pay(self, asker: Asker, run: int, *, reason: str | None = None, who: str | None = None) -> Stored:
        """Take a proposed run back, so that it is a dry run again; raises Refused, NotFound, or InvalidInput."""
        return deciding.take(self, asker, run, Step("withdraw", reason, who))

    def approve_pay(self, asker: Asker, run: int, *, reason: str | None = None, who: str | None = None) -> Stored:
        """Approve a proposed run as the second person; raises Refused for whoever ran it."""
        return deciding.take(self, asker, run, Step("approve", reason, who))

    def refuse_pay(self, asker: Asker, run: int, *, reason: str | None = None, who: str | None = None) -> Stored:
        """Refuse a run, with a reason; raises Refused, NotFound, or InvalidInput."""
        return deciding.take(self, asker, run, Step("refuse", reason, who))

    def finalise_pay(self, asker: Asker, run: int, *, reason: str | None = None, who: str | None = None) -> Stored:
        """Make an approved run final; raises InvalidInput with everything that is missing."""
        return deciding.take(self, asker, run, Step("finalise", reason, who))

    def verify_pay(self, asker: Asker, run: int) -> PayVerified:
        """Answer whether a run still comes to the same; raises NotFound for whoever does not work on runs."""
        return verifying.verify_run(self, asker, run)

    def pay_statement(
        self,
        asker: Asker,
        person: str,
        period: str,
        as_of: datetime.date | None = None,
        *,
        run: int | None = None,
        plan: str | None = None,
    ) -> Paid | None:
        """Answer somebody's statement by a plan: of the final run, of the run asked for, or a preview; raises Refused."""
        return paid.paid(self, asker, person, period, as_of, run=run, plan=plan)

    def pay_statements(
        self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None
    ) -> tuple[Paid, ...]:
        """Answer somebody's statements, one for each plan that pays them for a period; raises Refused."""
        return paid.all_paid(self, asker, person, period, as_of)

    def statement_file(
        self,
        asker: Asker,
        person: str,
        period: str,
        *,
        form: str = "pdf",
        language: str = "en",
        run: int | None = None,
        plan: str | None = None,
    ) -> PayFile:
        """Return a statement as `pdf` or `xlsx`, in `en`, `zh` or `both`; raises Refused, NotFound, or InvalidInput."""
        return statement_files.statement_file(
            self, asker, person, period, form=form, language=language, run=run, plan=plan
        )

    def payroll_export(
        self, asker: Asker, run: int, *, form: str = "csv", draft: bool = False, who: str | None = None
    ) -> PayFile:
        """Write a final run to a payroll file, or another as a draft, and a line into the journal; raises Refused."""
        return exporting.payroll_export(self, asker, run, form=form, draft=draft, who=who)
