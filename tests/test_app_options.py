"""A bare ``streamlit run app.py`` is as private as ``unheard app``."""

import tomllib
from pathlib import Path

from review.options import STREAMLIT_OPTIONS, make_flags

CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"


def flatten(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value).lower() if isinstance(value, bool) else value


def test_configuration_file_says_the_same_as_the_flags():
    assert dict(flatten(tomllib.loads(CONFIG.read_text()))) == STREAMLIT_OPTIONS


def test_page_stays_on_this_machine_and_sends_nothing():
    flags = make_flags()
    assert "--server.address=127.0.0.1" in flags
    assert "--browser.gatherUsageStats=false" in flags
    assert "--client.showErrorDetails=none" in flags
