import pytest

from review.phrase_rules import (
    SENTENCE_END,
    RuleFile,
    compile_phrases,
    load_rules,
    match_phrases,
)

RULES = RuleFile(
    source={},
    words={"who": ("him", "her", "<partner>")},
    shapes={"weeks": r"\d+(wks|/40)"},
    context={},
    kind=(),
)


def places(phrase, text):
    words = text.lower().split()
    norms = ["partner" if word == "hubby" else word for word in words]
    return match_phrases(compile_phrases([("list", [phrase])], RULES), words, norms).get("list", [])


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("split up", "they SPLIT up", [(1, 3)]),
        ("split up", "split . up", []),
        ("gun", "begun gunn gun's", []),
        ("left|leaving him", "left him leaving him", [(0, 2), (2, 4)]),
        ("hands? on neck", "hands on neck", [(0, 3), (1, 3)]),
        ("left {who}", "left him left hubby left it", [(0, 2), (2, 4)]),
        (
            "{weeks} pregnant",
            "28wks pregnant 28/40 pregnant 28 pregnant 28/401 pregnant",
            [(0, 2), (2, 4)],
        ),
        ("{weeks}|late pregnant", "late pregnant 9wks pregnant", [(0, 2), (2, 4)]),
        ("hand ... neck", "hand neck", [(0, 2)]),
        ("hand ... neck", "hand on the left neck", [(0, 5)]),
        ("hand ... neck", "hand high up on her neck", []),
        ("hand ... neck", "hand , on neck", [(0, 4)]),
        ("hand ... neck", "hand . neck", []),
        ("hand ... neck", f"hand {SENTENCE_END} neck", []),
        ("hand ... neck", "hand on", []),
        ("injuries ?", "injuries ? none", [(0, 2)]),
    ],
)
def test_a_phrase_is_found_word_by_word(phrase, text, expected):
    assert places(phrase, text) == expected


@pytest.mark.parametrize("slip", ["pregnant", "pregnent", "pregant", "preganant", "pregnnat"])
def test_a_marked_word_is_found_with_one_slip_of_the_pen(slip):
    assert places("~pregnant", slip) == [(0, 1)]


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("~strangle", "strange"),  # a word of its own
        ("~strangle", "stranger"),
        ("~pregnant", "regnant"),  # the first letter stays
        ("~pregnant", "prgennt"),  # two slips
        ("pregnant", "pregnent"),  # not marked
    ],
)
def test_other_words_are_no_slips(phrase, word):
    assert places(phrase, word) == []


def test_a_phrase_with_an_unknown_list_is_refused():
    with pytest.raises(ValueError) as error:
        compile_phrases([("list", ["left {whom}"])], RULES)
    assert str(error.value) == "no list {whom} under [words] or [shapes]"


def test_a_phrase_that_begins_with_a_gap_is_refused():
    with pytest.raises(ValueError) as error:
        compile_phrases([("list", ["... neck"])], RULES)
    assert str(error.value) == "list 'list': phrase '... neck' needs a word to begin with"


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text("[kind", encoding="utf-8")
    with pytest.raises(ValueError, match=r"rules\.toml: not a TOML file: "):
        load_rules(path)


def test_every_fault_of_a_file_is_named(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(
        """
        [source]
        [words]
        [shapes]
        [context]
        [[kind]]
        id = "weapons"
        title = "Weapon"
        why = "Asked about."
        sources = {}
        [[kind.rule]]
        source = "ours"
        phrase = ["knife"]
        """,
        encoding="utf-8",
    )
    with pytest.raises(ValueError) as error:
        load_rules(path)
    assert str(error.value) == (
        f"{path}: kind.0.rule.0.phrases: Field required; "
        "kind.0.rule.0.phrase: Extra inputs are not permitted; "
        "kind.0.rule: Tuple should have at least 1 item after validation, not 0"
    )
