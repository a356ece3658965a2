"""The store itself: made once, kept whole, refusing what it must refuse."""

import os
import stat
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from review.projects import create_project
from review.store import default_url, open_store
from review.tables import decision, metadata, note, project


def test_tables_are_what_the_migrations_make(store):
    with store.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    ours = [one for one in found if "note_words" not in str(one)]
    assert ours == []


def test_store_opened_again_keeps_what_was_written(store, store_url):
    made = create_project(store, "One", by="Ann")
    again = open_store(store_url)
    with again.read() as connection:
        assert connection.scalars(select(project.c.id)).all() == [made.id]
    again.close()


def test_many_may_open_a_new_store_at_once(store_url):
    failed = []

    def open_it():
        try:
            open_store(store_url).close()
        except Exception as error:  # told to the test below
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_failed_write_leaves_nothing(store):
    values = {"name": "One", "settings": {}, "at": "", "by": "Ann"}
    with pytest.raises(KeyError), store.write() as connection:
        connection.execute(insert(project).values(values))
        raise KeyError
    with store.read() as connection:
        assert connection.execute(select(project)).all() == []


@pytest.mark.parametrize(
    "deed", [update(decision).values(answer="accept"), delete(decision)], ids=["update", "delete"]
)
def test_database_refuses_to_alter_the_log(store, a_decision, deed):
    with (
        pytest.raises(DBAPIError, match="decision is a log: rows are added, never altered"),
        store.write() as connection,
    ):
        connection.execute(deed)
    with store.read() as connection:
        assert connection.scalar(select(decision.c.answer)) == "missed"


def test_file_is_its_owners_alone(tmp_path):
    file = tmp_path / "new" / "review.db"
    open_store(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_write_ahead_log_is_used_and_commits_reach_the_disk(tmp_path):
    store = open_store(tmp_path / "review.db")
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # full
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()


def test_error_of_the_database_holds_no_words_of_a_note(store):
    with pytest.raises(DBAPIError) as error, store.write() as connection:
        connection.execute(insert(note).values(project_id=99, name="n", text="SECRET WORDS"))
    assert "SECRET" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://root@host/db", "a store is SQLite or PostgreSQL, not 'mysql'"),
        ("sqlite://", "a store needs a file: one in memory would lose every decision"),
        ("://", "the store's URL cannot be read"),
    ],
)
def test_url_that_is_no_store_is_refused(url, message):
    with pytest.raises(ValueError, match=message):
        open_store(url)


def test_server_that_is_not_there_is_named_without_its_password(tmp_path):
    with pytest.raises(OSError, match="cannot be opened") as error:
        open_store(f"postgresql://ann:hunter2@/none?host={tmp_path}")
    assert "hunter2" not in str(error.value)


def test_store_of_a_newer_unheard_is_refused(store, store_url):
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ValueError, match="the store is of a newer Unheard"):
        open_store(store_url)


def test_default_store_lies_in_the_users_folder_or_where_the_environment_says(monkeypatch):
    monkeypatch.delenv("UNHEARD_STORE", raising=False)
    assert default_url().endswith(f"{os.sep}review.db")
    monkeypatch.setenv("UNHEARD_STORE", "postgresql://host/unheard")
    assert default_url() == "postgresql://host/unheard"
