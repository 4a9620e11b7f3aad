"""One score taken apart: sections, their goals, and what each brings, down to the number and its grade."""

import datetime

import polars as pl

from kpiflow.access.reach import Topic, visible
from kpiflow.appraisal.appraising import ALL_GOALS, Appraisal
from kpiflow.appraisal.explaining import explain_appraisal
from kpiflow.appraisal.steps import StepKind
from kpiflow.appraisal.telling import told
from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import explained_by
from kpiflow.workspace.labels import name_of, with_metric_names
from kpiflow.workspace.results import results
from kpiflow.workspace.scores.answers import ScoreWhy
from kpiflow.workspace.scores.listing import section_names
from kpiflow.workspace.scores.table import counted, table

#: The name of the only section of somebody without a scorecard.
ALL = Name("All goals", "全部目标")


def score_why(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> ScoreWhy:
    """Answer why somebody's score is what it is; raises Refused, or NotFound for somebody not appraised in the period."""
    ws.reach(asker, Topic.APPRAISALS).sees(person).require()
    company, appraised = ws.company(explained_by(ws, period, as_of)), appraisals(ws, period, as_of)
    found = table(ws, period, as_of).filter(pl.col("person") == person)
    if found.is_empty():
        raise not_found(msg("person appraised in this period"), person, appraised.people["person"])
    row = found.drop("search").row(0, named=True)
    card = company.scorecards.get(row["scorecard"] or "")
    named = section_names(company) if card is None else _of_card(card.sections)
    sections = appraised.sections.filter(pl.col("person") == person).join(
        named, on="section", how="left", maintain_order="left"
    )
    all_goals = pl.col("section") == ALL_GOALS
    sections = sections.with_columns(
        label=pl.when(all_goals & pl.col("section_label").is_null())
        .then(pl.lit(ALL.label))
        .otherwise(pl.coalesce("section_label", "section")),
        label_zh=pl.when(all_goals & pl.col("section_label_zh").is_null())
        .then(pl.lit(ALL.label_zh))
        .otherwise("section_label_zh"),
    ).drop("person", "section_label", "section_label_zh")
    return ScoreWhy(
        sentence=_sentence(row),
        person=person,
        name=name_of(row),
        row=row,
        sections=sections,
        goals=_goals(ws, asker, person, period, as_of),
        lines=tuple(explain_appraisal(appraised, person, company.scorecards, company.grades)),
        steps=_steps(appraised, person, company),
    )


#: The steps that change the score itself after the sections.
_CHANGE = (StepKind.COEFFICIENT.value, StepKind.ADJUSTMENT.value, StepKind.VETO_SCORE.value)


def _steps(appraised: Appraisal, person: str, company: Company) -> tuple[tuple[Message, float], ...]:
    """Return what was done to the score of the sections, in words and points."""
    rows = appraised.steps.filter(
        pl.col("person") == person, pl.col("kind").is_in(_CHANGE), pl.col("before").is_not_null()
    )
    return tuple((told(row, company.scorecards), row["after"] - row["before"]) for row in rows.iter_rows(named=True))


def _of_card(sections: tuple) -> pl.DataFrame:
    rows = [(part.section, part.label, part.label_zh or part.label) for part in sections]
    columns = ("section", "section_label", "section_label_zh")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _goals(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the goals that count, section by section, those that bring most first."""
    mine = counted(ws, period, as_of).filter(pl.col("person") == person)
    # Whoever reads a score but not what somebody's goals measure gets what adds up to it, and no more.
    known = visible(results(ws, period, as_of).filter(pl.col("goal").is_in(mine["goal"].implode())), ws.reach(asker))
    names = known.select("goal", "label", "label_zh", "metric", "actual", "target", "status", opens=pl.lit(value=True))
    rows = mine.drop("person").join(names, on="goal", how="left", maintain_order="left")
    return (
        with_metric_names(rows, ws.company(as_of))
        .with_columns(pl.coalesce("label", "goal"), pl.col("opens").fill_null(value=False))
        .sort("section", "contribution", "goal", descending=[False, True, False], nulls_last=True)
    )


def _sentence(row: dict[str, object]) -> tuple[Message, ...]:
    score, before = row["score"], row["before"]
    if score is None:
        return (msg("{person} has no score in this period.", person=name_of(row)),)
    facts = {"person": name_of(row), "score": Quantity(round(float(str(score)), 1), "score"), "grade": row["grade"]}
    said = [
        msg("{person} is at {score}.", person=facts["person"], score=facts["score"])
        if row["grade"] is None
        else msg("{person} is at {score}, grade {grade}.", **facts)
    ]
    if before is not None:
        change = Quantity(round(float(str(row["change"])), 1), "score", signed=True)
        said.append(msg("That is {change} against the period before.", change=change))
    return tuple(said)
