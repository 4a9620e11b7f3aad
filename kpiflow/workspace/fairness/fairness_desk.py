"""The part of the door that raises questions about fairness."""

from kpiflow.workspace.books import Books


class FairnessDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
