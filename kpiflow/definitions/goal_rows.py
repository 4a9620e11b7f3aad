"""Goals as people write them: owners in short form, anchors with the metric's own sign, and every default filled in.

The defaults are all here: weight 1, kind kpi with a metric and objective without, rollup own (children for an
objective), missing exclude, commitment committed, stage active, scope the owner, cycle the only one there is.
Floor 5: reads no clock, file or database.
"""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from kpiflow.core.goal import Commitment, GoalKind, OwnerKind, Rollup, Stage
from kpiflow.core.metric import Measure, Metric
from kpiflow.definitions.columns import number, sign
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.frames.goals import ANCHORS
from kpiflow.language import msg

#: The sign each measure is written with; every other measure has none.
OWN_SIGN: dict[Measure, str] = {Measure.PERCENT: "%", Measure.PERMILLE: "‰", Measure.PER_10K: "‱"}

#: What a goal has when nothing is written.
DEFAULTS: dict[str, str] = {
    "weight": "1",
    "missing": "exclude",
    "commitment": Commitment.COMMITTED.value,
    "stage": Stage.ACTIVE.value,
}

#: The columns that may be left out, beside those that may be empty in the table.
OPTIONAL = frozenset({*DEFAULTS, "kind", "rollup", "owner_kind", "scope", "scope_kind"})


def with_defaults(goals: pl.DataFrame, cycles: Iterable[str]) -> pl.DataFrame:
    """Return goal rows (text) with everything that may be left out filled in."""
    only = list(cycles)
    kind = pl.col("kind").fill_null(
        pl.when(pl.col("metric").is_null()).then(pl.lit(GoalKind.OBJECTIVE.value)).otherwise(pl.lit(GoalKind.KPI.value))
    )
    rollup = (
        pl.when(kind == GoalKind.OBJECTIVE.value)
        .then(pl.lit(Rollup.CHILDREN.value))
        .otherwise(pl.lit(Rollup.OWN.value))
    )
    return goals.with_columns(
        kind,
        pl.col("rollup").fill_null(rollup),
        pl.col("cycle").fill_null(pl.lit(only[0] if len(only) == 1 else None)),
        *(pl.col(name).fill_null(value) for name, value in DEFAULTS.items()),
    )


def with_owners(
    goals: pl.DataFrame, units: pl.Series, people: pl.Series, places: Places
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return goal rows with owner and scope split into kind and id, and a problem for each bare id that is both.

    `unit:EWR` and `person:p1` say which; a bare `EWR` is looked up. Scope is the owner where nothing is written.
    """
    problems: list[Problem] = []
    for name in ("owner", "scope"):
        kind = f"{name}_kind"
        goals = goals.with_columns(
            pl.col(name).str.extract(r"^(unit|person)\s*:\s*(.+)$", 1).fill_null(pl.col(kind)).alias(kind),
            pl.col(name).str.replace(r"^(unit|person)\s*:\s*", "").alias(name),
        )
        is_unit = pl.col(name).is_in(units.drop_nulls().implode())
        is_person = pl.col(name).is_in(people.drop_nulls().implode())
        both = goals.filter(pl.col(kind).is_null() & is_unit & is_person)
        problems += places.listed(
            both,
            name,
            Level.ERROR,
            lambda row, name=name: msg(
                "'{word}' is a unit and a person. Write unit:{word} or person:{word}.", word=row[name]
            ),
        )
        looked_up = (
            pl.when(is_person & ~is_unit).then(pl.lit(OwnerKind.PERSON.value)).otherwise(pl.lit(OwnerKind.UNIT.value))
        )
        if name == "scope":
            goals = goals.with_columns(
                scope_kind=pl.when(pl.col("scope").is_null()).then("owner_kind").otherwise("scope_kind"),
                scope=pl.col("scope").fill_null(pl.col("owner")),
            )
        goals = goals.with_columns(
            pl.when(pl.col(name).is_not_null())
            .then(pl.col(kind).fill_null(looked_up))
            .otherwise(pl.col(kind).fill_null("unit"))
            .alias(kind)
        )
    return goals, problems


def with_anchors(
    rows: pl.DataFrame, metric: pl.Series, metrics: Mapping[str, Metric], places: Places
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return rows whose anchors are plain numbers in the metric's own unit, and a problem for each sign that is not its own.

    `metric` is the metric of each row. 79.27% of a percent metric is 79.27; a per-ten-thousand metric takes ‱, and so on.
    """
    signs = {name: OWN_SIGN.get(one.measure, "") for name, one in metrics.items()}
    own = metric.replace_strict(signs, default=None, return_dtype=pl.String) if signs else metric.clear(len(metric))
    problems: list[Problem] = []
    rows = rows.with_columns(own_sign=own, metric_there=metric)
    for name in (anchor for anchor in ANCHORS if anchor in rows.columns):
        if not rows[name].str.contains("[%‰‱]").any():  # the pattern below is dear on half a million rows
            continue
        text = pl.col(name)
        signed = (sign(text) != "") & number(text).is_not_null()
        wrong = signed & (sign(text) != pl.col("own_sign").fill_null(""))
        problems += _wrong_signs(rows.filter(wrong), name, metrics, places)
        plain = text.str.strip_chars_end("%‰‱ ")
        rows = rows.with_columns(pl.when(wrong).then(None).when(signed).then(plain).otherwise(text).alias(name))
    return rows.drop("own_sign", "metric_there"), problems


def _wrong_signs(bad: pl.DataFrame, name: str, metrics: Mapping[str, Metric], places: Places) -> Iterator[Problem]:
    """Yield a problem for each anchor with a sign that its metric does not have."""

    def say(row: dict[str, object]) -> object:
        metric = metrics.get(str(row["metric_there"]))
        if metric is None:
            return msg(
                "'{word}' has a sign, but the goal has no metric in that unit. Write the number alone.", word=row[name]
            )
        return msg(
            "'{word}' does not fit '{metric}', which is measured in {measure}. Write the number in that unit.",
            word=row[name],
            metric=metric.metric,
            measure=metric.measure.value,
        )

    yield from places.listed(bad, name, Level.ERROR, say)  # type: ignore[arg-type]
