"""Write the model card: what a model is for, what it was made from, and how well it does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from classifier.labels import LabelSet
from classifier.model import Model
from classifier.model_file import CARD_FILE, load_model
from classifier.wording import WHAT_IT_DOES_NOT_DO
from training.corpus import read_corpus
from training.failures import add_words
from training.report import FAILURE_WORDS, MEASURE_WORDS, SUMMARY_WORDS
from training.train import describe_data

INTENDED_USE = (
    "Highlighting phrases in exported call notes that may indicate non-physical abuse, so that "
    "a trained reviewer looks at them; putting notes in an order for reading; training people "
    "to hear such phrases. Users: reviewers and trainers in police forces and helplines, "
    "researchers."
)

NOT_FOR = (
    "Deciding anything: whether abuse took place, whom to believe, what grade a call gets, whether "
    "a note is closed. That nothing is highlighted does not mean that nothing happened.",
    "Scoring or ranking people. The number that orders notes is about the wording of a note.",
    "Evidence in a case, in court or in a decision about a person.",
    "Judging call takers by their notes.",
    "Counting how common any behaviour is.",
    "Working without a trained person who reads the note.",
    "Languages other than English, and settings other than British police and helpline notes.",
)

HOW = (
    "spaCy's blank English splits a note into words, rules of our own into sentences and phrases. "
    "Words for *he* and *she*, for partners and for kin, and people's names become classes.",
    "scikit-learn's logistic regressions score every sentence and every phrase for each label, and "
    "each phrase's context (affirmed, negated, hypothetical, other).",
    "Unless it was trained with `--fast`, a sentence encoder (MiniLM, adapted to the synthetic "
    "corpus) reads sentences that the words do not find plainly routine, and further logistic "
    "regressions weigh both.",
    "Author groups were held out in turn; what the others teach about them gives the calibration "
    "of scores and one threshold a label. Encoders adapted without these groups stand in for the "
    "one that has read them. The model then learnt from all notes.",
)

CAVEATS = (
    "Expect worse figures on real notes, and many more false highlights where evidence is rare.",
    "Read notes without a highlight too: keep a random sample of them in the queue.",
    "Before use, measure it on your own marked notes: `unheard evaluate --data yours.jsonl`.",
    "Highlights can anchor a reader. Let people mark some notes before they see any.",
    "Harm of both kinds is likely: evidence that stays unread because nothing is highlighted, and "
    "innocent words that draw a look. Both are in the tables above.",
)

PLACES = 3


def write_card(
    folder: str | Path,
    *,
    figures: Mapping[str, object] | None = None,
    with_words: bool = False,
) -> str:
    """Write the card of a model (after Mitchell et al. [1]_) from its manifest and its figures.

    Parameters
    ----------
    folder : path-like
        Of the model.
    figures : mapping, optional
        From `training.evaluate`, of this model or of cross-validation on its training data. Without
        them the card has the figures of the manifest only.
    with_words : bool
        Whether examples of failures show the words, for invented notes of the synthetic corpus
        only. Words of other notes never stand in a card.

    Returns
    -------
    str
        Markdown. The same model and figures give the same card.

    Raises
    ------
    ValueError
        If the figures are not about this model or its training data.

    References
    ----------
    .. [1] M. Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
    """
    folder = Path(folder)
    model = load_model(folder)
    if figures:
        check_same(model.manifest, figures)
    corpus = read_corpus()
    is_synthetic = describe_data(corpus)["sha256"] == model.manifest["data"].get("sha256")
    parts = chain(
        _details(folder, model, is_synthetic),
        _uses(),
        _data(model.manifest["data"], is_synthetic),
        _figures(figures, model.label_set) if figures else _own_figures(model.manifest["metrics"]),
        _failures(figures["failures"], corpus, with_words) if figures else (),
        _ending(figures),
        _digests(folder, model.manifest),
    )
    return "\n".join(parts).rstrip() + "\n"


def check_same(manifest: Mapping, figures: Mapping) -> None:
    """Refuse figures of another model or of other data.

    Parameters
    ----------
    manifest : mapping
        Of the model.
    figures : mapping
        From `training.evaluate`.

    Raises
    ------
    ValueError
        If the figures are neither about this model nor about its training data.
    """
    about = figures.get("about") or {}
    if about.get("way") == "model" and about.get("model") != manifest["sha256"]["weights.npz"]:
        raise ValueError(
            "the figures are of another model (the digest of its weights differs); "
            "measure this one with: unheard evaluate --model FOLDER --data FILE"
        )
    if about.get("way") == "cross-validation" and about.get("data") != manifest["data"]["sha256"]:
        raise ValueError(
            "the figures are of cross-validation on other notes than the model learnt from; "
            "run: unheard evaluate --cross-validate on the same --data"
        )
    if about.get("way") not in {"model", "cross-validation"}:
        raise ValueError(
            "these are not figures of an evaluation; give the evaluation.json that "
            "unheard evaluate writes"
        )


def _details(folder: Path, model: Model, is_synthetic: bool) -> Iterator[str]:
    """Say what the model is, how it was made and under which licence."""
    manifest = model.manifest
    yield "# Model card\n"
    yield "Written by `unheard card` from the model's manifest and measured figures; do not edit.\n"
    yield f"**{WHAT_IT_DOES_NOT_DO}**\n"
    yield "## Model details\n"
    yield from (f"- {line}" for line in HOW)
    yield f"- It has {len(model.label_set.ids)} labels; the thresholds are in the table of labels."
    yield f"- Seed {manifest['seed']}; the same notes and versions give the same model."
    kept = len(model.examples)
    yield (
        f"- It carries {kept} marked phrases of its training notes, to show beside findings."
        if kept
        else "- It carries no words of its training notes beyond a vocabulary of single words."
    )
    if is_synthetic:
        yield (
            "- Licence: Apache-2.0, like the project. Its word vectors are derived from "
            "all-MiniLM-L6-v2 (Apache-2.0), see `classifier/vectors/NOTICE.md`."
        )
    else:
        yield (
            "- Licence: set by whoever trained it; the notes it learnt from may bind. Its word "
            "vectors are derived from all-MiniLM-L6-v2 (Apache-2.0)."
        )
    yield ""


def _uses() -> Iterator[str]:
    """Say what it is for and what not."""
    yield "## Intended use\n"
    yield f"{INTENDED_USE}\n"
    yield "## Not for\n"
    yield from (f"- {line}" for line in NOT_FOR)
    yield ""


def _data(data: Mapping, is_synthetic: bool) -> Iterator[str]:
    """Say what it learnt from."""
    yield "## Training data\n"
    groups = data.get("groups")
    n_groups = len(groups) if isinstance(groups, Mapping) else groups
    yield (
        f"{data.get('notes', '?')} whole notes and {data.get('sentences', '?')} single sentences "
        f"of {n_groups} author groups, with {data.get('marks', '?')} marked phrases. "
        f"Digest `{data.get('sha256')}`.\n"
    )
    if is_synthetic:
        yield (
            "This is the synthetic corpus of Unheard: **every note is invented**. Its data card, "
            "`data/synthetic/README.md`, says who wrote it and where it is weak.\n"
        )
    else:
        yield "These are not, or not only, the synthetic notes that come with Unheard.\n"


def _own_figures(metrics: Mapping) -> Iterator[str]:
    """Show what the manifest knows, where nothing else was measured."""
    yield "## Figures\n"
    if not metrics:
        yield "Not measured.\n"
        return
    yield f"On {metrics['notes']} {metrics['measured_on']}; so the F1 flatters a little.\n"
    rows = [
        (SUMMARY_WORDS.get(name, name), _text(metrics[name]), f"{low} to {high}")
        for name, (low, high) in metrics["intervals_95"].items()
    ]
    yield _table(("figure", "value", "95 % interval"), rows)
    names = ("notes", "average_precision", "precision", "recall", "f1")
    rows = [(label, *(_text(row[n]) for n in names)) for label, row in metrics["labels"].items()]
    yield _table(("label", *(name.replace("_", " ") for name in names)), rows)


def _figures(figures: Mapping, label_set: LabelSet) -> Iterator[str]:
    """Show measured figures with their intervals."""
    about = figures["about"]
    yield "## Figures\n"
    yield (
        f"Measured on {about['measured_on']}: {about['notes']} notes of {about['groups']} author "
        f"groups, {about['with_evidence']} of them with affirmed evidence. In brackets: 95 % of "
        f"{about['resamples']} bootstrap draws of notes.\n"
    )
    rows = [(SUMMARY_WORDS[name], _text(value)) for name, value in figures["summary"].items()]
    yield _table(("figure", "value"), rows)
    yield from _queue_figures(figures)
    yield from _label_figures(figures, label_set)
    yield from _phrase_figures(figures)
    yield from _look_alikes(figures["look_alikes"])
    yield from _invariance(figures)


def _queue_figures(figures: Mapping) -> Iterator[str]:
    """Show what a reader in the tool's order meets, here and where evidence is rare."""
    sides = [
        figures["any_evidence"],
        *([figures["at_prevalence"]] if figures["at_prevalence"] else []),
    ]
    names = ["in these notes"]
    if figures["at_prevalence"]:
        names.append(f"if {100 * figures['at_prevalence']['prevalence']:g} % hold evidence")
    rows = [
        (
            f"precision among the first {100 * budget['share_read']:g} % read",
            *(_text(side["precision_at"][row]) for side in sides),
        )
        for row, budget in enumerate(sides[0]["precision_at"])
    ]
    recall = 100 * sides[0]["share_to_read"]["recall"]
    rows.append(
        (
            f"share to read to meet {recall:g} % of notes with evidence",
            *(_text(side["share_to_read"]) for side in sides),
        )
    )
    for name in ("precision", "recall"):
        rows.append((f"{name} of highlighted notes", *(_text(side[name]) for side in sides)))
    yield "### Reading in order\n"
    yield _table(("", *names), rows)


def _label_figures(figures: Mapping, label_set: LabelSet) -> Iterator[str]:
    """Show the figures of each label."""
    rare = figures["at_prevalence"].get("labels")
    rows = []
    for label, row in figures["labels"].items():
        thresholds = ", ".join(f"{value:g}" for value in figures["about"]["thresholds"][label])
        cells = [_text(row[name]) for name in ("average_precision", "precision", "recall", "f1")]
        cells.append(_text(rare[label]["precision"]) if rare else "–")
        rows.append((label_set[label].title, row["notes"], *cells, thresholds))
    yield "### By label, note by note\n"
    columns = ("label", "notes", "average precision", "precision", "recall", "F1")
    yield _table((*columns, "precision at 1 %", "thresholds"), rows)


def _phrase_figures(figures: Mapping) -> Iterator[str]:
    """Show how well highlights cover marked words, calibration and faithfulness."""
    rows = [
        (words, *(_text(figures["phrases"]["any_evidence"][measure][n]) for n in ORDER))
        for measure, words in MEASURE_WORDS.items()
    ]
    yield "### Phrases, evidence of any kind\n"
    yield _table(("agreeing in", *ORDER), rows)
    calibration, faithfulness = figures["calibration"], figures["faithfulness"]
    yield (
        "Expected calibration error of phrases that may be shown: "
        f"{_text(calibration['may_be_shown']['ece'])}; of all phrases: "
        f"{_text(calibration['all_phrases']['ece'])}.\n"
    )
    if faithfulness["pairs"]:
        yield (
            "Faithfulness of highlights (ERASER, DeYoung et al. 2020): comprehensiveness "
            f"{_text(faithfulness['comprehensiveness'])} (random words: "
            f"{_text(faithfulness['comprehensiveness_of_random_words'])}), sufficiency "
            f"{_text(faithfulness['sufficiency'])} (random words: "
            f"{_text(faithfulness['sufficiency_of_random_words'])}).\n"
        )


ORDER = ("precision", "recall", "f1")


def _look_alikes(kinds: Mapping) -> Iterator[str]:
    """Show how notes without evidence fare."""
    names = ("notes", "without_finding", "findings_per_note", "precision")
    rows = [(kind, *(_text(row[name]) for name in names)) for kind, row in kinds.items()]
    yield "### Look-alikes: notes without evidence\n"
    yield (
        "Precision: the share with evidence among highlighted notes, if there were as many notes "
        "of this kind as notes with evidence.\n"
    )
    yield _table(("kind", "notes", "nothing highlighted", "findings a note", "precision"), rows)


def _invariance(figures: Mapping) -> Iterator[str]:
    """Show what changes with what should not matter, and the functional suite."""
    yield "### Invariance: notes that keep their labels\n"
    if figures["invariance"]:
        names = ("notes", "same_labels", "notes_with_findings", "same_labels_with_findings")
        rows = [
            (change, *(_text(row[name]) for name in names))
            for change, row in figures["invariance"].items()
        ]
        columns = (
            "what is changed",
            "notes",
            "keep all labels",
            "with findings",
            "keep all labels",
        )
        yield _table(columns, rows)
    else:
        yield "Not measured.\n"
    suite = figures["functional"]
    yield "### Functional suite\n"
    if suite["run"]:
        yield f"{suite['passed']} of {suite['cases']} cases pass ({_text(suite['share'])}).\n"
        rows = [
            (name.replace("_", " "), row["passed"], row["cases"])
            for name, row in suite["by_functionality"].items()
        ]
        yield _table(("functionality", "passed", "cases"), rows)
    else:
        yield f"No figures: {suite['why']}.\n"


def _failures(failures: Mapping, corpus: Iterable, with_words: bool) -> Iterator[str]:
    """List where findings and marks differ most clearly."""
    if with_words:
        failures = add_words(failures, corpus)
    yield "## Failure examples\n"
    yield "The clearest of each label, by number of the note and characters of its text.\n"
    for kind, words in FAILURE_WORDS.items():
        rows = [
            (
                row["label"],
                f"{row['note']} {row['start']}–{row['end']}",
                _text(row["score"]),
                *([_one_line(row.get("words", "–"))] if with_words else []),
            )
            for row in failures[kind]
        ]
        yield f"{words}:\n"
        yield _table(
            ("label", "where", "score", *(["words (invented)"] if with_words else [])), rows
        )


def _one_line(words: str) -> str:
    """Keep words inside a cell of a table."""
    return " ".join(words.split()).replace("|", "/")


def _ending(figures: Mapping | None) -> Iterator[str]:
    """Say what the figures do not show and what to mind."""
    yield "## Limits\n"
    yield from (f"- {line}" for line in (*(figures["limits"] if figures else ()), *CAVEATS))
    yield ""


def _digests(folder: Path, manifest: Mapping) -> Iterator[str]:
    """Give versions and digests."""
    yield "## Versions and digests\n"
    yield _table(("made with", "version"), list(manifest["versions"].items()))
    digests = {**manifest["sha256"]}
    own = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    digests["manifest.json"] = own
    yield _table(("part", "SHA-256"), [(name, f"`{value}`") for name, value in digests.items()])


def _text(value: object) -> str:
    """Write a figure, with its interval if it has one."""
    if isinstance(value, Mapping):
        interval = value["interval"]
        between = f" [{interval[0]:.{PLACES}f}, {interval[1]:.{PLACES}f}]" if interval else ""
        return f"{_text(value['value'])}{between}"
    if value is None:
        return "–"
    return f"{value:.{PLACES}f}" if isinstance(value, float) else str(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def save_card(
    folder: str | Path,
    *,
    figures: str | Path | None = None,
    out: str | Path | None = None,
    with_words: bool = False,
) -> Path:
    """Write the card of a model to a file.

    Parameters
    ----------
    folder : path-like
        Of the model.
    figures : path-like, optional
        The ``evaluation.json`` of an evaluation.
    out : path-like, optional
        By default ``MODEL_CARD.md`` in the folder.
    with_words : bool
        As `write_card` takes it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        As `write_card`, or if the figures are not JSON.
    """
    read = None
    if figures:
        try:
            read = json.loads(Path(figures).read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ValueError(
                f"{figures}: not a JSON file; give the evaluation.json that unheard evaluate writes"
            ) from error
    card = write_card(folder, figures=read, with_words=with_words)
    path = Path(out) if out else Path(folder) / CARD_FILE
    path.write_text(card, encoding="utf-8", newline="\n")
    return path
