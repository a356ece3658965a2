"""Samples drawn from the store: plans kept, piles told again from the log, blind second readers."""

from threading import Thread

import pytest
from sqlalchemy import select
from test_missed import mark, say

from classifier.note import Mark
from review.decision_log import read_reading, record
from review.decisions import Decision
from review.differing import differing_elsewhere, disagreements, readings_for_agreement
from review.drawing import count_unread, draw_dip, draw_random, plan_and_draw_elusion
from review.elusion import ElusionPlan, plan_elusion
from review.projects import create_project, join, lock_project
from review.queue import list_queues
from review.queues import add_queue, read_drawn
from review.samples import (
    GroupEstimate,
    Progress,
    dip_results,
    elusion_result,
    random_result,
    read_elusion_plan,
    read_progress,
)
from review.sampling import Estimate, draw
from review.second import draw_second
from review.settling import settle_note
from review.tables import queue, queue_note
from tests.notes_in_store import add_finding, add_note, add_run

TEXT = "He checks her phone and keeps the money."


@pytest.fixture
def project(store):
    made = create_project(store, "One", by="Ann")
    for name in ("Beth", "Cora"):
        join(store, made.id, name)
    return made


@pytest.fixture
def notes(store, project):
    """Ten notes; Ann has read the first two and found evidence in one."""
    ids = [add_note(store, project.id, f"n{at}", TEXT) for at in range(10)]
    mark(store, project, ids[0])
    for id in ids[:2]:
        say(store, project, id, "done")
    return ids


def drawn_in(store, queue_id):
    with store.read() as connection:
        return read_drawn(connection, queue_id)


def plan_of(store, queue_id):
    with store.read() as connection:
        return connection.scalar(select(queue.c.plan).where(queue.c.id == queue_id))


def read_all_but(store, project, ids, left=0):
    for id in ids[: len(ids) - left]:
        say(store, project, id, "done")


# Random


def test_random_draw_is_by_seed_from_all_notes_and_stored(store, project, notes):
    queue_id = draw_random(store, project.id, 4, seed=7, by="Ann")
    assert drawn_in(store, queue_id) == list(draw(notes, 4, seed=7))
    made = next(one for one in list_queues(store, project.id) if one.id == queue_id)
    assert (made.kind, made.seed, made.plan, made.is_blind, made.by) == (
        "random",
        7,
        {"notes": 10, "n": 4},
        False,
        "Ann",
    )


@pytest.mark.parametrize(
    ("n", "message"), [(0, "must be 1 or more, got 0"), (11, "11 notes cannot be drawn from 10")]
)
def test_random_draw_that_cannot_be_is_refused(store, project, notes, n, message):
    with pytest.raises(ValueError, match=message):
        draw_random(store, project.id, n, seed=7, by="Ann")
    assert len(list_queues(store, project.id)) == len([project.ranked_queue])


def test_random_result_takes_the_notes_in_the_order_drawn(store, project, notes):
    queue_id = draw_random(store, project.id, 10, seed=7, by="Ann")
    drawn = drawn_in(store, queue_id)
    for id in set(drawn[:5]) - set(notes[:2]):
        say(store, project, id, "done")
    read = set(drawn[:5]) | set(notes[:2])
    n = next((at for at, id in enumerate(drawn) if id not in read), 10)
    hits = int(notes[0] in drawn[:n])
    found = random_result(store, queue_id)
    assert (found.hits, found.n, found.drawn, found.ahead) == (hits, n, 10, len(read) - n)


def test_note_of_which_a_reader_is_unsure_has_no_answer_yet(store, project, notes):
    run = add_run(store, project.id)
    queue_id = draw_random(store, project.id, 10, seed=7, by="Ann")
    first = next(id for id in drawn_in(store, queue_id) if id not in notes[:2])
    finding = add_finding(store, run, first, 3, 19, "monitoring")
    say(store, project, first, "answer", finding_id=finding, answer="unsure")
    read_all_but(store, project, notes)
    place = drawn_in(store, queue_id).index(first)
    found = random_result(store, queue_id)
    assert (found.n, found.ahead) == (place, 9 - place)
    assert read_progress(store, queue_id) == Progress(10, 10, 1)
    say(store, project, first, "answer", finding_id=finding, answer="dismiss")
    assert random_result(store, queue_id).n == 10


def test_random_result_of_another_kind_is_refused(store, project, notes):
    with pytest.raises(ValueError, match="only a random draw gives a share of all notes"):
        random_result(store, project.ranked_queue)
    with pytest.raises(ValueError, match="the store has no queue 9999"):
        random_result(store, 9999)


# Elusion


def draw_elusion(store, project, at_most=0.3, **more):
    return plan_and_draw_elusion(
        store, project.id, None, at_most, level=0.8, by="Ann", seed=1, **more
    )


def test_plan_and_pile_are_stored_before_anything_is_read(store, project, notes):
    queue_id = draw_elusion(store, project)
    plan = plan_elusion(8, at_most=0.3, level=0.8)
    assert read_elusion_plan(plan_of(store, queue_id)) == plan
    assert plan.pile == count_unread(store, project.id) == 8
    assert set(drawn_in(store, queue_id)) <= set(notes[2:])
    assert len(drawn_in(store, queue_id)) == plan.n


def test_elusion_sample_is_judged_when_all_of_it_was_read(store, project, notes):
    queue_id = draw_elusion(store, project)
    drawn = drawn_in(store, queue_id)
    read_all_but(store, project, drawn, left=1)
    with pytest.raises(ValueError, match=f"{len(drawn) - 1} of the {len(drawn)} notes drawn were"):
        elusion_result(store, queue_id)
    say(store, project, drawn[-1], "done")
    found = elusion_result(store, queue_id)
    assert (found.hits, found.found, found.plan.pile) == (0, 1, 8)
    assert found.missed_at_most == 2
    assert found.recall_at_least == 1 / 3


def test_pile_stays_what_it_was_at_the_draw(store, project, notes):
    queue_id = draw_elusion(store, project)
    drawn = drawn_in(store, queue_id)
    in_pile = next(id for id in notes[2:] if id not in drawn)
    mark(store, project, in_pile)  # found in the pile since: does not count as found before
    say(store, project, in_pile, "done")
    late = add_note(store, project.id, "late", TEXT)
    mark(store, project, late)
    say(store, project, late, "done")
    say(store, project, notes[0], "done", answer="open")
    say(store, project, notes[0], "done")
    read_all_but(store, project, drawn)
    found = elusion_result(store, queue_id)
    assert (found.hits, found.found, found.plan.pile) == (0, 1, 8)


def test_unsure_notes_and_outcomes_of_evidence_are_hits_until_settled(store, project, notes):
    run = add_run(store, project.id)
    queue_id = draw_elusion(store, project)
    first, second, third, *_ = drawn = drawn_in(store, queue_id)
    finding = add_finding(store, run, first, 3, 19, "monitoring")
    say(store, project, first, "answer", finding_id=finding, answer="unsure")
    say(store, project, second, "outcome", answer="missed")
    say(store, project, third, "outcome", answer="none")
    read_all_but(store, project, drawn)
    assert elusion_result(store, queue_id).hits == 2


def test_elusion_of_a_queue_of_another_kind_is_refused(store, project, notes):
    queue_id = draw_random(store, project.id, 4, seed=7, by="Ann")
    with pytest.raises(ValueError, match=f"queue {queue_id} is of kind 'random'; only notes that"):
        elusion_result(store, queue_id)


def test_empty_pile_is_refused(store, project, notes):
    read_all_but(store, project, notes)
    with pytest.raises(ValueError, match="every note of this project was read"):
        draw_elusion(store, project)


def test_plan_leaves_room_for_expected_hits(store, project, notes):
    queue_id = draw_elusion(store, project, at_most=0.5, expected_hits=1)
    plan = read_elusion_plan(plan_of(store, queue_id))
    assert plan == plan_elusion(8, at_most=0.5, level=0.8, expected_hits=1)
    assert isinstance(plan, ElusionPlan)


# Dip


def test_dip_sample_is_of_each_team_in_each_month(store, project):
    facts = [("North", "2024-07-01")] * 3 + [("North", "2024-08-01"), ("", None)]
    ids = [
        add_note(store, project.id, f"n{at}", TEXT, team=team, received=received)
        for at, (team, received) in enumerate(facts)
    ]
    queue_id = draw_dip(store, project.id, 2, by="Ann", seed=3)
    assert plan_of(store, queue_id) == {
        "per_group": 2,
        "groups": [
            {"group": "North, 2024-07", "size": 3, "n": 2},
            {"group": "North, 2024-08", "size": 1, "n": 1},
            {"group": "no team, not given", "size": 1, "n": 1},
        ],
    }
    drawn = drawn_in(store, queue_id)
    assert (set(drawn[:2]) <= set(ids[:3]), drawn[2:]) == (True, ids[3:])
    mark(store, project, drawn[0])
    read_all_but(store, project, [drawn[0], drawn[3]])
    results = dip_results(store, queue_id)
    assert [(one.group, one.size, one.result.hits, one.result.n) for one in results] == [
        ("North, 2024-07", 3, 1, 1),
        ("North, 2024-08", 1, 0, 0),
        ("no team, not given", 1, 0, 1),
    ]
    assert results[1] == GroupEstimate("North, 2024-08", 1, Estimate(0, 0, 1, 0, None, 0.0, 1.0))


def test_dip_sample_of_nothing_is_refused(store, project):
    with pytest.raises(ValueError, match="has no notes to draw from"):
        draw_dip(store, project.id, 2, by="Ann", seed=3)
    with pytest.raises(ValueError, match="must be 1 or more, got 0"):
        draw_dip(store, project.id, 0, by="Ann", seed=3)


# Second readers


def test_second_reader_is_blind_and_has_not_read_the_note(store, project, notes):
    for id in notes[2:6]:
        say(store, project, id, "done", reader="Beth")
    queue_id = draw_second(store, project.id, 1, ["Ann", "Beth", "Cora"], by="Ann", seed=1)
    with store.read() as connection:
        rows = connection.execute(
            select(queue_note.c.note_id, queue_note.c.reader).where(
                queue_note.c.queue_id == queue_id
            )
        )
        given = {row.note_id: row.reader for row in rows}
        assert connection.scalar(select(queue.c.is_blind).where(queue.c.id == queue_id))
    assert set(given) == set(notes[:6])
    assert all(given[id] != ("Ann" if id in notes[:2] else "Beth") for id in given)
    assert sorted(list(given.values()).count(name) for name in ("Ann", "Beth", "Cora")) == [2, 2, 2]


def test_second_share_leaves_out_what_has_a_second_reader_or_is_settled(store, project, notes):
    read_all_but(store, project, notes[:4])
    first = draw_second(store, project.id, 0.5, ["Beth"], by="Ann", seed=1)
    say(store, project, notes[3], "final")
    second = draw_second(store, project.id, 1, ["Beth"], by="Ann", seed=1)
    assert len(drawn_in(store, first)) == 2
    assert set(drawn_in(store, second)) == set(notes[:3]) - set(drawn_in(store, first))


def test_second_share_without_readers_left_is_refused(store, project, notes):
    with pytest.raises(ValueError, match="2 notes are wanted, 0 of 2 finished notes have a reader"):
        draw_second(store, project.id, 1, ["Ann"], by="Ann", seed=1)
    with pytest.raises(ValueError, match="share must be above 0 and at most 1, got 0"):
        draw_second(store, project.id, 0, ["Beth"], by="Ann", seed=1)


@pytest.fixture
def twice(store, project, notes):
    """Ann's two notes read by Beth too, who finds evidence in neither."""
    queue_id = draw_second(store, project.id, 1, ["Beth"], by="Ann", seed=1)
    read = [
        Decision(project.id, id, "Beth", "done", queue_id=queue_id)
        for id in drawn_in(store, queue_id)
    ]
    record(store, read)
    return queue_id


def test_agreement_takes_readings_as_they_were_first_finished(store, project, notes, twice):
    before = readings_for_agreement(store, project.id, twice)
    mark(store, project, notes[0], reader="Beth")  # after talking
    say(store, project, notes[0], "done", reader="Beth")
    say(store, project, notes[1], "outcome", "final", reader="Cora")
    assert readings_for_agreement(store, project.id, twice) == before
    found = {(one.note, one.reader): len(one.spans) for one in before}
    assert found == {("n0", "Ann"): 1, ("n0", "Beth"): 0, ("n1", "Ann"): 0, ("n1", "Beth"): 0}


def test_notes_that_one_reader_has_finished_are_left_out(store, project, notes):
    queue_id = draw_second(store, project.id, 1, ["Beth"], by="Ann", seed=1)
    mark(store, project, notes[0], reader="Beth")
    assert readings_for_agreement(store, project.id, queue_id) == []


def test_agreement_of_another_queue_is_refused(store, project, notes):
    with pytest.raises(ValueError, match="holds no second readings"):
        readings_for_agreement(store, project.id, project.ranked_queue)


def test_notes_that_differ_are_listed_with_both_readings(store, project, notes, twice):
    (found,) = disagreements(store, project.id, twice)
    assert (found.note_id, found.first.reader, found.second.reader) == (notes[0], "Ann", "Beth")
    assert [(pair.kind, pair.first, pair.second) for pair in found.pairs] == [
        ("only_first", Mark(3, 19, "monitoring"), None)
    ]
    assert not found.is_settled


def test_what_two_happened_to_read_differently_is_listed_until_it_is_settled(
    store, project, notes, twice
):
    assert differing_elsewhere(store, project.id) == []  # drawn for a second reader
    for id in notes[4:7]:
        mark(store, project, id, reader="Beth") if id != notes[5] else None
        say(store, project, id, "done", reader="Beth")
    say(store, project, notes[4], "done", reader="Cora")
    say(store, project, notes[4], "done", reader="Ann")
    say(store, project, notes[5], "done", reader="Cora")  # alike
    say(store, project, notes[6], "comment", reader="Cora")  # not finished
    (found,) = differing_elsewhere(store, project.id)
    assert (found.note_id, found.first.reader, found.second.reader) == (notes[4], "Beth", "Cora")
    assert (found.is_settled, [pair.kind for pair in found.pairs]) == (False, ["only_first"])
    settle_note(store, project.id, notes[4], (), "none", by="Ann", queue_id=None)
    assert differing_elsewhere(store, project.id) == []


def test_third_reading_that_differs_is_found_where_the_first_two_agree(store, project, notes):
    for name in ("Beth", "Cora"):
        say(store, project, notes[4], "done", reader=name)
    mark(store, project, notes[4])
    say(store, project, notes[4], "done")
    (found,) = differing_elsewhere(store, project.id)
    assert (found.first.reader, found.second.reader) == ("Beth", "Ann")


def test_notes_are_drawn_and_stored_in_one_transaction(store, project, notes):
    drawn = []

    def draw_too():
        drawn.append(draw_second(store, project.id, 1, ["Cora"], by="Ann", seed=1))

    other = Thread(target=draw_too)
    with store.write() as connection:
        lock_project(connection, project.id)
        other.start()
        other.join(timeout=0.5)  # time to look at the notes too early
        add_queue(connection, project.id, "Mine", "second", notes[:1], by="Beth")
    other.join()
    assert drawn_in(store, drawn[0]) == [notes[1]]


def test_difference_in_outcome_alone_is_listed(store, project, notes):
    say(store, project, notes[1], "outcome", answer="none")
    queue_id = draw_second(store, project.id, 1, ["Beth"], by="Ann", seed=1)
    for id in notes[:2]:
        mark(store, project, id, reader="Beth") if id == notes[0] else None
        say(store, project, id, "done", reader="Beth")
    assert disagreements(store, project.id, queue_id) == []  # Ann finished before her outcome
    say(store, project, notes[1], "outcome", answer="none", reader="Beth")
    assert disagreements(store, project.id, queue_id) == []


def test_lead_settles_with_a_final_word_and_alters_neither_reading(store, project, notes, twice):
    join(store, project.id, "Dee", role="lead")
    kept = {Mark(3, 19, "threats"), Mark(24, 39, "economic_abuse", "negated")}
    settle_note(store, project.id, notes[0], kept, "missed", by="Dee", queue_id=twice)
    final = read_reading(store, notes[0], "Dee")
    assert {one.mark for one in final.marks} == kept
    assert (final.outcome, final.is_final, final.queue_id) == ("missed", True, twice)
    (found,) = disagreements(store, project.id, twice)
    assert found.is_settled
    assert len(read_reading(store, notes[0], "Ann").marks) == 1


def test_who_read_the_note_and_settles_it_keeps_just_what_was_chosen(store, project, notes):
    run = add_run(store, project.id)
    finding = add_finding(store, run, notes[0], 24, 39, "economic_abuse")
    say(store, project, notes[0], "answer", finding_id=finding, answer="accept", reader="Beth")
    queue_id = draw_second(store, project.id, 1, ["Cora"], by="Ann", seed=1)
    kept = {Mark(24, 39, "economic_abuse")}
    settle_note(store, project.id, notes[0], kept, None, by="Ann", queue_id=queue_id)
    final = read_reading(store, notes[0], "Ann")
    assert (final.marks, final.answers[finding].answer) == ((), "accept")
    settle_note(store, project.id, notes[0], (), None, by="Ann", queue_id=queue_id)
    assert read_reading(store, notes[0], "Ann").answers[finding].answer == "dismiss"


def test_only_a_lead_settles(store, project, notes, twice):
    with pytest.raises(ValueError, match="'Beth' does not lead this project") as error:
        settle_note(store, project.id, notes[0], (), "none", by="Beth", queue_id=twice)
    assert str(error.value) == ("'Beth' does not lead this project; only a lead may settle a note")
    assert read_reading(store, notes[0], "Beth").is_final is False


def test_doubt_of_a_reader_whose_reading_does_not_settle_the_note_is_none(store, project, notes):
    finding = add_finding(store, add_run(store, project.id), notes[1], 3, 19, "monitoring")
    queue_id = draw_random(store, project.id, 10, seed=7, by="Ann")
    parts = {"finding_id": finding, "answer": "unsure", "reader": "Beth"}
    say(store, project, notes[1], "answer", **parts)
    say(store, project, notes[1], "done", reader="Beth")
    assert read_progress(store, queue_id) == Progress(10, 2, 0)
