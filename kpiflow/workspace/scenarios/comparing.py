"""Scenarios side by side with each other and with how it is now."""

from collections.abc import Sequence

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.scenarios.answers import Compared, Part
from kpiflow.workspace.scenarios.effects import effect
from kpiflow.workspace.scenarios.shelf import supposed_by, taken

#: How many scenarios stand side by side at most.
MOST = 3


def compared(ws: Books, asker: Asker, numbers: Sequence[int]) -> Compared:
    """Answer what up to three scenarios of one period do, side by side; raises NotFound, or InvalidInput for other periods."""
    wanted = tuple(dict.fromkeys(numbers))
    if not 1 <= len(wanted) <= MOST:
        raise InvalidInput(msg("Between one and {most} scenarios can be compared.", most=MOST))
    scenarios = tuple(taken(ws, asker, number) for number in wanted)
    periods = {one.period for one in scenarios}
    if len(periods) > 1:
        raise InvalidInput(
            msg("These scenarios are of different periods: {periods}. Compare those of one.", periods=sorted(periods))
        )
    effects = tuple(effect(ws, asker, supposed_by(ws, asker, number), Part(size=0)) for number in wanted)
    grades = effects[0].grades.select("grade", "label", "label_zh", now="before")
    for number, one in zip(wanted, effects, strict=True):
        column = one.grades.select("grade", pl.col("after").alias(str(number)))
        grades = grades.join(column, on="grade", how="left", nulls_equal=True, maintain_order="left")
    return Compared(scenarios, effects, grades.with_columns(pl.col(str(number)).fill_null(0) for number in wanted))
