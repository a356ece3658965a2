"""The screens of what was missed, of samples and of second readers, as a person uses them."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from test_missed import mark, say

from classifier.cells import safe_row
from classifier.note import Mark
from review.decision_log import read_reading
from review.drawing import draw_dip, draw_random, plan_and_draw_elusion
from review.projects import create_project, join
from review.queue import list_queues
from review.queues import read_drawn
from review.second import draw_second
from review.settings import Settings
from review.store import open_store
from review.tables import decision
from tests.notes_in_store import add_note

TEXT = "He checks her phone and keeps <b>the</b> money."
NAME = "<i>North*"
PAGE = """
import streamlit as st
from review.pages import {page}
from review.projects import read_project
from review.room import Room
from review.store import open_store
store = open_store({url!r})
st.session_state["room"] = Room(
    store=store, project=read_project(store, {project}), reader={reader!r}, role={role!r}
)
{page}.show()
store.close()
"""


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "review.db")
    yield opened
    opened.close()


@pytest.fixture
def project(store):
    settings = Settings(minimum_count=1, no_action_values=("nfa",))
    made = create_project(store, "One", by="Ann", settings=settings)
    join(store, made.id, "Beth")
    return made


@pytest.fixture
def notes(store, project):
    """Six notes, four of them read, two with evidence; nobody flagged the first."""
    ids = [
        add_note(
            store,
            project.id,
            f"n{at}",
            TEXT,
            team=NAME if at % 2 else "South",
            handler="=H1",
            received=f"2024-0{at + 1}-04",
            da_flag="Y" if at else "N",
            case_ref="P1",
        )
        for at in range(6)
    ]
    mark(store, project, ids[0])
    mark(store, project, ids[1])
    mark(store, project, ids[1], "dismissive_response")
    for id in ids[:4]:
        say(store, project, id, "outcome", answer="missed" if id in ids[:2] else "none")
        say(store, project, id, "done")
    return ids


def open_page(store, project, page, reader="Ann", role="lead"):
    script = PAGE.format(
        page=page,
        url=store.engine.url.render_as_string(),
        project=project.id,
        reader=reader,
        role=role,
    )
    shown = AppTest.from_string(script, default_timeout=60).run()
    assert not shown.exception
    return shown


def texts(shown):
    return [one.value for one in shown.text]


def tables(shown):
    return "".join(one.proto.body for one in shown.get("html"))


def test_missed_page_counts_among_notes_read_without_a_share(store, project, notes):
    shown = open_page(store, project, "missed")
    assert shown.warning[0].value.startswith("**Counts among notes read.**")
    assert texts(shown)[0] == (
        "Of 2 notes read with confirmed evidence, not flagged as domestic abuse: 1. "
        "Most in number: Surveillance and monitoring: 1 of 2."
    ).replace("Surveillance and monitoring", title_of("monitoring"))
    assert "share" not in tables(shown)


def title_of(label):
    from classifier.labels import load_labels

    return load_labels()[label].title


def test_missed_page_gives_shares_of_a_draw(store, project, notes):
    draw_random(store, project.id, 6, seed=1, by="Ann")
    for id in notes[4:]:
        say(store, project, id, "done")
    shown = open_page(store, project, "missed")
    shown.selectbox(key="missed_notes").select_index(1).run()
    assert texts(shown)[0].startswith(
        "Of 2 drawn notes with confirmed evidence, not flagged as domestic abuse: 1, 50.0% "
        "(95 % interval 1.3% to 98.7%)."
    )
    assert shown.info[0].value.startswith("**A random sample.** 6 of 6 notes drawn were read")


def test_missed_page_shows_names_of_a_file_as_text(store, project, notes):
    shown = open_page(store, project, "missed")
    shown.selectbox(key="missed_by").set_value("team").run()
    assert "&lt;i&gt;North*" in tables(shown)
    assert NAME not in tables(shown)
    assert TEXT not in tables(shown)


def test_missed_page_filters(store, project, notes):
    shown = open_page(store, project, "missed")
    shown.multiselect(key="missed_teams").set_value(["South"]).run()
    assert texts(shown)[0].startswith(
        "Of 1 notes read with confirmed evidence, not flagged as domestic abuse: 1."
    )
    assert not shown.exception


def test_missed_page_says_what_cannot_be_told(store, project, notes):
    shown = open_page(store, project, "missed")
    shown.selectbox(key="missed_what").set_value("not_graded").run()
    assert texts(shown)[0].startswith("no note of this project has a value for 'risk'")


def test_handlers_are_offered_to_those_who_may_see_them(store, project, notes):
    offered = {
        role: open_page(store, project, "missed", role=role).selectbox(key="missed_by").options
        for role in ("lead", "reviewer")
    }
    assert ("Handler" in offered["lead"], "Handler" in offered["reviewer"]) == (True, False)


def test_missed_page_of_nothing_read_says_so(store, project):
    shown = open_page(store, project, "missed")
    assert shown.info[0].value == "Nobody has finished a note yet. Read some, and come back."


def test_download_keeps_formulas_out():
    assert safe_row(("=1+1", "-x", "a", -1)) == ["'=1+1", "'-x", "a", -1]


def test_samples_page_plans_and_draws_an_elusion_sample(store, project, notes):
    shown = open_page(store, project, "samples")
    shown.number_input(key="elusion_at_most").set_value(50.0)
    shown.number_input(key="elusion_level").set_value(60.0).run()
    assert shown.info[0].value == (
        "Read 1 of the 2 unread notes, drawn at random. If none of them holds evidence, at most "
        "50 % of the unread notes (1) do, at 60 % confidence."
    )
    shown.number_input(key="elusion_seed").set_value(3)
    shown.button(key="draw_elusion").click().run()
    assert not shown.exception
    assert shown.success[0].value == "Drawn. It is listed below and among the queues."
    (made,) = (one for one in list_queues(store, project.id) if one.kind == "elusion")
    assert (made.seed, made.n_notes, made.by) == (3, 1, "Ann")


def test_samples_page_follows_each_kind_of_sample(store, project, notes):
    elusion = plan_and_draw_elusion(store, project.id, None, 0.5, level=0.6, by="Ann", seed=0)
    draw_random(store, project.id, 6, seed=1, by="Ann")
    draw_dip(store, project.id, 1, by="Ann", seed=1)
    draw_second(store, project.id, 0.5, ["Beth"], by="Ann", seed=1)
    with store.read() as connection:
        drawn = read_drawn(connection, elusion)
    assert [one.value for one in open_page(store, project, "samples").success] == []
    for id in notes[4:]:
        say(store, project, id, "done")
    shown = open_page(store, project, "samples")
    assert len(drawn) == 1
    assert shown.success[0].value.startswith(
        "Of 1 notes drawn at random from 2 unread ones, readers found evidence in 0"
    )
    assert (
        "Of the first 6 notes in the order drawn, 2 hold confirmed evidence: 33.3% (95 % interval "
        "4.3% to 77.7%)."
    ) in texts(shown)
    assert "2024-01" in tables(shown)


def test_samples_that_cannot_be_drawn_are_refused_in_words(store, project, notes):
    shown = open_page(store, project, "samples")
    shown.number_input(key="random_n").set_value(100).run()
    shown.button(key="draw_random").click().run()
    assert shown.error[0].value == "This sample could not be drawn."
    assert "100 notes cannot be drawn from 6" in texts(shown)


def test_reviewer_draws_nothing(store, project, notes):
    shown = open_page(store, project, "samples", reader="Beth", role="reviewer")
    assert [one.label for one in shown.button] == []


@pytest.fixture
def twice(store, project, notes):
    queue_id = draw_second(store, project.id, 1, ["Beth"], by="Ann", seed=1)
    for id in notes[:4]:
        if id == notes[1]:
            mark(store, project, id, reader="Beth")
        outcome = "missed" if id in notes[:2] else "none"
        say(store, project, id, "outcome", answer=outcome, reader="Beth", queue_id=queue_id)
        say(store, project, id, "done", reader="Beth", queue_id=queue_id)
    return queue_id


def test_agreement_page_gives_figures_of_each_label(store, project, notes, twice):
    shown = open_page(store, project, "agreement")
    assert "4 notes read by two, as each first finished them: Ann (4), Beth (4)." in texts(shown)
    found = tables(shown)
    assert all(words in found for words in ("Krippendorff", "Cohen", title_of("monitoring")))
    assert "2 notes differ, 2 of them not settled." in texts(shown)
    assert "<b>" not in found


def test_lead_settles_on_the_page(store, project, notes, twice):
    shown = open_page(store, project, "agreement")
    note_id = shown.session_state["differing"]
    key = f"settle_{note_id}"
    shown.button[-1].click().run()
    assert shown.warning[0].value == ("Say of each phrase whose stands; nothing was written.")
    for radio in shown.radio:
        radio.set_value(0)
    shown.selectbox(key=f"{key}_outcome").set_value("missed")
    shown.button[-1].click().run()
    assert not shown.exception
    assert shown.success[0].value == "Settled. Both readings stay in the history."
    with store.read() as connection:
        rows = select(decision.c.note_id, decision.c.reader).where(decision.c.kind == "final")
        assert [tuple(row) for row in connection.execute(rows)] == [(note_id, "Ann")]
    final = read_reading(store, note_id, "Ann")
    assert final.is_final
    assert Mark(3, 19, "monitoring") in {one.mark for one in final.marks}


def test_reviewer_sees_differences_and_settles_nothing(store, project, notes, twice):
    shown = open_page(store, project, "agreement", reader="Beth", role="reviewer")
    assert shown.radio.len == 0
    assert "A lead of the project settles differences." in [one.value for one in shown.caption]


def test_lead_settles_what_two_happened_to_read_differently(store, project, notes):
    say(store, project, notes[0], "done", reader="Beth")
    for reader, role in (("Beth", "reviewer"), ("Ann", "lead")):
        shown = open_page(store, project, "agreement", reader=reader, role=role)
        heads = [one.value for one in shown.header]
        assert heads == (["Read differently outside second readings"] if role == "lead" else [])
    assert texts(shown)[0].startswith("1 note read by two or more who differ, and nobody has")
    shown.radio[0].set_value(1)
    shown.button[-1].click().run()
    assert shown.success[0].value == "Settled. Both readings stay in the history."
    assert "None that is not settled." in [one.value for one in shown.markdown]
    with store.read() as connection:
        rows = select(decision.c.note_id, decision.c.reader, decision.c.queue_id)
        final = connection.execute(rows.where(decision.c.kind == "final")).all()
    assert [tuple(row) for row in final] == [(notes[0], "Ann", None)]


def test_agreement_page_without_second_readers_says_so(store, project):
    shown = open_page(store, project, "agreement")
    assert shown.info[0].value == (
        "No notes have gone to second readers yet. A lead draws them on Samples."
    )
