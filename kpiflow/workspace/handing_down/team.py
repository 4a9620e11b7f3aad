"""Who is below somebody, who of them is behind and who has gone quiet: a page of rows, who needs attention first."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.access.reach import shared, visible
from kpiflow.core.goal import Commitment, OwnerKind, Rollup
from kpiflow.core.status import Status
from kpiflow.errors import not_found
from kpiflow.language import Message, msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.desk_answers import Team
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.reporting.quiet import quiet
from kpiflow.workspace.results import results

#: The rows of one page.
PAGE = 25

#: What can be picked out of a team, in the order it is offered.
SHOWS: dict[str, Message] = {"all": msg("Everybody"), "behind": msg("Behind"), "quiet": msg("Gone quiet")}

#: Statuses from the one to look at first.
_WORST = (Status.BEHIND, Status.AT_RISK, Status.OUTDATED, Status.NO_DATA, Status.ON_PACE, Status.DONE)


@dataclass(frozen=True)
class TeamView:
    """What of a team is looked at: `show` is one of SHOWS, `kind` unit, person or all, `search` part of a name, `page` from 0."""

    show: str = "all"
    kind: str = "all"
    search: str = ""
    page: int = 0


def team(
    ws: Books, asker: Asker, period: str, view: TeamView | None = None, *, as_of: datetime.date | None = None
) -> Team:
    """Return a page of the units and people below the person asking; raises Refused for whoever leads nobody."""
    ws.may(asker, "read_team").require()
    view = view or TeamView()
    if view.show not in SHOWS:
        raise not_found(msg("part of a team"), view.show, SHOWS)
    # Check-ins and questions change no version of the plan or the measurements: every write that may bring one makes it new.
    key = ("team", asker, period, ws.versions(as_of), ws.store.told)
    rows, said = ws.kept(key, lambda: _told(_standing(ws, asker, period, as_of)))
    people = rows.filter(pl.col("owner_kind") == OwnerKind.PERSON.value)
    picked = rows if view.kind == "all" else rows.filter(pl.col("owner_kind") == view.kind)
    if view.show == "behind":
        picked = picked.filter(pl.col("behind") > 0)
    if view.show == "quiet":
        picked = picked.filter("quiet")
    if view.search.strip():
        word = view.search.strip().casefold()
        names = pl.concat_str("owner", "label", pl.col("label_zh").fill_null(""), separator=" ").str.to_lowercase()
        picked = picked.filter(names.str.contains(word, literal=True))
    return Team(
        sentence=said,
        rows=picked.slice(view.page * PAGE, PAGE),
        total=picked.height,
        people=people.height,
        units=rows.height - people.height,
        behind=people.filter(pl.col("behind") > 0).height,
        quiet=rows.filter("quiet").height,
    )


def _told(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    """Return a team's rows, and what is said of all of them."""
    return rows, _sentence(rows, rows.filter(pl.col("owner_kind") == OwnerKind.PERSON.value))


def _sentence(rows: pl.DataFrame, people: pl.DataFrame) -> tuple[Message, ...]:
    """Say how many are behind and who furthest, and who has gone quiet."""
    if rows.is_empty():
        return (msg("Nobody is assigned below you in this period."),)
    behind = people.filter(pl.col("behind") > 0).sort("points", "owner", nulls_last=True)
    silent = rows.filter("quiet").sort("days", "owner", descending=[True, False])
    said = [
        msg(
            "{behind} of {count} people {behind:is|are} behind on a goal, {name} furthest.",
            behind=behind.height,
            count=people.height,
            name=name_of(behind.row(0, named=True)),
        )
        if behind.height
        else msg("None of {count} people is behind.", count=people.height)
    ]
    if silent.is_empty():
        return (*said, msg("Nobody has gone quiet."))
    first = silent.row(0, named=True)
    facts = {"name": name_of(first), "days": first["days"], "count": silent.height - 1}
    said.append(
        msg("{name} has gone quiet: nothing new for {days} {days:day|days}.", **facts)
        if silent.height == 1
        else msg("{name} and {count} more have gone quiet: nothing new for up to {days} {days:day|days}.", **facts)
    )
    return tuple(said)


def _standing(ws: Books, asker: Asker, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return every unit and person below with how their goals stand, who needs attention first."""
    members = _members(ws, asker, period, as_of)
    # What is measured is looked through once for everybody of the same reach; who was heard of changes with every word.
    key = ("owners stand", shared(ws.reach(asker)), period, ws.versions(as_of))
    stood = ws.kept(key, lambda: _by_owner(ws, asker, period, as_of))
    heard = quiet(ws, asker, period, as_of).group_by("owner_kind", "owner").agg(
        days=pl.col("silent").min(), quiet_goals=pl.len(), said_on=pl.col("said_on").max()
    )  # fmt: skip
    joined = members.join(stood, on=["owner_kind", "owner"], how="left", maintain_order="left").join(
        heard.with_columns(pl.col("owner_kind").cast(pl.String)),
        on=["owner_kind", "owner"],
        how="left",
        maintain_order="left",
    )
    counts = pl.col("goals", "behind", "at_risk", "on_pace", "silent", "quiet_goals").fill_null(0)
    return joined.with_columns(
        counts,
        points=pl.col("points").fill_nan(None),
        last_day=pl.max_horizontal("last_day", "said_on"),
        # One goal of which nothing is heard, such as complaints nobody makes, is no silence of its owner.
        quiet=(2 * pl.col("quiet_goals") > pl.col("ageing")).fill_null(False),
    ).sort(pl.col("behind") == 0, ~pl.col("quiet"), pl.col("points"), pl.col("owner"), nulls_last=True)


def _by_owner(ws: Books, asker: Asker, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return a row per unit and person with goals within the asker's reach: how many stand where, and the worst of them."""
    rows = visible(results(ws, period, as_of), ws.reach(asker)).with_columns(pl.col("status").cast(pl.String))
    rows = rows.filter(pl.col("commitment") == Commitment.COMMITTED.value)
    rank = pl.col("status").replace_strict({one.value: at for at, one in enumerate(_WORST)}, return_dtype=pl.Int64)
    top, status = pl.col("sheet").is_null(), pl.col("status")
    ageing = [name for name, metric in ws.company(as_of).metrics.items() if metric.fresh_for is not None]
    weight = pl.when(top & pl.col("points").is_not_null()).then("weight")
    return (
        rows.sort(rank, pl.col("pace"), pl.col("goal"), nulls_last=True)
        .group_by("owner_kind", "owner", maintain_order=True)
        .agg(
            goals=pl.len(),
            points=(pl.col("points") * weight).sum() / weight.sum(),
            behind=(status == Status.BEHIND.value).sum(),
            at_risk=(status == Status.AT_RISK.value).sum(),
            on_pace=status.is_in([Status.ON_PACE.value, Status.DONE.value]).sum(),
            silent=status.is_in([Status.OUTDATED.value, Status.NO_DATA.value]).sum(),
            worst=pl.col("goal").first(),
            worst_label=pl.col("label").first(),
            worst_label_zh=pl.col("label_zh").first(),
            worst_status=status.first(),
            last_day=pl.col("last_day").max(),
            ageing=((pl.col("rollup") == Rollup.OWN.value) & pl.col("metric").is_in(ageing)).sum(),
        )
    )


def _members(ws: Books, asker: Asker, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the units and people below, with the unit and role of each person on the period's last day so far."""
    company, reach = ws.company(as_of), ws.reach(asker)
    day = max(ws.moment(period, as_of).until, ws.moment(period, as_of).period.starts)
    here = company.assignments.filter(
        pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day)
    ).unique("person", keep="first", maintain_order=True)
    if reach.people is not None:
        here = here.filter(pl.col("person").is_in(list(reach.people)))
    if asker.person is not None:
        here = here.filter(pl.col("person") != asker.person)
    roles = pl.DataFrame(
        [(name, role.label, role.label_zh) for name, role in company.roles.items()],
        orient="row", schema={"role": pl.String, "role_label": pl.String, "role_label_zh": pl.String},
    )  # fmt: skip
    units = company.units.select("unit", unit_label="label", unit_label_zh="label_zh")
    people = (
        here.join(company.people.select("person", "label", "label_zh"), on="person", maintain_order="left")
        .join(units, on="unit", how="left", maintain_order="left")
        .join(roles, on="role", how="left", maintain_order="left")
        .with_columns(owner_kind=pl.lit(OwnerKind.PERSON.value), owner="person")
    )
    below = company.units.join(
        pl.DataFrame({"unit": _units_below(ws, asker)}, schema={"unit": pl.String}), on="unit", how="semi"
    )
    teams = below.with_columns(owner_kind=pl.lit(OwnerKind.UNIT.value), owner="unit")
    columns = ("owner_kind", "owner", "label", "label_zh", "unit_label", "unit_label_zh", "role_label", "role_label_zh")
    return pl.concat([people.select(columns), teams.select("owner_kind", "owner", "label", "label_zh")], how="diagonal")


def _units_below(ws: Books, asker: Asker) -> list[str]:
    """Return the units below those that the person asking leads; all of them for whoever reads the whole company."""
    tree, reach = ws.unit_tree(None), ws.reach(asker)
    if reach.people is None:
        return tree.filter(pl.col("up") > 0)["unit"].unique().to_list()
    led = {held.unit for held in ws.standing(asker).held if held.unit is not None and held.role.reads == "subtree"}
    return sorted(ws.standing(asker).below(led))
