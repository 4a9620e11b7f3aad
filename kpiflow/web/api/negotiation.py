"""Which format an answer has, and frames and models written in it: JSON, CSV, Parquet or an Arrow stream."""

import datetime
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any

import polars as pl
from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from kpiflow.frames.inert import inert_frame
from kpiflow.language import Message, Name, msg, render
from kpiflow.web.api.problems import language
from kpiflow.web.api.refusal import ApiRefusal


class Format(StrEnum):
    """The formats a list is given in."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


#: The media type of each format, as Accept asks for it and Content-Type says it; the first is given to who has no wish.
MEDIA: Mapping[Format, str] = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.ARROW: "application/vnd.apache.arrow.stream",
}

#: What every answer depends on beside its address.
VARY = "Accept, Accept-Language, Authorization"


def chosen(request: Request, offered: tuple[Format, ...] = tuple(Format)) -> Format:
    """Return the format asked for, by `?format=` or else by Accept with its weights; raises ApiRefusal 406 for none of ours."""
    named = request.query_params.get("format")
    if named is not None:
        if named in offered:
            return Format(named)
        raise _not_offered(offered)
    wishes = _wishes(request.headers.get("accept", "") or "*/*")
    weighed = [(_weight(MEDIA[one], wishes), -place, one) for place, one in enumerate(offered)]
    best = max(weighed)
    if best[0] <= 0:
        raise _not_offered(offered)
    return best[2]


def _not_offered(offered: tuple[Format, ...]) -> ApiRefusal:
    known = ", ".join(MEDIA[one] for one in offered)
    return ApiRefusal(406, "not_acceptable", msg("This can be had as {formats}.", formats=known))


def _wishes(accept: str) -> list[tuple[str, float]]:
    """Return each media range of an Accept header with its weight; what cannot be read is left out."""
    found = []
    for part in accept.split(","):
        name, *given = (one.strip().lower() for one in part.split(";"))
        weight = next((one.removeprefix("q=") for one in given if one.startswith("q=")), "1")
        try:
            found.append((name, min(1.0, max(0.0, float(weight)))))
        except ValueError:
            continue
    return found


def _weight(media: str, wishes: list[tuple[str, float]]) -> float:
    """Return how much a media type is wished for: what names it most closely counts."""
    for wanted in (media, f"{media.split('/', maxsplit=1)[0]}/*", "*/*"):
        found = [weight for name, weight in wishes if name == wanted]
        if found:
            return max(found)
    return 0.0


def answered(
    request: Request,
    what: pl.DataFrame | BaseModel | Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    about: Mapping[str, Any] | None = None,
) -> Response:
    """Return an answer: rows in the format asked for, one thing as JSON.

    In JSON rows stand under `items`, beside what `about` says of them. Absent is null, never 0; what is exact is text.
    """
    spoken = language(request)
    if isinstance(what, pl.DataFrame):
        form = chosen(request)
        content = written(what, form, about or {})
    else:
        form = chosen(request, (Format.JSON,))
        whole = what.model_dump(mode="json", by_alias=True) if isinstance(what, BaseModel) else what
        content = json.dumps(plain(whole, spoken), ensure_ascii=False, allow_nan=False).encode()
    media = f"{MEDIA[form]}; charset=utf-8" if form is Format.CSV else MEDIA[form]
    answer = Response(content, status, media_type=media, headers=dict(headers or {}))
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    answer.headers["Content-Language"], answer.headers["Vary"] = spoken, VARY
    return answer


def written(rows: pl.DataFrame, form: Format, about: Mapping[str, Any]) -> bytes:
    """Return rows as bytes in a format; what is said `about` them only has a place in JSON."""
    if form is Format.JSON:
        said = json.dumps({"items": [], **plain(about, "en")}, ensure_ascii=False, allow_nan=False)
        # Polars writes the rows without a Python object for each of them; they take the place of the empty list.
        return f'{{"items":{stamped(rows).write_json()}{said.removeprefix(_EMPTY)}'.encode()
    out = BytesIO()
    if form is Format.CSV:
        inert_frame(stamped(rows)).write_csv(out)
    elif form is Format.PARQUET:
        in_utc(rows).write_parquet(out)
    else:
        in_utc(rows).write_ipc_stream(out)
    return out.getvalue()


_EMPTY = '{"items": []'


def stamped(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows whose moments are texts such as 2013-04-20T18:30:00Z."""
    moments = [name for name, kind in rows.schema.items() if kind == pl.Datetime]
    return in_utc(rows).with_columns(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in moments)


def in_utc(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows whose moments are in UTC; the store keeps them as the server's own clock showed them."""
    moments = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone is None]
    return rows.with_columns(_utc(rows[name]) for name in moments)


def _utc(shown: pl.Series) -> pl.Series:
    """Return moments of the local clock in UTC: only the system knows its own zone, so each different one is asked for."""
    known = shown.drop_nulls().unique()
    zone = pl.Datetime("us", "UTC")
    there = pl.Series([one.astimezone(datetime.UTC) for one in known.to_list()], dtype=zone)
    return shown.replace_strict(known, there, default=None, return_dtype=zone)


def plain(value: Any, spoken: str) -> Any:
    """Return a value as JSON has it: what is exact as text, words in the language asked for, absent as null."""
    match value:
        case Decimal():
            return format(value, "f")
        case datetime.datetime():
            return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case datetime.date():
            return value.isoformat()
        case Message() | Name():
            return render(value, spoken) if isinstance(value, Message) else _named(value, spoken)
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(key): plain(item, spoken) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item, spoken) for item in value]
        case _:
            return value


def _named(name: Name, spoken: str) -> str:
    return name.label_zh or name.label if spoken == "zh" else name.label
