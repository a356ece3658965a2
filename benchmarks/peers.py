"""How well does Unheard find evidence beside other ways? All trained alike, in one run.

Run: ``python benchmarks/peers.py``. The last line is one JSON object. Every way (`rivals`) learns
from the same marked notes and sentences and is measured on whole notes of author groups that none
has seen. A share of the training part's author groups is held out first to choose settings and
thresholds; then each way learns from the whole training part. Apart from Unheard, which learns
contexts too, the ways know affirmed evidence only: a denied act is no evidence to them.

Each way has a process of its own, with one thread, so that seconds can be those of the processor
and not of the clock: other work on the machine matters little. They are those of the last
training; notes a second those of reading the held-out notes; memory is the process's highest.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from rivals import ANCHOR, RIVALS
from rivals.measuring import Draws, choose_thresholds, mean_average_precision, measure, truth_of
from rivals.parts import Parts, divide
from rivals.said import Said

from training.corpus import read_corpus
from training.measures import draw_weights, figure

HOLD = ("police_notes", "rc", "dr")
"""Author groups that are measured on."""

EPOCHS = 10
"""Most passes of spaCy's ways over the training part."""

SEED = 0
RESAMPLES = 1000

ROUNDS = 2
"""Times that the held-out notes are read; the faster counts, the first fills the memories."""

ENVIRONMENT = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "HF_HUB_OFFLINE": "1",
}
"""One thread, and no network."""

WRONG_INPUT = 2
"""Exit code where no way could be run with the options given."""

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- peers -->", "<!-- end of peers -->"

FIGURES = ("mean_average_precision", "macro_f1", "any_evidence_auc", "token_f1")
COSTS = ("train_seconds", "notes_per_second", "memory_mb")


def main() -> None:
    """Run every way, print a table and one JSON object."""
    options = read_options()
    if options.child:
        run_child(options)
        return
    # Little is in memory here, as a process starts with the highest of the one that starts it.
    said = {name: run(name, options) for name in options.only}
    result = compare(said, options)
    table = write_table(result)
    print(table)
    if options.readme:
        put_between_markers(README, table)
    print(json.dumps(result))


def read_options() -> argparse.Namespace:
    """Read the command line.

    Returns
    -------
    argparse.Namespace
        Checked by argparse.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hold", nargs="+", default=list(HOLD), metavar="GROUP")
    parser.add_argument("--share", type=float, default=1.0, help="of the training part")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="most, for spaCy's ways")
    parser.add_argument("--only", nargs="+", choices=RIVALS, default=list(RIVALS), metavar="NAME")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    parser.add_argument(
        "--encoder-python",
        default=sys.executable,
        metavar="PYTHON",
        help="runs minilm, if torch and the encoder are installed elsewhere",
    )
    parser.add_argument("--child", choices=RIVALS, help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not 0 < options.share <= 1:
        parser.error(f"--share must be above 0 and at most 1, got {options.share}")
    if options.epochs < 1:
        parser.error(f"--epochs must be 1 or more, got {options.epochs}")
    return options


def run(name: str, options: argparse.Namespace) -> dict[str, object]:
    """Run one way in a process of its own.

    Parameters
    ----------
    name : str
        In ``RIVALS``.
    options : argparse.Namespace
        From `read_options`.

    Returns
    -------
    dict
        As `run_child` writes it, or ``left_out`` with the reason.
    """
    python = options.encoder_python if name == "minilm" else sys.executable
    environment = os.environ | ENVIRONMENT
    if python != sys.executable:
        environment["PYTHONPATH"] = str(README.parent)
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder, "said.json")
        command = [python, __file__, "--child", name, "--into", str(into)]
        command += ["--share", str(options.share), "--epochs", str(options.epochs)]
        print(f"{name} …", file=sys.stderr, flush=True)
        code = subprocess.run(
            [*command, "--hold", *options.hold], env=environment, check=False
        ).returncode
        if code == WRONG_INPUT:
            sys.exit(WRONG_INPUT)
        if code:
            return {"left_out": f"failed with exit code {code}, see above"}
        return json.loads(into.read_text(encoding="utf-8"))


def run_child(options: argparse.Namespace) -> None:
    """Train and read with one way and write what it said.

    Parameters
    ----------
    options : argparse.Namespace
        With ``child`` and ``into``.
    """
    try:
        parts = divide(read_corpus(), options.hold, share=options.share, seed=SEED)
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(WRONG_INPUT)
    try:
        result = learn_and_read(options.child, parts, label_ids(), epochs=options.epochs)
    except (ModuleNotFoundError, NotImplementedError) as error:
        result = {"left_out": str(error)}
    options.into.write_text(json.dumps(result), encoding="utf-8")


def label_ids() -> list[str]:
    """Give the labels in their order.

    Returns
    -------
    list of str
        Ids.
    """
    from classifier.labels import load_labels

    return list(load_labels().ids)


def learn_and_read(
    name: str, parts: Parts, labels: Sequence[str], *, epochs: int
) -> dict[str, object]:
    """Choose setting and thresholds, train on the whole training part, read the held-out notes.

    Parameters
    ----------
    name : str
        In ``RIVALS``.
    parts : Parts
        From `divide`.
    labels : sequence of str
        Column order.
    epochs : int
        Most epochs, where epochs are the setting.

    Returns
    -------
    dict
        Ready for JSON: ``setting``, ``thresholds``, ``COSTS``, ``scores``, ``evidence``, ``spans``.
    """
    module, _, function = RIVALS[name].place.partition(":")
    train = getattr(importlib.import_module(module), function)
    settings = RIVALS[name].settings or tuple(range(1, epochs + 1))
    truth, nothing = truth_of(parts.choosing, labels), np.full(len(labels), np.inf)
    best = -1.0
    for tried, read in train(parts.fit, labels, settings):
        scores = read(parts.choosing, nothing).scores
        [value] = mean_average_precision(scores, truth, np.ones((1, len(truth))))
        print(f"  setting {tried:g}: {value:.3f} on the choosing share", file=sys.stderr)
        if value > best:
            best, setting, thresholds = value, tried, choose_thresholds(scores, truth)
    begun = time.process_time()
    [(_, read)] = train(parts.rest, labels, (setting,))
    trained = time.process_time() - begun
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        said = read(parts.held_out, thresholds)
        times.append(time.process_time() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spans = said.spans and [
        [(span.start, span.end, span.label, span.context) for span in found] for found in said.spans
    ]
    return {
        "setting": setting,
        "thresholds": [value if np.isfinite(value) else None for value in thresholds.tolist()],
        "train_seconds": round(trained, 2),
        "notes_per_second": round(len(parts.held_out) / min(times), 1),
        "memory_mb": round(memory),
        "scores": said.scores.tolist(),
        "evidence": said.evidence.tolist(),
        "spans": spans,
    }


def compare(
    said: Mapping[str, Mapping[str, object]], options: argparse.Namespace
) -> dict[str, object]:
    """Turn what the ways said into figures with intervals and ratios.

    Parameters
    ----------
    said : mapping
        For each name what `run` gave.
    options : argparse.Namespace
        From `read_options`.

    Returns
    -------
    dict
        ``rows``, ``left_out`` and how it was measured. No words of a note.
    """
    labels = label_ids()
    parts = divide(read_corpus(), options.hold, share=options.share, seed=SEED)
    weights = draw_weights(len(parts.held_out), RESAMPLES, seed=SEED)
    draws = {
        name: measure(
            to_said(one), parts.held_out, labels, to_thresholds(one["thresholds"]), weights
        )
        for name, one in said.items()
        if "left_out" not in one
    }
    rows = {
        name: {
            "title": RIVALS[name].title,
            "setting": said[name]["setting"],
            **{
                key: None if getattr(one, key) is None else figure(getattr(one, key))
                for key in FIGURES
            },
            **{key: said[name][key] for key in COSTS},
        }
        for name, one in draws.items()
    }
    for name, row in rows.items():
        if ANCHOR in rows:
            row[f"ratio_to_{ANCHOR}"] = ratios(draws[name], draws[ANCHOR]) | {
                key: round(row[key] / rows[ANCHOR][key], 3) for key in COSTS
            }
    return {
        "hold": options.hold,
        "notes": len(parts.held_out),
        "with_evidence": int(truth_of(parts.held_out, labels).any(axis=1).sum()),
        "trained_on": len(parts.rest),
        "chosen_on": {
            "groups": sorted({str(note.meta["group"]) for note in parts.choosing}),
            "notes": len(parts.choosing),
        },
        "share": options.share,
        "seed": SEED,
        "resamples": RESAMPLES,
        "rows": rows,
        "left_out": {name: one["left_out"] for name, one in said.items() if "left_out" in one},
    }


def to_said(one: Mapping[str, object]) -> Said:
    """Read back what a way said.

    Parameters
    ----------
    one : mapping
        From `learn_and_read`.

    Returns
    -------
    Said
        Its spans have start, end, label and context.
    """
    names = ("start", "end", "label", "context")
    spans = one["spans"] and [
        [SimpleNamespace(**dict(zip(names, span, strict=True))) for span in found]
        for found in one["spans"]
    ]
    return Said(np.array(one["scores"], dtype=float), np.array(one["evidence"], dtype=float), spans)


def to_thresholds(values: Sequence[float | None]) -> np.ndarray:
    """Read thresholds back.

    Parameters
    ----------
    values : sequence of float or None
        None where nothing is shown.

    Returns
    -------
    ndarray
        Infinite where nothing is shown.
    """
    return np.array([np.inf if value is None else value for value in values])


def ratios(one: Draws, anchor: Draws) -> dict[str, object]:
    """Divide figures draw by draw, so that both are of the same notes.

    Parameters
    ----------
    one, anchor : Draws
        From the same weights.

    Returns
    -------
    dict
        A figure each for those of ``FIGURES`` that both have.
    """
    pairs = {key: (getattr(one, key), getattr(anchor, key)) for key in FIGURES}
    return {
        key: figure(above / below)
        for key, (above, below) in pairs.items()
        if above is not None and below is not None
    }


def write_table(result: Mapping[str, object]) -> str:
    """Write the table in Markdown.

    Parameters
    ----------
    result : mapping
        From `compare`.

    Returns
    -------
    str
        Table and a sentence on how it was measured.
    """
    lines = [
        "| way | mAP (95 % interval) | macro F1 | any-evidence AUC | token F1 | training, s "
        "| notes/s | memory, MB |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in result["rows"].values():
        ap = row["mean_average_precision"]
        interval = " to ".join(f"{edge:.3f}" for edge in ap["interval"])
        values = [f"{row[key]['value']:.3f}" if row[key] else "–" for key in FIGURES[1:]]
        costs = [f"{row[key]:,.0f}" for key in COSTS]
        cells = [row["title"], f"{ap['value']:.3f} ({interval})", *values, *costs]
        lines.append("| " + " | ".join(cells) + " |")
    share = (
        ""
        if result["share"] == 1
        else f" A share of {result['share']:g} of the training part was used."
    )
    lines += [
        "",
        f"Over {result['notes']:,} whole notes of the author groups {', '.join(result['hold'])}; "
        f"{result['trained_on']:,} notes and sentences of the others trained.{share} Seconds are "
        "of one processor core; the interval is a bootstrap over notes. Ways that only score "
        "sentences have no token F1.",
    ]
    for name, reason in result["left_out"].items():
        lines.append(f"Left out: {RIVALS[name].title} ({reason}).")
    return "\n".join(lines)


def put_between_markers(path: Path, table: str) -> None:
    """Put the table between its markers in a file.

    Parameters
    ----------
    path : Path
        Markdown with both markers.
    table : str
        From `write_table`.

    Raises
    ------
    ValueError
        If a marker is missing.
    """
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path.name} lacks the marker {BEGIN} or {END}")
    path.write_text(f"{before}{begin}\n\n{table}\n\n{end}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
