"""A bar on stderr for work that takes a while: what is being done, the share that is done, and the time it has taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kpiflow.cli.showing import STDERR
from kpiflow.language import Message, render


@contextmanager
def shown(lang: str) -> Iterator[Callable[[Message, float], None]]:
    """Give what hears of progress, from 0 to 1, and show it as a bar while the block runs."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=STDERR) as bar:
        task = bar.add_task("", total=1.0)

        def heard(message: Message, done: float) -> None:
            bar.update(task, description=render(message, lang), completed=done)

        yield heard
