"""Several processes at once: no note to two readers, no row lost."""

from itertools import chain

from sqlalchemy import select

from review.decision_log import read_history, read_readings
from review.projects import create_project
from review.queue import list_queues
from review.tables import decision, reading
from tests.notes_in_store import add_note, add_run, add_score, make_queue
from tests.workers import start

READERS = ("Ann", "Bo", "Cy")
N_NOTES = 40


def fill(store):
    made = create_project(store, "One", by="Ann")
    run_id = add_run(store, made.id)
    ids = [add_note(store, made.id, f"n{i:02d}", "She rang.") for i in range(N_NOTES)]
    for place, id in enumerate(ids):
        add_score(store, run_id, id, place / N_NOTES)
    return made, run_id, ids


def finish(processes):
    """Give the lines that each process printed; all must end well."""
    said = [process.communicate()[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return said


def read_at_once(store_url, made, queue_id, run_id):
    own = (store_url, made.id, queue_id, run_id)
    return [
        [int(id) for id in ids]
        for ids in finish([start("read_all", *own, reader) for reader in READERS])
    ]


def test_readers_at_once_never_get_the_same_note(store, store_url):
    made, run_id, ids = fill(store)
    given = read_at_once(store_url, made, made.ranked_queue, run_id)
    assert sorted(chain(*given)) == ids
    with store.read() as connection:
        rows = connection.execute(select(reading.c.note_id, reading.c.reader)).all()
        logged = connection.execute(select(decision.c.note_id, decision.c.kind)).all()
    assert sorted(rows) == sorted(
        (id, reader) for reader, own in zip(READERS, given, strict=True) for id in own
    )
    assert sorted(logged) == sorted((id, kind) for id in ids for kind in ("outcome", "done"))


def test_in_a_blind_queue_each_gets_every_note(store, store_url):
    made, run_id, ids = fill(store)
    second = make_queue(store, made.id, "Second", "second", ids[:9], by="Ann", is_blind=True)
    given = read_at_once(store_url, made, second, run_id)
    assert given == [ids[:9]] * len(READERS)


def test_readers_of_two_queues_at_once_do_not_meet(store, store_url):
    made, run_id, ids = fill(store)
    drawn = make_queue(store, made.id, "Random", "random", ids, by="Ann", seed=1)
    processes = [
        start("read_all", store_url, made.id, queue_id, run_id, reader)
        for queue_id, reader in ((made.ranked_queue, "Ann"), (drawn, "Bo"))
    ]
    given = finish(processes)
    assert sorted(int(id) for id in chain(*given)) == ids
    assert [one.n_read for one in list_queues(store, made.id)] == [N_NOTES, N_NOTES]


def test_decisions_on_one_note_at_once_are_all_kept(store, store_url):
    made, _, ids = fill(store)
    own = (store_url, made.id, ids[0])
    said = finish([start("answer", *own, reader, 15) for reader in ("Ann", "Ann", "Bo")])
    history = read_history(store, ids[0])
    assert sorted(row.key for row in history) == sorted(chain(*said))
    with store.read() as connection:
        last = dict(connection.execute(select(reading.c.reader, reading.c.last_id)).all())
    assert last == {one.reader: one.last_id for one in read_readings(store, [ids[0]])}
