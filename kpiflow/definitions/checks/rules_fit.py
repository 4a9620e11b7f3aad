"""The rules of a scorecard name metrics, sections and grades that there are, and each rule has an id of its own.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterable, Iterator

from kpiflow.core.appraising import Scorecard
from kpiflow.core.ruling import Ceiling, Cross, Finding, Part, Veto
from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import Message, msg

#: The way to a part of a definition, from its top.
Way = tuple[str | int, ...]


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for each word of a rule that names nothing, and for a rule id used twice."""
    metrics = None if "metric" in places.unread else list(places.known("metric", company.metrics))
    for name, card in company.scorecards.items():
        sections = [part.section for part in card.sections]
        scale = company.grades.get(card.grades)
        grades = None if scale is None else [band.grade for band in scale.bands]
        for way, what, word, known in _words(card, metrics, sections, grades):
            if word not in known:
                yield places.problem("scorecard", name, way, Level.ERROR, unknown(what, word, known))
        seen: set[str] = set()
        for way, rule in _rules(card):
            if rule.rule in seen:
                said = msg("'{rule}' names two rules of this scorecard.", rule=rule.rule)
                yield places.problem("scorecard", name, (*way, "rule"), Level.ERROR, said)
            seen.add(rule.rule)


def _rules(card: Scorecard) -> Iterator[tuple[Way, Cross | Veto | Ceiling]]:
    for number, cross in enumerate(card.cross):
        yield ("cross", number), cross
    for number, veto in enumerate(card.vetoes):
        yield ("vetoes", number), veto
    for number, ceiling in enumerate(card.ceilings):
        yield ("ceilings", number), ceiling


def _words(
    card: Scorecard, metrics: list[str] | None, sections: list[str], grades: list[str] | None
) -> Iterator[tuple[Way, Message, str, list[str]]]:
    """Yield each word of a rule: where it stands, what it should name, and what there is."""
    for way, rule in _rules(card):
        parts: Iterable[tuple[str, Part | Finding | None]] = (
            (("if_missed", rule.if_missed), ("others", rule.others))
            if isinstance(rule, Cross)
            else (("when", rule.when),)
        )
        for field, part in parts:
            for place, section in enumerate(part.sections if part else ()):
                yield (*way, field, "sections", place), msg("section of the scorecard"), section, sections
            for place, metric in enumerate(part.metrics if part and metrics is not None else ()):
                yield (*way, field, "metrics", place), msg("metric"), metric, metrics or []
        if isinstance(rule, Cross):
            continue
        if rule.when.count is not None and metrics is not None:
            yield (*way, "when", "count"), msg("metric"), rule.when.count, metrics
        if rule.grade is not None and grades is not None:
            yield (*way, "grade"), msg("grade"), rule.grade, grades
