"""`python -m kpiflow` is the command `kpiflow`."""

from kpiflow.cli.main import run

if __name__ == "__main__":
    run()
