"""The way from where targets, scores and pay stand to what they would be otherwise."""

from dashboards import address, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.pages import SCENARIOS, path
from kpiflow.workspace import Name, msg


def scenario_link(asked: Question) -> None:
    """Offer the scenarios to whoever may try them."""
    if asked.ws.may(asked.asker, SCENARIOS.needs).allowed:
        said = Name(words.say(msg("What if this were otherwise …"), asked.language))
        showing.block(text.crumbs(((said, address.link(path(SCENARIOS), asked.view)),), asked.language))
