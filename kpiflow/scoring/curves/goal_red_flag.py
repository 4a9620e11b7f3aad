"""Goal and red flag: two anchors draw the whole scale, a third of it on either side."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.language import Message, msg
from kpiflow.scoring.attainment.convention import divided
from kpiflow.scoring.curves.base import BaseCurve, On, Place, place, place_exact
from kpiflow.scoring.given import Given


class GoalRedFlag(BaseCurve):
    """Two thirds of the scale at the goal, one third at the red flag, linear through both, from 0 to `max_points`.

    The direction follows which of the two is larger. Example: goal 700, red flag 500 give 0 at 300 and 10 at 900
    (Spider Impact).
    """

    kind: Literal["goal_red_flag"] = "goal_red_flag"
    on: Literal[On.ACTUAL] = On.ACTUAL
    goal: Place = Field(default="target", description="Where two thirds of the points are reached.")
    red_flag: Place = Field(default="threshold", description="Where one third of the points is reached.")
    max_points: Exact = Field(
        default=10, validate_default=True, gt=0, description="The top of the scale; the goal earns two thirds of it."
    )

    summary: ClassVar[Message] = msg("a scale drawn by the goal and the red flag")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return scale × (1 + (x − red flag) ÷ (goal − red flag)) ÷ 3, within the scale."""
        red, top = place(self.red_flag, given), float(self.max_points)
        way = divided(self.x(given) - red, place(self.goal, given) - red)
        return (top * (1 + way) / 3).clip(0, top)

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x, goal, red = self.x_exact(given), place_exact(self.goal, given), place_exact(self.red_flag, given)
        if x is None or goal is None or red is None or goal == red:
            return None
        top = Fraction(self.max_points)
        return min(max(top * (1 + (x - red) / (goal - red)) / 3, Fraction(0)), top)

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchors it is drawn by."""
        return tuple(where for where in (self.goal, self.red_flag) if isinstance(where, str))

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return self.max_points
