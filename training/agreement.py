"""How far two people who marked the same notes agree."""

from __future__ import annotations

from collections.abc import Sequence

import krippendorff
import numpy as np

from classifier.note import Note
from training.corpus import SYNTHETIC, read_corpus
from training.measures import measure_spans
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


def _alpha(holds: np.ndarray) -> float | None:
    """Compute nominal alpha of answers of shape (n_units, 2)."""
    if holds.all() or not holds.any():
        return None
    alpha = krippendorff.alpha(holds.T.astype(int), level_of_measurement="nominal")
    return round(float(alpha), 4)


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
