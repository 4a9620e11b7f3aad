"""What a role may do is something that can be done.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.access.actions import ACTIONS
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem, suggest
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for each action of a role that there is not, or that follows from what the role reads."""
    known = [name for name, action in ACTIONS.items() if action.listed]
    for name, role in company.roles.items():
        for number, action in enumerate(role.actions):
            if action in known:
                continue
            said = (
                msg("'{action}' follows from what the role reads; leave it out.", action=action)
                if action in ACTIONS
                else msg(
                    "There is no action '{action}'. Did you mean '{near}'?",
                    action=action,
                    near=suggest(action, known) or known[0],
                )
            )
            yield places.problem("role", name, ("actions", number), Level.ERROR, said)
