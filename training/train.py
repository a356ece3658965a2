"""Read this first: from marked notes to a calibrated model with thresholds."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
from sklearn.model_selection import GroupKFold
from spacy.language import Language
from spacy.tokens import Doc

from classifier.calibration import Calibration
from classifier.doc import make_docs, make_nlp
from classifier.encoder import Reader
from classifier.features import learn_vocabulary
from classifier.labels import LabelSet
from classifier.model import Model
from classifier.note import CONTEXTS, Note
from classifier.phrases import lay_out
from training.calibrate import HeldOut, calibrate, score_held_out
from training.corpus import note_to_record
from training.fit import fit_heads
from training.targets import marks_to_targets

FOLDS = 4
"""Author groups are held out in this many parts to calibrate and to choose thresholds."""

EXAMPLES_PER_LABEL = 400
"""Marked phrases of each label that the model keeps to show what a finding looks like."""

LIBRARIES = ("unheard", "numpy", "scipy", "scikit-learn", "spacy", "simplemma")


def train(
    notes: Sequence[Note],
    label_set: LabelSet,
    *,
    reader: Reader | None = None,
    seed: int = 0,
    keep_examples: bool = True,
    tell: Callable[[str], None] = lambda stage: None,
) -> Model:
    """Train a model on marked notes.

    The author groups (``meta["group"]``) that hold whole notes are held out in turn; what the
    others teach about them gives the calibration, the thresholds and the figures in the
    manifest. The model itself then learns from all notes.

    Parameters
    ----------
    notes : sequence of Note
        Whole notes and single sentences (``meta["unit"]``).
    label_set : LabelSet
        The labels to learn.
    reader : classifier.encoder.Reader, optional
        The sentence encoder. Of held-out notes it must say what an encoder says that has not
        seen them: give it as `training.held_out.unseen_reader` does.
    seed : int
        For the choice of examples; the estimators themselves are not random.
    keep_examples : bool
        Whether marked phrases are kept in the model to explain findings. They are words of the
        training notes: say no if those must not travel with the model.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    Model
        With ``manifest`` entries ``versions``, ``data``, ``metrics`` and ``seed``.

    Raises
    ------
    ValueError
        If the notes hold no marks, too few notes to hold any out, or a label not in the set.
    """
    if not any(note.marks for note in notes):
        raise ValueError(
            f"training needs marked phrases; {len(notes)} notes hold none. "
            "Are the spans in the file, and is data/synthetic complete?"
        )
    tell("preprocessing")
    nlp = make_nlp()
    docs = make_docs([note.text for note in notes], nlp)
    parts = hold_out(notes, docs, label_set, nlp, reader=reader, tell=tell)
    tell("all notes together")
    model = _fit(notes, docs, label_set, nlp)
    model, metrics = calibrate_model(model, [part.said for part in parts], reader)
    return replace(
        model,
        examples=choose_examples(notes, label_set.ids, seed=seed) if keep_examples else [],
        manifest={
            **model.manifest,
            "versions": _versions(),
            "data": describe_data(notes),
            "metrics": metrics,
            "seed": seed,
        },
    )


@dataclass(frozen=True)
class Part:
    """Notes that were held out, and a model that has not seen their authors.

    Parameters
    ----------
    model : Model
        Not calibrated.
    notes : ndarray
        Rows of the notes held out.
    said : HeldOut
        What the model says of them.
    """

    model: Model
    notes: np.ndarray
    said: HeldOut


def hold_out(
    notes: Sequence[Note],
    docs: Sequence[Doc],
    label_set: LabelSet,
    nlp: Language,
    *,
    reader: Reader | None = None,
    tell: Callable[[str], None] = lambda stage: None,
) -> list[Part]:
    """Hold author groups out in turn, and let models fitted to the others score their notes.

    Parameters
    ----------
    notes, docs : sequence
        Whole notes and single sentences, and their docs.
    label_set : LabelSet
        The labels to learn.
    nlp : spacy.language.Language
        The pipeline that made the docs.
    reader : classifier.encoder.Reader, optional
        As `train` takes it.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    list of Part
        In the order of `split_by_author`.
    """
    folds = split_by_author(notes)
    parts = []
    for number, (training, testing) in enumerate(folds, start=1):
        tell(f"held-out part {number} of {len(folds)}")
        model = _fit(_take(notes, training), _take(docs, training), label_set, nlp)
        model = replace(model, reader=reader)
        said = score_held_out(_take(notes, testing), _take(docs, testing), model)
        parts.append(Part(model, testing, said))
    return parts


def calibrate_model(
    model: Model, parts: Sequence[HeldOut], reader: Reader | None
) -> tuple[Model, dict[str, object]]:
    """Give a model the calibration and thresholds that held-out notes ask for.

    Parameters
    ----------
    model : Model
        Not calibrated.
    parts : sequence of HeldOut
        What models of the same kind said of notes they have not seen.
    reader : classifier.encoder.Reader, optional
        As `train` takes it.

    Returns
    -------
    model : Model
        Ready to score; its manifest holds the thresholds for words alone.
    metrics : dict
        Figures over the held-out notes.
    """
    words = calibrate(parts, model.label_set.ids)
    if reader is None:
        return (
            replace(model, calibration=words.calibration, thresholds=words.thresholds),
            words.metrics,
        )
    both = calibrate(parts, model.label_set.ids, with_reader=True)
    calibrated = replace(
        model,
        calibration=words.calibration,
        reader=reader,
        reader_calibration=both.calibration,
        thresholds=both.thresholds,
        manifest={"fast_thresholds": words.thresholds},
    )
    return calibrated, both.metrics | {"words_alone": words.metrics}


def split_by_author(notes: Sequence[Note]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Hold out the author groups of whole notes in turn; single sentences always train.

    Parameters
    ----------
    notes : sequence of Note
        With ``meta["group"]``; a note without one is a group of its own.

    Returns
    -------
    list of (ndarray, ndarray)
        Rows for training and for testing, ``FOLDS`` times or once a group if there are fewer.

    Raises
    ------
    ValueError
        If fewer than two groups hold whole notes.
    """
    groups = np.array([str(note.meta.get("group", note.id)) for note in notes])
    whole = np.array([note.meta.get("unit", "note") == "note" for note in notes], dtype=bool)
    names = sorted(set(groups[whole]))
    if len(names) < 2:
        raise ValueError(
            f"training needs whole notes of two or more author groups, found {len(names)}; "
            "give each note a meta.group, or none at all so that every note stands alone"
        )
    rows = np.flatnonzero(whole)
    splits = GroupKFold(min(FOLDS, len(names))).split(rows, groups=groups[rows])
    held_out = [rows[testing] for _, testing in splits]
    return [
        (np.flatnonzero(~np.isin(groups, np.unique(groups[testing]))), testing)
        for testing in held_out
    ]


def choose_examples(
    notes: Sequence[Note], labels: Sequence[str], *, seed: int
) -> list[dict[str, str]]:
    """Choose marked phrases to show beside findings ("looks like: …").

    Parameters
    ----------
    notes : sequence of Note
        Marked notes.
    labels : sequence of str
        Ids.
    seed : int
        The choice is repeatable from it.

    Returns
    -------
    list of dict
        ``label``, ``context`` and ``text``; at most ``EXAMPLES_PER_LABEL`` of each label.
    """
    generator = np.random.default_rng(seed)
    examples = []
    for label in labels:
        phrases = sorted(
            {
                (mark.context, note.text[mark.start : mark.end])
                for note in notes
                for mark in note.marks
                if mark.label == label
            }
        )
        n_chosen = min(EXAMPLES_PER_LABEL, len(phrases))
        for row in sorted(generator.choice(len(phrases), n_chosen, replace=False).tolist()):
            context, text = phrases[row]
            examples.append({"label": label, "context": context, "text": text})
    return examples


def describe_data(notes: Sequence[Note]) -> dict[str, object]:
    """Count the training notes and give their digest.

    Parameters
    ----------
    notes : sequence of Note
        In the order they were read.

    Returns
    -------
    dict
        ``notes``, ``sentences``, ``marks``, ``groups`` and ``sha256``.
    """
    lines = [json.dumps(note_to_record(note), sort_keys=True) for note in notes]
    units = Counter(str(note.meta.get("unit", "note")) for note in notes)
    groups = Counter(str(note.meta.get("group", "")) for note in notes)
    return {
        "notes": units["note"],
        "sentences": units["sentence"],
        "marks": sum(len(note.marks) for note in notes),
        "groups": dict(sorted(groups.items())) if len(groups) <= 100 else len(groups),
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }


def _fit(notes: Sequence[Note], docs: Sequence[Doc], label_set: LabelSet, nlp: Language) -> Model:
    """Fit a model that is not calibrated yet."""
    layout = lay_out(docs)
    targets = marks_to_targets(notes, docs, layout, label_set.ids)
    vocabulary = learn_vocabulary(layout, nlp.vocab.strings)
    return Model(
        label_set=label_set,
        vocabulary=vocabulary,
        heads=fit_heads(layout, targets, vocabulary, nlp.vocab.strings),
        calibration=_uncalibrated(len(label_set.ids)),
        thresholds={},
        nlp=nlp,
    )


def _uncalibrated(n_labels: int) -> Calibration:
    """Leave the scores of words as they are."""
    n_contexts = len(CONTEXTS)
    return Calibration(
        labels=np.tile([1.0, 0.0], (n_labels, 1)),
        contexts=np.vstack([np.eye(n_contexts), np.zeros(n_contexts)]),
        evidence=np.array([1.0, 0.0]),
    )


def _take(items: Sequence, rows: np.ndarray) -> list:
    """Take the items of these rows."""
    return [items[row] for row in rows]


def _versions() -> dict[str, str]:
    """Name the versions of everything that shapes a model."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}
