"""Secrets: taken from the environment when a source is asked, and taken out of whatever is said or kept afterwards."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from kpiflow.core.live_source import SECRET, LiveSource
from kpiflow.errors import InvalidInput
from kpiflow.language import msg


def secret(name: str) -> str:
    """Return the secret of a name: the variable itself, or what stands in the file that `<name>_FILE` names.

    Raises InvalidInput when neither is set, or the file cannot be read.
    """
    if given := os.environ.get(name):
        return given
    file = os.environ.get(f"{name}_FILE")
    if not file:
        raise InvalidInput(
            msg(
                "The secret {name} is not set. Set the environment variable {name}, or {name}_FILE to a file.",
                name=name,
            )
        )
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(msg("The file that {name}_FILE names cannot be read.", name=name)) from error


def filled(text: str, written: Callable[[str], str] = str) -> str:
    """Return a text with its ${NAME} replaced by the secrets, each passed through `written`; raises InvalidInput."""
    return SECRET.sub(lambda match: written(secret(match["name"])), text)


def filled_address(address: str) -> str:
    """Return an address with its secrets; one that stands for a part is written as addresses write it."""
    whole = SECRET.fullmatch(address) is not None
    return filled(address, str if whole else lambda text: quote(text, safe=""))


def scrubbed(text: str, source: LiveSource) -> str:
    """Return what was said about a source in one line, without any of its secrets."""
    for name in source.secrets():
        try:
            known = secret(name)
        except InvalidInput:
            continue
        parts = [known, quote(known, safe="")]
        if "://" in known:  # a whole address: its password is said alone, too
            parts += [part for part in known.split("://", 1)[1].partition("@")[0].split(":") if part]
        for part in sorted(set(parts), key=len, reverse=True):
            if part:
                text = text.replace(part, "…")
    return " ".join(text.split())[:300]
