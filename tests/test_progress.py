import io

import pytest
from rich.console import Console

from training import progress
from training.progress import show_progress, show_stages


@pytest.fixture(params=[True, False])
def screen(request, monkeypatch):
    """A screen that somebody watches, and one that is a file."""
    console = Console(file=io.StringIO(), force_terminal=request.param, width=100)
    monkeypatch.setattr(progress, "screen", console)
    return console


def test_stages_are_shown_only_where_somebody_watches(screen):
    with show_stages() as tell:
        tell("scoring")
        tell("part 2 of 4: held-out part 1 of 4")
    shown = screen.file.getvalue()
    assert ("part 2 of 4: held-out part 1 of 4" in shown) == screen.is_terminal
    assert bool(shown.strip()) == screen.is_terminal


def test_results_pass_through_unchanged(screen):
    assert list(show_progress(iter(range(250)), 250)) == list(range(250))
    assert ("250/250" in screen.file.getvalue()) == screen.is_terminal
