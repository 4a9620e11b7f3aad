"""Every setting, with what it means, its unit and what holds without it; the reference page is written from here."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

#: How each setting begins in the environment.
PREFIX = "KPIFLOW_"


class LogFormat(StrEnum):
    """How a line of the log looks."""

    WORDS = "words"
    JSON = "json"


class LogLevel(StrEnum):
    """From which weight on something is a line of the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Language(StrEnum):
    """The language of words on the terminal."""

    EN = "en"
    ZH = "zh"


def _by_commas(given: object) -> object:
    return tuple(part.strip() for part in given.split(",") if part.strip()) if isinstance(given, str) else given


#: Several words, by commas.
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_by_commas)]

#: So many requests a second and so many at once, such as 20/60; 0 a second takes as many as come.
RATE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(?:/([1-9]\d{0,6}))?")


def _is_rate(given: str) -> str:
    if not RATE.fullmatch(given.strip()):
        raise ValueError("write requests a second and at once, such as 20/60, or 0 for no limit")
    return given.strip()


Rate = Annotated[str, AfterValidator(_is_rate)]


def _about(unit: str | None = None, part: str = "serving") -> dict[str, Any]:
    return {"unit": unit, "part": part}


def _setting(default: Any, meaning: str, unit: str | None = None, part: str = "serving", **bounds: Any) -> Any:
    return Field(default, description=meaning, json_schema_extra=_about(unit, part), **bounds)


class Settings(BaseSettings):
    """What the program is told from outside. The environment comes before the settings file, and options before both."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    store: Path = _setting(Path("data/kpiflow.duckdb"), "where the store is", part="program")
    lang: Language = _setting(Language.EN, "the language of words on the terminal", part="program")

    host: str = _setting("127.0.0.1", "the address to listen on")
    port: int = _setting(8501, "the port to listen on; 0: any that is free", ge=0, le=65535)
    address: str | None = _setting(None, "the public address, such as https://goals.example.com")
    hosts: Words = _setting((), "further names that requests may carry", "names, by commas")
    proxies: str = _setting("", "proxies whose X-Forwarded-For and -Proto are believed", "addresses, by commas")

    oidc_issuer: str | None = _setting(None, "the identity provider, by HTTPS", part="signing in")
    oidc_client_id: str | None = _setting(None, "who we are to the identity provider", part="signing in")
    oidc_client_secret: SecretStr | None = _setting(None, "the secret it gave us", part="signing in")
    oidc_claim: str = _setting("email", "the claim that names the account", part="signing in")
    oidc_label: str | None = _setting(None, "what the button calls the provider", part="signing in")
    session_hours: float = _setting(12, "how long a session lasts, however busy", "hours", "signing in", gt=0)
    session_idle_minutes: float = _setting(120, "how long a session lasts unused", "minutes", "signing in", gt=0)
    welcome_hours: float = _setting(72, "how long an invitation counts", "hours", "signing in", gt=0)

    token_days: int = _setting(90, "how long an API token lasts that says nothing else", "days", "API", ge=1, le=3660)
    token_most_days: int = _setting(366, "the longest an API token can last", "days", "API", ge=1, le=3660)
    api_reads: Rate = _setting("20/60", "what one token may read", "a second / at once; 0: no limit", "API")
    api_writes: Rate = _setting("5/20", "what one token may write", "a second / at once; 0: no limit", "API")
    api_address: Rate = _setting("100/300", "what one address may ask", "a second / at once; 0: no limit", "API")
    api_body_mb: int = _setting(64, "the largest body of measurements", "MiB", "API", gt=0)
    api_rows: int = _setting(2_000_000, "the most measurements in one request", "rows", "API", gt=0)

    webhook_networks: Words = _setting(
        (), "networks that webhooks may reach besides the public internet", "networks, by commas", "webhooks"
    )
    webhook_days: float = _setting(3, "how long a delivery is tried", "days", "webhooks", gt=0, lt=1000)
    webhook_seconds: float = _setting(10, "how long one try may take", "seconds", "webhooks", gt=0, lt=1000)

    backup_folder: Path | None = _setting(
        None, "where the server keeps backups that it makes by itself; none: it makes none", part="backups"
    )
    backup_schedule: str = _setting("30 2 * * *", "when it makes one, by the server's clock", "cron line", "backups")
    backup_keep: int = _setting(14, "how many of them are kept", "backups", "backups", ge=1)

    log_format: LogFormat = _setting(
        LogFormat.WORDS, "words for people, json for programs: one object a line", part="watching"
    )
    log_level: LogLevel = _setting(
        LogLevel.INFO, "from which weight on something of ours is a line of the log", part="watching"
    )
    metrics_token: SecretStr | None = _setting(
        None, "with this bearer token `/metrics` answers from elsewhere, too", part="watching", min_length=16
    )


def is_secret(name: str) -> bool:
    """Return whether a setting may never be shown, and may be read from a file."""
    return "SecretStr" in str(Settings.model_fields[name].annotation)


def variable(name: str) -> str:
    """Return the name of a setting in the environment."""
    return PREFIX + name.upper()
