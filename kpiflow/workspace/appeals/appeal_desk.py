"""The part of the door through which somebody disputes a line and is answered."""

import datetime

from kpiflow.storage.evidence import Evidence
from kpiflow.workspace.appeals import deciding, disputing, filing, reading
from kpiflow.workspace.appeals.answers import Appeal, AppealList, Disputable, Filing, Verdict
from kpiflow.workspace.books import Asker, Books


class AppealDesk(Books):
    """Questions and changes of this area; every method hears who is asking. `who` names the machine's administrator."""

    def disputable(
        self, asker: Asker, person: str, period: str, *, goal: str | None = None, month: str | None = None,
        counted: str | None = None, plan: str | None = None,
    ) -> Disputable:  # fmt: skip
        """Answer what a person can dispute, down to the measurements of a goal's month; raises Refused, or NotFound.

        `counted` is an input of `plan` that counts measurements: it opens months as a goal does.
        """
        return disputing.disputable(self, asker, person, period, goal=goal, month=month, counted=counted, plan=plan)

    def file_appeal(self, asker: Asker, person: str, period: str, filed: Filing, *, who: str | None = None) -> int:
        """File an appeal and return its number; raises Refused, NotFound, or InvalidInput with what to mend."""
        return filing.file_appeal(self, asker, person, period, filed, who=who if asker.machine else None)

    def withdraw_appeal(self, asker: Asker, number: int, words: str | None = None, *, who: str | None = None) -> None:
        """Take an appeal back; raises Refused, or NotFound."""
        filing.withdraw(self, asker, number, words, who=who if asker.machine else None)

    def appeals(
        self,
        asker: Asker,
        period: str | None = None,
        as_of: datetime.date | None = None,
        *,
        person: str | None = None,
        offset: int = 0,
        limit: int = reading.PAGE,
    ) -> AppealList:
        """Return the appeals that the person asking may read, a page at a time, the longest waiting first."""
        return reading.appeal_list(self, asker, period, as_of, person=person, offset=offset, limit=limit)

    def appeal(self, asker: Asker, number: int, as_of: datetime.date | None = None) -> Appeal:
        """Answer one appeal with all that happened to it; raises NotFound."""
        return reading.appeal(self, asker, number, as_of)

    def appeal_file(self, asker: Asker, file: int) -> Evidence:
        """Return a file given with an appeal; raises NotFound when there is none that the person asking may open."""
        return reading.appeal_file(self, asker, file)

    def ask_remark(self, asker: Asker, number: int, person: str, *, who: str | None = None) -> None:
        """Ask somebody for a remark on an appeal, which they may read from then on; raises Refused, or NotFound."""
        deciding.ask_remark(self, asker, number, person, who=who if asker.machine else None)

    def remark_appeal(self, asker: Asker, number: int, words: str) -> None:
        """Write the remark that was asked for; raises Refused, NotFound, or InvalidInput without words."""
        deciding.remark(self, asker, number, words)

    def answer_appeal(self, asker: Asker, number: int, verdict: Verdict, *, who: str | None = None) -> None:
        """Decide an appeal, with a correction where a measurement was wrong; raises Refused, NotFound, or InvalidInput."""
        deciding.decide(self, asker, number, verdict, who=who if asker.machine else None)
