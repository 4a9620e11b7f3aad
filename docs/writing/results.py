"""What the commands write as JSON: stable, so that other programs may read it."""

from docs.writing.markdown import code, table
from docs.writing.tables import columns

#: The fields of a payout; its lines are described below.
PAY = (
    ("person", "who is paid"),
    ("plan", "the plan that pays"),
    ("period", "the period it pays for"),
    ("amount", "the amount, as exact text with the currency's digits"),
    ("currency", "ISO code"),
    ("lines", "the statement: numbered lines that add up to the amount"),
)


def page() -> str:
    """Return the fields of scores and of payouts."""
    from kpiflow.frames.results import GoalResults

    return "\n\n".join(
        [
            (
                "With `--format json` each command writes a list of objects to stdout and nothing else; narration goes to stderr. "
                "Absent is null, never 0. Fields may be added, none will be renamed without a note in the changelog."
            ),
            "## kpiflow score --format json\n\nOne object per goal.",
            columns(GoalResults),
            "## kpiflow pay --format json\n\nOne object per person and plan.",
            table(("field", "meaning"), [(code(name), meaning) for name, meaning in PAY]),
        ]
    )
