"""The command line, from the commands themselves: what each does, what it takes."""

from enum import Enum
from typing import Any

import typer.main

from docs.writing.markdown import code, table


def page() -> str:
    """Return every command with its arguments and options."""
    from kpiflow.cli.main import app

    root = typer.main.get_command(app)
    found = [
        "Results go to stdout, narration and progress to stderr. `--store PATH` or the variable `KPIFLOW_STORE` names the store.",
        *_sections(root, "kpiflow"),
    ]
    return "\n\n".join(found)


def _sections(command: Any, name: str) -> list[str]:
    """Return a section for a command, or for each command of a group."""
    inner = getattr(command, "commands", None)
    if inner:
        return [part for word in sorted(inner) for part in _sections(inner[word], f"{name} {word}")]
    help_ = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    takes = [_row(param) for param in command.params if param.name != "help" and not getattr(param, "hidden", False)]
    usage = " ".join([name, *(row[0].strip("`") for row in takes if not row[0].startswith("`-"))])
    body = [f"## {name}", help_, f"```sh\n{usage}\n```"]
    return [*body, table(("argument or option", "when left out", "meaning"), takes)] if takes else body


def _row(param: Any) -> tuple[str, str, str]:
    """Return name, default and meaning of one argument or option."""
    if param.param_type_name == "argument":
        word = (param.metavar or param.name or "").upper().strip("[]")
        name = word if param.required else f"[{word}]"
        name += "…" if param.nargs == -1 and not name.rstrip("]").endswith(("…", "...")) else ""
    else:
        name = ", ".join([*param.opts, *param.secondary_opts])
        if not param.is_flag:
            name += f" {(param.metavar or param.name or '').upper()}"
    shown = param.default
    if callable(shown) or shown in (None, False, (), []):
        shown = "required" if param.required else ""
    meaning = getattr(param, "help", None) or ""
    if isinstance(shown, Enum):
        meaning += f" One of {', '.join(code(choice.value) for choice in type(shown))}."
        shown = shown.value
    return code(name), "required" if shown == "required" else code(shown), meaning
