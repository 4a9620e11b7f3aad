"""The command `kpiflow`: one function per command, each a question or a change asked of the workspace."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kpiflow.cli.appeals import appeal
from kpiflow.cli.calibration import calibrate, distribution
from kpiflow.cli.cascade import change, reconcile, split
from kpiflow.cli.check_ins import check_in, check_ins
from kpiflow.cli.closing import close, closings, reopen
from kpiflow.cli.company import apply, check, export, init, schema
from kpiflow.cli.cycle import cycle
from kpiflow.cli.fairness import fairness
from kpiflow.cli.goals import goal
from kpiflow.cli.hindsight import timeline, verify
from kpiflow.cli.intake import intake, template
from kpiflow.cli.letters import letter
from kpiflow.cli.openapi import openapi
from kpiflow.cli.pay import pay
from kpiflow.cli.payroll import payroll
from kpiflow.cli.plans import plan
from kpiflow.cli.proposals import answer, proposals, propose
from kpiflow.cli.reviews import review
from kpiflow.cli.rights import who
from kpiflow.cli.safekeeping import backup, import_, restore
from kpiflow.cli.scenarios import scenario
from kpiflow.cli.scores import appraise, explain, score
from kpiflow.cli.serving import demo, serve
from kpiflow.cli.settings import settings
from kpiflow.cli.showing import put, say
from kpiflow.cli.sources import source
from kpiflow.cli.store import journal, load
from kpiflow.cli.tokens import token
from kpiflow.cli.users import user
from kpiflow.cli.webhooks import webhook
from kpiflow.errors import ConfigurationError, KPIFlowError
from kpiflow.language import msg
from kpiflow.web.settings.loading import load as load_settings
from kpiflow.workspace import FAILURES

app = typer.Typer(
    name="kpiflow",
    help="Targets flow down, results flow up, pay follows the rules, and every number can say why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

#: Every command, in the order a newcomer needs them.
COMMANDS = (
    demo, init, check, apply, load, source, intake, template, score, explain, appraise, reconcile, split, change, goal, propose,
    proposals, answer,
    check_in, check_ins, close, reopen, closings, cycle, fairness, plan, pay, payroll, letter, scenario, review, calibrate,
    distribution, appeal, who, user, token, webhook, serve, openapi, export, schema, timeline, verify, journal, backup, restore,
    import_, settings,
)  # fmt: skip

#: What fails outside the program: a folder that may not be written, a full disk, a damaged store.
OUTSIDE: tuple[type[Exception], ...] = (OSError, *FAILURES)


@app.callback()
def _first(
    settings_file: Annotated[
        Path | None, typer.Option("--settings", envvar="KPIFLOW_SETTINGS", help="The settings file, in TOML.")
    ] = None,
) -> None:
    load_settings(settings_file)


for _command in COMMANDS:
    if isinstance(_command, typer.Typer):
        app.add_typer(_command)
    else:
        app.command(_command.__name__.strip("_").replace("_", "-"))(_command)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error that KPIFlow raises on purpose ends in one clear sentence and exit code 1."""
    if arguments is None:
        # The process is ours: stores with their logs, backups, rejects and exports hold pay, so no other login reads them.
        os.umask(0o077)
    try:
        app(args=None if arguments is None else list(arguments))
    except ConfigurationError as error:
        for problem in error.problems:
            put(f"{problem}\n")
        say(error.message, style="red")
        sys.exit(1)
    except KPIFlowError as error:
        say(error.message, style="red")
        sys.exit(1)
    except OUTSIDE as error:
        say(msg("This could not be done: {said}", said=str(error).splitlines()[0]), style="red")
        sys.exit(1)
