"""Targets downward: a parent's target split over its children, one method per file.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from kpiflow.cascade.splitting.by_headcount import ByHeadcount
from kpiflow.cascade.splitting.by_last_year import ByLastYear
from kpiflow.cascade.splitting.by_weight import ByWeight
from kpiflow.cascade.splitting.equal import Equal
from kpiflow.cascade.splitting.fixed import Fixed
from kpiflow.cascade.splitting.method import Method
from kpiflow.cascade.splitting.same import Same
from kpiflow.cascade.splitting.shift import Shift
from kpiflow.errors import not_found
from kpiflow.language import msg

#: Every method, in alphabetical order.
METHODS: tuple[type[Method], ...] = (ByHeadcount, ByLastYear, ByWeight, Equal, Fixed, Same, Shift)

BY_NAME: dict[str, type[Method]] = {method.name: method for method in METHODS}


def method_named(name: str) -> type[Method]:
    """Return a method by name; raises NotFound with the nearest one."""
    if name not in BY_NAME:
        raise not_found(msg("way to split"), name, BY_NAME)
    return BY_NAME[name]
