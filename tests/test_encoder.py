import hashlib
import json
import shutil
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.doc import make_docs, make_nlp
from classifier.encoder import (
    CHUNK_PIECES,
    ENCODER_FOLDER,
    END,
    FILES,
    PADDED_TO,
    START,
    WORD_PIECES,
    chunk_sentences,
    columns,
    cut_word,
    load_encoder,
)
from classifier.labels import load_labels
from classifier.note import CONTEXTS
from classifier.phrases import lay_out

NLP = make_nlp()

LONG = "She says that he " + "and then he came back and " * 60 + "left. Fine."
TEXTS = [
    "21:04 Female caller. Says her husband checks her phone every night, takes her wages.",
    "",
    LONG,
    "Priya won't let him see Dave. Her husband threatened her, she said.\n\nNo reply. " * 4,
    "\n",
    "Fine.",
]

AWKWARD = {
    "nothing": "",
    "spaces": "   ",
    "lines": "\n\r\n\t\u00a0\n",
    "emoji": "😡 he checks 👩‍👩‍👧 her phone 👩🏽‍🚒",
    "only emoji": "😡👩‍👩‍👧",
    "line without spaces": "a" * 5_000,
    "marks without spaces": "he/she." * 700,
    "control": "".join(map(chr, range(32))) + "\x7f\x85 he checks\x00 her phone",
    "half character": "\ud83d he checks her phone \udc00",
    "no word pieces": "\u200b \u2060 \x01",
    "underscores": "_ he __checks _her_ ___ Signed: ________ _time",
    "scripts": "لا يسمح لها. בלי טלפון. 他查她的手机。",
}


def lay(*texts):
    return lay_out(make_docs(texts, NLP))


def all_of(layout):
    return np.ones(len(layout.sentences) - 1, dtype=bool)


def read(encoder, *texts, wanted=None):
    layout = lay(*texts)
    chosen = all_of(layout) if wanted is None else np.array(wanted)
    return encoder.read(layout, NLP.vocab.strings, chosen)


def words_of(layout):
    words = [NLP.vocab.strings[orth] for orth in layout.orths.tolist()]
    return np.array([bool(word.strip()) for word in words], dtype=bool)


def tokens_of(chunks):
    return list(chain.from_iterable(chunks))


def of_widths(*widths):
    """Word pieces of so many tokens."""
    return [tuple(range(width)) for width in widths]


# Columns


def test_columns_follow_one_another():
    assert columns(("a", "b", "c")) == {
        "labels": slice(0, 3),
        "contexts": slice(3, 3 + len(CONTEXTS)),
        "evidence": slice(7, 8),
        "sentence_labels": slice(8, 11),
        "sentence_evidence": slice(11, 12),
        "all": slice(0, 12),
    }


def test_the_encoder_knows_the_labels_and_fills_its_columns(encoder):
    assert set(encoder.labels) == set(load_labels().ids)
    scores = read(encoder, TEXTS[0])
    assert scores.dtype == np.float32
    assert scores.shape == (len(lay(TEXTS[0]).forms), columns(encoder.labels)["all"].stop)


# Pieces


@pytest.mark.parametrize(("word", "n"), [("", 0), (" ", 0), ("\n", 0), ("phone", 1)])
def test_white_space_has_no_pieces_and_a_plain_word_one(word, n, encoder):
    assert len(cut_word(encoder.tokenizer, word)) == n


def test_a_long_word_is_read_by_its_first_pieces(encoder):
    for word in ("zx9qj-" * 40, "donaudampfschifffahrtsgesellschaftskapitaen"):
        whole = encoder.tokenizer.encode(word, add_special_tokens=False).ids
        assert len(whole) > WORD_PIECES
        assert cut_word(encoder.tokenizer, word) == tuple(whole[:WORD_PIECES])


# Chunks


def chunks_of(layout, widths, wanted=None):
    return chunk_sentences(
        layout, of_widths(*widths), all_of(layout) if wanted is None else np.array(wanted)
    )


def test_sentences_share_a_chunk_until_it_is_full():
    layout = lay("aa bb. cc dd. ee ff.")
    assert chunks_of(layout, [16] * 9) == [[0, 1, 2, 3, 4, 5], [6, 7, 8]]
    assert chunks_of(layout, [16] * 5 + [17] + [16] * 3) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert chunks_of(layout, [1] * 9) == [list(range(9))]


def test_a_chunk_never_crosses_notes():
    layout = lay("aa.", "", "bb.", "cc. dd.")
    assert chunks_of(layout, [1] * 8) == [[0, 1], [2, 3], [4, 5, 6, 7]]


def test_a_chunk_is_read_if_one_of_its_sentences_is_wanted():
    layout = lay("aa. bb. cc. dd.")
    widths = [24] * 8
    both = [[0, 1, 2, 3], [4, 5, 6, 7]]
    for row, chunk in enumerate((0, 0, 1, 1)):
        assert chunks_of(layout, widths, np.arange(4) == row) == [both[chunk]]
    assert chunks_of(layout, widths, [False] * 4) == []


def test_a_long_sentence_is_cut_and_its_rest_shares_a_chunk_with_the_next():
    layout = lay("aa bb cc dd ee ff. gg.")
    assert chunks_of(layout, [40] * 7 + [1, 1]) == [[0, 1], [2, 3], [4, 5], [6, 7, 8]]
    assert chunks_of(layout, [40] * 7 + [1, 1], [False, True]) == [[6, 7, 8]]


def test_white_space_is_in_no_chunk():
    layout = lay("aa\n bb.")
    widths = [1 if word else 0 for word in words_of(layout)]
    assert tokens_of(chunks_of(layout, widths)) == np.flatnonzero(words_of(layout)).tolist()


SOME = st.lists(
    st.lists(st.integers(1, 40), min_size=1, max_size=5).map(
        lambda lengths: " ".join("word " * (length - 1) + "word." for length in lengths)
    )
    | st.just(""),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(SOME, st.randoms(use_true_random=False))
def test_chunks_of_any_notes(texts, random):
    layout = lay(*texts)
    widths = [random.randint(0, WORD_PIECES) for _ in layout.forms]
    everything = chunks_of(layout, widths)
    assert tokens_of(everything) == np.flatnonzero(widths).tolist()
    note_of = np.searchsorted(layout.notes, np.arange(len(widths)), side="right")
    for chunk in everything:
        assert 0 < sum(widths[token] for token in chunk) <= CHUNK_PIECES
        assert len(set(note_of[chunk])) == 1
    wanted = np.array([random.random() < 0.3 for _ in all_of(layout)], dtype=bool)
    kept = chunks_of(layout, widths, wanted)
    of_wanted = set(np.flatnonzero(np.repeat(wanted, np.diff(layout.sentences))).tolist())
    assert kept == [chunk for chunk in everything if of_wanted & set(chunk)]


# Scores


def test_every_word_of_a_wanted_sentence_is_scored_and_an_unread_one_is_not(encoder):
    layout = lay(*TEXTS)
    assert np.isfinite(read(encoder, *TEXTS)[words_of(layout)]).all()
    generator = np.random.default_rng(0)
    for share in (0.0, 0.1, 0.5):
        wanted = generator.random(len(layout.sentences) - 1) < share
        scores = read(encoder, *TEXTS, wanted=wanted)
        tokens = np.repeat(wanted, np.diff(layout.sentences))
        assert np.isfinite(scores[tokens & words_of(layout)]).all()
        was_read = ~np.isnan(scores).all(axis=1)
        pieces = encoder._pieces_of(layout, NLP.vocab.strings)
        in_chunks = tokens_of(chunk_sentences(layout, pieces, wanted))
        assert np.flatnonzero(was_read).tolist() == sorted(in_chunks)
        assert np.isnan(scores[~was_read]).all()
        if not share:
            assert not was_read.any()


def test_a_word_is_read_off_its_first_piece(encoder):
    text = "Threatened by WhatsApp, repeatedly."
    pieces = encoder._pieces_of(lay(text), NLP.vocab.strings)
    assert max(map(len, pieces)) > 1
    line = [START, *chain.from_iterable(pieces), END]
    ids, mask = np.zeros((2, 1, PADDED_TO), np.int64)
    ids[0, : len(line)], mask[0, : len(line)] = line, 1
    [expected] = encoder.session.run(None, {"ids": ids, "mask": mask})
    places = np.cumsum([1, *map(len, pieces)])[:-1]
    np.testing.assert_array_equal(read(encoder, text), expected[0, places])


def test_what_is_wanted_changes_no_score(encoder):
    layout, everything = lay(*TEXTS), read(encoder, *TEXTS)
    for row in range(0, len(layout.sentences) - 1, 7):
        scores = read(encoder, *TEXTS, wanted=np.arange(len(layout.sentences) - 1) == row)
        was_read = ~np.isnan(scores[:, 0])
        np.testing.assert_array_equal(scores[was_read], everything[was_read])


def test_a_note_scores_the_same_alone_and_among_others(encoder):
    together, layout = read(encoder, *TEXTS), lay(*TEXTS)
    for row, text in enumerate(TEXTS):
        start, end = layout.notes[row : row + 2]
        np.testing.assert_array_equal(read(encoder, text), together[start:end])


def test_the_number_of_chunks_read_at_once_changes_no_score(encoder, monkeypatch):
    expected = read(encoder, *TEXTS)
    monkeypatch.setattr("classifier.encoder.BATCH_PIECES", 100)
    np.testing.assert_array_equal(read(encoder, *TEXTS), expected)


def test_an_emptied_memory_of_words_changes_nothing(encoder, monkeypatch):
    expected = read(encoder, *TEXTS)
    monkeypatch.setattr("classifier.encoder.MEMO_WORDS", 0)
    for _ in range(2):
        np.testing.assert_array_equal(read(encoder, *TEXTS), expected)


def test_a_word_is_read_among_its_neighbours(encoder):
    plain, other = read(encoder, "He took her keys."), read(encoder, "He gave her keys.")
    assert (plain[3] != other[3]).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He said he would find her.", "She said she would find him."),
        ("Her husband takes his wages.", "His wife takes her wages."),
        ("Priya told her that Dave left.", "Dave told her that Priya left."),
        ("Mum says her son hit his sister.", "Dad says his daughter hit her brother."),
        ("Male, 34, rang at 21:04 about £40.", "Female, 71, rang at 03:15 about £900."),
        ("Mr Kowalski rang his bf.", "Ms Okafor rang her gf."),
    ],
)
def test_swapped_words_give_equal_scores(one, other, encoder):
    np.testing.assert_array_equal(read(encoder, one), read(encoder, other))


@pytest.mark.parametrize("name", AWKWARD)
def test_any_text_is_read(name, encoder):
    layout, scores = lay(AWKWARD[name]), read(encoder, AWKWARD[name])
    assert len(scores) == len(layout.forms)
    assert np.isnan(scores[~words_of(layout)]).all()


def test_a_long_note_is_read_to_its_end(encoder):
    layout = lay("He checks her phone every night. " * 1_000)
    wanted = np.arange(len(layout.sentences) - 1) >= len(layout.sentences) - 4
    scores = encoder.read(layout, NLP.vocab.strings, wanted)
    assert np.isfinite(scores[-21:]).all()
    assert np.isnan(scores[: -CHUNK_PIECES - 1]).all()


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_any_characters_are_read(encoder, text):
    assert len(read(encoder, text)) == len(lay(text).forms)


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_a_batch_without_tokens(texts, encoder):
    assert read(encoder, *texts).shape == (0, columns(encoder.labels)["all"].stop)


# Files


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ENCODER_FOLDER, tmp_path / "encoder")


def test_the_package_says_what_its_encoder_is():
    about = json.loads((ENCODER_FOLDER / "encoder.json").read_text(encoding="utf-8"))
    for name in FILES:
        with (ENCODER_FOLDER / name).open("rb") as content:
            assert hashlib.file_digest(content, "sha256").hexdigest() == about["sha256"][name]
    assert (ENCODER_FOLDER / "NOTICE.md").is_file()


def test_a_copy_of_the_encoder_says_the_same(folder, encoder):
    copy = load_encoder(folder, threads=1)
    assert copy.labels == encoder.labels
    np.testing.assert_array_equal(read(copy, TEXTS[0]), read(encoder, TEXTS[0]))


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file(name, folder):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ValueError) as error:
        load_encoder(folder)
    assert str(error.value) == f"{folder}: {name} was altered; install Unheard again"


def test_no_encoder_at_all(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        load_encoder(tmp_path / "encoder")
    assert str(error.value) == (
        f"no encoder at {tmp_path}/encoder; install Unheard again, or use --fast"
    )


def test_the_encoder_is_read_once_a_process(encoder):
    assert load_encoder() is encoder
    assert load_encoder(threads=0) is encoder
    assert load_encoder(ENCODER_FOLDER, 0) is encoder
