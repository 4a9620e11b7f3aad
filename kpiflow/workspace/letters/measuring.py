"""The measuring rules of a goal in words: what is measured and where from, what it earns, and what happens without data."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from kpiflow.core.goal import Commitment, GoalKind, Rollup
from kpiflow.core.letter import Rule
from kpiflow.core.metric import Metric, MetricKind
from kpiflow.core.phasing import PhasingKind
from kpiflow.definitions.company import Company
from kpiflow.language import Message, Name, msg
from kpiflow.scoring.attainment import CONVENTIONS, DEFAULTS
from kpiflow.scoring.curves import STANDARD
from kpiflow.scoring.curves.base import BaseCurve
from kpiflow.scoring.missing import BY_NAME
from kpiflow.workspace.explaining import AGGREGATIONS
from kpiflow.workspace.letters.curves import amount, earned, lines
from kpiflow.workspace.letters.wording import both
from kpiflow.workspace.words import ROLLUPS

#: What a rule is about, in words; the key stands in the letter.
ABOUT: dict[str, Message] = {
    "definition": msg("What is measured"),
    "source": msg("Source"),
    "attainment": msg("Attainment"),
    "curve": msg("Points"),
    "earns": msg("What it earns"),
    "phasing": msg("Over the year"),
    "missing": msg("Where there is no data"),
    "rollup": msg("Roll-up"),
    "commitment": msg("Commitment"),
}


def rules_of(row: dict[str, Any], company: Company, scope: Name) -> tuple[Rule, ...]:
    """Return the measuring rules of a goal's row, in the order they are read; `scope` is whose measurements count."""
    return tuple(_rules(row, company, scope))


#: What a goal itself says about how it is measured.
_SETTINGS = ("kind", "scope_kind", "scope", "attainment", "accrual", "rollup", "missing")


def terms_of(row: dict[str, Any], company: Company) -> str:
    """Return a short fingerprint of everything that measures a goal: its settings, metric, curve and phasing."""
    metric = company.metrics.get(row["metric"] or "")
    curve = None if row["curve"] is None else company.curves.get(row["curve"])
    phasing = company.phasings.get(row["phasing"] or "")
    said = [None if one is None else one.model_dump(mode="json") for one in (metric, curve, phasing)]
    text = json.dumps([[row[name] for name in _SETTINGS], *said], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _rules(row: dict[str, Any], company: Company, scope: Name) -> Iterator[Rule]:
    metric = company.metrics.get(row["metric"] or "")
    if metric is not None:
        yield _definition(metric)
        yield _rule("source", _source(metric, scope))
    if row["rollup"] != Rollup.OWN.value or metric is None:
        yield _rollup(row["rollup"])
    else:
        convention = convention_of(row, metric)
        curve = STANDARD if row["curve"] is None else company.curves[row["curve"]]
        yield _attainment(convention)
        yield from _curve(curve, metric)
        earning = earned(row, metric, curve, convention)
        if earning:
            yield _rule("earns", msg("{earning}", earning=earning))
        yield _rule("phasing", _phasing(row, metric, company))
    if row["missing"] in BY_NAME:
        yield _missing(row["missing"])
    if row["commitment"] == Commitment.ASPIRATIONAL.value:
        yield _rule("commitment", msg("Aspirational: it is shown, and never counts for appraisal or pay."))


def _rule(about: str, said: Message) -> Rule:
    return Rule(about=about, says=both(said))


# What is the same in thousands of letters is put into words once.


@lru_cache(maxsize=1024)
def _definition(metric: Metric) -> Rule:
    return _rule("definition", msg("{definition}", definition=Name(metric.definition, metric.definition_zh)))


@lru_cache(maxsize=4096)
def _curve(curve: BaseCurve, metric: Metric) -> tuple[Rule, ...]:
    return tuple(_rule("curve", said) for said in lines(curve, metric))


@cache
def _attainment(convention: str) -> Rule:
    return _rule("attainment", msg("{formula}", formula=CONVENTIONS[convention].formula))


@cache
def _rollup(rollup: str) -> Rule:
    return _rule("rollup", msg("Its points are {rollup}.", rollup=ROLLUPS[rollup]))


@cache
def _missing(policy: str) -> Rule:
    return _rule("missing", msg("If nothing was measured: {policy}.", policy=BY_NAME[policy].summary))


def convention_of(row: dict[str, Any], metric: Metric) -> str:
    """Return the convention of a goal: its own, that of a single milestone, or the usual one of its direction."""
    if row["attainment"] is not None:
        return str(row["attainment"])
    single = row["kind"] == GoalKind.MILESTONE.value and row["target"] in (None, 1)
    return "reached" if single else DEFAULTS[metric.direction]


def _source(metric: Metric, scope: Name) -> Message:
    """Say how an actual comes about, and for whom it is measured."""
    example = msg(" The measurements are invented example data.") if metric.example else Message("")
    facts = {"scope": scope, "example": example}
    if metric.kind is MetricKind.RATIO and metric.measure.scale == 1:
        return msg(
            "The sum of numerators over the sum of denominators, for {scope}; never a mean of rates.{example}", **facts
        )
    if metric.kind is MetricKind.RATIO:
        return msg("The sum of numerators over the sum of denominators × {scale}, for {scope}; never a mean of rates.{example}",
                   scale=metric.measure.scale, **facts)  # fmt: skip
    if metric.kind is MetricKind.DERIVED:
        return msg("Worked out as {formula}, for {scope}.{example}", formula=metric.formula, **facts)
    how = AGGREGATIONS[metric.time_agg.value]
    if metric.kind is MetricKind.CUMULATIVE:
        return msg("Taken as {how} of what was recorded for {scope} since the cycle began.{example}", how=how, **facts)
    return msg("Taken as {how} of what was recorded for {scope}.{example}", how=how, **facts)


def _phasing(row: dict[str, Any], metric: Metric, company: Company) -> Message:
    """Say how the target is spread over the year."""
    whole = row["kind"] in (GoalKind.MILESTONE.value, GoalKind.RUBRIC.value)
    usual = PhasingKind.EVEN if metric.accrues and not whole else PhasingKind.FLAT
    phasing = company.phasings[row["phasing"] or usual.value]
    name = Name(phasing.label, phasing.label_zh)
    if row["target"] is None:
        return msg("{phasing}.", phasing=name)
    return msg(
        "{phasing}; the target of the whole cycle is {target}.",
        phasing=name,
        target=amount(row["target"], metric),
    )
