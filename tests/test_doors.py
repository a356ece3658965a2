"""Which screens there are, for whom."""

import pytest
from typer.testing import CliRunner

from app import FOR_TRAINEES, PRACTICE, choose_places
from cli import app as command
from review.options import make_flags

PLACES = {name: name for name in (*FOR_TRAINEES, *PRACTICE)} | {
    name: name
    for name in (
        *("open", "read", "projects", "review", "cases", "missed", "samples", "agreement"),
        *("export", "guide", "models"),
    )
}


def test_trainees_reach_no_project_and_no_exercise_with_its_reference():
    assert choose_places(PLACES, is_practice=True, room=None) == {
        "": ["practise", "gallery", "guide"]
    }


def test_practice_is_at_hand_with_and_without_a_project():
    for room in (None, object()):
        places = choose_places(PLACES, is_practice=False, room=room)
        assert places["Practice"] == ["exercises", "group", "practise", "gallery"]
    assert "review" in places[""]


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.4"])
def test_other_machines_reach_the_trainees_pages_alone(address):
    result = CliRunner().invoke(command, ["app", "--address", address, "--no-browser"])
    assert result.exit_code == 2
    assert "--address needs --practice" in result.output


def test_the_address_is_the_only_option_that_changes():
    here, there = make_flags(), make_flags("0.0.0.0")
    assert [flag for flag in here if flag not in there] == ["--server.address=127.0.0.1"]
    assert [flag for flag in there if flag not in here] == ["--server.address=0.0.0.0"]
