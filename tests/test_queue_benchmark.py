"""The benchmark of the queue: a run with few notes, what other tools are given, and its report."""

import json
import subprocess
import sys
from pathlib import Path

from review.queue import Filters, list_page
from review.store import open_store

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from queue_notes import fill, write_notes
from queue_report import ratios_to, say_result, write_table
from queue_timing import ROUNDS, WARM_UP, measure

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
OURS = {
    "open": {"ms": 10.0, "own_ms": 9.0, "found": 1000},
    "filter: team": {"ms": 20.0, "own_ms": 18.0, "found": 50},
    "filter: label": {"ms": 40.0, "own_ms": 39.0, "found": 9},
    "filter: random": {"ms": 500.0, "own_ms": 400.0},
    "next": {"ms": 5.0, "own_ms": 4.0},
}
THEIRS = {
    "one request": {"ms": 2.0, "own_ms": 1.0},
    "open": {"ms": 25.0, "own_ms": 24.0, "found": 1000},
    "filter: team": {"ms": 30.0, "own_ms": 29.0, "found": 50},
    "filter: label": {"ms": 60.0, "own_ms": 59.0, "found": 12},
    "next": {"ms": 20.0, "own_ms": 19.0},
}
TOOLS = {
    "sqlite": {"notes": 1000, "times": OURS},
    "doccano": {"notes": 900, "version": "1.8.4", "load_s": 3, "times": THEIRS},
}


def test_a_run_ends_with_one_json_object_and_says_which_tools_are_left_out():
    command = [sys.executable, BENCHMARKS / "queue.py", "--notes=120", "--store=sqlite"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "ours on SQLite is measured",
        "left out: doccano, as --doccano-python names none",
        "left out: label-studio, as --label-studio-python names none",
    ]
    result = json.loads(lines[-1])
    assert list(result) == [
        "notes",
        "open_ms",
        "filter_ms",
        "next_ms",
        "filter_slowest_ms",
        "open_own_ms",
        "filter_own_ms",
        "next_own_ms",
        "peers",
    ]
    assert result["notes"] == 120
    assert result["peers"] == {}
    assert min(result[name] for name in result if name.endswith("_ms")) > 0


def test_other_tools_are_given_what_the_store_holds(tmp_path):
    store = open_store(tmp_path / "review.db")
    project, run_id = fill(store, 60)
    write_notes(store, run_id, tmp_path / "notes.jsonl")
    lines = (tmp_path / "notes.jsonl").read_text(encoding="utf-8").splitlines()
    written = [json.loads(line) for line in lines]

    def count(**filters):
        return list_page(
            store, project.ranked_queue, run_id, "Ann", Filters(**filters), size=1
        ).total

    assert len(written) == 60
    assert sum(bool(one["spans"]) for one in written) == count(with_findings=True) > 0
    assert sum(one["is_read"] for one in written) == count(status="read") > 0
    teams = [one["facts"]["team"] for one in written]
    assert teams.count("Team A") == count(teams=("Team A",)) > 0
    for one in written:
        assert all(0 <= start < end <= len(one["text"]) for start, end, _ in one["spans"])
    store.close()


def test_a_ratio_compares_the_filters_that_both_tools_have():
    assert ratios_to(OURS, THEIRS) == {"open": 2.5, "filter": 1.5, "next": 4.0}


def test_the_result_has_ours_first_and_each_other_tool_beside_it():
    assert say_result(TOOLS) == {
        "notes": 1000,
        "open_ms": 10.0,
        "filter_ms": 40.0,
        "next_ms": 5.0,
        "filter_slowest_ms": 500.0,
        "open_own_ms": 9.0,
        "filter_own_ms": 39.0,
        "next_own_ms": 4.0,
        "peers": {
            "doccano": {
                "version": "1.8.4",
                "load_s": 3,
                "notes": 900,
                "open_ms": 25.0,
                "filter_ms": 45.0,
                "next_ms": 20.0,
                "filter_slowest_ms": 60.0,
                "open_own_ms": 24.0,
                "filter_own_ms": 44.0,
                "next_own_ms": 19.0,
                "open_ratio": 2.5,
                "filter_ratio": 1.5,
                "next_ratio": 4.0,
            }
        },
    }


def test_the_table_has_a_line_for_every_deed_and_every_tool():
    lines = [line.split() for line in write_table(TOOLS).splitlines()]
    assert ["open", "10.0", "(1,000)", "25.0", "(1,000)"] in lines
    assert ["filter:", "random", "500.0", "-"] in lines
    assert ["one", "request", "-", "2.0"] in lines
    assert lines[-2:] == [
        [
            "ours",
            "on",
            "SQLite",
            "1,000",
            "10.0",
            "40.0",
            "5.0",
            *["1.0"] * 3,
            "9.0",
            "39.0",
            "4.0",
        ],
        [
            "doccano",
            "1.8.4",
            "900",
            "25.0",
            "45.0",
            "20.0",
            "2.5",
            "1.5",
            "4.0",
            *"24.0 44.0 19.0".split(),
        ],
    ]


def test_what_comes_before_a_round_is_done_for_each_and_not_timed():
    done = []
    timing = measure(lambda: done.append("work"), before=lambda: done.append("before"))
    assert done == ["before", "work"] * (WARM_UP + ROUNDS)
    assert timing.keys() == {"ms", "slowest_ms", "rounds", "own_ms"}
    assert timing["rounds"] == ROUNDS
