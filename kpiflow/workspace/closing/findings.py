"""What stands against closing a period, a table per check: what is missing, outdated, unsigned or not agreed."""

import datetime
from collections.abc import Callable

import polars as pl

from kpiflow.core.closing import ClosingCheck
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.core.letter import LetterState
from kpiflow.core.proposal import OPEN
from kpiflow.storage.check_ins import last_check_ins
from kpiflow.storage.proposals import Wanted, read_lines
from kpiflow.workspace.appraisals import appraisals_known
from kpiflow.workspace.books import Books
from kpiflow.workspace.closing.frozen import closed_periods
from kpiflow.workspace.labels import with_owner_names
from kpiflow.workspace.letters.listing import standings
from kpiflow.workspace.reporting.quiet import silent
from kpiflow.workspace.results import results_known

#: A finding: what it is about, whose it is, the weight it carries, since when, how many goals it touches, and why in a word.
COLUMNS: dict[str, pl.DataType] = {
    "subject": pl.String(), "label": pl.String(), "label_zh": pl.String(), "owner_kind": pl.String(), "owner": pl.String(),
    "scope_kind": pl.String(), "scope": pl.String(), "weight": pl.Float64(), "since": pl.Date(), "touches": pl.Int64(),
    "note": pl.String(),
}  # fmt: skip

Finder = Callable[[Books, str, datetime.date | None], pl.DataFrame]


def parts_open(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the shorter periods inside this one that the company closes first and that are open."""
    company = ws.company(as_of)
    whole, kind = company.calendar.period(period), company.profile.closing.parts
    if kind is None or kind is whole.kind:
        return pl.DataFrame(schema=COLUMNS)
    done = closed_periods(ws, as_of)
    inside = [
        (one.period, one.ends)
        for one in company.calendar.periods.values()
        if one.kind is kind and whole.starts <= one.starts and one.ends <= whole.ends and one.period not in done
    ]
    # A part as long as the whole, or longer, has nothing inside it.
    inside = [one for one in inside if one[0] != period]
    rows = pl.DataFrame(inside, schema={"subject": pl.String, "since": pl.Date}, orient="row")
    return _shaped(rows.with_columns(label="subject"))


def goals_without_data(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the measured goals that have no data of their own; `note` is the policy that stood in, if one did."""
    rows = leaves(ws, period, as_of).filter(pl.col("points").is_null() | pl.col("missing").is_not_null())
    found = rows.with_columns(subject="goal", since="last_day", note="missing")
    return _shaped(found.sort("weight", "goal", descending=[True, False]))


def leaves(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the results of goals that are measured themselves."""
    return results_known(ws, period, as_of).filter(pl.col("rollup") == Rollup.OWN.value)


def people_without_score(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the people who have goals to be scored on and no score; `note` is the reason."""
    people = appraisals_known(ws, period, as_of).people.filter(pl.col("score").is_null())
    names = ws.company(as_of).people.select("person", "label", "label_zh")
    found = people.join(names, on="person", how="left", maintain_order="left").with_columns(
        subject="person", owner="person", owner_kind=pl.lit(OwnerKind.PERSON.value), touches="goals", note="reason"
    )
    return _shaped(found.sort("touches", "person", descending=[True, False]))


def metrics_outdated(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the metrics of goals in play that were not measured up to the period's end, or as near as they stay fresh."""
    company, ends = ws.company(as_of), ws.moment(period, as_of).period.ends
    newest = leaves(ws, period, as_of).filter(pl.col("metric").is_not_null()).group_by("metric")
    rows = newest.agg(since=pl.col("last_day").max(), touches=pl.len().cast(pl.Int64), weight=pl.col("weight").sum())
    facts = [(one.metric, one.label, one.label_zh, one.fresh_for or 0) for one in company.metrics.values()]
    schema = {"metric": pl.String, "label": pl.String, "label_zh": pl.String, "fresh": pl.Int64}
    rows = rows.join(pl.DataFrame(facts, schema=schema, orient="row"), on="metric")
    old = (pl.lit(ends) - pl.col("since")).dt.total_days() > pl.col("fresh")
    found = rows.filter(old | pl.col("since").is_null()).with_columns(subject="metric")
    return _shaped(found.sort("touches", "metric", descending=[True, False]))


def check_ins_due(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the goals that nothing was heard of for longer than their metric stays fresh."""
    moment = ws.moment(period, as_of)
    said = last_check_ins(ws.store, ws.believed(as_of))
    days = (moment.cycle.starts, moment.until)
    found = silent(leaves(ws, period, as_of), said, ws.company(as_of).metrics, days)
    return _shaped(found.with_columns(subject="goal", since=pl.max_horizontal("last_day", "said_on"), touches="silent"))


def letters_unsigned(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the letters of the cycle that are not in force; `note` is how far each has come."""
    cycle = ws.moment(period, as_of).cycle.period
    rows = standings(ws, cycle, as_of).filter(pl.col("state") != LetterState.IN_FORCE.value)
    found = rows.with_columns(
        subject="owner", note="state", since=pl.col("drawn_at").dt.date(), touches=pl.col("goals").cast(pl.Int64)
    )
    return _shaped(found.sort("order", "owner"))


def proposals_open(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the proposed targets of the cycle that their owners have not agreed to; `note` is how each line stands."""
    company = ws.company(as_of)
    cycle = ws.moment(period, as_of).cycle.period
    inside = [one.period for one in company.calendar.periods.values() if one.cycle == cycle]
    lines = read_lines(ws.store, Wanted(), ws.believed(as_of)).filter(
        pl.col("state").is_in(OPEN), pl.col("period").is_in(inside)
    )
    named = lines.join(company.goals.select("goal", "label", "label_zh"), on="goal", how="left", maintain_order="left")
    return _shaped(named.with_columns(subject="goal", note="state", since=pl.col("proposed_at").dt.date()))


#: Every check with what finds it, in the order they are shown. Whoever knows of more says so here.
FINDERS: dict[ClosingCheck, Finder] = {
    ClosingCheck.PARTS_OPEN: parts_open,
    ClosingCheck.GOALS_WITHOUT_DATA: goals_without_data,
    ClosingCheck.PEOPLE_WITHOUT_SCORE: people_without_score,
    ClosingCheck.METRICS_OUTDATED: metrics_outdated,
    ClosingCheck.CHECK_INS_DUE: check_ins_due,
    ClosingCheck.LETTERS_UNSIGNED: letters_unsigned,
    ClosingCheck.PROPOSALS_OPEN: proposals_open,
}


def findings(ws: Books, check: ClosingCheck, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return what one check finds, with the names of the owners: COLUMNS, owner_label and owner_label_zh; cached."""
    # Letters, proposals and check-ins are written without a change of plan or measurement; so every write counts.
    key = ("closing", check, period, ws.versions(as_of), ws.store.told)
    return ws.kept(key, lambda: with_owner_names(FINDERS[check](ws, period, as_of), ws.company(as_of)))


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows in the columns of a finding; what a check does not know is empty."""
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in COLUMNS.items()
    )
