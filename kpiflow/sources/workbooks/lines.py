"""Which rows of a sheet hold facts, and which are totals, notes, headings again, or say something for the rows below.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

from collections.abc import Mapping as Words
from dataclasses import dataclass

from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.kinds import kind_of, tells_kinds
from kpiflow.sources.workbooks.mapping import NAME_ROLES, NUMBER_ROLES, Mapping, Role, Source
from kpiflow.sources.workbooks.names import Names, key
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.placing import Placing
from kpiflow.sources.workbooks.vocabulary import Aside, is_note, is_total


@dataclass(frozen=True)
class Line:
    """A row of facts: its number, and the words of its names by role with the row each stands in."""

    row: int
    words: dict[Role, tuple[str, int]]


@dataclass(frozen=True)
class Passed:
    """A row that is not read: its number, what it says, and why."""

    row: int
    text: str
    said: Message


class Lines:
    """Walks down the rows below the headings, once."""

    def __init__(self, grid: Grid, mapping: Mapping, placing: Placing, names: Words[str, Names]) -> None:
        self.grid, self.mapping, self.names = grid, mapping, names
        self.placing = placing
        self.kinds = self._kinds()
        self.labels = [
            (one.column, one.spec.role) for one in placing.columns if one.spec.role in (*NAME_ROLES, Role.DAY)
        ] + [(column, Role.KIND) for column in self.kinds]
        self.numbers = [one.column for one in placing.columns if one.spec.role in NUMBER_ROLES]
        self.kept = {key(word) for word in mapping.kept_rows}
        self.sections = [role for role in NAME_ROLES if getattr(mapping, f"{role.value}_from") is Source.SECTIONS]
        self.head = {
            column: plain(str(grid.sheet.at(placing.rows[-1], column).value or "")) for column, _ in self.labels
        }
        self.filling = {column for column, role in self.labels if role is not Role.DAY and self._written_once(column)}
        self.facts: list[Line] = []
        self.planned: list[Line] = []
        self.unclear: list[tuple[Line, int, str]] = []
        self.passed: list[Passed] = []

    def walk(self) -> None:
        """Sort all rows below the headings into facts and others."""
        section: dict[Role, tuple[str, int]] = {}
        above: dict[Role, tuple[str, int]] = {}
        for row in self.grid.rows:
            if row <= self.placing.rows[-1]:
                continue
            line = self.grid.sheet.cells[row - 1]
            if not line:
                continue
            words = self._named(row, line)
            numbers = self._has_number(line)
            below = {role: above[role] for column, role in self.labels if column in self.filling and role in above}
            words = {**below, **words} if words and numbers else words
            reason = self._reason(row, line, words)
            if reason is not None:
                self.passed.append(Passed(row, self._text(row), reason))
                above = words if numbers and words else {}
            elif (role := self._section(row)) is not None:
                section[role] = (self._text(row), row)
            elif numbers:
                words = {**below, **words}
                above = dict(words)
                self._sort(Line(row, {**section, **words}))
            elif any(cell.value is not None for cell in line):
                self._nothing(row, words)

    def _named(self, row: int, line: tuple) -> dict[Role, tuple[str, int]]:
        """Return the names of a row; a merged one holds for all of its rows."""
        words: dict[Role, tuple[str, int]] = {}
        for column, role in self.labels:
            cell = line[column - 1] if column <= len(line) else None
            stands = row
            if (cell is None or cell.value is None) and self.grid.sheet.merged:
                stands, left = self.grid.origin(row, column)
                cell = self.grid.sheet.at(stands, left) if left == column else None
            if cell is not None and isinstance(cell.value, str) and (text := plain(cell.value)):
                words[role] = (self._one_of(role, words[role][0], text) if role in words else text, stands)
            elif cell is not None and cell.value is not None and role is not Role.DAY:
                words[role] = (_number(cell.value), stands)
        return words

    def _one_of(self, role: Role, before: str, text: str) -> str:
        """Return the name that counts of two in a row, the one that lies below the other; both, to be asked, where neither does."""
        if role not in NAME_ROLES:
            return text
        first, second = (self.names[role.value].certain(word) for word in (before, text))
        if not first or not second or first in (second, *self.names[role.value].above(second)):
            return text
        return before if second in self.names[role.value].above(first) else f"{before} / {text}"

    def _sort(self, line: Line) -> None:
        """Put a row of numbers to the facts, unless a column says that they are planned or worked out."""
        words = {column: plain(str(self.grid.filled(line.row, column).value or "")) for column in self.kinds}
        for column, word in words.items():
            said = word or (line.words.get(Role.KIND, ("",))[0] if column in self.filling else "")
            kind = kind_of(said) if said else None
            if kind is Role.VALUE or (not said and not self.kinds[column]):
                continue
            if kind is None:
                self.unclear.append((line, column, said))
                return
            if kind is Role.TARGET:
                self.planned.append(line)
                self.passed.append(
                    Passed(line.row, said, msg("It is planned and not measured; the targets are offered."))
                )
                return
            self.passed.append(
                Passed(line.row, said, msg("'{word}' says that its numbers are worked out from others.", word=said))
            )
            return
        self.facts.append(line)

    def _kinds(self) -> dict[int, bool]:
        """Return the columns that say what is measured and what planned, each with whether it says of the measured that they are.

        A column that nobody reads may begin to say it: every number was measured, until this month's file holds a budget.
        """
        found: dict[int, bool] = {}
        for one in self.placing.columns:
            if one.spec.role in (Role.KIND, Role.IGNORE):
                rows = (row for row in self.grid.rows if row > self.placing.rows[-1])
                values = {self.grid.sheet.at(row, one.column).value for row in rows}
                words = {plain(value) for value in values if isinstance(value, str)} - {""}
                noted = one.heading.role is Aside.NOTE
                if one.spec.role is Role.KIND or (not noted and tells_kinds(words)):
                    found[one.column] = any(kind_of(word) is Role.VALUE for word in words)
        return found

    def _nothing(self, row: int, words: dict[Role, tuple[str, int]]) -> None:
        """Pass over a row without any number; one that only names what it is of is an empty line to be filled in."""
        if not words:
            self.passed.append(Passed(row, self._text(row), msg("It holds no numbers where the numbers are.")))

    def _reason(self, row: int, line: tuple, words: dict[Role, tuple[str, int]]) -> Message | None:
        """Return why a row is no row of facts, None when it may be one."""
        first = self._text(row) if not words else next(iter(words.values()))[0]
        leads = next((plain(cell.value) for cell in line if isinstance(cell.value, str) and plain(cell.value)), "")
        if is_note(leads) and not self._certain(leads):
            return msg("It is a note on the table.")
        if words and all(
            words.get(role, ("",))[0] == self.head[column] for column, role in self.labels if role in words
        ):
            return msg("It repeats the headings.")
        for role, (text, _) in words.items():
            if (
                role not in (Role.DAY, Role.KIND)
                and is_total(text)
                and key(text) not in self.kept
                and not self.names[role.value].certain(text)
            ):
                return msg("It is a total or average of other rows: '{word}'.", word=text)
        shown = {role for role in words if role not in (Role.DAY, Role.KIND)}
        if not shown and self.labels and is_total(leads) and not self._certain(leads):
            return msg("It is a total or average of other rows: '{word}'.", word=leads)
        if Role.DAY in words and is_total(words[Role.DAY][0]):
            return msg("It is a total or average of other rows: '{word}'.", word=words[Role.DAY][0])
        texts = [cell for cell in line if cell.value is not None]
        if len(texts) == 1 and isinstance(texts[0].value, str) and len(first) > 40:
            return msg("It is a note on the table.")
        return None

    def _section(self, row: int) -> Role | None:
        """Return for which role a row stands alone above the rows it is about."""
        if not self.sections or self._has_number(self.grid.sheet.cells[row - 1]):
            return None
        texts = {plain(str(cell.value)) for cell in self.grid.sheet.cells[row - 1] if cell.value is not None}
        if len(texts) != 1:
            return None
        text = texts.pop()
        sure = [role for role in self.sections if self.names[role.value].certain(text)]
        return sure[0] if sure else self.sections[0]

    def _written_once(self, column: int) -> bool:
        """Return whether a name is written over the first of its rows alone: gaps below it, and never the same twice on end."""
        if len([role for _, role in self.labels if role in (*NAME_ROLES, Role.DAY, Role.KIND)]) < 2:
            return False
        values, gaps, before = [], 0, None
        for row in self.grid.rows:
            if row <= self.placing.rows[-1] or not self._has_number(self.grid.sheet.cells[row - 1]):
                continue
            value = self.grid.filled(row, column).value
            if value is None:
                gaps += 1
            else:
                if value == before:
                    return False
                values.append(value)
                before = value
        return bool(gaps and values and gaps >= len(values) / 2)

    def _has_number(self, line: tuple) -> bool:
        """Return whether anything stands where the numbers are."""
        return any(
            column <= len(line) and (line[column - 1].value is not None or line[column - 1].formula is not None)
            for column in self.numbers
        )

    def _certain(self, text: str) -> bool:
        return any(self.names[role].certain(text) for role in ("unit", "person", "metric"))

    def _text(self, row: int) -> str:
        cells = self.grid.sheet.cells[row - 1]
        return next((plain(str(cell.value)) for cell in cells if cell.value is not None and plain(str(cell.value))), "")


def _number(value: object) -> str:
    """Return a name that is stored as a number, such as a staff number, as people see it."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "").isdigit() else text
