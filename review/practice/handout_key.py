"""The last pages of a handout: what letters and underlines mean, and each label in full."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from classifier.labels import LabelSet
from classifier.note import CONTEXTS
from classifier.wording import CONTEXT_CUES, CONTEXT_WORDS
from review.paper import as_text
from review.practice.prompts import load_prompts

RECORDS = "The note records that "
WHO = "a partner, former partner or relative "
"""How most definitions begin; said once above the table."""


def key_page(labels: LabelSet) -> str:
    """Give the key as a section that begins a page.

    Parameters
    ----------
    labels : LabelSet
        Letters, titles and definitions.

    Returns
    -------
    str
        HTML.
    """
    rows = "".join(
        f'<tr><th scope="row"><span class="cue">{as_text(label.cue)}</span></th>'
        f"<td><strong>{as_text(label.title)}</strong>: {as_text(shorten(label.definition))}</td>"
        "</tr>"
        for label in labels.label
    )
    return (
        f'<section class="key"><h2>Key</h2>{context_list()}'
        '<table class="labels"><thead><tr><th scope="col">Letters</th>'
        '<th scope="col">What they may indicate. “…” is short for: a partner, former partner or '
        f"relative</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def label_pages(ids: Collection[str], labels: LabelSet) -> str:
    """Give, label by label, what could be asked and recorded, and what resembles it but is not.

    Parameters
    ----------
    ids : collection of str
        The labels in question.
    labels : LabelSet
        In their order; look-alikes are the guide's.

    Returns
    -------
    str
        HTML; a section that begins a page, or nothing without labels.
    """
    wanted = [label for label in labels.label if label.id in ids]
    if not wanted:
        return ""
    prompts = load_prompts()
    parts = []
    for label in wanted:
        advice = prompts[label.id]
        parts.append(
            f'<section class="keep"><h3>{as_text(label.title)} ({as_text(label.cue)})</h3>'
            f"{_list('Could be asked', advice.ask)}{_list('Could be recorded', advice.record)}"
            f"{_list('Could stand instead of dismissive words', advice.instead)}"
            f"{_list('Look-alikes: left alone, or marked as the guide says', label.look_alikes)}"
            "</section>"
        )
    return (
        '<section class="annex"><h2>Label by label</h2>'
        f"<p>{as_text(prompts.about.strip())}</p>{_list('First', prompts.safety)}"
        f"{''.join(parts)}</section>"
    )


def _list(title: str, items: Sequence[str]) -> str:
    """List what there is under a title."""
    listed = "".join(f"<li>{as_text(one)}</li>" for one in items)
    return (
        f'<div class="keep"><p><strong>{title}</strong></p><ul>{listed}</ul></div>' if items else ""
    )


def context_list() -> str:
    """Show the underline of each context with its word.

    Returns
    -------
    str
        HTML.
    """
    items = "".join(
        f'<li><span class="mark {context} lane0">these words</span>'
        f"{_cue(CONTEXT_CUES[context])} {as_text(CONTEXT_WORDS[context])}</li>"
        for context in CONTEXTS
    )
    return f'<ul class="contexts">{items}</ul>'


def shorten(definition: str) -> str:
    """Leave out of a definition what stands above the table.

    Parameters
    ----------
    definition : str
        Of a label.

    Returns
    -------
    str
        Whole where it begins otherwise.

    Examples
    --------
    >>> shorten("The note records that a partner, former partner or relative checks on someone.")
    '… checks on someone.'
    >>> shorten("The note plays down.")
    'The note plays down.'
    """
    whole = RECORDS + WHO
    return "… " + definition[len(whole) :] if definition.startswith(whole) else definition


def _cue(word: str) -> str:
    """Show the word that follows the letters, where there is one."""
    return f' <span class="cue">{word}</span>' if word else ""
