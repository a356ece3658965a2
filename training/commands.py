"""The researcher's commands: train, evaluate, card, compare, learning-curve and suggest.

They read options and files, call the module of their name and write what it gives. ``cli.py``
puts them beside its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from classifier.labels import LABEL_FILE, load_labels
from classifier.model_file import DEFAULT_MODEL, load_model, save_model
from classifier.note import Note
from training.progress import screen, show_stages

DataOption = Annotated[
    list[Path] | None, typer.Option(help="Marked notes (.jsonl or a corpus folder); repeat.")
]
LabelsOption = Annotated[Path, typer.Option(help="Your own label file.", show_default="ours")]
ModelOption = Annotated[Path, typer.Option(help="Folder of a trained model.", show_default="ours")]
FastOption = Annotated[bool, typer.Option("--fast", help="Words alone, no sentence encoder.")]
SeedOption = Annotated[int, typer.Option(help="The same seed gives the same output.")]
ResamplesOption = Annotated[int, typer.Option(help="Bootstrap samples behind intervals.")]


def train(
    data: DataOption = None,
    base: Annotated[
        bool, typer.Option("--base/--no-base", help="Train on the synthetic corpus as well.")
    ] = True,
    labels: LabelsOption = LABEL_FILE,
    out: Annotated[Path, typer.Option(help="Folder for the model.")] = Path("models/mine"),
    fast: FastOption = False,
    seed: SeedOption = 0,
    examples: Annotated[
        bool, typer.Option("--examples/--no-examples", help="Keep marked phrases in the model.")
    ] = True,
) -> None:
    """Train a model on marked notes; the synthetic corpus takes some minutes."""
    from training.corpus import SYNTHETIC, read_corpus
    from training.held_out import unseen_reader
    from training.train import train as train_model

    paths = [*([SYNTHETIC] if base else []), *(data or [])]
    if not paths:
        raise ValueError("no data to train on; give --data, or leave out --no-base")
    notes = read_corpus(*paths)
    screen.print(f"{len(notes)} marked notes and sentences from {', '.join(map(str, paths))}")
    with show_stages() as tell:
        model = train_model(
            notes,
            load_labels(labels),
            reader=None if fast else unseen_reader(),
            seed=seed,
            keep_examples=examples,
            tell=tell,
        )
    save_model(model, out)
    metrics = model.manifest["metrics"]
    screen.print(f"On {metrics['notes']} notes of author groups held out in turn:")
    for name, (low, high) in metrics["intervals_95"].items():
        screen.print(f"  {name.replace('_', ' ')} {metrics[name]} (95 % interval {low} to {high})")
    screen.print(f"model in {out}; use it with: unheard find INPUT --model {out}")


def evaluate(
    data: DataOption = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of a trained model.", show_default="ours")
    ] = None,
    cross_validate: Annotated[
        bool,
        typer.Option(
            "--cross-validate",
            help="Train without each part of the author groups in turn, and measure on it; "
            "without --data on the synthetic corpus. Takes as long as several trainings.",
        ),
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for figures, page, card and findings.")] = Path(
        "evaluation"
    ),
    labels: LabelsOption = LABEL_FILE,
    seen: Annotated[
        bool, typer.Option("--seen", help="Measure also on notes the model has learnt from.")
    ] = False,
    probe: Annotated[
        bool,
        typer.Option("--probe/--no-probe", help="Change notes to measure what should not matter."),
    ] = True,
    fast: FastOption = False,
    seed: SeedOption = 0,
    resamples: ResamplesOption = 1000,
) -> None:
    """Measure a model on marked notes that it has not seen, or training itself."""
    from training import evaluate as measuring
    from training.corpus import SYNTHETIC, read_corpus
    from training.held_out import unseen_reader

    if cross_validate and model:
        raise ValueError(
            "--model and --cross-validate exclude one another: a model is measured on other "
            "notes (--data), cross-validation trains models of its own"
        )
    if not cross_validate and not data:
        raise ValueError(
            "no notes to measure on; give --data with marked notes that the model has not learnt "
            "from, or --cross-validate to measure training on the synthetic corpus"
        )
    notes = read_corpus(*(data or [SYNTHETIC]))
    options = {"seed": seed, "resamples": resamples, "probe": probe}
    if cross_validate:
        folder, label_set = DEFAULT_MODEL, load_labels(labels)
        reader = None if fast else unseen_reader()
        with show_stages() as tell:
            measured = measuring.cross_validate(
                notes, label_set, reader=reader, tell=tell, **options
            )
    else:
        folder = model or DEFAULT_MODEL
        trained = load_model(folder, fast=fast)
        label_set = trained.label_set
        _refuse_seen(trained.manifest, notes, allowed=seen)
        with show_stages() as tell:
            measured = measuring.evaluate(trained, notes, tell=tell, **options)
    _write_evaluation(measured, folder, label_set, out)


def _refuse_seen(manifest: Mapping[str, object], notes: Sequence[Note], *, allowed: bool) -> None:
    """Refuse notes that a model has learnt from, or say that figures will be too good."""
    from training.seen import find_seen, tell_seen

    found = find_seen(manifest, notes)
    if found["notes"] and not allowed:
        raise ValueError(
            f"{tell_seen(found)}: figures would be too good. Give notes of other authors with "
            "--data, or measure training itself with --cross-validate; --seen measures all the "
            "same and says so in the figures"
        )
    if told := tell_seen(found):
        screen.print(f"{told}{': figures are too good' if found['notes'] else ''}")


def _write_evaluation(measured, folder: Path, label_set, out: Path) -> None:
    """Write figures, page, findings and, if the figures are about a model here, its card."""
    from classifier.writing import write_evidence
    from training.card import save_card
    from training.compare import FIGURES_FILE, PREDICTIONS_FILE
    from training.evaluate import write_figures
    from training.report import SUMMARY_WORDS, write_report

    if out.exists() and not out.is_dir():
        raise ValueError(f"--out {out}: is a file; give a folder")
    out.mkdir(parents=True, exist_ok=True)
    write_figures(measured.figures, out / FIGURES_FILE)
    write_report(measured.figures, out / "evaluation.html")
    write_evidence(measured.found, out / PREDICTIONS_FILE, labels=label_set)
    for name, figure in measured.figures["summary"].items():
        low, high = figure["interval"] or ("–", "–")
        screen.print(f"  {SUMMARY_WORDS[name]}: {figure['value']} (95 % interval {low} to {high})")
    if not measured.figures["functional"]["run"]:
        screen.print(measured.figures["functional"]["why"])
    screen.print(f"{measured.figures['about']['notes']} notes measured; figures in {out}")
    try:
        save_card(folder, figures=out / FIGURES_FILE, out=out / "MODEL_CARD.md")
    except ValueError as error:
        screen.print(f"no model card: {error}")


def card(
    model: ModelOption = DEFAULT_MODEL,
    figures: Annotated[
        Path | None, typer.Option(help="evaluation.json of an evaluation of it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Markdown file; else MODEL_CARD.md in the model's folder.")
    ] = None,
    words: Annotated[
        bool,
        typer.Option("--words/--no-words", help="Show words of failures in invented notes."),
    ] = False,
) -> None:
    """Write the card of a model: what it is for, made from, how well it does, where it fails."""
    from training.card import save_card

    path = save_card(model, figures=figures, out=out, with_words=words)
    screen.print(f"model card in {path}")


def compare(
    one: Annotated[Path, typer.Argument(metavar="A", help="Model folder, or findings (.jsonl).")],
    other: Annotated[Path, typer.Argument(metavar="B", help="Model folder, or findings (.jsonl).")],
    data: DataOption = None,
    out: Annotated[Path | None, typer.Option(help="JSON file for the figures.")] = None,
    seed: SeedOption = 0,
    resamples: ResamplesOption = 1000,
) -> None:
    """Compare two models, or two files of findings, on the same marked notes."""
    from training.compare import compare as compare_sides
    from training.compare import table_of
    from training.corpus import read_corpus
    from training.evaluate import write_figures

    if not data:
        raise ValueError("no notes to compare on; give --data with marked notes")
    notes = [n for n in read_corpus(*data) if n.meta.get("unit", "note") == "note"]
    results = compare_sides(one, other, notes, seed=seed, resamples=resamples)
    for told in results["about"]["seen"].values():
        if told:
            screen.print(told)
    typer.echo(table_of(results))
    if out:
        write_figures(results, out)
        screen.print(f"figures in {out}")


def learning_curve(
    data: DataOption = None,
    shares: Annotated[
        str, typer.Option(help="Shares of the training groups, with commas between.")
    ] = "0.1,0.25,0.5,1",
    labels: LabelsOption = LABEL_FILE,
    out: Annotated[Path, typer.Option(help="Folder for figures and page.")] = Path(
        "learning-curve"
    ),
    seed: SeedOption = 0,
    resamples: ResamplesOption = 1000,
) -> None:
    """Train on growing shares of author groups and test on the same other groups."""
    from training.corpus import SYNTHETIC, read_corpus
    from training.evaluate import write_figures
    from training.learning_curve import learning_curve as measure
    from training.learning_curve import write_learning_curve

    try:
        wanted = [float(share) for share in shares.replace(",", " ").split()]
    except ValueError:
        raise ValueError(f"--shares {shares}: write numbers such as 0.1,0.5,1") from None
    notes = read_corpus(*(data or [SYNTHETIC]))
    options = {"shares": wanted, "seed": seed, "resamples": resamples}
    with show_stages() as tell:
        curve = measure(notes, load_labels(labels), tell=tell, **options)
    out.mkdir(parents=True, exist_ok=True)
    write_figures(curve, out / "learning_curve.json")
    write_learning_curve(curve, out / "learning_curve.html")
    screen.print(f"{len(curve['points'])} models measured; figures in {out}")


def suggest(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="Notes nobody has marked.")],
    n: Annotated[int, typer.Option("--n", help="How many notes to choose.")] = 50,
    model: ModelOption = DEFAULT_MODEL,
    out: Annotated[
        Path | None, typer.Option(help=".jsonl for the chosen notes, for export-marks.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Column that holds the note.")] = None,
    id: Annotated[str | None, typer.Option(help="Column that holds its number.")] = None,
    seed: SeedOption = 0,
) -> None:
    """Choose notes to mark next: uncertain ones, unlike one another, and some by chance.

    Numbers and reasons go to standard output, never words of a note.
    """
    from classifier.reading import look_at, read_notes
    from training.corpus import write_corpus
    from training.suggest import suggest as choose
    from training.suggest import to_mark

    if out and out.suffix != ".jsonl":
        raise ValueError(f"--out {out}: write to a file that ends in .jsonl")
    look = look_at(source, text=text, id=id)
    rows = list(read_notes(source, columns=look.columns))
    notes = [row for row in rows if isinstance(row, Note)]
    chosen = choose(notes, load_model(model), n=n, seed=seed)
    for suggestion in chosen:
        typer.echo(f"{suggestion.note.id}\t{suggestion.reason}")
    screen.print(f"{len(chosen)} of {len(notes)} notes chosen, {len(rows) - len(notes)} rejects")
    if out:
        write_corpus(to_mark(chosen), out)
        screen.print(f"notes to mark in {out}; turn them with: unheard export-marks {out}")
