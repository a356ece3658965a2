import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier import model_file
from classifier.encoder import ENCODER_FOLDER, load_encoder
from classifier.evidence import find_all
from classifier.model_file import AGAIN, FILES, FORMAT, load_model, save_model


@pytest.fixture
def folder(tiny_model, tmp_path):
    save_model(tiny_model, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def reading_folder(tiny_reading_model, tmp_path):
    """A model that was calibrated with the sentence encoder."""
    save_model(tiny_reading_model, tmp_path / "reading")
    return tmp_path / "reading"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def edit_json(path, change):
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def sign(folder):
    """Put the right digests into the manifest, as someone who crafts a model would."""

    def put_digests(manifest):
        manifest["sha256"] |= {name: digest(folder / name) for name in FILES}

    edit_json(folder / "manifest.json", put_digests)


def edit_arrays(folder, change):
    with np.load(folder / "weights.npz") as stored:
        arrays = dict(stored)
    change(arrays)
    np.savez_compressed(folder / "weights.npz", **arrays)
    sign(folder)


def message(folder):
    with pytest.raises(ValueError) as error:
        load_model(folder)
    return str(error.value).removeprefix(f"{folder}")


# Round trip


def test_a_saved_model_says_the_same(tiny_model, tiny_notes, folder):
    loaded = load_model(folder)
    assert list(find_all(tiny_notes, loaded)) == list(find_all(tiny_notes, tiny_model))
    assert loaded.thresholds == tiny_model.thresholds
    assert list(loaded.examples) == list(tiny_model.examples)
    assert loaded.label_set == tiny_model.label_set
    for key in ("versions", "data", "metrics", "seed"):
        assert loaded.manifest[key] == tiny_model.manifest[key]


def test_saving_a_loaded_model_gives_the_same_bytes(folder, tmp_path):
    save_model(load_model(folder), tmp_path / "copy")
    for name in (*FILES, "manifest.json"):
        assert digest(tmp_path / "copy" / name) == digest(folder / name), name


def same_calibration(one, other):
    for part, array in vars(one).items():
        np.testing.assert_array_equal(array, getattr(other, part))


def test_a_model_of_words_has_no_reader(folder, tiny_model):
    for fast in (False, True):
        loaded = load_model(folder, fast=fast)
        same_calibration(loaded.calibration, tiny_model.calibration)
        assert loaded.reader is loaded.reader_calibration is None
        assert loaded.thresholds == tiny_model.thresholds
    assert "encoder" not in loaded.manifest["sha256"]


def test_a_saved_model_with_a_reader_says_the_same(tiny_reading_model, tiny_notes, reading_folder):
    loaded = load_model(reading_folder)
    assert loaded.reader is load_encoder()
    same_calibration(loaded.calibration, tiny_reading_model.calibration)
    same_calibration(loaded.reader_calibration, tiny_reading_model.reader_calibration)
    assert loaded.thresholds == tiny_reading_model.thresholds
    assert loaded.manifest["sha256"]["encoder"] == digest(ENCODER_FOLDER / "encoder.json")
    notes = tiny_notes[:10]
    found = list(find_all(notes, loaded))
    assert found == list(find_all(notes, tiny_reading_model))
    assert found != list(find_all(notes, load_model(reading_folder, fast=True)))


def test_a_loaded_model_with_a_reader_is_saved_with_the_same_bytes(reading_folder, tmp_path):
    save_model(load_model(reading_folder), tmp_path / "copy")
    for name in (*FILES, "manifest.json"):
        assert digest(tmp_path / "copy" / name) == digest(reading_folder / name), name


def test_fast_loading_goes_by_words_alone_with_thresholds_for_them(
    tiny_model, tiny_reading_model, tiny_notes, reading_folder
):
    fast = load_model(reading_folder, fast=True)
    assert fast.reader is fast.reader_calibration is None
    assert fast.thresholds == tiny_reading_model.manifest["fast_thresholds"]
    assert fast.thresholds != tiny_reading_model.thresholds
    assert list(find_all(tiny_notes, fast)) == list(find_all(tiny_notes, tiny_model))


def test_fast_loading_needs_no_encoder(reading_folder, monkeypatch, tmp_path):
    monkeypatch.setattr(model_file, "ENCODER_FOLDER", tmp_path / "none")
    assert load_model(reading_folder, fast=True).reader is None
    assert message(reading_folder) == f" was trained with another encoder; {AGAIN}; or use --fast"


def test_a_model_that_was_loaded_fast_is_saved_as_one_of_words(reading_folder, tmp_path):
    fast = load_model(reading_folder, fast=True)
    save_model(fast, tmp_path / "words")
    assert load_model(tmp_path / "words").reader_calibration is None
    assert load_model(tmp_path / "words").thresholds == fast.thresholds


def test_another_encoder(reading_folder):
    edit_json(reading_folder / "manifest.json", lambda m: m["sha256"].update(encoder="0" * 64))
    assert message(reading_folder) == f" was trained with another encoder; {AGAIN}; or use --fast"
    edit_json(reading_folder / "manifest.json", lambda m: m["sha256"].pop("encoder"))
    assert message(reading_folder) == f" was trained with another encoder; {AGAIN}; or use --fast"
    assert load_model(reading_folder, fast=True).reader is None


def test_a_model_folder_holds_its_files_and_nothing_else(folder):
    assert sorted(path.name for path in folder.iterdir()) == sorted((*FILES, "manifest.json"))
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]


def test_the_manifest_holds_the_digests(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == FORMAT
    assert {name: manifest["sha256"][name] for name in FILES} == {
        name: digest(folder / name) for name in FILES
    }


def test_a_model_folder_is_made_with_its_parents(tiny_model, tmp_path):
    save_model(tiny_model, tmp_path / "a" / "b")
    assert load_model(tmp_path / "a" / "b").thresholds == tiny_model.thresholds


def test_a_model_replaces_a_model_and_an_empty_folder(tiny_model, folder, tmp_path):
    save_model(replace(tiny_model, examples=[]), folder)
    assert load_model(folder).examples == []
    (tmp_path / "empty").mkdir()
    save_model(tiny_model, tmp_path / "empty")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "mine"]


@pytest.mark.parametrize("names", [["letter.txt"], ["manifest.json", "index.html"], [".keep"]])
def test_a_folder_with_other_files_is_left_alone(names, tiny_model, tmp_path):
    for name in names:
        (tmp_path / name).write_text("mine")
    with pytest.raises(FileExistsError) as error:
        save_model(tiny_model, tmp_path)
    assert str(error.value) == (
        f"{tmp_path} holds files that are not a model; choose another folder"
    )
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        names, "mine"
    )


class Unwritable:
    """Numbers that cannot be written, met halfway through saving."""

    def astype(self, dtype):
        raise OSError("no space left")


def test_an_interrupted_save_leaves_what_was_there(tiny_model, folder, tmp_path):
    before = {path.name: digest(path) for path in folder.iterdir()}
    evidence = replace(
        tiny_model.heads["evidence"],
        weights=tiny_model.heads["evidence"].weights | {"note": Unwritable()},
    )
    broken = replace(tiny_model, heads={**tiny_model.heads, "evidence": evidence})
    for place in (folder, tmp_path / "new"):
        with pytest.raises(OSError, match="no space left"):
            save_model(broken, place)
    assert {path.name: digest(path) for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


# Refusals


def test_no_model_at_all(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        load_model(tmp_path / "mine")
    assert str(error.value) == (
        f"no model at {tmp_path}/mine; train one with: unheard train --out {tmp_path}/mine"
    )


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(name, folder):
    (folder / name).unlink()
    assert message(folder) == f": {name} is missing, a link or too large; {AGAIN}"


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file(name, folder):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert message(folder) == f": {name} was altered after training; {AGAIN}"


@pytest.mark.parametrize("name", ["manifest.json", *FILES])
def test_a_link(name, folder):
    (folder / name).rename(folder.parent / name)
    (folder / name).symlink_to(folder.parent / name)
    assert message(folder) == f": {name} is missing, a link or too large; {AGAIN}"


@pytest.mark.parametrize("name", ["manifest.json", *FILES])
def test_a_file_that_is_too_large(name, folder, monkeypatch):
    sizes = {other: (folder / other).stat().st_size for other in ("manifest.json", *FILES)}
    for other in sizes:
        (folder / other).write_bytes((folder / other).read_bytes()[:100])
    with (folder / name).open("ab") as file:
        file.truncate(1001)
    monkeypatch.setattr(model_file, "MOST_BYTES", 1000)
    assert message(folder) == f": {name} is missing, a link or too large; {AGAIN}"


def test_a_zip_bomb(folder):
    with zipfile.ZipFile(folder / "weights.npz", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("extra.npy", bytes(model_file.MOST_BYTES))
    assert (folder / "weights.npz").stat().st_size < model_file.MOST_BYTES / 100
    sign(folder)
    assert message(folder) == f": its parts do not fit together (the arrays are too large); {AGAIN}"


def npy(array=None, **header):
    """Bytes of an .npy file, perhaps with a header that lies."""
    out = io.BytesIO()
    if array is not None:
        np.lib.format.write_array(out, array, allow_pickle=True)
    else:
        np.lib.format.write_array_header_1_0(out, header)
    return out.getvalue()


def put_member(folder, name, content):
    """Put bytes in the place of one array."""
    with zipfile.ZipFile(folder / "weights.npz") as archive:
        members = {entry: archive.read(entry) for entry in archive.namelist()}
    with zipfile.ZipFile(folder / "weights.npz", "w") as archive:
        for entry, old in (members | {name: content}).items():
            archive.writestr(entry, old)
    sign(folder)


def test_an_array_that_claims_to_be_huge(folder):
    header = {"descr": "<f4", "fortran_order": False, "shape": (10**15,)}
    put_member(folder, "word_idf.npy", npy(**header))
    assert message(folder).startswith(": its parts do not fit together (")


class Touch:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize(
    "name", ["word_idf.npy", "extra.npy", "calibration/words/evidence.npy", "extra.pkl"]
)
def test_a_pickled_object_is_refused_and_not_executed(name, folder, tmp_path):
    touched = tmp_path / "touched"
    array = np.array([Touch(touched)], dtype=object)
    content = npy(array)
    if name.endswith(".pkl"):
        content = content[content.index(b"\x80") :]
    signed = json.loads((folder / "manifest.json").read_text())["sha256"]["weights.npz"]
    put_member(folder, name, content)
    found = message(folder)
    assert found.startswith(": its parts do not fit together (")
    if name.endswith(".npy"):
        assert "Object arrays cannot be loaded when allow_pickle=False" in found
    edit_json(folder / "manifest.json", lambda m: m["sha256"].update({"weights.npz": signed}))
    assert message(folder) == f": weights.npz was altered after training; {AGAIN}"
    assert not touched.exists()


@pytest.mark.parametrize("name", FILES)
def test_a_pickle_in_the_place_of_a_file_is_refused_and_not_executed(name, folder, tmp_path):
    touched = tmp_path / "touched"
    content = npy(np.array([Touch(touched)], dtype=object))
    for start in (content.index(b"\x80"), 0):
        (folder / name).write_bytes(content[start:])
        assert message(folder) == f": {name} was altered after training; {AGAIN}"
        sign(folder)
        assert message(folder).startswith(": its parts do not fit together (")
        assert not touched.exists()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "null", "{}", "not JSON", '{"manifest_version": 3, "name": "extension"}', "[" * 50],
)
def test_a_manifest_of_something_else(content, folder):
    (folder / "manifest.json").write_text(content)
    assert message(folder) == f": manifest.json is not that of an Unheard model; {AGAIN}"


def test_a_manifest_that_is_no_text(folder):
    (folder / "manifest.json").write_bytes(b"\xff\xfe\x80")
    assert message(folder) == f": manifest.json is not that of an Unheard model; {AGAIN}"


@pytest.mark.parametrize("extra", [{}, {"something": "new"}])
def test_a_newer_format(extra, folder):
    edit_json(folder / "manifest.json", lambda m: m.update(format=FORMAT + 1, **extra))
    assert message(folder) == (
        f" has model format {FORMAT + 1}, this Unheard reads up to {FORMAT}; "
        "install a newer Unheard, or train again with: unheard train"
    )


def test_other_word_vectors(folder):
    edit_json(folder / "manifest.json", lambda m: m["sha256"].update(vectors="0" * 64))
    assert message(folder) == f" was trained with other word vectors; {AGAIN}"


@pytest.mark.parametrize(
    ("threshold", "shown"), [(0, "0.0"), (-0.1, "-0.1"), (1.3, "1.3"), (float("nan"), "nan")]
)
def test_a_threshold_that_cannot_be(threshold, shown, folder):
    edit_json(folder / "manifest.json", lambda m: m["thresholds"].update(isolation=threshold))
    assert message(folder) == (
        ": its parts do not fit together (threshold for 'isolation' must be above 0 "
        f"and at most 1, got {shown}); {AGAIN}"
    )


def test_a_label_without_a_threshold(folder):
    edit_json(folder / "manifest.json", lambda m: m["thresholds"].pop("isolation"))
    assert message(folder) == f": its parts do not fit together ('isolation'); {AGAIN}"


def one_label_less(arrays):
    for name in ("phrase/intercept", "phrase/phrase", "phrase/before", "phrase/after"):
        arrays[name] = arrays[name][..., :-1]


ARRAYS = {
    "missing": (lambda a: a.pop("evidence/note"), "'evidence/note is not a file in the archive'"),
    "one_word_less": (
        lambda a: a.update(word_idf=a["word_idf"][1:]),
        "words and their weights differ in number",
    ),
    "one_pair_less": (
        lambda a: a.update(pair_idf=a["pair_idf"][1:]),
        "word pairs and their weights differ in number",
    ),
    "one_label_less": (one_label_less, "the intercept of phrase has the shape (16,)"),
    "not_a_number": (
        lambda a: a["evidence/sentence"].__setitem__((0, 0), np.nan),
        "an array holds numbers that are not finite",
    ),
    "infinite": (
        lambda a: a["phrase/intercept"].__setitem__(0, -np.inf),
        "an array holds numbers that are not finite",
    ),
}


@pytest.mark.parametrize("case", ARRAYS)
def test_arrays_that_do_not_fit(case, folder):
    change, reason = ARRAYS[case]
    edit_arrays(folder, change)
    found = message(folder)
    if case == "missing":
        assert "evidence/note" in found
    else:
        assert found == f": its parts do not fit together ({reason}); {AGAIN}"


N_LABELS, N_CONTEXTS = 17, 4
SHAPES = {
    "words": {
        "labels": (N_LABELS, 2),
        "contexts": (N_CONTEXTS + 1, N_CONTEXTS),
        "evidence": (2,),
    },
    "reader": {
        "labels": (N_LABELS, 4),
        "contexts": (2 * N_CONTEXTS + 1, N_CONTEXTS),
        "evidence": (3,),
    },
}
PARTS = [(name, part) for name in SHAPES for part in SHAPES[name]]


@pytest.mark.parametrize("change", [lambda a: a[1:], lambda a: a[None], np.sum])
@pytest.mark.parametrize(("name", "part"), PARTS)
def test_a_calibration_of_another_shape(name, part, change, reading_folder):
    key = f"calibration/{name}/{part}"
    edit_arrays(reading_folder, lambda a: a.update({key: change(a[key])}))
    reason = f"the calibration {name}/{part} has not the shape {SHAPES[name][part]}"
    assert message(reading_folder) == f": its parts do not fit together ({reason}); {AGAIN}"


@pytest.mark.parametrize(
    "missing", [pair for pair in PARTS if pair != ("reader", "labels")], ids="/".join
)
def test_a_calibration_in_part(missing, reading_folder):
    key = f"calibration/{'/'.join(missing)}"
    edit_arrays(reading_folder, lambda a: a.pop(key))
    assert key in message(reading_folder)
    assert "its parts do not fit together" in message(reading_folder)


def test_a_calibration_with_a_number_that_is_none(reading_folder):
    edit_arrays(
        reading_folder, lambda a: a["calibration/reader/labels"].__setitem__((0, 1), np.nan)
    )
    reason = "an array holds numbers that are not finite"
    assert message(reading_folder) == f": its parts do not fit together ({reason}); {AGAIN}"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda t: t.pop("isolation"),
            "the thresholds for words alone are not those of the labels",
        ),
        (lambda t: t.clear(), "the thresholds for words alone are not those of the labels"),
        (
            lambda t: t.update(mine=0.5),
            "the thresholds for words alone are not those of the labels",
        ),
        (
            lambda t: t.update(isolation=1.3),
            "threshold for 'isolation' must be above 0 and at most 1, got 1.3",
        ),
    ],
)
def test_thresholds_for_words_alone_that_cannot_be(change, reason, reading_folder):
    edit_json(reading_folder / "manifest.json", lambda m: change(m["fast_thresholds"]))
    assert message(reading_folder) == f": its parts do not fit together ({reason}); {AGAIN}"


def test_a_model_of_an_older_format_is_refused(folder):
    def as_before(arrays):
        for part in ("labels", "contexts", "evidence"):
            arrays[part] = arrays.pop(f"calibration/words/{part}")

    edit_json(folder / "manifest.json", lambda m: m.update(format=1))
    edit_arrays(folder, as_before)
    found = message(folder)
    assert found.startswith(": its parts do not fit together (")
    assert found.endswith(f"{AGAIN}")


def test_weights_of_another_shape(folder):
    edit_arrays(folder, lambda a: a.update({"context/note": a["context/note"].T}))
    assert message(folder).startswith(
        ": its parts do not fit together (the weights context/note have the shape (4, "
    )


def test_weights_that_are_words(folder):
    edit_arrays(folder, lambda a: a.update(word_idf=np.array(["a"])))
    assert message(folder).startswith(": its parts do not fit together (")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.json", "{}"),
        ("labels.json", "[]"),
        ("vocabulary.json", "{}"),
        ("vocabulary.json", "null"),
        ("vocabulary.json", "[" * 100_000),
        ("examples.json", "{"),
        ("weights.npz", ""),
        ("weights.npz", "no archive"),
    ],
)
def test_files_that_hold_something_else(name, content, folder):
    (folder / name).write_text(content)
    sign(folder)
    assert message(folder).startswith(": its parts do not fit together (")


def test_a_truncated_archive(folder):
    content = (folder / "weights.npz").read_bytes()
    (folder / "weights.npz").write_bytes(content[: len(content) // 2])
    sign(folder)
    assert message(folder).startswith(": its parts do not fit together (")


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_damaged_archive_never_loads_silently(place, folder):
    content = bytearray((folder / "weights.npz").read_bytes())
    at = int(len(content) * place)
    content[at : at + 8] = bytes(byte ^ 0xFF for byte in content[at : at + 8])
    (folder / "weights.npz").write_bytes(content)
    sign(folder)
    assert message(folder).startswith(": its parts do not fit together (")
