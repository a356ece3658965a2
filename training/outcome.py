"""What a model says of notes it has not seen, beside what people marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from classifier.context import AFFIRMED
from classifier.doc import make_docs
from classifier.evidence import BATCH_NOTES, find_all
from classifier.findings import NoteEvidence
from classifier.model import Model
from classifier.note import Note
from classifier.phrases import lay_out
from training.held_out import UnseenReader, as_unseen
from training.probes import probe_changes, remove_highlights
from training.targets import marks_to_targets

SUITE_NOT_RUN = "the functional suite was not run: {}"
"""What figures say where there is no suite."""


@dataclass(frozen=True)
class Outcome:
    """What a model said of notes it has not seen, beside what people marked.

    Parameters
    ----------
    found : tuple of NoteEvidence
        One for each note.
    affirmed, affirmed_marked : ndarray of shape (n_phrases, n_labels)
        Scores of affirmed evidence, and whether people marked it.
    contexts : ndarray of shape (n_marked_phrases, 2)
        Rows of ``CONTEXTS``, marked and likeliest, of the phrases that people marked.
    changes : dict of str to ndarray of shape (n_notes,)
        From `training.probes.probe_changes`.
    removals : ndarray of shape (n_pairs, 6)
        From `training.probes.remove_highlights`.
    functional : mapping
        From `run_functional_suite`.
    """

    found: tuple[NoteEvidence, ...]
    affirmed: np.ndarray
    affirmed_marked: np.ndarray
    contexts: np.ndarray
    changes: Mapping[str, np.ndarray]
    removals: np.ndarray
    functional: Mapping[str, object] = field(default_factory=dict)


def score_unseen(
    model: Model,
    notes: Sequence[Note],
    *,
    seed: int,
    probe: bool = True,
    tell: Callable[[str], None] = lambda stage: None,
) -> Outcome:
    """Let a model say what it finds in notes it has not seen.

    Parameters
    ----------
    model : Model
        Trained on other notes.
    notes : sequence of Note
        Marked by people.
    seed : int
        For changes of notes.
    probe : bool
        Whether invariance, faithfulness and the functional suite are measured.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    Outcome
        For `training.evaluate.measure_outcomes`.

    Raises
    ------
    ValueError
        If there are no notes, or a mark has a label that the model does not know.
    """
    if not notes:
        raise ValueError("nothing to measure; give marked notes that the model has not seen")
    model = as_unseen(model)
    tell("scoring")
    affirmed, marked, contexts = _score_phrases(model, notes)
    found = tuple(find_all(notes, model))
    if not probe:
        return Outcome(found, affirmed, marked, contexts, {}, np.zeros((0, 6)))
    asked = model
    if isinstance(model.reader, UnseenReader):
        # Changed notes are not among those whose scores were kept: one encoder must read both.
        asked = replace(model, reader=model.reader.encoder)
    before = found if asked is model else tuple(find_all(notes, asked))
    changes = probe_changes(asked, before, seed=seed, tell=tell)
    tell("faithfulness")
    removals = remove_highlights(asked, before, seed=seed)
    tell("functional suite")
    functional = run_functional_suite(asked)
    return Outcome(found, affirmed, marked, contexts, changes, removals, functional)


def _score_phrases(
    model: Model, notes: Sequence[Note]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the scores of phrases, whether people marked them, and both contexts."""
    affirmed, marked, contexts = [], [], []
    for start in range(0, len(notes), BATCH_NOTES):
        batch = notes[start : start + BATCH_NOTES]
        docs = make_docs([note.text for note in batch], model.nlp)
        layout = lay_out(docs)
        targets = marks_to_targets(batch, docs, layout, model.label_set.ids)
        scores = model.score(layout)
        affirmed.append(scores.labels * scores.contexts[:, [AFFIRMED]])
        marked.append(targets.phrases & (targets.phrase_contexts == AFFIRMED)[:, None])
        rows = np.flatnonzero(targets.phrase_contexts >= 0)
        likeliest = scores.contexts[rows].argmax(axis=1)
        contexts.append(np.stack([targets.phrase_contexts[rows], likeliest], axis=1))
    return np.concatenate(affirmed), np.concatenate(marked), np.concatenate(contexts)


def run_functional_suite(model: Model) -> dict[str, object]:
    """Put the hand-written functional cases to a model, if they are there.

    Parameters
    ----------
    model : Model
        Any model.

    Returns
    -------
    dict
        What ``training.functional.measure_functional`` gives, with ``run``; or ``run`` false and
        ``why``.
    """
    try:
        from training.functional import measure_functional

        results = measure_functional(model)
    except (ImportError, FileNotFoundError):
        return {"run": False, "why": SUITE_NOT_RUN.format("its cases are not installed")}
    if not results.get("cases"):
        return {"run": False, "why": SUITE_NOT_RUN.format("it holds no cases")}
    return {"run": True, **results}
