"""What separate processes do to a store, for tests of what happens at once or is broken off."""

import subprocess
import sys

from review.decision_log import record
from review.decisions import Decision
from review.queue import Filters, claim_next
from review.store import open_store


def say(*words):
    print(*words, flush=True)  # noqa: T201


def start(deed, *words):
    """Start a process that does a deed below and prints as it goes."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.workers", deed, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
    )


def read_all(url, project_id, queue_id, run_id, reader):
    """Claim and finish notes until none is left; print each."""
    store = open_store(url)
    while (id := claim_next(store, queue_id, run_id, reader, Filters())) is not None:
        own = {"project_id": project_id, "note_id": id, "reader": reader, "queue_id": queue_id}
        record(store, [Decision(**own, kind="outcome", answer="none")])
        record(store, [Decision(**own, kind="done")])
        say(id)


def answer(url, project_id, note_id, reader, times):
    """Say the outcome of one note many times; print the key of each row."""
    store = open_store(url)
    for _ in range(int(times)):
        said = record(store, [Decision(project_id, note_id, reader, "outcome", answer="missed")])
        say(said[0].key)


def keep_on(url, project_id, note_id, finding_id):
    """Answer and comment without end; print the keys of what the store has acknowledged."""
    store = open_store(url)
    while True:
        own = {"project_id": project_id, "note_id": note_id, "reader": "Ann"}
        said = [
            Decision(**own, kind="answer", finding_id=finding_id, answer="accept"),
            Decision(**own, kind="comment", comment="Seen."),
        ]
        say(*(row.key for row in record(store, said)))


if __name__ == "__main__":
    deed, url, *words = sys.argv[1:]
    globals()[deed](url, *(int(word) if word.isdigit() else word for word in words))
