"""Functional cases: short notes, each asking one thing of a model, in the manner of HateCheck.

Where `training.measures` says how often a model is right, this says what it is right about.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from classifier.evidence import find_all
from classifier.findings import Finding
from classifier.labels import LabelSet, load_labels
from classifier.model import Model
from classifier.note import Note, overlaps
from training.inline import read_inline
from training.measures import plain

CASES = Path(__file__).parents[1] / "tests" / "functional" / "cases"
"""The project's own cases. They come with a checkout; the wheel holds no ``tests``."""

ANY = "any"
"""In place of labels: no affirmed finding of whatever label."""

HEADINGS = frozenset({"pair", "absent"})
"""What may stand above a case beside its id."""

_OF_NOTES = frozenset({"group", "unit"})
"""What every inline note carries without a heading."""


class Functionality(BaseModel):
    """One thing that cases ask of a model.

    Parameters
    ----------
    title : str
        For people.
    rule : str
        The rule of the annotation guide that decides what is expected.
    expect : {"evidence", "none"}
        Whether the cases hold evidence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    rule: str = Field(min_length=1)
    expect: Literal["evidence", "none"]


@dataclass(frozen=True)
class Case:
    """A short note and what a model should say of it.

    Parameters
    ----------
    note : Note
        Its marks are the phrases to be found. Marks of one extent are one phrase with several
        labels, of which one is enough.
    functionality : str
        Name of a functionality.
    absent : frozenset of str
        Labels of which no affirmed finding may be anywhere in the note; ``ANY`` stands for all.
    pair : str
        Cases that share it differ in little but in what is expected; empty for most.
    """

    note: Note
    functionality: str
    absent: frozenset[str] = frozenset()
    pair: str = ""


def read_functionalities(folder: str | Path = CASES) -> dict[str, Functionality]:
    """Read what the cases of a folder ask.

    Parameters
    ----------
    folder : path-like
        With a file ``functionalities.toml``.

    Returns
    -------
    dict of str to Functionality
        In file order; each has its cases in the file ``<name>.txt``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not in the form.
    """
    path = Path(folder) / "functionalities.toml"
    if not path.is_file():
        raise FileNotFoundError(
            f"no functional cases at {folder}; they come with a checkout of the repository, "
            "not with the installed package"
        )
    try:
        return TypeAdapter(dict[str, Functionality]).validate_python(
            tomllib.loads(path.read_text(encoding="utf-8"))
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a TOML file: {error}") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ValueError(f"{path.name}: {faults}") from error


def read_cases(folder: str | Path = CASES, labels: LabelSet | None = None) -> list[Case]:
    """Read functional cases.

    Parameters
    ----------
    folder : path-like
        With ``functionalities.toml`` and a file ``<name>.txt`` for each functionality.
    labels : LabelSet, optional
        The labels that cases may name; by default those that come with Unheard.

    Returns
    -------
    list of Case
        In the order of functionalities, then as they stand in their files.

    Raises
    ------
    FileNotFoundError
        If there are no cases at `folder`.
    ValueError
        If a file is without its functionality or the other way round, if an id is used twice,
        if a case does not hold what its functionality says, names an unknown label or heading,
        or is the only one of its pair. The message names file and case.
    """
    labels = labels or load_labels()
    functionalities = read_functionalities(folder)
    names = {path.stem for path in Path(folder).glob("*.txt")}
    if odd := sorted(names ^ set(functionalities)):
        raise ValueError(
            f"functionalities.toml and the files of cases do not agree on: {', '.join(odd)}"
        )
    cases = [
        _make_case(note, name, functionality, labels)
        for name, functionality in functionalities.items()
        for note in read_inline(Path(folder) / f"{name}.txt", group=name)
    ]
    for what, counts, wrong in (
        ("id used twice", Counter(case.note.id for case in cases), lambda n: n > 1),
        ("pair of one", Counter(case.pair for case in cases if case.pair), lambda n: n < 2),
    ):
        if odd := sorted(key for key, n in counts.items() if wrong(n)):
            raise ValueError(f"functional cases: {what}: {', '.join(odd)}")
    return cases


def _make_case(note: Note, name: str, functionality: Functionality, labels: LabelSet) -> Case:
    """Check a note and make a case of it."""

    def refuse(fault: str) -> ValueError:
        return ValueError(f"{name}.txt, case {note.id!r}: {fault}")

    headings = {key: str(value) for key, value in note.meta.items() if key not in _OF_NOTES}
    if unknown := sorted(set(headings) - HEADINGS):
        raise refuse(
            f"no heading {', '.join(unknown)}; there are id, {', '.join(sorted(HEADINGS))}"
        )
    if any(mark.context != "affirmed" for mark in note.marks):
        raise refuse("marks are what is to be found; for what is not, use the heading absent")
    if bool(note.marks) != (functionality.expect == "evidence"):
        raise refuse(f"functionalities.toml expects {functionality.expect}")
    absent = set(headings.get("absent", "" if note.marks else ANY).split("+")) - {""}
    marked = {mark.label for mark in note.marks}
    if absent & marked or (marked and ANY in absent):
        raise refuse("a label is both to be found and to be absent")
    for label in sorted(marked | (absent - {ANY})):
        try:
            labels[label]
        except KeyError as error:
            raise refuse(error.args[0]) from error
    return Case(note, name, frozenset(absent), headings.get("pair", ""))


def is_passed(case: Case, findings: Iterable[Finding]) -> bool:
    """Tell whether findings are what a case expects.

    Every phrase of the case must share words with an affirmed finding under one of the phrase's
    labels, and no affirmed finding may have a label that is to be absent. What else is found
    does not matter, and nothing is passed in part.

    Parameters
    ----------
    case : Case
        Any case.
    findings : iterable of Finding
        All that a model says of the case's note.

    Returns
    -------
    bool
        True if the case is passed.
    """
    affirmed = [finding for finding in findings if finding.context == "affirmed"]
    phrases = groupby(case.note.marks, key=lambda mark: (mark.start, mark.end))
    return all(
        any(
            finding.label == mark.label and overlaps(finding, mark)
            for mark in marks
            for finding in affirmed
        )
        for _, marks in phrases
    ) and not any(finding.label in case.absent or ANY in case.absent for finding in affirmed)


def measure_functional(model: Model, cases: Sequence[Case] | None = None) -> dict[str, object]:
    """Count the functional cases that a model passes.

    Parameters
    ----------
    model : Model
        From `classifier.model_file.load_model`. Cases with labels that it does not know are
        left out.
    cases : sequence of Case, optional
        By default those that come with a checkout.

    Returns
    -------
    dict
        ``passed``, ``cases`` and ``share`` (None without cases), the same counts in
        ``by_functionality``, the ids of the ``failed``, and how many cases were ``left_out``.

    Raises
    ------
    FileNotFoundError
        If no cases are given and none came with this installation; the message says so.
    """
    cases = read_cases() if cases is None else cases
    known = {*model.label_set.ids, ANY}
    asked = [
        case for case in cases if {m.label for m in case.note.marks} | set(case.absent) <= known
    ]
    found = find_all((case.note for case in asked), model)
    passed = [
        is_passed(case, evidence.findings) for case, evidence in zip(asked, found, strict=True)
    ]
    by_functionality: dict[str, dict[str, int]] = {}
    for case, is_right in zip(asked, passed, strict=True):
        counts = by_functionality.setdefault(case.functionality, {"passed": 0, "cases": 0})
        counts["passed"] += is_right
        counts["cases"] += 1
    return {
        "passed": sum(passed),
        "cases": len(asked),
        "share": plain(sum(passed) / len(asked)) if asked else None,
        "by_functionality": by_functionality,
        "failed": [
            case.note.id for case, is_right in zip(asked, passed, strict=True) if not is_right
        ],
        "left_out": len(cases) - len(asked),
    }
