"""When results raise a question about fairness: how thin, how near and how far apart is worth asking about."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from kpiflow.core.fact import Exact, Fact


class FairnessCheck(StrEnum):
    """What is looked at; each raises a question, and none of them is a verdict."""

    THIN_DATA = "thin_data"  # a score that rests on few cases
    EDGE_HUGGING = "edge_hugging"  # many results just above an edge, few just below it
    LATE_ENTRIES = "late_entries"  # entries about days long past, written shortly before the end
    RATERS_APART = "raters_apart"  # one rater far from the others
    GROUPS_APART = "groups_apart"  # scores or pay of a recorded group far from those of others in the same roles


class FairnessRules(Fact):
    """From where on a question is raised."""

    fewest_cases: int = Field(default=30, ge=1, description="A rate over fewer cases than these rests on thin data.")
    fewest_values: int = Field(default=3, ge=1, description="A mean of fewer values than these rests on thin data.")
    thin_share: Exact = Field(
        default=Decimal("0.25"),
        ge=0,
        le=1,
        description="Somebody is asked about from this share of their weight resting on thin data.",
    )
    near: Exact = Field(
        default=Decimal(1),
        gt=0,
        description="Points on either side of the edge of a grade that count as near it.",
    )
    near_target: Exact = Field(
        default=Decimal("0.01"),
        gt=0,
        description="How far from a target, as a share of it, counts as near it.",
    )
    late_days: int = Field(default=30, ge=1, description="Days between what happened and its entry that are long.")
    last_days: int = Field(default=14, ge=1, description="Days before a period is closed that are shortly before it.")
    fewest_people: int = Field(default=5, ge=2, description="Groups of fewer people are neither compared nor named.")
    fewest_rated: int = Field(default=3, ge=2, description="Raters of fewer people are not compared.")
