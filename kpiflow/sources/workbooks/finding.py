"""Proposing how a sheet is read: each guess with its reason, and the questions only a person can answer.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Words
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, partial
from itertools import islice

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.workbooks.about import named_in, whose_question
from kpiflow.sources.workbooks.asking import Choice, Question, answered
from kpiflow.sources.workbooks.columns import Guess, Seen, guessed, seen
from kpiflow.sources.workbooks.dates import corner_period, whole_period
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.headings import Heading
from kpiflow.sources.workbooks.known import Known
from kpiflow.sources.workbooks.mapping import NAME_ROLES, NUMBER_ROLES, Column, Mapping, Role, Source
from kpiflow.sources.workbooks.names import Names, names
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.pausing import uncollected
from kpiflow.sources.workbooks.periods import years_within
from kpiflow.sources.workbooks.placing import LOOKED_AT, understood
from kpiflow.sources.workbooks.sheet import Remark, Sheet
from kpiflow.sources.workbooks.stated import is_caption, stated
from kpiflow.sources.workbooks.unfolding import unfolded
from kpiflow.sources.workbooks.vocabulary import is_total
from kpiflow.sources.workbooks.writing import amount, is_blank

#: The most rows the headings of one table may have.
_DEEPEST = 4

#: How many blocks of headings are tried, where the best one makes no table.
_TRIED = 3


@dataclass(frozen=True)
class Found:
    """How a sheet can be read. `mapping` is None when there is no table in it; then `remarks` says why.

    `guesses`: each thing found out, why, and where it stands.
    """

    mapping: Mapping | None
    questions: tuple[Question, ...] = ()
    guesses: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class _Table:
    """A block of headings and what its columns are taken for."""

    rows: tuple[int, ...]
    guesses: tuple[Guess, ...]
    headings: Words[int, Heading]

    def roles(self) -> set[Role]:
        return {guess.spec.role for guess in self.guesses}


def found(sheet: Sheet, known: Known) -> Found:
    """Propose a mapping for a sheet nobody has described; pure, and never raises for what is in it."""
    grid = Grid(sheet)
    words = {role.value: names(known, role.value) for role in NAME_ROLES}
    with uncollected():
        tables = _tables(grid, words)
    if not tables:
        said = msg("Sheet {sheet} has no row of headings with numbers below it.", sheet=sheet.name)
        return Found(None, remarks=(Remark(said),))
    refused: list[Remark] = []
    for table in tables[:_TRIED]:
        try:
            return _read(sheet, known, *_mapping(grid, table, known, words))
        except InvalidInput as error:
            refused.append(Remark(error.message))
    return Found(None, remarks=(refused[0],))


def _read(
    sheet: Sheet, known: Known, mapping: Mapping, guesses: Sequence[Remark], questions: Sequence[Question]
) -> Found:
    """Return what a mapping makes of a sheet, with what must be asked; raises InvalidInput where it does not fit."""
    out = unfolded(sheet, mapping, known)
    told = (
        *questions,
        *(one for one in out.questions if (one.kind, one.written) not in {(q.kind, q.written) for q in questions}),
    )
    return Found(out.mapping, (*told, *_hidden(sheet)), tuple(guesses), out.remarks)


def _tables(grid: Grid, words: dict[str, Names]) -> list[_Table]:
    """Return the blocks of rows that explain columns below them, first the one that explains most."""
    rows = [row for row in grid.rows if row < grid.top + LOOKED_AT]
    filled = [row for row in rows if grid.sheet.cells[row - 1]]
    judged: list[tuple[float, _Table]] = []
    cells_below = cache(partial(seen, grid))  # blocks that end in one row have the same cells below them
    for at, top in enumerate(filled):
        for depth in range(1, _DEEPEST + 1):
            block = tuple(filled[at : at + depth])
            if len(block) < depth or block[-1] - top >= depth + 1:
                break
            if any(_captions(grid, row) for row in block[:-1]):
                continue
            made = _judged(grid, block, words, cells_below)
            if made is None:
                continue
            points = made[0] - sum(1.0 for row in filled[:at] if _busy(grid, row)) - 0.4 * depth
            judged.append((points, made[1]))
    return [table for _, table in sorted(judged, key=lambda one: -one[0])]


def _captions(grid: Grid, row: int) -> bool:
    """Return whether a row holds a title and what its numbers are in, `单位：万元`, and so no headings."""
    texts = [
        plain(str(cell.value))
        for cell in grid.sheet.cells[row - 1]
        if cell.value is not None and str(cell.value).strip()
    ]
    return len(texts) <= 2 and any(is_caption(text) for text in texts)


def _judged(
    grid: Grid, block: tuple[int, ...], words: dict[str, Names], cells_below: Callable[[int], dict[int, Seen]]
) -> tuple[float, _Table] | None:
    """Return how well a block explains the columns below it, None when it explains no numbers."""
    headings = understood(grid, block, words)
    if sum(1 for one in headings.values() if one.understood or one.left) < 2:
        return None
    guesses = guessed(headings, cells_below(block[-1]), words)
    points = sum(guess.points for guess in guesses)
    if not any(guess.spec.role in NUMBER_ROLES for guess in guesses) or points <= 0:
        return None
    # A plain number among the headings is a row of facts taken for headings.
    points -= 2.5 * sum(1 for one in headings.values() for part in one.left if _is_number(part))
    # Words over every column are a title, and whatever they explain they explain of each.
    first = [one.words[0] for one in headings.values() if one.words]
    if len(first) > 2 and len(set(first)) == 1:
        points -= 2.0 * len(first)
    # Words where the numbers should begin are one more row of headings.
    below = next((row for row in grid.rows if row > block[-1] and grid.sheet.cells[row - 1]), 0)
    numbers = [guess.column for guess in guesses if guess.spec.role in NUMBER_ROLES]
    points -= 3.5 * sum(1 for column in numbers if _is_words(grid, below, column))
    # Names in the lowest row belong to facts.
    points -= 3.0 * sum(1 for column in headings if _names_a_fact(grid, block[-1], column, guesses, words))
    return points, _Table(block, tuple(guesses), headings)


def _names_a_fact(grid: Grid, row: int, column: int, guesses: list[Guess], words: dict[str, Names]) -> bool:
    """Return whether the lowest heading of a column of names is itself such a name."""
    role = next((guess.spec.role for guess in guesses if guess.column == column), None)
    text = grid.part(row, column).text
    return role in NAME_ROLES and bool(text) and bool(words[role.value].certain(text) or is_total(text))


def _is_words(grid: Grid, row: int, column: int) -> bool:
    """Return whether a cell holds words: neither a number nor one of the signs for nothing."""
    value = grid.filled(row, column).value
    return isinstance(value, str) and not is_blank(plain(value)) and amount(plain(value)) is None


def _busy(grid: Grid, row: int) -> bool:
    """Return whether a row holds as much as a row of facts would."""
    return sum(1 for cell in grid.sheet.cells[row - 1] if cell.value is not None) > 3


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except ArithmeticError:
        return False
    return True


def _mapping(
    grid: Grid, table: _Table, known: Known, words: dict[str, Names]
) -> tuple[Mapping, list[Remark], list[Question]]:  # fmt: skip
    """Return the mapping of a table, why, and what has to be asked."""
    columns = _columns(grid, table)
    guesses = [Remark(one.why, (grid.sheet.address(table.rows[-1], one.column),)) for one in table.guesses]
    mapping = Mapping(sheets=(grid.sheet.name,), heading_rows=table.rows, columns=columns)
    mapping = _periods(grid, mapping, table)
    questions: list[Question] = []
    for role in (Role.METRIC, Role.UNIT, Role.PERSON):
        mapping, said, asked = _whose(grid, mapping, table, known, words, role=role)
        guesses += said
        questions += asked
    mapping = _explained(grid, mapping, table, guesses)
    return _scaled(grid, mapping, table, guesses), guesses, questions


def _unexplained(table: _Table, guess: Guess) -> bool:
    return guess.column in table.headings and bool(table.headings[guess.column].left)


def _explained(grid: Grid, mapping: Mapping, table: _Table, guesses: list[Remark]) -> Mapping:
    """Return the mapping without columns of numbers whose words nothing explains, where others need none to be explained."""
    if Source.HEADINGS in (mapping.metric_from, mapping.unit_from, mapping.person_from):
        return mapping
    left = [one for one in table.guesses if one.spec.role in NUMBER_ROLES and _unexplained(table, one)]
    for one in left:
        word = " / ".join(table.headings[one.column].words)
        said = msg("Nothing says what '{word}' is.", word=word)
        guesses.append(Remark(said, (grid.sheet.address(table.rows[-1], one.column),)))
    ignored = {(one.spec.heading, one.spec.across) for one in left}
    columns = [
        spec.model_copy(update={"role": Role.IGNORE}) if (spec.heading, spec.across) in ignored else spec
        for spec in mapping.columns
    ]
    return mapping.changed(columns=columns) if left else mapping


def _columns(grid: Grid, table: _Table) -> tuple[Column, ...]:
    """Return the columns of the mapping; those that differ in their period alone are one."""
    made: dict[tuple, Column] = {}
    for guess in table.guesses:
        spec = guess.spec.model_copy(update={"at": grid.name(guess.column)})
        made.setdefault((spec.heading, spec.role, guess.column if not spec.across else 0), spec)
    return tuple(made.values())


def _periods(grid: Grid, mapping: Mapping, table: _Table) -> Mapping:
    """Return the mapping with where its periods, and where they lack it their year, stand."""
    title, roles = grid.lines(table.rows[0]), table.roles()
    across = any(spec.across and spec.role in NUMBER_ROLES for spec in mapping.columns)
    if across:
        mapping = mapping.changed(period_from=Source.HEADINGS)
    elif Role.DAY in roles:
        mapping = mapping.changed(period_from=Source.COLUMN)
    elif corner_period(one.period for one in _corner(table) if one.period):
        mapping = mapping.changed(period_from=Source.HEADINGS)
    elif whole_period(title) is not None:
        mapping = mapping.changed(period_from=Source.TITLE)
    elif whole_period([grid.sheet.called]) is not None:
        mapping = mapping.changed(period_from=Source.SHEET)
    heads = [word for one in _corner(table, Role.DAY) for word in one.words]
    for source, texts in ((Source.HEADINGS, heads), (Source.TITLE, title), (Source.SHEET, [grid.sheet.called])):
        if len({year for text in texts for year, _ in years_within(text)}) == 1:
            return mapping.changed(year_from=source)
    return mapping


def _corner(table: _Table, *more: Role) -> list[Heading]:
    """Return the headings over the names of a table."""
    roles = (*NAME_ROLES, *more)
    return [
        table.headings[one.column] for one in table.guesses if one.spec.role in roles and one.column in table.headings
    ]


def _whose(
    grid: Grid, mapping: Mapping, table: _Table, known: Known, words: dict[str, Names], *, role: Role
) -> tuple[Mapping, list[Remark], list[Question]]:
    """Return the mapping with where the metric, unit or person of its numbers stands."""
    where = f"{role.value}_from"
    numbers = [spec for spec in mapping.columns if spec.role in NUMBER_ROLES]
    if role in table.roles():
        return mapping.changed(**{where: Source.COLUMN}), [], []
    values = [guess for guess in table.guesses if guess.spec.role is Role.VALUE]
    unknown = role is Role.METRIC and bool(values) and all(_unexplained(table, guess) for guess in values)
    if any(getattr(spec, role.value) for spec in numbers) or unknown:
        return mapping.changed(**{where: Source.HEADINGS}), [], []
    for source, id_, why in _elsewhere(grid, table, known, words, role):
        if source is Source.FIXED:
            mapping = mapping.changed(**{where: source, role.value: id_})
        else:
            mapping = mapping.changed(**{where: source, **({role.value: id_} if id_ else {})})
        return mapping, [why], []
    if role is Role.PERSON:
        return mapping, [], []
    if role is Role.UNIT and Role.PERSON in table.roles() and any(person.above for person in known.people):
        return (
            mapping.changed(**{where: Source.COLUMN}),
            [Remark(msg("The unit of each number is the one its person belongs to."))],
            [],
        )
    return mapping, [], [whose_question(role, known)]


def _elsewhere(
    grid: Grid, table: _Table, known: Known, words: dict[str, Names], role: Role
) -> Iterator[tuple[Source, str | None, Remark]]:
    """Yield where else a metric, unit or person may be said, with what is said for it."""
    if role is not Role.PERSON and (at := _sections(grid, table, words[role.value])):
        why = msg("'{word}' stands alone above the rows it is about.", word=_text(grid, at))
        yield Source.SECTIONS, None, Remark(why, (grid.sheet.address(at, 1),))
    for source, texts in ((Source.TITLE, grid.title(table.rows[0])), (Source.SHEET, [grid.sheet.called])):
        if (one := named_in(texts, words[role.value])) is not None:
            text, id_ = one
            yield source, id_, Remark(msg("'{word}' says it for the whole sheet.", word=text))
    only = known.called(role.value)
    if len(only) == 1 and role is not Role.PERSON:
        yield (
            Source.FIXED,
            only[0].id,
            Remark(msg("'{word}' is the only one there is.", word=only[0].label or only[0].id)),
        )


def _sections(grid: Grid, table: _Table, of: Names) -> int | None:
    """Return the first row that holds nothing but a name, with rows of numbers below it."""
    for row in islice((row for row in grid.rows if row > table.rows[-1]), 300):
        texts = {plain(str(cell.value)) for cell in grid.sheet.cells[row - 1] if cell.value is not None}
        if len(texts) == 1 and of.certain(next(iter(texts))):
            return row
    return None


def _text(grid: Grid, row: int) -> str:
    return next(plain(str(cell.value)) for cell in grid.sheet.cells[row - 1] if cell.value is not None)


def _scaled(grid: Grid, mapping: Mapping, table: _Table, guesses: list[Remark]) -> Mapping:
    """Return the mapping with what a line above the table says its amounts are in, such as 单位：万元."""
    said = stated(grid.title(table.rows[0])) or stated(list(grid.sheet.above))
    if said is None or said[0].times is None:
        return mapping
    guesses.append(Remark(msg("'{word}' says what amounts are in.", word=said[1])))
    return mapping if said[0].measure is not None else mapping.changed(scale=said[0].times)


def _hidden(sheet: Sheet) -> list[Question]:
    """Return the question about hidden rows and columns, where there are any."""
    if not (sheet.hidden_rows or sheet.hidden_columns):
        return []
    said = msg("Hidden rows or columns are not read. Read them as well?")
    return [Question("hidden", said, (Choice("no", msg("no")), Choice("yes", msg("yes"))), needed=False)]


__all__ = ["Choice", "Found", "Question", "answered", "found", "replace"]
