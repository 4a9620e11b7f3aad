"""One person's row of a pay run, read back exactly and put in the words of a statement.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from kpiflow.incentives.kinds import Kind, decimal_of
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import Typed
from kpiflow.language import Name, Quantity, msg

#: What people call the inputs every payee has.
CALLED: dict[str, object] = {
    "salary_month": msg("monthly salary"),
    "bonus_share": msg("target share"),
    "score": msg("own score"),
    "grade": msg("grade"),
    "coverage": msg("coverage of the score"),
    "role": msg("role"),
    "unit": msg("unit"),
    "fte": msg("full-time share"),
    "hired": msg("day of hire"),
    "left": msg("last day employed"),
    "days_employed": msg("days employed"),
    "days_in_period": msg("days of the period"),
    "days_in_year": msg("days of the year"),
    "segment": msg("segment"),
    "segment_from": msg("first day that counts"),
    "segment_to": msg("last day that counts"),
}

#: How looked-up inputs are called.
LOOKED_UP = {
    "score": lambda of: msg("score of {of}", of=of),
    "coverage": lambda of: msg("coverage of {of}", of=of),
    "points": lambda of: msg("points of {of}", of=of),
    "attainment": lambda of: msg("attainment of {of}", of=of),
    "actual": lambda of: msg("actual of {of}", of=of),
    "count": lambda of: msg("number of {of}", of=of),
    "amount": lambda of: msg("amount of {of}", of=of),
    "carried": lambda of: msg("carried over from earlier: {of}", of=of),
}


#: Tells what a looked-up input is called in somebody's row; None where it has no name of its own.
Called = Callable[[str, Mapping[str, object]], Name | None]


class WideReading:
    """A row of `pay`, with the plan that gives its columns their meaning (see `component.Reading`)."""

    def __init__(self, plan: Plan, made: Typed, row: Mapping[str, object], called: Called | None = None) -> None:
        """Keep the row with what explains it; without `called`, what is looked up goes by its id."""
        self._plan, self._made, self._row, self._called = plan, made, row, called
        self._named = {name: Name(one.label, one.label_zh) for name, one in plan.called.items()}
        self._named |= {step.id: step.named for step in made.steps}

    def raw(self, name: str) -> Decimal | str | None:
        """Return the exact value of an input or component; an absent input counts as the plan says."""
        value = self._row.get(name)
        if value is None and name in self._made.inputs:
            value = self._made.absent.get(name)
        if value is None or not self._made.kinds[name].numeric:
            return None if value is None else str(value)
        assert isinstance(value, (Decimal, int, float))
        return decimal_of(value)

    def of_segments(self, name: str) -> list[object]:
        """Return what a step gave for each segment."""
        rows = self._row.get("segments")
        assert isinstance(rows, list)
        return [WideReading(self._plan, self._made, row, self._called).shown(name) for row in rows]

    def kind(self, name: str) -> Kind:
        """Return the kind of an input or component."""
        return self._made.kinds[name]

    def row(self, name: str) -> int | None:
        """Return which row of a component was hit."""
        value = self._row.get(f"{name}_row")
        return None if value is None else int(str(value))

    def name(self, operand: Decimal | str) -> object:
        """Return what people call an input or component."""
        if isinstance(operand, Decimal):
            return operand
        if operand in self._named:
            return self._named[operand]
        word, _, of = operand.partition(":")
        if not of:
            return CALLED.get(operand, Name(operand))
        told = self._called(operand, self._row) if self._called else None
        return LOOKED_UP[word](told or (self._named.get(of, of) if word == "carried" else of))

    def shown(self, operand: Decimal | str, kind: Kind | None = None) -> object:
        """Return a fact for a message: money with its currency, ratios of inputs in percent, the rest as numbers."""
        if isinstance(operand, Decimal):
            return self._fact(operand, kind or Kind.NUMBER, percent=kind is Kind.RATIO)
        if self.kind(operand) is Kind.DATE:
            return self._row.get(operand)
        value = self.raw(operand)
        return self._fact(value, self.kind(operand), percent=operand in self._made.inputs)

    def _fact(self, value: Decimal | str | None, kind: Kind, *, percent: bool) -> object:
        """Return a value with its unit; ratios keep every digit, so that anybody can calculate on with them."""
        if value is None or isinstance(value, str):
            return value
        match kind:
            case Kind.MONEY:
                return Quantity(float(value), "currency", self._plan.currency)
            case Kind.DAYS:
                return Quantity(float(value), "days")
            case Kind.RATIO if percent:
                return msg("{percent} %", percent=_plain(value * 100))
            case Kind.RATIO:
                return _plain(value)
        # Four digits are what people read; where more were given, cutting them off could hide why a condition failed.
        return value if value == round(value, 4) else _plain(value)


def _plain(value: Decimal) -> str:
    """Return a number with all its digits and no zeros at the end."""
    return f"{value.normalize():f}"
