"""What was missed, counted by hand: twelve notes in one project, on both databases."""

from dataclasses import replace

import pytest

from review.decision_log import record, undo
from review.decisions import Decision
from review.drawing import draw_dip, draw_random
from review.missed import (
    NO_OUTCOME,
    Followed,
    count_outcomes,
    find_followed,
    keep_only,
    measure_missed,
)
from review.projects import change_settings, create_project, read_project
from review.queues import read_drawn
from review.settings import Settings
from review.settled import (
    COLUMNS,
    NOT_GIVEN,
    ReadNote,
    ReadNotes,
    read_everything_read,
    read_sample,
)
from review.small_counts import Rate, Row
from tests.notes_in_store import add_finding, add_note, add_run

TEXT = "He checks her phone and keeps the money."
SHOWN = Settings(minimum_count=1, no_action_values=("NFA",))


def say(store, project, note_id, *kinds, reader="Ann", **parts):
    """Mark monitoring in a note, or say what is given, and finish it."""
    rows = [Decision(project.id, note_id, reader, kind, **parts) for kind in kinds]
    return record(store, rows)


def mark(store, project, note_id, label="monitoring", *, reader="Ann", context="affirmed"):
    parts = {"start": 3, "end": 19, "label": label, "context": context}
    record(store, [Decision(project.id, note_id, reader, "mark", **parts)])


@pytest.fixture
def project(store):
    return create_project(store, "One", by="Ann", settings=SHOWN)


@pytest.fixture
def three(store, project):
    """Evidence in two of three notes read, one flagged; a fourth nobody has read."""
    facts = {"team": "North", "handler": "H1", "received": "2024-07-04T10:00:00"}
    ids = [
        add_note(store, project.id, "a", TEXT, da_flag="Y", risk="High", closing="NFA", **facts),
        add_note(store, project.id, "b", TEXT, da_flag="N", closing="nfa ", **facts),
        add_note(store, project.id, "c", TEXT, team="South", received="soon"),
        add_note(store, project.id, "d", TEXT, team="South"),
    ]
    for id in ids[:2]:
        mark(store, project, id)
    for id in ids[:3]:
        say(store, project, id, "done")
    return ids


def hits(found):
    return {name: (one.hits, one.n) for name, one in found.groups.items()}


def of(id, labels="", outcome=None, **facts):
    """A note as it was read."""
    common = {"flagged": False, "graded": False, "no_action": False, "received": None}
    names = dict.fromkeys(("team", "call_type", "month", "handler"), NOT_GIVEN)
    labels = frozenset(labels.split())
    return ReadNote(id, labels, outcome, **{**common, **names, "case_ref": None, **facts})


def all_read(*notes, queue_id=None):
    return ReadNotes(notes, queue_id, len(notes), 0, frozenset(COLUMNS))


def test_notes_read_are_told_with_what_the_export_says(store, project, three):
    found = read_everything_read(store, project)
    facts = {"team": "North", "handler": "H1", "month": "2024-07", "no_action": True}
    facts |= {"received": "2024-07-04T10:00:00"}
    assert found == ReadNotes(
        (
            of(three[0], "monitoring", flagged=True, graded=True, **facts),
            of(three[1], "monitoring", **facts),
            of(three[2], team="South", received="soon"),
        ),
        queue_id=None,
        drawn=3,
        ahead=0,
        columns=frozenset(COLUMNS) - {"call_type"},
    )


def test_counts_among_notes_read_have_no_share(store, project, three):
    found = measure_missed(read_everything_read(store, project), "not_flagged", "team", SHOWN)
    one_of_two = Rate(1, 2, None, None, None)
    assert (found.is_sample, dict(found.groups), found.of_all) == (
        False,
        {"North": one_of_two},
        one_of_two,
    )


def test_each_question_counts_its_own_column(store, project, three):
    read = read_everything_read(store, project)
    counts = {
        what: measure_missed(read, what, "team", SHOWN).of_all.hits
        for what in ("not_flagged", "not_graded", "no_action")
    }
    assert counts == {"not_flagged": 1, "not_graded": 1, "no_action": 2}


def test_notes_of_a_draw_give_a_share_with_its_interval(store, project, three):
    queue_id = draw_random(store, project.id, 4, seed=0, by="Ann")
    say(store, project, three[3], "done")
    found = measure_missed(read_sample(store, project, queue_id), "not_flagged", "month", SHOWN)
    assert found.is_sample
    assert found.of_all == found.groups["2024-07"]
    assert (found.of_all.hits, found.of_all.n, found.of_all.share) == (1, 2, 0.5)
    assert (round(found.of_all.low, 4), round(found.of_all.high, 4)) == (0.0126, 0.9874)


def test_draw_counts_up_to_the_first_note_that_nobody_has_read(store, project, three):
    queue_id = draw_random(store, project.id, 4, seed=0, by="Ann")
    found = read_sample(store, project, queue_id)
    with store.read() as connection:
        drawn = read_drawn(connection, queue_id)
    unread = drawn.index(three[3])
    assert [one.id for one in found.notes] == drawn[:unread]
    assert (found.drawn, found.ahead) == (4, 3 - unread)


def test_ranked_and_dip_queues_have_no_place_in_a_rate(store, project, three):
    dip = draw_dip(store, project.id, 1, by="Ann", seed=0)
    for queue_id, kind in ((project.ranked_queue, "ranked"), (dip, "dip")):
        with pytest.raises(ValueError, match="have no place in a rate") as error:
            read_sample(store, project, queue_id)
        assert str(error.value) == (
            f"queue {queue_id} is of kind '{kind}': its notes were not drawn at random from all "
            "notes and have no place in a rate; draw a random sample"
        )


def test_queue_of_another_project_is_refused(store, project, three):
    other = create_project(store, "Two", by="Ann")
    queue_id = draw_random(store, project.id, 1, seed=0, by="Ann")
    with pytest.raises(ValueError, match=f"project {other.id} has no queue {queue_id}"):
        read_sample(store, other, queue_id)


def test_first_finished_reading_counts_until_a_final_one(store, project):
    id = add_note(store, project.id, "a", TEXT, team="North")
    mark(store, project, id, reader="Beth")
    say(store, project, id, "done", reader="Ann")
    say(store, project, id, "done", reader="Beth")
    assert read_everything_read(store, project).notes[0].labels == frozenset()
    say(store, project, id, "done", reader="Ann", answer="open")
    assert read_everything_read(store, project).notes[0].labels == {"monitoring"}
    say(store, project, id, "final", reader="Cora")
    assert read_everything_read(store, project).notes[0].labels == frozenset()


def test_undone_finish_is_none(store, project):
    id = add_note(store, project.id, "a", TEXT)
    say(store, project, id, "done")
    undo(store, project_id=project.id, reader="Ann", note_id=id)
    assert read_everything_read(store, project).notes == ()


def test_only_evidence_recorded_as_happening_counts(store, project):
    id = add_note(store, project.id, "a", TEXT, da_flag="N")
    run = add_run(store, project.id)
    finding = add_finding(store, run, id, 24, 39, "economic_abuse")
    mark(store, project, id, context="negated")
    say(store, project, id, "answer", finding_id=finding, answer="dismiss")
    say(store, project, id, "done")
    found = read_everything_read(store, project)
    assert measure_missed(found, "not_flagged", "label", SHOWN).of_all.n == 0
    say(store, project, id, "answer", finding_id=finding, answer="accept")
    found = measure_missed(read_everything_read(store, project), "not_flagged", "label", SHOWN)
    assert hits(found) == {"economic_abuse": (1, 1)}


def test_notes_count_with_each_of_their_labels_once_in_the_total():
    read = all_read(of(1, "threats monitoring"), of(2, "threats", flagged=True))
    found = measure_missed(read, "not_flagged", "label", SHOWN, labels=("threats", "monitoring"))
    assert list(hits(found).items()) == [("threats", (1, 2)), ("monitoring", (1, 1))]
    assert found.of_all == Rate(1, 2, None, None, None)


def test_small_counts_are_not_shown_nor_left_to_subtraction():
    notes = [of(at, "threats", team="North") for at in range(2)]
    notes += [of(at, "threats", team="South") for at in range(2, 9)]
    notes += [of(at, "threats", team="West") for at in range(9, 29)]
    found = measure_missed(all_read(*notes), "not_flagged", "team", Settings())
    assert hits(found) == {"North": (None, None), "South": (None, None), "West": (20, 20)}
    assert (found.of_all.hits, found.of_all.n) == (29, 29)


def test_handlers_are_for_those_who_may_see_them():
    read = all_read(of(1, "threats", handler="H1"))
    assert hits(measure_missed(read, "not_flagged", "handler", SHOWN, role="lead")) == {
        "H1": (1, 1)
    }
    message = "figures by handler are for lead in this project, not for reviewer"
    for ask in (
        lambda: measure_missed(read, "not_flagged", "handler", SHOWN),
        lambda: count_outcomes(read, "handler", SHOWN),
    ):
        with pytest.raises(ValueError, match="handler") as error:
            ask()
        assert str(error.value) == message


@pytest.mark.parametrize(
    ("what", "by", "settings", "columns", "message"),
    [
        ("seen", "team", SHOWN, COLUMNS, "what must be one of not_flagged, not_graded, no_action"),
        ("not_flagged", "age", SHOWN, COLUMNS, "by must be one of label, team, call_type, month"),
        ("not_flagged", "team", SHOWN, (), "no note of this project has a value for 'da_flag'"),
        ("no_action", "team", Settings(), COLUMNS, "no closing code is known"),
    ],
)
def test_question_without_an_answer_is_refused(what, by, settings, columns, message):
    read = replace(all_read(of(1, "threats")), columns=frozenset(columns))
    with pytest.raises(ValueError, match=message):
        measure_missed(read, what, by, settings)


def test_settings_say_what_the_columns_mean(store, project, three):
    change_settings(store, project.id, SHOWN.model_copy(update={"flagged_values": ("n",)}))
    read = read_everything_read(store, read_project(store, project.id))
    assert [one.flagged for one in read.notes] == [False, True, False]


def test_filters_keep_a_draw_a_draw():
    read = all_read(of(1, team="A"), of(2, team="B", month="2024-07"), queue_id=4)
    assert keep_only(read) == read
    kept = keep_only(read, teams=["B"], months=["2024-07"])
    assert ([one.id for one in kept.notes], kept.queue_id) == ([2], 4)
    assert keep_only(read, teams=["A"], months=["2024-07"]).notes == ()


def test_outcomes_are_counted_by_group():
    read = all_read(
        of(1, outcome="missed", team="A"), of(2, outcome="missed", team="A"), of(3, team="B")
    )
    none = {"acted": 0, "not_acted": 0, "missed": 0, "none": 0, NO_OUTCOME: 0}
    assert count_outcomes(read, "team", SHOWN) == {
        "A": Row({**none, "missed": 2}, 2),
        "B": Row({**none, NO_OUTCOME: 1}, 1),
    }
    assert count_outcomes(read, "team", Settings())["A"] == Row({**none, "missed": None}, None)


def test_outcomes_by_label_are_refused():
    with pytest.raises(ValueError, match="outcomes are of notes, not of labels"):
        count_outcomes(all_read(), "label", SHOWN)


def test_dismissive_response_is_told_with_what_it_followed():
    case = {"case_ref": "P1"}
    read = all_read(
        of(1, "threats", received="2024-01-01", **case),
        of(2, "threats isolation dismissive_response", received="2024-01-02", **case),
        of(3, "dismissive_response monitoring", received="2024-01-03", **case),
        of(4, "gaslighting", received="2024-01-04", **case),  # later
        of(5, "dismissive_response", received="2024-01-05", case_ref="P2"),
        of(6, "dismissive_response", **case),  # nobody knows when
        of(7, "isolation", received="2024-01-01"),  # of no case
    )
    assert find_followed(read, SHOWN) == Followed(
        notes=4,
        alone=2,
        with_earlier=2,
        same={"isolation": 1, "monitoring": 1, "threats": 1},
        earlier={"threats": 2, "isolation": 1},
    )


def test_small_counts_beside_dismissive_responses_are_not_shown():
    read = all_read(of(1, "dismissive_response threats"), of(2, "dismissive_response"))
    assert find_followed(read, Settings()) == Followed(None, None, None, {"threats": None}, {})


def test_dismissive_responses_of_a_draw_are_refused():
    with pytest.raises(ValueError, match="earlier calls of a case are seldom in a draw"):
        find_followed(all_read(queue_id=1), SHOWN)


def test_who_undid_finishing_is_not_first(store, project):
    id = add_note(store, project.id, "a", TEXT)
    say(store, project, id, "done", reader="Ann")
    undo(store, project_id=project.id, reader="Ann", note_id=id)
    mark(store, project, id, reader="Beth")
    say(store, project, id, "done", reader="Beth")
    say(store, project, id, "done", reader="Ann")
    assert read_everything_read(store, project).notes[0].labels == {"monitoring"}
