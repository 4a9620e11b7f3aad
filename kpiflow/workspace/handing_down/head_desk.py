"""The part of the door that hands targets down: drafts, proposals and answers, the sheet, and the team."""

import datetime
from collections.abc import Collection

import polars as pl

from kpiflow.workspace.answers import Choice, Made
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down import answering, assigning, drafting, proposing, resplits, sheets
from kpiflow.workspace.handing_down import proposals as both_sides
from kpiflow.workspace.handing_down import team as teams
from kpiflow.workspace.handing_down.desk_answers import (
    Answered,
    Draft,
    Drafted,
    ProposalAsked,
    Proposals,
    Proposed,
    SheetRead,
    Team,
)


class HeadDesk(Books):
    """Questions and changes of whoever hands targets down, and of those they are handed to."""

    def assigned_goals(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
        """Return the goals assigned to the units whose head is asking; see `drafting.assigned_goals`."""
        return drafting.assigned_goals(self, asker, period, as_of)

    def drafted(
        self,
        asker: Asker,
        goal: str,
        period: str,
        draft: Draft = drafting.AS_IT_IS,
        *,
        as_of: datetime.date | None = None,
    ) -> Drafted:
        """Work out a draft of a split; writes nothing. Raises NotFound, or Refused."""
        return drafting.drafted(self, asker, goal, period, draft, as_of=as_of)

    def preview_proposal(
        self, asker: Asker, goal: str, period: str, draft: Draft, *, also: Collection[str] = ()
    ) -> ProposalAsked:
        """Say whom proposing a draft would ask, and what changes for each; writes nothing."""
        return proposing.ask(self, asker, goal, period, draft, also=also)

    def propose(
        self, asker: Asker, asked: ProposalAsked, *, words: str | None = None, by: str | None = None
    ) -> Proposed:
        """Write a proposal exactly as it was shown; raises Refused, or InvalidInput when it cannot be made (any more)."""
        return proposing.propose(self, asker, asked, words=words, by=by)

    def proposals(
        self,
        asker: Asker,
        period: str,
        as_of: datetime.date | None = None,
        *,
        parents: Collection[str] | None = None,
        only_open: bool = False,
    ) -> Proposals:
        """Return the lines of proposals in which the person asking has a say, on either side."""
        return both_sides.proposals(self, asker, period, as_of, parents=parents, only_open=only_open)

    def answer_proposal(
        self,
        asker: Asker,
        line: int,
        kind: str,
        *,
        value: object = None,
        words: str | None = None,
        by: str | None = None,
    ) -> Answered:
        """Agree, counter, accept, decline or withdraw one line; raises Refused, or InvalidInput with what to do."""
        return answering.answer(self, asker, line, kind, value=value, words=words, by=by)

    def assignable(self, asker: Asker, goal: str, period: str) -> list[Choice]:
        """Return the teams and people who could get a part of a goal and have none."""
        return assigning.assignable(self, asker, goal, period)

    def assign(self, asker: Asker, goal: str, owners: Collection[str], period: str) -> Made:
        """Make a proposed goal for each of these teams and people; raises Refused, NotFound, or InvalidInput."""
        return assigning.assign(self, asker, goal, owners, period)

    def unassign(self, asker: Asker, goal: str) -> Made:
        """Take away a goal that was made for an owner and never agreed; raises Refused, NotFound, or InvalidInput."""
        return assigning.unassign(self, asker, goal)

    def resplit_offers(
        self, asker: Asker, period: str, as_of: datetime.date | None = None
    ) -> list[resplits.ResplitOffer]:
        """Return an offer for every goal whose target has changed since it was split."""
        return resplits.resplit_offers(self, asker, period, as_of)

    def sheet(
        self, asker: Asker, goal: str, period: str, draft: Draft = drafting.AS_IT_IS, *, form: str = "xlsx"
    ) -> bytes:
        """Return a draft as a workbook or as CSV."""
        return sheets.sheet(drafting.drafted(self, asker, goal, period, draft), form)

    def read_sheet(self, asker: Asker, goal: str, period: str, draft: Draft, content: bytes, *, name: str) -> SheetRead:
        """Read a sheet onto a draft and say what differs; writes nothing. Raises InvalidInput for what is no sheet."""
        return sheets.read_sheet(drafting.drafted(self, asker, goal, period, draft), content, name)

    def team(
        self,
        asker: Asker,
        period: str,
        view: teams.TeamView | None = None,
        *,
        as_of: datetime.date | None = None,
    ) -> Team:
        """Return a page of who is below, who is behind and who has gone quiet; raises Refused for whoever leads nobody."""
        return teams.team(self, asker, period, view, as_of=as_of)
