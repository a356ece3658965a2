"""Say what more authors would bring: train on growing shares, test on the same other authors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import ceil
from pathlib import Path

import numpy as np

from classifier.labels import LabelSet
from classifier.note import Note
from training.evaluate import LIMITS, RESAMPLES, evaluate, tell_part
from training.page import draw_chart, draw_table, open_page, percent, safe
from training.report import SUMMARY_WORDS
from training.train import split_by_author, train

SHARES = (0.1, 0.25, 0.5, 1.0)
"""Of the author groups that train; each holds the ones before it."""

FEWEST_TRAINING = 2
"""Groups of whole notes that training needs, to hold one of them out."""


def learning_curve(
    notes: Sequence[Note],
    label_set: LabelSet,
    *,
    shares: Sequence[float] = SHARES,
    seed: int = 0,
    resamples: int = RESAMPLES,
    tell: Callable[[str], None] = lambda stage: None,
) -> dict[str, object]:
    """Train on nested shares of author groups and test each model on the same held-out groups.

    Parameters
    ----------
    notes : sequence of Note
        Whole notes and single sentences, as `training.train.train` takes them.
    label_set : LabelSet
        The labels to learn.
    shares : sequence of float
        In (0, 1]; of the groups with whole notes and of those with sentences only, each rounded
        up.
    seed : int
        For the order in which groups are taken in, and for training.
    resamples : int
        Bootstrap samples of the test notes.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    dict
        ``about``, ``limits`` and ``points``: for each share the counts of what trained and the
        ``summary`` of `training.evaluate.measure_outcomes`.

    Raises
    ------
    ValueError
        If a share is not in (0, 1], or there are fewer than three groups of whole notes.
    """
    for share in shares:
        if not 0 < share <= 1:
            raise ValueError(f"a share must be above 0 and at most 1, got {share:g}")
    training, testing = split_by_author(notes)[0]
    test = [notes[row] for row in testing]
    ordered = _order_groups([notes[row] for row in training], seed)
    if len(ordered["note"]) < FEWEST_TRAINING:
        raise ValueError(
            f"a learning curve needs whole notes of three or more author groups, found "
            f"{len(ordered['note']) + len(_groups(test))}; give more groups with --data"
        )
    points = []
    for number, share in enumerate(sorted(set(shares)), start=1):
        taken = _take_groups(ordered, share)
        part = [notes[row] for row in training if _group(notes[row]) in taken]
        tell_stage = partial(tell_part, tell, f"part {number} of {len(set(shares))}")
        model = train(part, label_set, seed=seed, keep_examples=False, tell=tell_stage)
        measured = evaluate(
            model, test, seed=seed, resamples=resamples, probe=False, tell=tell_stage
        )
        data = model.manifest["data"]
        counts = {name: data[name] for name in ("notes", "sentences", "marks")}
        summary = measured.figures["summary"]
        points.append({"share": share, "groups": sorted(taken), **counts, "summary": summary})
    return {
        "about": {
            "test_notes": len(test),
            "test_groups": sorted(_groups(test)),
            "seed": seed,
            "resamples": resamples,
        },
        "limits": [
            "Words alone: the sentence encoder has read the whole corpus and is left out here.",
            "One split of authors: other authors held out, or taken in another order, would give "
            "another curve.",
            *LIMITS,
        ],
        "points": points,
    }


def _group(note: Note) -> str:
    """Give the author group of a note; one without stands alone."""
    return str(note.meta.get("group", note.id))


def _groups(notes: Sequence[Note]) -> set[str]:
    """Give the author groups of notes."""
    return {_group(note) for note in notes}


def _order_groups(notes: Sequence[Note], seed: int) -> dict[str, list[str]]:
    """Put the groups with whole notes, and those without, each in an order by chance."""
    whole = {_group(note) for note in notes if note.meta.get("unit", "note") == "note"}
    generator = np.random.default_rng(seed)
    return {
        "note": generator.permutation(sorted(whole)).tolist(),
        "sentence": generator.permutation(sorted(_groups(notes) - whole)).tolist(),
    }


def _take_groups(ordered: Mapping[str, Sequence[str]], share: float) -> set[str]:
    """Take a share of either kind of group, from the front."""
    fewest = {"note": FEWEST_TRAINING, "sentence": 0}
    return {
        group
        for unit, groups in ordered.items()
        for group in groups[: max(fewest[unit], ceil(share * len(groups)))]
    }


def write_learning_curve(curve: Mapping[str, object], path: str | Path) -> None:
    """Draw a learning curve as one HTML page.

    Parameters
    ----------
    curve : mapping
        From `learning_curve`.
    path : path-like
        The file to write.
    """
    Path(path).write_text("\n".join(_page(curve)) + "\n", encoding="utf-8", newline="\n")


def _page(curve: Mapping) -> Iterator[str]:
    """Write the page line by line."""
    about, points = curve["about"], curve["points"]
    yield from open_page("What more authors bring")
    yield "<header><h1>What more authors bring</h1>"
    yield f"<p>Trained on growing shares of author groups, tested on {about['test_notes']} notes "
    yield f"of {len(about['test_groups'])} other groups. Seed {about['seed']}.</p>"
    yield '<section class="limits" aria-labelledby="limits">'
    yield '<h2 id="limits">What the figures do not show</h2><ul>'
    yield from (f"<li>{safe(limit)}</li>" for limit in curve["limits"])
    yield "</ul></section></header><main><h2>Figures by share of the training groups</h2>"
    names = list(points[0]["summary"])
    yield '<div class="charts">'
    for name in names:
        line = [[point["share"], point["summary"][name]["value"]] for point in points]
        yield draw_chart(SUMMARY_WORDS[name], "share of groups", "figure", [line])
    yield "</div>"
    rows = [
        (
            percent(point["share"]),
            len(point["groups"]),
            *(point[name] for name in ("notes", "sentences", "marks")),
            *(point["summary"][name] for name in names),
        )
        for point in points
    ]
    columns = ["share", "groups", "notes", "sentences", "marks"]
    yield draw_table("Points of the curves", [*columns, *map(SUMMARY_WORDS.get, names)], rows)
    yield "</main></body></html>"
