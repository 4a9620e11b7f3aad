"""The pages, in the order they are offered.

A new page is one file in app_pages, one line here, and one test.
"""

from dataclasses import dataclass

from kpiflow.workspace import Message, msg


@dataclass(frozen=True)
class PageEntry:
    """One page: its id is its path in the address, `needs` the action that opens it.

    `offered` pages stand in the line at the top; the others are reached by links.
    """

    id: str
    title: Message
    icon: str
    file: str
    needs: str = "read_goals"
    offered: bool = True


OVERVIEW = PageEntry("overview", msg("Overview"), ":material/monitoring:", "app_pages/overview.py")
GOAL = PageEntry("goal", msg("Goal"), ":material/flag:", "app_pages/goal.py")
PROGRESS = PageEntry("progress", msg("My progress"), ":material/person:", "app_pages/progress.py")

PAGES: tuple[PageEntry, ...] = (OVERVIEW, GOAL, PROGRESS)


def path(page: PageEntry) -> str:
    """Return where a page lives below the root of the site."""
    return page.id


def page_named(name: str) -> PageEntry:
    """Return the page of an id; the overview for one that is not there."""
    return next((page for page in PAGES if page.id == name), OVERVIEW)
