"""My team: everybody below and nobody else, who is behind first, a page at a time."""

import datetime

import polars as pl
import pytest

from kpiflow.errors import NotFound, Refused
from kpiflow.workspace import Asker, TeamView, Workspace, render
from kpiflow.workspace.handing_down.team import PAGE
from kpiflow.workspace.results import results

EXECUTIVE, NEWARK, UNITED, DUTY = Asker("p0001"), Asker("p0002"), Asker("p0209"), Asker("p0101")
PERIOD = "2013"


def everybody(ws: Workspace, asker: Asker, **view: object) -> pl.DataFrame:
    pages, at = [], 0
    while True:
        found = ws.team(asker, PERIOD, TeamView(page=at, **view))
        pages.append(found.rows)
        at += 1
        if at * PAGE >= found.total:
            return pl.concat(pages)


def test_a_head_sees_those_below_and_nobody_else(ws: Workspace) -> None:
    rows = everybody(ws, NEWARK)
    company = ws.company()
    units = set(company.units.filter(pl.col("parent") == "EWR")["unit"])
    here = company.assignments.filter(pl.col("unit").is_in([*units, "EWR"]), pl.col("ends").is_null())
    assert set(rows.filter(pl.col("owner_kind") == "unit")["owner"]) == units
    assert set(rows.filter(pl.col("owner_kind") == "person")["owner"]) == set(here["person"]) - {"p0002"}
    assert rows["owner"].is_unique().all()


def test_a_manager_sees_their_own_station_only_and_who_leads_nobody_is_refused(ws: Workspace) -> None:
    assert set(everybody(ws, UNITED)["owner"]) <= set(
        ws.company().assignments.filter(pl.col("unit") == "EWR-UA")["person"]
    )
    for asker in (DUTY, Asker()):
        with pytest.raises(Refused):
            ws.team(asker, PERIOD)


def test_the_counts_are_those_of_the_goals(ws: Workspace) -> None:
    """Beside the grouping: one owner after the other, counted by hand."""
    scored = results(ws, PERIOD).filter(pl.col("commitment") == "committed")
    for row in everybody(ws, NEWARK).iter_rows(named=True):
        own = scored.filter(pl.col("owner") == row["owner"], pl.col("owner_kind") == row["owner_kind"]).to_dicts()
        assert row["goals"] == len(own)
        assert row["behind"] == sum(one["status"] == "behind" for one in own)
        known = [one for one in own if one["points"] is not None and one["sheet"] is None]
        if known:
            mean = sum(one["points"] * one["weight"] for one in known) / sum(one["weight"] for one in known)
            assert row["points"] == pytest.approx(mean)
        if row["behind"]:
            assert row["worst_status"] == "behind"


def test_who_is_behind_comes_first_and_can_be_picked_out(ws: Workspace) -> None:
    rows = everybody(ws, NEWARK)["behind"].to_list()
    assert [count > 0 for count in rows] == sorted((count > 0 for count in rows), reverse=True)
    picked = everybody(ws, NEWARK, show="behind")
    assert picked["behind"].min() > 0
    people = ws.team(NEWARK, PERIOD, TeamView(show="behind", kind="person"))
    assert people.total == people.behind
    assert everybody(ws, NEWARK, search="united")["owner"].to_list() == ["EWR-UA"]
    assert ws.team(NEWARK, PERIOD, TeamView(search="no such name")).total == 0
    with pytest.raises(NotFound):
        ws.team(NEWARK, PERIOD, TeamView(show="lazy"))


def test_a_station_that_no_longer_flies_has_gone_quiet(ws: Workspace) -> None:
    """SkyWest's last flight from Newark in 2013 was on 30 November."""
    rows = everybody(ws, NEWARK, show="quiet")
    assert "EWR-OO" in rows["owner"].to_list()
    quiet = rows.filter(pl.col("owner") == "EWR-OO").row(0, named=True)
    assert quiet["quiet"]
    assert quiet["last_day"] == datetime.date(2013, 11, 30)
    assert "SkyWest" in render(ws.team(NEWARK, PERIOD).sentence[1])


def test_pages_hold_everybody_once(ws: Workspace) -> None:
    first = ws.team(EXECUTIVE, PERIOD)
    assert first.rows.height == PAGE < first.total
    assert everybody(ws, EXECUTIVE).height == first.total == first.people + first.units
