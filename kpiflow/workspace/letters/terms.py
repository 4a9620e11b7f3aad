"""The steps of a plan that keep balances, share pools, ask for conditions or obey law, as rules anybody can read."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpiflow.incentives.components import Component
from kpiflow.incentives.components.accelerator import Accelerator
from kpiflow.incentives.components.adjustment import Adjustment
from kpiflow.incentives.components.adjustment_factor import AdjustmentFactor
from kpiflow.incentives.components.bonus_bank import BonusBank
from kpiflow.incentives.components.clawback import Clawback
from kpiflow.incentives.components.draw import Draw
from kpiflow.incentives.components.eligibility import Eligibility
from kpiflow.incentives.components.exchange import Exchanged
from kpiflow.incentives.components.fold import Fold, How
from kpiflow.incentives.components.funding import Funding
from kpiflow.incentives.components.grade_curve import GradeCurve
from kpiflow.incentives.components.penalties import Penalties
from kpiflow.incentives.components.pool import Pool, Share
from kpiflow.incentives.components.quotient import Quotient
from kpiflow.incentives.components.refundable_cap import RefundableCap
from kpiflow.incentives.components.veto import Veto
from kpiflow.incentives.components.wage_recovery import WageRecovery
from kpiflow.incentives.condition import Condition, needed
from kpiflow.incentives.kinds import Kind
from kpiflow.language import Message, msg

if TYPE_CHECKING:
    from kpiflow.workspace.letters.steps import Naming


def _asks(one: Condition, naming: "Naming") -> Message:
    edge = None if one.edge is None else naming.number(one.edge, naming.kind(one.of))
    return msg("{name} {needed}", name=naming.name(one.of), needed=needed(one, edge))


def _edge(at: Decimal | str, base: str | None, kind: Kind, naming: "Naming") -> object:
    if base is None:
        return naming.said(at, kind)
    return msg("{times} × {base}", times=at if isinstance(at, Decimal) else naming.name(at), base=naming.name(base))


def _accelerator(step: Accelerator, naming: "Naming") -> Message:
    value = naming.name(step.changed)
    if step.times is not None and step.when is not None:
        return msg(
            "Where {asked}: {value} × {times}.",
            asked=_asks(step.when, naming),
            value=value,
            times=naming.said(step.times),
        )
    edge = _edge(step.beyond or Decimal(0), step.base, naming.kind(step.changed), naming)
    facts = {"value": value, "edge": edge, "slope": step.slope}
    said = (
        msg("What {value} exceeds {edge} by counts {slope} times.", **facts)
        if step.side == "above"
        else msg("What {value} falls short of {edge} by counts {slope} times.", **facts)
    )
    return said if step.when is None else msg("Where {asked}: {said}", asked=_asks(step.when, naming), said=said)


def _adjustment(step: Adjustment, naming: "Naming") -> Message:
    return msg(
        "Corrected for an earlier period: {now} less {then}.",
        now=naming.said(step.recomputed, Kind.MONEY),
        then=naming.said(step.paid_before, Kind.MONEY),
    )


def _adjustment_factor(step: AdjustmentFactor, naming: "Naming") -> Message:
    return msg(
        "{budget} ÷ the sum of {name} of everybody, from {lowest} to {highest}.",
        budget=naming.said(step.budget, Kind.MONEY),
        name=naming.name(step.of),
        lowest=naming.number(step.lowest, Kind.RATIO),
        highest=naming.number(step.highest, Kind.RATIO),
    )


def _bonus_bank(step: BonusBank, naming: "Naming") -> Message:
    said = msg(
        "{share} of what {name} exceeds {edge} by goes to a bank; one part in {parts} of what is in it is paid each time, and "
        "losses are charged to it.",
        share=naming.number(step.share, Kind.RATIO),
        name=naming.name(step.changed),
        edge=_edge(step.above, step.base, Kind.MONEY, naming),
        parts=step.parts,
    )
    if step.forfeits is None:
        return said
    share = naming.said(step.forfeits, Kind.RATIO)
    return msg("{said} Of what was in it before, this share is forfeited first: {share}.", said=said, share=share)


def _clawback(step: Clawback, naming: "Naming") -> Message:
    return msg(
        "Less what {then} exceeds {now} by; what cannot be taken now stays owed.",
        then=naming.said(step.paid_before, Kind.MONEY),
        now=naming.said(step.recomputed, Kind.MONEY),
    )


def _draw(step: Draw, naming: "Naming") -> Message:
    amount = naming.said(step.amount, Kind.MONEY)
    if not step.recoverable:
        return msg("At least {amount}.", amount=amount)
    return msg("Made up to {amount}; what was advanced is recovered from later earnings.", amount=amount)


def _eligibility(step: Eligibility, naming: "Naming") -> Message:
    asked = []
    if step.hired_before:
        asked.append(msg("hired before {day}", day=step.hired_before))
    if step.employed_on:
        asked.append(msg("employed on {day}", day=step.employed_on))
    asked += [_asks(one, naming) for one in step.asked]
    return msg("Only for those who meet all of this: {asked}.", asked=asked)


def _exchange(step: Exchanged, naming: "Naming") -> Message:
    facts = {"name": naming.name(step.of), "currency": step.currency, "rate": step.rate}
    if step.day is None:
        return msg("{name} in {currency} × {rate}.", **facts)
    return msg("{name} in {currency} × {rate}, the rate of {day}.", day=step.day, **facts)


def _fold(step: Fold, naming: "Naming") -> Message:
    name = naming.name(step.of)
    match step.how:
        case How.SUM:
            return msg("{name}, added up over all segments of the period.", name=name)
        case How.MEAN_BY_DAYS:
            return msg("{name}, the mean over all segments by their days.", name=name)
    return msg("{name} of the last segment.", name=name)


def _funding(step: Funding, naming: "Naming") -> Message:
    said = msg("{share} of {name}", share=naming.said(step.share), name=naming.said(step.of, Kind.MONEY))
    if step.most is not None:
        said = msg("{said}, but at most {most}", said=said, most=naming.said(step.most, Kind.MONEY))
    if step.reserve:
        said = msg("{said}, less {reserve} in reserve", said=said, reserve=naming.number(step.reserve, Kind.RATIO))
    if step.needs is None:
        return msg("{said}.", said=said)
    other = naming.number(step.otherwise, Kind.RATIO)
    return msg("{said}, where {asked}; otherwise {other}.", said=said, asked=_asks(step.needs, naming), other=other)


def _grade_curve(step: GradeCurve, naming: "Naming") -> Message:
    kind = naming.kind(step.score)
    rows = [
        msg(
            "{grade}: {low} → {gives_low} to {high} → {gives_high}",
            grade=row.grade, low=naming.number(row.low, kind), high=naming.number(row.high, kind),
            gives_low=naming.number(row.gives_low, Kind.RATIO), gives_high=naming.number(row.gives_high, Kind.RATIO),
        )
        for row in step.rows
    ]  # fmt: skip
    return msg("By {grade}, and {score} within it: {rows}.", grade=naming.name(step.grade), score=naming.name(step.score),
               rows=rows)  # fmt: skip


def _penalties(step: Penalties, naming: "Naming") -> Message:
    def apiece(value: Decimal) -> object:
        if step.base is None:
            return naming.number(value, naming.kind(step.changed))
        return msg("{share} of {base}", share=naming.number(value, Kind.RATIO), base=naming.name(step.base))

    parts = []
    for one in step.of_kinds:
        facts = {"each": apiece(one.each), "incidents": naming.name(one.incidents)}
        if one.most is None:
            parts.append(msg("{each} for each: {incidents}", **facts))
        else:
            parts.append(msg("{each} for each: {incidents} (at most {most})", most=apiece(one.most), **facts))
    if step.most is None:
        return msg("Off it: {parts}.", parts=parts)
    return msg("Off it: {parts}; at most {most} in all.", parts=parts, most=apiece(step.most))


def _pool(step: Pool, naming: "Naming") -> Message:
    facts = {"pool": naming.said(step.amount, Kind.MONEY), "name": naming.name(step.of)}
    if step.share is Share.AT_MOST:
        return msg("{name}, and less in proportion where all together exceed {pool}.", **facts)
    return msg("{pool}, shared by {name} among all.", **facts)


def _quotient(step: Quotient, naming: "Naming") -> Message:
    of, by = (
        naming.said(one, kind) for one, kind in zip((step.of, step.by), step.kinds_of(naming.made.kinds), strict=True)
    )
    said = msg("{of} ÷ {by}", of=of, by=by)
    if step.otherwise is None:
        return said
    other = naming.number(step.otherwise, naming.kind(step.id))
    return msg("{said}; where there is nothing to divide by: {otherwise}", said=said, otherwise=other)


def _refundable_cap(step: RefundableCap, naming: "Naming") -> Message:
    limit = _edge(step.at, step.base, Kind.MONEY, naming)
    return msg("At most {limit} at a time; the rest is paid when there is room.", limit=limit)


def _veto(step: Veto, naming: "Naming") -> Message:
    facts = {"asked": _asks(step.when, naming), "name": naming.name(step.of), "grade": step.becomes or step.at_best}
    if step.becomes is not None:
        return msg("Where {asked}: {name} becomes {grade}.", **facts)
    return msg("Where {asked}: {name} is {grade} at best.", **facts)


def _wage_recovery(step: WageRecovery, naming: "Naming") -> Message:
    return msg(
        "{name}, made good out of the wage as far as the law allows ({place}: {rule}; {source}).",
        name=naming.said(step.loss, Kind.MONEY),
        place=step.cap.place,
        rule=step.cap.rule,
        source=step.cap.source,
    )


#: How each of these kinds of component says its rule.
TERMS: dict[type[Component], Callable[[Any, "Naming"], Message]] = {
    Accelerator: _accelerator,
    Adjustment: _adjustment,
    AdjustmentFactor: _adjustment_factor,
    BonusBank: _bonus_bank,
    Clawback: _clawback,
    Draw: _draw,
    Eligibility: _eligibility,
    Exchanged: _exchange,
    Fold: _fold,
    Funding: _funding,
    GradeCurve: _grade_curve,
    Penalties: _penalties,
    Pool: _pool,
    Quotient: _quotient,
    RefundableCap: _refundable_cap,
    Veto: _veto,
    WageRecovery: _wage_recovery,
}
