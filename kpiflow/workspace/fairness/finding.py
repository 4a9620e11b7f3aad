"""One function per check: what it looks at, what it found in words, and where to look closer."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.access.reach import Reach
from kpiflow.appraisal.fairness.edge_hugging import edge_hugging
from kpiflow.appraisal.fairness.groups_apart import groups_apart
from kpiflow.appraisal.fairness.raters_apart import raters_apart
from kpiflow.appraisal.fairness.thin_data import thin_data
from kpiflow.core.fairness import FairnessCheck, FairnessRules
from kpiflow.core.metric import Aggregation, MetricKind
from kpiflow.core.rating import Rater
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.storage.known import wall_clock
from kpiflow.storage.late_entries import late_entries
from kpiflow.storage.reviews import ratings_by_hand
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.fairness.answers import PAGE, FairQuestion, Raised
from kpiflow.workspace.fairness.near import near_edges, near_targets
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.paying import pay_run, valid_plans
from kpiflow.workspace.results import results


@dataclass(frozen=True)
class Seen:
    """The period that is looked at, and whose appraisals and pay may be seen."""

    ws: Books
    period: str
    as_of: datetime.date | None
    appraisals: Reach
    pay: Reach

    @property
    def rules(self) -> FairnessRules:
        """From where on a question is raised."""
        return self.ws.company(self.as_of).profile.fairness

    def people(self) -> pl.DataFrame:
        """Return the appraisals that may be seen."""
        return _within(appraisals(self.ws, self.period, self.as_of).people, self.appraisals)

    def results(self) -> pl.DataFrame:
        """Return the results of those people's own goals."""
        rows = results(self.ws, self.period, self.as_of)
        mine = rows.filter(pl.col("owner_kind") == "person")
        return (
            mine if self.appraisals.people is None else mine.filter(pl.col("owner").is_in(list(self.appraisals.people)))
        )

    def called(self, table: str, key: str) -> Name:
        """Return the name of somebody, of a unit or of a goal; the id where there is none."""
        column = {"people": "person", "units": "unit", "goals": "goal"}[table]
        found = getattr(self.ws.company(self.as_of), table).filter(pl.col(column) == key).select("label", "label_zh")
        return Name(key) if found.is_empty() else name_of(found.row(0, named=True))

    def metric(self, key: str) -> Name:
        """Return the name of a metric."""
        found = self.ws.company(self.as_of).metrics[key]
        return Name(found.label, found.label_zh)


Finder = Callable[[Seen], FairQuestion]


def _within(people: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    return people if reach.people is None else people.filter(pl.col("person").is_in(list(reach.people)))


def scores_on_thin_data(seen: Seen) -> FairQuestion:
    """Ask about people whose score rests on few cases."""
    metrics, rules, rows = seen.ws.company(seen.as_of).metrics, seen.rules, seen.results()
    means = [one.metric for one in metrics.values()
             if one.kind is MetricKind.SIMPLE and one.time_agg is Aggregation.MEAN]  # fmt: skip
    found = thin_data(rows, means, rules)
    told = [
        Raised(
            seen.called("people", row["person"]),
            msg(
                "{share} of the weight rests on thin data; the thinnest is {goal}, with {cases} {cases:case|cases}.",
                share=Quantity(row["share"], "part"),
                goal=seen.called("goals", row["goal"]),
                cases=round(row["cases"]),
            ),
            "progress",
            {"person": row["person"]},
        )
        for row in found.head(PAGE).iter_rows(named=True)
    ]
    return FairQuestion(
        FairnessCheck.THIN_DATA,
        msg("Results on thin data"),
        msg("Can a grade rest on so few cases?"),
        msg(
            "A rate over fewer than {cases} cases, or a mean of fewer than {values} values, is thin. People are listed from"
            " {share} of their weight on.",
            cases=rules.fewest_cases,
            values=rules.fewest_values,
            share=Quantity(float(rules.thin_share), "part"),
        ),
        rows["owner"].n_unique(),
        found.height,
        tuple(told),
    )


def results_just_above_an_edge(seen: Seen) -> FairQuestion:
    """Ask about edges with many results just above and few just below."""
    rules, company = seen.rules, seen.ws.company(seen.as_of)
    people, goals = seen.people(), seen.results()
    edges = near_edges(people, company.scorecards, company.grades, float(rules.near))
    targets = near_targets(goals, company.metrics, float(rules.near_target))
    hugged = edge_hugging(edges, ["unit", "grade", "edge"])
    met = edge_hugging(targets, ["metric"])
    told = [
        Raised(
            seen.called("units", row["unit"]),
            msg(
                "{above} people are just above {edge}, where {grade} begins, and {below} just below. An even coin would do"
                " that {chance} of the time.",
                above=row["above"],
                edge=Quantity(row["edge"], "score"),
                grade=row["grade"],
                below=row["below"],
                chance=Quantity(row["chance"] * 100, "percent"),
            ),
            "scores",
            {"unit": row["unit"]},
        )
        for row in hugged.head(PAGE).iter_rows(named=True)
    ]
    told += [
        Raised(
            seen.metric(row["metric"]),
            msg(
                "{above} goals have just met their target and {below} just missed it. An even coin would do that {chance}"
                " of the time.",
                above=row["above"],
                below=row["below"],
                chance=Quantity(row["chance"] * 100, "percent"),
            ),
            "overview",
        )
        for row in met.head(PAGE - len(told)).iter_rows(named=True)
    ]
    return FairQuestion(
        FairnessCheck.EDGE_HUGGING,
        msg("Many just above an edge"),
        msg("Did somebody work, round or report towards the line?"),
        msg(
            "Looked at: scores within {near} points of a grade's edge, by unit, and goals within {share} of their target, by"
            " metric. Listed when chance alone would give it in fewer than 5 of 100 cases.",
            near=Quantity(float(rules.near), "score"),
            share=Quantity(float(rules.near_target), "part"),
        ),
        edges.height + targets.height,
        hugged.height + met.height,
        tuple(told),
        msg("Nobody's result is near an edge."),
    )


def entries_just_before_the_end(seen: Seen) -> FairQuestion:
    """Ask about entries on days long past that were written shortly before the period was closed, or before now."""
    ws, rules = seen.ws, seen.rules
    shut, period = closed(ws, seen.period, seen.as_of), ws.moment(seen.period, seen.as_of).period
    until = wall_clock(shut.known_by) if shut else _end_of(ws.day(seen.as_of))
    since = until - datetime.timedelta(days=rules.last_days)
    whole = late_entries(ws.store, (period.starts, period.ends), (since, until), rules.late_days, seen.as_of)
    hidden = seen.appraisals.people
    rows = whole if hidden is None else whole.filter(pl.col("person").is_in(list(hidden)))
    told = [
        Raised(
            seen.called("people", row["person"]) if row["person"] else seen.called("units", row["unit"]),
            _entered(seen, row),
            "progress" if row["person"] else "overview",
            {"person": row["person"]} if row["person"] else {"unit": row["unit"]},
        )
        for row in rows.head(PAGE).iter_rows(named=True)
    ]
    return FairQuestion(
        FairnessCheck.LATE_ENTRIES,
        msg("Late entries shortly before the end"),
        msg("Why did this become known only then?"),
        msg(
            "Entries about days that were over for more than {late} days, written in the {last} days before the period was"
            " closed, or before now.",
            late=rules.late_days,
            last=rules.last_days,
        ),
        rows.height,
        rows.height,
        tuple(told),
        msg("Nothing was entered late."),
    )


def _entered(seen: Seen, row: dict[str, Any]) -> Message:
    """Say what was entered late, about which days, and by whom; one day is said once."""
    facts = {
        "metric": seen.metric(row["metric"]), "rows": row["rows"], "first": row["first_day"], "last": row["last_day"],
        "day": row["recorded_at"].date(), "who": seen.called("people", row["who"]), "corrected": row["corrected"],
    }  # fmt: skip
    if row["first_day"] == row["last_day"]:
        del facts["last"]
        return msg(
            "{metric}: {rows} {rows:entry|entries} about {first}, written on {day} by {who}; {corrected} replaced others.",
            **facts,
        )
    return msg(
        "{metric}: {rows} {rows:entry|entries} about {first} to {last}, written on {day} by {who};"
        " {corrected} replaced others.",
        **facts,
    )


def raters_far_from_others(seen: Seen) -> FairQuestion:
    """Ask about managers whose ratings lie far from those of the others."""
    ws, rules = seen.ws, seen.rules
    with ws.store.read() as cursor:
        given = ratings_by_hand(cursor, seen.period, Rater.MANAGER.value, ws.believed(seen.as_of))
    people = seen.people().select("person", "scorecard")
    scales = pl.DataFrame(
        [(name, part.section, float(part.rated.low), float(part.rated.high))
         for name, card in ws.company(seen.as_of).scorecards.items() for part in card.sections],
        schema={"scorecard": pl.String, "section": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row",
    )  # fmt: skip
    known = given.join(people, on="person").join(scales, on=["scorecard", "section"])
    ratings = known.select("by", "person", value=(pl.col("value") - pl.col("low")) / (pl.col("high") - pl.col("low")))
    found = raters_apart(ratings.drop_nulls(), rules)
    told = [
        Raised(
            seen.called("people", row["by"]),
            _apart(row, msg("{people} {people:person|people} rated", people=row["people"]), 100),
            "reviews",
        )
        for row in found.head(PAGE).iter_rows(named=True)
    ]
    return FairQuestion(
        FairnessCheck.RATERS_APART,
        msg("Raters far from the others"),
        msg("Is this team so different, or is this rater?"),
        msg(
            "The mean of a manager's ratings, as a share of the scale, against that of all other managers. Listed from"
            " {fewest} people rated and two standard errors on.",
            fewest=rules.fewest_rated,
        ),
        ratings["by"].n_unique(),
        found.height,
        tuple(told),
        msg("No manager has rated anybody in this period."),
    )


def groups_far_from_others(seen: Seen) -> FairQuestion:
    """Ask about recorded groups that score or earn other than people in the same roles."""
    company, rules = seen.ws.company(seen.as_of), seen.rules
    groups, people = company.groups.select("person", "kind", "group"), seen.people()
    scored = groups_apart(people.select("person", "role", value="score"), groups, rules)
    paid = groups_apart(_paid(seen), groups, rules)
    told = [
        Raised(Name(f"{row['kind']}: {row['group']}"), _apart(row, what, size), "scores")
        for found, what, size in ((scored, msg("score"), 1), (paid, msg("pay as a share of the yearly salary"), 100))
        for row in found.iter_rows(named=True)
    ]
    return FairQuestion(
        FairnessCheck.GROUPS_APART,
        msg("Groups that differ"),
        msg("What explains the difference between people in the same roles?"),
        msg(
            "Scores, and pay as a share of the yearly salary, after taking off what is usual in the role. Groups of fewer than"
            " {fewest} people are neither compared nor named. Listed from two standard errors on.",
            fewest=rules.fewest_people,
        ),
        groups.join(people, on="person", how="semi").height,
        len(told),
        tuple(told[:PAGE]),
        msg("The organisation records no groups. A table groups.csv with person, kind and group would."),
    )


def _paid(seen: Seen) -> pl.DataFrame:
    """Return person, role and value: what plans of the period pay, as a share of a year's salary, of whoever may be seen."""
    ws, as_of = seen.ws, seen.as_of
    salaries = ws.company(as_of).people.select("person", salary=pl.col("salary_month").cast(pl.Float64) * 12)
    parts = [
        pay_run(ws, plan.plan, seen.period, as_of).wide.select(
            "person", "role", amount=pl.col("amount").cast(pl.Float64)
        )
        for plan in valid_plans(ws, ws.moment(seen.period, as_of).period, as_of)
    ]
    if not parts:
        return pl.DataFrame(schema={"person": pl.String, "role": pl.String, "value": pl.Float64})
    whole = pl.concat(parts).group_by("person").agg(pl.col("role").first(), pl.col("amount").sum())
    known = _within(whole.join(salaries, on="person"), seen.pay).filter(pl.col("salary") > 0)
    return known.select("person", "role", value=pl.col("amount") / pl.col("salary"))


def _apart(row: dict[str, object], what: Message, size: float) -> Message:
    """Say how far a group lies from the others; `size` makes percent of shares."""
    unit = "score" if size == 1 else "percent"
    error = Quantity(float(row["error"]) * size, unit, difference=True)  # type: ignore[arg-type]
    apart = Quantity(float(row["difference"]) * size, unit, signed=True, difference=True)  # type: ignore[arg-type]
    return msg(
        "{what}: {difference} from the others ({people} people); the standard error is {error}.",
        what=what,
        people=row["people"],
        difference=apart,
        error=error,
    )


def _end_of(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.max)


#: Every check, in the order it is shown.
FINDERS: tuple[Finder, ...] = (
    scores_on_thin_data,
    results_just_above_an_edge,
    entries_just_before_the_end,
    raters_far_from_others,
    groups_far_from_others,
)
