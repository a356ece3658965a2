"""Counts of phrases in words: what a trainee and the reference have in common."""

from __future__ import annotations

from review.practice.comparison import EVIDENCE, MET, Comparison


def say_summary(comparison: Comparison) -> str:
    """Say in words what a trainee and the reference have in common in a note.

    Parameters
    ----------
    comparison : Comparison
        Of a trainee's marks.

    Returns
    -------
    str
        Counts of phrases, without a grade.
    """
    evidence = [
        pair.kind
        for pair in comparison.pairs
        if pair.reference and pair.reference.context == EVIDENCE
    ]
    taken = sum(
        pair.reference is not None and pair.reference.context != EVIDENCE
        for pair in comparison.of("context")
        if pair.trainee.context == EVIDENCE
    )
    if evidence:
        parts = [
            f"{count} {words}"
            for count, words in (
                (sum(kind in MET for kind in evidence), "with the same label"),
                (evidence.count("label"), "with another label"),
                (evidence.count("context"), "as a look-alike"),
                (evidence.count("missed"), "not marked as such"),
            )
            if count
        ]
        listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
        said = [
            f"The reference has {count_of(len(evidence), 'phrase')} of evidence; yours: {listed}."
        ]
    else:
        said = ["The reference has no evidence in this note."]
    if over := len(comparison.of("over")):
        said.append(f"You have {count_of(over, 'mark')} where the reference has none.")
    elif not evidence and not taken:
        said.append("You marked none either.")
    if taken:
        said.append(f"You took {count_of(taken, 'look-alike')} for evidence.")
    return " ".join(said)


def count_of(number: int, noun: str) -> str:
    """Count things.

    Parameters
    ----------
    number : int
        How many.
    noun : str
        Of one; an *s* makes it of many.

    Returns
    -------
    str
        In figures.

    Examples
    --------
    >>> count_of(1, "phrase"), count_of(0, "phrase")
    ('1 phrase', '0 phrases')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
