"""The part of the door for scenarios."""

from kpiflow.workspace.books import Books


class ScenarioDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
