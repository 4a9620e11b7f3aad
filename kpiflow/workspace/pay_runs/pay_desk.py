"""The part of the door that runs pay and shows statements."""

from kpiflow.workspace.books import Books


class PayDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
