"""Plain TF-IDF and logistic regression over sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from classifier.note import Note
from rivals.said import Read
from rivals.sentences import cut, mark_affirmed, read_by_sentence, with_any


def train(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Fit one regression a label, against the rest, over words and pairs of words.

    Parameters
    ----------
    notes : sequence of Note
        Marked notes and sentences.
    labels : sequence of str
        Column order.
    settings : sequence of float
        Inverse strengths of the penalty.

    Yields
    ------
    tuple of (float, Read)
        A note's score is that of its highest sentence.
    """
    docs, layout, texts = cut(notes)
    vectoriser = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    features = vectoriser.fit_transform(texts)
    wanted = with_any(mark_affirmed(notes, docs, layout, labels).sentences)
    for strength in settings:
        fitted = fit_one_against_rest(features, wanted, strength)
        yield (
            strength,
            read_by_sentence(lambda t, f=fitted: f.predict_proba(vectoriser.transform(t))),
        )


def fit_one_against_rest(features, wanted: np.ndarray, strength: float) -> OneVsRestClassifier:
    """Fit one balanced logistic regression for each column.

    Parameters
    ----------
    features : array or sparse array of shape (n, n_features)
        Of sentences.
    wanted : ndarray of shape (n, n_columns)
        Booleans.
    strength : float
        scikit-learn's ``C``.

    Returns
    -------
    OneVsRestClassifier
        Fitted.
    """
    regression = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)
    return OneVsRestClassifier(regression).fit(features, wanted.astype(int))
