"""The status rules end with one that always fits, and nothing after it is out of reach.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for rules after one that always fits, and where the last rule leaves results without a status."""
    last = len(company.statuses) - 1
    for number, rule in enumerate(company.statuses):
        always = rule.at_least is None and rule.commitment is None
        if always and number < last:
            said = msg("This rule always fits, so the rules below it are never reached. Put it last.")
            yield places.problem("status", str(number), (), Level.ERROR, said)
        if number == last and not always:
            said = msg(
                "The last rule must always fit: leave out at_least and commitment, so that every result has a status."
            )
            yield places.problem("status", str(number), (), Level.ERROR, said)
