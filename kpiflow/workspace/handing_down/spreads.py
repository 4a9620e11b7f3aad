"""Phasing and targets per period as somebody wants to change them: read, compared with what is there, and told apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from kpiflow.cascade.spreading import WRITTEN, Spread, eased_months, monthly, respread, rewritten
from kpiflow.core.phasing import PhasingKind
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.leaves import settled
from kpiflow.scoring.rules import Rules
from kpiflow.workspace.handing_down.planning import Plan, amount_given


@dataclass(frozen=True)
class Wish:
    """How somebody wants a goal's target spread: the phasing (None: as it is), and period → the target written for it."""

    phasing: str | None = None
    periods: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.phasing is not None or bool(self.periods)


def phasing_of(plan: Plan, rules: Rules) -> str:
    """Return the phasing that a goal has, also where nothing is written."""
    row = plan.goals.filter(pl.col("goal") == plan.goal)
    return str(settled(row, rules)["phasing"][0])


def written_of(plan: Plan) -> pl.DataFrame:
    """Return goal, period and target: what is written per period for a goal."""
    return plan.company.targets.filter(pl.col("goal") == plan.goal).select(*WRITTEN)


def spread_wished(plan: Plan, rules: Rules, wish: Wish) -> Spread:
    """Return what differs of a wish from what is there; raises for a phasing or period there is not, and amounts that cannot be.

    Targets per period count with the phasing `explicit` alone, so leaving it takes them away; the versions stay readable.
    """
    if not wish:
        return Spread()
    plan.measured()
    now = phasing_of(plan, rules)
    if wish.phasing is not None and wish.phasing not in rules.phasings:
        raise not_found(msg("phasing"), wish.phasing, rules.phasings)
    wanted = wish.phasing or now
    held = dict(written_of(plan).select("period", "target").iter_rows())
    explicit = PhasingKind.EXPLICIT.value
    if wanted != explicit and wish.periods:
        raise InvalidInput(msg("Targets per period count only with the phasing 'explicit'. Choose it as well."))
    given = {period: amount_given(text, plan.metric) for period, text in wish.periods.items()}
    for period in given:
        if plan.moment.calendar.period(period).cycle != plan.moment.cycle.cycle:
            raise InvalidInput(
                msg("{period} is not in {cycle}, the cycle of '{goal}'.", period=period, cycle=plan.moment.cycle.cycle,
                    goal=plan.goal)
            )  # fmt: skip
    after = {**held, **given} if wanted == explicit else dict.fromkeys(held)
    differing = [(plan.goal, period, target) for period, target in after.items() if target != held.get(period)]
    written = pl.DataFrame(sorted(differing, key=lambda one: one[1]), schema=WRITTEN, orient="row")
    return Spread({} if wanted == now else {plan.goal: wanted}, written)


@dataclass(frozen=True, eq=False)
class Told:
    """A spread as an answer tells it: the frames of `ChangePreview` of the same names, and the sentences."""

    phasing: pl.DataFrame
    written: pl.DataFrame
    months: pl.DataFrame
    sentence: tuple[Message, ...]

    @property
    def eased(self) -> bool:
        """Whether some month asks for less than it did."""
        return bool(self.months["eased"].any())


def told_of(plan: Plan, rules: Rules, spread: Spread, after: pl.DataFrame) -> Told:
    """Return how a spread differs from what is there; `after` are the goals as they would be, phasing and all."""
    phasing = pl.DataFrame(
        [(goal, phasing_of(plan, rules), new) for goal, new in spread.phasings.items()],
        schema={"goal": pl.String, "before": pl.String, "after": pl.String},
        orient="row",
    )
    held = written_of(plan).select("goal", "period", before="target")
    written = spread.written.select("goal", "period", after="target").join(
        held, on=["goal", "period"], how="left", maintain_order="left"
    )
    months = months_between(plan, rules, spread, after)
    return Told(
        phasing,
        written.select("goal", "period", "before", "after"),
        months,
        _sentences(plan, rules, phasing, written, months),
    )


def months_between(plan: Plan, rules: Rules, spread: Spread, after: pl.DataFrame) -> pl.DataFrame:
    """Return goal, period, before, after and eased: what each month asks of the goals of a spread; none without a spread."""
    mine = pl.col("goal").is_in(spread.goals)
    targets = plan.company.targets
    metric = plan.metric
    directions = dict.fromkeys(spread.goals, metric.direction.value) if metric else {}
    before = monthly(plan.goals.filter(mine), targets, rules, plan.moment)
    then = monthly(respread(after.filter(mine), spread), rewritten(targets, spread), rules, plan.moment)
    return eased_months(before, then, directions)


def _sentences(
    plan: Plan, rules: Rules, phasing: pl.DataFrame, written: pl.DataFrame, months: pl.DataFrame
) -> tuple[Message, ...]:
    """Return what a person should know of a spread before saying yes."""
    told = []
    for _, before, after in phasing.iter_rows():
        names = {name: Name(one.label, one.label_zh) for name, one in rules.phasings.items()}
        told.append(
            msg("{goal}: its target is spread by '{after}', no longer by '{before}'.", goal=plan.name,
                after=names[after], before=names[before])
        )  # fmt: skip
    gone, put = written.filter(pl.col("after").is_null()), written.filter(pl.col("after").is_not_null())
    if put.height:
        told.append(msg("Targets written per period: {periods}.", periods=put["period"].to_list()))
    if gone.height:
        told.append(msg("Targets per period that no longer count: {periods}.", periods=gone["period"].to_list()))
    eased = months.filter("eased")
    if eased.height:
        first, measure = eased.row(0, named=True), plan.measured()
        before, after = (Quantity(first[side], measure.measure.value, measure.currency) for side in ("before", "after"))
        told.append(
            msg(
                "{count} months ask for less than before, {month} first: {before} becomes {after}. Making it needs a reason.",
                count=eased.height,
                month=first["period"],
                before=before,
                after=after,
            )
        )
    return tuple(told)
