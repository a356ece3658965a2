"""The queue: what filters let through, in which order, and who gets what."""

import pytest
from sqlalchemy import update

from review.decision_log import record, undo
from review.decisions import Decision
from review.fact_values import MAX_VALUES, facts_of, list_values
from review.projects import create_project
from review.queue import (
    STATUSES,
    Filters,
    Row,
    claim,
    claim_next,
    list_page,
    list_queues,
    neighbours,
    read_note,
    release,
)
from review.tables import claim as claims
from tests.notes_in_store import add_finding, add_note, add_run, add_score, make_queue

FACTS = {
    "a": {"team": "A", "handler": "1", "received": "2024-01-01T10:00:00", "draw": 0.4},
    "b": {"team": "B", "grade": "2", "received": "2024-02-01", "draw": 0.2, "person": "P-1"},
    "c": {"team": "A", "da_flag": "Y", "received": "2024-03-01T23:59:00", "draw": 0.3},
    "d": {"risk": "DASH", "closing": "Z1", "call_type": "C1", "draw": 0.1},
}
TEXTS = {
    "a": "He checks her phone; café 😀.",
    "b": "Can't leave. 'Never' says he.",
    "c": "Says: nothing (AND) happened.",
    "d": "Checking in; NEAR the shop.",
}
EVIDENCE = {"a": 0.2, "b": 0.9, "c": 0.9, "d": 0.0}


class Room:
    """A project with four notes, by the names of the notes."""

    def __init__(self, store):
        self.store = store
        self.project = create_project(store, "One", by="Ann")
        self.queue = self.project.ranked_queue
        self.run = add_run(store, self.project.id)
        self.ids = {
            name: add_note(store, self.project.id, name, text, **FACTS[name])
            for name, text in TEXTS.items()
        }
        self.names = {None: None} | {id: name for name, id in self.ids.items()}
        for name, label in (("a", "monitoring"), ("b", "isolation"), ("b", "monitoring")):
            context = "negated" if (name, label) == ("b", "monitoring") else "affirmed"
            own = {"context": context, "value": EVIDENCE[name]}
            add_finding(store, self.run, self.ids[name], 0, 5, label, **own)
        for name in "cd":
            add_score(store, self.run, self.ids[name], EVIDENCE[name])

    def list(self, reader="Ann", queue=None, run="own", page=1, size=25, **filters):
        run_id = self.run if run == "own" else run
        return list_page(
            self.store,
            queue or self.queue,
            run_id,
            reader,
            Filters(**filters),
            page=page,
            size=size,
        )

    def names_of(self, *args, **more):
        return "".join(self.names[row.note_id] for row in self.list(*args, **more).rows)

    def next(self, reader="Ann", queue=None, after=None, minutes=30, **filters):
        found = claim_next(
            self.store,
            queue or self.queue,
            self.run,
            reader,
            Filters(**filters),
            after=self.ids.get(after),
            minutes=minutes,
        )
        return self.names[found]

    def around(self, name, queue=None, reader="Ann", **filters):
        before, after, place, total = neighbours(
            self.store, queue or self.queue, self.run, reader, Filters(**filters), self.ids[name]
        )
        return self.names[before], self.names[after], place, total

    def draw(self, names, kind="random", **more):
        ids = [self.ids[name] for name in names]
        return make_queue(self.store, self.project.id, kind, kind, ids, by="Ann", **more)

    def say(self, name, kind, answer=None, reader="Ann", queue=None):
        own = {"queue_id": queue, "answer": answer}
        record(self.store, [Decision(self.project.id, self.ids[name], reader, kind, **own)])


@pytest.fixture
def room(store):
    return Room(store)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, "cbad"),
        ({"order": "newest"}, "cbad"),
        ({"order": "oldest"}, "abcd"),
        ({"order": "random"}, "dbca"),
        ({"labels": ("monitoring",)}, "ba"),
        ({"labels": ("isolation", "threats")}, "b"),
        ({"with_findings": True}, "ba"),
        ({"with_findings": False}, "cd"),
        ({"teams": ("A",)}, "ca"),
        ({"teams": ("A", "B"), "order": "oldest"}, "abc"),
        ({"handlers": ("1",)}, "a"),
        ({"grades": ("2",)}, "b"),
        ({"da_flags": ("Y",)}, "c"),
        ({"risks": ("DASH",), "closings": ("Z1",), "call_types": ("C1",)}, "d"),
        ({"since": "2024-02-01"}, "cb"),
        ({"until": "2024-02-01"}, "ba"),
        ({"since": "2024-03-01", "until": "2024-03-01"}, "c"),
        ({"teams": ("A",), "labels": ("monitoring",)}, "a"),
        ({"teams": ("Z",)}, ""),
    ],
)
def test_filters_and_orders(room, filters, names):
    assert room.names_of(**filters) == names
    assert room.list(**filters).total == len(names)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("phone", "a"),
        ("PHONE checks", "a"),
        ("check", "ad"),
        ("check phone", ""),
        ("ch", ""),
        ("says he", "b"),
        ("can't", "b"),
        ("a", "a"),
        ('"phone', "a"),
        ("phone OR nothing", ""),
        ("NEAR(shop)", ""),
        ("NOT", "c"),
        ("AND", "c"),
        ("phone*", "a"),
        ("text:phone", ""),
        ("(phone)", "a"),
        ("phone & | ! <->", "a"),
        ("'; DROP TABLE note; --", ""),
        ("\\", "cbad"),
        ("\\phone\\", "a"),
        ("phone\0", "a"),
        ('"', "cbad"),
        ("''", "cbad"),
        ("^-:*", "cbad"),
        ("%", "cbad"),
        ("café", "a"),
    ],
)
def test_words_are_searched_as_words_whatever_stands_in_them(room, words, names):
    assert sorted(room.names_of(words=words)) == sorted(names)


def test_row_shows_what_a_list_needs(room):
    room.say("b", "outcome", "none")
    row = room.list(grades=("2",)).rows[0]
    labels = (("isolation", "affirmed"), ("monitoring", "negated"))
    own = (room.ids["b"], "b", "2024-02-01", "P-1", "P-1", "B", 0.9, 2, labels, "begun")
    assert row == Row(*own)


def test_pages_follow_one_another_and_end(room):
    assert [room.names_of(page=page, size=3) for page in (1, 2, 3)] == ["cba", "d", ""]
    assert room.list(page=3, size=3).total == 4


def test_notes_that_no_run_has_scored_come_last(room):
    room.ids["e"] = add_note(room.store, room.project.id, "e", "New.")
    room.names[room.ids["e"]] = "e"
    assert room.names_of() == "cbade"
    assert room.list().rows[-1].evidence is None
    assert room.around("d") == ("a", "e", 4, 5)
    assert sorted(room.names_of(run=None)) == list("abcde")


def test_status_tells_unread_begun_and_read(room):
    room.say("a", "outcome", "none", reader="Bo")
    room.say("b", "done", reader="Bo")
    room.say("c", "flag", "Ann", reader="Bo")
    by_status = {s: room.names_of(status=s) for s in STATUSES[1:]}
    assert by_status == {
        "open": "cad",
        "unread": "d",
        "begun": "ca",
        "read": "b",
        "flagged": "c",
        "mine": "",
    }
    assert room.names_of(reader="Bo", status="mine") == "cba"
    assert room.names_of(reader="Bo", status="flagged") == ""
    assert [row.status for row in room.list().rows] == ["begun", "read", "begun", "unread"]


def test_reading_whose_rows_were_all_undone_is_as_none(room):
    for name in "ab":
        room.say(name, "outcome", "none", reader="Bo")
    room.say("b", "flag", "Ann", reader="Bo")
    for name in "ab":
        undo(room.store, project_id=room.project.id, reader="Bo", note_id=room.ids[name])
    assert room.names_of(status="unread") == "cad"
    assert room.names_of(status="begun") == "b"
    assert room.names_of(reader="Bo", status="mine") == "b"
    assert [row.status for row in room.list().rows] == ["unread", "begun", "unread", "unread"]
    blind = room.draw("ab", "second", is_blind=True)
    assert room.names_of(reader="Bo", queue=blind, status="unread") == "a"
    room.say("a", "comment", reader="Bo")
    assert room.names_of(status="begun") == "ba"


def test_blind_queue_shows_only_ones_own_status(room):
    blind = room.draw("abc", "second", is_blind=True)
    room.say("a", "done", reader="Bo")
    room.say("b", "flag", "Ann", reader="Bo")
    assert [row.status for row in room.list(queue=blind).rows] == ["unread"] * 3
    assert room.names_of(queue=blind, status="flagged") == ""
    assert room.names_of(queue=blind, status="read") == ""
    assert room.names_of(queue=blind, status="read", reader="Bo") == "a"


def test_drawn_queue_keeps_its_order_and_takes_filters(room):
    drawn = room.draw("dac", seed=3, plan={"n": 3})
    assert room.names_of(queue=drawn, order="newest") == "dac"
    assert room.names_of(queue=drawn, teams=("A",)) == "ac"
    assert room.around("a", queue=drawn) == ("d", "c", 2, 3)
    assert room.around("b", queue=drawn) == (None, None, 0, 3)
    found = list_queues(room.store, room.project.id)[1]
    assert (found.name, found.kind, found.seed, found.plan) == ("random", "random", 3, {"n": 3})


def test_notes_assigned_to_others_are_hidden_in_a_blind_queue_and_never_claimed(room):
    readers = {room.ids["a"]: "Ann", room.ids["b"]: "Bo"}
    blind = room.draw("abc", "second", is_blind=True, readers=readers)
    open_ = room.draw("abc", "dip", readers=readers)
    assert [room.names_of(queue=blind, reader=reader) for reader in ("Ann", "Bo")] == ["ac", "bc"]
    assert room.names_of(queue=open_) == "abc"
    assert room.next("Bo", queue=open_) == "b"


@pytest.mark.parametrize("order", ["evidence", "newest", "oldest", "random"])
def test_neighbours_walk_the_whole_queue_both_ways(room, order):
    names = room.names_of(order=order)
    places = [room.around(name, order=order) for name in names]
    ends = (None, *names, None)
    assert places == [(ends[i], ends[i + 2], i + 1, 4) for i in range(4)]


def test_note_that_filters_let_go_keeps_its_place(room):
    room.say("b", "done")
    assert room.around("b", status="unread") == ("c", "a", 1, 3)


def test_next_goes_down_the_queue_past_what_is_read_or_held(room):
    assert [room.next("Ann"), room.next("Ann"), room.next("Bo")] == ["c", "c", "b"]
    room.say("c", "done")
    assert [room.next("Ann"), room.next("Bo")] == ["a", "b"]
    assert room.next("Cy", labels=("monitoring",)) is None
    assert [room.next("Cy"), room.next("Di")] == ["d", None]


def test_next_after_a_note_comes_behind_it_and_then_from_the_top(room):
    assert room.next(after="b") == "a"
    assert room.next(after="d") == "c"
    for name in "cba":
        room.say(name, "done")
    assert room.next(after="d") is None


def test_claim_that_ran_out_counts_for_nothing(room):
    assert room.next("Ann") == "c"
    with room.store.write() as connection:
        connection.execute(update(claims).values(until="2024-01-01T00:00:00.000000Z"))
    assert room.next("Bo") == "c"
    assert room.next("Ann") == "b"


def test_claim_of_an_open_note_names_who_has_it(room):
    id = room.ids["a"]
    assert claim(room.store, room.queue, id, "Ann") is None
    assert claim(room.store, room.queue, id, "Ann") is None
    assert claim(room.store, room.queue, id, "Bo") == "Ann"
    assert claim(room.store, room.draw("a"), id, "Bo") == "Ann"
    release(room.store, "Ann", room.queue)
    assert claim(room.store, room.queue, id, "Bo") is None


def test_blind_queue_has_no_claims(room):
    blind = room.draw("ab", "second", is_blind=True)
    assert [room.next(reader, queue=blind) for reader in ("Ann", "Bo")] == ["a", "a"]
    assert claim(room.store, blind, room.ids["a"], "Bo") is None
    room.say("a", "done", reader="Bo", queue=blind)
    assert [room.next(reader, queue=blind) for reader in ("Ann", "Bo")] == ["a", "b"]


def test_finished_note_is_no_longer_held(room):
    assert room.next("Ann") == "c"
    room.say("c", "done")
    with room.store.read() as connection:
        assert connection.execute(claims.select()).all() == []


def test_queues_count_what_is_read(room):
    blind = room.draw("ab", "second", is_blind=True)
    named = room.draw("ab", "second", is_blind=True, readers={room.ids["a"]: "Cy"})
    room.say("a", "done", reader="Bo")
    room.say("b", "done", reader="Bo", queue=blind)
    counts = {one.id: (one.n_notes, one.n_read) for one in list_queues(room.store, room.project.id)}
    assert counts == {room.queue: (4, 2), blind: (2, 1), named: (2, 0)}
    room.say("a", "done", reader="Cy", queue=named)
    assert list_queues(room.store, room.project.id)[2].n_read == 1


def test_facts_list_each_value_once(room):
    assert facts_of(room.store, room.project.id) == {
        "team": ["A", "B"],
        "handler": ["1"],
        "grade": ["2"],
        "da_flag": ["Y"],
        "risk": ["DASH"],
        "closing": ["Z1"],
        "call_type": ["C1"],
    }


def test_values_of_a_fact_are_all_listed_unless_so_many_are_asked_for(room):
    names = [f"{at:03}" for at in range(MAX_VALUES + 5)]
    for name in ("", *names):
        add_note(room.store, room.project.id, f"of {name}", "x", handler=name)
    with room.store.read() as connection:
        assert list_values(connection, room.project.id, "handler") == sorted([*names, "1"])
        assert list_values(connection, room.project.id, "handler", most=2) == ["000", "001"]
    assert len(facts_of(room.store, room.project.id)["handler"]) == MAX_VALUES


def test_other_projects_do_not_show(room):
    other = create_project(room.store, "Two", by="Bo")
    add_note(room.store, other.id, "a", "phone", team="Z")
    assert room.names_of(words="phone") == "a"
    assert facts_of(room.store, other.id)["team"] == ["Z"]
    assert room.list().total == 4


def test_note_is_read_as_stored(room):
    one = read_note(room.store, room.ids["a"])
    assert (one.name, one.text, one.team, one.person) == ("a", TEXTS["a"], "A", None)
    assert "phone" not in repr(one)


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        (lambda room: read_note(room.store, 99), "the store has no note 99"),
        (lambda room: room.list(queue=99), "the store has no queue 99"),
        (lambda room: claim(room.store, 99, 1, "Ann"), "the store has no queue 99"),
        (lambda room: claim(room.store, room.queue, 99, "Ann"), "the store has no note 99"),
        (lambda room: Filters(status="done"), "status must be one of"),
        (lambda room: Filters(order="best"), "order must be one of"),
        (lambda room: room.draw("aa"), "a note comes twice"),
        (lambda room: room.draw("a", "ranked"), "kind must be one of"),
        (lambda room: room.draw("a", readers={99: "Bo"}), r"not in the queue: \[99\]"),
        (
            lambda room: make_queue(room.store, room.project.id, "x", "dip", [99], by="Ann"),
            "has no note 99",
        ),
        (
            lambda room: make_queue(room.store, room.project.id, " ", "dip", [], by="Ann"),
            "1 to 200 characters, got 0",
        ),
    ],
)
def test_what_is_not_there_is_refused(room, deed, message):
    with pytest.raises(ValueError, match=message):
        deed(room)
