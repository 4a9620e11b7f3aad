"""The part of the door for calibration sessions and distributions."""

from kpiflow.workspace.books import Books


class CalibrationDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
