"""Why a goal's numbers are what they are, in sentences with the numbers in them."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl

from kpiflow.core.goal import Commitment, Rollup
from kpiflow.core.phasing import PhasingKind
from kpiflow.core.status import Status, StatusMeasure, StatusRule
from kpiflow.frames.goals import ANCHORS
from kpiflow.language import Message, Quantity, msg
from kpiflow.scoring.attainment import CONVENTIONS
from kpiflow.scoring.given import Given
from kpiflow.scoring.missing import BY_NAME
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules
from kpiflow.workspace.answers import Reason
from kpiflow.workspace.labels import amount, name_of
from kpiflow.workspace.words import CONVENTION_WORDS, ROLLUPS, STATUS_WORDS

Row = dict[str, Any]


def reasons(row: Row, children: pl.DataFrame, loads: pl.DataFrame, rules: Rules, moment: Moment) -> tuple[Reason, ...]:
    """Return every step from the measured rows to the status, each with its formula and numbers."""
    own = row["rollup"] == Rollup.OWN.value
    found = [
        _measured(row, loads, rules) if row["metric"] else None,
        _asked(row, rules, moment) if row["metric"] else None,
        _attained(row) if row["metric"] and own else None,
        _earned(row, rules) if own else _rolled(row, children),
        _weighed(row),
        _standing(row, rules),
    ]
    return tuple(reason for reason in found if reason is not None and reason.lines)


def _measured(row: Row, loads: pl.DataFrame, rules: Rules) -> Reason:
    metric = rules.metrics[row["metric"]]
    lines = [msg("{metric}: {definition}", metric=name_of(row, "metric_label"), definition=name_of(row, "definition"))]
    if row["missing"]:
        lines.append(
            msg("Nothing was measured in this period: {policy}.", policy=BY_NAME[row["missing"]].summary)
            if row["missing"] in BY_NAME
            else msg("Nothing was measured in this period.")
        )
        if row.get("absent"):
            lines.append(
                msg(
                    "The formula {formula} needs {absent}, of which nothing was measured.",
                    formula=metric.formula,
                    absent=row["absent"],
                )
            )
        elif metric.formula:
            lines.append(
                msg("All that the formula {formula} needs was measured: it divides by 0.", formula=metric.formula)
            )
    elif row["denominator"]:
        lines.append(
            msg(
                "Actual = {numerator} ÷ {denominator} × {scale} = {actual}: the sum of numerators over the sum of "
                "denominators, never a mean of rates.",
                numerator=row["numerator"],
                denominator=row["denominator"],
                scale=metric.measure.scale,
                actual=amount(row, "actual"),
            )
        )
    elif metric.formula:
        lines.append(msg("Actual = {formula} = {actual}.", formula=metric.formula, actual=amount(row, "actual")))
    else:
        lines.append(
            msg(
                "Actual = {actual}, {how} of {rows} measurements.",
                actual=amount(row, "actual"),
                how=AGGREGATIONS[metric.time_agg.value],
                rows=row["rows"],
            )
        )
    if row["rows"]:
        lines.append(
            msg(
                "It rests on {rows} {rows:row|rows} of {loads} {loads:load|loads}; the latest is of {day}.",
                rows=row["rows"],
                loads=loads.height,
                day=row["last_day"],
            )
        )
    if metric.example:
        lines.append(msg("Example data: these measurements are invented."))
    return Reason(msg("What was measured"), tuple(lines))


#: How values over time become one, in words.
AGGREGATIONS: dict[str, Message] = {
    "sum": msg("the sum"),
    "mean": msg("the mean"),
    "min": msg("the lowest"),
    "max": msg("the highest"),
    "first": msg("the first"),
    "last": msg("the latest"),
}


def _asked(row: Row, rules: Rules, moment: Moment) -> Reason:
    lines = []
    if row["low"] is not None or row["high"] is not None:
        lines.append(msg("The band is {low} to {high}.", low=amount(row, "low"), high=amount(row, "high")))
    if row["target"] is None:
        if row["low"] is None and row["high"] is None:
            lines.append(msg("No target is stated for this period."))
        return Reason(msg("What was asked"), tuple(lines))
    lines.append(
        msg(
            "The target of the period is {target}; of the whole cycle {whole}.",
            target=amount(row, "target"),
            whole=amount(row, "cycle_target"),
        )
    )
    phasing = rules.phasings.get(row["phasing"] or "")
    if phasing is not None:
        lines.append(
            msg("Phasing: {phasing}.", phasing=name_of({"label": phasing.label, "label_zh": phasing.label_zh}))
        )
        if phasing.kind is not PhasingKind.FLAT and not moment.over:
            lines.append(msg("By {day}, {expected} is expected.", day=moment.until, expected=amount(row, "expected")))
    return Reason(msg("What was asked"), tuple(lines))


def given_of(row: Row) -> Given[Fraction | None]:
    """Return a result row as the exact reference sees it."""

    def exact(value: float | None) -> Fraction | None:
        return None if value is None else Fraction(str(value))

    better = Fraction(-1 if row.get("direction") == "lower" else 1)
    return Given(
        actual=exact(row["actual"]),
        attainment=exact(row["attainment"]),
        anchors={name: exact(row[name]) for name in ANCHORS},
        better=better,
        in_band=None,
    )


def _attained(row: Row) -> Reason | None:
    if row["convention"] is None:
        return None
    convention = CONVENTIONS[row["convention"]]
    if row["attainment"] is None:
        if row["actual"] is None or not convention.needs:
            return None
        absent = [name for name in convention.needs if row[name] is None]
        if absent:
            why = msg("It needs {anchors}, which the goal does not state.", anchors=absent)
        elif row["points"] is not None and row["actual"] == 0:
            why = msg(
                "The actual is 0: no result is better, so the attainment is without end and the curve gives its most."
            )
        else:
            why = msg("It would divide by 0 here, so there is no attainment; choose another convention.")
        return Reason(
            msg("Attainment"),
            (
                msg(
                    "Convention {name}: {formula}.",
                    name=CONVENTION_WORDS.get(convention.name, convention.name),
                    formula=convention.formula,
                ),
                why,
            ),
        )
    numbers = [amount(row, "actual"), *(amount(row, name) for name in convention.needs)]
    lines = (
        msg(
            "Convention {name}: {formula}.",
            name=CONVENTION_WORDS.get(convention.name, convention.name),
            formula=convention.formula,
        ),
        msg(
            "With {numbers} that is {attainment}.",
            numbers=numbers,
            attainment=Quantity(row["attainment"], "attainment"),
        ),
    )
    return Reason(msg("Attainment"), lines)


def _earned(row: Row, rules: Rules) -> Reason:
    curve = rules.curve(row["curve"])
    label = name_of({"label": curve.label or curve.curve or curve.kind, "label_zh": curve.label_zh})
    lines = [msg("Curve {curve}: {summary}.", curve=label, summary=curve.summary)]
    if row["points"] is not None and curve.on == "attainment" and row["attainment"] is None:
        lines.append(msg("That earns {points} points.", points=Quantity(row["points"], "points")))
    elif row["points"] is not None:
        lines.append(
            msg("The {kind} {looked_at} earns {points} points.", kind=LOOKED_AT[curve.on.value],
                looked_at=Quantity(row["attainment"], "attainment") if curve.on == "attainment" else amount(row, "actual"),
                points=Quantity(row["points"], "points"))
        )  # fmt: skip
    if row["missing"] in BY_NAME:
        lines.append(msg("No data, so by the goal's policy: {policy}.", policy=BY_NAME[row["missing"]].summary))
    return Reason(msg("Points"), tuple(lines))


#: How many children the reasons name one by one.
CHILDREN_SAID = 12

#: What a curve looks at, in words.
LOOKED_AT: dict[str, Message] = {"attainment": msg("attainment"), "actual": msg("actual")}


def _rolled(row: Row, children: pl.DataFrame) -> Reason:
    lines = [msg("Its points are {rollup}.", rollup=ROLLUPS[row["rollup"]])]
    counted = children.filter(pl.col("counted"))
    lines += [_contribution(child) for child in counted.head(CHILDREN_SAID).iter_rows(named=True)]
    if counted.height > CHILDREN_SAID:
        lines.append(msg("… and {more} more.", more=counted.height - CHILDREN_SAID))
    left = children.filter(~pl.col("counted"))
    if left.height:
        lines.append(msg("{count} {count:child is|children are} drawn but not counted.", count=left.height))
    if row["missing"] == "error":
        lines.append(msg("A goal below has no data and its policy is to wait for it, so nothing is scored here."))
    elif row["points"] is not None:
        lines.append(msg("Together that is {points} points.", points=Quantity(row["points"], "points")))
    return Reason(msg("Points"), tuple(lines))


def _contribution(child: Row) -> Message:
    if child["points"] is None:
        return msg("{child}: no data, left out; its weight is shared by the others.", child=name_of(child))
    return msg(
        "{child}: {points} points × {share} = {contribution}.",
        child=name_of(child),
        points=Quantity(child["points"], "points"),
        share=Quantity(child["share"], "attainment"),
        contribution=Quantity(child["contribution"], "points"),
    )


def _weighed(row: Row) -> Reason:
    lines = []
    if row["commitment"] == Commitment.ASPIRATIONAL.value:
        lines.append(msg("Aspirational: it is shown, and never counts for appraisal or pay."))
    elif row["score"] is not None and row["sheet"] is not None:
        lines.append(
            msg(
                "Weight {weight} is {share} of the owner's goals under '{goal}', so it adds {score} to the points there.",
                weight=row["weight"],
                share=Quantity(row["share"], "attainment"),
                goal=row["sheet"],
                score=Quantity(row["score"], "score"),
            )
        )
    elif row["score"] is not None:
        lines.append(
            msg(
                "Weight {weight} is {share} of the owner's sheet, so it adds {score} to the owner's score.",
                weight=row["weight"],
                share=Quantity(row["share"], "attainment"),
                score=Quantity(row["score"], "score"),
            )
        )
    if row["coverage"] < 1:
        lines.append(
            msg(
                "Coverage: {coverage} of the weight below it has data.",
                coverage=Quantity(row["coverage"], "attainment"),
            )
        )
    return Reason(msg("Weight and score"), tuple(lines))


def _standing(row: Row, rules: Rules) -> Reason:
    status = row["status"]
    lines = [msg("Status: {status}.", status=STATUS_WORDS[status])]
    if status == Status.NO_DATA.value:
        lines.append(
            msg("Silence is never green: without data there is no status.")
            if row["actual"] is None
            else msg("Something was measured, but it earns no points and has no attainment, so there is no status.")
        )
    elif status == Status.OUTDATED.value:
        metric = rules.metrics.get(row["metric"] or "")
        lines.append(
            msg(
                "The latest value is of {day}; after {days} days without a new one it is outdated, whatever it says.",
                day=row["last_day"],
                days=None if metric is None else metric.fresh_for,
            )
        )
    else:
        rule = fitting_rule(row, rules.statuses)
        if rule is not None and rule.at_least is not None:
            lines.append(
                msg(
                    "The first rule that fits: {measure} {value} is at least {edge}.",
                    measure=MEASURES[rule.measure.value],
                    value=_measure_quantity(row, rule.measure),
                    edge=_edge(rule),
                )
            )
        elif rule is not None:
            lines.append(
                msg(
                    "It meets the rule of no better status: {measure} is {value}.",
                    measure=MEASURES[rule.measure.value],
                    value=_measure_quantity(row, rule.measure),
                )
            )
    lines += needed_for_better(row, rules)
    return Reason(msg("Status and what would change it"), tuple(lines))


#: What status rules measure, in words.
MEASURES: dict[str, Message] = {"pace": msg("pace"), "attainment": msg("attainment"), "points": msg("points")}


def fitting_rule(row: Row, rules: tuple[StatusRule, ...]) -> StatusRule | None:
    """Return the first status rule that fits a result row."""
    for rule in rules:
        value = row[rule.measure.value]
        if rule.commitment is not None and rule.commitment.value != row["commitment"]:
            continue
        if value is not None and (rule.at_least is None or value >= float(rule.at_least)):
            return rule
    return None


def _measure_quantity(row: Row, measure: StatusMeasure) -> Quantity:
    return Quantity(row[measure.value], "points" if measure is StatusMeasure.POINTS else "attainment")


def _edge(rule: StatusRule) -> Quantity:
    edge = None if rule.at_least is None else float(rule.at_least)
    return Quantity(edge, "points" if rule.measure is StatusMeasure.POINTS else "attainment")


def needed_for_better(row: Row, rules: Rules) -> list[Message]:
    """Return what the actual would have to be for the next better status, when the convention can say it."""
    if row["pace"] is None or row["convention"] is None or row["metric"] is None:
        return []
    better = [
        rule
        for rule in rules.statuses
        if rule.measure is StatusMeasure.PACE
        and rule.at_least is not None
        and float(rule.at_least) > row["pace"]
        and (rule.commitment is None or rule.commitment.value == row["commitment"])
    ]
    said = [_needed_for(row, rule, rules) for rule in reversed(better)]
    return [message for message in said if message is not None]


def _needed_for(row: Row, rule: StatusRule, rules: Rules) -> Message | None:
    """Return what the actual would have to be for one status, or None when the convention has no single answer."""
    expects = Fraction(rules.curve(row["curve"]).expects(Commitment(row["commitment"])))
    given = given_of(row)
    by_now = replace(given, anchors={**given.anchors, "target": _fraction(row["expected"])})
    answer = CONVENTIONS[row["convention"]].answer(Fraction(rule.at_least or 0) * expects, by_now)
    if answer is None:
        return None
    short = None if row["actual"] is None else abs(float(answer) - row["actual"])
    wanted = dict(row, wanted=float(answer), short=short)
    return msg(
        "For {status} it takes {wanted}: {short} from where it is.",
        status=STATUS_WORDS[rule.status.value],
        wanted=amount(wanted, "wanted"),
        short=amount(wanted, "short", difference=True),
    )


def _fraction(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(str(value))
