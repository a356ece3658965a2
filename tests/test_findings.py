import numpy as np
import pytest

from classifier.doc import make_docs, make_nlp
from classifier.findings import Finding, pick_findings, trim
from classifier.model import Scores
from classifier.note import CONTEXTS
from classifier.phrases import lay_out

NLP = make_nlp()
LABELS = ("monitoring", "threats", "dismissive_response")
THRESHOLD = 0.5


def pick(*texts, labels, contexts="affirmed", thresholds=(THRESHOLD,) * 3):
    """Findings for scores given as one tuple a phrase, each phrase certainly of one context."""
    docs = make_docs(texts, NLP)
    layout = lay_out(docs)
    n_phrases = len(layout.phrases) - 1
    names = [contexts] * n_phrases if isinstance(contexts, str) else contexts
    certain = np.eye(len(CONTEXTS))[[CONTEXTS.index(name) for name in names]].reshape(-1, 4)
    scores = Scores(np.array(labels, float).reshape(n_phrases, 3), certain, np.zeros(len(texts)))
    return pick_findings(docs, layout, scores, thresholds, LABELS)


def as_written(text, findings):
    return [(text[f.start : f.end], f.label, f.context, f.score) for f in findings]


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (0.4999, False),
        (0.49994, False),
        (0.49996, True),
        (0.5, True),
        (0.500001, True),
        (1.0, True),
        (0.0, False),
    ],
)
def test_a_score_on_the_threshold_is_shown(score, shown):
    [findings] = pick("checks her phone", labels=[(score, 0, 0)])
    expected = Finding(0, 16, "monitoring", "affirmed", round(score, 4))
    assert findings == ([expected] if shown else [])


def test_each_label_has_its_own_threshold():
    [findings] = pick("checks her phone", labels=[(0.4, 0.4, 0.4)], thresholds=(0.3, 0.5, 0.4))
    assert [finding.label for finding in findings] == ["monitoring", "dismissive_response"]


@pytest.mark.parametrize(
    ("text", "labels", "contexts", "expected"),
    [
        (
            "checks her phone, reads her post",
            [(0.6, 0, 0), (0.8, 0, 0)],
            "affirmed",
            [("checks her phone, reads her post", "monitoring", "affirmed", 0.8)],
        ),
        (
            "a, b, c, d",
            [(0.6, 0, 0), (0.7, 0, 0), (0.9, 0, 0), (0.1, 0, 0)],
            "negated",
            [("a, b, c", "monitoring", "negated", 0.9)],
        ),
        (
            "checks her phone. Reads her post",
            [(0.6, 0, 0), (0.8, 0, 0)],
            "affirmed",
            [
                ("checks her phone", "monitoring", "affirmed", 0.6),
                ("Reads her post", "monitoring", "affirmed", 0.8),
            ],
        ),
        (
            "a, b, c",
            [(0.6, 0, 0), (0.1, 0, 0), (0.8, 0, 0)],
            "affirmed",
            [("a", "monitoring", "affirmed", 0.6), ("c", "monitoring", "affirmed", 0.8)],
        ),
        (
            "checks her phone, threatens her",
            [(0.6, 0, 0), (0, 0.8, 0)],
            "affirmed",
            [
                ("checks her phone", "monitoring", "affirmed", 0.6),
                ("threatens her", "threats", "affirmed", 0.8),
            ],
        ),
        (
            "checks her phone, not her post",
            [(0.6, 0, 0), (0.8, 0, 0)],
            ["affirmed", "negated"],
            [
                ("checks her phone", "monitoring", "affirmed", 0.6),
                ("not her post", "monitoring", "negated", 0.8),
            ],
        ),
        (
            "checks her phone, reads her post",
            [(0.6, 0.7, 0), (0.8, 0.1, 0)],
            "affirmed",
            [
                ("checks her phone, reads her post", "monitoring", "affirmed", 0.8),
                ("checks her phone", "threats", "affirmed", 0.7),
            ],
        ),
    ],
)
def test_only_neighbours_of_one_sentence_label_and_context_are_merged(
    text, labels, contexts, expected
):
    [findings] = pick(text, labels=labels, contexts=contexts)
    assert as_written(text, findings) == expected


def test_notes_of_a_batch_are_kept_apart():
    texts = ("checks her phone", "", "checks it", "nothing")
    found = pick(*texts, labels=[(0.9, 0, 0), (0.9, 0, 0), (0, 0, 0)])
    assert [as_written(text, findings) for text, findings in zip(texts, found, strict=True)] == [
        [("checks her phone", "monitoring", "affirmed", 0.9)],
        [],
        [("checks it", "monitoring", "affirmed", 0.9)],
        [],
    ]


def test_findings_of_one_extent_come_in_label_order():
    [findings] = pick("checks her phone", labels=[(0.6, 0.9, 0.7)])
    assert [finding.label for finding in findings] == list(LABELS)


def test_nothing_but_marks_is_no_finding():
    assert pick("!!!\n", labels=[(0.9, 0.9, 0.9)]) == [[]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  checks her phone.  ", "checks her phone"),
        ('"checks her phone."', "checks her phone"),
        ("- checks her phone\n", "checks her phone"),
        ("and checks her phone,", "checks her phone"),
        ("but then checks her phone", "checks her phone"),
        ("She says he checks her phone", "he checks her phone"),
        ("She states that he checks her phone", "he checks her phone"),
        ("The female caller states he checks it", "he checks it"),
        ("Caller disclosed how he checks it", "he checks it"),
        ("and she said that he checks it", "he checks it"),
        (
            "The very young female caller states he checks it",
            "The very young female caller states he checks it",
        ),
        ("He told her she is mad", "He told her she is mad"),
        ("She says so", "She says so"),
        ("She says he shouts", "he shouts"),
        ("She says", "She says"),
        ("says that", "says that"),
        ("says that he", "he"),
        ("sayings of hers", "sayings of hers"),
        ("andes holiday", "andes holiday"),
        ("...", ""),
        ("", ""),
        ("and", "and"),
        ("£40 a week", "£40 a week"),
    ],
)
def test_trim(text, kept):
    doc = NLP(text)
    start, end = trim(doc, 0, len(doc))
    assert doc[start:end].text == kept


@pytest.mark.parametrize("text", ["She says it is verbal only", "and she states nothing happened"])
def test_the_speaker_is_kept_where_the_voice_of_the_note_is_the_evidence(text):
    doc = NLP(f" {text}. ")
    start, end = trim(doc, 0, len(doc), keep_speaker=True)
    assert doc[start:end].text == text
    [findings] = pick(text, labels=[(0.9, 0, 0.9)] * (len(lay_out([NLP(text)]).phrases) - 1))
    found = {finding.label: text[finding.start : finding.end] for finding in findings}
    assert found["dismissive_response"] == text
    assert text.endswith(found["monitoring"])
    assert len(found["monitoring"]) < len(text)


def test_offsets_count_characters_of_the_text():
    text = "👩‍👩‍👧 e\u0301té\r\n\tchecks her phone 👀."
    n_phrases = len(lay_out([NLP(text)]).phrases) - 1
    rows = [(0, 0, 0)] * (n_phrases - 1) + [(0.9, 0, 0)]
    [findings] = pick(text, labels=rows)
    assert as_written(text, findings) == [("checks her phone", "monitoring", "affirmed", 0.9)]
