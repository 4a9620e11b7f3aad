"""The log: one line to stderr for each thing that happened, in words or as JSON, with whatever is secret taken out."""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

from kpiflow.web.settings.model import LogFormat, Settings, is_secret

#: What a secret looks like wherever it stands: tokens of ours, bearer tokens, cookies, and what follows a telling name.
SECRETS = re.compile(
    r"(?P<named>(?i:bearer|basic)\s+|(?i:token|secret|password|passwd|api_?key|client_secret|code|state|proof)[\"']?\s*[=:]\s*[\"']?"
    r"|kpiflow_session=)(?P<after>[^\s\"'&;,}]+)|\b(?:kpf|whsec|evtsec)_[\w+/=.-]+"
)

#: Names of values that are secret whatever they look like.
NAMED = re.compile(r"token|secret|password|cookie|authorization|proof", re.IGNORECASE)

STARS = "********"

Event = MutableMapping[str, Any]


def write_logs(settings: Settings) -> None:
    """Send everything that is logged in this process to stderr, in the format and from the weight that is set."""
    known = tuple(_known(settings))
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.stdlib.PositionalArgumentsFormatter(),
        _told,
    ]
    after: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        lambda _logger, _name, event: redacted(event, known),
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if settings.log_format is LogFormat.JSON
        else _in_words,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # What libraries say in passing can hold headers, forms and answers: of theirs only what went wrong is a line.
    root.setLevel(logging.WARNING)
    logging.getLogger("kpiflow").setLevel(settings.log_level.value.upper())
    gathered()


def gathered() -> None:
    """Bring what Streamlit's own loggers say into the same log; it gives each of them a stream of its own."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.split(".")[0] in ("streamlit", "uvicorn") and isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
            logger.setLevel(logging.WARNING)


def redacted(event: Event, known: Iterable[str] = ()) -> Event:
    """Return an event without what is secret: values by their name, texts by what they look like, and the secrets `known`."""
    return {name: STARS if NAMED.search(name) else _clean(value, known) for name, value in event.items()}


def _clean(value: object, known: Iterable[str]) -> object:
    if isinstance(value, str):
        for secret in known:
            value = value.replace(secret, STARS)
        return SECRETS.sub(lambda found: (found["named"] or "") + STARS, value)
    if isinstance(value, MutableMapping):
        return redacted(value, known)
    if isinstance(value, list | tuple):
        return [_clean(one, known) for one in value]
    return value


def _known(settings: Settings) -> Iterable[str]:
    """Yield the secrets among the settings."""
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if is_secret(name) and value is not None and len(value.get_secret_value()) >= 6:
            yield value.get_secret_value()


def _told(_logger: object, _name: str, event: Event) -> Event:
    """Put what a line says beside its event, given as `extra={"told": {…}}`, at its top."""
    record = event.get("_record")
    return {**event, **getattr(record, "told", {})}


def _in_words(_logger: object, _name: str, event: Event) -> str:
    """Return a line to read: when, how serious, what, and the rest as name=value; a trace below."""
    said = dict(event)
    at, level, what = said.pop("at", ""), said.pop("level", ""), said.pop("event", "")
    said.pop("logger", None)
    trace = said.pop("exception", None)
    rest = " ".join(f"{name}={value}" for name, value in said.items() if value is not None)
    line = f"{at} {level:<7} {what} {rest}".rstrip().replace("\n", "\\n")
    return f"{line}\n{trace}" if trace else line
