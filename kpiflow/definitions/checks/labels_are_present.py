"""Whatever people see has a label they can read.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning for each definition whose label is blank; a table's label cannot be, its reader asks for it."""
    for kind, definitions in (
        ("metric", company.metrics),
        ("curve", company.curves),
        ("scorecard", company.scorecards),
        ("grades", company.grades),
        ("distribution", company.distributions),
        ("plan", company.plans),
        ("role", company.roles),
        ("source", company.sources),
    ):
        for name, one in definitions.items():
            if not (getattr(one, "label", None) or "").strip():
                said = msg("'{name}' has no label. Write what people call it.", name=name)
                yield places.problem(kind, name, ("label",), Level.WARNING, said)
