"""What a step of a plan looks like: the line of a curve or of rates, and the grid of a table or matrix."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kpiflow.incentives.components import Component
from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.grade_curve import GradeCurve
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.rates import Rates, Spread
from kpiflow.incentives.components.table import Table, TableRow
from kpiflow.incentives.curve import Interpolation, PayCurve
from kpiflow.incentives.kinds import Kind
from kpiflow.language import Message, msg
from kpiflow.workspace.letters.steps import Naming

#: How much of the width lies before the first and after the last point.
ROOM = 0.15


@dataclass(frozen=True)
class Line:
    """What a result earns: corners of the line to draw, the points as written, and how the axis counts.

    `kind` is that of what is measured: ratio (shown in percent), money, points …; what is earned is a ratio.
    """

    name: Message
    kind: str
    currency: str
    corners: tuple[tuple[float, float], ...]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Grid:
    """Rows and columns of words, the first row being the heads."""

    heads: tuple[Message, ...]
    rows: tuple[tuple[Message, ...], ...]


Picture = Line | Grid


def picture_of(step: Component, naming: Naming) -> Picture | None:
    """Return what a step looks like; None for one that is said well enough in a sentence."""
    match step:
        case Factor():
            return _curve(step, naming)
        case Rates() if naming.kind(step.of) is Kind.MONEY:  # so much apiece is no share to draw
            return _rates(step, naming)
        case Table():
            return _table(step, naming)
        case Matrix():
            return _matrix(step, naming)
        case GradeCurve():
            return _grades(step, naming)
    return None


def _curve(step: Factor, naming: Naming) -> Line:
    points = tuple((float(x), float(y)) for x, y in step.curve.points)
    name = msg("{name}", name=naming.name(step.of))
    corners = _corners(step.curve, points)
    return Line(name, naming.kind(step.of).value, naming.plan.currency, corners, points)


def _corners(curve: PayCurve, points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Return the line from left of the first point to right of the last."""
    first, last = points[0][0], points[-1][0]
    room = ROOM * (last - first) or abs(first) * ROOM or 1.0
    left = [(first - room, float(curve.lowest)), (first, float(curve.lowest))]
    if curve.interpolation is Interpolation.STEP:
        within = [corner for one, other in pairwise(points) for corner in (one, (other[0], one[1]))] + [points[-1]]
    else:
        within = list(points)
    if curve.highest is None:
        (x0, y0), (x1, y1) = points[-2:]
        return (*left, *within, (last + room, y1 + room * (y1 - y0) / (x1 - x0)))
    return (*left, *within, (last, float(curve.highest)), (last + room, float(curve.highest)))


def _rates(step: Rates, naming: Naming) -> Line:
    points = tuple((float(tier.above), float(tier.rate)) for tier in step.tiers)
    interpolated = step.spread is Spread.INTERPOLATED
    stairs = (
        list(points[:-1])
        if interpolated
        else [corner for one, other in pairwise(points) for corner in (one, (other[0], one[1]))]
    )
    end = (points[-1][0] * (1 + 2 * ROOM) or 1.0, points[-1][1])
    name = msg("{name}", name=naming.name(step.of))
    if step.base:
        name = msg("{name} as a share of {base}", name=naming.name(step.of), base=naming.name(step.base))
    kind = Kind.RATIO if step.base else naming.kind(step.of)
    return Line(name, kind.value, naming.plan.currency, (*stairs, points[-1], end), points)


def _table(step: Table, naming: Naming) -> Grid:
    heads = (msg("{name}", name=naming.name(step.of)), msg("Gives"))
    rows = [(_row(row, step, naming), _number(row.gives, Kind(step.unit), naming)) for row in step.rows]
    if step.otherwise is not None:
        rows.append((msg("otherwise"), _number(step.otherwise, Kind(step.unit), naming)))
    return Grid(heads, tuple(rows))


def _row(row: TableRow, step: Table, naming: Naming) -> Message:
    if row.one_of:
        return msg("{words}", words=", ".join(row.one_of))
    kind = naming.kind(step.of)
    low, high = (None if edge is None else _number(edge, kind, naming) for edge in (row.low, row.high))
    if low is None:
        return msg("up to {high}", high=high)
    return msg("from {low}", low=low) if high is None else msg("{low} to {high}", low=low, high=high)


def _grades(step: GradeCurve, naming: Naming) -> Grid:
    score = naming.kind(step.score)
    heads = (msg("{name}", name=naming.name(step.grade)), msg("{name}", name=naming.name(step.score)), msg("Gives"))
    rows = [
        (
            msg("{words}", words=row.grade),
            msg("{low} to {high}", low=_number(row.low, score, naming), high=_number(row.high, score, naming)),
            msg(
                "{low} to {high}",
                low=_number(row.gives_low, Kind.RATIO, naming),
                high=_number(row.gives_high, Kind.RATIO, naming),
            ),
        )
        for row in step.rows
    ]
    if step.otherwise is not None:
        rows.append((msg("otherwise"), msg("–"), _number(step.otherwise, Kind.RATIO, naming)))
    return Grid(heads, tuple(rows))


def _matrix(step: Matrix, naming: Naming) -> Grid:
    down, across = naming.kind(step.down), naming.kind(step.across)
    corner = msg("{down} ↓  {across} →", down=naming.name(step.down), across=naming.name(step.across))
    heads = (corner, *(msg("from {low}", low=_number(edge, across, naming)) for edge in step.across_from))
    rows = tuple(
        (
            msg("from {low}", low=_number(edge, down, naming)),
            *(_number(cell, Kind.RATIO, naming) for cell in cells),
        )
        for edge, cells in zip(step.down_from, step.cells, strict=True)
    )
    return Grid(heads, rows)


def _number(value: Decimal, kind: Kind, naming: Naming) -> Message:
    return msg("{value}", value=naming.number(value, kind))
