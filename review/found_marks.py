"""Findings that decisions speak of, as marks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from classifier.note import Mark
from review.chunks import chunks
from review.decisions import mark_of
from review.store import Store
from review.tables import finding


def read_marks(store: Store, finding_ids: Iterable[int]) -> dict[int, Mark]:
    """Read findings of whatever run.

    Parameters
    ----------
    store : Store
        Open.
    finding_ids : iterable of int
        In any order.

    Returns
    -------
    dict of int to Mark
        By id; those that are not there are missing.
    """
    with store.read() as connection:
        return {
            row.id: mark_of(row)
            for some in chunks(sorted(finding_ids))
            for row in connection.execute(select(finding).where(finding.c.id.in_(some)))
        }
