"""The settings page, from the model: each with its name in the file and the environment, its unit, default and meaning."""

from docs.writing.markdown import code, table
from kpiflow.web.settings.loading import as_text
from kpiflow.web.settings.model import Settings, is_secret, variable

HEAD = """What is set in the environment comes first, then the settings file, then the default; an option of a command comes before
all. The file is TOML: the one named with `kpiflow --settings FILE` or `KPIFLOW_SETTINGS`, else `kpiflow.toml` where the program
is started. A table names what stands in it, so these two say the same:

```toml
webhook_days = 5

[webhook]
days = 5
```

A name that there is not is refused, with the nearest that there is. `kpiflow settings` shows what holds and where it came from.
Secrets are never shown, and can be read from a file: `KPIFLOW_OIDC_CLIENT_SECRET_FILE=/run/credentials/kpiflow/oidc`, or
`oidc_client_secret_file` in the settings file."""


def page() -> str:
    """Return every setting, by what it is about."""
    parts: dict[str, list[tuple[str, ...]]] = {}
    for name, field in Settings.model_fields.items():
        about = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        meaning = f"{field.description}; secret" if is_secret(name) else str(field.description)
        row = (code(name), code(variable(name)), str(about.get("unit") or ""), code(as_text(field.default)), meaning)
        parts.setdefault(str(about.get("part")), []).append(row)
    head = ("setting", "environment", "unit", "default", "means")
    sections = [f"## {part[0].upper()}{part[1:]}\n\n{table(head, rows)}" for part, rows in parts.items()]
    return "\n\n".join([HEAD, *sections])
