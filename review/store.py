"""Open the store: SQLite in one file, or PostgreSQL by its URL; the newest form of the tables."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from platformdirs import user_data_path
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

MIGRATIONS = Path(__file__).with_name("migrations")

WAIT = 120_000
"""Milliseconds to wait for another process that is writing before giving up. Bringing 100,000 notes
in takes most of a minute, in one transaction."""

MIGRATION_LOCK = 74_230_117
"""Number of the lock that PostgreSQL gives to one migrating process at a time."""


@dataclass(frozen=True)
class Store:
    """An open store.

    Parameters
    ----------
    engine : Engine
        SQLAlchemy's; made by `open_store`.
    """

    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is one file on this machine."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read within one transaction, which is given up at the end.

        Yields
        ------
        Connection
            For SELECT only.
        """
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write within one transaction: all of it is kept, or on an error nothing.

        In SQLite the file is locked at once, so that what is read inside cannot change before it
        is written; in PostgreSQL lock rows with ``with_for_update``.

        Yields
        ------
        Connection
            Kept when the block ends.
        """
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            with connection.begin() if not self.is_sqlite else _keep(connection):
                yield connection

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


@contextmanager
def _keep(connection: Connection) -> Iterator[None]:
    """Commit SQLite's own transaction, or roll it back on an error."""
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def default_url() -> str:
    """Name the store that is used where none is named: a file in the user's own data folder.

    Returns
    -------
    str
        The environment variable ``UNHEARD_STORE`` if it is set.
    """
    file = user_data_path("unheard", appauthor=False) / "review.db"
    return os.environ.get("UNHEARD_STORE") or f"sqlite:///{file}"


def open_store(url: str | Path | None = None) -> Store:
    """Open a store, make it if there is none, and bring its tables to the newest form.

    A file of SQLite and its folder are made for this user only. It keeps a write-ahead log (WAL):
    readers and one writer do not wait for one another, and what was committed survives a crash.

    Parameters
    ----------
    url : str or Path, optional
        A path of a SQLite file, or an SQLAlchemy URL such as
        ``postgresql+psycopg://name@host/unheard``; `default_url` if not given.

    Returns
    -------
    Store
        To be closed.

    Raises
    ------
    ValueError
        If the URL cannot be read, names another kind of database, or the store was made by a
        newer Unheard.
    OSError
        If the store cannot be opened.
    ModuleNotFoundError
        If PostgreSQL is asked for and its driver is not installed.
    """
    made = _make_engine(str(url) if url is not None else default_url())
    store = Store(made)
    try:
        _migrate(store)
    except OperationalError as error:
        store.close()
        where = made.url.render_as_string(hide_password=True)
        raise OSError(f"the store {where} cannot be opened: {_reason(error)}") from None
    except BaseException:
        store.close()
        raise
    return store


def now() -> str:
    """Tell the time as the store writes it.

    Returns
    -------
    str
        UTC with microseconds, such as ``"2026-11-23T09:30:00.000000Z"``.
    """
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _make_engine(url: str) -> Engine:
    """Make the engine of a URL or a path."""
    if "://" not in url:
        url = f"sqlite:///{Path(url).expanduser().absolute()}"
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("the store's URL cannot be read; see README, 'The store'") from None
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return _make_sqlite(parsed)
    if kind == "postgresql":
        return _make_postgresql(parsed)
    raise ValueError(f"a store is SQLite or PostgreSQL, not {kind!r}; see README, 'The store'")


def _make_postgresql(url: URL) -> Engine:
    """Make an engine whose errors leave out the rows that PostgreSQL would quote."""
    if find_spec("psycopg") is None:
        raise ModuleNotFoundError(
            "a store on PostgreSQL needs psycopg; install it with: "
            "pip install 'unheard[postgresql]'"
        )
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"prepare_threshold": None},  # plans made while a table is small stay slow
    )

    @event.listens_for(engine, "handle_error")
    def _leave_out_rows(context) -> None:
        plain = context.original_exception.diag.message_primary
        if plain and context.sqlalchemy_exception is not None:
            context.original_exception.args = context.sqlalchemy_exception.args = (plain,)

    return engine


def _make_sqlite(url: URL) -> Engine:
    """Make an engine for a file that only this user can read."""
    if not url.database or url.database == ":memory:":
        raise ValueError("a store needs a file: one in memory would lose every decision")
    file = Path(url.database)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": WAIT / 1000, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _settle(connection, record) -> None:
        connection.isolation_level = None  # transactions are begun by hand, see Store.write
        for pragma in (
            f"busy_timeout = {WAIT}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "cache_size = -65536",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _migrate(store: Store) -> None:
    """Bring the tables to the newest form; one process at a time, others wait."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with store.read() as connection:
        if MigrationContext.configure(connection).get_current_revision() == (
            script.get_current_head()
        ):
            return
    with store.write() as connection:
        if not store.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found not in {one.revision for one in script.walk_revisions()}:
            raise ValueError(
                f"the store is of a newer Unheard (its tables are {found!r}); update Unheard"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _reason(error: OperationalError) -> str:
    """Say in one line why a database cannot be opened, without a password."""
    line = str(error.orig).strip().splitlines()[0]
    return re.sub(r"password=\S+", "password=…", line)
