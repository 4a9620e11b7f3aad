"""From shares to heads: how many people of a group should have which grade, and what is missing to that.

Two published rules, and nothing silent. Where every part is a share that is meant to be equal and they cover the scale, each
gets its share of the heads rounded down and the heads left go to the largest remainders (SAP KBA 2245773). Otherwise each
part is a range: a most is rounded up, a least is rounded down, and an equal share lies between the two (SAP KBA 3634696).

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from kpiflow.core.distributing import GradeShare, ShareBound, TargetDistribution
from kpiflow.core.remainder import apportion, fraction


@dataclass(frozen=True)
class Quota:
    """How many of a group's people should have one of some grades: `target` as shown, `least` to `most` as met."""

    grades: tuple[str, ...]
    bound: ShareBound
    share: Fraction
    target: int
    least: int
    most: int

    def missing(self, counts: Mapping[str, int]) -> int:
        """Return how many people are too few (below 0) or too many (above 0); 0 when it is met."""
        there = sum(counts.get(grade, 0) for grade in self.grades)
        return min(there - self.least, 0) or max(there - self.most, 0)


def quotas(target: TargetDistribution, grades: Sequence[str], people: int) -> tuple[Quota, ...]:
    """Return the heads that a group of `people` owes each part of a target; `grades` is the scale, best first."""
    if _is_partition(target.parts, grades):
        counts = apportion(people, [part.share for part in target.parts])
        return tuple(
            Quota(part.grades, part.is_, fraction(part.share), int(count), int(count), int(count))
            for part, count in zip(target.parts, counts, strict=True)
        )
    return tuple(_ranged(part, people) for part in target.parts)


def _is_partition(parts: Sequence[GradeShare], grades: Sequence[str]) -> bool:
    """Return whether the parts name every grade once, all as equal shares that come to 100 %."""
    named = [grade for part in parts for grade in part.grades]
    equal = all(part.is_ is ShareBound.EQUALS for part in parts)
    # 33.3 + 33.4 + 33.3: what is written with a digit or two may miss the whole by a little.
    whole = abs(sum((fraction(part.share) for part in parts), Fraction(-1))) <= Fraction(1, 100)
    return equal and sorted(named) == sorted(grades) and whole


def _ranged(part: GradeShare, people: int) -> Quota:
    """Return a part's quota as a range of heads, rounded as its bound says."""
    share = fraction(part.share)
    exact = Fraction(share * people)
    low, high, is_whole = floor(exact), ceil(exact), exact.denominator == 1
    least, most = {
        ShareBound.UNDER: (0, high - is_whole),
        ShareBound.AT_MOST: (0, high),
        ShareBound.EQUALS: (low, high),
        ShareBound.AT_LEAST: (low, people),
        ShareBound.OVER: (low + is_whole, people),
    }[part.is_]
    shown = most if part.is_ in (ShareBound.UNDER, ShareBound.AT_MOST) else least
    return Quota(part.grades, part.is_, share, max(shown, 0), least, max(most, 0))


def is_met(owed: Sequence[Quota], counts: Mapping[str, int]) -> bool:
    """Return whether a group's grades are within every quota."""
    return all(quota.missing(counts) == 0 for quota in owed)


def nearest(owed: Sequence[Quota], counts: Mapping[str, int], grades: Sequence[str]) -> dict[str, int] | None:
    """Return heads per grade that meet every quota with the best grades changed as little as can be; None: nothing does.

    The heads down to each grade, added up, must lie apart as the quotas say. Such differences are closed over every way
    (shortest paths), so that fixing one after the other, each as near to what it is as the others allow, never gets stuck.
    """
    people, last = sum(counts.get(grade, 0) for grade in grades), len(grades)
    most = [[float(people) if to >= at else 0.0 for to in range(last + 1)] for at in range(last + 1)]

    def hold(at: int, to: int, least: int, high: int) -> None:
        most[at][to] = min(most[at][to], high)
        most[to][at] = min(most[to][at], -least)

    hold(0, last, people, people)
    for place in range(last):
        hold(place, place + 1, 0, people)
    for quota in owed:
        first = min(grades.index(grade) for grade in quota.grades)
        hold(first, first + len(quota.grades), quota.least, quota.most)
    if not _closed(most):
        return None
    fixed = [0]
    for place in range(1, last + 1):
        now = sum(counts.get(grade, 0) for grade in grades[:place])
        low = max(fixed[before] - most[place][before] for before in range(place))
        high = min(fixed[before] + most[before][place] for before in range(place))
        fixed.append(int(min(max(now, low), high)))
    return {grade: fixed[place + 1] - fixed[place] for place, grade in enumerate(grades)}


def _closed(most: list[list[float]]) -> bool:
    """Make every limit as tight as all the others make it; return whether they can be held together at all."""
    every = range(len(most))
    for middle in every:
        for at in every:
            for to in every:
                most[at][to] = min(most[at][to], most[at][middle] + most[middle][to])
    return all(most[place][place] >= 0 for place in every)
