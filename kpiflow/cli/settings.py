"""The command that shows every setting as it holds, and where it came from."""

from kpiflow.cli.options import Format, FormatOption
from kpiflow.cli.showing import write
from kpiflow.web.settings.loading import shown


def settings(*, form: FormatOption = Format.TABLE) -> None:
    """Show every setting as it holds now, and whether it came from the environment, a file, or is the default.

    Secrets are shown as stars. What each setting means stands in docs/reference/settings.md.
    """
    rows = [{"setting": one.name, "value": one.value, "from": one.file or one.origin.value} for one in shown()]
    write(rows, form, ["setting", "value", "from"])
