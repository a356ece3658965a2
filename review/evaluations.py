"""What is known of a model: what it says of itself, and figures that lie beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from classifier.labels import LABEL_FILE, Colour, Label, LabelSet, load_labels
from classifier.model_file import DEFAULT_MODEL, Manifest

SHIPPED_NAME = "The model that comes with Unheard"

MANIFEST_FILE = "manifest.json"
"""Of a model."""

FIGURES_FILE, PREDICTIONS_FILE = "evaluation.json", "predictions.jsonl"
"""Of ``unheard evaluate``; both may lie in the folder of their model."""

GREY = {"light": "#d8dcdf", "dark": "#4a5257"}
"""Of labels that only an evaluation names, so that nobody has given them a colour."""

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class _Read(BaseModel):
    """Part of a file that somebody else may have written; what is not shown is left out."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Figure(_Read):
    """A number with its interval.

    Parameters
    ----------
    value : float or None
        None where it is not known.
    interval : (float, float) or None
        Middle 95 % of the bootstrap draws.
    """

    value: float | None = None
    interval: tuple[float, float] | None = None


class LabelFigures(_Read):
    """Figures of one label over notes.

    Parameters
    ----------
    notes : int
        That hold the label.
    average_precision, precision, recall, f1 : Figure
        In [0, 1].
    """

    notes: Count
    average_precision: Figure
    precision: Figure
    recall: Figure
    f1: Figure


class Bin(_Read):
    """Phrases with like scores.

    Parameters
    ----------
    n : int
        How many.
    score : float
        Their mean score.
    share : float
        The share of them that people marked.
    """

    n: Count
    score: Share
    share: Share


class Reliability(_Read):
    """Scores beside how often people marked.

    Parameters
    ----------
    n : int
        Phrases.
    ece : float or None
        Expected calibration error: the mean gap.
    bins : tuple of Bin
        From low to high scores; none in evaluations of older versions.
    """

    n: Count
    ece: float | None
    bins: tuple[Bin, ...] = ()


class Calibration(_Read):
    """Scores beside how often people marked, for phrases that may be shown.

    Parameters
    ----------
    may_be_shown : Reliability
        Of all labels.
    least_shown : float
        Lowest score of these phrases.
    labels : dict of str to Reliability
        Of each label.
    """

    may_be_shown: Reliability
    least_shown: Share
    labels: dict[str, Reliability]


Curve = tuple[tuple[Share, Share | None], ...]


class Curves(_Read):
    """Precision at growing recall.

    Parameters
    ----------
    any_evidence : tuple of (recall, precision)
        Of the order in which notes are read.
    labels : dict of str to tuple of (recall, precision)
        Of each label over notes.
    """

    any_evidence: Curve
    labels: dict[str, Curve]


class Kind(_Read):
    """How notes of one kind without evidence fare.

    Parameters
    ----------
    notes : int
        How many.
    without_finding : Figure
        The share with nothing highlighted as affirmed.
    findings_per_note : Figure
        Affirmed findings.
    """

    notes: Count
    without_finding: Figure
    findings_per_note: Figure


class Shown(_Read):
    """What is shown where people marked one label.

    Parameters
    ----------
    marks : int
        How many.
    shown_as : dict of str to int
        Of them, for each label; a mark may count under several.
    nothing : int
        Shown as no label.
    """

    marks: Count
    shown_as: dict[str, Count]
    nothing: Count


class Confusion(_Read):
    """What `training.confusion.count_confusion` counts.

    Parameters
    ----------
    labels : dict of str to Shown
        For each label that is marked.
    not_marked : dict of str to int
        Findings that meet no mark.
    """

    labels: dict[str, Shown]
    not_marked: dict[str, Count]


class About(_Read):
    """Where figures come from.

    Parameters
    ----------
    way : str
        ``"model"`` or ``"cross-validation"``.
    measured_on : str
        In words.
    notes, with_evidence, groups, resamples : int
        How many.
    model, data : str or None
        Digest of the model's weights, or of the notes of a cross-validation.
    """

    way: str
    measured_on: str
    notes: Count
    with_evidence: Count
    groups: Count
    resamples: Count
    model: str | None = None
    data: str | None = None


class Budget(Figure):
    """Precision among the notes read first.

    Parameters
    ----------
    value : float or None
        None where it is not known.
    interval : (float, float) or None
        Middle 95 % of the bootstrap draws.
    share_read : float
        Share of the notes.
    """

    share_read: Share


class Reach(Figure):
    """Share of the notes to read.

    Parameters
    ----------
    value : float or None
        None where it is not known.
    interval : (float, float) or None
        Middle 95 % of the bootstrap draws.
    recall : float
        Share of the notes with evidence that is then met.
    """

    recall: Share


class Queue(_Read):
    """Figures of evidence of any kind, with notes read in the tool's order.

    Parameters
    ----------
    average_precision, precision, recall : Figure
        Of the order, and of notes with a highlight.
    precision_at : tuple of Budget
        Among the first notes.
    share_to_read : Reach
        To meet nearly all notes with evidence.
    prevalence : float or None
        Share of notes with evidence, if figures are restated for another one.
    """

    average_precision: Figure
    precision: Figure
    recall: Figure
    precision_at: tuple[Budget, ...]
    share_to_read: Reach
    prevalence: Share | None = None


class Figures(_Read):
    """The part of an ``evaluation.json`` that the page shows.

    Parameters
    ----------
    about : About
        Where they come from.
    limits : tuple of str
        What they do not show.
    summary : dict of str to Figure
        See `training.report.SUMMARY_WORDS`.
    labels : dict of str to LabelFigures
        Over notes.
    any_evidence : Queue
        Over notes.
    at_prevalence : Queue or None
        The same if fewer notes held evidence; None where that cannot be said.
    calibration : Calibration
        Of phrases.
    curves : Curves
        Over notes.
    look_alikes : dict of str to Kind
        Notes without evidence.
    confusion : Confusion or None
        None in evaluations of older versions.
    """

    about: About
    limits: tuple[str, ...]
    summary: dict[str, Figure]
    labels: dict[str, LabelFigures]
    any_evidence: Queue
    at_prevalence: Annotated[Queue | None, BeforeValidator(lambda given: given or None)] = None
    calibration: Calibration
    curves: Curves
    look_alikes: dict[str, Kind]
    confusion: Confusion | None = None


class OwnFigures(BaseModel):
    """Figures that training put into a manifest.

    Parameters
    ----------
    measured_on : str
        In words.
    notes : int
        How many.
    intervals_95 : dict of str to (float, float)
        Of the figures that stand beside it under the same names.
    labels : dict of str to dict
        Of each label, without intervals.
    **extra_data : object
        The figures themselves, by name.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, extra="allow")

    measured_on: str
    notes: Count
    intervals_95: dict[str, tuple[float, float]]
    labels: dict[str, dict[str, float | None]]

    @property
    def summary(self) -> dict[str, Figure]:
        """Figures with intervals."""
        values = self.model_extra or {}
        return {
            name: Figure(value=values.get(name), interval=interval)
            for name, interval in self.intervals_95.items()
            if isinstance(values.get(name), float | int)
        }


@dataclass(frozen=True)
class Known:
    """What is known of a model, or of an evaluation without one.

    Parameters
    ----------
    folder : Path
        Where it was found.
    name : str
        To be shown; it may not be ours, so never as Markdown.
    labels : LabelSet
        Titles, cues and colours.
    manifest : Manifest or None
        None if the folder holds figures only.
    own : OwnFigures or None
        What the manifest says was measured.
    figures : Figures or None
        Of an evaluation.
    predictions : Path or None
        Findings behind the figures.
    faults : tuple of str
        What could not be used, and why.
    """

    folder: Path
    name: str
    labels: LabelSet
    manifest: Manifest | None = None
    own: OwnFigures | None = None
    figures: Figures | None = None
    predictions: Path | None = None
    faults: tuple[str, ...] = ()


def look_into(folder: str | Path) -> Known:
    """Read what a folder says of a model; nothing in it is executed, and no weights are read.

    Parameters
    ----------
    folder : path-like
        Of a model, with or without the files of ``unheard evaluate`` in it, or of these alone.

    Returns
    -------
    Known
        With the reasons if part of it cannot be used.

    Raises
    ------
    FileNotFoundError
        If there is neither a model nor an evaluation.
    ValueError
        If the model is not one of Unheard, or there are figures only and they cannot be read.
    """
    folder = Path(folder)
    has_model, has_figures = ((folder / f).is_file() for f in (MANIFEST_FILE, FIGURES_FILE))
    if not has_model and not has_figures:
        raise FileNotFoundError(
            f"no model and no evaluation at {folder}; it should hold {MANIFEST_FILE} (from "
            f"unheard train) or {FIGURES_FILE} (from unheard evaluate)"
        )
    manifest = _read_manifest(folder) if has_model else None
    faults: list[str] = []
    own = _read_own(manifest, faults) if manifest else None
    figures = None
    if has_figures:
        try:
            figures = _read_figures(folder, manifest)
        except ValueError as error:
            if not manifest:
                raise
            faults.append(str(error))
    predictions = folder / PREDICTIONS_FILE
    return Known(
        folder,
        name_of(folder),
        _read_labels(folder, figures),
        manifest=manifest,
        own=own,
        figures=figures,
        predictions=predictions if figures and predictions.is_file() else None,
        faults=tuple(faults),
    )


def name_of(folder: Path) -> str:
    """Name a model as people would.

    Parameters
    ----------
    folder : Path
        Where it lies.

    Returns
    -------
    str
        The folder's own name, or ``SHIPPED_NAME``.
    """
    return SHIPPED_NAME if is_shipped(folder) else folder.name or str(folder)


def is_shipped(folder: Path) -> bool:
    """Say whether this is the model that comes with Unheard.

    Parameters
    ----------
    folder : Path
        Where a model lies.

    Returns
    -------
    bool
        True if it is.
    """
    return folder.resolve() == DEFAULT_MODEL.resolve()


def is_model(folder: str | Path) -> bool:
    """Say whether a folder seems to hold a model, not figures only.

    Parameters
    ----------
    folder : path-like
        Any folder.

    Returns
    -------
    bool
        True if it has a manifest.
    """
    return (Path(folder) / MANIFEST_FILE).is_file()


def read_labels(folder: Path) -> LabelSet:
    """Read the labels of a model.

    Parameters
    ----------
    folder : Path
        Of the model.

    Returns
    -------
    LabelSet
        Those of Unheard's own label file for the model that comes with it.

    Raises
    ------
    ValueError
        If the model's labels cannot be read.
    """
    if is_shipped(folder):
        return load_labels()
    try:
        return LabelSet.model_validate_json((folder / "labels.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise ValueError(f"{folder}: labels.json cannot be read as labels of a model") from error


def make_labels(ids: Sequence[str]) -> LabelSet:
    """Make titles and cues for labels of which only the ids are known.

    Parameters
    ----------
    ids : sequence of str
        As in figures.

    Returns
    -------
    LabelSet
        Labels of ``classifier/labels.toml`` as they are there, others in grey.

    Raises
    ------
    ValueError
        If an id is not one of a label.

    Examples
    --------
    >>> [label.cue for label in make_labels(["monitoring", "money", "moneys"]).label]
    ['MON', 'MO', 'AA']
    """
    ours = load_labels(LABEL_FILE)
    known = {label.id: label for label in ours.label}
    taken = {known[id].cue for id in ids if id in known}
    made = []
    for id in ids:
        if id not in known:
            letters = "".join(letter for letter in id.upper() if letter in ascii_uppercase)
            guesses = (letters[:3], letters[:2], *map("".join, product(ascii_uppercase, repeat=2)))
            cue = next(one for one in guesses if len(one) > 1 and one not in taken)
            taken.add(cue)
        made.append(
            known.get(id)
            or Label(
                id=id,
                title=id.replace("_", " ").capitalize(),
                definition="Only an evaluation names this label.",
                colour=Colour(**GREY),
                cue=cue,
            )
        )
    return LabelSet(source=ours.source, label=tuple(made))


def _read_manifest(folder: Path) -> Manifest:
    """Read what a model says of itself."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST_FILE).read_bytes())
    except ValidationError as error:
        raise ValueError(f"{folder}: {MANIFEST_FILE} is not that of an Unheard model") from error


def _read_own(manifest: Manifest, faults: list[str]) -> OwnFigures | None:
    """Read the figures of training."""
    if not manifest.metrics:
        return None
    try:
        return OwnFigures.model_validate(manifest.metrics)
    except ValidationError:
        faults.append(f"the figures in {MANIFEST_FILE} cannot be read")
        return None


def _read_figures(folder: Path, manifest: Manifest | None) -> Figures:
    """Read the figures of an evaluation, and refuse those of another model."""
    path = folder / FIGURES_FILE
    try:
        figures = Figures.model_validate_json(path.read_bytes())
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise ValueError(
            f"{path}: not figures of unheard evaluate"
            + (f" ({place}: {fault['msg']})" if place else "")
        ) from error
    if manifest:
        from training.card import check_same

        try:
            check_same(_with_digests(manifest), figures.model_dump())
        except ValueError as error:
            raise ValueError(f"{path} is not shown: {error}") from error
    return figures


def _with_digests(manifest: Manifest) -> Mapping[str, Mapping]:
    """Give the digests by which figures are known, also where a manifest lacks them."""
    return {
        "sha256": {"weights.npz": manifest.sha256.get("weights.npz", "unknown")},
        "data": {"sha256": manifest.data.get("sha256", "unknown")},
    }


def _read_labels(folder: Path, figures: Figures | None) -> LabelSet:
    """Read the labels of a model, or make some for an evaluation."""
    if is_model(folder):
        return read_labels(folder)
    try:
        return make_labels(tuple(figures.labels) if figures else load_labels().ids)
    except ValidationError as error:
        raise ValueError(f"{folder / FIGURES_FILE}: names something that is no label") from error
