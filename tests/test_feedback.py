"""Feedback sheets: what went well first, nothing but text, no rate and no score."""

import re

import pytest

from classifier.labels import load_labels
from review.decision_log import record
from review.decisions import Decision
from review.feedback import LIMITS, make_feedback
from review.paper import make_pdf
from review.projects import create_project
from tests.notes_in_store import add_note

HEARD = "Says he checks her phone. DASH done."
MISSED = "Says Dave Jones reads her <b>messages</b> daily."


def say(store, made, note_id, text, words, outcome, *, label="monitoring"):
    start = text.index(words)
    extent = {"start": start, "end": start + len(words), "label": label, "context": "affirmed"}
    rows = [Decision(made.id, note_id, "Ann", "mark", **extent)] if words else []
    rows.append(Decision(made.id, note_id, "Ann", "outcome", answer=outcome))
    record(store, [*rows, Decision(made.id, note_id, "Ann", "done")])


@pytest.fixture
def made(store):
    made = create_project(store, "One <1>", by="Ann")
    facts = {"team": "North", "handler": "7041"}
    heard = add_note(store, made.id, "n1", HEARD, received="2024-03-01T10:00:00", **facts)
    missed = add_note(store, made.id, "n2", MISSED, received="2024-03-31T23:59:00", **facts)
    other = add_note(store, made.id, "n3", HEARD, team="South", handler="7042")
    add_note(store, made.id, "n4", HEARD, received="2024-04-01T00:00:00", **facts)
    say(store, made, heard, HEARD, "checks her phone", "acted")
    say(store, made, missed, MISSED, "Dave Jones reads her <b>messages</b>", "missed")
    say(store, made, other, HEARD, "checks", "not_acted")
    return made


def words_of(page):
    return re.sub(r"<[^>]+>", " ", page.partition("<main>")[2])


def test_sheet_says_first_what_was_heard_then_what_was_missed(store, made):
    page = make_feedback(store, made.id, team="North")
    assert (
        "3 of their notes in the project, 2 read to the end: 1 heard and acted on, 0 recorded"
        in page
    )
    order = [
        *("Heard and acted on", "checks her phone", "What could be heard next time"),
        *("Monitoring</h3>", "Dave Jones reads", "What this sheet does not do"),
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    label = load_labels()["monitoring"]
    assert label.definition in page and "n3" not in page


def test_text_of_notes_is_never_markup(store, made):
    page = make_feedback(store, made.id, handler="7041")
    assert "&lt;b&gt;messages&lt;/b&gt;" in page
    assert "<b>" not in page and "One &lt;1&gt;" in page


def test_quotes_are_masked_on_request(store, made):
    page = make_feedback(store, made.id, team="North", mask_quotes=True)
    assert "Dave" not in page and "Jones" not in page
    assert "“[name 1] reads her &lt;b&gt;messages&lt;/b&gt;”" in page
    assert "Masked notes are still personal data, and not anonymous." in page


def test_days_are_inclusive(store, made):
    march = make_feedback(store, made.id, team="North", since="2024-03-01", until="2024-03-31")
    assert "no date" not in march
    april = make_feedback(store, made.id, team="North", since="2024-04-01")
    assert "2 of their notes in the project, 2 read to the end" in march
    assert "1 of their notes in the project, 0 read to the end" in april


def test_sheet_counts_and_gives_no_rate_or_score(store, made):
    words = words_of(make_feedback(store, made.id, handler="7042"))
    assert "%" not in words and "7041" not in words
    assert all(sentence in words for sentence in LIMITS)
    assert "recorded, not acted on" in words


def test_sheet_for_some_days_says_how_many_notes_without_a_date_it_leaves_out(store, made):
    for name, received in (("n5", None), ("n6", "soon")):
        undated = add_note(store, made.id, name, HEARD, team="North", received=received)
        say(store, made, undated, HEARD, "checks her phone", "acted")
    for days in ({"since": "2024-03-01"}, {"until": "2024-03-31"}):
        page = make_feedback(store, made.id, team="North", **days)
        assert "2 notes of theirs have no date and are not counted here" in page
        assert "n5" not in page and "n6" not in page
    assert "no date and" not in make_feedback(store, made.id, team="North")


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({}, "a feedback sheet is for a team or a handler; name one"),
        ({"team": "N", "since": "March"}, "a day is written YYYY-MM-DD, got 'March'"),
    ],
)
def test_wrong_wishes_are_refused(store, made, wishes, message):
    with pytest.raises(ValueError) as error:
        make_feedback(store, made.id, **wishes)
    assert str(error.value) == message


def test_sheet_becomes_a_pdf(store, made):
    pdf = make_pdf(make_feedback(store, made.id, team="North"))
    assert pdf.startswith(b"%PDF-")
