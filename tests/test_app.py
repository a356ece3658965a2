import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from classifier.findings import Finding, NoteEvidence
from classifier.labels import load_labels
from classifier.note import CONTEXTS, Note
from classifier.reading import Reject
from classifier.wording import NOTHING_HIGHLIGHTED, WHAT_IT_DOES_NOT_DO
from review.highlight import cut_text
from review.session import (
    EVERYTHING,
    HIGHLIGHTED,
    NOTHING,
    Opened,
    labels_of,
    make_file,
    make_reject_list,
    pick_shown,
)

APP = Path(__file__).parents[1] / "app.py"
DEMO = APP.parent / "data" / "synthetic" / "demo" / "call_export.csv"
LABELS = load_labels()

DISCLOSURE = "Caller whispering. Says he goes through her phone every night and takes her wages."
FORBIDDEN = ("detected", "victim score", "no abuse", "abuser", "perpetrator", "guilty")
"""Words that would say more than the tool knows."""


@pytest.fixture
def app():
    return AppTest.from_file(APP, default_timeout=300).run()


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["app.py", "--demo"])
    return AppTest.from_file(APP, default_timeout=300).run()


def words_of(app):
    """All that the page says in its own words."""
    kinds = "title header subheader markdown caption text info warning error"
    said = [element.value for kind in kinds.split() for element in app.get(kind)]
    said += [button.label for button in app.button]
    said += [expander.label for expander in app.expander]
    return "\n".join(said)


def click(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


def paste(app, text):
    app.text_area[0].set_value(text)
    return click(app, "Find phrases")


def upload(app, name, data):
    app.file_uploader[0].upload(name, data)
    return app.run()


def evidence(id, text="", *findings, score=0.0):
    return NoteEvidence(Note(id, text), findings, dict.fromkeys(LABELS.ids, 0.0), score)


# Screens


def test_first_screen_teaches_what_it_does_and_what_not(app):
    said = words_of(app)
    assert not app.exception
    for words in (WHAT_IT_DOES_NOT_DO, "What it does", "What it does not do", "An invented note"):
        assert words in said
    assert "It does not say whether abuse took place." in said
    assert not app.info, "no banner without the demonstration"


def test_every_screen_says_what_it_does_not_do_and_nothing_it_must_not(demo):
    screens = [words_of(demo)]
    click(demo, "Close and forget")
    screens.append(words_of(demo))
    screens.append(words_of(paste(demo, DISCLOSURE)))
    for said in screens:
        assert WHAT_IT_DOES_NOT_DO in said
        assert "can be distressing" in said
        assert not [word for word in FORBIDDEN if word in said.lower()]


def test_reading_screen_without_notes_leads_back():
    script = "from review.pages import read\nread.show()"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert not app.exception
    assert "No notes are open." in words_of(app)


def test_pasted_note_is_read_and_explained(app):
    paste(app, DISCLOSURE)
    assert not app.exception
    said = words_of(app)
    assert "May indicate" in said
    assert app.header[0].value in [label.title for label in LABELS.label]
    assert "In the note: **recorded as happening**" in said
    assert "match" in said
    assert not app.info, "a pasted note is no demonstration"


def test_why_is_worked_out_only_when_asked(app):
    paste(app, DISCLOSURE)
    assert "Words that weighed towards this label" not in words_of(app)
    app.session_state["why"] = True
    app.run()
    assert not app.exception
    assert "Words that weighed towards this label" in words_of(app)
    assert "in synthetic notes" in words_of(app)


def test_next_phrase_changes_the_explanation(app):
    paste(app, DISCLOSURE)
    findings = app.session_state["opened"].results[0].findings
    assert len(findings) > 1
    click(app, "Next")
    assert app.header[0].value == LABELS[findings[1].label].title
    assert f"Phrase 2 of {len(findings)}" in words_of(app)


def test_note_without_findings_is_not_called_empty_of_anything(app):
    paste(app, "Bins not emptied on Tuesday.")
    assert not app.exception
    assert app.session_state["opened"].results[0].findings == ()
    assert NOTHING_HIGHLIGHTED in words_of(app)


def test_blank_paste_is_asked_for_again(app):
    paste(app, "  \n")
    assert app.warning[0].value == "There is no text yet. Paste a note first."
    assert "opened" not in app.session_state


def test_demonstration_has_a_banner_and_counts_rejects(demo):
    assert not demo.exception
    assert demo.info[0].value.startswith("Demonstration with invented (synthetic) notes.")
    said = words_of(demo)
    assert "call_export.csv: 137 notes" in said
    assert "3 rows could not be read" in said
    assert "Row 106, 24-0626-0433: column 'Narrative' is empty" in said
    assert "says nothing of urgency or of a person" in said


def test_list_is_filtered_by_words_label_and_highlight(demo):
    assert demo.session_state["at"] == 0
    demo.segmented_control[0].set_value(EVERYTHING).run()
    demo.text_input[0].set_value("24-0814-0368").run()
    results = demo.session_state["opened"].results
    assert results[demo.session_state["at"]].note.id == "24-0814-0368"
    demo.text_input[0].set_value("").run()
    demo.segmented_control[0].set_value(HIGHLIGHTED).run()
    label = results[0].findings[0].label
    demo.multiselect[0].set_value([label]).run()
    assert label in {f.label for f in results[demo.session_state["at"]].findings}
    demo.text_input[0].set_value("no note holds these words").run()
    assert "No note fits. Change the filters above." in words_of(demo)
    assert not demo.exception


def test_next_and_previous_note_follow_the_list(demo):
    demo.segmented_control[0].set_value(EVERYTHING).run()
    for _ in range(2):
        click(demo, "Next note")
    assert demo.session_state["at"] == 2
    assert "Note 3 of 137 in reading order" in words_of(demo)
    click(demo, "Previous note")
    assert demo.session_state["at"] == 1
    demo.session_state["at"] = 24
    click(demo.run(), "Next note")
    assert demo.session_state["page"] == 2


def test_notes_are_in_the_order_of_their_evidence(demo):
    numbers = [result.evidence for result in demo.session_state["opened"].results]
    assert numbers == sorted(numbers, reverse=True)


def test_closing_forgets_the_notes(demo):
    click(demo, "Close and forget")
    assert "opened" not in demo.session_state
    assert "What it does" in words_of(demo)


def test_file_is_read_as_guessed_or_as_told(app):
    upload(app, "call_export.csv", DEMO.read_bytes())
    assert [box.value for box in app.selectbox] == [
        "Narrative",
        "Incident No",
        "Person Ref",
        "Received",
    ]
    assert "text: 'Narrative', named like notes" in words_of(app)
    app.selectbox[1].set_value("– none –")
    click(app.run(), "Read the notes")
    assert not app.exception
    opened = app.session_state["opened"]
    assert opened.results[0].note.id.startswith("row-")
    assert len(opened.results) == 138, "the doubled number is no fault if no number is read"
    assert not app.info, "a file is no demonstration, whatever is in it"


def test_column_that_cannot_be_guessed_is_asked_for(app):
    upload(app, "a.csv", b"a,b\nring back,call me\nno reply,rang off\n")
    assert "could not be told" in app.warning[0].value
    assert next(b for b in app.button if b.label == "Read the notes").disabled
    app.selectbox[0].set_value("b")
    click(app.run(), "Read the notes")
    assert [result.note.text for result in app.session_state["opened"].results] == [
        "call me",
        "rang off",
    ]


def test_lines_of_json_are_read_by_field(app):
    upload(app, "a.jsonl", b'{"ref": "1", "body": "Bins not emptied."}\n')
    app.text_input[0].set_value("body")
    app.text_input[1].set_value("ref")
    click(app.run(), "Read the notes")
    assert app.session_state["opened"].results[0].note == Note("1", "Bins not emptied.")


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.xlsx", b"PK\x03\x04 secret words"), ("a.parquet", b"secret words"), ("a.csv", b"")],
)
def test_damaged_file_is_named_in_our_words(app, name, data):
    upload(app, name, data)
    said = words_of(app)
    assert not app.exception
    assert app.error[0].value == "This file could not be read."
    assert "secret" not in said
    assert "Traceback" not in said
    assert "--text" not in said


def test_file_without_a_readable_row_lists_why(app):
    upload(app, "a.csv", b"ref,notes\n1,\n2, \n")
    click(app, "Read the notes")
    assert app.error[0].value == "No row of this file could be read as a note."
    assert "Row 2, 1: column 'notes' is empty" in words_of(app)


def test_names_from_a_file_are_never_markdown(app):
    name = "**bold** [x](http://y.example) :red[z] <b>notes</b>"
    upload(app, f"{name.replace('/', '')}.csv", f"ref,{name}\n1,Bins not emptied.\n".encode())
    assert not app.exception
    app.selectbox[0].set_value(name)
    click(app.run(), "Read the notes")
    markdown = [e.value for kind in ("markdown", "caption", "header") for e in app.get(kind)]
    assert app.session_state["opened"].results
    assert not [words for words in markdown if "bold" in words]


# What is behind them


def test_pick_shown_by_highlight_label_and_words():
    results = [
        evidence("n-1", "Takes her WAGES", Finding(0, 5, "economic_abuse", "affirmed", 0.9)),
        evidence("n-2", "Bins"),
    ]

    def pick(show=EVERYTHING, labels=(), words=""):
        return pick_shown(results, show=show, labels=labels, words=words)

    assert pick() == [0, 1]
    assert pick(HIGHLIGHTED) == [0]
    assert pick(NOTHING) == [1]
    assert pick(labels=["economic_abuse"]) == [0]
    assert pick(labels=["threats"]) == []
    assert pick(words=" wages ") == [0]
    assert pick(words="N-2") == [1]


def test_labels_of_a_note_put_what_happened_first():
    findings = [
        Finding(0, 1, "threats", "negated", 0.9),
        Finding(1, 2, "isolation", "negated", 0.9),
        Finding(2, 3, "isolation", "affirmed", 0.4),
    ]
    assert list(labels_of(findings)) == [("isolation", "affirmed"), ("threats", "negated")]


def test_list_of_rejects_holds_no_words_of_notes():
    rejects = [Reject(7, "=1+1", "column 'Notes' is empty", {"Notes": "secret", "Team": "C"})]
    assert make_reject_list(rejects) == (
        "\ufeffrow,id,reason\r\n7,'=1+1,column 'Notes' is empty\r\n"
    )


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".html", ".jsonl"])
def test_findings_can_be_taken_away(ending):
    result = evidence("n-1", "takes her wages", Finding(0, 5, "economic_abuse", "affirmed", 0.9))
    data = make_file(Opened("a.csv", (result, replace(result, note=Note("n-2", "x" * 9)))), ending)
    assert data
    assert ending == ".xlsx" or b"n-2" in data


@given(
    text=st.text(st.sampled_from("a é👮🏽\u200d\u0301ש\r\n\x00<&"), min_size=1, max_size=40),
    spans=st.lists(st.tuples(st.integers(0, 39), st.integers(1, 40)), max_size=5),
)
def test_cut_text_keeps_every_character_and_every_finding(text, spans):
    findings = [
        Finding(start, min(end, len(text)), "threats", CONTEXTS[start % 4], 0.5)
        for start, end in spans
        if start < min(end, len(text))
    ]
    pieces = cut_text(text, findings)
    assert len("".join(piece for piece, _, _ in pieces)) == len(text)
    for place, finding in enumerate(findings):
        covered = "".join(piece for piece, covering, _ in pieces if place in covering)
        assert len(covered) == finding.end - finding.start
        assert sum(place in ending for _, _, ending in pieces) == 1


def test_same_span_twice_keeps_both_findings():
    findings = [
        Finding(0, 3, "monitoring", "negated", 0.9),
        Finding(0, 3, "isolation", "affirmed", 0.4),
        Finding(0, 3, "isolation", "affirmed", 0.4),
    ]
    assert cut_text("abc", findings) == [["abc", [1, 2, 0], [0, 1, 2]]]
