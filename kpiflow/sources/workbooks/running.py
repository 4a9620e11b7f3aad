"""Numbers that add up from the beginning of the year or are planned, where the title says so: no month can take them for measured.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from kpiflow.core.metric import MetricKind
from kpiflow.language import msg
from kpiflow.sources.workbooks.asking import Choice, Question
from kpiflow.sources.workbooks.cells import Wrong
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.known import CalledMetric
from kpiflow.sources.workbooks.lines import Passed
from kpiflow.sources.workbooks.mapping import NUMBER_ROLES, Mapping, Role
from kpiflow.sources.workbooks.numerals import plain, simplified
from kpiflow.sources.workbooks.placing import Placing
from kpiflow.sources.workbooks.vocabulary import RUNNING

#: The words among those for a year that do not say by themselves that numbers add up: a title may speak of the full year.
_ADDING_UP = [word for word in RUNNING if word not in ("全年", "full year")]
_SAID = re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in _ADDING_UP))


def adds_up(text: str) -> bool:
    """Return whether a text says that numbers add up over months.

    >>> [adds_up(text) for text in ("Complaints YTD March 2013", "2013年旅客投诉（累计）", "Accumulated rain", "全年计划")]
    [True, True, False, False]
    """
    return bool(_SAID.search(simplified(plain(text).casefold())))


#: Words of a title for what is planned, and for what was measured all the same: 目标完成情况, budget against actual, 计划财务部.
_PLANNED = re.compile(
    r"目标|计划|预算|预测|预计|(?<![a-z])(?:budget|targets?|planned|forecast|outlook|sollwerte|prognose|prévisions?)(?![a-z])"
)
_MEASURED = re.compile(
    r"完成|实际|实绩|达成|执行|情况|考核|分析|对比|计划[^年]{0,4}(?:部|科|处|办)|(?<![a-z])(?:actuals?|results?|ist|achieve\w*|attain\w*|vs|versus|against"
    r"|review|report|performance|status)(?![a-z])"
)


def is_planned(text: str) -> bool:
    """Return whether a title says that its numbers are planned, and nothing of what was measured.

    >>> [is_planned(text) for text in ("2013年旅客投诉目标分解表", "Budget 2013", "2013年目标完成情况", "计划财务部2013年")]
    [True, True, False, False]
    """
    said = simplified(plain(text).casefold())
    return bool(_PLANNED.search(said)) and not _MEASURED.search(said)


def planned_title(grid: Grid, mapping: Mapping, placing: Placing, *, kinds: bool) -> str:
    """Return the line above a table that says its numbers are planned; nothing where columns or rows tell what is measured."""
    told = [role for one in placing.columns for role in one.heading.roles]
    if mapping.measured_all_the_same or kinds or Role.VALUE in told or Role.TARGET in told:
        return ""
    return next((text for text in (*grid.title(placing.rows[0]), grid.sheet.called) if is_planned(text)), "")


def planned_wrong(text: str) -> Wrong:
    """Return why a number is set aside that may be planned."""
    return Wrong(
        "planned", msg("'{word}' says that numbers are planned. Say whether they are measured.", word=text[:80])
    )


def planned_question(text: str) -> list[Question]:
    """Return the question whether numbers under such a title are measured."""
    said = msg("'{word}' stands over the numbers. Are they measured, and not planned?", word=text[:80])
    yes = Choice("measured", msg("Yes, they are measured"))
    return [Question("planned", said, (yes, Choice("", msg("No, they are planned: leave them out"))))]


def running(grid: Grid, mapping: Mapping, placing: Placing, passed: list[Passed]) -> str:
    """Return the words above a table that say its numbers add up; nothing where another column or row of it does.

    A person may have said that each number is of its period alone.
    """
    title = grid.title(placing.rows[0])
    told = [word for one in placing.columns for word in one.heading.words if word not in title]
    own = [
        word for one in placing.columns if one.spec.role in NUMBER_ROLES for word in one.heading.words if adds_up(word)
    ]
    if own and not mapping.each_alone:
        return own[0]
    if mapping.each_alone or any(adds_up(text) for text in (*told, *(one.text for one in passed))):
        return ""
    return next((text for text in (*grid.lines(placing.rows[0]), grid.sheet.called) if adds_up(text)), "")


def adding_up(text: str) -> Wrong:
    """Return why a number is set aside that may add up several months."""
    return Wrong(
        "adds_up",
        msg(
            "'{word}' says that numbers add up over months. Say whether each is of its own period alone.",
            word=text[:80],
        ),
    )


def running_question(text: str) -> list[Question]:
    """Return the question whether numbers under such a title are of their own period alone."""
    said = msg("'{word}' stands over the numbers. Is each number of its own period alone?", word=text[:80])
    alone = Choice("alone", msg("Yes, each is of its period alone"))
    more = Choice("differences", msg("No, they add up from the beginning of the year: read what each month adds"))
    return [Question("running", said, (alone, more, Choice("", msg("No, they add up: leave them out"))))]


@dataclass(frozen=True)
class Doubts:
    """The words over a table that say its numbers add up, and those that say they are planned; nothing for neither."""

    adding: str = ""
    planned: str = ""

    def of(self, metric: CalledMetric | None, role: Role) -> Wrong | None:
        """Return why a number is set aside until a person says what it is; of a level nothing adds up."""
        if self.planned:
            return planned_wrong(self.planned)
        if self.adding and role is not Role.TARGET and (metric is None or metric.kind is not MetricKind.SNAPSHOT):
            return adding_up(self.adding)
        return None

    def questions(self, rules: Collection[str]) -> list[Question]:
        """Return what is asked where numbers were set aside for it; `rules` are those that were broken."""
        adding = running_question(self.adding) if "adds_up" in rules else []
        return [*adding, *(planned_question(self.planned) if "planned" in rules else [])]
