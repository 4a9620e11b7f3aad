"""What a result earns: one kind of curve per file, each with its fields, its points and its exact reference.

Floor 4, part of scoring. Reads no clock, file or database.
"""

from typing import Annotated

from pydantic import Field

from kpiflow.scoring.curves.all_or_nothing import AllOrNothing
from kpiflow.scoring.curves.base import BaseCurve
from kpiflow.scoring.curves.best_of import BestOf
from kpiflow.scoring.curves.deduction import Deduction
from kpiflow.scoring.curves.equal_bands import EqualBands
from kpiflow.scoring.curves.goal_red_flag import GoalRedFlag
from kpiflow.scoring.curves.linear import Linear
from kpiflow.scoring.curves.milestones import Milestones
from kpiflow.scoring.curves.okr import Okr
from kpiflow.scoring.curves.per_percent import PerPercent
from kpiflow.scoring.curves.proportional import Proportional
from kpiflow.scoring.curves.rubric import Rubric
from kpiflow.scoring.curves.tiers import Tiers
from kpiflow.scoring.curves.worst_of import WorstOf

#: Every kind of curve, in alphabetical order.
CURVES: tuple[type[BaseCurve], ...] = (
    AllOrNothing,
    BestOf,
    Deduction,
    EqualBands,
    GoalRedFlag,
    Linear,
    Milestones,
    Okr,
    PerPercent,
    Proportional,
    Rubric,
    Tiers,
    WorstOf,
)

#: Any curve, told apart by its `kind` when it is read from configuration.
Curve = Annotated[
    AllOrNothing
    | BestOf
    | Deduction
    | EqualBands
    | GoalRedFlag
    | Linear
    | Milestones
    | Okr
    | PerPercent
    | Proportional
    | Rubric
    | Tiers
    | WorstOf,
    Field(discriminator="kind"),
]

for _several in (BestOf, WorstOf):
    _several.model_rebuild(_types_namespace={"Curve": Curve})

#: The curve of a goal that names none: 100 points at the target, in proportion, capped there.
STANDARD = Proportional(
    curve="standard", label="In proportion, at most 100 points", label_zh="按比例，最多 100 分", cap=100
)
