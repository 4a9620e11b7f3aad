"""The part of the door for calibration sessions and distributions."""

import datetime
from collections.abc import Sequence

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration import deciding, picture, sessions, telling
from kpiflow.workspace.calibration.answers import (
    By,
    Calibrated,
    Distribution,
    Group,
    Moved,
    Session,
    SessionLine,
    Wishes,
)


class CalibrationDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""

    def distribution(
        self,
        asker: Asker,
        period: str,
        as_of: datetime.date | None = None,
        *,
        by: By = By.UNIT,
        unit: str | None = None,
        target: str | None = None,
    ) -> Distribution:
        """Answer how grades are distributed over units, roles or raters; raises Refused, or NotFound."""
        return picture.distribution(self, asker, period, as_of, by=by, unit=unit, target=target)

    def calibrations(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> list[SessionLine]:
        """Return the sessions of a period, the newest first; raises Refused."""
        return sessions.session_lines(self, asker, period, as_of)

    def calibration(self, asker: Asker, session: int, as_of: datetime.date | None = None) -> Session:
        """Answer one session in full; raises Refused, or NotFound for one with nobody in it whom one may see."""
        return sessions.session(self, asker, session, as_of)

    def open_calibration(
        self, asker: Asker, period: str, group: Group, wishes: Wishes | None = None, *, who: str | None = None
    ) -> int:
        """Open a session over a group and return its number; raises Refused, NotFound, or InvalidInput.

        `who` is what the journal calls the machine's administrator, here and below.
        """
        return deciding.open_session(self, asker, period, group, wishes, who=_named(asker, who))

    def move_grades(self, asker: Asker, session: int, moves: Sequence[Moved], *, who: str | None = None) -> int:
        """Move grades in a session, all or none; raises Refused, NotFound, or InvalidInput without a reason."""
        return deciding.move_grades(self, asker, session, moves, who=_named(asker, who))

    def finalise_calibration(
        self, asker: Asker, session: int, *, exception: str | None = None, who: str | None = None
    ) -> int:
        """Make a session final as a second person; return how many grades it changes. Raises Refused, or InvalidInput."""
        return deciding.finalise(self, asker, session, exception=exception, who=_named(asker, who))

    def drop_calibration(self, asker: Asker, session: int, *, reason: str | None, who: str | None = None) -> None:
        """End a session without effect; raises Refused, NotFound, or InvalidInput without a reason."""
        deciding.drop(self, asker, session, reason=reason, who=_named(asker, who))

    def calibrated_grade(
        self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None
    ) -> Calibrated | None:
        """Return what a final session made of somebody's grade, with its reason; None when none did. Raises Refused."""
        return telling.calibrated_grade(self, asker, person, period, as_of)


def _named(asker: Asker, who: str | None) -> str | None:
    """Return the name the machine's administrator goes by; nobody else chooses theirs."""
    return who if asker.machine else None
