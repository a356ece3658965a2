"""The label file and the checks on it."""

import re

import pytest

from classifier.labels import LABEL_FILE, load_labels

GUIDE_ORDER = (
    "isolation",
    "monitoring",
    "daily_control",
    "economic_abuse",
    "threats",
    "self_harm_threat",
    "exposure_threat",
    "degradation",
    "gaslighting",
    "possessiveness",
    "intimidation",
    "stalking_harassment",
    "sexual_coercion",
    "child_leverage",
    "care_control",
    "fear_compliance",
    "dismissive_response",
)

LAST_ITEM_READ = {"HO15": 17, "HO23": 16, "DASH": 11}
"""Highest item of each numbered list that somebody read in the source."""

NAMED_SOURCES = {"SCA2015", "Karystianis2024", "BOSCAR2023", "LynnCanning2021"}
"""Sources whose items have names, not numbers."""

PART_ITEMS = (
    ("threats", "HO23", 1),
    ("possessiveness", "HO23", 7),
    ("intimidation", "HO23", 1),
    ("stalking_harassment", "HO23", 8),
    ("sexual_coercion", "HO15", 16),
    ("sexual_coercion", "HO23", 2),
    ("child_leverage", "HO15", 9),
)
"""Items wider than the label, such as an item that also names physical violence."""

LIGHT_TEXT, DARK_TEXT = "#1a1a1a", "#f5f5f5"
"""Text on a highlight in the light theme and in the dark theme."""

WCAG_AA = 4.5
"""Lowest contrast ratio of normal text, WCAG 2.2 criterion 1.4.3."""

OWN_FILE = """
[source]
Team = "Team handbook, 2026"

[[label]]
id = "silence"
title = "Silence"
cue = "SIL"
colour = { light = "#ffe0b0", dark = "#503000" }
definition = "The note records that someone refuses to speak for days."

[[label]]
id = "noise"
title = "Noise"
cue = "NO"
colour = { light = "#b0e0ff", dark = "#003050" }
definition = "The note records that someone is kept awake by noise."
evidence = ["radio on all night"]
look_alikes = ["a party next door: strangers"]
sources = { Team = ["4 noise"] }
"""


@pytest.fixture(scope="module")
def labels():
    return load_labels()


@pytest.fixture
def own_file(tmp_path):
    def write(old="", new=""):
        assert old in OWN_FILE
        path = tmp_path / "own.toml"
        path.write_text(OWN_FILE.replace(old, new, 1) if old else OWN_FILE, encoding="utf-8")
        return path

    return write


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it, 0 (black) to 1 (white)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_formula_agrees_with_known_ratios():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_ids_are_the_guides_in_its_order(labels):
    assert labels.ids == GUIDE_ORDER


@pytest.mark.parametrize("id", GUIDE_ORDER)
def test_definition_is_one_sentence(labels, id):
    assert re.fullmatch(r"[A-Z][^.!?\n]*[a-z]\.", labels[id].definition)


@pytest.mark.parametrize("id", GUIDE_ORDER)
def test_definition_speaks_of_the_note_and_never_decides(labels, id):
    assert re.match("The note( records that |, in its own voice)", labels[id].definition)
    assert not re.search(r"\b(victim|abuser|perpetrator|guilty)\b", labels[id].definition)


@pytest.mark.parametrize("id", GUIDE_ORDER)
def test_evidence_and_look_alikes_are_enough_to_teach(labels, id):
    label = labels[id]
    assert 4 <= len(label.evidence) <= 7
    assert 3 <= len(label.look_alikes) <= 5
    assert all(re.fullmatch(r"[^:]+: [^:]+", text) for text in label.look_alikes)


@pytest.mark.parametrize("name", ["title", "cue", "definition", "colour"])
def test_no_two_labels_share(labels, name):
    assert len({repr(getattr(label, name)) for label in labels.label}) == len(labels.label)


@pytest.mark.parametrize(("theme", "text"), [("light", LIGHT_TEXT), ("dark", DARK_TEXT)])
def test_text_on_every_highlight_is_readable(labels, theme, text):
    ratios = {label.id: contrast(getattr(label.colour, theme), text) for label in labels.label}
    assert {id: ratio for id, ratio in ratios.items() if ratio < WCAG_AA} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_two_highlights_have_the_same_background(labels, theme):
    assert len({getattr(label.colour, theme) for label in labels.label}) == len(labels.label)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_only_the_notes_own_voice_is_grey(labels, theme):
    grey = [
        label.id
        for label in labels.label
        if re.fullmatch(r"#(..)\1\1", getattr(label.colour, theme))
    ]
    assert grey == ["dismissive_response"]


@pytest.mark.parametrize("id", GUIDE_ORDER)
def test_only_items_read_in_the_source_are_listed(labels, id):
    for source, items in labels[id].sources.items():
        assert items
        if source in NAMED_SOURCES:
            continue
        for item in items:
            number = re.match(r"(\d+) (in part: )?[a-z]", item)
            assert number, item
            assert 1 <= int(number[1]) <= LAST_ITEM_READ[source], item


@pytest.mark.parametrize(("id", "source", "number"), PART_ITEMS)
def test_item_wider_than_the_label_says_in_part(labels, id, source, number):
    items = [item for item in labels[id].sources[source] if item.startswith(f"{number} ")]
    assert [item.startswith(f"{number} in part: ") for item in items] == [True]


def test_an_item_has_the_same_words_under_every_label(labels):
    words = {}
    for label in labels.label:
        for source in set(label.sources) & set(LAST_ITEM_READ):
            for item in label.sources[source]:
                if " in part: " not in item:
                    words.setdefault((source, item.split()[0]), set()).add(item)
    assert {place: items for place, items in words.items() if len(items) > 1} == {}


def test_sources_are_those_read_and_each_is_used(labels):
    assert set(labels.source) == set(LAST_ITEM_READ) | NAMED_SOURCES
    assert {name for label in labels.label for name in label.sources} == set(labels.source)


def test_references_say_what_is_left_out(labels):
    assert "Questions 12 to 27 are left out" in labels.source["DASH"]
    assert "DARA" in labels.source["DASH"]
    assert "later items are left out" in labels.source["HO23"]


def test_no_official_list_names_the_notes_own_voice(labels):
    assert set(labels["dismissive_response"].sources) == {"LynnCanning2021"}


def test_unknown_id_gets_a_hint(labels):
    with pytest.raises(KeyError) as error:
        labels["monitering"]
    assert error.value.args == ("no label 'monitering'; did you mean 'monitoring'?",)


def test_id_like_no_other_gets_the_list(own_file):
    with pytest.raises(KeyError) as error:
        load_labels(own_file())["xyz"]
    assert error.value.args == ("no label 'xyz'; there are silence, noise",)


def test_own_file_is_read_in_its_order(own_file):
    labels = load_labels(str(own_file()))
    assert labels.ids == ("silence", "noise")
    assert labels.source == {"Team": "Team handbook, 2026"}
    assert labels["silence"].evidence == ()
    assert labels["noise"].model_dump() == {
        "id": "noise",
        "title": "Noise",
        "definition": "The note records that someone is kept awake by noise.",
        "evidence": ("radio on all night",),
        "look_alikes": ("a party next door: strangers",),
        "sources": {"Team": ("4 noise",)},
        "colour": {"light": "#b0e0ff", "dark": "#003050"},
        "cue": "NO",
    }


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'title = "Silence"',
            'title = "Silence"\nweight = 2',
            "label.0.weight: Extra inputs are not permitted",
        ),
        (
            "#ffe0b0",
            "orange",
            "label.0.colour.light: String should match pattern '^#[0-9a-f]{6}$'",
        ),
        ('cue = "NO"', 'cue = "no"', "label.1.cue: String should match pattern '^[A-Z]{2,3}$'"),
        (
            'title = "Silence"\ncue = "SIL"',
            'title = ""',
            "label.0.title: String should have at least 1 character; label.0.cue: Field required",
        ),
        ('id = "noise"', 'id = "silence"', "file: id used twice: silence"),
        ('cue = "NO"', 'cue = "SIL"', "file: cue used twice: SIL"),
        ("{ Team =", "{ Diary =", "file: sources without a reference: Diary"),
        (
            OWN_FILE,
            "label = []",
            "label: Tuple should have at least 1 item after validation, not 0",
        ),
        (
            "[source]",
            "[source",
            "not a TOML file: Expected ']' at the end of a table declaration (at line 2, column 8)",
        ),
    ],
    ids=[
        "unknown key",
        "bad colour",
        "cue in small letters",
        "two faults",
        "id twice",
        "cue twice",
        "source without reference",
        "no label",
        "not TOML",
    ],
)
def test_fault_is_named_with_its_place(own_file, old, new, fault):
    path = own_file(old, new)
    with pytest.raises(ValueError) as error:
        load_labels(path)
    assert str(error.value) == f"{path}: {fault}"


def test_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes(b'title = "caf\xe9"')
    with pytest.raises(ValueError) as error:
        load_labels(path)
    assert str(error.value) == (
        f"{path}: not a TOML file: 'utf-8' codec can't decode byte 0xe9 in position 12: "
        "invalid continuation byte"
    )


def test_missing_file_is_named(tmp_path):
    path = tmp_path / "none.toml"
    with pytest.raises(FileNotFoundError) as error:
        load_labels(path)
    assert str(error.value) == f"[Errno 2] No such file or directory: '{path}'"


def test_label_file_is_plain_ascii_without_trailing_space():
    text = LABEL_FILE.read_text(encoding="utf-8")
    assert text.isascii()
    assert [line for line in text.splitlines() if line != line.rstrip()] == []
