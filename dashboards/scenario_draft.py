"""The scenario looked at: a saved one, and in the address the edits that are tried and not saved."""

from dataclasses import dataclass

from dashboards.asking import Question
from kpiflow.workspace.scenarios.answers import Scenario, Supposition
from kpiflow.workspace.scenarios.edits import Edits, read_edits, written_edits


@dataclass(frozen=True)
class Draft:
    """What is supposed now. `saved` is the scenario it began with; `changed`: the edits are not those that were saved."""

    supposed: Supposition
    saved: Scenario | None
    changed: bool

    @property
    def edits(self) -> Edits:
        """The edits that are tried."""
        return self.supposed.edits

    @property
    def number(self) -> int | None:
        """The number of the saved scenario."""
        return None if self.saved is None else self.saved.number

    @property
    def of(self) -> int | Supposition:
        """What the workspace is asked about: the saved scenario in whole, or what is tried."""
        return self.supposed if self.saved is None or self.changed else self.saved.number


def draft_of(asked: Question) -> Draft:
    """Return the draft in the address; raises NotFound for a scenario that may not be read, InvalidInput for bad edits."""
    number, written = asked.view.choice("scenario"), asked.view.choice("edits")
    saved = asked.ws.scenario(asked.asker, int(number)) if number and number.isdecimal() else None
    if saved is None:
        return Draft(Supposition(asked.period, read_edits(written or "[]"), asked.as_of), None, bool(written))
    edits = saved.edits if written is None else read_edits(written)
    supposed = Supposition(saved.period, edits, saved.as_of)
    return Draft(supposed, saved, written is not None and edits != saved.edits)


def with_edits(edits: Edits) -> str:
    """Return edits as the address holds them; none at all is said as well, for a saved scenario has some."""
    return written_edits(edits)
