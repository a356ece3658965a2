"""The digest by which a file is known to be the one that was written."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal.

    Parameters
    ----------
    path : Path
        Any file; it is read piece by piece.

    Returns
    -------
    str
        64 digits.
    """
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
