"""Cases listed and read from the store; the sample's repeat calls."""

import pytest
from sample_store import add_sample
from sqlalchemy import insert

from classifier.note import Mark
from review.also_noted import find_facts
from review.cases import CasePage, CaseRow, list_cases, read_case
from review.decision_log import record, undo
from review.decisions import Decision
from review.projects import change_settings, create_project
from review.settings import Settings
from review.store import now
from review.tables import queue, queue_note
from review.timelines import Call, Case, Run, find_gaps
from tests.notes_in_store import add_finding, add_note, add_run

TEXT = "Says he checks her phone. Afraid to go home."
CHECKS, AFRAID = Mark(8, 24, "monitoring"), Mark(26, 32, "fear_compliance")

TIMELINES = {
    "P-20418": [
        *("24-0117-0714", "24-0219-0401", "24-0402-0137"),
        *("24-0521-0656", "24-0618-0529", "24-0704-0802"),
    ],
    "P-20733": ["24-0206-0368", "24-0314-0635", "24-0509-0287", "24-0727-0590", "24-0911-0446"],
    "P-21096": ["24-0128-0793", "24-0310-0613", "24-0422-0343", "24-0530-0467", "24-0716-0077"],
    "P-22871": ["24-0214-0848", "24-0403-0688", "24-0519-0233", "24-0629-0103", "24-0807-0456"],
    "P-21554": ["24-0311-0561", "24-0408-0700", "24-0427-0018", "24-0613-0391"],
    "P-22017": ["24-0205-0515", "24-0329-0821", "24-0518-0357", "24-0820-0612"],
    "P-22340": ["24-0112-0419", "24-0325-0769", "24-0610-0392", "24-0902-0521"],
    "P-23960": ["24-0303-0657", "24-0421-0641", "24-0514-0296", "24-0609-0709"],
    "P-23105": ["24-0222-0359", "24-0506-0732", "24-0812-0503"],
    "P-23418": ["24-0219-0732", "24-0418-0411", "24-0601-0267"],
    "P-24609": ["24-0131-0479", "24-0622-0166", "24-0826-0691"],
    "P-24222": ["24-0320-0820", "24-0715-0378"],
}
"""The sample's twelve repeat-call persons and their calls, from its README and its rows."""

GAPS = {
    "P-20418": [33, 43, 49, 28, 16],
    "P-20733": [37, 56, 79, 46],
    "P-21096": [42, 43, 38, 47],
    "P-22871": [49, 46, 41, 39],
    "P-21554": [28, 19, 47],
    "P-22017": [53, 50, 94],
    "P-22340": [73, 77, 84],
    "P-23960": [49, 23, 26],
    "P-23105": [74, 98],
    "P-23418": [59, 44],
    "P-24609": [143, 65],
    "P-24222": [117],
}
"""Days of the calendar between them (2024 was a leap year), counted by hand."""


@pytest.fixture
def sample(store):
    return add_sample(store)


@pytest.fixture
def project(store):
    return create_project(store, "One", by="Ann")


def read_one(store, project_id, note_id, *rows, reader="Ann"):
    """Say some things of a note, then be done with it."""
    said = [Decision(project_id, note_id, reader, **row) for row in (*rows, {"kind": "done"})]
    return record(store, said)


# The sample


def test_the_twelve_repeat_callers_have_their_timelines(store, sample):
    for ref, names in TIMELINES.items():
        case = read_case(store, sample.id, ref, None)
        assert [call.name for call in case.calls] == names, ref
        days = [f"24-{call.received[5:7]}{call.received[8:10]}" for call in case.calls]
        assert days == [name[:7] for name in names], ref
        assert [call.days_since_previous for call in case.calls] == [None, *GAPS[ref]], ref
        assert [after.days_since_previous for _, after in find_gaps(case)] == GAPS[ref]


def test_the_list_of_the_sample_is_by_notes_then_by_the_last_call(store, sample):
    page = list_cases(store, sample.id, None)
    rows = {row.ref: row for row in page.rows}
    assert page.total == 14, "twelve persons, the parking and the children's home"
    for ref, names in TIMELINES.items():
        first, last = (f"2024-{name[3:5]}-{name[5:7]}" for name in (names[0], names[-1]))
        row = rows[ref]
        assert (row.n_notes, row.first[:10], row.last[:10]) == (len(names), first, last), ref
    order = [(-row.n_notes, row.last) for row in page.rows]
    assert [n for n, _ in order] == sorted(n for n, _ in order)
    assert [row.ref for row in page.rows][:4] == ["P-20418", "P-20733", "P-22871", "P-21096"]


def test_a_call_of_the_sample_has_what_the_export_says(store, sample):
    change_settings(store, sample.id, Settings(no_action_values=("z12 resolved on phone",)))
    calls = [call for ref in TIMELINES for call in read_case(store, sample.id, ref, None).calls]
    assert all(len(call.handler) == 4 and call.team and call.call_type for call in calls)
    assert {call.da_flag: call.is_flagged for call in calls} == {"N": False, "Y": True, "": False}
    graded = {call.risk: call.is_graded for call in calls}
    assert {risk: value for risk, value in graded.items() if not value} == {
        risk: False for risk in graded if risk in ("", "None", "Not completed", "Refused")
    }
    assert {call.closing for call in calls if call.is_no_action} <= {"Z12 Resolved on phone"}


def test_bail_and_threats_are_also_noted_at_the_end_of_the_first_case(store, sample):
    last = read_case(store, sample.id, "P-20418", None).calls[-1]
    assert last.facts == find_facts(last.text)
    assert "breach" in {fact.kind for fact in last.facts}


# The list


def test_the_list_is_paged_by_the_database(store, project):
    for ref, count in (("a", 2), ("b", 3), ("c", 1), ("d", 2)):
        for at in range(count):
            add_note(
                store, project.id, f"{ref}{at}", "x", person=ref, received=f"2024-01-0{at + 1}"
            )
    b = CaseRow("b", 3, "2024-01-01", "2024-01-03", 0)
    a, d = (CaseRow(ref, 2, "2024-01-01", "2024-01-02", 0) for ref in "ad")
    assert list_cases(store, project.id, None, size=2) == CasePage((b, a), 3)
    assert list_cases(store, project.id, None, size=2, page=2) == CasePage((d,), 3)
    assert list_cases(store, project.id, None, at_least=3) == CasePage((b,), 1)
    assert list_cases(store, project.id, None, search=" D ") == CasePage((d,), 1)
    assert list_cases(store, project.id, None, search="%").total == 0


def test_the_list_counts_notes_with_evidence_of_one_run(store, project):
    run_id, other = add_run(store, project.id), add_run(store, project.id)
    ids = [add_note(store, project.id, f"n{at}", TEXT, person="a") for at in range(3)]
    add_finding(store, run_id, ids[0], 8, 24, "monitoring")
    add_finding(store, run_id, ids[0], 26, 32, "fear_compliance")
    add_finding(store, run_id, ids[1], 8, 24, "monitoring", context="negated")
    add_finding(store, other, ids[2], 8, 24, "monitoring")
    assert list_cases(store, project.id, run_id).rows == (CaseRow("a", 3, None, None, 1),)


def test_what_is_no_date_does_not_count_as_first_or_last(store, project):
    for at, received in enumerate(("31/06/2024 15:18", None, "2024-02-01T10:00:00")):
        add_note(store, project.id, f"n{at}", "x", person="a", received=received)
    add_note(store, project.id, "m0", "x", person="b", received="unknown")
    add_note(store, project.id, "m1", "x", person="b")
    add_note(store, project.id, "m2", "x", person="b")
    day = "2024-02-01T10:00:00"
    rows = (CaseRow("a", 3, day, day, 0), CaseRow("b", 3, None, None, 0))
    assert list_cases(store, project.id, None).rows == rows


def test_cases_of_other_projects_are_left_out(store, project):
    other = create_project(store, "Two", by="Ann")
    for at in range(2):
        add_note(store, other.id, f"n{at}", "x", person="a")
    assert list_cases(store, project.id, None) == CasePage((), 0)
    assert read_case(store, project.id, "a", None) == Case("a", ())


# One case


def test_calls_are_by_date_then_name_and_undated_ones_come_last(store, project):
    for name, received in (
        ("d", None),
        ("c", "31/06/2024"),
        ("b", "2024-01-05T08:00:00"),
        ("a", "2024-01-05T08:00:00"),
        ("z", "2024-01-03"),
        ("y", "2024-01-04T23:59:00+00:00"),
    ):
        add_note(store, project.id, name, "x", person="a", received=received)
    calls = read_case(store, project.id, "a", None).calls
    expected = [("z", None), ("y", 1), ("a", 1), ("b", 0), ("c", None), ("d", None)]
    assert [(call.name, call.days_since_previous) for call in calls] == expected


def test_a_call_holds_findings_and_what_was_said_of_them(store, project):
    run_id = add_run(store, project.id)
    facts = {"da_flag": "Y", "risk": "High", "closing": "Z1", "team": "C", "handler": "12"}
    note_id = add_note(store, project.id, "n", TEXT, person="a", received="2024-01-05", **facts)
    first = add_finding(store, run_id, note_id, 8, 24, "monitoring")
    second = add_finding(store, run_id, note_id, 26, 32, "fear_compliance")
    read_one(
        store,
        project.id,
        note_id,
        {"kind": "answer", "finding_id": first, "answer": "accept"},
        {"kind": "answer", "finding_id": second, "answer": "dismiss"},
        {"kind": "mark", "start": 26, "end": 44, "label": "isolation"},
    )
    case = read_case(store, project.id, "a", run_id)
    assert case.run == Run(run_id, "ours", case.run.at)
    assert case.calls == (
        Call(
            *(note_id, "n", "2024-01-05", None, TEXT),
            **facts,
            is_flagged=True,
            is_graded=True,
            findings={first: CHECKS, second: AFRAID},
            confirmed=(CHECKS, Mark(26, 44, "isolation")),
            dismissed=(AFRAID,),
            readers=("Ann",),
        ),
    )


def test_a_reading_that_was_only_begun_counts_as_none(store, a_note):
    project, note_id, finding_id, run_id = a_note
    begun = {"kind": "answer", "finding_id": finding_id, "answer": "accept"}
    record(store, [Decision(project.id, note_id, "Ann", **begun)])
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert (call.confirmed, call.readers) == (None, ())
    read_one(store, project.id, note_id)
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert (call.confirmed, call.readers) == ((CHECKS,), ("Ann",))
    undo(store, project_id=project.id, reader="Ann", note_id=note_id)
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert call.confirmed is None


def test_the_reading_done_first_counts_until_one_settles_it(store, a_note):
    project, note_id, finding_id, run_id = a_note
    accept, dismiss = (
        {"kind": "answer", "finding_id": finding_id, "answer": answer}
        for answer in ("accept", "dismiss")
    )
    record(store, [Decision(project.id, note_id, "Ben", **dismiss)])
    read_one(store, project.id, note_id, accept, reader="Zoe")
    read_one(store, project.id, note_id, reader="Ben")
    record(store, [Decision(project.id, note_id, "Zoe", "comment", comment="later")])
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert (call.confirmed, call.readers) == ((CHECKS,), ("Zoe", "Ben"))
    record(store, [Decision(project.id, note_id, "Ben", "final")])
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert (call.confirmed, call.dismissed, call.readers) == ((), (CHECKS,), ("Ben", "Zoe"))
    record(store, [Decision(project.id, note_id, "Zoe", "final")])
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert call.readers == ("Zoe", "Ben"), "the last word"


def test_decisions_on_an_older_run_stand_beside_a_newer_one(store, a_note):
    project, note_id, finding_id, _ = a_note
    answer = {"kind": "answer", "finding_id": finding_id, "answer": "accept"}
    read_one(store, project.id, note_id, answer)
    newer = add_run(store, project.id, model="newer")
    new_id = add_finding(store, newer, note_id, 0, 7, "threats")
    [call] = read_case(store, project.id, "P-1", newer).calls
    assert call.findings == {new_id: Mark(0, 7, "threats")}
    assert call.confirmed == (CHECKS,)


def test_a_finding_given_another_label_is_dismissed_as_what_it_was(store, a_note):
    project, note_id, finding_id, run_id = a_note
    change = {"kind": "change", "finding_id": finding_id, "start": 8, "end": 20}
    read_one(store, project.id, note_id, {**change, "label": "monitoring"})
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert (call.confirmed, call.dismissed) == ((Mark(8, 20, "monitoring"),), ())
    read_one(store, project.id, note_id, {**change, "label": "isolation"})
    [call] = read_case(store, project.id, "P-1", run_id).calls
    assert (call.confirmed, call.dismissed) == ((Mark(8, 20, "isolation"),), (CHECKS,))


def test_what_others_said_of_a_note_to_be_read_blind_is_held_back(store, a_note):
    project, note_id, finding_id, run_id = a_note
    accept = {"kind": "answer", "finding_id": finding_id, "answer": "accept"}
    read_one(store, project.id, note_id, accept)
    with store.write() as connection:
        values = {"project_id": project.id, "name": "Second", "kind": "second", "is_blind": True}
        made = connection.execute(insert(queue).values(**values, plan={}, at=now(), by="Ann"))
        place = {"queue_id": made.inserted_primary_key[0], "place": 1, "note_id": note_id}
        connection.execute(insert(queue_note).values(**place, reader="Ben"))

    def seen_by(reader):
        [call] = read_case(store, project.id, "P-1", run_id, reader=reader).calls
        return call.is_withheld, call.confirmed, call.readers

    assert seen_by("Ben") == (True, None, ())
    assert seen_by("Ann") == seen_by("Cleo") == (False, (CHECKS,), ("Ann",))
    read_one(store, project.id, note_id, reader="Ben")
    assert seen_by("Ben") == (False, (CHECKS,), ("Ann", "Ben"))
