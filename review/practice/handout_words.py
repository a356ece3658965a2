"""What stands on every handout: warning, what the marks are, what nothing here says."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.note import Note
from review.paper import as_text

WARNING = (
    "These notes describe control, threats, humiliation and other abuse by partners and relatives. "
    "Some of them may be close to your own life or to somebody you know. You may stop, skip a "
    "note or leave the room at any time, and need not say why."
)

SUPPORT = (
    "To talk to somebody: in England the National Domestic Abuse Helpline, "
    "0808\N{NO-BREAK SPACE}2000\N{NO-BREAK SPACE}247; in danger, 999. The facilitator has further "
    "numbers."
)

SOMEBODY_HERE = "Somebody here to turn to:"
"""Stands before a line to write on."""

INVENTED = (
    "Invented notes. Nobody in them exists; likeness to real people or calls would be chance."
)

INVENTED_BY = (
    "Most of these notes were written, and marked, by language-model assistants, the first ones by "
    "hand. As far as we know no force or helpline, and nobody with experience of abuse, has "
    "reviewed them. Real notes are often duller."
)

MASKED = (
    "Real notes, masked by rules that miss some names and numbers. They are still personal data: "
    "do not copy or photograph them, take them out of the room or leave them lying; count the "
    "sheets in and shred them."
)

REFERENCE_IS = (
    "The reference marks are one or two people's reading, to compare with and to argue about. "
    "They are not the truth, and where you see it otherwise you may be right. Readers agree more "
    "often that words are evidence than on where the phrase begins and ends."
)

DOES_NOT_SAY = (
    "Nothing here says whether abuse took place. A note holds what somebody wrote down, not all "
    "that was said; a mark says that words may indicate abuse and deserve a second look."
)

NOBODY_GRADED = "Nobody is graded here, and no name belongs on any sheet."

SHORT = "Nothing here says whether abuse took place."
"""Stands at the foot of every page."""


LONG_NAME = 50
"""Characters from which the name of an exercise is set smaller."""


def say_kind(is_synthetic: bool, *, of: str = "notes") -> str:
    """Say in few words what notes are, for a heading or the foot of a page.

    Parameters
    ----------
    is_synthetic : bool
        Whether all notes are invented.
    of : str
        ``"notes"`` or ``"note"``.

    Returns
    -------
    str
        For people.
    """
    return f"Invented {of}" if is_synthetic else f"Masked real {of}, personal data"


def show_name(name: str) -> str:
    """Write the name of an exercise as the heading of a handout.

    Parameters
    ----------
    name : str
        Escaped here; a long one is set smaller.

    Returns
    -------
    str
        HTML.
    """
    kind = ' class="long"' if len(name) > LONG_NAME else ""
    return f'<h1 dir="auto"{kind}>{as_text(name)}</h1>'


def paragraphs(*texts: str) -> str:
    """Write sentences as paragraphs.

    Parameters
    ----------
    *texts : str
        Escaped here.

    Returns
    -------
    str
        HTML.
    """
    return "".join(f"<p>{as_text(text)}</p>" for text in texts)


def show_facts(facts: Mapping[str, object]) -> str:
    """List what stood above or beside a note when it was received.

    Parameters
    ----------
    facts : mapping of str to object
        Names and values; empty values are left out.

    Returns
    -------
    str
        HTML; nothing where there is no fact.
    """
    rows = (
        f"<div><dt>{as_text(name[:1].upper() + name[1:].replace('_', ' '))}</dt>"
        f'<dd dir="auto">{as_text(value)}</dd></div>'
        for name, value in facts.items()
        if value not in (None, "")
    )
    listed = "".join(rows)
    return f'<dl class="facts">{listed}</dl>' if listed else ""


def facts_of(note: Note) -> dict[str, object]:
    """Give what is shown above a note as it was received.

    Parameters
    ----------
    note : Note
        Of an exercise; ``meta["facts"]``, or ``meta["setting"]`` where there are none.

    Returns
    -------
    dict of str to object
        Names and values.
    """
    facts = note.meta.get("facts")
    if isinstance(facts, Mapping):
        return dict(facts)
    return {"setting": note.meta["setting"]} if note.meta.get("setting") else {}
