"""The moment a question is asked for: which period, and what day it is taken to be."""

import datetime
from dataclasses import dataclass

from kpiflow.core.calendar import Calendar, Period


@dataclass(frozen=True)
class Moment:
    """A period of a calendar, seen on a day. The day is an argument, so that any past day can be replayed."""

    calendar: Calendar
    period: Period
    as_of: datetime.date

    @property
    def cycle(self) -> Period:
        """The whole planning year the period lies in."""
        return self.calendar.whole_cycle(self.period)

    @property
    def until(self) -> datetime.date:
        """The last day that can have happened: the period's end, or the day it is, whichever comes first."""
        return min(self.as_of, self.period.ends)

    @property
    def over(self) -> bool:
        """Whether the period has ended."""
        return self.as_of >= self.period.ends
