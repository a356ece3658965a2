from dataclasses import dataclass, field

import numpy as np
import pytest

from classifier.doc import make_docs, make_nlp
from classifier.encoder import columns
from classifier.phrases import lay_out
from training.held_out import STEP, UnseenReader, key_of, unseen_reader, write_held_out

NLP = make_nlp()
LABELS = ("threats", "isolation")
N_COLUMNS = columns(LABELS)["all"].stop
TEXTS = ["He shouts at her. She cries.\nNo reply.", "", "He takes her keys, daily.", "Fine. Fine."]


@dataclass
class StandIn:
    """Says of every word of a wanted sentence that it is 50, and keeps what was wanted."""

    labels: tuple[str, ...] = LABELS
    asked: list = field(default_factory=list)

    def read(self, layout, strings, wanted):
        self.asked.append(wanted.tolist())
        scores = np.full((len(layout.forms), N_COLUMNS), np.nan, np.float32)
        scores[np.repeat(wanted, np.diff(layout.sentences))] = 50
        return scores


def lay(*texts):
    return lay_out(make_docs(texts, NLP))


def some_scores(layout, size=5.0):
    generator = np.random.default_rng(0)
    return (generator.normal(size=(len(layout.forms), N_COLUMNS)) * size).astype(np.float32)


def read(reader, layout, wanted=None):
    every = np.ones(len(layout.sentences) - 1, dtype=bool)
    return reader.read(layout, NLP.vocab.strings, every if wanted is None else np.array(wanted))


@pytest.fixture
def file(tmp_path):
    """Scores of the first three notes."""
    layout = lay(*TEXTS)
    write_held_out(layout, some_scores(layout), np.arange(3), tmp_path / "scores.npz")
    return tmp_path / "scores.npz"


def test_scores_come_back_within_half_a_step(file):
    layout, encoder = lay(*TEXTS), StandIn()
    reader = unseen_reader(encoder, file)
    end = layout.notes[3]
    found = read(reader, layout)
    assert found.dtype == np.float32
    assert reader.labels == LABELS
    assert np.abs(found[:end] - some_scores(layout)[:end]).max() <= STEP / 2


def test_scores_are_kept_to_the_ends_of_8_bits_and_white_space_as_0(tmp_path):
    layout = lay("He shouts")
    scores = np.tile(np.array([[1e6], [-1e6]], np.float32), N_COLUMNS)
    scores[0, 0] = np.nan
    write_held_out(layout, scores, np.arange(1), tmp_path / "scores.npz")
    found = read(unseen_reader(StandIn(), tmp_path / "scores.npz"), layout)
    assert found[:, 0].tolist() == [0, -127 * STEP]
    assert found[:, 1].tolist() == [127 * STEP, -127 * STEP]


def test_a_note_is_known_in_any_order_and_batch(file):
    before, layout = lay(*TEXTS), lay(TEXTS[2], "He shouts at her.", TEXTS[0])
    found = read(unseen_reader(StandIn(), file), layout)
    scores = some_scores(before)
    for row, original in ((0, 2), (2, 0)):
        one, other = (
            array[where.notes[place] : where.notes[place + 1]]
            for array, where, place in ((found, layout, row), (scores, before, original))
        )
        assert np.abs(one - other).max() <= STEP / 2
    assert (found[layout.notes[1] : layout.notes[2]] == 50).all()


def test_only_notes_that_are_not_recorded_are_asked_of_the_encoder(file):
    layout, encoder = lay(*TEXTS), StandIn()
    scores = read(unseen_reader(encoder, file), layout)
    notes = layout.note_of_sentence
    assert encoder.asked == [(notes == 3).tolist()]
    assert (scores[layout.notes[3] :] == 50).all()


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: text + " Now."])
def test_a_note_with_other_words_is_another_note(change, file):
    layout, encoder = lay(change(TEXTS[2])), StandIn()
    assert (read(unseen_reader(encoder, file), layout) == 50).all()


def test_a_note_of_the_same_words_is_the_same_note():
    one, other = lay("He shouts.", "x"), lay("", "y", "He shouts.")
    assert key_of(one, 0) == key_of(other, 2) != key_of(one, 1)
    assert len(key_of(one, 0)) == 8


@pytest.mark.parametrize("row", range(7))
def test_sentences_that_are_not_wanted_stay_unread(row, file):
    layout = lay(*TEXTS[1:], TEXTS[0])
    wanted = np.arange(len(layout.sentences) - 1) == row
    scores = read(unseen_reader(StandIn(), file), layout, wanted)
    tokens = np.repeat(wanted, np.diff(layout.sentences))
    assert np.isfinite(scores[tokens]).all()
    assert np.isnan(scores[~tokens]).all()


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_a_batch_without_tokens(texts, file):
    assert read(unseen_reader(StandIn(), file), lay(*texts)).shape == (0, N_COLUMNS)


def test_the_same_scores_give_the_same_bytes(file, tmp_path):
    layout = lay(*TEXTS)
    write_held_out(layout, some_scores(layout), np.arange(3), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == file.read_bytes()


def test_the_package_encoder_reads_what_is_not_recorded(encoder):
    layout = lay(TEXTS[0])
    reader = UnseenReader(encoder, {})
    every = np.ones(3, dtype=bool)
    expected = encoder.read(layout, NLP.vocab.strings, every)
    np.testing.assert_array_equal(read(reader, layout), expected)


# Files


def test_no_scores_at_all(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        unseen_reader(StandIn(), tmp_path / "scores.npz")
    assert str(error.value) == (
        f"no held-out scores at {tmp_path}/scores.npz; make them, and the encoder, with: "
        "python -m training.encoder"
    )


def test_scores_of_another_encoder(file):
    with pytest.raises(ValueError) as error:
        unseen_reader(StandIn(labels=("threats",)), file)
    assert str(error.value) == (
        "scores.npz is not of this encoder; make both again with: python -m training.encoder"
    )
