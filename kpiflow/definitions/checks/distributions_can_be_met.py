"""Target distributions name grades of their scale that stand next to each other, and some grades meet all their shares.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.appraisal.distribution import nearest, quotas
from kpiflow.core.distributing import TargetDistribution
from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg

#: A group so large that rounding decides nothing.
MANY = 100_000


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for unknown scales and grades, grades that do not stand together, and shares nothing can meet."""
    scales = places.known("grades", company.grades)
    for name, one in company.distributions.items():
        scale = company.grades.get(one.scale)
        if scale is None:
            if one.scale not in scales and "grades" not in places.unread:
                said = unknown(msg("grade scale"), one.scale, scales)
                yield places.problem("distribution", name, ("scale",), Level.ERROR, said)
            continue
        grades = [band.grade for band in scale.bands]
        found = list(_parts(name, one, grades, places))
        yield from found
        if not found and nearest(quotas(one, grades, MANY), {grades[0]: MANY}, grades) is None:
            said = msg("No distribution of grades meets all these shares at once.")
            yield places.problem("distribution", name, ("parts",), Level.ERROR, said)


def _parts(name: str, one: TargetDistribution, grades: list[str], places: Places) -> Iterator[Problem]:
    for number, part in enumerate(one.parts):
        loc = ("parts", number, "grades")
        strange = [grade for grade in part.grades if grade not in grades]
        if strange:
            yield places.problem("distribution", name, loc, Level.ERROR, unknown(msg("grade"), strange[0], grades))
            continue
        at = sorted(grades.index(grade) for grade in part.grades)
        if at != list(range(at[0], at[0] + len(at))):
            said = msg("The grades of a part must stand next to each other on the scale, each once.")
            yield places.problem("distribution", name, loc, Level.ERROR, said)
