"""Runs on a page: which there are, and one of them with its totals by unit, how payouts are spread, and a page of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.storage.pay_runs import MONEY, read_events
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import person_name
from kpiflow.workspace.pay_runs.answers import STATE_WORDS, STEPS, PayRuns, RunPage, RunState, Stored
from kpiflow.workspace.pay_runs.deciding import ACTIONS, may_take, missing
from kpiflow.workspace.pay_runs.stored import all_runs, amounts, in_office, readable, seen
from kpiflow.workspace.paying import valid_plans

#: How many people are shown at once.
PAGE = 25

#: Into how many steps payouts are sorted for the picture.
BINS = 24


@dataclass(frozen=True)
class Part:
    """Which rows of a run or a difference are shown: those of a unit and below it, whose name has a text, from a place on."""

    unit: str | None = None
    text: str | None = None
    start: int = 0
    size: int = PAGE


#: The first page of everybody.
FIRST = Part()


def pay_runs(ws: Books, asker: Asker, period: str) -> PayRuns:
    """Answer which runs of a period there are; whoever is not in the office of pay sees those that are final."""
    moment = ws.moment(period, None)
    office = in_office(ws, asker)
    cycle = moment.cycle.period
    inside = [one for one in all_runs(ws) if ws.moment(one.period, None).cycle.period == cycle]
    runs = tuple(one for one in inside if office or one.state is RunState.FINAL)
    plans = tuple((plan.plan, Name(plan.label or plan.plan, plan.label_zh)) for plan in valid_plans(ws, moment.period))
    return PayRuns(
        sentence=_sentence_of(runs, period), period=period, runs=runs, plans=plans, office=office,
        totals={one.run: _total(seen(ws, asker, amounts(ws, one.run))) for one in runs},
        run=ws.may(asker, ACTIONS["propose"]), approve=ws.may(asker, ACTIONS["approve"]),
        names={one.by: person_name(ws.company(), one.by) for one in runs},
    )  # fmt: skip


def _sentence_of(runs: tuple[Stored, ...], period: str) -> tuple[Message, ...]:
    finals = [one for one in runs if one.state is RunState.FINAL]
    waiting = [one for one in runs if one.state in (RunState.PROPOSED, RunState.APPROVED)]
    if finals:
        first = msg("{period} has been paid: run {run} is final.", period=finals[0].period, run=finals[0].run)
    else:
        first = msg("Nothing has been paid for {period} yet.", period=period)
    if waiting:
        state = STATE_WORDS[waiting[0].state]
        return (first, msg("Run {run} is {state}.", run=waiting[0].run, state=state))
    return (first,)


def _total(rows: pl.DataFrame) -> Decimal:
    return Decimal(str(rows["payable"].sum() or 0))


def run_page(ws: Books, asker: Asker, run: int, part: Part = FIRST) -> RunPage:
    """Answer with one run as far as the person asking may read it; raises NotFound."""
    now = readable(ws, asker, run)
    rows = seen(ws, asker, amounts(ws, run))
    listed = narrowed(ws, rows.join(people_names(ws), on="person", how="left", maintain_order="left"), part)
    whole, total, results = ws.reach(asker, Topic.PAY).people is None, _total(rows), _results(ws, asker, now)
    unknown = int(rows["amount"].is_null().sum())
    return RunPage(
        stored=now, sentence=_sentence(now, total, rows.height, unknown), whole=whole, people=rows.height, total=total,
        adjustments=Decimal(str(rows["adjustment"].sum() or 0)), unknown=unknown,
        units=by_unit(ws, rows, results), grades=by_grade(rows, results),
        histogram=histogram(rows), found=listed.height, start=part.start,
        rows=listed.sort("payable", "person", descending=[True, False]).slice(part.start, part.size),
        steps=_with_names(ws, read_events(ws.store, run)), missing=missing(ws, now) if now.state not in _ENDED and whole else (),
        may={step: may_take(ws, asker, now, step) for step in STEPS},
    )  # fmt: skip


def _with_names(ws: Books, steps: pl.DataFrame) -> pl.DataFrame:
    """Return steps with what those are called who took them: whoever is no person, as the journal names them."""
    names = people_names(ws).rename({"person": "who"})
    return steps.join(names, on="who", how="left", maintain_order="left").with_columns(
        pl.coalesce("label", "who").alias("label")
    )


_ENDED = (RunState.FINAL, RunState.REFUSED)


def _sentence(now: Stored, total: Decimal, people: int, unknown: int) -> tuple[Message, ...]:
    facts: Mapping[str, Any] = {
        "run": now.run, "state": STATE_WORDS[now.state], "people": people,
        "total": Quantity(float(total), "currency", now.currency),
    }  # fmt: skip
    said = [msg("Run {run} ({state}): {people} {people:person|people}, {total} in all.", **facts)]
    if unknown:
        said.append(msg("Of {count} of them nothing can be said yet, because something they are paid by is not known.",
                        count=unknown))  # fmt: skip
    return tuple(said)


def people_names(ws: Books) -> pl.DataFrame:
    """Return person, label, label_zh."""
    return ws.company().people.select("person", "label", "label_zh")


def unit_names(ws: Books) -> pl.DataFrame:
    """Return unit, unit_label, unit_label_zh."""
    return ws.company().units.select("unit", unit_label="label", unit_label_zh="label_zh")


def narrowed(ws: Books, rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Return rows of people with the names of their units, those of a unit and below it, and those a text fits."""
    named = rows.join(unit_names(ws), on="unit", how="left", maintain_order="left")
    if part.unit:
        below = ws.unit_tree(None).filter(pl.col("ancestor") == part.unit)["unit"]
        named = named.filter(pl.col("unit").is_in(below.implode()))
    if part.text:
        word = part.text.casefold()
        texts = [pl.col(name).fill_null("").str.to_lowercase() for name in ("person", "label", "label_zh")]
        named = named.filter(pl.any_horizontal(text.str.contains(word, literal=True) for text in texts))
    return named


def _results(ws: Books, asker: Asker, now: Stored) -> pl.DataFrame:
    """Return person, score and grade by the knowledge a run was made of, of those whose appraisal may be read."""
    found = appraisals(ws, now.period, now.known_by).people.select("person", "score", "grade")
    people = ws.reach(asker, Topic.APPRAISALS).people
    return found if people is None else found.filter(pl.col("person").is_in(list(people)))


def by_grade(rows: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Return what people of each grade are paid: grade, people, payable, mean; those without one last."""
    graded = rows.join(results, on="person", how="left")
    summed = graded.group_by(pl.col("grade").cast(pl.String)).agg(people=pl.len(), payable=pl.col("payable").sum())
    mean = pl.col("payable").cast(pl.Float64) / pl.col("people")
    return summed.with_columns(mean=mean).sort("grade", nulls_last=True)


def by_unit(ws: Books, rows: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Return what people of each unit are paid, the largest sum first, beside the mean of their scores."""
    whole = rows["payable"].sum() or 0
    zero = pl.lit(Decimal(0), dtype=MONEY)
    summed = rows.join(results, on="person", how="left").group_by("unit").agg(
        score=pl.col("score").mean(), people=pl.len(), amount=pl.col("amount").fill_null(zero).sum(),
        adjustment=pl.col("adjustment").sum(), payable=pl.col("payable").sum(),
    )  # fmt: skip
    share = pl.col("payable").cast(pl.Float64) / float(whole) if whole else pl.lit(None, dtype=pl.Float64)
    named = summed.join(unit_names(ws), on="unit", how="left").rename(
        {"unit_label": "label", "unit_label_zh": "label_zh"}
    )
    return named.with_columns(share=share).sort("payable", "unit", descending=[True, False])


def histogram(rows: pl.DataFrame) -> pl.DataFrame:
    """Return starts, ends and people: payouts in equal steps from the least to the greatest."""
    values = rows.filter(pl.col("amount").is_not_null())["payable"].cast(pl.Float64)
    if values.is_empty():
        return pl.DataFrame(schema={"starts": pl.Float64, "ends": pl.Float64, "people": pl.UInt32})
    low, high = float(values.min() or 0), float(values.max() or 0)  # type: ignore[arg-type]
    step = (high - low) / BINS or 1.0
    place = ((values - low) / step).floor().clip(0, BINS - 1).cast(pl.Int32).alias("place")
    counted = place.to_frame().group_by("place").agg(people=pl.len())
    places = pl.DataFrame({"place": range(BINS)}, schema={"place": pl.Int32}).join(counted, on="place", how="left")
    return places.sort("place").select(
        starts=low + pl.col("place") * step,
        ends=low + (pl.col("place") + 1) * step,
        people=pl.col("people").fill_null(0),
    )
