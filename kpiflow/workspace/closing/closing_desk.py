"""The part of the door that closes periods and says what became known after."""

from kpiflow.workspace.books import Books


class ClosingDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
