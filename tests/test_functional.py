import re
from collections import Counter
from pathlib import Path

import pytest

from classifier.findings import Finding, NoteEvidence
from classifier.labels import load_labels
from classifier.note import Note
from training import functional
from training.functional import (
    CASES,
    Case,
    is_passed,
    measure_functional,
    read_cases,
    read_functionalities,
)
from training.inline import parse_inline

README = (CASES.parent / "README.md").read_text(encoding="utf-8")
FEWEST_CASES = 460
FEWEST_OF_A_FUNCTIONALITY = 15
FEWEST_OF_A_LABEL = 6
RUN = 8
"""Words in a row that a case may not share with a note that models learn from."""
FLOOR = 0.72
"""The shipped model passed .77 of the cases when they were written; no goal, only an alarm."""


@pytest.fixture(scope="module")
def cases():
    return read_cases()


def case(marked, *, absent=""):
    text, marks = parse_inline(marked)
    return Case(Note("c-1", text, marks), "some", frozenset(absent.split("+")) - {""})


def found(text, phrase, label, context="affirmed"):
    start = text.index(phrase)
    return Finding(start, start + len(phrase), label, context, 0.9)


# The cases that come with Unheard


def test_as_many_as_promised(cases):
    sizes = Counter(case.functionality for case in cases)
    assert len(cases) >= FEWEST_CASES
    assert len(sizes) >= 24
    assert {name: n for name, n in sizes.items() if n < FEWEST_OF_A_FUNCTIONALITY} == {}


def test_every_label_is_to_be_found_in_some(cases):
    # Where a phrase has several labels one is enough, so that only phrases with one label count.
    sure = Counter()
    for case in cases:
        labels = Counter((mark.start, mark.end) for mark in case.note.marks)
        sure.update({m.label for m in case.note.marks if labels[m.start, m.end] == 1})
    assert {
        label: sure[label] for label in load_labels().ids if sure[label] < FEWEST_OF_A_LABEL
    } == {}


def test_ids_say_the_functionality(cases):
    for case in cases:
        stem = case.functionality.replace("_", "-")
        assert re.fullmatch(rf"{stem}-\d\d", case.note.id), case.note.id


def test_phrases_begin_and_end_with_a_word_and_stay_in_order(cases):
    for case in cases:
        text = case.note.text
        phrases = [(mark.start, mark.end) for mark in case.note.marks]
        assert phrases == sorted(phrases), case.note.id
        for start, end in phrases:
            assert text[start:end] == text[start:end].strip(" .\n"), case.note.id
            assert not text[start - 1 : start].isalnum(), case.note.id
            assert not text[end : end + 1].isalnum(), case.note.id


def test_a_pair_differs_in_what_is_expected(cases):
    pairs = {}
    for case in cases:
        if case.pair:
            pairs.setdefault(case.pair, []).append(case)
    for pair, members in pairs.items():
        assert len({(c.functionality, c.absent) for c in members}) == len(members), pair


def runs(text, length=RUN):
    """Runs of words of a text; a shorter text is one run."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(max(len(words) - length, 0) + 1)}


def shared_runs(texts, corpus_texts):
    """Number the texts that share a run of words with a corpus, or stand in it as a whole."""
    by_length = {}
    for number, text in enumerate(texts):
        for run in runs(text):
            by_length.setdefault(len(run), {}).setdefault(run, set()).add(number)
    shared = set()
    for corpus_text in corpus_texts:
        for length, known in by_length.items():
            for run in runs(corpus_text, length) & set(known):
                shared |= known[run]
    return shared


def test_no_case_is_in_the_corpus(cases, corpus):
    alike = shared_runs([c.note.text for c in cases], [note.text for note in corpus])
    assert [cases[number].note.id for number in sorted(alike)] == []


def test_the_check_sees_shared_runs():
    texts = ["Says HE reads her post, her bills and her diary.", "He barks.", "Nothing at all"]
    corpus_texts = ["x says he reads her post her bills and y", "Well, he barks!", "Nothing", ""]
    assert shared_runs(texts, corpus_texts) == {0, 1}


def test_no_case_stands_twice(cases):
    texts = Counter(re.sub(r"\W+", " ", case.note.text.lower()) for case in cases)
    assert [text for text, times in texts.items() if times > 1] == []


def test_the_readme_counts_them(cases):
    sizes = Counter(case.functionality for case in cases)
    rows = [
        f"| `{name}` | {thing.title} | {thing.expect} | {sizes[name]} |"
        for name, thing in read_functionalities().items()
    ]
    assert re.findall(r"^\| `.*$", README, re.M) == rows
    assert f"{len(cases)} cases" in README
    assert f"{len(sizes)} functionalities" in README


# Passing


ONE = "She says he [[reads her post|monitoring+daily_control]] and shouts."


@pytest.mark.parametrize(
    ("marked", "absent", "findings", "passed"),
    [
        (ONE, "", [("reads her post", "monitoring")], True),
        (ONE, "", [("her post and shouts", "daily_control")], True),
        (ONE, "", [("reads her post", "isolation")], False),
        (ONE, "", [("reads her post", "monitoring", "negated")], False),
        (ONE, "", [("and shouts", "monitoring")], False),
        (ONE, "", [("reads her post", "monitoring"), ("shouts", "degradation")], True),
        (ONE, "", [], False),
        (ONE, "degradation", [("reads her post", "monitoring"), ("shouts", "degradation")], False),
        (
            ONE,
            "degradation",
            [("reads her post", "monitoring"), ("shouts", "degradation", "negated")],
            True,
        ),
        ("[[Reads|monitoring]] and [[sells|threats]].", "", [("Reads", "monitoring")], False),
        (
            "[[Reads|monitoring]] and [[sells|threats]].",
            "",
            [("Reads", "monitoring"), ("sells", "threats")],
            True,
        ),
        ("No threats made.", "any", [], True),
        ("No threats made.", "any", [("No threats", "threats", "negated")], True),
        ("No threats made.", "any", [("threats", "threats")], False),
        ("No threats made.", "threats", [("made", "isolation")], True),
    ],
)
def test_a_case_is_passed_or_not(marked, absent, findings, passed):
    asked = case(marked, absent=absent)
    findings = [found(asked.note.text, *finding) for finding in findings]
    assert is_passed(asked, findings) == passed


def test_counts_by_functionality(monkeypatch, default_model):
    asked = [
        Case(Note("a-1", *parse_inline("[[Reads|monitoring]] it.")), "a"),
        Case(Note("a-2", *parse_inline("[[Sells|threats]] it.")), "a"),
        Case(Note("b-1", "Rain."), "b", frozenset({"any"})),
        Case(Note("b-2", "Hail."), "b", frozenset({"unheard_of"})),
    ]
    says = {"a-1": (Finding(0, 5, "monitoring", "affirmed", 0.5),)}
    monkeypatch.setattr(
        functional,
        "find_all",
        lambda notes, model: (NoteEvidence(n, says.get(n.id, ()), {}, 0.0) for n in notes),
    )
    assert measure_functional(default_model, asked) == {
        "passed": 2,
        "cases": 3,
        "share": 0.6667,
        "by_functionality": {"a": {"passed": 1, "cases": 2}, "b": {"passed": 1, "cases": 1}},
        "failed": ["a-2"],
        "left_out": 1,
    }
    assert measure_functional(default_model, [])["share"] is None


def test_the_shipped_model_is_above_the_floor(cases, default_model):
    figures = measure_functional(default_model)
    assert figures["cases"] == len(cases)
    assert figures["left_out"] == 0
    assert figures["passed"] + len(figures["failed"]) == len(cases)
    assert figures["share"] >= FLOOR


# Reading


TOML = '[plain]\ntitle = "Plain"\nrule = "It counts."\nexpect = "evidence"\n'
GOOD = "# id: plain-01\nHe [[reads her post|monitoring]].\n"


def write(folder: Path, text=GOOD, toml=TOML):
    (folder / "functionalities.toml").write_text(toml, encoding="utf-8")
    (folder / "plain.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_case_is_read(tmp_path):
    two = "# id: plain-01\n# absent: threats+isolation\n# pair: p\nHe [[reads|monitoring]].\n"
    cases = read_cases(
        write(tmp_path, two + "---\n" + "# id: plain-02\n# pair: p\n[[A|threats]]\n")
    )
    assert [c.note.text for c in cases] == ["He reads.", "A"]
    assert cases[0].absent == {"threats", "isolation"}
    assert cases[1].absent == frozenset()
    assert [(c.functionality, c.pair) for c in cases] == [("plain", "p")] * 2


def test_without_evidence_nothing_at_all_is_expected_unless_labels_are_named(tmp_path):
    text = "# id: plain-01\nRain.\n---\n# id: plain-02\n# absent: threats\nHail.\n"
    cases = read_cases(write(tmp_path, text, TOML.replace("evidence", "none")))
    assert [set(case.absent) for case in cases] == [{"any"}, {"threats"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "# id: a\nHe [[reads|monitering]].\n",
            "plain.txt, case 'a': no label 'monitering'; did you mean 'monitoring'?",
        ),
        ("# id: a\nRain.\n", "plain.txt, case 'a': functionalities.toml expects evidence"),
        (
            "# id: a\n[[No threat|threats:negated]]\n",
            "plain.txt, case 'a': marks are what is to be found; for what is not, use the heading "
            "absent",
        ),
        (
            "# id: a\n# absence: threats\n[[A|threats]]\n",
            "plain.txt, case 'a': no heading absence; there are id, absent, pair",
        ),
        (
            "# id: a\n# absent: threats\n[[A|threats]]\n",
            "plain.txt, case 'a': a label is both to be found and to be absent",
        ),
        (
            "# id: a\n# absent: any\n[[A|threats]]\n",
            "plain.txt, case 'a': a label is both to be found and to be absent",
        ),
        (GOOD + "---\n" + GOOD, "functional cases: id used twice: plain-01"),
        ("# id: a\n# pair: p\n[[A|threats]]\n", "functional cases: pair of one: p"),
    ],
)
def test_a_case_out_of_order_is_refused(tmp_path, text, message):
    with pytest.raises(ValueError) as error:
        read_cases(write(tmp_path, text))
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (TOML.replace("plain", "other"), "files of cases do not agree on: other, plain"),
        (TOML.replace('"evidence"', '"much"'), "functionalities.toml: plain.expect: Input should"),
        (TOML.replace("rule", "rules"), "functionalities.toml: plain.rule: Field required"),
        ("plain", "functionalities.toml: not a TOML file"),
    ],
)
def test_functionalities_out_of_order_are_refused(tmp_path, toml, message):
    with pytest.raises(ValueError, match=message):
        read_cases(write(tmp_path, toml=toml))


def test_where_no_cases_came_along_this_is_said(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        read_cases(tmp_path)
    assert str(error.value) == (
        f"no functional cases at {tmp_path}; they come with a checkout of the repository, "
        "not with the installed package"
    )
