"""The tables on the data card, made from the corpus: ``python -m training.datacard``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from classifier.labels import load_labels
from classifier.note import CONTEXTS, Note
from training.agreement import measure_second_pass
from training.corpus import SYNTHETIC, read_corpus

CARD = SYNTHETIC / "README.md"
_COUNTS = re.compile(r"(?<=<!-- counts -->\n).*(?=<!-- end of counts -->)", re.S)
_AGREEMENT = re.compile(r"(?<=<!-- agreement -->\n).*(?=<!-- end of agreement -->)", re.S)


def count_tables(notes: Sequence[Note]) -> str:
    """Count a corpus by author group, by kind and by label and context.

    Parameters
    ----------
    notes : sequence of Note
        With ``group``, ``unit`` and, for whole notes, ``kind`` in their metadata.

    Returns
    -------
    str
        Three Markdown tables.
    """
    whole = [note for note in notes if note.meta["unit"] == "note"]
    kinds = Counter(str(note.meta["kind"]) for note in whole)
    groups: dict[str, list[Note]] = {}
    for note in notes:
        groups.setdefault(str(note.meta["group"]), []).append(note)
    by_group = [
        (name, sum(n.meta["unit"] == "note" for n in members), _sentences(members), _marks(members))
        for name, members in sorted(groups.items())
    ]
    by_group.append(("all", len(whole), _sentences(notes), _marks(notes)))
    marks = Counter((mark.label, mark.context) for note in notes for mark in note.marks)
    by_label = [
        (label, *(marks[label, context] for context in CONTEXTS)) for label in load_labels().ids
    ]
    return "\n".join(
        [
            _table(("author group", "notes", "sentences", "marks"), by_group),
            _table(("kind of note", "notes"), kinds.most_common()),
            _table(("label", *CONTEXTS), by_label),
        ]
    )


def agreement_table(agreement: Mapping) -> str:
    """Show how far the blind second pass agrees with the corpus.

    Parameters
    ----------
    agreement : mapping
        From `training.agreement.measure_agreement`.

    Returns
    -------
    str
        A Markdown table, a row for each label and one for evidence of any kind.
    """
    columns = ("exact_f1", "overlap_f1", "token_f1", "alpha")
    rows = [("any evidence", agreement["any_evidence"]), *agreement["labels"].items()]
    return _table(
        ("label", "spans alike, F1", "spans overlapping, F1", "words, F1", "alpha"),
        [(name, *(_two_places(row[column]) for column in columns)) for name, row in rows],
    )


def _two_places(value: float | None) -> str:
    """Write a share as papers do."""
    return "–" if value is None else f"{value:.2f}".removeprefix("0")


def _sentences(notes: Iterable[Note]) -> int:
    """Count the single sentences."""
    return sum(note.meta["unit"] == "sentence" for note in notes)


def _marks(notes: Iterable[Note]) -> int:
    """Count the marks."""
    return sum(len(note.marks) for note in notes)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def update_card(card: str, notes: Sequence[Note], agreement: Mapping) -> str:
    """Put current tables on a data card.

    Parameters
    ----------
    card : str
        Markdown with the lines ``<!-- counts -->`` and ``<!-- end of counts -->``, and the same
        for ``agreement``.
    notes : sequence of Note
        The corpus.
    agreement : mapping
        From `training.agreement.measure_second_pass`.

    Returns
    -------
    str
        The card with new tables between these lines.
    """
    card = _COUNTS.sub(lambda _: f"\n{count_tables(notes)}\n", card)
    return _AGREEMENT.sub(lambda _: f"\n{agreement_table(agreement)}\n", card)


if __name__ == "__main__":
    updated = update_card(
        CARD.read_text(encoding="utf-8"), read_corpus(), measure_second_pass(load_labels().ids)
    )
    CARD.write_text(updated, encoding="utf-8")
