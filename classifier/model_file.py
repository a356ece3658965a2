"""Models on disk: plain arrays, JSON and a manifest of digests; never a pickle."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifier.calibration import Calibration
from classifier.digest import digest
from classifier.embedding import VECTOR_FOLDER
from classifier.encoder import ENCODER_FOLDER, load_encoder
from classifier.features import Vocabulary
from classifier.labels import LabelSet
from classifier.model import FULL_VIEWS, HEADS, Head, Model
from classifier.note import CONTEXTS

DEFAULT_MODEL = Path(__file__).with_name("default_model")
"""The model that comes with the package, trained on the synthetic corpus."""

FORMAT = 2
"""Raised whenever a model file can no longer be read by the code before it."""

FILES = ("labels.json", "vocabulary.json", "weights.npz", "examples.json")
"""What a model folder holds beside ``manifest.json``."""

CARD_FILE = "MODEL_CARD.md"

FIGURE_FILES = (CARD_FILE, "evaluation.json", "evaluation.html", "predictions.jsonl")
"""May lie beside them; they go when the model is replaced, as they are about that model."""

SOURCES_OF_WORDS = {"labels": 1, "contexts": 1, "evidence": 1}
"""Sources of each kind of score, as `classifier.model.word_sources` gives them."""

SOURCES_OF_BOTH = {"labels": 3, "contexts": 2, "evidence": 2}
"""The same with the encoder's, as `classifier.model.reader_sources` adds them."""

MOST_BYTES = 200_000_000
"""No file of a model may be larger, unpacked; a crafted one must not fill the memory."""


class Manifest(BaseModel):
    """What a model says of itself.

    Parameters
    ----------
    format : int
        See ``FORMAT``.
    sha256 : dict of str to str
        Digest of each of ``FILES``, and of the static vectors and, if the model uses it, the
        encoder that it was trained with.
    thresholds : dict of str to float
        For each label.
    fast_thresholds : dict of str to float
        The same for words alone; empty for a model that knows nothing else.
    versions : dict of str to str
        Python and libraries at training.
    data : dict
        Counts, author groups and digest of the training notes.
    metrics : dict
        Figures from grouped cross-validation.
    seed : int
        Training is repeatable from it.
    """

    model_config = ConfigDict(extra="forbid")

    format: int
    sha256: dict[str, str]
    thresholds: dict[str, float]
    fast_thresholds: dict[str, float] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    data: dict[str, object] = Field(default_factory=dict)
    metrics: dict[str, object] = Field(default_factory=dict)
    seed: int = 0


def save_model(model: Model, folder: str | Path) -> None:
    """Write a model to a folder, whole or not at all.

    Parameters
    ----------
    model : Model
        With ``manifest`` entries ``versions``, ``data``, ``metrics`` and ``seed``, if known.
    folder : path-like
        Made if need be; a model that is there already is replaced.

    Raises
    ------
    FileExistsError
        If the folder is there and holds something that is not a model.
    """
    folder = Path(folder)
    ours = {*FILES, "manifest.json", *FIGURE_FILES}
    if folder.exists() and {path.name for path in folder.iterdir()} - ours:
        raise FileExistsError(f"{folder} holds files that are not a model; choose another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_files(model, part)
        manifest = Manifest(
            format=FORMAT,
            sha256={name: digest(part / name) for name in FILES}
            | _vector_digest()
            | (_encoder_digest() if model.reader_calibration else {}),
            thresholds=dict(model.thresholds),
            **{key: model.manifest[key] for key in sorted(KEPT & set(model.manifest))},
        )
        _write_json(part / "manifest.json", manifest.model_dump())
        part.chmod(0o755)
        replaced = part.with_name(f"{part.name}-replaced")
        if folder.exists():
            folder.rename(replaced)
        part.replace(folder)
        shutil.rmtree(replaced, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


KEPT = {"fast_thresholds", "versions", "data", "metrics", "seed"}
"""Entries of the manifest that training fills in."""


def _write_files(model: Model, folder: Path) -> None:
    """Write everything but the manifest."""
    vocabulary = model.vocabulary
    _write_json(folder / "labels.json", model.label_set.model_dump())
    _write_json(
        folder / "vocabulary.json",
        {name: getattr(vocabulary, name) for name in ("words", "pairs", "grams", "rare_idf")},
    )
    _write_json(folder / "examples.json", model.examples)
    arrays = _calibration_arrays("words", model.calibration)
    if model.reader_calibration:
        arrays |= _calibration_arrays("reader", model.reader_calibration)
    arrays |= {"word_idf": vocabulary.word_idf, "pair_idf": vocabulary.pair_idf}
    for name, head in model.heads.items():
        arrays[f"{name}/intercept"] = head.intercept
        for view, weights in head.weights.items():
            arrays[f"{name}/{view}"] = weights.astype(np.float16)
    np.savez_compressed(folder / "weights.npz", **arrays)


def _calibration_arrays(name: str, calibration: Calibration) -> dict[str, np.ndarray]:
    """Name the arrays of a calibration."""
    return {f"calibration/{name}/{part}": array for part, array in vars(calibration).items()}


def _write_json(path: Path, content: object) -> None:
    """Write JSON so that the same content gives the same bytes."""
    text = json.dumps(
        content, ensure_ascii=False, indent=1 if path.name == "manifest.json" else None
    )
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def load_model(
    folder: str | Path = DEFAULT_MODEL, *, fast: bool = False, threads: int = 0
) -> Model:
    """Read a model, after checking that it is whole and what it says it is.

    Parameters
    ----------
    folder : path-like
        Written by `save_model`; the default is the model that comes with the package.
    fast : bool
        Go by words alone, without the sentence encoder: many times faster, and less exact.
    threads : int
        Processor cores for the encoder; 0 is as many as there are.

    Returns
    -------
    Model
        Ready to score.

    Raises
    ------
    FileNotFoundError
        If there is no model.
    ValueError
        If it was altered, is of another kind, is newer than this Unheard, or its parts do not
        fit together. Nothing in it is ever executed.
    """
    folder = Path(folder)
    if not (folder / "manifest.json").is_file():
        raise FileNotFoundError(
            f"no model at {folder}; train one with: unheard train --out {folder}"
        )
    for name in ("manifest.json", *FILES):
        path = folder / name
        if not path.is_file() or path.stat().st_size > MOST_BYTES or path.is_symlink():
            raise ValueError(f"{folder}: {name} is missing, a link or too large; {AGAIN}")
    manifest = _read_manifest(folder)
    for name in FILES:
        path = folder / name
        if digest(path) != manifest.sha256.get(name):
            raise ValueError(f"{folder}: {name} was altered after training; {AGAIN}")
    if _vector_digest()["vectors"] != manifest.sha256.get("vectors"):
        raise ValueError(f"{folder} was trained with other word vectors; {AGAIN}")
    try:
        model = _assemble(folder, manifest)
    except UNFIT as error:
        raise ValueError(f"{folder}: its parts do not fit together ({error}); {AGAIN}") from error
    if model.reader_calibration is None:
        return model
    if fast:
        return replace(model, thresholds=dict(manifest.fast_thresholds), reader_calibration=None)
    if _encoder_digest()["encoder"] != manifest.sha256.get("encoder"):
        raise ValueError(f"{folder} was trained with another encoder; {AGAIN}; or use --fast")
    return replace(model, reader=load_encoder(threads=threads))


AGAIN = "restore it, or train again with: unheard train"
UNFIT = (
    *(KeyError, TypeError, AttributeError, ValueError, EOFError, OSError, MemoryError),
    *(RecursionError, NotImplementedError, zipfile.BadZipFile, zlib.error),
)
"""What reading crafted files may raise."""


def _read_manifest(folder: Path) -> Manifest:
    """Read the manifest and refuse one of another format."""
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        found = content.get("format") if isinstance(content, dict) else None
        if isinstance(found, int) and found > FORMAT:
            raise ValueError(
                f"{folder} has model format {found}, this Unheard reads up to {FORMAT}; "
                "install a newer Unheard, or train again with: unheard train"
            )
        return Manifest.model_validate(content)
    except (ValidationError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{folder}: manifest.json is not that of an Unheard model; {AGAIN}"
        ) from error


def _assemble(folder: Path, manifest: Manifest) -> Model:
    """Build the model from checked files, and check that the shapes agree."""
    label_set = LabelSet.model_validate_json((folder / "labels.json").read_text(encoding="utf-8"))
    with zipfile.ZipFile(folder / "weights.npz") as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise ValueError("the arrays are too large")
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        stored = {name: arrays[name] for name in arrays.files}
    words = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    vocabulary = Vocabulary(
        words=tuple(words["words"]),
        word_idf=stored["word_idf"],
        pairs=tuple(words["pairs"]),
        pair_idf=stored["pair_idf"],
        grams=tuple(words["grams"]),
        rare_idf=float(words["rare_idf"]),
    )
    heads = {
        name: Head(
            {view: stored[f"{name}/{view}"].astype(np.float32) for view in views},
            stored[f"{name}/intercept"],
        )
        for name, views in HEADS.items()
    }
    _check_shapes(vocabulary, heads, stored, manifest, label_set)
    return Model(
        label_set=label_set,
        vocabulary=vocabulary,
        heads=heads,
        calibration=_read_calibration("words", stored),
        reader_calibration=(
            _read_calibration("reader", stored) if "calibration/reader/labels" in stored else None
        ),
        thresholds={label: manifest.thresholds[label] for label in label_set.ids},
        examples=json.loads((folder / "examples.json").read_text(encoding="utf-8")),
        manifest=manifest.model_dump(),
    )


def _read_calibration(name: str, stored: dict[str, np.ndarray]) -> Calibration:
    """Take a calibration from the stored arrays."""
    return Calibration(**{part: stored[f"calibration/{name}/{part}"] for part in SOURCES_OF_WORDS})


def _check_shapes(
    vocabulary: Vocabulary,
    heads: dict[str, Head],
    stored: dict[str, np.ndarray],
    manifest: Manifest,
    label_set: LabelSet,
) -> None:
    """Refuse arrays that do not belong together or hold no finite numbers."""
    if not all(np.isfinite(array).all() for array in stored.values()):
        raise ValueError("an array holds numbers that are not finite")
    if len(vocabulary.word_idf) != len(vocabulary.words):
        raise ValueError("words and their weights differ in number")
    if len(vocabulary.pair_idf) != len(vocabulary.pairs):
        raise ValueError("word pairs and their weights differ in number")
    n_labels = len(label_set.ids)
    for name, sources in (("words", SOURCES_OF_WORDS), ("reader", SOURCES_OF_BOTH)):
        if name == "words" or f"calibration/{name}/labels" in stored:
            _check_calibration(name, _read_calibration(name, stored), sources, n_labels)
    if "calibration/reader/labels" in stored and set(manifest.fast_thresholds) != set(
        label_set.ids
    ):
        raise ValueError("the thresholds for words alone are not those of the labels")
    outputs = {"sentence": n_labels, "phrase": n_labels, "context": len(CONTEXTS), "evidence": 1}
    for name, head in heads.items():
        if head.intercept.shape != (outputs[name],):
            raise ValueError(f"the intercept of {name} has the shape {head.intercept.shape}")
        for view, weights in head.weights.items():
            full = vocabulary.n_word_features + len(vocabulary.pairs)
            expected = full if view in FULL_VIEWS else len(vocabulary.words)
            if weights.shape != (expected, len(head.intercept)):
                raise ValueError(f"the weights {name}/{view} have the shape {weights.shape}")
    for label, threshold in [*manifest.thresholds.items(), *manifest.fast_thresholds.items()]:
        if not 0 < threshold <= 1:
            raise ValueError(
                f"threshold for {label!r} must be above 0 and at most 1, got {threshold}"
            )


def _check_calibration(
    name: str, calibration: Calibration, sources: dict[str, int], n_labels: int
) -> None:
    """Refuse a calibration that is not for these sources and labels."""
    n_contexts = len(CONTEXTS)
    expected = {
        "labels": (n_labels, sources["labels"] + 1),
        "contexts": (sources["contexts"] * n_contexts + 1, n_contexts),
        "evidence": (sources["evidence"] + 1,),
    }
    for part, shape in expected.items():
        if getattr(calibration, part).shape != shape:
            raise ValueError(f"the calibration {name}/{part} has not the shape {shape}")


@cache
def _vector_digest() -> dict[str, str]:
    """Give the digest of the static vectors that come with the package."""
    both = digest(VECTOR_FOLDER / "words.txt") + digest(VECTOR_FOLDER / "vectors.npy")
    return {"vectors": hashlib.sha256(both.encode()).hexdigest()}


def _encoder_digest() -> dict[str, str]:
    """Give the digest of what the encoder says of itself, the digests of its files among it."""
    path = ENCODER_FOLDER / "encoder.json"
    return {"encoder": digest(path) if path.is_file() else "none"}
