"""Show on a terminal how far long work is; where nobody watches, nothing is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

screen = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
"""Where messages for people go: standard error, so that findings can go to standard output."""

_PART = re.compile(r"part (\d+) of (\d+)")


def show_progress(results: Iterable, total: int | None) -> Iterator:
    """Pass results on and show how many there are, at what rate, and the time left.

    Parameters
    ----------
    results : iterable
        Read as they are needed.
    total : int or None
        How many there will be, if known.

    Yields
    ------
    object
        Each result.
    """
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as progress:
        task = progress.add_task("", total=total, rate="")
        for number, result in enumerate(results, start=1):
            yield result
            if number % 100 == 0 or number == total:
                speed = progress.tasks[0].speed or progress.tasks[0].finished_speed
                rate = f"{speed:,.0f} notes/s" if speed else ""
                progress.update(task, completed=number, rate=rate)


@contextmanager
def show_stages() -> Iterator[Callable[[str], None]]:
    """Show the stage that work is at, and a bar where stages say ``part 2 of 4``.

    Yields
    ------
    callable
        To be called with the name of every stage as it begins.
    """
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def tell(stage: str) -> None:
            part = _PART.search(stage)
            if part:
                at, total = map(int, part.groups())
                progress.update(task, completed=at - 1, total=total)
            progress.update(task, description=stage)

        yield tell
