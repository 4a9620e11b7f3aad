"""What changes of the plan would do, worked out before they are made: the company scored as it is and as it would be."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpiflow.access.reach import visible
from kpiflow.cascade.consequence import CHANGES, Consequence, Trial, applied, checked, consequence, sentences
from kpiflow.cascade.splitting.split import Split
from kpiflow.cascade.spreading import Spread, respread, rewritten
from kpiflow.definitions.company import Company
from kpiflow.definitions.difference import difference
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.leaves import Facts
from kpiflow.storage.documents import definitions_version
from kpiflow.workspace.answers import ChangePreview
from kpiflow.workspace.books import Books
from kpiflow.workspace.handing_down.planning import Plan, new_problems, require_sight
from kpiflow.workspace.handing_down.spreads import told_of
from kpiflow.workspace.labels import with_metric_names, with_owner_names
from kpiflow.workspace.results import facts_for, results

#: The places of a goal to a change, in the order they are shown.
PLACES = ("changed", "above", "below", "beside")

#: So many goals are observed by themselves; of more, everything is looked at once and kept.
FEW = 50

_NAMES = ("label", "label_zh", "owner_kind", "owner", "owner_label", "owner_label_zh", "metric", "measure", "currency")


def consequence_of(
    ws: Books,
    plan: Plan,
    changes: pl.DataFrame,
    *,
    locked: frozenset[str] = frozenset(),
    last: Mapping[str, Split] | None = None,
    spread: Spread | None = None,
) -> Consequence:
    """Return what changes (goal, field, value) would do in a plan's moment; goals in `locked` keep their target in the offer."""
    # Values do not change what was measured, so that one look at the measurements serves every question about the plan.
    key, goals = ("facts", plan.moment.period.period, ws.versions(plan.as_of)), plan.company.goals
    ways, rules = spread or Spread(), ws.rules(plan.as_of)

    def facts() -> Facts:
        return ws.kept(key, lambda: facts_for(ws, goals, plan.moment, plan.as_of))

    touched = goals.filter(pl.col("goal").is_in([*changes["goal"], *ways.goals]))
    part = facts() if touched.height > FEW else facts_for(ws, touched, plan.moment, plan.as_of, alone=True)
    trial = Trial(ways, results(ws, plan.moment.period.period, plan.as_of), part)
    return consequence(goals, facts, rules, plan.moment, changes, locked=locked, last=last, trial=trial)


def preview(
    ws: Books,
    plan: Plan,
    changes: pl.DataFrame,
    found: Consequence,
    *,
    offered: bool = True,
    spread: Spread | None = None,
) -> ChangePreview:
    """Return an answer about changes, with only the rows the person asking may see.

    `offered` says whether new targets below are still an offer; otherwise they are among the changes already. `spread`
    is how the goal's target would be spread over the cycle, where that changes too.
    Raises Refused when the changes touch the goals of a person outside reach.
    """
    ways = spread or Spread()
    goals = plan.company.goals.filter(pl.col("goal").is_in([*changes["goal"], *ways.goals]))
    wanted = really(goals, checked(goals, changes))
    touched = goals.filter(pl.col("goal").is_in([*wanted["goal"], *ways.goals]))
    require_sight(plan.reach, touched)
    moved = visible(found.goals.filter("changed"), plan.reach)
    owners = visible(found.owners, plan.reach)
    offer = visible(found.resplit, plan.reach)
    after = applied(goals, wanted)
    eased = eased_by(plan.company, after, touched)
    spread_told = told_of(plan, ws.rules(plan.as_of), ways, after)
    then, written = respread(after, ways), rewritten(plan.company.targets, ways)
    errors, warnings = new_problems(plan.company, then, written) if touched.height else ((), ())
    told = sentences(goals, wanted, moved, owners, offer if offered else offer.clear(), spread=ways)
    listed = with_before(goals, wanted).join(eased, on=["goal", "field"], how="left", maintain_order="left")
    listed = listed.with_columns(pl.col("eased").fill_null(False))
    return ChangePreview(
        sentence=(*spread_told.sentence, *told, *_cautions(listed, goals), *warnings, *errors),
        goal=plan.goal,
        period=plan.moment.period.period,
        changes=listed,
        goals=_placed(_named(moved, plan.company)),
        owners=with_owner_names(owners, plan.company).select(
            "owner_kind", "owner", "owner_label", "owner_label_zh", "before", "after"
        ),
        resplit=_named(offer, plan.company).select("goal", "parent", *_NAMES, "target_before", "target", "basis"),
        obstacles=errors,
        touched=touched.select("owner_kind", "owner").n_unique(),
        version=definitions_version(ws.store, ws.believed(plan.as_of)),
        as_of=ws.believed(plan.as_of),
        phasing=spread_told.phasing,
        written=spread_told.written,
        months=spread_told.months,
    )


def changes_alone(ws: Books, plan: Plan, changes: pl.DataFrame) -> ChangePreview:
    """Return an answer about changes that names them and what becomes easier, without what they do above and below.

    Cheap enough for every key that is pressed: the company is neither scored nor checked.
    """
    goals = plan.company.goals
    wanted = really(goals, checked(goals, changes))
    touched = goals.join(wanted.select("goal"), on="goal", how="semi")
    eased = eased_by(plan.company, applied(goals, wanted), touched)
    listed = with_before(goals, wanted).join(eased, on=["goal", "field"], how="left", maintain_order="left")
    listed = listed.with_columns(pl.col("eased").fill_null(False))
    nothing = pl.DataFrame()
    return ChangePreview(
        sentence=_cautions(listed, goals),
        goal=plan.goal,
        period=plan.moment.period.period,
        changes=listed,
        goals=nothing,
        owners=nothing,
        resplit=nothing,
        obstacles=(),
        touched=touched.select("owner_kind", "owner").n_unique(),
        version=definitions_version(ws.store, ws.believed(plan.as_of)),
        as_of=ws.believed(plan.as_of),
    )


def really(goals: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return the changes without those that leave a field as it is."""
    return with_before(goals, wanted).filter(pl.col("before").ne_missing(pl.col("after"))).select(
        "goal", "field", value="after"
    )  # fmt: skip


def with_before(goals: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return goal, field, before and after of changes (goal, field, value)."""
    fields = wanted["field"].unique().to_list()
    held = goals.select("goal", *fields).unpivot(index="goal", variable_name="field", value_name="before")
    if not fields:
        held = pl.DataFrame(schema={"goal": pl.String, "field": pl.String, "before": pl.Float64})
    joined = wanted.join(held, on=["goal", "field"], how="left", maintain_order="left")
    return joined.select("goal", "field", pl.col("before").cast(pl.Float64), after="value")


def eased_by(company: Company, after: pl.DataFrame, touched: pl.DataFrame) -> pl.DataFrame:
    """Return goal, field and eased for the changed fields of goals: whether each becomes easier to reach."""
    only = touched.select("goal")
    parts = replace(company, goals=company.goals.join(only, on="goal", how="semi"))
    changed = difference(parts, replace(company, goals=after.join(only, on="goal", how="semi"))).changes
    return changed.filter(pl.col("change") == "changed").select("field", "eased", goal="id")


def placed_with_names(rows: pl.DataFrame, company: Company, goals: pl.DataFrame) -> pl.DataFrame:
    """Return goals that change with their names and documented columns; `goals` is the plan that holds all of them."""
    return _placed(_named(rows, replace(company, goals=goals)))


def as_rows(*changes: tuple[str, str, float | None]) -> pl.DataFrame:
    """Return changes as the table that consequences are asked with."""
    return pl.DataFrame(list(changes), schema=CHANGES, orient="row")


def _cautions(changes: pl.DataFrame, goals: pl.DataFrame) -> tuple[Message, ...]:
    eased = changes.filter("eased").select("goal").unique(maintain_order=True)
    if eased.is_empty():
        return ()
    named = eased.join(goals.select("goal", "label", "label_zh"), on="goal", how="left", maintain_order="left")
    names = [Name(label or goal, label_zh) for goal, label, label_zh in named.iter_rows()]
    return (msg("Easier to reach than before, so making it needs a reason: {goals}.", goals=names),)


def _named(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return rows of goals with the names of goals, owners and metrics."""
    facts = company.goals.select("goal", "label", "label_zh", "metric")
    joined = rows.drop("label", "label_zh", strict=False).join(facts, on="goal", how="left", maintain_order="left")
    return with_metric_names(with_owner_names(joined, company), company)


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the goals that change, the changed ones first, with the columns that are documented."""
    order = pl.col("place").replace_strict({name: place for place, name in enumerate(PLACES)}, return_dtype=pl.Int64)
    compared = [name for name in rows.columns if name.startswith(("before_", "after_"))]
    return rows.sort(order, "goal").select("goal", "place", *_NAMES, *compared)


def becomes(name: object, field: Message, before: Quantity, after: Quantity) -> Message:
    """Return the sentence that says what a field was and what it is to be."""
    return msg("{goal}: {field} {before} becomes {after}.", goal=name, field=field, before=before, after=after)
