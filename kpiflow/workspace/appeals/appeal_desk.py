"""The part of the door through which somebody disputes a line and is answered."""

from kpiflow.workspace.books import Books


class AppealDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
