"""Time how fast the room opens a queue, filters it and goes on, with very many notes.

Run: ``python benchmarks/queue.py``. The last line is one JSON object. The notes are put together
from the synthetic corpus, facts and evidence are drawn by a seed. ``open`` reads a page of the
queue, its first note and the findings in it; ``filter`` reads such a page of each of several
filters; ``next`` claims the next note and reads it, after the one before was finished. Each is what
a screen asks of the store, on SQLite and on a PostgreSQL server that is started for it.

Two other tools read the same notes where their Pythons are named (D is ``doccano/bin/python``)::

    python -m venv doccano && doccano/bin/pip install doccano 'marshmallow<4' 'numpy<2'
    python -m venv label-studio && label-studio/bin/pip install label-studio
    python benchmarks/queue.py --doccano-python D --label-studio-python L

Each runs in a process of its own on its default SQLite database, and is asked there what its page
asks for, without a network. Ours is measured at the store and theirs at their web interface, which
costs them what ``one request`` says; they also order their list by number, and ours by evidence.
Words are whole words to ours, and any run of letters to theirs, hence other counts of notes found.
With 100,000 notes this takes half an hour on two cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)

if __name__ != "__main__":
    # another script of this folder wants the standard library's module of this name
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("queue", Path(sys.modules["os"].__file__).with_name("queue.py"))
    sys.modules[__name__] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[__name__])
else:
    # after the standard library's folder, for the same reason
    sys.path[:] = [path for path in sys.path if path != HERE] + [HERE]

    import argparse
    import json
    import tempfile

    from queue_notes import fill, write_notes
    from queue_ours import measure_store
    from queue_peers import PEERS, measure_peer
    from queue_postgres import has_postgres, postgres_version, serve, vacuum
    from queue_report import say_result, write_table

    from review.store import open_store

    NOTES = 100_000
    STORES = ("sqlite", "postgresql")
    LOAD_MINUTES = 20

    def read_options() -> argparse.Namespace:
        """Read what was asked for."""
        parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
        parser.add_argument("--notes", type=int, default=NOTES)
        parser.add_argument("--store", choices=STORES, help="only this one; both by default")
        for name in PEERS:
            parser.add_argument(f"--{name}-python", type=Path, metavar="PYTHON", dest=name)
        parser.add_argument("--load-minutes", type=float, default=LOAD_MINUTES)
        return parser.parse_args()

    def measure_sqlite(folder: Path, count: int) -> dict:
        """Measure on a file; leave the notes for others beside it."""
        store = open_store(folder / "review.db")
        project, run_id = fill(store, count)
        write_notes(store, run_id, folder / "notes.jsonl")
        times = measure_store(store, project, run_id)
        store.close()
        return {"notes": count, "times": times}

    def measure_postgres(count: int) -> dict:
        """Measure on a server."""
        with serve() as url:
            store = open_store(url)
            project, run_id = fill(store, count)
            vacuum(url)
            times = measure_store(store, project, run_id)
            store.close()
            return {"version": postgres_version(url), "notes": count, "times": times}

    def main() -> None:
        """Measure all that is there, and print a table and one JSON object."""
        options = read_options()
        tools = {}
        with tempfile.TemporaryDirectory(prefix="unheard-queue-") as name:
            folder = Path(name)
            if options.store != "postgresql":
                tools["sqlite"] = measure_sqlite(folder, options.notes)
                print("ours on SQLite is measured", flush=True)
            if options.store == "sqlite":
                pass
            elif has_postgres():
                tools["postgresql"] = measure_postgres(options.notes)
                print("ours on PostgreSQL is measured", flush=True)
            else:
                print("left out: PostgreSQL, whose server is not installed here")
            for peer in PEERS:
                python = vars(options)[peer]
                if python is None or "sqlite" not in tools:
                    print(f"left out: {peer}, as --{peer}-python names none")
                    continue
                notes, seconds = folder / "notes.jsonl", 60 * options.load_minutes
                tools[peer] = measure_peer(peer, python, notes, folder / peer, seconds)
                count, load_s = tools[peer]["notes"], tools[peer]["load_s"]
                print(f"{peer} has read {count} notes in {load_s} s", flush=True)
        print(write_table(tools))
        print(json.dumps(say_result(tools)))

    if __name__ == "__main__":
        main()
