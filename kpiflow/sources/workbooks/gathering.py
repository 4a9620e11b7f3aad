"""From the rows and columns of a sheet to candidates for facts: who, what, when and how much, each with its cell.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from collections.abc import Mapping as Words
from dataclasses import replace
from decimal import Decimal

from kpiflow.core.metric import Measure, MetricKind
from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.asking import Question
from kpiflow.sources.workbooks.candidates import Candidate, Group, Refusal
from kpiflow.sources.workbooks.cells import (
    SHARED,
    Way,
    Wrong,
    counted,
    in_thousandths,
    measured,
    needs_counts,
    read,
    share_or_percent,
)
from kpiflow.sources.workbooks.dates import Days, unread_day
from kpiflow.sources.workbooks.doubling import once
from kpiflow.sources.workbooks.evidence import Evidence
from kpiflow.sources.workbooks.grid import Grid
from kpiflow.sources.workbooks.kinds import unclear_kind
from kpiflow.sources.workbooks.known import CalledMetric, Known
from kpiflow.sources.workbooks.lines import Line
from kpiflow.sources.workbooks.mapping import NUMBER_ROLES, Column, Mapping, Role, Source
from kpiflow.sources.workbooks.merging import Merged
from kpiflow.sources.workbooks.names import Names
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.parts import Counts, Whose, count_of, unclear_counts
from kpiflow.sources.workbooks.placing import Placed, Placing
from kpiflow.sources.workbooks.running import Doubts
from kpiflow.sources.workbooks.sheet import Cell, Remark
from kpiflow.sources.workbooks.stated import stated
from kpiflow.sources.workbooks.telling import asked_names, taken_names, worked_out
from kpiflow.sources.workbooks.writing import Amount, Notation, measures_of

#: From which percentage on a plain 0.95 beside it is in doubt.
_FAR_ABOVE = 20


class Gathering:
    """Gathers candidates row by row; what cannot be one is refused with its reason, and near names become questions."""

    def __init__(
        self, grid: Grid, mapping: Mapping, placing: Placing, known: Known, names: Words[str, Names],
        *, told: Evidence, year: tuple[int, bool] | None, doubts: Doubts,
    ) -> None:  # fmt: skip
        self.grid, self.mapping, self.placing = grid, mapping, placing
        self.doubts = doubts
        self.known, self.names, self.told = known, names, told
        self.days = Days(grid, mapping, placing, known.calendar, told, year=year)
        self.metrics = {metric.id: metric for metric in known.metrics}
        self.homes = {person.id: person.above for person in known.people}
        self.candidates: list[Candidate] = []
        self.refused: list[Refusal] = []
        self.targets: list[tuple[str, str, str | None, str, str, str]] = []
        self.columns_out: dict[int, Message] = {}
        self.asked: dict[tuple[str, str], list[str]] = {}
        self.taken: dict[tuple[str, str], str] = {}
        self.computed: list[str] = []
        self.counts = Counts()
        self.scales: dict[tuple[str, ...], Amount | None] = {}
        self.percents: dict[str, list[tuple[Line, int, Decimal, bool]]] = {}
        said = stated(grid.title(placing.rows[0])) or stated(list(grid.sheet.above))
        self.lines = said[0] if said else None
        self.alone = mapping.metric_from in (Source.TITLE, Source.SHEET, Source.FIXED)
        self.groups = self._groups((Role.VALUE, Role.NUMERATOR, Role.DENOMINATOR))
        for one in unclear_counts(self.groups, self.metrics):
            at = grid.sheet.address(placing.rows[-1], one.column)
            self.asked.setdefault(("metric", one.heading.left[-1]), []).append(at)
        self.planned = self._groups((Role.TARGET,))
        self.merged = Merged(grid, placing, self._same_fact)
        self.ways = {one.column: self._way(one) for one in placing.columns}
        self.measures = placing.of(Role.MEASURE)
        self.entries = placing.of(Role.ENTRY)

    def gather(self, lines: list[Line]) -> None:
        """Take in rows of facts."""
        for line in lines:
            named: dict[str, str | None] = {}
            wrong = self._named(line, named)
            day = self.days.of_row(line.row)
            for group in self.groups:
                self._take(line, group, named, day, wrong)
            if wrong is None:
                for group in self.planned:
                    self._plan(line, group, named, day)
        made, alone = self.counts.met()
        self.candidates += made
        self.refused += alone
        self._doubt()
        self.candidates, twice = once(self.candidates, self.known, self.days.spans)
        self.refused += twice

    def put_aside(self, planned: list[Line], unclear: list[tuple[Line, int, str]]) -> None:
        """Offer the targets in rows that are said to be planned; refuse those whose column does not say what they are."""
        for line in planned:
            named: dict[str, str | None] = {}
            if self._named(line, named) is None:
                day = self.days.of_row(line.row)
                for group in self.groups:
                    self._plan(line, group, named, day)
        for line, column, word in unclear:
            self._refuse(line, column, unclear_kind(word))

    def _doubt(self) -> None:
        """Set aside plain numbers up to 1 of a metric whose other percentages are far above: 0.95 among 93 may be 95 %."""
        for cells in self.percents.values():
            if not any(abs(value) >= _FAR_ABOVE for _, _, value, _ in cells):
                continue
            there = {(one.row, one.column) for one in self.candidates}
            doubted = {(line.row, column): (line, value) for line, column, value, bare in cells
                       if bare and 0 < value <= 1 and (line.row, column) in there}  # fmt: skip
            self.candidates = [one for one in self.candidates if (one.row, one.column) not in doubted]
            for (_, column), (line, value) in doubted.items():
                self._refuse(line, column, share_or_percent(value), shown=format(value, "f"))

    def _groups(self, roles: tuple[Role, ...]) -> list[Group]:
        """Return which columns belong together."""
        found: list[Group] = []
        for one in self.placing.columns:
            if one.spec.role not in roles:
                continue
            named = {role: self._of_heading(one, role) for role in ("metric", "unit", "person")}
            if named["metric"] is None and one.spec.role in (Role.NUMERATOR, Role.DENOMINATOR):
                named["metric"] = self._rate_beside(one)
            if (unread := unread_day(one.heading)) is not None:
                self.columns_out[one.column] = unread.said
                continue
            if "" in named.values() or any(said is None and self._unnamed(one, role) for role, said in named.items()):
                continue
            part = self.days.of_each_row(one.heading.period)
            day = None if one.period is None or part else self.days.of_period(one.period, one.heading.period)
            if one.period is not None and day is None and part is None:
                self.columns_out[one.column] = self.days.why(one.heading.period or one.period, one.heading.words[-1])
                continue
            whose = (named, day, part)
            able = (
                two for two in found if (two.named, two.day, two.part) == whose and one.spec.role not in two.columns
            )
            same = next(able, None)
            if same is None:
                same = Group(named, day, one, part=part)
                found.append(same)
            same.columns[one.spec.role] = one
        return found

    def _same_fact(self, column: int, other: int) -> bool:
        """Return whether the numbers of two columns are of the same, or those of the other of nothing."""
        of = {
            one.column: (role, group.day, group.part, tuple(group.named.values()))
            for group in (*self.groups, *self.planned)
            for role, one in group.columns.items()
        }
        return of.get(other) in (None, of.get(column))

    def _of_heading(self, one: Placed, role: str) -> str | None:
        """Return whom or what a column's heading names: an id, None for nothing, "" for what a person has left out."""
        said = getattr(one.spec, role)
        if role == "metric" and said and one.heading.words and said in self.metrics:
            sure = self.names[role].certain(one.heading.words[-1])  # a person said what the word below it is
            if sure == "" or (count_of(sure, self.metrics) or ("",))[0] == said:
                self._left_to(one, sure)
                return sure
        if said or getattr(self.mapping, f"{role}_from") is not Source.HEADINGS:
            return said
        for part in reversed(one.heading.words):
            sure = self.names[role].certain(part)
            if sure is not None:
                self._left_to(one, sure)
                return sure
        return None

    def _left_to(self, one: Placed, sure: str | None) -> None:
        if sure == "":
            self.columns_out[one.column] = msg("A person has left it out.")

    def _rate_beside(self, one: Placed) -> str | None:
        """Return the one rate of the same period beside a column of its counts, None for none or several."""
        beside = [two for two in self.placing.of(Role.VALUE) if two.period == one.period]
        rates = {self._of_heading(two, "metric") for two in beside}
        rates = {said for said in rates if said in self.metrics and self.metrics[said].kind is MetricKind.RATIO}
        return rates.pop() if len(rates) == 1 else None

    def _unnamed(self, one: Placed, role: str) -> bool:
        """Note a column whose heading should name a metric, unit or person and names none; return whether it is one."""
        if getattr(self.mapping, f"{role}_from") is not Source.HEADINGS:
            return False
        word = next(reversed(one.heading.left), None) or (one.spec.heading if role == "metric" else None)
        if not word:
            return False
        what = {"unit": msg("unit"), "person": msg("person"), "metric": msg("metric")}[role]
        self.columns_out[one.column] = msg("There is no {what} '{word}' in this company.", what=what, word=word)
        self.asked.setdefault((role, word), []).append(self.grid.sheet.address(self.placing.rows[-1], one.column))
        return True

    def _named(self, line: Line, named: dict[str, str | None]) -> Refusal | None:
        """Fill in whom and what a row is of; return why it cannot be told."""
        wrong: Refusal | None = None
        for role in (Role.METRIC, Role.UNIT, Role.PERSON):
            word = line.words.get(role)
            if word is None:
                named[role.value] = getattr(self.mapping, role.value)
                continue
            match = self.names[role.value].match(word[0])
            named[role.value] = match.id
            if match.id is None and wrong is None:
                wrong = self._unknown(line, role, word[0])
            elif match.id is not None and match.id != word[0]:
                self.taken.setdefault((role.value, word[0]), match.id)
        if not named["unit"] and named["person"] and Role.UNIT not in line.words:
            named["unit"] = self.homes.get(named["person"])
        return wrong

    def _unknown(self, line: Line, role: Role, word: str) -> Refusal:
        """Return the refusal of a row whose name is not known, and keep the question when it is near to some."""
        column = next((one.column for one in self.placing.of(role)), self.grid.columns[0])
        stands = line.words[role][1]
        found = self.names[role.value].match(word).near
        if found:
            self.asked.setdefault((role.value, word), []).append(self.grid.sheet.address(stands, column))
        what = {Role.UNIT: msg("unit"), Role.PERSON: msg("person"), Role.METRIC: msg("metric")}[role]
        said = (
            msg(
                "There is no {what} '{word}'. Did you mean '{near}'?",
                what=what,
                word=word,
                near=found[0].label or found[0].id,
            )
            if found
            else msg("There is no {what} '{word}' in this company.", what=what, word=word)
        )
        return Refusal(line.row, column, Wrong(f"unknown_{role.value}", said), self._words(line))

    def _words(self, line: Line) -> dict[str, str]:
        """Return the names of a row as they are written."""
        return {role.value: text for role, (text, _) in line.words.items() if role is not Role.KIND}

    def _take(
        self, line: Line, group: Group, named: dict[str, str | None], day: datetime.date | Wrong | None, wrong: Refusal | None
    ) -> None:  # fmt: skip
        """Make a candidate of a row's cells in one group of columns."""
        cells = {role: self.grid.sheet.at(line.row, one.column) for role, one in group.columns.items()}
        if all(cell.value is None and cell.formula is None for cell in cells.values()):
            return
        if wrong is not None:
            if not self.refused or self.refused[-1] is not wrong:
                self.refused.append(wrong)
            return
        whole = {**named, **{role: said for role, said in group.named.items() if said}}
        if "" in (whole["metric"], whole["unit"], whole["person"]):
            return
        when = self.days.when(line.row, group, day)
        if isinstance(when, Wrong):
            self._refuse(line, group.first.column, when)
            return
        count = count_of(whole["metric"], self.metrics)
        whole["metric"] = count[0] if count else whole["metric"]
        metric = self.metrics.get(whole["metric"] or "")
        numbers: dict[Role, Decimal] = {}
        for written, cell in cells.items():
            one, role = group.columns[written], count[1] if count else written
            made = self._number(line, one, cell, metric, role)
            if isinstance(made, Wrong):
                self._refuse(
                    line, one.column, made, shown=plain(str(cell.value if cell.value is not None else "")), role=role
                )
                return
            if made is not None:
                numbers[role] = made
        if count and metric and count[1] in numbers:
            alone = self._refusal(
                line, group.first.column, needs_counts(metric), shown=str(numbers[count[1]]), role=count[1]
            )
            self.counts.take(self._whose(line, whole, when), count[1], format(numbers[count[1]], "f"), alone)
        elif numbers:
            self._finish(line, group, whole, when, metric, numbers=numbers)

    def _finish(self, line: Line, group: Group, whole: dict[str, str | None], when: datetime.date | None,
                metric: CalledMetric | None, *, numbers: dict[Role, Decimal]) -> None:  # fmt: skip
        """Add a candidate, of a rate worked out from its denominator where that stands beside it."""
        value, top, bottom = (numbers.get(role) for role in NUMBER_ROLES)
        at = group.columns.get(Role.VALUE) or group.columns.get(Role.NUMERATOR) or group.first
        if metric is not None and metric.kind is MetricKind.RATIO and value is not None:
            if top is not None and bottom is not None:
                value, at = None, group.columns[Role.NUMERATOR]
            elif bottom is not None:
                top, value = value / metric.measure.scale * bottom, None
                self.computed.append(self.grid.sheet.address(line.row, at.column))
            else:
                alone = self._refusal(line, at.column, needs_counts(metric), shown=format(value, "f"))
                self.counts.rates.append((self._whose(line, whole, when), alone))
                return
        elif value is not None and metric is not None and top is None:
            bottom = None
        if value is None and Role.NUMERATOR in group.columns:
            at = group.columns[Role.NUMERATOR]
        self.candidates.append(
            Candidate(
                *self._whose(line, whole, when), _written(value), _written(top), _written(bottom), line.row, at.column
            )
        )

    def _whose(self, line: Line, whole: dict[str, str | None], when: datetime.date | None) -> Whose:
        """Return metric, unit, person, day and entry of a row's numbers."""
        cells = (self.grid.sheet.at(line.row, one.column) for one in self.entries)
        entry = next((str(cell.value) for cell in cells if cell.value is not None), None)
        return whole["metric"], whole["unit"], whole["person"] or None, when, entry

    def _number(
        self, line: Line, one: Placed, cell: Cell, metric: CalledMetric | None, role: Role
    ) -> Decimal | Wrong | None:
        """Return the number of a cell as its metric measures it."""
        way = self.ways[one.column]
        if (row := self._measure_of(line)) is not None:
            way = replace(way, row=row)
        found = read(cell, way)
        if found is None or isinstance(found, Wrong):
            return found
        if wrong := self.merged.wrong(line.row, one.column) or in_thousandths(cell, found, metric, way):
            return wrong
        if (wrong := self.doubts.of(metric, role)) is not None:
            return wrong
        if role in (Role.NUMERATOR, Role.DENOMINATOR):
            return counted(found, way)
        if metric is None:
            return found.value
        if one.column in self.told.shares_asked and found.share is None and metric.measure in SHARED:
            return share_or_percent(found.value)
        made = measured(found, metric, way)
        if metric.measure is Measure.PERCENT and way.scale is None and isinstance(made, Decimal):
            self.percents.setdefault(metric.id, []).append((line, one.column, made, found.share is None))
        return made

    def _plan(self, line: Line, group: Group, named: dict[str, str | None], day: datetime.date | Wrong | None) -> None:
        """Offer a target that stands beside the numbers."""
        one = group.columns.get(Role.TARGET) or group.columns.get(Role.VALUE)
        if one is None:
            return
        whole = {**named, **{role: said for role, said in group.named.items() if said}}
        metric = self.metrics.get(whole["metric"] or "")
        when = self.days.when(line.row, group, day)
        if metric is None or not whole["unit"] or not isinstance(when, datetime.date):
            return
        made = self._number(line, one, self.grid.sheet.at(line.row, one.column), metric, Role.TARGET)
        if isinstance(made, Decimal):
            cell = self.grid.sheet.address(line.row, one.column)
            self.targets.append(
                (metric.id, whole["unit"], whole["person"] or None, when.isoformat(), format(made, "f"), cell)
            )

    def _refuse(self, line: Line, column: int, wrong: Wrong, *, shown: str = "", role: Role = Role.VALUE) -> None:
        self.refused.append(self._refusal(line, column, wrong, shown=shown, role=role))

    def _refusal(self, line: Line, column: int, wrong: Wrong, *, shown: str = "", role: Role = Role.VALUE) -> Refusal:
        words = self._words(line)
        return Refusal(line.row, column, wrong, {**words, role.value: shown} if shown else words)

    def _measure_of(self, line: Line) -> Amount | None:
        """Return what the numbers of a row are in: by a column that says it, else behind the name of its metric."""
        values = (self.grid.filled(line.row, one.column).value for one in self.measures)
        texts = tuple(text for value in values if isinstance(value, str) and (text := plain(value)))
        if texts not in self.scales:
            self.scales[texts] = measures_of(texts)
        if self.scales[texts] is not None:
            return self.scales[texts]
        word = line.words.get(Role.METRIC)
        return self.names["metric"].behind(word[0]) if word else None

    def _way(self, one: Placed) -> Way:
        """Return how the plain numbers of a column are meant."""
        spec: Column = one.spec
        return Way(
            self.told.notation.get(one.column, self.mapping.notation), spec.scale, self.mapping.scale,
            heading=one.heading.scale, lines=self.lines, alone=self.alone,
            sure=(spec.notation or self.mapping.notation) is not Notation.AUTO,
        )  # fmt: skip

    def questions(self) -> list[Question]:
        """Return the names a person has to confirm, and what nothing in the sheet says."""
        doubted = self.doubts.questions({one.wrong.rule for one in self.refused})
        return [*asked_names(self.asked, self.names, self.metrics), *doubted, *self.days.questions()]

    def remarks(self) -> list[Remark]:
        """Return what is said about names taken for others, and numbers worked out."""
        return [*taken_names(self.taken, self.known), *worked_out(self.computed), *self.days.remarks()]


def _written(value: Decimal | None) -> str | None:
    """Return a number as an exact text."""
    return None if value is None else format(value, "f")
