"""A process that is killed while it decides loses nothing that was acknowledged."""

import signal

import numpy as np
import pytest
from sqlalchemy import select

from review.decision_log import read_history, read_reading
from review.store import open_store
from review.tables import reading
from tests.workers import start

KILLS = 6


@pytest.mark.parametrize("seed", [0])
def test_what_was_acknowledged_outlives_a_kill(store, store_url, a_note, seed):
    made, note_id, finding_id, _ = a_note
    acknowledged = []
    for n_lines in np.random.default_rng(seed).integers(1, 40, KILLS):
        process = start("keep_on", store_url, made.id, note_id, finding_id)
        acknowledged += [process.stdout.readline() for _ in range(n_lines)]
        process.send_signal(signal.SIGKILL)
        # it may have gone on until the signal came; a line is whole only with its end
        rest = process.stdout.read().splitlines(keepends=True)
        acknowledged += [line for line in rest if line.endswith("\n")]
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()

        again = open_store(store_url)
        history = read_history(again, note_id)
        keys = [row.key for row in history]
        said = " ".join(acknowledged).split()
        assert set(said) <= set(keys)
        # both rows of a call or none
        assert [row.kind for row in history] == ["answer", "comment"] * (len(keys) // 2)
        settled = read_reading(again, note_id, "Ann")
        with again.read() as connection:
            row = connection.execute(select(reading)).one()
        assert (row.last_id, row.at, row.labels) == (settled.last_id, settled.at, " monitoring ")
        again.close()
