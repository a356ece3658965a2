import re

import pytest

from classifier.note import Note
from training.inline import parse_inline
from training.names import NAMES_OF_MANY_ORIGINS, NAMES_TO_REPLACE, ORIGINS
from training.variants import VARIANTS, change_note, name_people


def note(id, inline, **meta):
    return Note(id, *parse_inline(inline), meta)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("He hit her.", "She hit him."),
        ("he took her phone", "she took his phone"),
        ("Told her to go, rang her again", "Told him to go, rang him again"),
        ("his fault, she says it's his", "her fault, he says it's hers"),
        ("HER HUSBAND'S mum", "HIS WIFE'S dad"),
        ("Mr Ames and his daughters", "Mrs Ames and her sons"),
        ("the other s/he his/her chest", "the other s/he his/her chest"),
        ("Management of theatre", "Management of theatre"),
    ],
)
def test_sex_is_swapped(text, changed):
    assert change_note(Note("n", text), "sex", seed=0) == changed


def test_names_are_replaced_and_the_same_person_keeps_a_name():
    text = "Sarah rang. SARAH says Craig's car is Sarah's. Mark my words, will you. sarah"
    changed = change_note(Note("n", text), "names", seed=0)
    pattern = r"(\w+) rang\. (\w+) says (\w+)'s car is (\w+)'s\. Mark my words, will you\. sarah"
    names = re.fullmatch(pattern, changed).groups()
    assert {names[0], names[3], names[2]} <= set(NAMES_OF_MANY_ORIGINS)
    assert names[0] == names[3] != names[2]
    assert names[1] == names[0].upper()


def test_names_are_no_ordinary_words():
    assert not NAMES_TO_REPLACE & set(
        "Mark Will Grace May Rose Hope Bill Rob Sue Jack Dean".split()
    )


def test_noise():
    given = note("n", "He rang at 5 p.m. again. He [[checks her phone|monitoring]]. It is late.")
    changed = {name: change_note(given, name, seed=0) for name in VARIANTS}
    typos = {change_note(given, "typo", seed=seed) for seed in range(60)}
    assert changed["capitals"] == given.text.upper()
    assert changed["small letters"] == given.text.lower()
    assert changed["double spaces"].replace("  ", " ") == given.text
    assert changed["double spaces"].count("  ") == 1
    assert changed["missing full stops"] in {
        given.text[:at] + given.text[at + 1 :]
        for at, character in enumerate(given.text)
        if character == "."
    }
    words = ("cehcks", "chceks", "chekcs"), ("pohne", "phnoe")
    assert typos == {
        given.text.replace(right, wrong)
        for right, wrongs in zip(("checks", "phone"), words, strict=True)
        for wrong in wrongs
    }


@pytest.mark.parametrize("name", VARIANTS)
def test_changes_are_repeatable_and_differ_from_note_to_note(name, corpus):
    notes = [one for one in corpus if one.meta["unit"] == "note"][:40]
    changed = [change_note(one, name, seed=1) for one in notes]
    assert changed == [change_note(one, name, seed=1) for one in notes]
    assert (
        any(text != one.text for text, one in zip(changed, notes, strict=True)) or name == "names"
    )
    again = [change_note(one, name, seed=2) for one in notes]
    assert (again == changed) == (name in {"sex", "role words", "capitals", "small letters"})


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("text", ["", " ", "a", "...", "日本"])
def test_a_note_with_nothing_to_change_stays(name, text):
    changed = change_note(Note("n", text), name, seed=0)
    assert changed.lower() == text or name == "missing full stops"


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Mrs Dace rang, MRS DACE rang", r"Mrs (\w+) rang, MRS (?i:\1) rang"),
        ("Mr Roy's car", r"Mr \w+'s car"),
        ("Sarah Hughes and Gary Home", r"\w+ \w+ and \w+ Home"),
        ("Dx of MS. HE SHOUTS", r"Dx of MS\. HE SHOUTS"),
        ("Told Miss. His car", r"Told Miss\. His car"),
    ],
)
def test_surnames_are_replaced_after_titles_and_given_names(text, pattern):
    changed = change_note(Note("n", text), "names", seed=0)
    assert re.fullmatch(pattern, changed)
    words = {"Dace", "DACE", "Roy", "Sarah", "Hughes", "Gary"}
    assert not words & set(re.findall(r"\w+", changed))


def test_names_are_of_many_origins_with_given_names_and_surnames():
    assert len(ORIGINS) >= 12
    for given, surnames in ORIGINS.values():
        assert len(given) == len(set(given)) == 8
        assert len(surnames) == len(set(surnames)) >= 3


def test_people_are_named_in_the_same_places_whatever_the_origin():
    given = Note("n", "Caller says husband's drunk. Husband hit a neighbour. Caller upset.")
    shapes = set()
    for origin, (names, surnames) in ORIGINS.items():
        text = name_people(given, origin)
        for name in names:
            text = re.sub(rf"\b{name}\b", "Given", text)
        for surname in surnames:
            text = re.sub(rf"{surname}\b", "Surname", text)
        shapes.add(text)
    assert shapes == {
        "Caller Given Surname says husband's drunk. Husband Given Surname hit a neighbour. "
        "Caller upset."
    }


def test_another_turn_gives_other_names_of_the_same_origin():
    given = Note("n", "Caller upset.")
    texts = [name_people(given, "Welsh", turn=turn) for turn in (0, 1)]
    assert texts[0] != texts[1]
    for text in texts:
        name, surname = re.fullmatch(r"Caller (\w+) (\w+) upset\.", text).groups()
        assert name in ORIGINS["Welsh"][0]
        assert surname in ORIGINS["Welsh"][1]


def test_people_who_have_names_get_others_and_nobody_else_is_named():
    text = name_people(Note("n", "Caller Sarah says her husband and Mr Dace fought."), "Polish")
    given, surnames = ORIGINS["Polish"]
    names = re.fullmatch(r"Caller (\w+) says her husband and Mr (\w+) fought\.", text).groups()
    assert names[0] in given
    assert names[1] in surnames


def test_a_note_that_speaks_of_nobody_stays():
    assert name_people(Note("n", "Bin lorry blocks the road."), "Welsh") == (
        "Bin lorry blocks the road."
    )


def test_most_notes_of_the_corpus_can_be_given_names(corpus):
    whole = [one for one in corpus if one.meta["unit"] == "note"]
    named = sum(name_people(one, "English") != one.text for one in whole)
    assert named >= 300


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("CALLER says her mum left", "INFORMANT says her mother left"),
        ("Husband's b/f and ex-wife", "Husband's b/f and ex-wife"),
        ("IP upset, inf of change", "AGGRIEVED upset, inf of change"),
        ("Wife left the kids", "Spouse left the children"),
    ],
)
def test_role_words_are_changed(text, changed):
    assert change_note(Note("n", text), "role words", seed=0) == changed
