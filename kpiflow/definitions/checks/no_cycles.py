"""Nothing stands above itself: no loops in goals, units, managers or formulas.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import InvalidInput, Level, Problem
from kpiflow.language import msg
from kpiflow.scoring.formulas import names_in


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield one error per loop, at the first row of it, naming everything on the way round."""
    yield from _in_table(places.table(company, "goals"), ("goal", "parent"), places)
    yield from _in_table(places.table(company, "units"), ("unit", "parent"), places)
    latest = places.table(company, "assignments").sort("starts").unique("person", keep="last", maintain_order=True)
    yield from _in_table(latest, ("person", "manager"), places)
    above = {name: _mentioned(one.formula) for name, one in company.metrics.items()}
    yield from _in_formulas(above, places)


def _in_table(frame: pl.DataFrame, columns: tuple[str, str], places: Places) -> Iterator[Problem]:
    own, above = columns
    looping = in_or_below_loops(frame.select(own, above), own, above)
    if looping.is_empty():
        return
    rows = {row[own]: row for row in frame.filter(pl.col(own).is_in(looping.implode())).iter_rows(named=True)}
    done: set[str] = set()
    for name in sorted(rows):
        start = name
        way: list[str] = []
        while start in rows and start not in way and start not in done:
            way.append(start)
            start = rows[start][above]
        if start in way:
            loop = way[way.index(start) :]
            said = msg("This stands above itself: {way}.", way=" → ".join([*loop, loop[0]]))
            yield places.at(rows[loop[0]], above, Level.ERROR, said)
        done |= set(way)


def in_or_below_loops(frame: pl.DataFrame, own: str, above: str) -> pl.Series:
    """Return the ids whose way upward never ends, found by doubling the step: log2(n) joins, not one per level."""
    steps = frame.select(own=own, up=above).drop_nulls().unique("own")
    steps = steps.join(steps.select(up="own"), on="up", how="semi") if steps.height else steps
    for _ in range(max(1, frame.height).bit_length() + 1):
        if steps.is_empty():
            break
        steps = steps.join(steps.select(up="own", further="up"), on="up").select("own", up="further")
    return steps["own"]


def _mentioned(formula: str | None) -> tuple[str, ...]:
    """Return the metrics a formula mentions; one that cannot be read is another check's to report."""
    try:
        return () if formula is None else names_in(formula)
    except InvalidInput:
        return ()


def _in_formulas(above: Mapping[str, tuple[str, ...]], places: Places) -> Iterator[Problem]:
    done: set[str] = set()
    for start in above:
        stack: list[tuple[str, tuple[str, ...]]] = [(start, (start,))]
        while stack:
            name, way = stack.pop()
            for following in above.get(name, ()):
                if following == start:
                    if not done & set(way):
                        said = msg("This stands above itself: {way}.", way=" → ".join([*way, start]))
                        yield places.problem("metric", start, ("formula",), Level.ERROR, said)
                    done |= set(way)
                elif following not in way and following not in done:
                    stack.append((following, (*way, following)))
