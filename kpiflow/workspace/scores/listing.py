"""The list of appraisal scores: within the reach of the person asking, filtered, in pages, with how they are spread."""

import datetime
from typing import Any

import polars as pl

from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.results import results
from kpiflow.workspace.scores.answers import Choices, Scores
from kpiflow.workspace.scores.cycle import cycle_stands
from kpiflow.workspace.scores.spread import by_grade, by_unit, histogram
from kpiflow.workspace.scores.table import counted, table, within, without_data
from kpiflow.workspace.scores.wanted import EVERYBODY, FIRST_PAGE, Page, Wanted, kept, ordered

#: How many units a filter offers: a list of thousands helps nobody, the search finds people.
UNITS = 300


def scores(
    ws: Books,
    asker: Asker,
    period: str,
    as_of: datetime.date | None = None,
    wanted: Wanted = EVERYBODY,
    *,
    page: Page = FIRST_PAGE,
) -> Scores:
    """Answer who has which score; raises Refused, and NotFound for a period, unit or order that there is not."""
    ws.may(asker, "read_scores").require()
    company, moment, shown = ws.company(as_of), ws.moment(period, as_of), page.checked()
    everybody = within(ws, asker, table(ws, period, as_of))
    rows = fitting(ws, everybody, wanted, as_of)
    total = rows.height
    shown = Page(shown.order, shown.down, min(shown.number, max(1, -(-total // shown.size))), shown.size)
    listed = ordered(rows, shown).drop("search")
    earlier = moment.calendar.previous(moment.period)
    numbers: dict[str, Any] = rows.select(
        scored=pl.col("score").count(), mean=pl.col("score").mean(), median=pl.col("score").median(),
        coverage=pl.col("coverage").mean(), missing=(pl.col("missing") > 0).sum(),
    ).row(0, named=True)  # fmt: skip
    return Scores(
        sentence=_sentence(total, everybody.height, numbers),
        period=period,
        period_before=None if earlier is None else earlier.period,
        day=ws.day(as_of),
        wanted=wanted,
        page=shown,
        rows=listed,
        parts=missing_parts(ws, listed["person"].to_list(), period, as_of),
        total=total,
        everybody=everybody.height,
        **numbers,
        histogram=histogram(rows),
        grades=by_grade(rows, company.grades),
        units=by_unit(rows, company.units, ws.unit_tree(as_of), wanted.unit),
        cycle=cycle_stands(ws, everybody, moment, as_of),
        choices=_choices(ws, everybody, company, as_of),
        closed=closed(ws, period, as_of),
        differ=everybody.filter(_differs()).height,
    )


def _differs() -> pl.Expr:
    """Return whether somebody's score or grade of a closed period is another as now known."""
    return pl.col("score_now").is_not_null() | pl.col("grade_now").is_not_null()


def fitting(ws: Books, rows: pl.DataFrame, wanted: Wanted, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the rows that fit a filter; raises NotFound for a unit that there is not."""
    if wanted.unit is not None:
        known = ws.company(as_of).units["unit"]
        if wanted.unit not in known:
            raise not_found(msg("unit"), wanted.unit, known)
    return kept(rows, wanted, ws.unit_tree(as_of))


def missing_parts(ws: Books, people: list[str], period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the goals of some people that have no data of their own, with the section and what the policy gave."""
    company = ws.company(as_of)
    bare = counted(ws, period, as_of).filter(pl.col("person").is_in(people), without_data())
    names = results(ws, period, as_of).select("goal", "label", "label_zh")
    listed = bare.join(names, on="goal", how="left", maintain_order="left")
    return listed.join(section_names(company), on="section", how="left", maintain_order="left").select(
        "person",
        "goal",
        "label",
        "label_zh",
        "section",
        "section_label",
        "section_label_zh",
        "policy",
        "points",
        "share",
        "coverage",
    )


def section_names(company: Company) -> pl.DataFrame:
    """Return section, section_label and section_label_zh, of every scorecard; the first of a name counts."""
    rows = [
        (part.section, part.label, part.label_zh or part.label)
        for card in company.scorecards.values()
        for part in card.sections
    ]
    columns = ("section", "section_label", "section_label_zh")
    found = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return found.unique("section", keep="first", maintain_order=True)


def _sentence(total: int, everybody: int, numbers: dict[str, Any]) -> tuple[Message, ...]:
    if not everybody:
        return (msg("Nobody whose score you may read is appraised in this period."),)
    if not total:
        return (msg("None of the {people} people fits this filter.", people=everybody),)
    said = []
    if total < everybody:
        said.append(msg("{total} of {people} people fit the filter.", total=total, people=everybody))
    if not numbers["scored"]:
        return (*said, msg("None of them has a score yet."))
    said.append(
        msg(
            "{scored} of {people} people {scored:has|have} a score; half of these are at {median} or more.",
            scored=numbers["scored"],
            people=total,
            median=Quantity(round(numbers["median"], 1), "score"),
        )
    )
    if numbers["missing"]:
        said.append(msg("With goals without data: {count}.", count=numbers["missing"]))
    return tuple(said)


def _choices(ws: Books, rows: pl.DataFrame, company: Company, as_of: datetime.date | None) -> Choices:
    """Return what the filter can be set to: what somebody in sight has."""
    tree = ws.unit_tree(as_of)
    present = tree.join(rows.select("unit").unique(), on="unit", how="semi")["ancestor"].unique()
    depth = tree.group_by(unit="unit").agg(depth=pl.col("up").max())
    units = (
        company.units.filter(pl.col("unit").is_in(present.implode()))
        .join(depth, on="unit")
        .sort("depth", "unit")
        .head(UNITS)
    )
    return Choices(
        units=tuple(Choice(row["unit"], name_of(row)) for row in units.iter_rows(named=True)),
        roles=_named(rows, "role"),
        grades=tuple(
            Choice(grade, Name(grade))
            for grade in dict.fromkeys(band.grade for scale in company.grades.values() for band in scale.bands)
        ),
        scorecards=_named(rows, "scorecard"),
    )


def _named(rows: pl.DataFrame, column: str) -> tuple[Choice, ...]:
    found = rows.select(column, f"{column}_label", f"{column}_label_zh").unique().drop_nulls(column).sort(column)
    return tuple(Choice(row[column], name_of(row, f"{column}_label")) for row in found.iter_rows(named=True))
