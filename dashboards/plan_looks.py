"""How the state of a plan looks: a word, a shape and a colour together, as with every status."""

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace.plans.published import STATE_WORDS, PlanState

#: State → its shape, and the status whose colour it borrows.
SHAPES: dict[PlanState, tuple[str, str]] = {
    PlanState.DRAFT: ("○", "no_data"),
    PlanState.FAILING: ("✗", "behind"),
    PlanState.WAITING: ("◐", "at_risk"),
    PlanState.PUBLISHED: ("✓", "on_pace"),
    PlanState.CHANGED: ("△", "outdated"),
}


def state_mark(state: PlanState, language: str) -> Markup:
    """Return a state as shape and word in its colour."""
    shape, colour = SHAPES[state]
    said = f"{shape} {words.say(STATE_WORDS[state], language)}"
    return el("span", said, class_="k-status", style=f"color:var(--k-ink-{colour})")


def held_mark(held: bool, language: str, said: str) -> Markup:  # noqa: FBT001  (it is what the mark shows)
    """Return whether something holds, as shape and words in their colour."""
    shape, colour = ("✓", "on_pace") if held else ("✗", "behind")
    return el("span", f"{shape} {said}", class_="k-status", style=f"color:var(--k-ink-{colour})", lang=language)
