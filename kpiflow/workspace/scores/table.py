"""Everybody's score with what a list says beside it, worked out once per period and day; rights and filters come after."""

import datetime
from collections.abc import Iterable

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.appraisal.breaking_down import goals_behind
from kpiflow.core.fact import Named
from kpiflow.core.letter import LetterState
from kpiflow.definitions.company import Company
from kpiflow.storage.letters import letter_standings, letters_version
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed, explained_by
from kpiflow.workspace.closing.restated import restated
from kpiflow.workspace.results import results


def table(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the columns of `Scores.rows` and `search` for everybody appraised in a period, as known on a day; cached."""
    key = ("score table", period, ws.versions(as_of), letters_known(ws, as_of))
    return ws.kept(key, lambda: _made(ws, period, as_of))


def within(ws: Books, asker: Asker, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of people whose appraisals the person asking may read."""
    people = ws.reach(asker, Topic.APPRAISALS).people
    return rows if people is None else rows.filter(pl.col("person").is_in(list(people)))


def letters_known(ws: Books, as_of: datetime.date | None) -> tuple[int, int]:
    """Return what the letters' states depend on: a key for caches."""
    with ws.store.read() as cursor:
        return letters_version(cursor, ws.believed(as_of))


def counted(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the goals behind everybody's score with `policy`, the missing-data policy that stood in; cached."""

    def make() -> pl.DataFrame:
        found = results(ws, period, as_of)
        company = ws.company(explained_by(ws, period, as_of))
        behind = goals_behind(found, appraisals(ws, period, as_of), company.scorecards)
        return behind.join(found.select("goal", policy="missing"), on="goal", how="left", maintain_order="left")

    return ws.kept(("score goals", period, ws.versions(as_of)), make)


def without_data() -> pl.Expr:
    """Return whether a goal that counts has, in whole or in part, no data of its own."""
    bare = pl.col("policy").is_not_null() | pl.col("points").is_null() | (pl.col("coverage") < 1)
    return pl.col("section").is_not_null() & bare


def _made(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    people = appraisals(ws, period, as_of).people
    missing = counted(ws, period, as_of).group_by("person").agg(missing=without_data().sum().cast(pl.Int64))
    earlier = moment.calendar.previous(moment.period)
    before = (
        appraisals(ws, earlier.period, as_of).people.select("person", before="score")
        if earlier is not None
        else pl.DataFrame(schema={"person": pl.String, "before": pl.Float64})
    )
    letters, now = _letters(ws, moment.cycle.period, as_of), _now(ws, period, as_of)
    rows = people
    for known in (missing, before, letters, now, company.people.select("person", "label", "label_zh")):
        rows = rows.join(known, on="person", how="left", maintain_order="left")
    return (
        rows.join(
            company.units.select("unit", unit_label="label", unit_label_zh="label_zh"),
            on="unit",
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("missing").fill_null(0), pl.coalesce("label", "person"), pl.coalesce("unit_label", "unit"))
        .with_columns(
            *_labels(company),
            change=(pl.col("score") - pl.col("before")).round(10),
            search=_search("person", "label", "label_zh"),
        )
        .rechunk()
    )


def _now(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return person, score_now, grade_now and closing of whoever's score of a closed period is another as now known."""
    shut = closed(ws, period, as_of)
    if shut is None:
        schema = {"person": pl.String, "score_now": pl.Float64, "grade_now": pl.String, "closing": pl.Int64}
        return pl.DataFrame(schema=schema)
    known = appraisals(ws, period, as_of).people.select("person", closing=pl.lit(shut.number, pl.Int64))
    apart = restated(ws, shut, as_of).select("person", "score_now", "grade_now")
    return known.join(apart, on="person", how="left", maintain_order="left")


def _labels(company: Company) -> Iterable[pl.Expr]:
    """Return the names of roles and scorecards, in both languages; a word that is not defined stands for itself."""
    for column, named in (("role", company.roles), ("scorecard", company.scorecards)):
        labels = {key: (one.label, one.label_zh or one.label) for key, one in dict[str, Named](named).items()}
        yield _renamed(column, {key: english for key, (english, _) in labels.items()}).alias(f"{column}_label")
        yield _renamed(column, {key: chinese for key, (_, chinese) in labels.items()}).alias(f"{column}_label_zh")


def _renamed(column: str, names: dict[str, str]) -> pl.Expr:
    return (
        pl.col(column).replace_strict(names, default=pl.col(column), return_dtype=pl.String)
        if names
        else pl.col(column)
    )


def _search(*columns: str) -> pl.Expr:
    """Return the texts that are searched, without differences of case and width."""
    whole = pl.concat_str([pl.col(name).fill_null("") for name in columns], separator=" ")
    # In the same way as `wanted.folded`, which folds what is looked for.
    return whole.str.normalize("NFKC").str.to_lowercase()


def _letters(ws: Books, cycle: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return person and the state of the letter, of those who have one for the cycle."""
    with ws.store.snapshot() as cursor:
        found = letter_standings(cursor, cycle, ws.believed(as_of))
    owner, manager = pl.col("owner_at").is_not_null(), pl.col("manager_at").is_not_null()
    state = (
        pl.when(pl.col("in_force") == pl.col("version"))
        .then(pl.lit(LetterState.IN_FORCE.value))
        .when(owner)
        .then(pl.lit(LetterState.SIGNED_BY_OWNER.value))
        .when(manager)
        .then(pl.lit(LetterState.SIGNED_BY_MANAGER.value))
        .otherwise(pl.lit(LetterState.DRAWN_UP.value))
    )
    return found.filter(pl.col("owner_kind") == "person").select(person="owner", letter=state)
