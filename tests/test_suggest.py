import numpy as np
import pytest
import scipy.sparse as sp

from classifier.evidence import find_all
from classifier.note import Note
from training.corpus import read_corpus, write_corpus
from training.inline import write_inline
from training.suggest import choose_apart, describe_notes, suggest, to_mark


@pytest.fixture(scope="module")
def unmarked(corpus):
    whole = [note for note in corpus if note.meta["unit"] == "note"][200:360]
    return [Note(note.id, note.text, meta={"team": "C"}) for note in whole]


@pytest.fixture(scope="module")
def chosen(unmarked, tiny_model):
    return suggest(unmarked, tiny_model, n=20, seed=1)


def test_as_many_different_notes_as_asked_for(chosen, unmarked):
    ids = [one.note.id for one in chosen]
    assert len(ids) == len(set(ids)) == 20
    assert set(ids) <= {note.id for note in unmarked}


def test_a_tenth_is_drawn_by_chance(chosen):
    assert [one.reason.startswith("drawn by chance") for one in chosen] == [False] * 18 + [True] * 2


def test_the_choice_is_repeatable_from_its_seed(chosen, unmarked, tiny_model):
    assert suggest(unmarked, tiny_model, n=20, seed=1) == chosen
    assert suggest(unmarked, tiny_model, n=20, seed=2) != chosen


def test_chosen_notes_are_more_uncertain_than_others(chosen, unmarked, tiny_model):
    def margin(evidence):
        return min(
            abs(np.log(max(score, 1e-6) / tiny_model.thresholds[label]))
            for label, score in evidence.scores.items()
        )

    ids = {one.note.id for one in chosen[:18]}
    found = list(find_all(unmarked, tiny_model))
    inside = [margin(evidence) for evidence in found if evidence.note.id in ids]
    outside = [margin(evidence) for evidence in found if evidence.note.id not in ids]
    assert np.median(inside) <= np.median(outside)


def test_the_first_is_the_most_uncertain_and_copies_are_not_chosen_twice():
    rows = sp.csr_matrix([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    assert choose_apart(rows, np.array([0.5, 1.0, 0.4, 0.4]), 3) == [1, 2, 3]
    assert choose_apart(rows, np.array([0.5, 1.0, 0.4, 0.4]), 4)[-1] == 0


def test_a_copied_note_comes_last(unmarked, tiny_model):
    doubled = [*unmarked[:10], Note("copy", unmarked[0].text)]
    ids = [one.note.id for one in suggest(doubled, tiny_model, n=9)]
    assert not {"copy", unmarked[0].id} <= set(ids)


def test_notes_are_described_by_rows_of_length_one(unmarked, tiny_model):
    rows = describe_notes([*unmarked[:30], Note("none", "")], tiny_model)
    assert rows.shape[0] == 31
    lengths = sp.linalg.norm(rows, axis=1)
    np.testing.assert_allclose(lengths[:30], 1)
    assert lengths[30] == 0


def test_reasons_name_label_and_scores_and_no_words(chosen, tiny_model):
    for one in chosen:
        label = one.reason.split(":")[0]
        assert label in tiny_model.label_set.ids or one.reason.startswith("drawn")
        assert one.note.text[:30] not in one.reason


def test_chosen_notes_go_to_people_without_findings_or_reasons(chosen, tmp_path):
    notes = to_mark(chosen)
    assert all(note.marks == () for note in notes)
    assert notes[0].meta == {"unit": "note", "team": "C"}
    write_corpus(notes, tmp_path / "next.jsonl")
    assert read_corpus(tmp_path / "next.jsonl") == notes
    write_inline(notes, tmp_path / "next.txt")


@pytest.mark.parametrize("texts", [["He shouts."], ["", ""], ["He shouts."] * 3])
def test_odd_files(texts, tiny_model):
    notes = [Note(str(i), text) for i, text in enumerate(texts)]
    assert len(suggest(notes, tiny_model, n=50)) == len(notes)


def test_nothing_to_choose(tiny_model):
    with pytest.raises(ValueError, match="there are no notes to choose from"):
        suggest([], tiny_model)
    with pytest.raises(ValueError, match="n must be 1 or more, got 0"):
        suggest([Note("a", "He shouts.")], tiny_model, n=0)
