import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.evidence import BATCH_NOTES, find_all, find_evidence, find_in_parallel
from classifier.findings import NoteEvidence
from classifier.model_file import DEFAULT_MODEL, load_model
from classifier.note import CONTEXTS, Note

MODEL = load_model()


def find(text):
    return find_evidence(Note("n-1", text), MODEL)


def affirmed(text):
    return {finding.label for finding in find(text).findings if finding.context == "affirmed"}


def check(evidence):
    """What holds of the evidence of any note."""
    text = evidence.note.text
    assert set(evidence.scores) == set(MODEL.label_set.ids)
    assert all(0 <= score <= 1 for score in (evidence.evidence, *evidence.scores.values()))
    places = [(finding.start, -finding.end) for finding in evidence.findings]
    assert places == sorted(places)
    ends = {}
    for finding in evidence.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        phrase = text[finding.start : finding.end]
        assert phrase == phrase.strip()
        assert any(character.isalnum() for character in phrase)
        assert finding.context in CONTEXTS
        assert MODEL.thresholds[finding.label] <= finding.score + 1e-4 <= 1 + 1e-4
        assert finding.start >= ends.get(finding.label, 0)  # one label never overlaps itself
        ends[finding.label] = finding.end
        if finding.context == "affirmed":
            assert evidence.scores[finding.label] >= finding.score - 1e-4


PLAIN = [
    ("isolation", "Female caller. He won't let her see her sister or her friends any more."),
    ("monitoring", "He goes through her phone every night and has put a tracker on the car."),
    ("daily_control", "Husband tells her what to wear and she has to be home by five."),
    ("economic_abuse", "Partner takes her wages and gives her a small allowance for food."),
    ("threats", "He said he would kill her if she ever left."),
    ("self_harm_threat", "Says he will kill himself if she goes."),
    ("exposure_threat", "He has threatened to send the naked photos to her boss."),
    ("degradation", "He calls her fat, ugly and useless in front of the children."),
    ("gaslighting", "He tells her it never happened and that she is going mad."),
    ("possessiveness", "Boyfriend accuses her of sleeping with colleagues."),
    ("intimidation", "He punched the wall next to her head and smashed her phone."),
    ("stalking_harassment", "Ex has been sat outside her work and there are 60 missed calls."),
    ("sexual_coercion", "He sulks for days until she gives in and has sex with him."),
    ("child_leverage", "Ex says she will never see the kids again."),
    ("care_control", "Her son keeps her tablets from her and has taken the wheelchair away."),
    ("fear_compliance", "She is too scared to go home and has to ask him first."),
    ("dismissive_response", "Verbal only, just a domestic, six of one. No further action."),
]
LOOK_ALIKES = [
    ("monitoring", "They share a calendar that both agreed to."),
    ("monitoring", "Asked if he checks her phone, she said no."),
    ("threats", "Denies any threats. No threats made."),
    ("isolation", "No isolation from friends or family disclosed."),
    ("economic_abuse", "They have an agreed joint budget and both are happy with it."),
    ("economic_abuse", "Fraudster took £400 from her account by pretending to be the bank."),
    ("stalking_harassment", "A debt collector has rung several times about the loan."),
    ("self_harm_threat", "Not suicidal, no thoughts of self-harm."),
    ("degradation", "Male was swearing at officers at the scene."),
    ("care_control", "Nurse gives her the tablets as prescribed twice a day."),
    ("intimidation", "Unknown youths threw a brick through the window and ran off."),
    ("daily_control", "Hospital rules say visitors must leave by eight."),
    ("child_leverage", "Contact handover went well, both parents agreed new times."),
    ("fear_compliance", "She is nervous since the burglary last week."),
    ("dismissive_response", "Officers attended, statement taken, DASH completed as high risk."),
]
QUIET = [
    "Two car collision on the bypass, no injuries, both drivers exchanged details.",
    "Caller reports a lost wallet, brown leather, near the station.",
    "Boiler broken, engineer booked for Thursday morning.",
    "Noise complaint about a party, music turned down on arrival.",
    "Elderly male fell in the garden, ambulance attended, taken to hospital.",
    "Shop reports two males stealing meat, left in a blue car.",
]


def test_plain_evidence_is_found():
    missed = [label for label, text in PLAIN if label not in affirmed(text)]
    assert len(missed) <= 3, missed


def test_most_look_alikes_are_not_shown_as_affirmed():
    shown = [text for label, text in LOOK_ALIKES if label in affirmed(text)]
    assert len(shown) <= 4, shown


def test_most_routine_notes_show_nothing_affirmed():
    shown = [text for text in QUIET if affirmed(text)]
    assert len(shown) <= 1, shown


def test_a_threat_conditional_in_grammar_is_affirmed():
    assert "threats" in affirmed("He said if I leave he'll burn the house down and kill me.")


def test_notes_with_evidence_are_put_before_routine_notes():
    high = [find(text).evidence for _, text in PLAIN]
    low = [find(text).evidence for text in QUIET]
    assert np.median(high) > max(low)


def test_findings_of_a_note_are_whole():
    note = Note("n-1", "Fine. Caller says her husband checks her phone every night.", meta={"a": 1})
    evidence = find_evidence(note, MODEL)
    assert isinstance(evidence, NoteEvidence)
    assert evidence.note is note
    [finding] = [finding for finding in evidence.findings if finding.label == "monitoring"]
    assert note.text[finding.start : finding.end] == "her husband checks her phone every night"
    assert finding.context == "affirmed"
    assert finding.score == evidence.scores["monitoring"]
    check(evidence)


@pytest.mark.parametrize("n", [0, 1, BATCH_NOTES - 1, BATCH_NOTES, BATCH_NOTES + 1])
def test_every_note_comes_out_once_and_in_order(n):
    notes = [Note(str(i), PLAIN[i % len(PLAIN)][1]) for i in range(n)]
    assert [evidence.note.id for evidence in find_all(notes, MODEL)] == [str(i) for i in range(n)]


def test_notes_are_read_as_they_are_needed():
    read = []

    def notes():
        for i in range(3 * BATCH_NOTES):
            read.append(i)
            yield Note(str(i), "He shouts")

    next(find_all(notes(), MODEL))
    assert len(read) == BATCH_NOTES


def test_many_notes_give_what_each_gives_alone(corpus):
    notes = corpus[:: len(corpus) // 60]
    for evidence in find_all(notes, MODEL):
        alone = find_evidence(evidence.note, MODEL)
        assert [(f.start, f.end, f.label, f.context) for f in evidence.findings] == [
            (f.start, f.end, f.label, f.context) for f in alone.findings
        ]
        assert evidence.scores == pytest.approx(alone.scores, abs=2e-4)


def test_the_way_of_several_processes_gives_the_same(corpus):
    notes = corpus[: BATCH_NOTES + 10]
    low = {"threats": 0.01}
    changed = load_model()
    changed.thresholds.update(low)
    found = list(find_in_parallel(notes, DEFAULT_MODEL, jobs=1))
    lower = list(find_in_parallel(notes, DEFAULT_MODEL, jobs=1, thresholds=low))
    assert found == list(find_all(notes, MODEL))
    assert lower == list(find_all(notes, changed)) != found


# Any text


AWKWARD = {
    "nothing": "",
    "one letter": "a",
    "one mark": "?",
    "spaces": "   ",
    "lines": "\n\r\n\n",
    "emoji": "😡 he checks her phone every night 😭",
    "joined emoji": "👩‍👩‍👧 he checks her phone every night 👩🏽‍🚒",
    "right to left": "لا يسمح لها. בלי טלפון. he checks her phone every night",
    "marks of direction": "\u202ehe checks her phone every night\u202c",
    "combining": "he che\u0301cks her pho\u0308ne",
    "NUL": "\x00he checks\x00 her phone\x00",
    "control": "".join(map(chr, range(32))) + "\x7f\x85 he checks her phone every night",
    "half character": "\ud83d he checks her phone every night \udc00",
    "byte order mark": "\ufeffhe checks her phone every night",
    "full width": "ｈｅ ｃｈｅｃｋｓ ｈｅｒ ｐｈｏｎｅ",
    "long word": "a" * 100_000,
    "long marks": "!?" * 2_000,
    "long number": "1" * 10_000,
    "slashes": "he/she/" * 2_000,
    "own forms": "_space _time _number he checks her phone every night",
    "underscores": "_ __her_ _foo Signed: ________ he checks her phone every night",
    "twenty thousand words": "He checks her phone. " * 4_000,
    "markup": "<script>he checks her phone every night</script> &amp; =1+1",
    "ten thousand lines": "he checks her phone\n" * 10_000,
    "two hundred thousand characters": "He checks her phone every night. " * 6_250,
    "one sentence as long": "he checks her phone every night and " * 5_600,
}


@pytest.mark.parametrize("name", AWKWARD)
def test_any_text_gives_evidence(name):
    evidence = find(AWKWARD[name])
    assert evidence.note.text is AWKWARD[name]
    check(evidence)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "emoji",
            "right to left",
            "marks of direction",
            "half character",
            "control",
            "underscores",
        ),
        *("byte order mark", "own forms", "ten thousand lines", "two hundred thousand characters"),
    ],
)
def test_evidence_among_awkward_characters_is_found(name):
    text = AWKWARD[name]
    found = [
        text[finding.start : finding.end]
        for finding in find(text).findings
        if finding.label == "monitoring"
    ]
    assert found
    assert all("checks her phone" in phrase for phrase in found)


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "?!"])
def test_a_text_without_words_has_no_findings(text):
    assert find(text).findings == ()


def test_an_awkward_note_does_not_change_its_neighbours():
    text = PLAIN[1][1]
    notes = [Note(str(i), text) for i, text in enumerate([text, *AWKWARD.values(), text])]
    first, *_, last = find_all(notes[:1] + notes[1:20] + notes[-1:], MODEL)
    assert first.findings == last.findings == find(text).findings


TEXTS = st.lists(
    st.sampled_from([text for _, text in PLAIN + LOOK_ALIKES])
    | st.text(max_size=6)
    | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Zs", "So"]), max_size=3),
    max_size=6,
).map("".join)


@given(TEXTS)
def test_findings_are_sound_in_any_text(text):
    check(find(text))


@settings(max_examples=25)
@given(st.lists(TEXTS, max_size=5))
def test_a_batch_of_any_texts(texts):
    found = list(find_all([Note(str(i), text) for i, text in enumerate(texts)], MODEL))
    assert [evidence.note.text for evidence in found] == texts
    for evidence in found:
        check(evidence)


@given(TEXTS)
def test_white_space_at_the_ends_of_a_note_changes_no_finding(text):
    plain = find(re.sub(r"^\W+|\W+$", "", text) + ".")
    spaced = find("\n" + plain.note.text + "\n")
    assert [(f.label, f.context) for f in spaced.findings] == [
        (f.label, f.context) for f in plain.findings
    ]


def test_a_label_is_shown_as_affirmed_just_when_its_score_reaches_the_threshold(corpus):
    for evidence in find_all(corpus[::40], MODEL):
        reached = {
            label for label, score in evidence.scores.items() if score >= MODEL.thresholds[label]
        }
        shown = {f.label for f in evidence.findings if f.context == "affirmed"}
        assert shown == reached, evidence.note.id
