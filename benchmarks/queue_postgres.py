"""A PostgreSQL server of Debian's package for the benchmark of the queue, with its own settings."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from postgres import has_postgres, make_database, program, run

__all__ = ["has_postgres", "postgres_version", "serve", "vacuum"]


@contextmanager
def serve() -> Iterator[str]:
    """Start a server on a socket; give the URL of an empty database.

    The settings are the package's, so that what is written is on disk before it counts; the server
    of the tests does without.
    """
    folder = Path(tempfile.mkdtemp(prefix="unheard-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        run(program("initdb"), "-D", folder / "data", "-A", "trust", "-U", "unheard")
        options = f"-k {folder} -c listen_addresses="
        start = ("-D", folder / "data", "-o", options, "-l", folder / "log", "-w")
        run(program("pg_ctl"), *start, "start")
        try:
            yield make_database(folder)
        finally:
            run(program("pg_ctl"), "-D", folder / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def vacuum(url: str) -> None:
    """Do at once what the server's own housekeeping does within minutes of a large import."""
    with _connect(url) as connection:
        connection.execute("VACUUM ANALYZE")


def postgres_version(url: str) -> str:
    """Tell the version of the server."""
    with _connect(url) as connection:
        return connection.execute("SHOW server_version").fetchone()[0].split()[0]


def _connect(url: str):
    """Connect without a transaction."""
    import psycopg

    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
