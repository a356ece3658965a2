"""The review room as a reviewer meets it: a real browser, a real store, and a server that dies."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from test_browser import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    ROOT,
    START_SECONDS,
    settle,
    wait_for_port,
)

from review.decision_log import read_history, read_readings
from review.export import export_notes
from review.options import make_flags
from review.projects import list_projects
from review.store import open_store
from review.tables import decision, note, reading

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None, reason=f"needs Chromium at {CHROMIUM}"
)

EXPORT = ROOT / "data" / "synthetic" / "demo" / "call_export.csv"
N_READ = 20


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def serve_room(store):
    """Start the page over a store; give its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    process = subprocess.Popen(
        [*command, *make_flags()],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "UNHEARD_STORE": f"sqlite:///{store}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait(timeout=20)


def enter(page, address, name, project=None):
    """Give a name, and open or make a project."""
    page.goto(f"{address}/projects")
    page.get_by_role("textbox", name="Your name").fill(name)
    if project:
        page.get_by_role("textbox", name="Name of a new project").fill(project)
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_text(f"You read as {name}").wait_for(timeout=START_SECONDS * 1000)
    settle(page)


def start_review(page):
    page.get_by_role("button", name="Review", exact=True).click()
    page.locator(".desk .text").wait_for(timeout=START_SECONDS * 1000)
    settle(page)


def title_of(page):
    return page.locator(".desk .head h1").inner_text()


def wait_saved(page):
    page.locator(".desk .saved").get_by_text("Saved").wait_for(timeout=30_000)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def finish(page):
    """Press D, and wait for another note."""
    before = title_of(page)
    press(page, "d")
    page.wait_for_function(
        """before => {
            const find = root => [...root.querySelectorAll('*')].flatMap(one =>
                [...(one.matches('.desk .head h1') ? [one] : []),
                 ...(one.shadowRoot ? find(one.shadowRoot) : [])]);
            return find(document).some(one => one.innerText !== before);
        }""",
        arg=before,
        timeout=30_000,
    )


def rows_of(store, kind=None):
    with store.read() as connection:
        asked = select(decision).order_by(decision.c.id)
        found = connection.execute(asked).all()
    return [row for row in found if kind is None or row.kind == kind]


def test_twenty_notes_by_keyboard_outlive_a_killed_server(browser, tmp_path):
    file = tmp_path / "review.db"
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    with serve_room(file) as (address, process):
        enter(page, address, "Ann", "Spring sample")
        page.locator("input[type=file]").set_input_files(EXPORT)
        page.get_by_text("The first notes, as they will be taken in").wait_for(timeout=60_000)
        settle(page)
        page.get_by_role("button", name="Bring these notes in").click()
        told = "140 rows: 137 notes added, 0 known already, 0 changed since"
        page.get_by_text(told).wait_for(timeout=START_SECONDS * 1000)
        settle(page)
        start_review(page)
        read = []
        for number in range(N_READ):
            read.append(title_of(page))
            press(page, *("a", "x", "u")[number % 3], "o", "3" if number % 2 else "2")
            if number == 0:  # a phrase that was missed: the first two words of the note
                press(page, "m", "Shift+ArrowRight", "Enter")
                page.keyboard.type("isolation")
                press(page, "Enter")
            if number == 1:
                wait_saved(page)
                press(page, "z")
            wait_saved(page)
            if number < N_READ - 1:
                finish(page)
        store = open_store(file)
        before = rows_of(store)
        process.kill()
        process.wait(timeout=20)
    assert len(set(read)) == N_READ
    assert len([row for row in before if row.kind == "done"]) == N_READ - 1
    assert [row.label for row in before if row.kind == "mark"] == ["isolation"]
    assert len([row for row in before if row.kind == "undo"]) == 1

    with serve_room(file) as (address, _):
        enter(page, address, "Ann")
        start_review(page)
        assert title_of(page) == read[-1]  # where the reader stopped
        assert [row.id for row in rows_of(store)] == [row.id for row in before]
        press(page, "d")
        wait_saved(page)
    page.close()
    project = list_projects(store)[0]
    out = export_notes(store, project.id, tmp_path / "read.jsonl", format="jsonl")
    assert out.n_notes_out == N_READ
    assert out.n_notes_in == out.n_notes_out + sum(out.n_left_out.values())
    with store.read() as connection:
        names = dict(connection.execute(select(note.c.name, note.c.id)).all())
        n_done = len(connection.execute(select(reading).where(reading.c.is_done)).all())
    assert n_done == N_READ
    [first] = read_readings(store, [names[read[0]]])
    assert [one.mark.label for one in first.marks] == ["isolation"]
    assert first.outcome == "not_acted"
    undone = read_history(store, names[read[1]])
    assert undone[-1].kind in ("undo", "done")
    store.close()
