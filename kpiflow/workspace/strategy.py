"""The strategy as a picture: a unit's objectives, the goals they come from, and who carries them, as nodes and links."""

import datetime

import polars as pl

from kpiflow.access.reach import shared, visible
from kpiflow.core.goal import OwnerKind
from kpiflow.core.status import Status
from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.language import Message, msg
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.target_answers import Strategy
from kpiflow.workspace.labels import name_of, with_metric_names, with_owner_names
from kpiflow.workspace.results import results

#: Layers of a unit's own goals that are drawn; what lies deeper is counted on the last of them.
LAYERS = 3

#: Goals drawn of one layer, and owners drawn: the heaviest first.
GOALS, OWNERS = 24, 14

#: How two things are linked: what counts in the other, and what helps it without being counted.
CONTRIBUTES, SUPPORTS = "contributes", "supports"

#: Units offered to go to.
UNITS = 200

_NODE = {
    "id": pl.String, "what": pl.String, "layer": pl.Int32, "place": pl.Int32, "goal": pl.String, "owner_kind": pl.String,
    "owner": pl.String, "label": pl.String, "label_zh": pl.String, "owner_label": pl.String, "owner_label_zh": pl.String,
    "metric": pl.String, "measure": pl.String, "currency": pl.String, "actual": pl.Float64, "target": pl.Float64,
    "points": pl.Float64, "status": pl.String, "weight": pl.Float64, "behind": pl.Int64, "at_risk": pl.Int64,
    "on_pace": pl.Int64, "below": pl.Int64,
}  # fmt: skip

_LINK = {"source": pl.String, "target": pl.String, "how": pl.String, "weight": pl.Float64}


def strategy(
    ws: Books, asker: Asker, period: str, unit: str | None = None, as_of: datetime.date | None = None
) -> Strategy:
    """Answer the Strategy page for a unit, the enterprise unless said; raises NotFound for a unit there is not."""
    company, reach = ws.company(as_of), ws.reach(asker)
    whose = unit or company.profile.enterprise
    if whose not in company.units["unit"]:
        raise not_found(msg("unit"), whose, company.units["unit"])
    key = ("strategy", whose, shared(reach), period, ws.versions(as_of))
    return ws.kept(key, lambda: _strategy(ws, visible(results(ws, period, as_of), reach), whose, as_of))


def _strategy(ws: Books, rows: pl.DataFrame, unit: str, as_of: datetime.date | None) -> Strategy:
    company = ws.company(as_of)
    own = rows.filter(pl.col("owner") == unit, pl.col("owner_kind") == OwnerKind.UNIT.value)
    layered = _layers(own)
    children = rows.filter(
        pl.col("parent").is_in(layered["goal"].implode()), ~pl.col("goal").is_in(own["goal"].implode())
    )
    carried = _carried(children)
    owners, hidden = carried.head(OWNERS), max(carried.height - OWNERS, 0)
    nodes = pl.concat([_goal_nodes(layered, own, company), _owner_nodes(owners, layered, company)])
    helping = company.goals.filter(pl.col("supports").is_in(layered["goal"].implode()))
    links = _links(
        layered, children, owners, _placed(helping.join(rows.select("goal"), on="goal", how="semi"), owners, company)
    )
    carries = links.filter(pl.col("how") == CONTRIBUTES).group_by(id="target").agg(carries=pl.col("weight").sum())
    nodes = nodes.join(carries, on="id", how="left", maintain_order="left")
    nodes = nodes.with_columns(weight=pl.when(pl.col("what") == "owner").then("carries").otherwise("weight")).drop(
        "carries"
    )
    return Strategy(
        sentence=_sentence(layered, company, unit),
        nodes=nodes,
        links=links,
        hidden=hidden,
        unit=unit,
        path=_path(ws, unit, as_of),
        units=_below(company, unit),
    )


def _layers(own: pl.DataFrame) -> pl.DataFrame:
    """Return a unit's goals that are drawn, with `layer` and `part` (of the picture's whole), parents before children.

    A single objective above all of them is left out: the picture as a whole is that one already.
    """
    inside = own["goal"].implode()
    tops = own.filter(pl.col("parent").is_null() | ~pl.col("parent").is_in(inside))
    weighty = tops.filter(pl.col("weight") > 0)
    if weighty.height == 1 and own.filter(pl.col("parent") == weighty["goal"][0]).height:
        below = own.filter(pl.col("parent") == weighty["goal"][0])
        tops = pl.concat([below, tops.filter(pl.col("goal") != weighty["goal"][0])])
    weight = pl.coalesce("rollup_weight", "weight")
    level = tops.with_columns(
        layer=pl.lit(0, pl.Int32), part=_portion(pl.col("weight"), pl.col("weight").sum(), pl.len())
    )
    found = []
    for number in range(LAYERS):
        level = level.sort("part", "goal", descending=[True, False]).head(GOALS)
        if level.is_empty():
            break
        found.append(level)
        sizes = level.select(parent="goal", above="part")
        share = _portion(weight, weight.sum().over("parent"), pl.len().over("parent"))
        level = (
            own.join(sizes, on="parent")
            .with_columns(layer=pl.lit(number + 1, pl.Int32), part=share * pl.col("above"))
            .drop("above")
        )
    drawn = pl.concat(found) if found else level
    # What others below come together in stands left, what is worked on itself stands right: objectives are one side.
    above = pl.col("goal").is_in(drawn["parent"].drop_nulls().implode())
    objectives = drawn.filter(above)
    edge = int(objectives["layer"].max() or 0) + 1 if objectives.height else 0  # type: ignore[arg-type]
    return drawn.with_columns(layer=pl.when(above).then("layer").otherwise(pl.lit(edge, pl.Int32)))


def _portion(part: pl.Expr, whole: pl.Expr, count: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole).otherwise(1.0 / count)


def _carried(children: pl.DataFrame) -> pl.DataFrame:
    """Return the owners of the goals below with how these stand, the weightiest first."""

    def counted(status: Status) -> pl.Expr:
        return (pl.col("status") == status.value).sum().cast(pl.Int64).alias(status.value)

    return (
        children.group_by("owner_kind", "owner")
        .agg(
            counted(Status.BEHIND), counted(Status.AT_RISK), counted(Status.ON_PACE),
            weight=pl.coalesce("rollup_weight", "weight").sum(), goals=pl.len().cast(pl.Int64),
        )
        .sort("goals", "weight", "owner", descending=[True, True, False])
    )  # fmt: skip


def _goal_nodes(layered: pl.DataFrame, own: pl.DataFrame, company: Company) -> pl.DataFrame:
    below = own.filter(pl.col("parent").is_not_null(), ~pl.col("goal").is_in(layered["goal"].implode()))
    folded = below.group_by(goal="parent").agg(below=pl.len().cast(pl.Int64))
    named = with_metric_names(with_owner_names(layered, company), company).join(
        folded, on="goal", how="left", maintain_order="left"
    )
    # Children stand beside their parents: by the place of the parent first, then by weight.
    ordered = named.with_columns(place=_places(layered))
    none = pl.lit(None, pl.Int64)
    return _typed(
        ordered.with_columns(
            id=pl.col("goal"), what=pl.lit("goal"), weight=pl.col("part"), behind=none, at_risk=none, on_pace=none,
            below=pl.col("below").fill_null(0),
        )
    )  # fmt: skip


def _places(layered: pl.DataFrame) -> pl.Series:
    """Return where each goal stands in its layer from the top: in the order of the tree, so that links seldom cross."""
    below: dict[str | None, list[str]] = {}
    ids = set(layered["goal"])
    for goal, parent in layered.select("goal", "parent").iter_rows():
        below.setdefault(parent if parent in ids else None, []).append(goal)
    order: list[str] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        here = waiting.pop()
        order.append(here)
        waiting += reversed(below.get(here, []))
    rank = {goal: place for place, goal in enumerate(order)}
    ranked = layered.select("layer", rank=pl.col("goal").replace_strict(rank, return_dtype=pl.Int32))
    return ranked.select((pl.col("rank").rank("ordinal").over("layer") - 1).cast(pl.Int32)).to_series()


def _owner_nodes(owners: pl.DataFrame, layered: pl.DataFrame, company: Company) -> pl.DataFrame:
    last = int(layered["layer"].max() or 0) + 1 if layered.height else 0  # type: ignore[arg-type]
    named = with_owner_names(owners, company).with_row_index("place")
    absent = {name: pl.lit(None, kind) for name, kind in _NODE.items() if name not in named.columns}
    filled = named.with_columns(**absent).with_columns(
        id=pl.concat_str(pl.col("owner_kind"), pl.lit(":"), pl.col("owner")),
        what=pl.lit("owner"),
        layer=pl.lit(last, pl.Int32),
        label=pl.col("owner_label"),
        label_zh=pl.col("owner_label_zh"),
        below=pl.col("goals"),
    )
    return _typed(filled)


def _typed(nodes: pl.DataFrame) -> pl.DataFrame:
    return nodes.select(pl.col(name).cast(kind) for name, kind in _NODE.items())


def _placed(helping: pl.DataFrame, owners: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return supporting goals, a person's as the person's unit's where only that is drawn."""
    helping = helping.with_columns(pl.col("owner_kind").cast(pl.String))
    known = helping.join(owners.select("owner_kind", "owner"), on=["owner_kind", "owner"], how="semi")["goal"]
    homes = company.assignments.sort("starts").unique("person", keep="last").select(owner="person", home="unit")
    person = (pl.col("owner_kind") == OwnerKind.PERSON.value) & ~pl.col("goal").is_in(known.implode())
    return helping.join(homes, on="owner", how="left", maintain_order="left").with_columns(
        owner=pl.when(person).then(pl.coalesce("home", "owner")).otherwise("owner"),
        owner_kind=pl.when(person).then(pl.lit(OwnerKind.UNIT.value)).otherwise("owner_kind"),
    )


def _links(layered: pl.DataFrame, children: pl.DataFrame, owners: pl.DataFrame, helping: pl.DataFrame) -> pl.DataFrame:
    """Return the links between what is drawn: from goals to those below, to the owners who carry them, and what supports them."""
    drawn = layered["goal"].implode()
    tree = layered.filter(pl.col("parent").is_in(drawn)).select(
        source="parent", target="goal", how=pl.lit(CONTRIBUTES), weight="part"
    )
    there = owners.select("owner_kind", "owner")
    owner = pl.concat_str(pl.col("owner_kind"), pl.lit(":"), pl.col("owner"))
    parts = layered.select(parent="goal", part="part")
    portion = pl.coalesce("rollup_weight", "weight")
    carried = (
        children.join(parts, on="parent")
        .with_columns(share=pl.col("part") * _portion(portion, portion.sum().over("parent"), pl.len().over("parent")))
        .join(there, on=["owner_kind", "owner"], how="semi")
        .group_by("parent", "owner_kind", "owner")
        .agg(weight=pl.col("share").sum())
        .sort("parent", "owner_kind", "owner")  # the same picture every time
        .select(source="parent", target=owner, how=pl.lit(CONTRIBUTES), weight="weight")
    )
    within = helping.filter(pl.col("goal").is_in(drawn))
    from_owners = helping.join(there, on=["owner_kind", "owner"], how="semi").filter(~pl.col("goal").is_in(drawn))
    support = [
        one.select(source="supports", target=to, how=pl.lit(SUPPORTS), weight=pl.lit(0.0)).unique()
        for one, to in ((within, pl.col("goal")), (from_owners, owner))
        if one.height
    ]
    found = pl.concat(
        [part.select(pl.col(name).cast(kind) for name, kind in _LINK.items()) for part in (tree, carried, *support)]
    )
    return found.unique(["source", "target", "how"], maintain_order=True)


def _sentence(layered: pl.DataFrame, company: Company, unit: str) -> tuple[Message, ...]:
    name = name_of(company.units.filter(pl.col("unit") == unit).row(0, named=True))
    measured = layered.filter(~pl.col("goal").is_in(layered["parent"].drop_nulls().implode()))
    if layered.is_empty():
        return (msg("{unit} has no goals in this period.", unit=name),)
    off = measured.filter(pl.col("status").is_in([Status.BEHIND.value, Status.AT_RISK.value]))
    objectives = layered.height - measured.height
    if not objectives:
        return (msg("{unit} has {goals} {goals:goal|goals}; {off} of them {off:is|are} behind or at risk.",
                    unit=name, goals=measured.height,
                    off=off.height),)  # fmt: skip
    return (
        msg(
            "{unit} pursues {objectives} {objectives:objective|objectives} through {goals} "
            "{goals:goal|goals}; {off} of the goals {off:is|are} behind or at risk.",
            unit=name, objectives=objectives, goals=measured.height, off=off.height,
        ),
    )  # fmt: skip


def _path(ws: Books, unit: str, as_of: datetime.date | None) -> tuple[Choice, ...]:
    way = ws.unit_tree(as_of).filter(pl.col("unit") == unit).sort("up", descending=True)
    names = ws.company(as_of).units.select("unit", "label", "label_zh")
    rows = way.select(unit="ancestor").join(names, on="unit", maintain_order="left").to_dicts()
    return tuple(Choice(row["unit"], name_of(row)) for row in rows)


def _below(company: Company, unit: str) -> tuple[Choice, ...]:
    rows = company.units.filter(pl.col("parent") == unit).sort("unit").head(UNITS).to_dicts()
    return tuple(Choice(row["unit"], name_of(row)) for row in rows)
