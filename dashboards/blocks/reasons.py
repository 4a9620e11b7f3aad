"""Why a number is what it is: the workspace's reasons, each a title with its sentences."""

from collections.abc import Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Reason


def reasons(why: Sequence[Reason], language: str) -> Markup:
    """Return the panel."""
    return el(
        "div",
        *(
            el(
                "section",
                el("h4", words.say(reason.title, language)),
                *(el("p", words.say(line, language)) for line in reason.lines),
            )
            for reason in why
        ),
        class_="k k-why",
    )
