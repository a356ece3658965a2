"""Time Label Studio with very many notes: the requests of its pages, in one process, no network.

Run by ``benchmarks/queue.py`` with the Python that Label Studio is installed in. The requests are
those that its page was seen to send in a browser; of each page only those that bring notes are
timed. Its reports to its makers are off.
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

from queue_timing import Timing, measure

BATCH = 1_000
"""Notes of one import."""

PREDICTED = ("tasks:predictions_results", "contains", "String")
TEAM = ("tasks:data.team", "equal", "String")
TEXT = ("tasks:data.text", "contains", "String")
ANNOTATIONS = "tasks:total_annotations"

FILTERS = {
    "label": [(*PREDICTED, "monitoring")],
    "rare label, team": [(*PREDICTED, "sexual_coercion"), (*TEAM, "Team C")],
    "team": [(*TEAM, "Team A")],
    "words": [(*TEXT, "her phone")],
    "common word": [(*TEXT, "the")],
    "unread": [(ANNOTATIONS, "equal", "Number", 0)],
    "read": [(ANNOTATIONS, "greater", "Number", 0)],
}
"""What its list can be narrowed by, as its page says it; words are a run of characters to it."""

ORDERS = {"newest": ["-tasks:data.received"]}


def set_up(home: Path) -> None:
    """Make its database as ``label-studio`` does when it starts."""
    settings = {
        "LABEL_STUDIO_BASE_DATA_DIR": str(home),
        "DJANGO_SETTINGS_MODULE": "label_studio.core.settings.label_studio",
        "DJANGO_DB": "sqlite",
        "DEBUG": "False",
        "COLLECT_ANALYTICS": "False",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "False",
        "LOG_LEVEL": "ERROR",
    }
    os.environ.update(settings)
    sys.path.append(find_spec("label_studio").submodule_search_locations[0])
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def log_in():
    """Give a client of an owner, and the id of another reader."""
    from django.conf import settings
    from django.test import Client
    from organizations.models import Organization
    from users.models import User

    owner = User.objects.create_superuser("ann@example.com", "ann")
    other = User.objects.create_user("bo@example.com", "bo")
    ours = Organization.create_organization(created_by=owner, title="Benchmark")
    ours.add_user(other)
    for user in (owner, other):
        user.active_organization = ours
        user.save()
    client = Client()
    client.force_login(owner)
    session = client.session
    session["last_login"] = time.time()
    session["organization_pk"] = ours.pk
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client, other.pk


def send(client, address: str, data: object, *, method: str = "post") -> dict:
    """Send JSON; give the answer."""
    answer = getattr(client, method)(address, json.dumps(data), "application/json")
    return _read(answer)


def _read(answer) -> dict:
    """Read an answer that must be a good one."""
    if answer.status_code not in (200, 201):
        raise ValueError(f"Label Studio answered {answer.status_code}")
    return json.loads(answer.content)


def make_task(note: dict, reader: int) -> dict:
    """Put a note as its import has it: findings as a prediction, a reading as an annotation."""
    own = {"from_name": "label", "to_name": "text", "type": "labels"}
    spans = [
        own | {"value": {"start": start, "end": end, "text": note["text"][start:end]} | labels}
        for start, end, label in note["spans"]
        for labels in [{"labels": [label]}]
    ]
    prediction = {"model_version": "drawn", "score": note["evidence"], "result": spans}
    data = {"text": note["text"], "name": note["name"], **note["facts"]}
    task = {"data": data, "predictions": [prediction]}
    if note["is_read"]:
        task["annotations"] = [{"result": spans, "completed_by": reader}]
    return task


def load(client, reader: int, notes: Path, seconds: float) -> tuple[int, int]:
    """Make a project, import notes into it; give its id and how many notes it has."""
    with notes.open(encoding="utf-8") as lines:
        labels = sorted({label for line in lines for *_, label in json.loads(line)["spans"]})
    choices = "".join(f'<Label value="{label}"/>' for label in labels)
    config = f'<Labels name="label" toName="text">{choices}</Labels>'
    config = f'<View>{config}<Text name="text" value="$text"/></View>'
    about = {"title": "Benchmark", "label_config": config}
    project_id = send(client, "/api/projects/", about)["id"]
    begun = time.monotonic()
    count = 0
    with notes.open(encoding="utf-8") as lines:
        while some := [make_task(json.loads(line), reader) for line in islice(lines, BATCH)]:
            if time.monotonic() - begun > seconds:
                break
            count += send(client, f"/api/projects/{project_id}/import", some)["task_count"]
    return project_id, count


def measure_pages(client, project_id: int) -> dict[str, Timing]:
    """Time the list, its filters, and the next task of the labelling stream."""
    of_project = f"project={project_id}"
    opened: list[int] = []

    def ask(address: str) -> dict:
        return _read(client.get(address))

    def make_view(filters: list[tuple] = (), ordering: list[str] = ()) -> int:
        items = [
            {"filter": f"filter:{name}", "operator": operator, "type": type, "value": value}
            for name, operator, type, value in filters
        ]
        data = {"title": "Default", "type": "list", "target": "tasks", "ordering": list(ordering)}
        data["filters"] = {"conjunction": "and", "items": items}
        view = {"data": data, "project": project_id}
        return send(client, f"/api/dm/views?{of_project}", view)["id"]

    def list_tasks(view: int) -> int:
        return ask(f"/api/tasks?page=1&page_size=30&view={view}&{of_project}")["total"]

    def go_on() -> None:
        address = f"/api/dm/actions?id=next_task&{of_project}"
        opened.append(send(client, address, {"project": str(project_id)})["id"])

    def finish() -> None:
        if opened:
            address = f"/api/tasks/{opened.pop()}/annotations?{of_project}"
            send(client, address, {"lead_time": 1, "result": []})

    times = {"one request": measure(lambda: ask("/api/current-user/whoami") and None)}
    plain = make_view()
    times["open"] = measure(lambda: list_tasks(plain))
    views = {name: make_view(filters) for name, filters in FILTERS.items()}
    views |= {name: make_view(ordering=order) for name, order in ORDERS.items()}
    for name, view in views.items():
        times[f"filter: {name}"] = measure(lambda view=view: list_tasks(view))
    times["next"] = measure(go_on, before=finish)
    times["finish a note"] = measure(finish, before=go_on)
    return times


def main() -> None:
    """Load notes, measure, and print one JSON object."""
    notes, home, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    set_up(home)
    client, reader = log_in()
    begun = time.monotonic()
    project_id, count = load(client, reader, notes, seconds)
    result = {"version": version("label-studio"), "notes": count}
    result["load_s"] = round(time.monotonic() - begun)
    result["times"] = measure_pages(client, project_id)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
