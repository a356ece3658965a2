"""Search for words in notes by the database's own index."""

from __future__ import annotations

import re

from sqlalchemy import Select, func, literal_column, select, table

from review.tables import note

PREFIX = 3
"""Letters from which the last word of a search also finds longer words."""


def search_words(words: str, *, is_sqlite: bool) -> Select | None:
    """Select the notes that hold all words in their text or number.

    Parameters
    ----------
    words : str
        As a person typed them; the last may be the beginning of a word.
    is_sqlite : bool
        Whose index to ask.

    Returns
    -------
    Select or None
        Of note ids, of any project; None if there is nothing to search for.
    """
    terms = [term for term in words.replace("\0", " ").split() if re.search(r"[^\W_]", term)]
    if not terms:
        return None
    is_prefix = len(terms[-1]) >= PREFIX
    if is_sqlite:
        asked = " ".join(_quote(term, '"') for term in terms) + ("*" if is_prefix else "")
        index = table("note_words")
        return (
            select(literal_column("note_words.rowid"))
            .select_from(index)
            .where(literal_column("note_words").op("MATCH")(asked))
        )
    asked = " & ".join(_quote(term.replace("\\", "\\\\"), "'") for term in terms)
    indexed = literal_column("note.note_words")
    query = func.to_tsquery(literal_column("'simple'"), asked + (":*" if is_prefix else ""))
    return select(note.c.id).where(indexed.op("@@")(query))


def _quote(term: str, quote: str) -> str:
    """Put a term in quotes, so that nothing in it is an operator."""
    return f"{quote}{term.replace(quote, quote * 2)}{quote}"
