"""Measures: how far the tool's findings, or a trainee's marks, agree with a person's marks.

First measures of spans, then of rankings and of calibration. Measures of rankings take weights of
shape (n_draws, n_notes), one row for each bootstrap draw, so that a figure and its interval come
from the same lines of code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
from scipy.optimize import linear_sum_assignment

from classifier.note import Extent

MATCH_IOU = 0.5
"""Words shared over words covered from which two spans match (ERASER [1]_ in `count_spans`)."""

MEASURES = ("token", "iou", "exact", "overlap")
"""What `count_spans` counts: words; spans alike enough; the same words; any word in common."""

FIGURES = ("precision", "recall", "f1")

BINS = 10
"""Bins of a reliability plot; each holds a tenth of the scores."""

ALMOST = 1e-9
"""How far sums of weights may be off a whole number."""

# Letters and digits with inner apostrophes; or signs that are no punctuation, such as £ or faces.
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s!-/:-@\[-`{-~‘’“”–—…•]+")


class Marked(Extent, Protocol):
    """Anything with a start, an end, a label and a context, such as a mark or a finding."""

    label: str
    context: str


def find_words(text: str) -> list[tuple[int, int]]:
    """Find the words of a text, without punctuation.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of (int, int)
        Start and end of each word in characters, in order.

    Examples
    --------
    >>> [text[start:end] for text in ["He won't, ever."] for start, end in find_words(text)]
    ['He', "won't", 'ever']
    """
    return [match.span() for match in _WORD.finditer(text)]


def count_spans(
    texts: Sequence[str],
    marks: Sequence[Iterable[Marked]],
    findings: Sequence[Iterable[Marked]],
    labels: Sequence[str],
    *,
    contexts: Collection[str] = ("affirmed",),
    words: Callable[[str], Sequence[tuple[int, int]]] = find_words,
) -> np.ndarray:
    """Count, note by note, what a person's marks and the tool's findings have in common.

    A span stands for the words it covers, also in part; punctuation and spaces at its ends do
    not matter. A mark matches at most one finding and a finding at most one mark; among the
    possible pairings the one with most matches counts. The same extent twice under a label
    counts once. For evidence of any kind, labels are left out of account.

    Parameters
    ----------
    texts : sequence of str
        The notes' texts.
    marks, findings : sequence of iterable of Marked
        For each text. Swap them, and precision and recall swap.
    labels : sequence of str
        Column order; spans of other labels count only as evidence of any kind.
    contexts : collection of str
        Spans in other contexts are left out. Where several are given, a span need not be in
        the same context to match.
    words : callable
        Gives starts and ends of the words of a text; that of a tokeniser will do.

    Returns
    -------
    ndarray of shape (n_notes, n_labels + 1, n_measures, 3)
        In both, found, marked; measures in the order of ``MEASURES``. The last column is evidence
        of any kind.

    References
    ----------
    .. [1] J. DeYoung et al., "ERASER: A Benchmark to Evaluate Rationalized NLP Models", ACL 2020.
       There a finding may match a mark that another finding has matched; here it may not.
    """
    counts = np.zeros((len(texts), len(labels) + 1, len(MEASURES), 3), dtype=np.int64)
    columns = {label: column for column, label in enumerate(labels)}
    for row, (text, marked, found) in enumerate(zip(texts, marks, findings, strict=True)):
        edges = np.array(words(text), dtype=np.intp).reshape(-1, 2)
        by_column = [_ranges(spans, edges, columns, contexts) for spans in (marked, found)]
        for column in set(by_column[0]) | set(by_column[1]):
            one, other = (ranges.get(column, set()) for ranges in by_column)
            counts[row, column] = _compare(sorted(one), sorted(other), len(edges))
    return counts


def _ranges(
    spans: Iterable[Marked],
    edges: np.ndarray,
    columns: Mapping[str, int],
    contexts: Collection[str],
) -> dict[int, set[tuple[int, int]]]:
    """Turn spans of characters into ranges of words, by column."""
    ranges: dict[int, set[tuple[int, int]]] = {}
    for span in spans:
        if span.context in contexts:
            first = int(np.searchsorted(edges[:, 1], span.start, side="right"))
            last = max(int(np.searchsorted(edges[:, 0], span.end, side="left")), first)
            for column in {columns.get(span.label, -1), -1}:
                ranges.setdefault(column, set()).add((first, last))
    return ranges


def _compare(
    marked: list[tuple[int, int]], found: list[tuple[int, int]], n_words: int
) -> list[list[int]]:
    """Count for every measure what is in both, found and marked."""
    covered = np.zeros((2, n_words), dtype=bool)
    for row, ranges in enumerate((found, marked)):
        for first, last in ranges:
            covered[row, first:last] = True
    tokens = [int(covered.all(axis=0).sum()), *covered.sum(axis=1).tolist()]
    a, b = (np.array(ranges, dtype=np.intp).reshape(-1, 2) for ranges in (marked, found))
    shared = np.minimum(a[:, None, 1], b[None, :, 1]) - np.maximum(a[:, None, 0], b[None, :, 0])
    shared = np.maximum(shared, 0)
    lengths = (a[:, 1] - a[:, 0])[:, None] + (b[:, 1] - b[:, 0])[None, :]
    matches = (
        shared >= MATCH_IOU * np.maximum(lengths - shared, 1),
        (a[:, None] == b[None, :]).all(axis=2),
        shared > 0,
    )
    return [tokens, *([_most_pairs(match), len(found), len(marked)] for match in matches)]


def _most_pairs(matches: np.ndarray) -> int:
    """Pair rows with columns so that as many pairs as possible match, and count these."""
    return int(matches[linear_sum_assignment(matches, maximize=True)].sum())


def precision_recall_f1(counts: np.ndarray) -> np.ndarray:
    """Give precision, recall and F1.

    Parameters
    ----------
    counts : ndarray of shape (..., 3)
        In both, found, marked; may be weighted sums.

    Returns
    -------
    ndarray of shape (..., 3)
        In [0, 1]; not a number where nothing was found (precision), marked (recall) or either.
    """
    both, found, marked = np.moveaxis(np.asarray(counts, dtype=float), -1, 0)
    return np.stack(
        [_ratio(both, found), _ratio(both, marked), _ratio(2 * both, found + marked)], axis=-1
    )


def span_figures(counts: np.ndarray) -> dict[str, np.ndarray]:
    """Turn sums of `count_spans` over notes into precision, recall and F1.

    Parameters
    ----------
    counts : ndarray of shape (..., n_labels + 1, n_measures, 3)
        Sums over notes.

    Returns
    -------
    dict of str to ndarray of shape (..., n_measures, 3)
        ``any_evidence``; ``micro``, all labels together; ``macro``, the mean over the labels that
        are marked at all; and ``labels`` (..., n_labels, n_measures, 3).
    """
    labels = precision_recall_f1(counts[..., :-1, :, :])
    is_marked = counts[..., :-1, :, 2] > 0
    # A marked label for which nothing was found has no precision; it counts as 0.
    values = np.where(is_marked[..., None], np.nan_to_num(labels), 0.0)
    return {
        "any_evidence": precision_recall_f1(counts[..., -1, :, :]),
        "micro": precision_recall_f1(counts[..., :-1, :, :].sum(axis=-3)),
        "macro": _ratio(values.sum(axis=-3), is_marked.sum(axis=-2)[..., None]),
        "labels": labels,
    }


def measure_spans(
    texts: Sequence[str],
    marks: Sequence[Iterable[Marked]],
    findings: Sequence[Iterable[Marked]],
    labels: Sequence[str],
    *,
    contexts: Collection[str] = ("affirmed",),
    words: Callable[[str], Sequence[tuple[int, int]]] = find_words,
) -> dict[str, object]:
    """Measure findings, or a trainee's marks, against a person's marks.

    Parameters
    ----------
    texts : sequence of str
        The notes' texts.
    marks, findings : sequence of iterable of Marked
        For each text.
    labels : sequence of str
        Column order.
    contexts : collection of str
        Spans in other contexts are left out.
    words : callable
        Gives starts and ends of the words of a text.

    Returns
    -------
    dict
        ``any_evidence``, ``micro`` and ``macro``, each with ``MEASURES`` and in these
        ``FIGURES``, and ``labels`` with the same for each label; None where there is nothing to
        measure.

    Examples
    --------
    >>> from classifier.note import Mark
    >>> text = "He checks her phone every night."
    >>> marks, findings = [Mark(3, 31, "monitoring")], [Mark(3, 19, "monitoring")]
    >>> figures = measure_spans([text], [marks], [findings], ["monitoring"])
    >>> figures["any_evidence"]["token"]
    {'precision': 1.0, 'recall': 0.6, 'f1': 0.75}
    >>> figures["labels"]["monitoring"]["iou"]["f1"], figures["micro"]["exact"]["f1"]
    (1.0, 0.0)
    """
    counts = count_spans(texts, marks, findings, labels, contexts=contexts, words=words)
    figures = span_figures(counts.sum(axis=0))
    by_label = dict(zip(labels, figures.pop("labels"), strict=True))
    return {
        **{name: _named(values) for name, values in figures.items()},
        "labels": {label: _named(values) for label, values in by_label.items()},
    }


def _named(values: np.ndarray) -> dict[str, dict[str, float | None]]:
    """Name the figures of each measure."""
    return {
        measure: {name: plain(value) for name, value in zip(FIGURES, row, strict=True)}
        for measure, row in zip(MEASURES, values, strict=True)
    }


def plain(value: float) -> float | None:
    """Round a figure for a file.

    Parameters
    ----------
    value : float
        May be not a number, for which JSON has no word.

    Returns
    -------
    float or None
        To four places: beyond them, machines may differ.
    """
    return round(float(value), 4) if np.isfinite(value) else None


def draw_weights(n_notes: int, resamples: int, *, seed: int) -> np.ndarray:
    """Draw bootstrap samples of notes: how often each note is in each.

    Parameters
    ----------
    n_notes : int
        Notes.
    resamples : int
        Samples.
    seed : int
        Makes them repeatable.

    Returns
    -------
    ndarray of shape (resamples + 1, n_notes)
        The first row is all ones: the notes as they are.
    """
    generator = np.random.default_rng(seed)
    draws = generator.multinomial(n_notes, np.full(n_notes, 1 / n_notes), size=resamples)
    return np.vstack([np.ones((1, n_notes)), draws])


def figure(values: np.ndarray) -> dict[str, object]:
    """Give a figure with its bootstrap interval.

    Parameters
    ----------
    values : ndarray of shape (resamples + 1,)
        First the figure itself; draws in which it is not a number are left out.

    Returns
    -------
    dict
        ``value`` and ``interval`` (the middle 95 % of the draws); None where it has none.
    """
    draws = values[1:][np.isfinite(values[1:])]
    if not len(draws) or not np.isfinite(values[0]):
        return {"value": plain(values[0]), "interval": None}
    return {
        "value": plain(values[0]),
        "interval": [plain(edge) for edge in np.quantile(draws, [0.025, 0.975])],
    }


def reweigh(weights: np.ndarray, truth: np.ndarray, prevalence: float) -> np.ndarray:
    """Weigh the notes without evidence so that those with it make up a given share.

    Parameters
    ----------
    weights : ndarray of shape (n_draws, n_notes)
        From `draw_weights`.
    truth : ndarray of shape (n_notes,)
        True for notes with evidence.
    prevalence : float
        Their wanted share, in (0, 1).

    Returns
    -------
    ndarray of shape (n_draws, n_notes)
        Weights of notes with evidence are unchanged.
    """
    wanted = (weights @ truth) * (1 - prevalence) / prevalence
    return weights * np.where(truth, 1.0, _ratio(wanted, weights @ ~truth)[:, None])


def reading_curve(
    scores: np.ndarray, truth: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Say how much has been read, and how much met, at each step down a ranking.

    Parameters
    ----------
    scores : ndarray of shape (n_notes,)
        Highest first; equal scores are one step.
    truth : ndarray of shape (n_notes,)
        True for what is looked for.
    weights : ndarray of shape (n_draws, n_notes)
        From `draw_weights` or `reweigh`.

    Returns
    -------
    read, met : ndarray of shape (n_draws, n_steps)
        Sums of weights of all notes, and of those looked for.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    weights = weights[:, order]
    return (
        np.cumsum(weights, axis=1)[:, ends],
        np.cumsum(weights * truth[order], axis=1)[:, ends],
    )


def average_precision(read: np.ndarray, met: np.ndarray) -> np.ndarray:
    """Give the mean precision over what is looked for.

    Parameters
    ----------
    read, met : ndarray of shape (n_draws, n_steps)
        From `reading_curve`.

    Returns
    -------
    ndarray of shape (n_draws,)
        As scikit-learn's; not a number where there is nothing to look for.
    """
    steps = np.diff(met, axis=1, prepend=0)
    return _ratio((steps * np.nan_to_num(_ratio(met, read))).sum(axis=1), met[:, -1])


def area_under_roc(read: np.ndarray, met: np.ndarray) -> np.ndarray:
    """Give the chance that a note with evidence ranks above one without; ties count half.

    Parameters
    ----------
    read, met : ndarray of shape (n_draws, n_steps)
        From `reading_curve`.

    Returns
    -------
    ndarray of shape (n_draws,)
        Not a number where there is one kind of note only.
    """
    others = np.diff(read - met, axis=1, prepend=0)
    before = met - np.diff(met, axis=1, prepend=0) / 2
    return _ratio((others * before).sum(axis=1), met[:, -1] * (read - met)[:, -1])


def precision_at(read: np.ndarray, met: np.ndarray, share: float) -> np.ndarray:
    """Give the share of notes with evidence among the first so many of a ranking.

    Parameters
    ----------
    read, met : ndarray of shape (n_draws, n_steps)
        From `reading_curve`.
    share : float
        Of all notes that are read, in (0, 1]. A note at the edge, and notes with equal scores,
        count in part.

    Returns
    -------
    ndarray of shape (n_draws,)
        In [0, 1].
    """
    budget = share * read[:, -1]
    return _ratio(_along(read, met, budget), budget)


def share_to_read(read: np.ndarray, met: np.ndarray, recall: float) -> np.ndarray:
    """Give the share of notes to read, in order, until so much has been met.

    Parameters
    ----------
    read, met : ndarray of shape (n_draws, n_steps)
        From `reading_curve`.
    recall : float
        Share of what is looked for, in (0, 1].

    Returns
    -------
    ndarray of shape (n_draws,)
        In [0, 1]; not a number where there is nothing to look for.
    """
    wanted = recall * met[:, -1]
    read_then = _ratio(_along(met, read, wanted), read[:, -1])
    return np.where(wanted > 0, read_then, np.nan)


def precision_at_recalls(
    read: np.ndarray, met: np.ndarray, recalls: Sequence[float]
) -> list[list[float | None]]:
    """Give points of a precision-recall curve.

    Parameters
    ----------
    read, met : ndarray of shape (n_draws, n_steps)
        From `reading_curve`; the first draw is shown.
    recalls : sequence of float
        In (0, 1].

    Returns
    -------
    list of [recall, precision]
        Empty where there is nothing to look for.
    """
    if not met[0, -1] > 0:
        return []
    shares = [share_to_read(read[:1], met[:1], recall)[0] for recall in recalls]
    return [
        [recall, plain(recall * met[0, -1] / (share * read[0, -1]))]
        for recall, share in zip(recalls, shares, strict=True)
    ]


def reliability(scores: np.ndarray, truth: np.ndarray, bins: int = BINS) -> dict[str, object]:
    """Compare scores that are to be probabilities with how often they come true.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        In [0, 1].
    truth : ndarray of shape (n,)
        True where it came true.
    bins : int
        Equally full.

    Returns
    -------
    dict
        ``n``, ``ece`` (expected calibration error, the mean gap, None without scores) and
        ``bins`` with ``n``, ``score`` (mean) and ``share`` (that came true).
    """
    order = np.argsort(scores, kind="stable")
    parts = [rows for rows in np.array_split(order, bins) if len(rows)]
    means = [(len(rows), scores[rows].mean(), truth[rows].mean()) for rows in parts]
    gap = sum(n * abs(score - share) for n, score, share in means)
    return {
        "n": len(scores),
        "ece": plain(gap / len(scores)) if len(scores) else None,
        "bins": [
            {"n": n, "score": plain(score), "share": plain(share)} for n, score, share in means
        ],
    }


def _along(x: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Give y where x first reaches what is wanted, on the straight line between two steps."""
    x, y = (np.pad(values, ((0, 0), (1, 0))) for values in (x, y))
    at = np.maximum(np.argmax(x >= wanted[:, None] - ALMOST, axis=1), 1)
    rows = np.arange(len(x))
    x0, y0, x1, y1 = x[rows, at - 1], y[rows, at - 1], x[rows, at], y[rows, at]
    part = np.clip(np.nan_to_num(_ratio(wanted - x0, x1 - x0)), 0, 1)
    return y0 + part * (y1 - y0)


def mean_over_labels(values: np.ndarray) -> np.ndarray:
    """Average over labels, without those that a draw does not hold.

    Parameters
    ----------
    values : ndarray of shape (n_draws, n_labels)
        Not a number for a label that is not there.

    Returns
    -------
    ndarray of shape (n_draws,)
        Not a number where no label is there.
    """
    known = np.isfinite(values)
    total = np.where(known, values, 0).sum(axis=1)
    return _ratio(total, known.sum(axis=1))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; not a number where there is nothing to divide by."""
    above, below = np.broadcast_arrays(
        np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    )
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
