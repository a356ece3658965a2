"""Fit the scikit-learn estimators to marked notes: matrices in, heads out."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from spacy.strings import StringStore
from threadpoolctl import threadpool_limits

from classifier.features import Vocabulary, count_words, unit_lengths
from classifier.model import FULL_VIEWS, HEADS, MOST_LOG_ODDS, VIEW_UNITS, Head, align
from classifier.note import CONTEXTS
from classifier.phrases import Layout
from training.targets import Targets

REGULARISATION = {"sentence": 4.0, "phrase": 4.0, "context": 2.0, "evidence": 2.0}
"""Inverse strength of each head's L2 penalty, scikit-learn's ``C``; chosen with the synthetic
author groups held out in turn."""

MOST_STEPS = 300
"""Steps of L-BFGS; the heads need about 100."""


def fit_heads(
    layout: Layout, targets: Targets, vocabulary: Vocabulary, strings: StringStore
) -> dict[str, Head]:
    """Fit every head with balanced logistic regressions, one against the rest.

    Parameters
    ----------
    layout : Layout
        The training notes.
    targets : Targets
        Of this layout.
    vocabulary : Vocabulary
        From `classifier.features.learn_vocabulary`.
    strings : spacy.strings.StringStore
        Of the pipeline that made the docs.

    Returns
    -------
    dict of str to Head
        One for each of ``HEADS``, in half precision as it is stored.

    Raises
    ------
    ValueError
        If nothing is marked.
    """
    if not targets.affirmed.any():
        raise ValueError("training needs marked phrases; these notes hold no affirmed mark")
    views = {view: view_features(view, layout, vocabulary, strings) for view in VIEW_UNITS}
    marked = np.flatnonzero(targets.phrase_contexts >= 0)
    wanted = {
        "sentence": targets.sentences,
        "phrase": targets.phrases,
        "context": targets.phrase_contexts[marked, None] == np.arange(len(CONTEXTS)),
        "evidence": targets.affirmed[:, None],
    }
    heads = {}
    for head, names in HEADS.items():
        features = sp.hstack(
            [align(views[name], head, name, layout) for name in names], format="csr"
        )
        if head == "context":
            features = features[marked]
        weights, intercept = _fit_columns(features, wanted[head], REGULARISATION[head])
        edges = np.cumsum([views[name].shape[1] for name in names])[:-1]
        parts = dict(zip(names, np.split(weights, edges), strict=True))
        heads[head] = Head(parts, intercept)
    return heads


def view_features(
    view: str, layout: Layout, vocabulary: Vocabulary, strings: StringStore
) -> sp.csr_matrix:
    """Describe every unit of a view as the model will see it.

    Parameters
    ----------
    view : str
        One of ``VIEW_UNITS``.
    layout : Layout
        A batch of docs.
    vocabulary : Vocabulary
        What the features are.
    strings : spacy.strings.StringStore
        Of the pipeline that made the docs.

    Returns
    -------
    scipy.sparse.csr_matrix of shape (n_units, n_features)
        Words, letter groups, vector dimensions and pairs for a full view, else words.
    """
    starts = layout.units[VIEW_UNITS[view]]
    unique, inverse = np.unique(layout.forms, return_inverse=True)
    words = [strings[int(form)] for form in unique]
    features = vocabulary.word_features(words)
    if view not in FULL_VIEWS:
        features = features[:, : len(vocabulary.words)]
    summed = count_words(inverse, len(words), starts) @ features
    if view in FULL_VIEWS:
        summed = sp.hstack([summed, vocabulary.pairs_in(layout, starts)], format="csr")
    lengths = unit_lengths(vocabulary.idf_of(words), inverse, starts)
    return (sp.diags_array(1 / lengths) @ summed).tocsr()


def _fit_columns(
    features: sp.csr_matrix, wanted: np.ndarray, regularisation: float
) -> tuple[np.ndarray, np.ndarray]:
    """Fit one logistic regression for each column of targets, against the rest."""
    n_columns = wanted.shape[1]
    weights = np.zeros((features.shape[1], n_columns), dtype=np.float32)
    # A column without both answers is not fitted: it is always, or never, so.
    intercept = np.where(wanted.all(axis=0), MOST_LOG_ODDS, -MOST_LOG_ODDS).astype(np.float32)
    # One thread: the small vector products of L-BFGS lose more to threads than they gain.
    with threadpool_limits(1):
        for column in np.flatnonzero(wanted.any(axis=0) & ~wanted.all(axis=0)):
            estimator = LogisticRegression(
                C=regularisation, class_weight="balanced", max_iter=MOST_STEPS
            ).fit(features, wanted[:, column])
            weights[:, column] = estimator.coef_[0].astype(np.float16)
            intercept[column] = estimator.intercept_[0]
    return weights, intercept
