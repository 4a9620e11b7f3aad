"""The command as a person types it, run in this process: a process of its own spends most of its time on what it imports."""

import io
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from kpiflow.cli.main import run

#: What a process of its own is started with: tests of the process itself, its terminal or its end.
CALL = (sys.executable, "-c", "from kpiflow.cli.main import run; run()")


def typed(
    *arguments: str, folder: Path, stdin: str = "", code: int = 0, environment: dict[str, str] | None = None
) -> CompletedProcess[str]:
    """Run the command in a folder, nobody at the terminal; the exit code must be the one expected.

    The environment is the one given, or ours, and afterwards as it was. What the command did not foresee fails the test.
    """
    ended, out, err = 0, io.StringIO(newline=""), io.StringIO(newline="")
    bare = os.environ if environment is None else environment
    with (
        chdir(folder),
        patch.dict(os.environ, dict(bare), clear=True),
        patch.object(sys, "stdin", io.StringIO(stdin)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            run(arguments)
        except SystemExit as said:
            ended = said.code if isinstance(said.code, int) else int(said.code is not None)
    done = CompletedProcess(arguments, ended, out.getvalue(), err.getvalue())
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done
