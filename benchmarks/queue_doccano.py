"""Time doccano with very many notes: the requests of its pages, in one process, no network.

Run by ``benchmarks/queue.py`` with the Python that doccano is installed in. The requests are those
that its page was seen to send in a browser; of each page only those that bring notes are timed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from queue_timing import Timing, measure

BATCH = 5_000
"""Notes of one upload."""

FILTERS = {
    "label": {"label": "monitoring"},
    "words": {"q": "her phone"},
    "common word": {"q": "the"},
    "unread": {"confirmed": "false"},
    "read": {"confirmed": "true"},
}
"""What its list can be narrowed by; it has no filter by team, date or person."""

PROJECT = {
    "name": "Benchmark",
    "description": "Benchmark",
    "guideline": "",
    "project_type": "SequenceLabeling",
    "resourcetype": "SequenceLabelingProject",
    "allow_overlapping": True,
    "collaborative_annotation": True,
    "random_order": False,
    "grapheme_mode": False,
    "use_relation": False,
    "tags": [],
}


def set_up(home: Path) -> None:
    """Make its database as ``doccano init`` does."""
    settings = {
        "DOCCANO_HOME": str(home),
        "STANDALONE": "True",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": f"sqlite:///{home}/db.sqlite3",
        "MEDIA_ROOT": str(home / "media"),
    }
    os.environ.update(settings)
    sys.path.append(find_spec("backend").submodule_search_locations[0])
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("create_roles", verbosity=0)


def log_in():
    """Give a client of an administrator, and the administrator."""
    from django.contrib.auth.models import User
    from django.test import Client

    admin = User.objects.create_superuser("ann", "ann@example.com", "ann")
    client = Client()
    client.force_login(admin)
    return client, admin


def load(client, admin, project_id: int, notes: Path, home: Path, seconds: float) -> int:
    """Upload notes with spans as labels, and have its worker's task import them."""
    from data_import.celery_tasks import import_dataset
    from examples.models import Example, ExampleState

    begun = time.monotonic()
    columns = {"encoding": "utf_8", "column_data": "text", "column_label": "label"}
    is_read: list[bool] = []
    with notes.open(encoding="utf-8") as lines:
        while some := [json.loads(line) for line in islice(lines, BATCH)]:
            if time.monotonic() - begun > seconds:
                break
            upload = home / "upload.jsonl"
            rows = ({"text": n["text"], "label": n["spans"]} | _meta(n) for n in some)
            upload.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            with upload.open("rb") as file:
                sent = client.post("/v1/fp/process/", {"filepond": ["{}", file]})
            done = import_dataset(
                user_id=admin.id,
                project_id=project_id,
                file_format="JSONL",
                upload_ids=[sent.content.decode()],
                task="SequenceLabeling",
                **columns,
            )
            if done["error"]:
                raise ValueError(f"doccano refused {len(done['error'])} notes of an upload")
            is_read += [note["is_read"] for note in some]
    ids = list(Example.objects.order_by("id").values_list("id", flat=True))
    states = [
        ExampleState(example_id=id, confirmed_by=admin)
        for id, is_done in zip(ids, is_read, strict=True)
        if is_done
    ]
    ExampleState.objects.bulk_create(states, batch_size=500)
    return len(ids)


def _meta(note: dict) -> dict:
    """Give what is kept beside the text."""
    return {"name": note["name"], **note["facts"]}


def measure_pages(client, project_id: int) -> dict[str, Timing]:
    """Time the list, its filters, and the next note with its spans."""
    at = f"/v1/projects/{project_id}"
    opened: list[int] = []
    page = iter(range(10**6))

    def ask(address: str) -> dict:
        answer = client.get(address)
        if answer.status_code != 200:
            raise ValueError(f"doccano answered {answer.status_code}")
        return json.loads(answer.content)

    def ask_notes(limit: int, offset: int = 0, **asked: str) -> dict:
        asked = {"confirmed": "", "ordering": "", "q": ""} | asked
        return ask(f"{at}/examples?" + urlencode({"limit": limit, "offset": offset} | asked))

    def read(**asked: str) -> None:
        note = ask_notes(1, **asked)["results"][0]
        ask(f"{at}/examples/{note['id']}/spans")
        opened.append(note["id"])

    def finish() -> None:
        if opened:
            client.post(f"{at}/examples/{opened.pop()}/states", "{}", "application/json")

    times = {"one request": measure(lambda: ask("/v1/me") and None)}
    times["open"] = measure(lambda: ask_notes(10)["count"])
    for name, asked in FILTERS.items():
        times[f"filter: {name}"] = measure(lambda asked=asked: ask_notes(10, **asked)["count"])
    times["next"] = measure(lambda: read(offset=next(page)))
    opened.clear()
    times["next unread"] = measure(lambda: read(confirmed="false"), before=finish)
    times["finish a note"] = measure(finish, before=lambda: read(confirmed="false"))
    return times


def main() -> None:
    """Load notes, measure, and print one JSON object."""
    notes, home, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    set_up(home)
    client, admin = log_in()
    made = client.post("/v1/projects", json.dumps(PROJECT), "application/json").json()
    begun = time.monotonic()
    count = load(client, admin, made["id"], notes, home, seconds)
    result = {"version": version("doccano"), "notes": count}
    result["load_s"] = round(time.monotonic() - begun)
    result["times"] = measure_pages(client, made["id"])
    print(json.dumps(result))


if __name__ == "__main__":
    main()
