"""Other ways of finding evidence in notes, each in a module of its own, all trained alike.

A way is a function ``train(notes, labels, settings)`` that yields, for each setting in turn, the
setting and a function ``read(notes, thresholds)``, which gives a `rivals.said.Said`. What was
yielded before may change when the next is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rival:
    """One way, and where it is.

    Parameters
    ----------
    title : str
        For the table.
    place : str
        ``module:function``.
    settings : tuple, optional
        To choose from on the choosing share. None: epochs, from 1 to ``--epochs``.
    """

    title: str
    place: str
    settings: tuple[float, ...] | None = (0.0,)


ANCHOR = "tfidf"
"""The way to which the others are compared."""

STRENGTHS = (0.25, 1.0, 4.0, 16.0, 64.0)
"""Inverse strengths of a logistic regression's penalty, scikit-learn's ``C``."""

RIVALS = {
    "keywords": Rival("keyword list", "rivals.keywords:train"),
    "tfidf": Rival("TF-IDF + logistic regression", "rivals.tfidf:train", STRENGTHS),
    "textcat_bow": Rival("spaCy textcat, bag of words", "rivals.textcat:train_bow", None),
    "textcat_ensemble": Rival("spaCy textcat, ensemble", "rivals.textcat:train_ensemble", None),
    "spancat": Rival("spaCy spancat on clauses", "rivals.spancat:train", None),
    "minilm": Rival("frozen MiniLM + logistic regression", "rivals.minilm:train", STRENGTHS),
    "ours_fast": Rival("Unheard, words only", "rivals.ours_fast:train"),
    "ours": Rival("Unheard", "rivals.ours:train"),
}
