"""A draft proposed to the owners of its parts: whom it asks and what changes for each first, then written as it was shown."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

import polars as pl

from kpiflow.cascade.consequence import applied
from kpiflow.cascade.ways import Way, step_of, way_of
from kpiflow.core.goal import Stage
from kpiflow.core.metric import Metric
from kpiflow.core.remainder import fraction, in_steps
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, Name, msg
from kpiflow.storage.documents import definitions_version
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.proposals import LINES, Proposal, add_proposal
from kpiflow.workspace.answers import SplitPreview
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.desk_answers import Draft, Drafted, ProposalAsked, Proposed
from kpiflow.workspace.handing_down.drafting import drafted, waiting_lines
from kpiflow.workspace.handing_down.leading import require_split
from kpiflow.workspace.handing_down.planning import new_problems
from kpiflow.workspace.labels import name_of

#: The word of a proposal in the journal.
PROPOSE = "propose"

#: The anchors that a new goal gets beside its target.
BESIDE = ("baseline", "threshold", "stretch", "low", "high")


def ask(ws: Books, asker: Asker, goal: str, period: str, draft: Draft, *, also: Collection[str] = ()) -> ProposalAsked:
    """Say whom proposing a draft would ask and what changes for each; nothing is written.

    Asked are the owners whose target is to change, those of new goals, those to whom something else was proposed before, and
    `also` (child goals) whose target stays. Raises as `drafted` does, and InvalidInput for a draft that cannot be split.
    """
    found = drafted(ws, asker, goal, period, draft)
    if found.shown is None:
        raise InvalidInput(found.why_not or msg("This cannot be split."))
    owner = (str(found.row["owner_kind"]), str(found.row["owner"]))
    open_at = (
        waiting_lines(ws, [goal], None).unique("goal", keep="first").select("goal", open_target="target", is_open=True)
    )
    rows = found.lines.join(open_at, on="goal", how="left", maintain_order="left")
    target, waiting = pl.col("target"), pl.col("is_open").fill_null(False)
    moves = target.ne_missing(pl.col("target_before"))
    rows = rows.filter(
        target.is_not_null(),
        pl.when(waiting).then(target.ne_missing(pl.col("open_target"))).otherwise(moves | pl.col("is_new"))
        | pl.col("goal").is_in(list(also)),
    ).drop("open_target", "is_open")
    require_split(ws, asker, rows.select("owner_kind", "owner").iter_rows(), parent=owner)
    eased = found.shown.effect.changes.filter("eased")["goal"].implode()
    rows = rows.with_columns(eased=pl.col("goal").is_in(eased))
    return ProposalAsked(
        sentence=_sentence(rows),
        drafted=found,
        lines=rows,
        people=rows["people"].drop_nulls().n_unique(),
        needs_words=bool(rows["eased"].any()),
        obstacles=_obstacles(ws, found, rows),
    )


def _sentence(rows: pl.DataFrame) -> tuple[Message, ...]:
    """Say how many owners are asked, and for whom nobody can answer."""
    if rows.is_empty():
        return (msg("Every owner has this target already, or was asked about it. There is nothing to propose."),)
    said = [
        msg(
            "Owners asked to agree: {count}. Until they do, their targets stay as they are.",
            count=rows.select("owner_kind", "owner").n_unique(),
        )
    ]
    unled = _owners(rows.filter(pl.col("people").is_null()))
    if unled:
        said.append(msg("Nobody may agree for {owners} today: assign somebody who leads there.", owners=unled))
    eased = _owners(rows.filter("eased"))
    if eased:
        said.append(msg("Easier to reach than before, so proposing it needs a reason: {owners}.", owners=eased))
    return tuple(said)


def _owners(rows: pl.DataFrame) -> list[Name]:
    return [name_of(row, "owner_label") for row in rows.iter_rows(named=True)]


def _obstacles(ws: Books, found: Drafted, rows: pl.DataFrame) -> tuple[Message, ...]:
    """Return what `kpiflow check` would call an error of a plan in which everybody has agreed."""
    company = ws.company()
    news = [
        change
        for line in rows.iter_rows(named=True)
        for change in fields_agreed(line, line["target"], found.row, company.metrics[str(found.row["metric"])])
    ]
    changes = pl.DataFrame(news, schema={"goal": pl.String, "field": pl.String, "value": pl.Float64}, orient="row")
    touched = company.goals.join(changes.select("goal").unique(), on="goal", how="semi", maintain_order="left")
    return new_problems(company, settled(applied(touched, changes), rows["goal"]))[0] if news else ()


def settled(goals: pl.DataFrame, agreed: Iterable[str]) -> pl.DataFrame:
    """Return the goals with those that were agreed no longer proposed."""
    proposed = pl.col("stage").cast(pl.String) == Stage.PROPOSED.value
    stage = pl.when(proposed & pl.col("goal").is_in(list(agreed))).then(pl.lit(Stage.AGREED.value))
    return goals.with_columns(stage=stage.otherwise(pl.col("stage").cast(pl.String)).cast(goals.schema["stage"]))


def fields_agreed(
    line: dict[str, Any], value: float | None, parent: dict[str, Any] | Any, metric: Metric
) -> list[tuple[str, str, float | None]]:
    """Return goal, field and value of what agreeing to a target writes: for a new goal, its other anchors as well.

    They stand to the target as the parent's do: in proportion for amounts, at the same distance for rates.
    """
    found = [(line["goal"], "target", value)]
    if line["is_new"] and value is not None and parent["target"]:
        found += [
            (line["goal"], field, _beside(float(parent[field]), float(parent["target"]), value, metric))
            for field in BESIDE
            if parent[field] is not None
        ]
    return found


def _beside(anchor: float, whole: float, value: float, metric: Metric) -> float:
    """Return an anchor that stands to a value as the parent's stands to its target, in whole steps."""
    step = fraction(step_of(metric))
    if way_of(metric) is Way.SUM:
        exact = fraction(anchor) * fraction(value) / fraction(whole)
    else:
        exact = fraction(value) + fraction(anchor) - fraction(whole)
    return float(step * in_steps(exact, step))


def propose(
    ws: Books,
    asker: Asker,
    asked: ProposalAsked,
    *,
    words: str | None = None,
    by: str | None = None,
    at: datetime.datetime | None = None,
) -> Proposed:
    """Write a proposal as it was shown: what is asked of whom, how it was split, on which plan. No target changes yet.

    Raises Refused, and InvalidInput when nobody is asked, a target becomes easier without words, the check would call the
    result an error, or the plan has changed since it was shown. `by`: who typed it, when that is not the person asking.
    """
    shown, said = asked.drafted.shown, (words or "").strip() or None
    row = asked.drafted.row
    pairs = asked.lines.select("owner_kind", "owner").iter_rows()
    require_split(ws, asker, pairs, parent=(str(row["owner_kind"]), str(row["owner"])))
    if shown is None or asked.lines.is_empty():
        raise InvalidInput(asked.sentence[0])
    if shown.effect.as_of is not None:
        raise InvalidInput(
            msg("This was shown as of {day}. A proposal is made on today's plan.", day=shown.effect.as_of)
        )
    if asked.obstacles:
        raise InvalidInput(asked.obstacles[0])
    if asked.needs_words and said is None:
        raise InvalidInput(
            msg(
                "{count} targets become easier to reach, {first} first. Give a reason: it is kept beside the change.",
                count=asked.lines["eased"].sum(),
                first=asked.lines.filter("eased")["goal"][0],
            )
        )
    who, moment = named(asker, by), at or datetime.datetime.now(datetime.UTC)
    metric = ws.company().metrics[shown.metric]
    lines = pl.DataFrame([_line(one, row, metric) for one in asked.lines.iter_rows(named=True)], schema=LINES)
    return _write(ws, shown, lines, Entry(moment, who, PROPOSE, shown.goal, said))


def _line(one: dict[str, Any], parent: Any, metric: Metric) -> dict[str, Any]:
    """Return a line of a proposal as the store has it."""
    fields = {field: value for _, field, value in fields_agreed(one, one["target"], parent, metric)}
    kept = ("goal", "owner_kind", "owner", "is_new", "target", "weight", "eased", "words")
    return {
        **{name: one[name] for name in kept},
        "before": one["target_before"],
        "threshold": fields.get("threshold"),
        "stretch": fields.get("stretch"),
    }


def _write(ws: Books, shown: SplitPreview, lines: pl.DataFrame, said: Entry) -> Proposed:
    """Write the proposal, its lines and the line of the journal as one, on the plan that was shown."""
    with ws.store.write() as cursor:
        if definitions_version(ws.store) != shown.effect.version:
            raise InvalidInput(msg("The plan has changed since this was shown. Look at it again before making it."))
        made = Proposal(
            goal=shown.goal,
            period=shown.period,
            at=said.at,
            who=said.who,
            method=shown.method,
            target=shown.target,
            buffer=shown.buffer,
            terms=shown.said,
            words=said.reason,
            change=shown.effect.version,
        )
        number = add_proposal(cursor, made, lines)
        detail = {
            "proposal": number,
            "period": shown.period,
            "method": shown.method,
            "lines": lines.select("goal", "owner_kind", "owner", "before", "target", "eased").to_dicts(),
        }
        entry = record(cursor, Entry(said.at, said.who, said.action, said.subject, said.reason, detail))
    return Proposed(number, entry, lines.select("owner_kind", "owner").n_unique())


def named(asker: Asker, by: str | None) -> str:
    """Return the name that is written down: who asks, and who typed it when that was somebody else."""
    return f"{asker.name} (by {by})" if by else asker.name
