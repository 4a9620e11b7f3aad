"""What a change of goals would do, above and below, before it is made: scored twice and compared; nothing is written.

Floor 5, part of cascade. Reads no clock, file or database.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from kpiflow.cascade.rescoring import rescored
from kpiflow.cascade.resplit import proposed
from kpiflow.cascade.results import score_company
from kpiflow.cascade.sheet import top_goals
from kpiflow.cascade.splitting.split import Split
from kpiflow.cascade.spreading import Spread, respread, rewritten
from kpiflow.cascade.tree import below_all
from kpiflow.core.goal import Commitment
from kpiflow.core.phasing import PhasingKind
from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.leaves import Facts
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules

#: What of a goal can be tried out, and whether it may be taken away.
FIELDS: dict[str, bool] = {
    "weight": False, "rollup_weight": True, "baseline": True, "threshold": True, "target": True, "stretch": True, "low": True,
    "high": True,
}  # fmt: skip

#: The columns of a change.
CHANGES = {"goal": pl.String, "field": pl.String, "value": pl.Float64}

#: Sentences about single goals end here; the tables have them all.
MENTIONED = 10

#: What is compared before and after.
COMPARED: tuple[str, ...] = ("target", "cycle_target", "weight", "share", "points", "score", "status")


@dataclass(frozen=True, eq=False)
class Trial:
    """What is tried beside new values: another spread over the cycle. `before` are the results as they are, where known.

    `part` are the facts of the goals that change, where that is all that is to be scored again.
    """

    spread: Spread = dataclasses.field(default_factory=Spread)
    before: pl.DataFrame | None = None
    part: Facts | None = None


@dataclass(frozen=True, eq=False)
class Consequence:
    """What would change.

    goals: goal, owner_kind, owner, label, label_zh, place (`changed`, `above`, `below` or `beside`), and before_… and
      after_… of target (of the period's window), cycle_target, weight, share, points, score and status; `changed` says
      whether any of them differs. One row per goal in play before or after; where only a part was scored again, of that part.
    owners: owner_kind, owner, before, after (points of their top sheet) of the owners whose points change.
    resplit: goal, parent, owner_kind, owner, target_before, target, basis: new targets offered to the goals below.
    after: GoalResults as they would be.
    """

    goals: pl.DataFrame
    owners: pl.DataFrame
    resplit: pl.DataFrame
    messages: tuple[Message, ...]
    after: pl.DataFrame


def consequence(
    goals: pl.DataFrame,
    facts: Facts | Callable[[], Facts],
    rules: Rules,
    moment: Moment,
    changes: pl.DataFrame,
    *,
    locked: frozenset[str] = frozenset(),
    last: Mapping[str, Split] | None = None,
    trial: Trial | None = None,
) -> Consequence:
    """Score the company as it is and as it would be, and offer new targets to the goals below.

    changes: goal, field (one of FIELDS), value. `locked` goals keep their target in the offer. `last` has the splits
    by which targets of goals were split last; others are split in proportion to the present targets. `trial` says how
    targets would be spread over the cycle, where that changes too. `facts` may be a function, which is only called where
    the whole company is to be scored.
    To see what the offer would do as well, ask again with `changes` and `as_changes(resplit)` together.
    Raises NotFound for an unknown goal or field, InvalidInput for a change that cannot be made.
    """
    wanted = checked(goals, changes)
    tried = trial or Trial()
    ways = tried.spread
    touched = pl.DataFrame({"goal": [*wanted["goal"], *ways.goals]}, schema={"goal": pl.String}).unique()
    # What is offered is decided below what changes alone, however large the rest is.
    family = below_all(goals, touched)
    changed = respread(applied(family, wanted), ways)
    changing = changed.join(touched, on="goal", how="semi")
    before, after, moved = _scored(goals, changing, facts, (rules, moment), tried)
    compared = _compared(before, moved, _places(goals, touched))
    offer = proposed(family, changed, rules.metrics, locked=locked, last=last or {})
    owners = _owners(before, moved)
    told = sentences(family, wanted, compared, owners, offer, spread=ways)
    return Consequence(compared, owners, offer, told, after)


def _scored(
    goals: pl.DataFrame,
    changed: pl.DataFrame,
    facts: Facts | Callable[[], Facts],
    by: tuple[Rules, Moment],
    tried: Trial,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return results as they are, the whole as it would be, and of that what is to be compared with the first.

    Where only a part can differ, what is compared is that part, before and after.
    """
    rules, moment = by
    if tried.before is not None and tried.part is not None:
        part = replace(tried.part, targets=rewritten(tried.part.targets, tried.spread))
        news = rescored(tried.before, changed, part, rules, moment)
        if news is not None:
            differing = pl.col("goal").is_in(news["goal"].implode())
            return tried.before.filter(differing), pl.concat([tried.before.filter(~differing), news]), news
    known = facts() if callable(facts) else facts
    then = replace(known, targets=rewritten(known.targets, tried.spread))
    rest = goals.join(changed.select("goal"), on="goal", how="anti", maintain_order="left")
    before = score_company(goals, known, rules, moment) if tried.before is None else tried.before
    after = score_company(pl.concat([rest, changed.select(goals.columns)]), then, rules, moment)
    return before, after, after


def arrival(goals: pl.DataFrame, row: pl.DataFrame, facts: Facts, rules: Rules, moment: Moment) -> Consequence:
    """Return what one more goal would do: `row` is its row of Goals. Nothing is offered below, for nothing is below it."""
    whole = pl.concat([goals, row.select(goals.columns)], how="vertical_relaxed")
    before, after = score_company(goals, facts, rules, moment), score_company(whole, facts, rules, moment)
    compared = _compared(before, after, _places(whole, row))
    owners = _owners(before, after)
    offer = proposed(goals, goals, rules.metrics)
    return Consequence(compared, owners, offer, sentences(whole, as_changes(offer), compared, owners, offer), after)


def checked(goals: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return the changes in their own types; raises for goals and fields there are not, and values that cannot be."""
    wanted = changes.select(pl.col(name).cast(kind) for name, kind in CHANGES.items())
    for field in wanted["field"].unique(maintain_order=True):
        if field not in FIELDS:
            raise not_found(msg("field of a goal"), str(field), FIELDS)
    unknown = wanted.join(goals, on="goal", how="anti")["goal"]
    if len(unknown):
        raise not_found(msg("goal"), unknown[0], goals["goal"].to_list())
    if wanted.select(pl.struct("goal", "field").is_duplicated().any()).item():
        raise InvalidInput(msg("The same field of a goal is changed twice. Keep one of the two values."))
    bare = wanted.filter(pl.col("value").is_null(), ~pl.col("field").replace_strict(FIELDS, return_dtype=pl.Boolean))
    if bare.height:
        raise InvalidInput(
            msg("A goal needs a weight: give '{goal}' a number, 0 to leave it out.", goal=bare["goal"][0])
        )
    below = wanted.filter(pl.col("field").is_in(["weight", "rollup_weight"]), pl.col("value") < 0)
    if below.height:
        raise InvalidInput(msg("The weight of '{goal}' cannot be below 0.", goal=below["goal"][0]))
    return wanted


def applied(goals: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return the goals as they would be; a null value takes an anchor away."""
    after = goals
    for field in changes["field"].unique(maintain_order=True):
        news = changes.filter(pl.col("field") == field).select("goal", news="value", is_new=pl.lit(True))
        after = (
            after.join(news, on="goal", how="left", maintain_order="left")
            .with_columns(pl.when("is_new").then("news").otherwise(pl.col(field)).alias(field))
            .drop("news", "is_new")
        )
    return after


def as_changes(resplit: pl.DataFrame) -> pl.DataFrame:
    """Return an offer of new targets as changes, leaving out those that stay."""
    moved = resplit.filter(pl.col("target").ne_missing(pl.col("target_before")))
    return moved.select("goal", field=pl.lit("target"), value="target")


def _compared(before: pl.DataFrame, after: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return both results side by side, and where each goal stands to what changes; a goal that is new has nothing before."""
    who = ("goal", "owner_kind", "owner", "label", "label_zh")
    left = before.select(*who, pl.col(COMPARED).name.prefix("before_"))
    right = after.select(*who, pl.col(COMPARED).name.prefix("after_"))
    differs = pl.any_horizontal(pl.col(f"before_{name}").ne_missing(pl.col(f"after_{name}")) for name in COMPARED)
    both = (
        left.join(right, on=who, how="full", coalesce=True, nulls_equal=True).with_columns(changed=differs).sort("goal")
    )
    placed = both.join(places, on="goal", how="left", maintain_order="left")
    return placed.with_columns(pl.col("place").fill_null("beside"))


def _places(goals: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return where goals stand to the changed ones; a goal both above and below one is called changed or above first."""
    roots = changes.select("goal").unique(maintain_order=True)
    links = goals.select("goal", "parent")
    found = [roots.with_columns(place=pl.lit("changed"))]
    step = roots
    while step.height:
        step = links.join(step, on="goal", how="semi").select(goal="parent").drop_nulls().unique()
        found.append(step.with_columns(place=pl.lit("above")))
    step = roots
    while step.height:
        step = links.join(step.select(parent="goal"), on="parent", how="semi").select("goal")
        found.append(step.with_columns(place=pl.lit("below")))
    return pl.concat(found).unique("goal", keep="first", maintain_order=True)


def _owners(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return owners whose points on their top sheet of committed goals change, the largest loss first."""

    def totals(results: pl.DataFrame, name: str) -> pl.DataFrame:
        counted = results.filter(
            top_goals(), pl.col("commitment") == Commitment.COMMITTED.value, pl.col("score").is_not_null()
        )
        return counted.group_by("owner_kind", "owner").agg(pl.col("score").sum().round(10).alias(name))

    both = totals(before, "before").join(totals(after, "after"), on=["owner_kind", "owner"], how="full", coalesce=True)
    return both.filter(pl.col("before").ne_missing(pl.col("after"))).sort(
        (pl.col("after") - pl.col("before")), "owner_kind", "owner", nulls_last=True
    )


def sentences(
    goals: pl.DataFrame,
    changes: pl.DataFrame,
    compared: pl.DataFrame,
    owners: pl.DataFrame,
    offer: pl.DataFrame,
    *,
    spread: Spread | None = None,
) -> tuple[Message, ...]:
    """Return what a person should read before saying yes; of rows that were left out nothing is said."""
    moved = compared.filter("changed")
    told: list[Message] = []
    if moved.is_empty():
        told.append(msg("Nothing in this period changes."))
    else:
        told.append(
            msg(
                "Goals that change: {goals}. Owners whose points change: {owners}.",
                goals=moved.height,
                owners=owners.height,
            )
        )
    worth = pl.col("before_points").ne_missing(pl.col("after_points"))
    named = moved.filter(pl.col("place").is_in(["changed", "above"]), worth).sort(
        "place", "goal", descending=[True, False]
    )
    told += [
        msg(
            "{goal}: {before} points become {after}.",
            goal=Name(row["label"], row["label_zh"]),
            before=Quantity(row["before_points"], "points"),
            after=Quantity(row["after_points"], "points"),
        )
        for row in named.head(MENTIONED).iter_rows(named=True)
    ]
    restated = moved.filter(pl.col("before_status").ne_missing(pl.col("after_status"))).height
    if restated:
        told.append(msg("Goals whose status changes: {count}.", count=restated))
    rewritten_too = spread.goals if spread else []
    told += _about_offer(goals, changes.filter(~pl.col("goal").is_in(rewritten_too)), offer)
    return tuple(told)


def _about_offer(goals: pl.DataFrame, changes: pl.DataFrame, offer: pl.DataFrame) -> list[Message]:
    """Return what the offer comes to, and which targets it cannot reach."""
    told = []
    moved = as_changes(offer).height
    if moved:
        told.append(msg("New targets are offered below: {count}. Nothing changes until they are agreed.", count=moved))
    explicit = goals.join(changes.filter(pl.col("field") == "target"), on="goal", how="semi").filter(
        pl.col("phasing") == PhasingKind.EXPLICIT.value
    )
    if explicit.height:
        told.append(
            msg(
                "The targets of these are written down per period; change them there too: {goals}.",
                goals=[Name(*names) for names in explicit.select("label", "label_zh").iter_rows()],
            )
        )
    return told
