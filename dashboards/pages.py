"""The pages, in the order they are offered.

A new page is one file in app_pages, one line here, and one test.
"""

from dataclasses import dataclass

from kpiflow.workspace import Message, msg


@dataclass(frozen=True)
class PageEntry:
    """One page: its id is its path in the address, `needs` the action that opens it.

    `offered` pages stand in the line at the top; the others are reached by links, and `under` names the pages
    that lead to them, so that each has a way back: the first of these that the reader may open.
    """

    id: str
    title: Message
    icon: str
    file: str
    needs: str = "read_goals"
    offered: bool = True
    under: tuple[str, ...] = ()


OVERVIEW = PageEntry("overview", msg("Overview"), ":material/monitoring:", "app_pages/overview.py")
GOAL = PageEntry("goal", msg("Goal"), ":material/flag:", "app_pages/goal.py", offered=False)
STRATEGY = PageEntry("strategy", msg("Strategy"), ":material/schema:", "app_pages/strategy.py")
TARGETS = PageEntry("targets", msg("Targets"), ":material/tune:", "app_pages/targets.py", needs="set_target")
PROGRESS = PageEntry("progress", msg("My progress"), ":material/person:", "app_pages/progress.py")

WORKBENCH = PageEntry(
    "workbench", msg("Workbench"), ":material/account_tree:", "app_pages/workbench.py", needs="split_target"
)
TEAM = PageEntry("team", msg("My team"), ":material/groups:", "app_pages/team.py", needs="read_team")
TODO = PageEntry("todo", msg("To do"), ":material/checklist:", "app_pages/todo.py")
SCORES = PageEntry("scores", msg("Scores"), ":material/leaderboard:", "app_pages/scores.py", needs="read_scores")
ACCOUNTS = PageEntry(
    "accounts", msg("Accounts"), ":material/manage_accounts:", "app_pages/accounts.py", needs="manage_accounts"
)
TOKENS = PageEntry("tokens", msg("Tokens"), ":material/key:", "app_pages/tokens.py", offered=False)
WEBHOOKS = PageEntry(
    "webhooks", msg("Webhooks"), ":material/webhook:", "app_pages/webhooks.py", needs="manage_webhooks"
)
SOURCES = PageEntry(
    "sources",
    msg("Sources"),
    ":material/sync_alt:",
    "app_pages/sources.py",
    needs="manage_sources",
    offered=False,
    under=("intake",),
)
INTAKE = PageEntry("intake", msg("Intake"), ":material/upload_file:", "app_pages/intake.py", needs="load_measurements")
PLANS = PageEntry(
    "plans",
    msg("Plans"),
    ":material/calculate:",
    "app_pages/plans.py",
    needs="read_pay",
    offered=False,
    under=("cycle", "progress"),
)
CALIBRATION = PageEntry(
    "calibration",
    msg("Calibration"),
    ":material/balance:",
    "app_pages/calibration.py",
    needs="read_calibration",
    offered=False,
    under=("cycle",),
)
APPEALS = PageEntry(
    "appeals",
    msg("Appeals"),
    ":material/record_voice_over:",
    "app_pages/appeals.py",
    offered=False,
    under=("cycle", "progress"),
)
LETTERS = PageEntry("letters", msg("Letters"), ":material/contract:", "app_pages/letters.py")
PAY = PageEntry(
    "pay",
    msg("Pay"),
    ":material/payments:",
    "app_pages/pay.py",
    needs="read_pay",
    offered=False,
    under=("cycle", "progress"),
)
REVIEWS = PageEntry(
    "reviews",
    msg("Reviews"),
    ":material/rate_review:",
    "app_pages/reviews.py",
    offered=False,
    under=("cycle", "progress"),
)
CLOSING = PageEntry(
    "closing",
    msg("Closing"),
    ":material/lock:",
    "app_pages/closing.py",
    needs="read_scores",
    offered=False,
    under=("cycle",),
)
SCENARIOS = PageEntry(
    "scenarios",
    msg("Scenarios"),
    ":material/alt_route:",
    "app_pages/scenarios.py",
    needs="make_scenario",
    offered=False,
    under=("scores", "targets"),
)

FAIRNESS = PageEntry(
    "fairness", msg("Questions of fairness"), ":material/balance:", "app_pages/fairness.py", needs="check_fairness",
    offered=False, under=("cycle",),
)  # fmt: skip
CYCLE = PageEntry("cycle", msg("Cycle"), ":material/autorenew:", "app_pages/cycle.py", needs="read_scores")

PAGES: tuple[PageEntry, ...] = (
    OVERVIEW, STRATEGY, TARGETS, WORKBENCH, TEAM, SCORES, CYCLE, LETTERS, PROGRESS, TODO, ACCOUNTS, WEBHOOKS, CALIBRATION, APPEALS,
    REVIEWS, CLOSING, PAY, PLANS, SCENARIOS, FAIRNESS, INTAKE, SOURCES, TOKENS, GOAL,
)  # fmt: skip


def path(page: PageEntry) -> str:
    """Return where a page lives below the root of the site."""
    return page.id


def page_named(name: str) -> PageEntry:
    """Return the page of an id; the overview for one that is not there."""
    return next((page for page in PAGES if page.id == name), OVERVIEW)
