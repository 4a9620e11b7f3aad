"""A live source as a company writes it down: where it is, how its columns are ours, when it is asked, what is expected of it."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from croniter import croniter
from pydantic import AfterValidator, Field, model_validator

from kpiflow.core.fact import Fact, Named
from kpiflow.language import Message

#: A length of time as people write it: 90s, 15m, 6h, 7d, 2w.
_SPAN = re.compile(r"^(?P<count>[1-9]\d{0,4})(?P<unit>[smhdw])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

#: Where a secret is taken from: the environment variable NAME, or the file that NAME_FILE names.
SECRET = re.compile(r"\$\{(?P<name>[A-Z_][A-Z0-9_]*)\}")

#: Words in a name that say its value is a secret.
_SECRETIVE = re.compile(r"pass|secret|token|api.?key|authorization|credential|cookie", re.IGNORECASE)

#: A password written between user and host of an address.
_PASSWORD = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#@]*:(?P<password>[^@]*)@", re.IGNORECASE)


def length(span: str) -> timedelta:
    """Return how long a span such as 15m is; raises ValueError for anything else.

    >>> length("15m"), length("7d").days
    (datetime.timedelta(seconds=900), 7)
    """
    match = _SPAN.match(span)
    if match is None:
        raise ValueError("a length of time is a number and one of s, m, h, d, w, such as 15m or 7d")
    return timedelta(**{_UNITS[match["unit"]]: int(match["count"])})


def _span(text: str) -> str:
    length(text)
    return text


def _cron(text: str) -> str:
    if len(text.split()) != 5 or not croniter.is_valid(text):
        raise ValueError("cron has five fields: minute, hour, day, month, weekday, such as 0 6 * * 1-5")
    return text


def without_secret(name: str, text: str) -> str:
    """Return a text unless a secret stands in it; raises ValueError that does not repeat it."""
    match = _PASSWORD.match(text)
    inline = match is not None and not SECRET.fullmatch(match["password"])
    for part in re.split(r"[?&;]", text)[1:]:
        key, _, value = part.partition("=")
        inline = inline or bool(value and _SECRETIVE.search(key) and not SECRET.search(value))
    if inline or (_SECRETIVE.search(name) and not SECRET.search(text)):
        raise ValueError("a secret is never written here: name the environment variable that holds it, such as ${NAME}")
    return text


#: A length of time.
Span = Annotated[str, AfterValidator(_span), Field(json_schema_extra={"examples": ["15m", "6h", "7d"]})]

#: An address; a secret in it is named, as in postgresql://reader:${PASSWORD}@host/database.
Address = Annotated[str, AfterValidator(lambda text: without_secret("", text)), Field(min_length=1)]


class Per(StrEnum):
    """How long the stretch is that values are added up over where they lie; each is dated by its first day."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    NONE = "none"  # rows come as they are


class Combine(StrEnum):
    """How several values of one metric, unit, person and stretch become one; counts of ratios are always added."""

    SUM = "sum"
    MIN = "min"
    MAX = "max"


class Columns(Fact):
    """What our columns are called there; a column that is not named here has our own name, or is not there."""

    metric: str | None = Field(default=None, description="The column with the id of the metric.")
    unit: str | None = Field(default=None, description="The column with the id of the unit.")
    person: str | None = Field(
        default=None, description="The column with the id of the person, where results are one person's."
    )
    day: str | None = Field(default=None, description="The column with the day, such as 2026-01-31.")
    entry: str | None = Field(default=None, description="The column that tells several facts of one day apart.")
    value: str | None = Field(default=None, description="The column with the value.")
    numerator: str | None = Field(default=None, description="The column with the upper count of a ratio.")
    denominator: str | None = Field(default=None, description="The column with the lower count of a ratio.")


class Fixed(Fact):
    """What is the same for all rows and is no column there."""

    metric: str | None = Field(default=None, description="The metric all rows measure.")
    unit: str | None = Field(default=None, description="The unit all rows are of.")
    person: str | None = Field(default=None, description="The person all rows are of.")


class Expected(Fact):
    """How many rows a whole day is expected to bring; outside of it, a question is asked."""

    least: int = Field(default=0, ge=0, description="The fewest rows a day brings when all is well.")
    most: int | None = Field(
        default=None, ge=0, description="The most rows a day brings when all is well; absent: any number."
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Expected":
        if self.most is not None and self.most < self.least:
            raise ValueError("the most that is expected is not less than the least")
        return self


class LiveSource(Named):
    """What every live source has. `kind` says where it is; each kind has fields of its own."""

    source: str = Field(pattern=r"^[A-Za-z][\w.-]*$", description="Its id.")
    columns: Columns = Field(default=Columns(), description="What our columns are called there.")
    fixed: Fixed = Field(default=Fixed(), description="What is the same for all rows.")
    names: dict[str, str] = Field(
        default_factory=dict, description="Metrics, units and people called otherwise there: their name to our id."
    )
    every: Span | None = Field(default=None, description="How often it is asked; with neither this nor cron, by hand.")
    cron: Annotated[str, AfterValidator(_cron)] | None = Field(
        default=None, description="When it is asked, as five fields of cron in the server's local time."
    )
    watermark: str | None = Field(
        default=None,
        description="The column or field that grows with each change; absent: everything is read each time.",
    )
    reread: Span = Field(default="7d", description="How far behind the watermark rows may still come in late.")
    retries: int = Field(
        default=3, ge=0, le=10, description="How often it is tried again, each time after a longer pause."
    )
    timeout: Span = Field(default="60s", description="How long one attempt may take to be answered.")
    expected: Expected | None = Field(default=None, description="How many rows a whole day is expected to bring.")
    stop_on_drift: bool = Field(
        default=False, description="Take nothing in when volume or values are far from their own history."
    )

    summary: ClassVar[Message]

    @model_validator(mode="after")
    def _one_schedule(self) -> "LiveSource":
        if self.every and self.cron:
            raise ValueError("a source is asked by every or by cron, not by both")
        if self.every and length(self.every) < timedelta(seconds=10):
            raise ValueError("every is at least 10s")
        return self

    def secrets(self) -> tuple[str, ...]:
        """Return the names of the secrets it needs, in order."""
        return tuple(dict.fromkeys(match["name"] for match in SECRET.finditer(self.model_dump_json())))
