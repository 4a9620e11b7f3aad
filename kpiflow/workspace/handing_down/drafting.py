"""A split somebody is working on: the goals that wait to be handed down, and a draft of one, worked out at every change."""

import datetime
from typing import Any

import polars as pl

from kpiflow.cascade.splitting import Fixed
from kpiflow.cascade.splitting.by_weight import ByWeight
from kpiflow.core.goal import Stage
from kpiflow.core.proposal import OPEN, WAITS_FOR_OWNER, LineState
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.storage.proposals import Wanted, proposals_version, read_lines
from kpiflow.workspace.answers import SplitPreview
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.cascading import Terms, preview_split
from kpiflow.workspace.handing_down.desk_answers import Draft, Drafted
from kpiflow.workspace.handing_down.knowledge import chosen, volumes
from kpiflow.workspace.handing_down.leading import desk_units, in_hand, require_split, with_people
from kpiflow.workspace.handing_down.planning import Plan, plan_of, planned, require_sight
from kpiflow.workspace.handing_down.reconciliation import compared
from kpiflow.workspace.handing_down.splits import SPLIT
from kpiflow.workspace.labels import with_metric_names, with_owner_names

#: A draft of what is there: every child keeps its target until somebody changes it.
AS_IT_IS = Draft(Fixed.name)

#: The states of a reconciliation in the order in which somebody should look at them.
URGENT = (
    "over_assigned", "unassigned", "easier", "different", "open", "harder", "volumes_missing", "not_split", "buffered", "balanced",
    "no_target", "not_splittable",
)  # fmt: skip


def assigned_goals(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the goals assigned to the units whose head is asking, those that need a hand first.

    goal, label, label_zh, owner, owner_label, owner_label_zh, metric, measure, currency, target, assigned, unassigned,
    over_assigned, buffer, way, weighted_mean, difference, state, children, waiting (lines that wait for owners), countered.
    """
    ws.may(asker, SPLIT).require()
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    goals = planned(company, moment).with_columns(pl.col("owner_kind").cast(pl.String))
    mine = in_hand(ws, asker, goals).filter(
        pl.col("owner_kind") == "unit",
        pl.col("owner").is_in(list(desk_units(ws, asker))),
        pl.col("metric").is_not_null(),
    )
    known = mine.select("goal", "label", "label_zh", "owner_kind", "owner", "weight")
    rows = known.join(compared(ws, moment, as_of), on="goal", maintain_order="left")
    named = with_metric_names(with_owner_names(rows, company), company)
    lines = waiting_lines(ws, known["goal"].to_list(), as_of)
    owner = pl.col("state").is_in(WAITS_FOR_OWNER)
    counts = lines.group_by(goal="parent").agg(
        waiting=owner.sum(), countered=(pl.col("state") == LineState.COUNTERED.value).sum()
    )
    order = pl.col("state").replace_strict({name: at for at, name in enumerate(URGENT)}, default=99)
    return (
        named.join(counts, on="goal", how="left", maintain_order="left")
        .with_columns(pl.col("waiting", "countered").fill_null(0))
        .sort(pl.col("countered") == 0, order, -pl.col("weight"), "goal", maintain_order=True)
    )


def waiting_lines(ws: Books, parents: list[str], as_of: datetime.date | None) -> pl.DataFrame:
    """Return the lines of proposals below some goals that wait for an answer on a day; cached."""

    def make() -> pl.DataFrame:
        found = read_lines(ws.store, Wanted(parents=parents), ws.believed(as_of))
        return found.filter(pl.col("state").is_in(OPEN))

    return ws.kept(("waiting", tuple(sorted(parents)), as_of, proposals_version(ws.store)), make)


def terms_of_draft(draft: Draft) -> Terms:
    """Return what a draft wants of its method."""
    weights: dict[str, object] = dict(draft.weights)
    if draft.method == Fixed.name:
        return Terms(amounts=dict(draft.held), buffer=draft.buffer)
    return Terms(amounts=weights if draft.method == ByWeight.name else None, buffer=draft.buffer, held=dict(draft.held))


def drafted(
    ws: Books, asker: Asker, goal: str, period: str, draft: Draft = AS_IT_IS, *, as_of: datetime.date | None = None
) -> Drafted:
    """Work out a draft for a goal of the period; nothing is written.

    Raises NotFound with the nearest goal, and Refused for whoever may not split here. A draft that cannot be split says why in
    the answer: the person is in the middle of writing it.
    """
    ws.may(asker, SPLIT).require()
    plan = plan_of(ws, asker, goal, period, as_of)
    require_split(ws, asker, (), parent=(str(plan.row["owner_kind"]), str(plan.row["owner"])))
    plan.measured()
    require_sight(plan.reach, plan.children)
    shown, why_not = _tried(ws, asker, plan, draft)
    before = compared(ws, plan.moment, as_of).filter(pl.col("goal") == goal).row(0, named=True)
    row = with_metric_names(pl.DataFrame([plan.row], infer_schema_length=None), plan.company).row(0, named=True)
    return Drafted(draft, goal, plan.name, row, _lines(ws, plan, draft, shown), before, shown, why_not)


def _tried(ws: Books, asker: Asker, plan: Plan, draft: Draft) -> tuple[SplitPreview | None, Message | None]:
    """Return the draft split, or why it cannot be. Where nothing is written yet, what is there is what is meant."""
    meant = draft
    if draft.method == Fixed.name and not draft.held:
        there = plan.children.filter(pl.col("target").is_not_null()).select("goal", "target")
        meant = draft.holding(**dict(there.iter_rows()))
        if not meant.held and plan.children.height:
            return None, msg("No target is written yet. Write one into the grid, or choose another way to split.")
    try:
        terms, period = terms_of_draft(meant), plan.moment.period.period
        return preview_split(
            ws, asker, plan.goal, draft.method, period, terms=terms, as_of=plan.as_of, alone=True
        ), None
    except InvalidInput as problem:
        return None, problem.message


def _lines(ws: Books, plan: Plan, draft: Draft, shown: SplitPreview | None) -> pl.DataFrame:
    """Return the children as the workbench shows them, whether the draft can be split or not."""
    below = plan.children.with_columns(pl.col("owner_kind", "scope_kind").cast(pl.String))
    last = chosen(volumes(ws, plan.moment, plan.as_of), below).frame.select(
        "metric", "scope_kind", "scope", last=pl.coalesce("last_rate", "last_volume")
    )
    rows = below.join(last, on=["metric", "scope_kind", "scope"], how="left", maintain_order="left").select(
        "goal", "label", "label_zh", "owner_kind", "owner", "metric", "last", target_before="target",
        is_new=pl.col("stage").cast(pl.String) == Stage.PROPOSED.value, weight=pl.coalesce("rollup_weight", "weight"),
    )  # fmt: skip
    if shown is not None:
        news = shown.lines.select("goal", "target", used="weight")
        rows = rows.join(news, on="goal", how="left", maintain_order="left")
        rows = rows.with_columns(weight=pl.coalesce("used", "weight")).drop("used")
    else:
        rows = rows.with_columns(target=_written(draft.held, "target_before"))
    words: dict[str, Any] = dict(draft.words)
    said = (
        pl.col("goal").replace_strict(words, default=None, return_dtype=pl.String) if words else pl.lit(None, pl.String)
    )
    lines = waiting_lines(ws, [plan.goal], plan.as_of).select("goal", "state").unique("goal", keep="first")
    rows = rows.with_columns(
        locked=pl.col("goal").is_in([name for name, _ in draft.held]),
        words=said,
        weight=_written(draft.weights, "weight"),
    ).join(lines, on="goal", how="left", maintain_order="left")
    named = with_metric_names(with_people(with_owner_names(rows, plan.company), ws), plan.company)
    return named.select(
        "goal", "label", "label_zh", "owner_kind", "owner", "owner_label", "owner_label_zh", "people", "people_zh", "last",
        "target_before", "target", "locked", "weight", "words", "is_new", "state", "measure", "currency",
    )  # fmt: skip


def _written(amounts: tuple[tuple[str, float], ...], otherwise: str) -> pl.Expr:
    """Return the amount written for each goal, else another column."""
    if not amounts:
        return pl.col(otherwise)
    written = pl.col("goal").replace_strict(dict(amounts), default=None, return_dtype=pl.Float64)
    return pl.coalesce(written, otherwise)
