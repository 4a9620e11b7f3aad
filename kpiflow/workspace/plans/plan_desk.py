"""The part of the door that tests and publishes incentive plans."""

from kpiflow.workspace.books import Books


class PlanDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
