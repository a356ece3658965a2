"""Why two marks differ, in one sentence made of the guide's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from classifier.findings import NOTE_VOICE
from classifier.labels import Label, LabelSet
from classifier.note import Mark
from classifier.wording import CONTEXT_WORDS
from review.adjudication import Pair
from training.measures import find_words

LOOK_ALIKE_RULES = {
    "negated": "the note says that it did not happen",
    "hypothetical": "it is asked about, warned about or conditional, with nothing disclosed there",
    "other": "it is not behaviour towards a partner, former partner or family member",
}
"""What makes a look-alike of a phrase (annotation guide, "Context")."""

EVIDENCE_RULES = {
    "negated": "it is told as something that happened, and a doubt or retraction does not undo it",
    "hypothetical": "it is told as something that happened, and a threat counts although its "
    "grammar is conditional",
    "other": "it is told as done by a partner, former partner or family member",
}
"""What makes evidence of a phrase that was taken for a look-alike of this kind."""

PEOPLE = "a partner, former partner or relative"

COMMON = 3
"""Words of so few letters, such as *her* and *the*, make no two phrases alike."""


def say_reason(pair: Pair, text: str, labels: LabelSet, *, beside: Sequence[Mark] = ()) -> str:
    """Say in one sentence how a trainee's mark and the reference differ, and why that may be.

    Parameters
    ----------
    pair : Pair
        From `review.practice.comparison.pair_marks`; ``first`` is of the reference.
    text : str
        Of the note; no words of it are in the sentence.
    labels : LabelSet
        Titles, definitions, typical evidence and look-alikes.
    beside : sequence of Mark
        Where one side has no mark: marks of the other side on the same words, in other pairs.

    Returns
    -------
    str
        One sentence.
    """
    match pair.kind:
        case "missed":
            return _say_missed(pair.first, text, labels, beside)
        case "over":
            return _say_over(pair.second, text, labels, beside)
        case "label":
            return _say_label(pair.first, pair.second, labels)
        case "context":
            return _say_context(pair.first, pair.second, labels)
        case "look_alike":
            return _say_look_alike(pair, labels)
        case "extent":
            return _say_extent(pair.first, pair.second, labels)
    words = f"You and the reference both have {title_of(labels, pair.first.label)}"
    context = CONTEXT_WORDS[pair.first.context]
    return f"{words}, {context}{_not_evidence(pair.first)}."


def title_of(labels: LabelSet, id: str) -> str:
    """Give the title of a label, or its id if the label set does not have it.

    Parameters
    ----------
    labels : LabelSet
        Perhaps another than the marks were made with.
    id : str
        Of the label.

    Returns
    -------
    str
        For people.
    """
    return labels[id].title if id in labels.ids else id


def say_meaning(label: Label) -> str:
    """Turn a label's definition into a clause that follows *that* or *whether*.

    Parameters
    ----------
    label : Label
        Of the label file.

    Returns
    -------
    str
        Without a full stop; in quotation marks if it is not worded as our own definitions are.

    Examples
    --------
    >>> from classifier.labels import load_labels
    >>> say_meaning(load_labels()["monitoring"])[:55]
    'a partner, former partner or relative watches or checks'
    """
    meaning = label.definition.strip().rstrip(".")
    if meaning.startswith("The note records that "):
        return meaning.removeprefix("The note records that ")
    if meaning.startswith("The note"):
        return meaning[0].lower() + meaning[1:]
    return f"“{meaning}” holds"


def nearest_example(words: str, examples: Iterable[str]) -> str | None:
    """Choose the guide's example that shares most words with a phrase.

    Parameters
    ----------
    words : str
        Of the phrase.
    examples : iterable of str
        The guide's, the most typical first.

    Returns
    -------
    str or None
        The first of the nearest; None without examples.

    Examples
    --------
    >>> nearest_example("he reads her emails", ["tracker on the car", "reads all his emails"])
    'reads all his emails'
    """
    phrase = _word_set(words)
    return max(examples, key=lambda one: len(_word_set(one) & phrase), default=None)


def _word_set(text: str) -> set[str]:
    """Give the longer words of a text, without capitals."""
    return {text[start:end].casefold() for start, end in find_words(text) if end - start > COMMON}


def _say_missed(mark: Mark, text: str, labels: LabelSet, beside: Sequence[Mark]) -> str:
    """Say why words may be evidence that the trainee has not marked as this label."""
    title = title_of(labels, mark.label)
    if any(other.label == mark.label for other in beside):
        return (
            f"Your mark takes in these words; the reference has {title} here as a phrase of its "
            "own, one for each act that could stand alone."
        )
    seen = _titles(beside, labels)
    opening = f"Beside {seen}, the reference also has" if seen else "The reference also has"
    if mark.label not in labels.ids:
        return f"{opening} these words as {title}."
    label = labels[mark.label]
    example = nearest_example(text[mark.start : mark.end], label.evidence)
    like = f"; the guide's examples have “{example}”" if example else ""
    return f"{opening} these words as {title}: they may show that {say_meaning(label)}{like}."


def _say_over(mark: Mark, text: str, labels: LabelSet, beside: Sequence[Mark]) -> str:
    """Say what the reference has instead of a trainee's mark, or what the words may resemble."""
    title = title_of(labels, mark.label)
    if any(other.label == mark.label for other in beside):
        return f"The reference has {title} here as one phrase, and you have more than one."
    if beside:
        there = "; ".join(
            f"{title_of(labels, other.label)}, {CONTEXT_WORDS[other.context]}"
            for other in dict.fromkeys(beside)
        )
        return f"The reference has these words as {there}, and not as {title}."
    examples = labels[mark.label].look_alikes if mark.label in labels.ids else ()
    nearest = nearest_example(text[mark.start : mark.end], examples)
    if nearest is None:
        return f"The reference has no mark here; read once more what {title} stands for."
    return (
        f"The reference has no mark here; compare what resembles {title} and is not, "
        f"such as {_quote_look_alike(nearest)}."
    )


def _quote_look_alike(words: str) -> str:
    """Set a look-alike apart from what the guide says of it."""
    what, colon, why = words.partition(": ")
    return f"“{what}” ({why})" if colon else f"“{what}”"


def _say_label(first: Mark, second: Mark, labels: LabelSet) -> str:
    """Say how two labels differ, by their definitions."""
    one, other = title_of(labels, first.label), title_of(labels, second.label)
    as_context = "" if first.context == second.context else f", {CONTEXT_WORDS[first.context]}"
    if first.label not in labels.ids or second.label not in labels.ids:
        return f"You gave {other}; the reference has {one}{as_context}."
    mine, theirs = say_meaning(labels[second.label]), say_meaning(labels[first.label])
    if PEOPLE in mine:
        theirs = theirs.replace(PEOPLE, "such a person")
    return (
        f"You gave {other}, which asks whether {mine}; the reference has {one}{as_context}, which "
        f"asks whether {theirs}."
    )


def _say_context(first: Mark, second: Mark, labels: LabelSet) -> str:
    """Say what makes evidence, or a look-alike, of the words."""
    yours = f"You have {title_of(labels, second.label)} here, {CONTEXT_WORDS[second.context]}"
    theirs = "it" if first.label == second.label else title_of(labels, first.label)
    if first.context == "affirmed":
        rule = EVIDENCE_RULES[second.context]
        return f"{yours}; the reference has {theirs} as happening, because {rule}."
    if second.context == "affirmed":
        rule = LOOK_ALIKE_RULES[first.context]
        return f"{yours}; the reference has {theirs} as a look-alike, because {rule}."
    return (
        f"{yours}; the reference has {theirs} as {CONTEXT_WORDS[first.context]}, and neither of "
        "you reads it as evidence."
    )


def _say_look_alike(pair: Pair, labels: LabelSet) -> str:
    """Say that a look-alike on one side only takes nothing away."""
    mark = pair.first or pair.second
    title = title_of(labels, mark.label)
    if pair.first:
        return (
            f"You left this unmarked and missed nothing: the reference has it as a look-alike of "
            f"{title}, because {LOOK_ALIKE_RULES[mark.context]}."
        )
    return (
        f"You set this aside as {title}, {CONTEXT_WORDS[mark.context]}; the reference has no "
        "mark here, and neither of you reads it as evidence."
    )


def _say_extent(first: Mark, second: Mark, labels: LabelSet) -> str:
    """Say whose phrase is longer, and the guide's rule."""
    if first.start <= second.start and second.end <= first.end:
        rule = f"takes in more words{_why_more(first)}"
    elif second.start <= first.start and first.end <= second.end:
        rule = "takes in fewer words, the shortest run that carries the act"
    else:
        rule = "begins and ends at other words, those that carry the act"
    title = title_of(labels, first.label)
    return f"You and the reference both have {title}{_not_evidence(first)}; the reference {rule}."


def _why_more(mark: Mark) -> str:
    """Say what else belongs to a phrase, where the guide has a rule."""
    if mark.context in ("negated", "hypothetical"):
        return ", because the denying or asking word belongs to the phrase"
    if mark.context == "affirmed" and mark.label != NOTE_VOICE:
        return ", because what makes an act control belongs to the phrase"
    return ""


def _not_evidence(mark: Mark) -> str:
    """Add that an agreed look-alike is one."""
    return "" if mark.context == "affirmed" else ", a look-alike and not evidence"


def _titles(marks: Iterable[Mark], labels: LabelSet) -> str:
    """Name labels once each."""
    return " and ".join(dict.fromkeys(title_of(labels, mark.label) for mark in marks))
