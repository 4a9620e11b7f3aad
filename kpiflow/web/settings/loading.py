"""Reading the settings file and the environment, refusing what nobody meant, and saying where each value came from.

What the file says is put into the environment where that does not say otherwise: everything that reads a setting then reads it
in one place, whoever wrote it.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr, ValidationError

from kpiflow.errors import InvalidInput, suggest
from kpiflow.language import msg
from kpiflow.web.settings.model import PREFIX, Settings, is_secret, variable

#: The settings file that is read without being named, in the folder the program is started in.
HERE = Path("kpiflow.toml")

#: Where the file is named, and what else is ours in the environment and no setting.
FILE, OTHERS = f"{PREFIX}SETTINGS", ("CHROMIUM",)

#: How near an unknown name of the environment must be to a known one to be a slip of the hand.
SLIP = 0.85

#: Which variables were set from a settings file, and from which.
_from_file: dict[str, str] = {}


class Origin(StrEnum):
    """Where a value came from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True)
class InForce:
    """A setting as it holds: its name, its value as text (a secret masked), where it came from, and from which file."""

    name: str
    value: str
    origin: Origin
    file: str | None = None


def load(file: Path | None = None, environment: MutableMapping[str, str] = os.environ) -> None:
    """Put what the settings file says into the environment, where that is silent; raises InvalidInput with the reason.

    The file is the one given, or named in KPIFLOW_SETTINGS, or kpiflow.toml where the program was started.
    """
    named = file or (Path(environment[FILE]) if environment.get(FILE) else None)
    _no_slips(environment)
    path = named or HERE
    if named is not None and not named.is_file():
        raise InvalidInput(msg("There is no settings file at {path}.", path=str(named)))
    if path.is_file():
        for name, text in _written(path).items():
            if not environment.get(name, "").strip() and not environment.get(f"{name}_FILE"):
                environment[name] = text
                _from_file[name] = str(path)
    for name in [one for one in Settings.model_fields if is_secret(one)]:
        _secret(name, environment)


def in_force() -> Settings:
    """Return the settings as they hold; raises InvalidInput naming the one that cannot be taken, never its value."""
    try:
        return Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0])
        place = _from_file.get(variable(name))
        said = str(first["msg"]).removeprefix("Value error, ")
        if place:
            raise InvalidInput(
                msg("{file}: {name} cannot be taken: {said}.", file=place, name=name, said=said)
            ) from None
        raise InvalidInput(msg("{name} cannot be taken: {said}.", name=variable(name), said=said)) from None


def shown(environment: Mapping[str, str] = os.environ) -> list[InForce]:
    """Return every setting as it holds, in the order they are written down; raises as `in_force`."""
    settings = in_force()
    found = []
    for name in Settings.model_fields:
        word, value = variable(name), getattr(settings, name)
        set_ = bool(environment.get(word, "").strip())
        origin = Origin.DEFAULT if not set_ else Origin.FILE if word in _from_file else Origin.ENVIRONMENT
        found.append(InForce(name, as_text(value), origin, _from_file.get(word) if set_ else None))
    return found


def as_text(value: object) -> str:
    """Return a value as it is written in a file, a secret as stars."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _written(path: Path) -> dict[str, str]:
    """Return what a settings file says, by the names of the environment; raises InvalidInput for what it may not say."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as problem:
        raise InvalidInput(msg("{file} cannot be read: {said}.", file=str(path), said=str(problem))) from problem
    known = {*Settings.model_fields, *(f"{name}_file" for name in Settings.model_fields if is_secret(name))}
    found = {}
    for name, value in _flat(content):
        if name not in known:
            near = suggest(name, known)
            if near:
                raise InvalidInput(
                    msg(
                        "{file}: there is no setting '{name}'. Did you mean '{near}'?",
                        file=str(path),
                        name=name,
                        near=near,
                    )
                )
            raise InvalidInput(
                msg("{file}: there is no setting '{name}'. `kpiflow settings` lists them.", file=str(path), name=name)
            )
        found[variable(name)] = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return found


def _flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """Yield name and value; what stands in a table is named after it: `[webhook] days` is webhook_days."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}_")
        else:
            yield before + name, value


def _no_slips(environment: Mapping[str, str]) -> None:
    """Raise InvalidInput for a name that is nearly one of ours; what is further off may belong to somebody else."""
    known = {variable(name) for name in Settings.model_fields}
    ours = known | {f"{one}_FILE" for one in known} | {FILE} | {PREFIX + one for one in OTHERS}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in ours:
            near = max(known, key=lambda one: SequenceMatcher(None, name, one).ratio())
            if SequenceMatcher(None, name.removeprefix(PREFIX), near.removeprefix(PREFIX)).ratio() >= SLIP:
                raise InvalidInput(
                    msg("The environment sets {name}, which is no setting. Did you mean {near}?", name=name, near=near)
                )


def _secret(name: str, environment: MutableMapping[str, str]) -> None:
    """Read a secret from the file that is named for it, unless it is given itself."""
    word = variable(name)
    file = environment.get(f"{word}_FILE")
    if not file or environment.get(word, "").strip():
        return
    try:
        environment[word] = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as problem:
        raise InvalidInput(
            msg("{name}_FILE names {file}, which cannot be read: {said}.", name=word, file=file, said=str(problem))
        ) from problem
    _from_file[word] = file
