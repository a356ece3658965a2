"""The comparison with other ways: its keyword list, its parts and its measuring; no training."""

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from classifier.labels import load_labels
from classifier.note import Mark, Note

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import peers
import rivals
from rivals import measuring
from rivals.keywords import needle_of, pattern_of, read_keywords
from rivals.keywords import train as train_keywords
from rivals.parts import divide, group_of
from rivals.said import Said

LABELS = ("monitoring", "economic_abuse")
NOTES = [
    Note("1", "he checks her phone", (Mark(3, 19, "monitoring"),)),
    Note("2", "she has no money", (Mark(8, 16, "economic_abuse"),)),
    Note("3", "all quiet"),
    Note("4", "no threats", (Mark(3, 10, "monitoring", "negated"),)),
]
SCORES = np.array([[0.9, 0.1], [0.2, 0.8], [0.1, 0.3], [0.95, 0.2]])
EVIDENCE = np.array([0.9, 0.4, 0.1, 0.6])
SPANS = [[Mark(10, 19, "monitoring")], [], [], [Mark(0, 10, "economic_abuse")]]


def train_toy(notes, labels, settings):
    """Say what was written above, whatever is asked; the setting 2 turns the scores round."""
    for setting in settings:
        scores = 1 - SCORES if setting == 2 else SCORES
        yield setting, lambda notes, thresholds, s=scores: Said(s, EVIDENCE, SPANS)


def test_every_label_has_keywords_from_sources_with_a_reference():
    sources, tables = read_keywords()
    assert tuple(tables) == load_labels().ids
    for terms in tables.values():
        assert set(terms) <= set(sources)
        assert sum(map(len, terms.values())) >= 5
    assert all(sources.values())
    assert sum(len(group) for terms in tables.values() for group in terms.values()) >= 150


def test_no_keyword_is_twice_under_a_label_or_says_nothing():
    for terms in read_keywords()[1].values():
        every = [term for group in terms.values() for term in group]
        assert len(set(every)) == len(every)
        assert all(term == term.lower().strip() and len(needle_of(term)) > 1 for term in every)


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("isolat*", "Felt ISOLATED.", True),
        ("isolat*", "misolated", False),
        ("nfa", "NFA", True),
        ("nfa", "unfair", False),
        ("check* _ phone", "checking her\nphone", True),
        ("check* _ phone", "check phone", False),
        ("won't let _ see", "won’t let her see", True),
        ("self-harm", "self-harmed", False),
    ],
)
def test_keyword_matches_whole_words(term, text, found):
    assert bool(pattern_of(term).search(text)) is found
    assert needle_of(term) in text.lower() or not found


def test_keywords_count_different_terms_and_show_every_hit():
    [(_, read)] = train_keywords([], ("threats",), (0.0,))
    notes = [Note("1", "Threat after threat, a threat to stab."), Note("2", "Quiet.")]
    said = read(notes, np.array([1.0]))
    assert said.scores.tolist() == [[2.0], [0.0]]
    assert [(s.start, s.end) for s in said.spans[0]] == [(0, 6), (13, 19), (23, 29), (33, 37)]
    assert said.spans[1] == []
    assert read(notes, np.array([3.0])).spans[0] == []


def test_figures_of_a_toy_are_those_worked_out_by_hand():
    said, thresholds = Said(SCORES, EVIDENCE, SPANS), np.array([0.5, 0.5])
    draws = measuring.measure(said, NOTES, LABELS, thresholds, np.ones((1, 4)))
    # monitoring: note 4 (denied) stands above note 1, 1/2; economic abuse: note 2 is first, 1.
    assert draws.mean_average_precision == pytest.approx([3 / 4])
    # monitoring: notes 1 and 4 shown, 1 marked, 2/3; economic abuse: note 2, 1.
    assert draws.macro_f1 == pytest.approx([5 / 6])
    # Of four pairs of a note with and one without evidence, 2 and 4 stand the wrong way round.
    assert draws.any_evidence_auc == pytest.approx([3 / 4])
    # 3 + 2 words marked, 2 + 2 shown, 2 of them right.
    assert draws.token_f1 == pytest.approx([4 / 9])


def test_way_without_phrases_has_no_token_figure():
    draws = measuring.measure(
        Said(SCORES, EVIDENCE), NOTES, LABELS, np.ones(2), np.ones((1, len(NOTES)))
    )
    assert draws.token_f1 is None


def test_threshold_stands_half_way_below_the_best_score():
    truth = np.array([[1, 0], [0, 1], [0, 0], [0, 0]], dtype=bool)
    chosen = measuring.choose_thresholds(SCORES, truth)
    assert chosen == pytest.approx([(0.9 + 0.2) / 2, (0.8 + 0.3) / 2])


def test_nothing_is_shown_of_a_label_that_no_note_holds_or_no_score_tells():
    truth = np.array([[1, 0], [0, 0]], dtype=bool)
    chosen = measuring.choose_thresholds(np.array([[0.0, 0.5], [0.0, 0.9]]), truth)
    assert np.isinf(chosen).all()


def test_toy_goes_the_whole_way_and_its_better_setting_is_chosen(monkeypatch):
    toy = rivals.Rival("a toy", f"{__name__}:train_toy", (2.0, 1.0))
    monkeypatch.setitem(rivals.RIVALS, "tfidf", toy)
    parts = SimpleNamespace(rest=NOTES, fit=NOTES, choosing=NOTES, held_out=NOTES)
    result = json.loads(json.dumps(peers.learn_and_read("tfidf", parts, LABELS, epochs=1)))
    assert result["setting"] == 1.0
    assert result["thresholds"] == pytest.approx([0.55, 0.55])
    again = peers.to_said(result)
    draws = measuring.measure(
        again, NOTES, LABELS, peers.to_thresholds(result["thresholds"]), np.ones((1, 4))
    )
    assert draws.token_f1 == pytest.approx([4 / 9])
    assert peers.ratios(draws, draws)["macro_f1"]["value"] == 1.0


def test_no_author_is_in_two_parts(corpus):
    parts = divide(corpus, peers.HOLD, share=1.0, seed=0)
    by_part = [{group_of(note) for note in one} for one in (parts.fit, parts.choosing)]
    assert by_part[0] & by_part[1] == set()
    assert (by_part[0] | by_part[1]) & set(peers.HOLD) == set()
    assert {group_of(note) for note in parts.held_out} == set(peers.HOLD)
    assert {note.meta["unit"] for note in (*parts.choosing, *parts.held_out)} == {"note"}


def test_unknown_group_to_hold_out_is_named(corpus):
    with pytest.raises(ValueError, match=r"no whole notes of nobody; there are dr, "):
        divide(corpus, ["nobody"], share=1.0, seed=0)


def test_every_way_is_where_the_list_says():
    for rival in rivals.RIVALS.values():
        module, _, function = rival.place.partition(":")
        assert callable(getattr(importlib.import_module(module), function))
    assert rivals.ANCHOR in rivals.RIVALS


def test_table_goes_between_its_markers_and_again(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(f"before\n{peers.BEGIN}\nold\n{peers.END}\nafter\n", encoding="utf-8")
    for table in ("| one |", "| two |"):
        peers.put_between_markers(page, table)
    text = page.read_text(encoding="utf-8")
    assert text == f"before\n{peers.BEGIN}\n\n| two |\n\n{peers.END}\nafter\n"
    assert peers.BEGIN in peers.README.read_text(encoding="utf-8")


def test_readme_without_markers_is_left_alone(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the marker"):
        peers.put_between_markers(page, "| one |")
    assert page.read_text(encoding="utf-8") == "nothing"
