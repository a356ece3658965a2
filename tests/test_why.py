from dataclasses import replace

import numpy as np
import pytest

from classifier.doc import make_docs
from classifier.evidence import find_evidence
from classifier.findings import Finding
from classifier.note import Note
from classifier.phrases import lay_out
from classifier.why import MOST_WORDS, _token_parts, nearest_phrases, words_behind

NOTE = Note(
    "n-1",
    "21:04 Female caller. Says her husband checks her phone every night, takes her wages and "
    "won't let her see her sister. Checks, checks and checks again. No reply on callback.",
)


@pytest.mark.parametrize("label", ["monitoring", "economic_abuse", "dismissive_response"])
def test_parts_of_words_add_up_to_the_score(label, default_model):
    docs = make_docs([NOTE.text], default_model.nlp)
    layout = lay_out(docs)
    column = default_model.label_set.ids.index(label)
    raw = default_model.raw_scores(layout)
    without_constant = {
        head: raw[head][:, column] - default_model.heads[head].intercept[column]
        for head in ("sentence", "phrase")
    }
    for phrase, sentence in enumerate(layout.sentence_of_phrase):
        parts = _token_parts(layout, int(layout.phrases[phrase]), default_model, column)
        expected = without_constant["sentence"][sentence] + without_constant["phrase"][phrase]
        assert parts.sum() == pytest.approx(expected / 2, abs=1e-4)


def test_words_outside_the_sentence_have_no_part(default_model):
    [doc] = make_docs([NOTE.text], default_model.nlp)
    layout = lay_out([doc])
    parts = _token_parts(layout, int(layout.sentences[1]), default_model, 0)
    outside = np.ones(len(doc), dtype=bool)
    outside[layout.sentences[1] : layout.sentences[2]] = False
    assert not parts[outside].any()
    assert parts[~outside].all()


def test_words_behind_are_words_of_the_sentence_by_size(default_model):
    findings = find_evidence(NOTE, default_model).findings
    watched = next(finding for finding in findings if finding.label == "monitoring")
    words = words_behind(watched, NOTE, default_model)
    assert 0 < len(words) <= MOST_WORDS
    sizes = [abs(part) for _, part in words]
    assert sizes == sorted(sizes, reverse=True)
    sentence = NOTE.text[21 : NOTE.text.index("sister.")]
    assert [word for word, _ in words if word not in sentence] == []
    assert {"checks", "phone"} & {word for word, part in words if part > 0}


def test_a_repeated_word_stands_once_with_all_its_parts(default_model):
    start = NOTE.text.index("Checks, checks")
    finding = Finding(start, start + 14, "monitoring", "affirmed", 0.5)
    words = words_behind(finding, NOTE, default_model)
    assert [word.lower() for word, _ in words].count("checks") == 1
    [doc] = make_docs([NOTE.text], default_model.nlp)
    layout = lay_out([doc])
    first = doc.char_span(start, start + 6).start
    column = default_model.label_set.ids.index("monitoring")
    parts = _token_parts(layout, first, default_model, column)
    of_checks = sum(parts[token.i] for token in doc if token.norm_ == "check")
    assert dict(words)["Checks"] == pytest.approx(of_checks, abs=1e-3)


@pytest.mark.parametrize("text", ["\ud83d he checks her phone", "x", "he checks her phone\n"])
def test_words_behind_the_whole_of_awkward_texts(text, default_model):
    finding = Finding(0, len(text), "monitoring", "affirmed", 0.5)
    assert words_behind(finding, Note("n-1", text), default_model)


def with_examples(model, *rows):
    keys = ("label", "context", "text")
    return replace(model, examples=[dict(zip(keys, row, strict=True)) for row in rows])


WATCHED = Note("n-1", "He goes through her phone")
FINDING = Finding(3, 25, "monitoring", "affirmed", 0.9)


def test_nearest_phrases_are_of_the_same_label_and_context(default_model):
    model = with_examples(
        default_model,
        ("monitoring", "affirmed", "reads the post"),
        ("monitoring", "affirmed", "goes through her phone every night"),
        ("monitoring", "negated", "goes through her phone"),
        ("isolation", "affirmed", "goes through her phone"),
        ("monitoring", "affirmed", "went through his mobile"),
        ("monitoring", "affirmed", "xqzv"),
    )
    found = nearest_phrases(FINDING, WATCHED, model)
    assert found[:2] == ["went through his mobile", "goes through her phone every night"]
    assert "xqzv" not in found


@pytest.mark.parametrize("n", [0, 1, 2])
def test_at_most_so_many_nearest_phrases(n, default_model):
    rows = [("monitoring", "affirmed", f"goes through her phone at {hour}pm") for hour in range(9)]
    assert len(nearest_phrases(FINDING, WATCHED, with_examples(default_model, *rows), n)) == n


def test_a_model_without_examples_gives_no_nearest_phrases(default_model):
    assert nearest_phrases(FINDING, WATCHED, replace(default_model, examples=())) == []


def test_every_finding_of_the_default_model_has_words_and_phrases(default_model):
    findings = find_evidence(NOTE, default_model).findings
    assert findings
    for finding in findings:
        assert words_behind(finding, NOTE, default_model)
        texts = {
            row["text"]
            for row in default_model.examples
            if (row["label"], row["context"]) == (finding.label, finding.context)
        }
        assert set(nearest_phrases(finding, NOTE, default_model)) <= texts
