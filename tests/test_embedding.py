import hashlib
import re
import time

import numpy as np
import pytest
import spacy

from classifier import embedding
from classifier.embedding import VECTOR_FOLDER, add_vectors, load_vectors
from classifier.words import CLASSES


@pytest.fixture(scope="module")
def table():
    return load_vectors()


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("en")
    add_vectors(nlp)
    return nlp


def nearest(table, word, n=10):
    words, vectors = table
    order = np.argsort(-(vectors @ vectors[words.index(word)]), kind="stable")
    return [words[i] for i in order[1 : n + 1]]


def test_one_float32_row_a_word(table):
    words, vectors = table
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(words), 128)
    assert len(words) > 20_000


def test_words_are_unique_lower_case_without_digits(table):
    words, _ = table
    assert len(set(words)) == len(words)
    assert [word for word in words if word != word.lower() or re.search(r"[\d\s]", word)] == []


def test_rows_have_length_one(table):
    np.testing.assert_allclose(np.linalg.norm(table[1], axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("phone", {"telephone", "phones", "cellphone", "mobile"}),
        ("husband", {"wife", "spouse", "husbands"}),
        ("money", {"cash", "funds", "paid", "pay"}),
        ("threatened", {"threatens", "threatening", "threat"}),
        ("scared", {"frightened", "terrified", "afraid"}),
    ],
)
def test_neighbours_are_related_words(table, word, near):
    assert near & set(nearest(table, word))


@pytest.mark.parametrize("straight", ["n't", "'s", "'ll", "'ve", "'m"])
def test_contractions_have_a_vector_with_either_apostrophe(table, straight):
    words, vectors = table
    curly = straight.replace("'", "’")
    np.testing.assert_array_equal(vectors[words.index(straight)], vectors[words.index(curly)])


def test_every_class_of_words_has_a_vector(table):
    assert set(CLASSES) - set(table[0]) == set()


def test_same_table_twice(table):
    words, vectors = load_vectors()
    assert words == table[0]
    np.testing.assert_array_equal(vectors, table[1])


def test_files_are_those_of_the_notice():
    notice = (VECTOR_FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\S+) \| \d+ \| `([0-9a-f]{64})` \|$", notice, re.MULTILINE))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VECTOR_FOLDER.iterdir()
        if path.name != "NOTICE.md"
    }
    assert listed == found


def test_table_stays_small():
    assert sum(path.stat().st_size for path in VECTOR_FOLDER.iterdir()) < 4_000_000


def test_tokens_get_the_vector_of_their_lower_case_form(nlp, table):
    words, vectors = table
    for token in nlp("Phone phone PHONE"):
        np.testing.assert_array_equal(token.vector, vectors[words.index("phone")])


def test_word_outside_the_table_has_no_vector(nlp):
    token = nlp("zqxvjk")[0]
    assert not token.has_vector
    assert not token.vector.any()


def test_loading_is_quick():
    fastest = float("inf")
    for _ in range(3):  # other programs may slow one of them
        start = time.perf_counter()
        add_vectors(spacy.blank("en"))
        fastest = min(fastest, time.perf_counter() - start)
    assert fastest < 2  # seconds; 0.2 on an idle machine


def test_files_that_do_not_belong_together_are_refused(tmp_path, monkeypatch):
    (tmp_path / "words.txt").write_text("one\ntwo\n", encoding="utf-8")
    np.save(tmp_path / "vectors.npy", np.ones((3, 4), dtype=np.int8))
    monkeypatch.setattr(embedding, "VECTOR_FOLDER", tmp_path)
    with pytest.raises(ValueError, match="2 words but 3 vectors") as error:
        load_vectors()
    assert str(error.value) == (
        f"{tmp_path}: 2 words but 3 vectors; make both again with: python -m training.vectors"
    )
