"""The part of the door through which people are rated and reviews are signed."""

from kpiflow.workspace.books import Books


class ReviewDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""
