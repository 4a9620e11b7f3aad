"""How the state of a review looks: a word, a shape and a colour together, as with every status."""

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace.reviewing.answers import STATE_WORDS, ReviewState

#: State → its shape, and the status whose colour it borrows.
SHAPES: dict[ReviewState, tuple[str, str]] = {
    ReviewState.NOT_BEGUN: ("○", "no_data"),
    ReviewState.SELF_DONE: ("◔", "outdated"),
    ReviewState.MANAGER_DONE: ("◑", "at_risk"),
    ReviewState.HR_CHECKED: ("◕", "at_risk"),
    ReviewState.SIGNED: ("✓", "on_pace"),
}


def state_words(state: ReviewState, language: str) -> str:
    """Return a state as shape and word: `✓ Signed`."""
    return f"{SHAPES[state][0]} {words.say(STATE_WORDS[state], language)}"


def state_mark(state: ReviewState, language: str) -> Markup:
    """Return a state as shape and word in its colour."""
    colour = f"color:var(--k-ink-{SHAPES[state][1]})"
    return el("span", state_words(state, language), class_="k-status", style=colour)
