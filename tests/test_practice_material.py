"""Notes to practise on: the invented corpus, and a project's notes with the names masked."""

import json
from pathlib import Path

import pytest

from classifier.note import Mark, Note
from review.decision_log import record
from review.decisions import OUTCOMES, Decision
from review.practice.difficulty import DIFFICULTIES, LENGTHS, difficulty_of, length_of, reasons_of
from review.practice.masked import mask_words, read_project_notes
from review.practice.material import read_synthetic
from review.practice.setting_kinds import SETTING_KINDS, setting_kind
from review.practice.victims import HOW_FOUND, VICTIMS, victims_of
from review.projects import create_project
from tests.notes_in_store import add_finding, add_note, add_run

SORTED_BY_HAND = Path(__file__).parent / "data" / "practice_victims.jsonl"


@pytest.fixture(scope="module")
def synthetic():
    return read_synthetic()


def test_all_whole_notes_of_the_corpus_and_nothing_else_are_to_be_had(synthetic, corpus):
    whole = {note.id: note for note in corpus if note.meta["unit"] == "note"}
    assert {note.id for note in synthetic} == whole.keys()
    assert all(note.text == whole[note.id].text for note in synthetic)
    assert all(note.marks == whole[note.id].marks for note in synthetic)


def test_every_note_can_be_chosen_by_what_is_known_of_it(synthetic):
    for note in synthetic:
        assert note.meta["source"] == note.id
        assert note.meta["is_synthetic"] is True
        assert note.meta["handled"] == {}
        assert note.meta["setting_kind"] in SETTING_KINDS
        assert note.meta["difficulty"] in DIFFICULTIES
        assert note.meta["length"] in LENGTHS
        assert set(note.meta["victims"]) <= VICTIMS.keys()
        assert bool(note.meta["victims"]) == any(one.context == "affirmed" for one in note.marks)
    assert json.loads(json.dumps(synthetic[0].meta)) == synthetic[0].meta


def test_no_fact_shown_above_a_note_names_its_batch(synthetic):
    assert {name for note in synthetic for name in note.meta["facts"]} == {"setting"}


@pytest.mark.parametrize(
    ("setting", "group", "kind"),
    [
        ("police 999", "u4", "police"),
        ("police sms", "st", "messages"),
        ("social_care", "kx", "social_care"),
        ("council contact centre", "dr", "housing"),
        ("contact centre", "u2", "social_care"),
        ("hospital social worker", "hl", "social_care"),
        ("GP", "u1", "health"),
        ("a&e", "u2", "hospital"),
        ("carers' line", "hl", "helpline"),
        ("perpetrator helpline", "hl", "justice"),
        ("IDVA", "dr", "support"),
        ("faith leader", "hl", "other"),
        (None, "police_notes", "police"),
        (None, "mine", "not_told"),
    ],
)
def test_spellings_of_a_setting_are_of_one_kind(setting, group, kind):
    assert setting_kind(setting, group) == kind


def test_few_settings_of_the_corpus_are_of_no_kind(synthetic):
    left = [note for note in synthetic if note.meta["setting_kind"] in ("other", "not_told")]
    assert len(left) < 0.01 * len(synthetic)


# Whom a note is about


@pytest.mark.parametrize(("sample", "n", "same"), [(1, 80, 58), (2, 64, 47)])
def test_rules_agree_with_notes_sorted_by_hand_as_often_as_is_said(synthetic, sample, n, same):
    by_id = {note.id: note for note in synthetic}
    lines = map(json.loads, SORTED_BY_HAND.read_text(encoding="utf-8").splitlines())
    rows = [row for row in lines if row["sample"] == sample]
    found = [set(victims_of(by_id[row["id"]])) == set(row["victims"]) for row in rows]
    assert (len(found), sum(found)) == (n, same)
    assert sample == 1 or f"for {same}" in HOW_FOUND


@pytest.mark.parametrize(
    ("text", "phrase", "label", "groups"),
    [
        ("Husband keeps her card.", "keeps her card", "economic_abuse", ("woman_partner",)),
        ("Wife keeps his card, M 40.", "keeps his card", "economic_abuse", ("man_partner",)),
        ("Lesbian couple. Keeps her card.", "Keeps her card", "economic_abuse", ("same_sex",)),
        (
            "Mrs Hall, 82. Her son keeps her card.",
            "son keeps her card",
            "economic_abuse",
            ("older_relative",),
        ),
        ("Girl aged 15. Boyfriend tracks her.", "tracks her", "monitoring", ("teenager",)),
        (
            "Husband hides her wheelchair.",
            "hides her wheelchair",
            "care_control",
            ("woman_partner", "cared_for"),
        ),
        (
            "Husband has her visa papers.",
            "has her visa papers",
            "care_control",
            ("woman_partner", "migrant"),
        ),
        ("Post is opened.", "Post is opened", "monitoring", ("not_told",)),
    ],
)
def test_words_tell_whom_a_note_is_about(text, phrase, label, groups):
    start = text.index(phrase)
    note = Note("1", text, (Mark(start, start + len(phrase), label),))
    assert victims_of(note) == groups


def test_a_note_without_evidence_is_about_nobody():
    note = Note("1", "He does not check her phone.", (Mark(0, 27, "monitoring", "negated"),))
    assert victims_of(note) == ()


# Difficulty


def test_difficulty_counts_what_makes_evidence_hard_to_see():
    filler = "Shed broken into overnight, mower and strimmer gone, scenes of crime to go round. "
    text = filler * 9 + "He reads her post. Words of advice."
    start = text.index("He reads")
    marks = (
        Mark(start, start + 17, "monitoring"),
        Mark(len(text) - 16, len(text) - 1, "dismissive_response"),
    )
    note = Note("1", text, marks)
    assert reasons_of(note) == (
        "less than 20% of its words are evidence",
        "less than 10% of its words are evidence",
        "it is one phrase only",
        "nothing is named outright",
        "the note has over 120 words",
        "a dismissive voice is in it",
    )
    assert difficulty_of(note) == "buried"
    short = Note(
        "2",
        "He controls her money. He threatens her.",
        (Mark(0, 21, "economic_abuse"), Mark(23, 39, "threats")),
    )
    assert reasons_of(short) == ()
    assert difficulty_of(short) == "plain"


def test_a_point_is_plain_three_are_mixed_and_more_buried(synthetic):
    levels = {
        (len(reasons_of(note)), note.meta["difficulty"])
        for note in synthetic
        if note.meta["victims"]
    }
    assert sorted(levels) == [
        *((n, "plain") for n in (0, 1)),
        *((n, "mixed") for n in (2, 3)),
        *((n, "buried") for n in (4, 5, 6, 7)),
    ]


@pytest.mark.parametrize(("n", "level"), [(0, "plain"), (2, "mixed"), (3, "buried")])
def test_without_evidence_look_alikes_are_counted(n, level):
    marks = tuple(Mark(at, at + 1, "threats", "other") for at in range(n))
    assert difficulty_of(Note("1", "Nothing much.", marks)) == level
    assert reasons_of(Note("1", "Nothing much.", marks)) == ()


@pytest.mark.parametrize(
    ("n", "length"), [(60, "short"), (61, "middle"), (120, "middle"), (121, "long")]
)
def test_length_is_counted_in_words(n, length):
    assert length_of("word " * n) == length


# A project's notes


@pytest.fixture
def project(store):
    return create_project(store, "Spring", by="Priscilla Quayle")


def read(store, project, note_id, finding_id, answer="accept", reader="Priscilla Quayle"):
    rows = [
        Decision(project.id, note_id, reader, "answer", finding_id=finding_id, answer=answer),
        Decision(project.id, note_id, reader, "outcome", answer="missed"),
        Decision(project.id, note_id, reader, "done"),
    ]
    record(store, rows)


def add(store, project, name="24-0001", **facts):
    text = "Sarah Jones rang from 07700 900123. Husband Dave checks Sarah's phone. Told PC 4471."
    known = {
        "person": "P-20418",
        "received": "2024-07-04T15:18:00",
        "team": "North",
        "handler": "Priscilla Quayle",
        "grade": "3",
        "call_type": "Domestic, per Dave",
        "closing": "NFA",
        "da_flag": "N",
        "risk": "Standard",
    }
    note_id = add_note(store, project.id, name, text, **known | facts)
    start = text.index("checks")
    run_id = add_run(store, project.id)
    finding = add_finding(store, run_id, note_id, start, start + 20, "monitoring")
    return note_id, finding


def test_a_projects_note_is_masked_with_its_marks_and_facts(store, project):
    note_id, finding = add(store, project)
    read(store, project, note_id, finding)
    note = read_project_notes(store, project.id, kind="police")[0]
    assert note.text == (
        "[name 1] rang from [phone]. Husband [name 2] checks [name 1]'s phone. "
        "Told PC [collar number]."
    )
    mark = note.marks[0]
    assert (note.text[mark.start : mark.end], mark.label) == (
        "checks [name 1]'s phone",
        "monitoring",
    )
    assert note.meta["facts"] == {
        "received": "2024-07",
        "type": "Domestic, per [name 2]",
        "grade": "3",
    }
    assert note.meta["handled"] == {
        "closing code": "NFA",
        "domestic-abuse flag": "N",
        "risk grade": "Standard",
        "outcome": OUTCOMES["missed"],
    }
    assert note.meta["source"] == f"project {project.id}, note {note_id}"
    assert (note.meta["setting_kind"], note.meta["is_synthetic"]) == ("police", False)
    shown = json.dumps(dict(note.meta))
    for word in ("Quayle", "North", "P-20418", "24-0001", "2024-07-04", "Dave", "Sarah"):
        assert word not in shown


def test_notes_that_are_not_finished_or_not_sure_are_left_out(store, project):
    add(store, project, "24-0001")
    note_id, finding = add(store, project, "24-0002")
    read(store, project, note_id, finding, answer="unsure")
    assert read_project_notes(store, project.id) == []


def test_notes_of_a_demonstration_count_as_invented(store):
    project = create_project(store, "Shown", by="Ann", is_demo=True)
    note_id, finding = add(store, project)
    read(store, project, note_id, finding, reader="Ann")
    assert read_project_notes(store, project.id)[0].meta["is_synthetic"] is True


def test_a_project_that_is_not_there_is_said(store):
    with pytest.raises(ValueError) as error:
        read_project_notes(store, 99)
    assert str(error.value) == "the store has no project 99"


def test_words_masked_by_hand_move_the_marks_and_go_from_the_facts():
    text = "Seen at the Feathers. He reads her post."
    meta = {"facts": {"type": "at FEATHERS"}, "handled": {}}
    note = Note("1", text, (Mark(22, 39, "monitoring"),), meta)
    masked = mask_words(note, ["feathers", " "])
    assert masked.text == "Seen at the [reference]. He reads her post."
    mark = masked.marks[0]
    assert masked.text[mark.start : mark.end] == "He reads her post"
    assert masked.meta["facts"] == {"type": "at [reference]"}
    assert mask_words(note, [" "]) is note
