"""What is asked and said about the names and numbers of a sheet once all of its rows are gathered.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from collections.abc import Mapping

from kpiflow.language import msg
from kpiflow.sources.workbooks.asking import Choice, Question, name_question
from kpiflow.sources.workbooks.known import CalledMetric, Known
from kpiflow.sources.workbooks.names import Names
from kpiflow.sources.workbooks.parts import counts_offered
from kpiflow.sources.workbooks.sheet import Remark


def asked_names(
    asked: Mapping[tuple[str, str], list[str]], names: Mapping[str, Names], metrics: Mapping[str, CalledMetric]
) -> list[Question]:
    """Return the questions about names that are near to some, or that a metric may have for its counts."""
    found = []
    for (role, word), cells in asked.items():
        found_near = names[role].match(word).near
        near = [Choice(one.id, one.label or one.id) for one in found_near]
        if role == "metric":
            near += counts_offered(dict.fromkeys([*(metrics[one.id] for one in found_near), *metrics.values()]))
        found.append(name_question(role, word, near, tuple(cells[:5])))
    return found


def taken_names(taken: Mapping[tuple[str, str], str], known: Known) -> list[Remark]:
    """Return what is said about names that were taken for others."""
    found = []
    for (role, word), meant in taken.items():
        called = next((one for one in known.called(role) if one.id == meant), None)
        if called is not None and word not in called.words:
            found.append(Remark(msg("'{word}' is read as {meant}.", word=word, meant=called.label or meant)))
    return found


def worked_out(cells: list[str]) -> list[Remark]:
    """Return what is said about numerators that were worked out."""
    if not cells:
        return []
    return [
        Remark(msg("Numerators were worked out as rate × denominator: {count}.", count=len(cells)), tuple(cells[:5]))
    ]
