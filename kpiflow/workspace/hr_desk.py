"""The part of the door that looks back and across: everybody's scores, files of them, and what happened to a goal."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.cycle import standing
from kpiflow.workspace.cycle.answers import CycleDesk
from kpiflow.workspace.scores import exporting, listing, table, verifying, why
from kpiflow.workspace.scores.answers import Exported, Scores, ScoreWhy, Verified
from kpiflow.workspace.scores.wanted import EVERYBODY, FIRST_PAGE, Page, Wanted
from kpiflow.workspace.timeline import telling
from kpiflow.workspace.timeline.event import Timeline


class HrDesk(Books):
    """Questions of whoever follows the cycle: HR for the company, a head for the units below."""

    def scores(
        self,
        asker: Asker,
        period: str,
        as_of: datetime.date | None = None,
        wanted: Wanted = EVERYBODY,
        *,
        page: Page = FIRST_PAGE,
    ) -> Scores:
        """Answer who has which score, a page at a time; raises Refused, or NotFound for a period, unit or order."""
        return listing.scores(self, asker, period, as_of, wanted, page=page)

    def score_why(self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> ScoreWhy:
        """Answer why somebody's score is what it is; raises Refused, or NotFound for somebody not appraised."""
        return why.score_why(self, asker, person, period, as_of)

    def scores_export(
        self,
        asker: Asker,
        period: str,
        as_of: datetime.date | None = None,
        wanted: Wanted = EVERYBODY,
        *,
        form: str = exporting.Form.CSV.value,
        who: str | None = None,
    ) -> Exported:
        """Write the scores that fit a filter to a file, `csv` or `xlsx`, and a line into the journal; raises Refused."""
        return exporting.scores_export(self, asker, period, as_of, wanted, form=form, who=who)

    def scores_fingerprint(
        self, asker: Asker, period: str, as_of: datetime.date | None = None, wanted: Wanted = EVERYBODY
    ) -> str:
        """Return the fingerprint that an export of these scores would carry; nothing is written. Raises Refused."""
        return exporting.scores_fingerprint(self, asker, period, as_of, wanted)

    def verify_scores(self, asker: Asker, name: str, content: bytes, period: str | None = None) -> Verified:
        """Answer whether a file of scores still holds; raises Refused, or InvalidInput for what is no such file."""
        return verifying.verify_scores(self, asker, name, content, period)

    def letters_known(self, as_of: datetime.date | None = None) -> tuple[int, int]:
        """Return what scores depend on besides the plan and measurements: a key for caches."""
        return table.letters_known(self, as_of)

    def cycle(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> CycleDesk:
        """Answer how a cycle stands from goals agreed to people paid, and what comes next; raises Refused, or NotFound."""
        return standing.cycle(self, asker, period, as_of)

    def timeline(self, asker: Asker, goal: str, as_of: datetime.date | None = None) -> Timeline:
        """Answer everything that happened to a goal by a day, the newest first; raises NotFound, or Refused."""
        return telling.timeline(self, asker, goal, as_of)
