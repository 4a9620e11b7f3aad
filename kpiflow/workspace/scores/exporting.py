"""Scores written to a file that says as of when it was made and can be checked later; the journal keeps that it was."""

import datetime
import json
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from io import BytesIO
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic, visible
from kpiflow.errors import InvalidInput
from kpiflow.frames.inert import inert_frame
from kpiflow.language import msg, render
from kpiflow.storage.documents import definitions_version
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.observe import measurements_version
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import with_metric_names
from kpiflow.workspace.results import results
from kpiflow.workspace.scores.answers import Exported
from kpiflow.workspace.scores.file import COLUMNS, fingerprint
from kpiflow.workspace.scores.listing import fitting, missing_parts
from kpiflow.workspace.scores.table import counted, table, within
from kpiflow.workspace.scores.wanted import EVERYBODY, Wanted
from kpiflow.workspace.scores.workbook import About, workbook

#: The action in roles and in the journal.
EXPORT = "export_scores"

#: A workbook has all goals of everybody in it: beyond so many people it would take minutes and open in no time either.
MOST_IN_WORKBOOK = 20_000


class Form(StrEnum):
    """What a file of scores is written as."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Asked:
    """What is exported: the scores of a period as known on a day, as far as they fit a filter."""

    period: str
    day: datetime.date
    wanted: Wanted
    as_of: datetime.date | None


def scores_export(
    ws: Books,
    asker: Asker,
    period: str,
    as_of: datetime.date | None = None,
    wanted: Wanted = EVERYBODY,
    *,
    form: str = Form.CSV.value,
    who: str | None = None,
) -> Exported:
    """Write the scores that fit a filter to a file, and a line into the journal; `who` names the one at the machine.

    Raises Refused for whoever may not export, NotFound for a period or unit that there is not, and InvalidInput when no
    row fits or a workbook would be too large.
    """
    ws.may(asker, EXPORT).require()
    asked = Asked(period, ws.day(as_of), wanted, as_of)
    rows = fitting(ws, within(ws, asker, table(ws, period, as_of)), wanted, as_of).sort("person")
    _check(rows, Form(form))
    mark = fingerprint(period, asked.day, rows)
    listed = _listed(ws, rows, asked, mark)
    at = datetime.datetime.now(datetime.UTC)
    name = (who or "").strip() or asker.name if asker.machine else asker.name
    detail = _detail(ws, asker, asked, rows.height, mark)
    if Form(form) is Form.CSV:
        content = csv_bytes(listed)
    else:
        goals = _goals(ws, asker, rows, asked)
        content = workbook(listed, goals, about(ws, detail, name, at))
    with ws.store.write() as cursor:
        record(cursor, Entry(at, name, EXPORT, period, None, {**detail, "form": Form(form).value}))
    file_name = f"scores-{period}-as-of-{asked.day}-{mark[:12]}.{Form(form).value}"
    return Exported(file_name, content, mark, rows.height)


def scores_fingerprint(
    ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None, wanted: Wanted = EVERYBODY
) -> str:
    """Return the fingerprint that an export of these scores would carry; nothing is written."""
    ws.may(asker, EXPORT).require()
    rows = fitting(ws, within(ws, asker, table(ws, period, as_of)), wanted, as_of)
    return fingerprint(period, ws.day(as_of), rows)


def _check(rows: pl.DataFrame, form: Form) -> None:
    if rows.is_empty():
        raise InvalidInput(msg("Nobody fits this filter, so there is nothing to export. Widen the filter first."))
    if form is Form.XLSX and rows.height > MOST_IN_WORKBOOK:
        raise InvalidInput(
            msg(
                "{people} people with all their goals are too many for a workbook (at most {most})."
                " Choose CSV, or narrow the filter.",
                people=rows.height,
                most=MOST_IN_WORKBOOK,
            )
        )


def _detail(ws: Books, asker: Asker, asked: Asked, people: int, mark: str) -> dict[str, Any]:
    """Return what the journal keeps of an export, so that the file can be made again and compared."""
    day = ws.believed(asked.as_of)
    return {
        "period": asked.period,
        "as_of": asked.day.isoformat(),
        "filter": asked.wanted.said(),
        "scope": "all" if ws.reach(asker, Topic.APPRAISALS).people is None else "part",
        "people": people,
        "fingerprint": mark,
        "definitions": definitions_version(ws.store, day),
        "measurements": measurements_version(ws.store, day),
    }


def _listed(ws: Books, rows: pl.DataFrame, asked: Asked, mark: str) -> pl.DataFrame:
    """Return the rows as they stand in the file."""
    parts = missing_parts(ws, rows["person"].to_list(), asked.period, asked.as_of)
    bare = pl.concat_str("goal", pl.lit(" ("), pl.col("policy").fill_null("part"), pl.lit(")"))
    named = parts.group_by("person", maintain_order=True).agg(missing_goals=bare.str.join("; "))
    filled = rows.join(named, on="person", how="left", maintain_order="left").with_columns(
        name="label", name_zh="label_zh", unit_name="unit_label", unit_name_zh="unit_label_zh",
        as_of=pl.lit(asked.day), fingerprint=pl.lit(mark),
    )  # fmt: skip
    return filled.select(name for name, _ in COLUMNS)


def _goals(ws: Books, asker: Asker, rows: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Return the goals of the people in the file: what each brings to the score, and what was measured where they may read it."""
    people = rows.select("person", name="label", name_zh="label_zh")
    mine = counted(ws, asked.period, asked.as_of).join(people, on="person", how="inner", maintain_order="right")
    shown = visible(results(ws, asked.period, asked.as_of), ws.reach(asker)).select(
        "goal", "metric", "actual", "target", "status", goal_name="label", goal_name_zh="label_zh"
    )
    known = mine.join(shown, on="goal", how="left", maintain_order="left")
    return with_metric_names(known, ws.company(asked.as_of)).select(
        "person", "name", "name_zh", "goal", "goal_name", "goal_name_zh", "section", "metric", "actual", "target", "measure",
        "points", "weight", "share", "contribution", "coverage", "policy", "status",
    )  # fmt: skip


def csv_bytes(rows: pl.DataFrame) -> bytes:
    """Return rows as CSV in UTF-8 with its mark, so that Excel shows 中文; no cell is taken for a formula."""
    out = BytesIO()
    inert_frame(rows).write_csv(out, include_bom=True)
    return out.getvalue()


def about(ws: Books, detail: dict[str, Any], who: str, at: datetime.datetime) -> About:
    """Return what a workbook says about itself: each line in both languages, with its value."""
    profile = ws.company().profile
    chosen = json.dumps(detail["filter"], ensure_ascii=False, sort_keys=True) if detail["filter"] else None
    lines = (
        (msg("Company"), profile.label),
        (msg("Period"), detail["period"]),
        (msg("As of"), detail["as_of"]),
        (msg("Exported at"), at.astimezone().isoformat(timespec="seconds")),
        (msg("Exported by"), who),
        (msg("Filter"), chosen or both(msg("none"))),
        (msg("Number of people"), detail["people"]),
        (msg("Fingerprint (SHA-256 of period, as-of day and scores)"), detail["fingerprint"]),
        (msg("Version of the definitions"), detail["definitions"]),
        (msg("Version of the measurements"), str(detail["measurements"])),
        (msg("Version of KPIFlow"), version("kpiflow")),
        (msg("To check this file"), f"kpiflow verify FILE --period {detail['period']}"),
        *((msg("Example company"), both(msg("names and figures are invented"))) for _ in range(profile.example)),
    )
    columns = tuple((name, both(meaning)) for name, meaning in COLUMNS)
    return About(
        tuple((both(name), value) for name, value in lines), columns, both(msg("Columns")), detail["fingerprint"]
    )


def both(said: Any) -> str:
    """Return words in both languages: a file is sent on to readers of either."""
    english, chinese = render(said, "en"), render(said, "zh")
    return english if english == chinese else f"{english} · {chinese}"
