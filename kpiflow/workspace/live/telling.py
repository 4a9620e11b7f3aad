"""Sentences about live sources: what failed and what to do, what was set aside, and questions about what came."""

import datetime
import json
from collections.abc import Mapping

from kpiflow.core.live_source import LiveSource
from kpiflow.language import Message, Name, msg
from kpiflow.sources.live import Failure
from kpiflow.sources.live.asked import FAILURES
from kpiflow.sources.live.drift import Drift, What


def to_do(failure: Failure, source: str) -> Message:
    """Return what to do about a failure."""
    return {
        Failure.UNREACHABLE: msg("Ask whoever runs it whether it is up; it is asked again by itself."),
        Failure.NOT_ALLOWED: msg("Have the password or token renewed, and set it in the environment of the server."),
        Failure.NO_SECRET: msg("Set it in the environment of the server and start the server again."),
        Failure.NOT_THERE: msg("Compare its path, table and columns in sources.yaml with what is there."),
        Failure.NOT_UNDERSTOOD: msg("Look at it with `kpiflow source check {source}`.", source=source),
        Failure.DRIFT: msg(
            "If the numbers are right, take them in with `kpiflow source pull {source} --despite-drift`.", source=source
        ),
        Failure.STOPPED: msg("It is asked again when its turn comes."),
    }[failure]


def failed(source: str, failure: str, said: str | None) -> tuple[Message, Message]:
    """Return why nothing came in, and what to do."""
    kind = Failure(failure)
    return msg("{why} {said}", why=FAILURES[kind], said=said or ""), to_do(kind, source)


def kept(found: list[Drift]) -> str | None:
    """Return questions as JSON; None without any."""
    rows = [
        {
            "what": one.what.value,
            "metric": one.metric,
            "day": one.day.isoformat(),
            "found": one.found,
            "low": one.low,
            "high": None if one.high == float("inf") else one.high,
        }
        for one in found
    ]
    return json.dumps(rows) if rows else None


def questions(text: str | None, names: Mapping[str, Name]) -> tuple[Message, ...]:
    """Return the questions that were kept, in words; metrics by their names."""
    return tuple(_question(one, names) for one in json.loads(text)) if text else ()


def _question(one: Mapping[str, object], names: Mapping[str, Name]) -> Message:

    day = datetime.date.fromisoformat(str(one["day"]))
    metric = names.get(str(one["metric"]), Name(str(one["metric"])))
    found, low, high = (None if one[key] is None else float(str(one[key])) for key in ("found", "low", "high"))
    if one["what"] == What.EXPECTED:
        if high is None:
            return msg(
                "Rows on {day}: {found}; at least {low} are expected. Is that right?", day=day, found=found, low=low
            )
        return msg(
            "Rows on {day}: {found}; {low} to {high} are expected. Is that right?",
            day=day,
            found=found,
            low=low,
            high=high,
        )
    if one["what"] == What.VOLUME:
        return msg(
            "{metric} on {day}: {found} rows came; by the days before, {low} to {high} would be usual. Is that right?",
            metric=metric, day=day, found=found, low=low, high=high,
        )  # fmt: skip
    if one["what"] == What.SPREAD:
        return msg(
            "{metric} up to {day}: its values are spread otherwise than before (population stability index {found}; beyond"
            " {high} the shift is large and no chance). Is that right?",
            metric=metric, day=day, found=found, high=high,
        )  # fmt: skip
    return msg(
        "{metric} on {day}: a mean of {found}; by the days before, {low} to {high} would be usual. Is that right?",
        metric=metric, day=day, found=found, low=low, high=high,
    )  # fmt: skip


def schedule(source: LiveSource) -> Message:
    """Return when a source is asked, in words."""
    if source.every:
        return msg("every {span}", span=source.every)
    if source.cron:
        minute, hour, *rest = source.cron.split()
        if minute.isdecimal() and hour.isdecimal() and rest == ["*", "*", "*"]:
            return msg("every day at {time}", time=f"{int(hour):02}:{int(minute):02}")
        return msg("by cron: {line}", line=source.cron)
    return msg("by hand")
