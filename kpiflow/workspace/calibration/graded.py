"""The people who can be calibrated: their score, grade and scale, with names, and who rates them."""

import datetime

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.core.appraising import GradeScale
from kpiflow.definitions.company import Company
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books

#: The label of a person, unit or role beside its id.
_NAMES = ("label", "label_zh")


def graded(ws: Books, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return everybody with a grade in a period: person, unit, role, scorecard, score, goal_score, grade, coverage, scale, rater.

    `goal_score` is what the goals alone came to, and `rater` whoever the person reports to; cached.
    """

    def make() -> pl.DataFrame:
        company = ws.company(as_of)
        people = appraisals(ws, period, as_of).people.filter(pl.col("grade").is_not_null())
        goals_alone = pl.col("goal_score") if "goal_score" in people.columns else pl.col("score")
        ruled = pl.coalesce("ruled_grade", "grade") if "ruled_grade" in people.columns else pl.col("grade")
        scales = {name: card.grades for name, card in company.scorecards.items()}
        scale = pl.col("scorecard").replace_strict(scales, default=None, return_dtype=pl.String)
        columns = ("person", "unit", "role", "scorecard", "score", "grade", "coverage")
        found = people.select(*columns, goal_score=goals_alone, ruled=ruled, scale=scale)
        ends = ws.moment(period, as_of).period.ends
        held = company.assignments.filter(pl.col("starts") <= ends).sort("starts")
        raters = held.group_by("person", maintain_order=True).agg(rater=pl.col("manager").last())
        return found.join(raters, on="person", how="left", maintain_order="left")

    return ws.kept(("graded", period, ws.versions(as_of)), make)


def readable(ws: Books, asker: Asker, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of people whose appraisals the person asking may read."""
    people = ws.reach(asker, Topic.APPRAISALS).people
    return rows if people is None else rows.filter(pl.col("person").is_in(list(people)))


def judged(ws: Books, asker: Asker, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the same without the person asking: nobody sees, or makes, their own calibration."""
    found = readable(ws, asker, rows)
    return found if asker.person is None else found.filter(pl.col("person") != asker.person)


def person_names(company: Company, column: str = "person") -> pl.DataFrame:
    """Return a column of people's ids with label and label_zh."""
    return company.people.select(pl.col("person").alias(column), *_NAMES)


def with_places(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Add the names of each row's unit and role."""
    units = company.units.select("unit", unit_label="label", unit_label_zh="label_zh")
    listed = [(role.role, role.label, role.label_zh) for role in company.roles.values()]
    schema = dict.fromkeys(("role", "role_label", "role_label_zh"), pl.String)
    roles = pl.DataFrame(listed, schema=schema, orient="row")
    named = rows.join(units, on="unit", how="left", maintain_order="left")
    named = named.join(roles, on="role", how="left", maintain_order="left")
    return named.with_columns(pl.coalesce("unit_label", "unit"), pl.coalesce("role_label", "role"))


def grades_of(scale: GradeScale) -> tuple[str, ...]:
    """Return the grades of a scale, best first."""
    return tuple(band.grade for band in scale.bands)


def counts_of(rows: pl.DataFrame, column: str, grades: tuple[str, ...]) -> dict[str, int]:
    """Return how many rows have each grade, those that nobody has included."""
    found: dict[str, int] = dict(rows.group_by(column).len().iter_rows())
    return {grade: int(found.get(grade, 0)) for grade in grades}
