"""The screen of what is often missed."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from classifier.labels import load_labels
from classifier.model_file import DEFAULT_MODEL
from review.pages import gallery as page
from training.corpus import read_corpus

PAGE = "from review.pages import gallery\ngallery.show()"
LABELS = load_labels()
COLOUR = {"light": "#ff9767", "dark": "#963d03"}
OWN_LABELS = [
    {"id": "threats", "title": "Threats <b>", "cue": "THR", "definition": "Another definition."},
    {"id": "mine", "title": "Mine", "cue": "MI", "definition": "Ours alone."},
]


def start(folder=DEFAULT_MODEL, part=None, place=0):
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.session_state["reading"] = folder
    app.session_state["gallery"] = place
    if part:
        app.session_state["gallery_part"] = part
    return go(app)


def go(app):
    app.run()
    assert not app.exception
    return app


def press(app, name):
    next(button for button in app.button if button.label == name).click()
    return go(app)


def components(app, kind):
    """Give the data of components whose key starts so."""
    return {
        element.key: json.loads(element.proto.json)
        for element in app.get("bidi_component")
        if element.key.startswith(kind)
    }


def texts(app):
    return [
        "".join(piece[0] for piece in data["segments"])
        for data in components(app, "gallery_note").values()
    ]


def said(app):
    return "\n".join(element.value for kind in (app.markdown, app.info) for element in kind)


@pytest.fixture
def own(tmp_path):
    """A folder of a model with labels of its own."""
    folder = tmp_path / "own"
    folder.mkdir()
    labels = [{**label, "colour": COLOUR, "look_alikes": ["no reason"]} for label in OWN_LABELS]
    (folder / "labels.json").write_text(json.dumps({"label": labels}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("place", [0, 5, 16])
def test_a_label_has_examples_whose_phrase_is_marked(place):
    app = start(place=place)
    label = LABELS.label[place]
    notes = components(app, "gallery_note")
    assert len(notes) == 3
    for data in notes.values():
        chosen = data["findings"][data["chosen"]]
        assert (chosen["cue"], chosen["context"]) == (label.cue, "affirmed")
        assert f"marked {label.title}, recorded as happening: " in chosen["name"]
    assert label.definition in said(app)


def test_the_list_names_all_labels_with_letters_and_colour():
    (data,) = components(start(), "gallery_list").values()
    shown = [
        (row["id"], row["chips"][0]["title"], row["chips"][0]["light"]) for row in data["rows"]
    ]
    assert shown == [
        (at, f"{label.cue}  {label.title}", label.colour.light)
        for at, label in enumerate(LABELS.label)
    ]


def test_others_are_shown_on_request_and_all_before_any_again():
    app = start(place=4)
    count = len(page._find_missed("threats"))
    shown = texts(app)
    while len(shown) < count:
        before = set(shown[-3:])
        more = texts(press(app, "Show others"))
        assert not before & set(more)
        shown += more
    assert len(set(shown[:count])) == count


def test_each_label_keeps_its_own_turn():
    app = start()
    first = texts(app)
    second = texts(press(app, "Show others"))
    press(app, "Next label")
    assert texts(press(app, "Previous label")) == second != first


def test_only_the_marks_of_the_label_and_of_the_notes_voice_are_shown_unless_asked():
    app = start(place=4)
    cues = {f["cue"] for data in components(app, "gallery_note").values() for f in data["findings"]}
    assert cues <= {"THR", "DIS"}
    app.toggle[0].set_value(True)
    go(app)
    notes = {note.text: note for note in read_corpus()}
    for text, data in zip(texts(app), components(app, "gallery_note").values(), strict=True):
        assert len(data["findings"]) == len(notes[text].marks)


def test_it_says_what_the_notes_are_and_what_it_does_not_say():
    words = said(start())
    assert "Every note is invented." in words
    assert "one person's reading" in words
    assert "Nothing here says whether abuse took place" in words
    assert "let people look away" in words


def test_the_model_is_said_to_have_missed_what_it_missed():
    app = start()
    examples = page._find_missed("isolation")[:3]
    assert [example.is_missed for example in examples] == [True] * 3
    assert said(app).count("The model missed this one too.") == 3


def test_look_alikes_stand_beside_true_phrases_with_the_difference():
    app = start(part="Only looks like it", place=1)
    words = said(app)
    assert "- **shared calendar both agreed to**: consent, and either can stop" in words
    assert "The subject is Monitoring, but the note says that it did not happen." in words
    alike = components(app, "gallery_alike")
    assert [data["findings"][0]["cue"] for data in alike.values()] == [
        *("MON not", "MON asked", "MON other")
    ]
    true = components(app, "gallery_true")
    assert [data["findings"][0]["cue"] for data in true.values()] == ["MON"] * 3
    press(app, "Show others")
    others = components(app, "gallery_alike")
    assert all(others[key]["segments"] != data["segments"] for key, data in alike.items())


def test_sources_have_their_items_and_full_reference():
    app = start(part="Guide", place=1)
    words = said(app) + "\n".join(caption.value for caption in app.caption)
    label = LABELS["monitoring"]
    for name, items in label.sources.items():
        assert all(item in words for item in items)
        assert LABELS.source[name].strip() in words
    assert all(phrase in words for phrase in label.evidence)


def test_labels_of_ones_own_do_not_fail(own):
    app = start(own)
    assert "Another definition." in said(app)
    assert page.OTHER_DEFINITION in said(app)
    assert len(texts(app)) == 3
    app = press(app, "Next label")
    assert page.NO_EXAMPLES in said(app)
    assert "- **no reason**" in said(start(own, part="Only looks like it", place=1))
    assert "None named." in said(start(own, part="Guide", place=1))


def test_a_title_is_shown_as_text(own):
    html = "\n".join(element.proto.body for element in start(own).get("html"))
    assert "Threats &lt;b&gt;" in html
    assert "Threats <b>" not in html
