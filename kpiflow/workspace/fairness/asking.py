"""The questions that results raise before anybody is paid by them: each check asked within the reach of whoever asks."""

import datetime

from kpiflow.access.reach import Topic
from kpiflow.language import Message, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.fairness.answers import Fairness, FairQuestion
from kpiflow.workspace.fairness.finding import FINDERS, Seen

#: The right it takes.
ACTION = "check_fairness"


def fairness(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> Fairness:
    """Answer which questions the results of a period raise; raises Refused, or NotFound for the period.

    Only people whose appraisals the person asking may read are looked at, and their pay only by whoever may read that.
    """
    ws.may(asker, ACTION).require()
    ws.moment(period, as_of)
    reaches = ws.reach(asker, Topic.APPRAISALS), ws.reach(asker, Topic.PAY)
    key = ("fairness", period, *(reach.people for reach in reaches), ws.versions(as_of))
    questions = ws.kept(key, lambda: tuple(find(Seen(ws, period, as_of, *reaches)) for find in FINDERS))
    return Fairness(_sentence(questions), period, questions)


def _sentence(questions: tuple[FairQuestion, ...]) -> tuple[Message, ...]:
    raised = [one for one in questions if one.found]
    if not raised:
        return (msg("The results of this period raise none of the {count} questions.", count=len(questions)),)
    return (
        msg("The results raise {count} of {total} questions.", count=len(raised), total=len(questions)),
        msg("A question is no verdict: each has innocent answers, too."),
    )
