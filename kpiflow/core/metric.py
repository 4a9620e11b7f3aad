"""What is measured: a metric's definition, unit, direction, and how it adds up over time and over the organisation."""

from enum import StrEnum

from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact, Named


class Measure(StrEnum):
    """The unit a metric is shown and targeted in; a percent metric's actual is 73.42, not 0.7342."""

    PERCENT = "percent"  # of a hundred: 73.42 is 73.42 %
    PERMILLE = "permille"  # of a thousand
    PER_10K = "per_10k"  # of ten thousand
    PER_100K = "per_100k"  # of a hundred thousand
    PPM = "ppm"  # of a million
    RATIO = "ratio"  # of one: 0.8 is 80 %
    COUNT = "count"  # how many of something
    CURRENCY = "currency"  # money, in the metric's currency
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    POINTS = "points"  # marks on a scale of one's own
    SCORE = "score"

    @property
    def scale(self) -> int:
        """What numerator ÷ denominator is multiplied by to be in this measure."""
        return {"percent": 100, "permille": 1000, "per_10k": 10_000, "per_100k": 100_000, "ppm": 1_000_000}.get(self, 1)


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"  # more is better
    LOWER = "lower"  # less is better
    WITHIN = "within"  # best at the target, or inside a band


class MetricKind(StrEnum):
    """How an actual comes about."""

    SIMPLE = "simple"  # values, aggregated by time_agg and tree_agg
    RATIO = "ratio"  # sum of numerators over sum of denominators, never a mean of rates
    DERIVED = "derived"  # a formula of other metrics, each aggregated first
    CUMULATIVE = "cumulative"  # values from the start of the cycle, or of a rolling window, to the period's end
    SNAPSHOT = "snapshot"  # a level: the first or last value of the period, added up over the organisation


class Aggregation(StrEnum):
    """How several values become one."""

    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    FIRST = "first"
    LAST = "last"


class ReportedBy(StrEnum):
    """Where its measurements come from."""

    OWNER = "owner"  # whoever answers for a goal on it gives the values, as check-ins
    FEED = "feed"  # a system, a survey or an inspector: owners say words and confidence about it, never values


class Rolling(Fact):
    """The window of a cumulative metric: whole months up to the period's last one, or from the start of the cycle."""

    months: int | None = Field(
        default=None, ge=1, le=24, description="How many months back; absent: from the cycle's first day."
    )


class Metric(Named):
    """A metric. `time_agg` is how values of one place add up over days, `tree_agg` how places add up."""

    metric: str = Field(pattern=r"^[A-Za-z][\w.-]*$", description="Its id.")
    definition: str = Field(description="In words: what counts, what does not, where it comes from.")
    definition_zh: str | None = Field(default=None, description="The same in 中文.")
    measure: Measure
    currency: str | None = Field(default=None, description="For measure currency: its ISO code.")
    direction: Direction
    kind: MetricKind = MetricKind.SIMPLE
    time_agg: Aggregation = Field(default=Aggregation.SUM, description="How values of one place become one over days.")
    tree_agg: Aggregation = Field(
        default=Aggregation.SUM, description="How values of several places become one: sum, mean, min or max."
    )
    formula: str | None = Field(
        default=None,
        description="For derived metrics: + - * / and brackets over metric ids, each in its own unit (79.6 for 79.6 %);"
        " also min, max and a if b >= c else d.",
    )
    window: Rolling | None = Field(default=None, description="For cumulative metrics.")
    step: Exact | None = Field(default=None, description="The smallest amount a target of it is set in.")
    fresh_for: int | None = Field(
        default=None, ge=0, description="Days without a measurement after which it is outdated."
    )
    reported_by: ReportedBy = Field(
        default=ReportedBy.OWNER,
        description="`owner`: values come as check-ins of who answers for a goal; `feed`: from a system, never so.",
    )
    example: bool = Field(default=False, description="Invented numbers: every page labels them as example data.")
    version: int = Field(default=1, ge=1, description="Raised when the definition changes: versions are not compared.")

    @model_validator(mode="after")
    def _fields_fit_the_kind(self) -> "Metric":
        if (self.kind is MetricKind.DERIVED) != (self.formula is not None):
            raise ValueError("a derived metric needs a formula, and only a derived metric has one")
        if self.window is not None and self.kind is not MetricKind.CUMULATIVE:
            raise ValueError("only a cumulative metric has a window")
        if self.kind is MetricKind.SNAPSHOT and self.time_agg not in (Aggregation.FIRST, Aggregation.LAST):
            raise ValueError("a snapshot is the first or the last value: set time_agg to first or last")
        if self.tree_agg in (Aggregation.FIRST, Aggregation.LAST):
            raise ValueError("places of an organisation have no order: tree_agg is sum, mean, min or max")
        if self.measure is Measure.CURRENCY and not self.currency:
            raise ValueError("a metric in currency says which: set currency to an ISO code such as CNY")
        return self

    @property
    def accrues(self) -> bool:
        """Whether it piles up over time, so that half a year holds about half of a year's target."""
        return self.kind in (MetricKind.SIMPLE, MetricKind.CUMULATIVE) and self.time_agg is Aggregation.SUM

    @property
    def splits(self) -> bool:
        """Whether targets of units add up to the target of the whole (a count does, a rate does not)."""
        return (
            self.kind is not MetricKind.RATIO
            and self.kind is not MetricKind.DERIVED
            and self.tree_agg is Aggregation.SUM
        )
