"""How far two people who marked the same notes agree."""

from __future__ import annotations

from collections.abc import Sequence

import krippendorff
import numpy as np

from classifier.note import Note
from training.corpus import SYNTHETIC, read_corpus
from training.measures import measure_spans, plain
from training.probes import affirmed_labels

SECOND_PASS = SYNTHETIC / "second_pass" / "marks.jsonl"
"""A tenth of the corpus, marked again by others who saw neither the first marks nor each other."""


def pair_up(first: Sequence[Note], second: Sequence[Note]) -> list[tuple[Note, Note]]:
    """Put the two markings of each note side by side.

    Parameters
    ----------
    first, second : sequence of Note
        Marked notes; those that only one of the two marked are left out.

    Returns
    -------
    list of (Note, Note)
        In the order of `second`.

    Raises
    ------
    ValueError
        If the same id stands for two texts.
    """
    by_id = {note.id: note for note in first}
    pairs = [(by_id[note.id], note) for note in second if note.id in by_id]
    for one, other in pairs:
        if one.text != other.text:
            raise ValueError(
                f"note {one.id!r}: the two markings are of different texts; mark the same file"
            )
    return pairs


def measure_agreement(
    pairs: Sequence[tuple[Note, Note]], labels: Sequence[str]
) -> dict[str, object]:
    """Measure how far two markings agree.

    Parameters
    ----------
    pairs : sequence of (Note, Note)
        From `pair_up`.
    labels : sequence of str
        Ids.

    Returns
    -------
    dict
        ``units``; ``any_evidence`` and ``labels``, each with ``token_f1``, ``exact_f1`` and
        ``overlap_f1`` of affirmed spans (symmetric, so neither marker is the reference) and
        ``alpha``, Krippendorff's alpha [1]_ of whether a unit holds affirmed evidence: 1 is
        agreement, 0 what chance would give, None where nobody marked anything.

    References
    ----------
    .. [1] K. Krippendorff, "Content Analysis", 4th ed., SAGE 2018, chapter 12.
    """
    texts = [one.text for one, _ in pairs]
    spans = measure_spans(
        texts, [one.marks for one, _ in pairs], [other.marks for _, other in pairs], labels
    )
    holds = np.array(
        [
            [[label in affirmed_labels(note.marks) for label in labels] for note in pair]
            for pair in pairs
        ]
    )
    return {
        "units": len(pairs),
        "any_evidence": _f1(spans["any_evidence"]) | {"alpha": _alpha(holds.any(axis=2))},
        "labels": {
            label: _f1(spans["labels"][label]) | {"alpha": _alpha(holds[:, :, column])}
            for column, label in enumerate(labels)
        },
    }


def _f1(figures: dict[str, dict[str, float | None]]) -> dict[str, float | None]:
    """Keep the F1 of three measures."""
    return {f"{name}_f1": figures[name]["f1"] for name in ("token", "exact", "overlap")}


def nominal_alpha(counts: np.ndarray) -> float:
    """Compute Krippendorff's alpha of answers without order, some of which may be missing.

    Parameters
    ----------
    counts : ndarray of shape (n_units, n_answers)
        How many people gave each answer; a unit with fewer than two answers does not count.

    Returns
    -------
    float
        At most 1; not a number where no unit has two answers or all answers are the same.
    """
    paired = counts[counts.sum(axis=1) > 1].astype(int)
    if np.count_nonzero(paired.any(axis=0)) < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=paired, level_of_measurement="nominal"))


def cohen_kappa(tables: np.ndarray) -> np.ndarray:
    """Compute Cohen's kappa from tables of two readers' answers.

    As `sklearn.metrics.cohen_kappa_score`, but of all bootstrap samples at once.

    Parameters
    ----------
    tables : ndarray of shape (..., n_answers, n_answers)
        Notes, or their weights, by what the first and the second reader answered.

    Returns
    -------
    ndarray of shape (...)
        At most 1; not a number where both gave one and the same answer throughout.

    Examples
    --------
    >>> float(cohen_kappa(np.array([[20, 5], [10, 15]])).round(2))
    0.4
    """
    n = tables.sum(axis=(-2, -1))
    by_chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1)
    agreed = np.trace(tables, axis1=-2, axis2=-1) * n
    left = np.asarray(n * n - by_chance, dtype=float)
    return np.divide(agreed - by_chance, left, out=np.full_like(left, np.nan), where=left > 0)


def _alpha(holds: np.ndarray) -> float | None:
    """Compute alpha of answers yes and no of shape (n_units, 2)."""
    yes = holds.sum(axis=1)
    return plain(nominal_alpha(np.stack([yes, holds.shape[1] - yes], axis=1)))


def measure_second_pass(labels: Sequence[str]) -> dict[str, object]:
    """Measure the agreement of the corpus with its blind second pass.

    Parameters
    ----------
    labels : sequence of str
        Ids.

    Returns
    -------
    dict
        As from `measure_agreement`.
    """
    return measure_agreement(pair_up(read_corpus(), read_corpus(SECOND_PASS)), labels)
