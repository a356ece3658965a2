"""Which screens there are, for whom."""

import pytest
from streamlit import net_util
from streamlit.web.server.server_util import is_url_from_allowed_origins
from typer.testing import CliRunner

from app import FOR_TRAINEES, PRACTICE, choose_places
from cli import app as command
from review.offline import ask_nobody
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


@pytest.mark.parametrize(
    ("address", "served"), [("192.168.1.20", "192.168.1.20"), ("training-pc.local", "0.0.0.0")]
)
def test_the_address_is_the_only_option_that_changes(address, served):
    here, there = make_flags(), make_flags(address)
    assert [flag for flag in here if flag not in there] == ["--server.address=127.0.0.1"]
    assert [flag for flag in there if flag not in here] == [
        f"--server.address={served}",
        f"--browser.serverAddress={address}",
    ]


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_an_address_that_stands_for_all_is_refused(address):
    with pytest.raises(ValueError, match="is no address that a browser can ask for; give the name"):
        make_flags(address)


def test_nobody_is_asked_which_address_this_machine_has(monkeypatch):
    asked = []
    monkeypatch.setattr(
        net_util, "_make_blocking_http_get", lambda *given, **more: asked.append(given)
    )
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    ask_nobody()
    assert not is_url_from_allowed_origins("http://elsewhere.example")
    assert asked == []
