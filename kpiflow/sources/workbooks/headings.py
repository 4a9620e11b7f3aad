"""What the words above a column say: a role, a period, whose numbers they are, and what those are in.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kpiflow.sources.workbooks.grid import Part
from kpiflow.sources.workbooks.mapping import Role
from kpiflow.sources.workbooks.names import Names
from kpiflow.sources.workbooks.parted import nth
from kpiflow.sources.workbooks.periods import EITHER, Length, Written, orders, period
from kpiflow.sources.workbooks.vocabulary import Aside, beside, roles_of
from kpiflow.sources.workbooks.writing import Amount, DayOrder, scale_of


@dataclass(frozen=True)
class Heading:
    """A heading understood as far as its own words go. `stem` is all of it but the period; `left` what nothing explains."""

    stem: str = ""
    period: Written | None = None
    roles: tuple[Role | Aside, ...] = ()
    metric: str | None = None
    unit: str | None = None
    person: str | None = None
    scale: Amount | None = None
    left: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def role(self) -> Role | Aside | None:
        """The role it says, None for none."""
        return self.roles[0] if self.roles else None

    @property
    def understood(self) -> bool:
        """Whether it says anything of use."""
        return bool(self.roles or self.period or self.metric or self.unit or self.person)


def heading(
    parts: tuple[Part, ...],
    names: Mapping[str, Names],
    *,
    counted: Length | None = None,
    order: DayOrder = DayOrder.AUTO,
) -> Heading:
    """Return what the parts of a heading say together; `counted`: plain numbers count months or days; `order` is of days."""
    found = Heading()
    stem: list[str] = []
    for part in parts:
        if part.period is None and period(part.text) is None and orders(part.text):
            able = period(part.text, order) if order is not DayOrder.AUTO else None
            part = replace(part, period=able or EITHER)  # noqa: PLW2901
        found, kept = _with(found, part, names, counted=counted)
        stem += [kept] if kept else []
    return replace(found, stem=" / ".join(stem), words=tuple(part.text for part in parts))


def _with(  # noqa: PLR0911  (one answer for each thing a part can be)
    found: Heading, part: Part, names: Mapping[str, Names], *, counted: Length | None
) -> tuple[Heading, str]:
    """Return a heading with one more part, and what of the part is no period."""
    text = part.text
    if part.period is not None:
        return _in_period(found, part.period), ""
    if part.number:
        if (nth_one := nth(Decimal(text).normalize(), counted)) is not None:
            return _in_period(found, nth_one), ""
        return replace(found, left=(*found.left, text)), text
    named = _named(found, text, names)
    if named is not None:
        return named, text
    if (written := period(text)) is not None:
        return _in_period(found, written), ""
    scaled = scale_of(text)
    if roles := roles_of(text) or (roles_of(scaled[1]) if scaled and scaled[1] else ()):
        return replace(found, roles=roles, scale=scaled[0] if scaled else found.scale), text
    split = beside(text)
    if split is not None:
        return _split(found, text, split, names, counted=counted)
    if (both := _name_and_period(found, text, names)) is not None:
        return both
    if scaled is not None:
        inner, _ = (
            _with(replace(found, scale=scaled[0]), Part(scaled[1]), names, counted=counted)
            if scaled[1]
            else (found, "")
        )
        return replace(inner, scale=scaled[0]), text
    return replace(found, left=(*found.left, text)), text


def _name_and_period(found: Heading, text: str, names: Mapping[str, Names]) -> tuple[Heading, str] | None:
    """Return a heading with a part that says a name and a period: `Orders Jan`, `1月订单量`; what is left is the name."""
    words = re.split(r"(?<=[月周季度])(?=[^\W\d_])|[\s\-–_/:,|]+", text)
    for at in range(1, len(words)):
        for name, when in ((words[:at], words[at:]), (words[at:], words[:at])):
            written = period(" ".join(when))
            if written is not None and written.length is Length.YEAR:
                continue  # `Orders 2026` is a title
            named = _named(found, " ".join(name), names) if written is not None else None
            if written is not None and named is not None:
                return _in_period(named, written), " ".join(name)
    return None


def _split(
    found: Heading, text: str, split: tuple[Role | Aside, str], names: Mapping[str, Names], *, counted: Length | None
) -> tuple[Heading, str]:
    """Return a heading with a part that says a role and something else."""
    role, rest = split
    inner, kept = _with(found, Part(rest), names, counted=counted)
    if inner.left != found.left and role in (Aside.TOTAL, Aside.COMPARED):
        return replace(found, roles=(role,), left=inner.left), text
    words = " ".join(part for part in (kept, "" if kept else text.replace(rest, "").strip(" -_/:()")) if part)
    return replace(inner, roles=(role,)), text if kept else words


def _in_period(found: Heading, written: Written) -> Heading:
    """Return a heading with a period, or with one more part of it: a year above its months."""
    before = found.period
    if before is None:
        return replace(found, period=written)
    if before.length is Length.YEAR and written.length is not Length.YEAR:
        return replace(
            found, period=written if written.year else replace(written, year=before.year, fiscal=before.fiscal)
        )
    if written.length is Length.YEAR:
        return replace(found, period=before if before.year else replace(before, year=written.year))
    if written.length in (Length.DAY, Length.TEN_DAYS) and not written.number and before.length is Length.MONTH:
        return replace(found, period=replace(written, number=before.number, year=before.year, fiscal=before.fiscal))
    # A month under its quarter: the shorter one is what the numbers are of.
    return replace(found, period=written if written.year else replace(written, year=before.year, fiscal=before.fiscal))


def _named(found: Heading, text: str, names: Mapping[str, Names]) -> Heading | None:
    """Return a heading with a metric, unit or person it certainly names."""
    for role in ("metric", "unit", "person"):
        sure = names[role].certain(text)
        if sure:
            scale = names[role].behind(text) or found.scale
            if role == "metric":
                return replace(found, metric=sure, scale=scale)
            return (
                replace(found, unit=sure, scale=scale) if role == "unit" else replace(found, person=sure, scale=scale)
            )
    return None
