"""A file that is there whole or not at all, and for this user alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give an empty file beside the target, and put it in the target's place when complete.

    Parameters
    ----------
    path : Path
        The target; an older file is replaced.

    Yields
    ------
    Path
        To be written to, readable by this user only; deleted on an error.

    Raises
    ------
    FileNotFoundError
        If the folder is missing.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no folder {path.parent}; make it first")
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
