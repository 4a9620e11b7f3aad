"""An appraisal worked out a second time, one person at a time and in fractions, from the written rules alone."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kpiflow.core.appraising import Absent, Adding, GradeScale, Scorecard, Section
from kpiflow.core.ruling import Cross, Finding, Looked


@dataclass(frozen=True)
class Goal:
    """A goal with a metric: what it earned (None: no data), its base, weight, and the number that was measured."""

    goal: str
    metric: str
    points: Fraction | None
    base: Fraction = Fraction(100)
    weight: Fraction = Fraction(1)
    actual: Fraction = Fraction(0)


@dataclass(frozen=True)
class Known:
    """All that is known of one person: goals, ratings by (section, item, rater), coefficients, points, counts."""

    goals: Sequence[Goal] = ()
    ratings: Mapping[tuple[str, str, str], Fraction] = field(default_factory=dict)
    coefficients: Sequence[Fraction] = ()
    points: Sequence[Fraction] = ()
    counts: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What comes out."""

    score: Fraction | None
    grade: str | None


def grade_of(scale: GradeScale, score: Fraction) -> str:
    step = Fraction(1, 10**scale.places)
    whole, rest = divmod(abs(score), step)
    rounded = (whole + (1 if rest * 2 >= step else 0)) * step * (-1 if score < 0 else 1)
    for band in scale.bands[:-1]:
        if rounded >= Fraction(band.at_least):
            return band.grade
    return scale.bands[-1].grade


def section_of(card: Scorecard, goal: Goal) -> str | None:
    for part in card.sections:
        if not part.items and (not part.metrics or goal.metric in part.metrics):
            return part.section
    return None


def rated(part: Section, ratings: Mapping[tuple[str, str, str], Fraction]) -> Fraction | None:
    gained, there = Fraction(0), Fraction(0)
    for rater, weight in part.raters.items():
        given = [(Fraction(item.weight), ratings[part.section, item.item, rater.value]) for item in part.items
                 if (part.section, item.item, rater.value) in ratings]  # fmt: skip
        if not given:
            continue
        mean = sum(w * v for w, v in given) / sum(w for w, _ in given)
        low, high = Fraction(part.rated.low), Fraction(part.rated.high)
        new_low, new_high = Fraction(part.becomes.low), Fraction(part.becomes.high)
        gained += Fraction(weight) * ((mean - low) / (high - low) * (new_high - new_low) + new_low)
        there += Fraction(weight)
    if not there:
        return None
    whole = sum(Fraction(one) for one in part.raters.values())
    return gained / (whole if part.absent_rater is Absent.ZERO else there)


def sections(card: Scorecard, known: Known, points: Mapping[str, Fraction | None]) -> dict[str, Fraction | None]:
    found: dict[str, Fraction | None] = {}
    for part in card.sections:
        if part.items:
            found[part.section] = rated(part, known.ratings)
            continue
        mine = [one for one in known.goals if section_of(card, one) == part.section and points[one.goal] is not None]
        weight = sum(one.weight for one in mine)
        if not weight:
            found[part.section] = None
        elif card.adding is Adding.SUM:
            found[part.section] = sum((points[one.goal] for one in mine if one.weight), Fraction(0))
        else:
            found[part.section] = sum(points[one.goal] * one.weight for one in mine) / weight
    return found


def total(card: Scorecard, parts: Mapping[str, Fraction | None]) -> Fraction | None:
    if all(one is None for one in parts.values()):
        return None
    if card.adding is Adding.SUM:
        return sum((one for one in parts.values() if one is not None), Fraction(0))
    weights = {
        part.section: Fraction(part.weight)
        for part in card.sections
        if parts[part.section] is not None or card.absent is Absent.ZERO
    }
    return sum((parts[name] or Fraction(0)) * weight for name, weight in weights.items()) / sum(weights.values())


Points = dict[str, Fraction | None]


def base_of(rule: Cross, base: Fraction | None) -> Fraction:
    """The base points a rule asks for: its own, those of the target, or 100."""
    return Fraction(rule.base) if rule.base is not None else Fraction(100) if base is None else base


def missed(rule: Cross, known: Known, before: Points, bases: Points) -> bool:
    part = rule.if_missed
    if part.metrics:
        mine = [one for one in known.goals if one.metric in part.metrics and one.points is not None]
        return any(one.points < base_of(rule, one.base) for one in mine)
    return any(before[name] is not None and before[name] < base_of(rule, bases.get(name)) for name in part.sections)


def crossed(card: Scorecard, known: Known) -> tuple[Points, bool]:
    """The sections after the cross rules, and whether one of them takes the coefficient away."""
    points = {one.goal: one.points for one in known.goals}
    before = sections(card, known, points)
    at_base = sections(card, known, {one.goal: None if one.points is None else one.base for one in known.goals})
    bases = {part.section: at_base[part.section] for part in card.sections if not part.items}
    limits: dict[str, Fraction] = {}
    dropped = False
    for rule in card.cross if total(card, before) is not None else ():
        if not missed(rule, known, before, bases):
            continue
        dropped = dropped or rule.without_coefficient
        part, others = rule.if_missed, rule.others
        if part.metrics if others is None else others.metrics:
            for one in known.goals:
                if one.points is not None and (others is None or one.metric in others.metrics):
                    points[one.goal] = min(one.points, one.base)
        else:
            for name in before:
                if name not in part.sections if others is None else name in others.sections:
                    limits[name] = Fraction(100) if bases.get(name) is None else bases[name]
    parts = sections(card, known, points)
    return {
        name: value if value is None else min(value, limits.get(name, value)) for name, value in parts.items()
    }, dropped


def found(when: Finding, known: Known, parts: Points) -> bool:
    if when.sections:
        numbers = [parts[name] for name in when.sections]
    elif when.count is not None:
        numbers = [known.counts.get(when.count)]
    else:
        mine = [one for one in known.goals if one.metric in when.metrics]
        numbers = [one.points if when.of is Looked.POINTS else one.actual for one in mine]
    how, edge = when.compared
    beyond = {"below": operator.lt, "at_most": operator.le, "above": operator.gt, "at_least": operator.ge}[how]
    return any(beyond(number, edge) for number in numbers if number is not None)


def appraised(card: Scorecard, scale: GradeScale, known: Known) -> Result:
    parts, dropped = crossed(card, known)
    score = total(card, parts)
    if score is None:
        return Result(None, None)
    for factor in () if dropped else known.coefficients:
        score *= factor
    score += sum(known.points, Fraction(0))
    order = [band.grade for band in scale.bands]
    vetoes = [veto for veto in card.vetoes if found(veto.when, known, parts)]
    score = min([score, *(Fraction(veto.score) for veto in vetoes if veto.score is not None)])
    grade = max([grade_of(scale, score), *(veto.grade for veto in vetoes if veto.grade is not None)], key=order.index)
    for ceiling in card.ceilings:
        if found(ceiling.when, known, parts):
            grade = max(grade, ceiling.grade, key=order.index)
    return Result(score, grade)
