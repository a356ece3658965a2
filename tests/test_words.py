from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.doc import make_nlp
from classifier.words import ABBREVIATIONS, CLASSES, MARKED_WORDS, normal_form, plain_word

NAME_FILE = Path(__file__).parents[1] / "classifier" / "names.txt"
CAPITALS_ONLY = ["OH", "IP", "AP", "M", "F", "LO", "LOS", "W", "CL", "SU", "RP"]

SWAPS = [
    ("he", "she", "they"),
    ("him", "her", "them"),
    ("his", "her", "their"),
    ("his", "hers", "theirs"),
    ("himself", "herself", "themself"),
    ("husband", "wife", "partner"),
    ("Husband", "Wife", "Spouse"),
    ("boyfriend", "girlfriend", "partner"),
    ("bf", "gf", "partner"),
    ("b/f", "g/f", "OH"),
    ("hubby", "missus", "partner"),
    ("fiancé", "fiancée", "fiance"),
    ("husbands", "wives", "partners"),
    ("mother", "father", "parent"),
    ("mum", "dad", "parent"),
    ("mam", "da", "parent"),
    ("ma", "pa", "parent"),
    ("stepmother", "stepfather", "stepparent"),
    ("son", "daughter", "child"),
    ("sons", "daughters", "children"),
    ("stepson", "stepdaughter", "stepchild"),
    ("grandson", "granddaughter", "grandchild"),
    ("brother", "sister", "sibling"),
    ("uncle", "aunt", "auntie"),
    ("nephew", "niece", "cousin"),
    ("gran", "grandad", "grandparent"),
    ("man", "woman", "adult"),
    ("men", "women", "adults"),
    ("male", "female", "adult"),
    ("MALE", "FEMALE", "ADULT"),
    ("M", "F", "adult"),
    ("boy", "girl", "boys"),
    ("lad", "lass", "lads"),
    ("Mr", "Mrs", "Mx"),
    ("Mr.", "Ms.", "Miss"),
]


@pytest.mark.parametrize("words", SWAPS, ids=" ".join)
def test_swapped_words_have_one_form(words):
    assert len({normal_form(word) for word in words}) == 1


@pytest.mark.parametrize("name", CLASSES)
def test_every_word_of_a_class_has_its_form(name):
    written = [word.upper() if word.upper() in CAPITALS_ONLY else word for word in CLASSES[name]]
    assert {word: normal_form(word) for word in written} == dict.fromkeys(written, name)


@pytest.mark.parametrize("name", CLASSES)
def test_the_form_of_a_class_is_its_own_form(name):
    assert normal_form(name) == name


def test_no_word_is_in_two_tables():
    words = [word for words in (*CLASSES.values(), ABBREVIATIONS) for word in words]
    assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.parametrize("word", CAPITALS_ONLY)
def test_some_abbreviations_count_in_capitals_only(word):
    assert normal_form(word) != normal_form(word.lower())
    assert normal_form(word.lower()) == normal_form(word.capitalize()) or len(word) == 1


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("OH", "partner"),
        ("oh", "oh"),
        ("Oh", "oh"),
        ("IP", "victim"),
        ("ip", "ip"),
        ("AP", "suspect"),
        ("ap", "ap"),
        ("M", "adult"),
        ("DA", "domestic"),
        ("da", "parent"),
        ("Da", "parent"),
        ("DV", "domestic"),
        ("INF", "informant"),
        ("inf", "informant"),
        ("Caller", "informant"),
        ("VIC", "victim"),
        ("SUSP", "suspect"),
    ],
)
def test_abbreviations_of_call_notes(written, form):
    assert normal_form(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("w/", "with"),
        ("b4", "before"),
        ("mob", "phone"),
        ("mobile", "phone"),
        ("fb", "facebook"),
        ("meds", "medication"),
        ("cos", "because"),
        ("dont", "don't"),
        ("n't", "not"),
        ("n’t", "not"),
        ("'ll", "will"),
        ("’ll", "will"),
        ("txts", "text"),
    ],
)
def test_abbreviations_are_written_out(written, form):
    assert normal_form(written) == form


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("21:47", "_time"),
        ("21.47", "_time"),
        ("9:05", "_time"),
        ("21:47:03", "_time"),
        ("5pm", "_time"),
        ("5PM", "_time"),
        ("2147hrs", "_time"),
        ("3/4/2024", "_date"),
        ("2024-04-03", "_date"),
        ("3rd", "_date"),
        ("£40", "_money"),
        ("£1,200.50", "_money"),
        ("$5", "_money"),
        ("€5k", "_money"),
        ("40p", "_money"),
        ("40quid", "_money"),
        ("60", "_number"),
        ("1,000", "_number"),
        ("12yo", "_number"),
        ("x3", "_number"),
        ("3x", "_number"),
        ("50%", "_number"),
        ("ab12", "_code"),
        ("P-102", "_code"),
        ("£", "£"),
        ("-", "-"),
        ("…", "…"),
    ],
)
def test_shapes(written, shape):
    assert normal_form(written) == shape


@pytest.mark.parametrize("white", ["", " ", "   ", "\n", "\r\n", "\t", "\u00a0", "\n \n"])
def test_white_space_has_one_form(white):
    assert normal_form(white) == "_space"


@pytest.mark.parametrize(
    "word", ["che\u00adcks", "\u200bchecks", "\ufeffCHECKS", "\u202echecks\u202c"]
)
def test_invisible_characters_do_not_hide_a_word(word):
    assert normal_form(word) == "check"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("checks", "check"),
        ("CHECKED", "check"),
        ("checking", "check"),
        ("threatened", "threaten"),
        ("phones", "phone"),
        ("took", "take"),
        ("wages", "wage"),
    ],
)
def test_inflections_are_taken_off(written, form):
    assert normal_form(written) == form


@pytest.mark.parametrize(
    "word", ["ohm", "sheer", "hers-like", "wifely", "manor", "sonar", "fatherly"]
)
def test_a_word_that_only_holds_a_class_word_is_not_in_the_class(word):
    assert normal_form(word) not in CLASSES


# Names


@pytest.mark.parametrize(
    "word",
    [
        *("Priya", "Dave", "Kowalski", "Okafor", "Khan", "Ali", "José"),
        *("PRIYA", "DAVE", "KOWALSKI", "OKAFOR", "KHAN", "ALI", "JOSÉ"),
        *("Mark", "Rose", "Grace", "Bill", "Jack"),
        *("Thembani", "Sivakumaran", "O'Leary", "D’Souza", "O'LEARY"),
    ],
)
def test_a_name_is_a_name_in_capitals(word):
    assert normal_form(word) == "_name"


@pytest.mark.parametrize(
    "word", ["priya", "dave", "kowalski", "khan", "mark", "rose", "grace", "bill", "jack"]
)
def test_a_name_in_small_letters_stays_a_word(word):
    assert normal_form(word) != "_name"


@pytest.mark.parametrize("word", ["MARK", "ROSE", "GRACE", "BILL", "JACK"])
def test_a_name_that_is_a_word_too_is_no_name_where_all_is_capitals(word):
    assert normal_form(word) == normal_form(word.lower()) != "_name"


@pytest.mark.parametrize(
    "word",
    [
        *("Police", "Female", "Caller", "Monday", "She", "Husband", "Officer", "Threatened"),
        *("Nan", "Mum", "Sis", "Da", "Facebook", "Tablets", "No", "Denies", "Phone", "DASH"),
        *("Snapchat", "Asda", "XQZVW", "Misper"),
    ],
)
def test_an_ordinary_word_with_a_capital_is_no_name(word):
    assert normal_form(word) == normal_form(word.lower()) != "_name"


def test_names_are_listed_once():
    listed = NAME_FILE.read_text(encoding="utf-8").splitlines()
    assert listed == sorted(set(listed), key=str.lower)
    lower = {name for name in listed if name == name.lower()}
    assert not {name for name in set(listed) - lower if name.lower() in lower}
    assert all(name.isalpha() for name in listed)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_written_as_its_plain_word(name):
    written = [word.upper() if word.upper() in CAPITALS_ONLY else word for word in CLASSES[name]]
    assert {plain_word(word, normal_form(word)) for word in written} == {name}


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("CHECKED", "checked"),
        ("Threatened", "threatened"),
        ("21:47", "time"),
        ("3rd", "date"),
        ("£40", "money"),
        ("12yo", "number"),
        ("P-102", "code"),
        ("Priya", "sam"),
        ("Kowalski", "sam"),
        ("priya", "priya"),
        ("DV", "domestic"),
        ("n't", "not"),
        ("£", "£"),
        ("\n", ""),
        ("  ", ""),
    ],
)
def test_what_the_encoder_reads_keeps_its_inflection(written, plain):
    assert plain_word(written, normal_form(written)) == plain


@pytest.mark.parametrize("word", ["_", "___", "_her_", "_foo", "__init__"])
def test_a_word_that_begins_with_an_underscore_is_read_as_it_stands(word):
    assert plain_word(word, normal_form(word)) == word


@given(st.text())
def test_any_text_has_a_plain_word_in_small_letters(text):
    plain = plain_word(text, normal_form(text))
    assert plain == plain.lower()
    assert plain.strip() or not text.strip()


@given(st.text())
def test_any_text_has_a_lower_case_form_without_outer_space(text):
    form = normal_form(text)
    assert form
    assert form == form.strip()
    assert normal_form(text) == form


@pytest.mark.parametrize("word", MARKED_WORDS)
@pytest.mark.parametrize("change", [str.lower, str.upper, str.capitalize])
def test_the_tokeniser_keeps_words_with_marks_whole(word, change):
    doc = make_nlp()(f"Says {change(word)}, not {change(word)}.")
    assert [token.text for token in doc] == [
        *("Says", change(word), ",", "not", change(word), "."),
    ]
    assert doc[1].norm_ == normal_form(word)
