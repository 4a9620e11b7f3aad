"""What happens when nothing was measured: one policy per file, each goal says which applies.

Floor 4, part of scoring. Reads no clock, file or database.
"""

from kpiflow.scoring.missing.error import Error
from kpiflow.scoring.missing.exclude import Exclude
from kpiflow.scoring.missing.last_value import LastValue
from kpiflow.scoring.missing.neutral import Neutral
from kpiflow.scoring.missing.policy import Policy
from kpiflow.scoring.missing.zero import Zero

#: Every policy a goal may name, in alphabetical order.
POLICIES: tuple[type[Policy], ...] = (Error, Exclude, LastValue, Neutral, Zero)

BY_NAME: dict[str, type[Policy]] = {policy.name: policy for policy in POLICIES}
