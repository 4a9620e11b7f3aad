"""What differs between two runs: who is new, gone or paid another amount, by which component most, and totals by unit."""

from decimal import Decimal

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import Message, Quantity, msg
from kpiflow.storage.pay_runs import MONEY, read_part
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs.answers import PayDifference, RunState, Stored
from kpiflow.workspace.pay_runs.reading import FIRST, Part, narrowed, people_names, unit_names
from kpiflow.workspace.pay_runs.stored import all_runs, amounts, in_office, readable, seen

ZERO = pl.lit(Decimal(0), dtype=MONEY)


def pay_difference(ws: Books, asker: Asker, run: int, other: int | None = None, part: Part = FIRST) -> PayDifference:
    """Answer what differs between a run and another, or the one before it: of its plan and period, else of its plan.

    Raises NotFound for a run that the person asking may not read, and InvalidInput for runs in different money.
    """
    now = readable(ws, asker, run)
    before = readable(ws, asker, other) if other is not None else _previous(ws, asker, now)
    if before is None:
        empty = pl.DataFrame(schema={"person": pl.String})
        said = (msg("There is no run before run {run} to compare it with.", run=run),)
        return PayDifference(said, now, None, empty, 0, 0, empty, {}, Decimal(0), now.total)
    if before.currency != now.currency:
        raise InvalidInput(msg("Run {run} pays in {one}, run {other} in {two}; they cannot be compared.",
                               run=now.run, one=now.currency, other=before.run, two=before.currency))  # fmt: skip
    rows = _differing(ws, asker, now, before)
    units = _units(ws, asker, now, before)
    kinds = dict(rows.group_by("change_kind").agg(pl.len()).iter_rows())
    listed = narrowed(ws, rows.join(people_names(ws), on="person", how="left", maintain_order="left"), part)
    size = pl.col("change").abs()
    sums = [Decimal(str(seen(ws, asker, amounts(ws, one.run))["payable"].sum() or 0)) for one in (before, now)]
    return PayDifference(
        sentence=_sentence(now, before, kinds, sums), run=now, other=before, found=listed.height, start=part.start,
        rows=listed.sort(size, "person", descending=[True, False]).slice(part.start, part.size), units=units,
        counts={name: int(kinds.get(name, 0)) for name in ("new", "gone", "changed")}, before=sums[0], after=sums[1],
    )  # fmt: skip


def _previous(ws: Books, asker: Asker, now: Stored) -> Stored | None:
    """Return the run before one: of its plan and period where there is one, else the last of its plan for an earlier period."""
    office = in_office(ws, asker)
    earlier = [
        one
        for one in all_runs(ws)
        if one.run < now.run and one.plan == now.plan and (office or one.state is RunState.FINAL)
    ]
    same = [one for one in earlier if one.period == now.period]
    return next(iter((*same, *earlier)), None)


def _differing(ws: Books, asker: Asker, now: Stored, before: Stored) -> pl.DataFrame:
    """Return everybody whose payout differs: what kind of change, before, after, and the component that changed most."""
    new, old = (seen(ws, asker, amounts(ws, one.run)) for one in (now, before))
    both = old.select("person", old_unit="unit", before="payable").join(
        new.select("person", "unit", after="payable"), on="person", how="full", coalesce=True
    )
    kind = pl.when(pl.col("before").is_null()).then(pl.lit("new")).when(pl.col("after").is_null()).then(pl.lit("gone"))
    rows = both.with_columns(
        pl.coalesce("unit", "old_unit"), change_kind=kind.otherwise(pl.lit("changed")),
        change=(pl.col("after").fill_null(ZERO) - pl.col("before").fill_null(ZERO)).cast(MONEY),
    ).filter((pl.col("change") != 0) | (pl.col("change_kind") != "changed")).drop("old_unit")  # fmt: skip
    return rows.join(_components(ws, now, before, rows["person"]), on="person", how="left", maintain_order="left")


def _components(ws: Books, now: Stored, before: Stored, people: pl.Series) -> pl.DataFrame:
    """Return person, component, component_change: the line whose amount, or else value, changed most."""
    some = people.to_list()
    new, old = (_summed(read_part(ws.store, "pay_line", one.run, some)) for one in (now, before))
    both = old.rename({"amount": "was", "value": "value_was"}).join(
        new.rename({"amount": "now"}), on=["person", "component"], how="full", coalesce=True
    )
    moved = both.with_columns(
        change=pl.col("now").fill_null(ZERO) - pl.col("was").fill_null(ZERO),
        # A factor adds nothing of its own: what moved it is the reason all the same, so the first that moved is told.
        first=pl.coalesce("line", "line_right"),
        leads=pl.col("now").is_null() & pl.col("was").is_null() & (pl.col("value").ne_missing(pl.col("value_was"))),
    )
    paid = moved.filter(pl.col("change") != 0).sort(
        pl.col("change").abs(), "first", descending=[True, False]
    ).unique("person", keep="first", maintain_order=True).select("person", "component", component_change="change")  # fmt: skip
    led = (
        moved.filter("leads").sort("first").group_by("person", maintain_order=True)
        .agg(led_by=pl.col("component"))
    )  # fmt: skip
    return paid.join(led, on="person", how="left")


def _summed(lines: pl.DataFrame) -> pl.DataFrame:
    """Return person, component, line, amount and value, with segments added up."""
    added = (
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in ("amount", "value")
    )
    return lines.group_by("person", "component").agg(pl.col("line").min(), *added)


def _units(ws: Books, asker: Asker, now: Stored, before: Stored) -> pl.DataFrame:
    """Return what each unit's people were and are paid: unit, label, label_zh, before, after, change."""
    new, old = (
        seen(ws, asker, amounts(ws, one.run)).group_by("unit").agg(pl.col("payable").sum()) for one in (now, before)
    )
    both = old.rename({"payable": "before"}).join(
        new.rename({"payable": "after"}), on="unit", how="full", coalesce=True
    )
    filled = both.with_columns(pl.col("before", "after").fill_null(ZERO)).with_columns(
        change=(pl.col("after") - pl.col("before")).cast(MONEY)
    )
    named = filled.join(unit_names(ws), on="unit", how="left").rename(
        {"unit_label": "label", "unit_label_zh": "label_zh"}
    )
    return named.sort(pl.col("change").abs(), "unit", descending=[True, False])


def _sentence(now: Stored, before: Stored, kinds: dict[str, int], sums: list[Decimal]) -> tuple[Message, ...]:
    change = Quantity(float(sums[1] - sums[0]), "currency", now.currency, signed=True)
    if not kinds:
        return (msg("Run {run} pays everybody what run {other} did.", run=now.run, other=before.run),)
    first = msg("Against run {other} for {period}, run {run} pays {change}.",
                run=now.run, other=before.run, period=before.period, change=change)  # fmt: skip
    counts = msg("{changed} {changed:person is|people are} paid another amount, {new} {new:is|are} new, {gone} {gone:is|are} gone.",
                 changed=kinds.get("changed", 0), new=kinds.get("new", 0), gone=kinds.get("gone", 0))  # fmt: skip
    return (first, counts)
