"""How the state of a letter looks: a word, a shape and a colour together, as with every status."""

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace.letters.answers import STATE_WORDS, LetterState

#: State → its shape, and the status whose colour it borrows.
SHAPES: dict[LetterState, tuple[str, str]] = {
    LetterState.NONE: ("○", "no_data"),
    LetterState.DRAWN_UP: ("◌", "outdated"),
    LetterState.SIGNED_BY_OWNER: ("◐", "at_risk"),
    LetterState.SIGNED_BY_MANAGER: ("◑", "at_risk"),
    LetterState.IN_FORCE: ("✓", "on_pace"),
    LetterState.SUPERSEDED: ("—", "no_data"),
}


def state_words(state: LetterState, language: str) -> str:
    """Return a state as shape and word: `✓ In force`."""
    return f"{SHAPES[state][0]} {words.say(STATE_WORDS[state], language)}"


def state_mark(state: LetterState, language: str) -> Markup:
    """Return a state as shape and word in its colour."""
    return el("span", state_words(state, language), class_="k-status", style=f"color:var(--k-ink-{SHAPES[state][1]})")
