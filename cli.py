"""The command ``unheard``: a thin door to the three rooms."""

from __future__ import annotations

import io
import os
import sys
import traceback
import webbrowser
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from threading import Timer
from typing import Annotated, NoReturn

import typer

from classifier.labels import LABEL_FILE, load_labels
from classifier.model import Model
from classifier.model_file import DEFAULT_MODEL, load_model
from classifier.note import Note
from classifier.wording import WHAT_IT_DOES_NOT_DO
from review.options import HERE
from training import commands
from training.progress import screen, show_progress

UNUSABLE, WITH_REJECTS = 2, 3
"""Exit codes: the input could not be used; all was done but some rows were rejected."""

FORMATS_HELP = (
    "prodigy, doccano, label-studio, inception, spacy or inline; if the file does not tell it."
)
"""The names are those of training.formats, which takes a while to import."""
SECONDS_TO_START = 3
"""Until the page answers; a browser that comes too early shows an error."""

app = typer.Typer(
    help=f"Highlight phrases in call notes for a person to review.\n\n{WHAT_IT_DOES_NOT_DO}",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command; what goes wrong is told without any word of a note."""
    try:
        app()
    except (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError) as error:
        _stop(f"{error.strerror}: {error.filename}" if error.filename else str(error))
    except ValueError as error:
        _stop("\n".join([str(error), *getattr(error, "__notes__", ())]))
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        _stop(
            f"unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}; "
            "its message is not shown because it could hold words of a note"
        )


def _stop(message: str) -> NoReturn:
    """Say why nothing was done and leave."""
    screen.print(f"unheard: {message}")
    sys.exit(UNUSABLE)


@app.callback()
def show_version(
    shown: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """Tell the version."""
    if shown:
        typer.echo(f"unheard {version('unheard')}")
        raise typer.Exit


@app.command()
def find(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="File, folder of .txt, or -.")],
    out: Annotated[
        str, typer.Option(help="Where to write: .jsonl .csv .xlsx .parquet .html, or - .")
    ] = "-",
    text: Annotated[str | None, typer.Option(help="Column that holds the note.")] = None,
    id: Annotated[str | None, typer.Option(help="Column that holds its number.")] = None,
    person: Annotated[str | None, typer.Option(help="Column that says who it is about.")] = None,
    received: Annotated[str | None, typer.Option(help="Column with date and time.")] = None,
    keep: Annotated[str, typer.Option(help="More columns to keep, with commas between.")] = "",
    format: Annotated[str | None, typer.Option(help="If the file name does not tell it.")] = None,
    model: Annotated[
        Path, typer.Option(help="Folder of a trained model.", show_default="ours")
    ] = DEFAULT_MODEL,
    label: Annotated[list[str] | None, typer.Option(help="Show only this label; repeat.")] = None,
    threshold: Annotated[
        list[str] | None, typer.Option(help="0.4 for all labels, or monitoring=0.4; repeat.")
    ] = None,
    with_text: Annotated[
        bool | None,
        typer.Option(
            "--with-text/--no-text", help="Write the words of notes; by default not in .jsonl."
        ),
    ] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="Words alone, no sentence encoder: faster, less exact.")
    ] = False,
    jobs: Annotated[int, typer.Option(help="Processes; -1 is one for each core.")] = 1,
    rejects: Annotated[Path | None, typer.Option(help="Where bad rows go.")] = None,
) -> None:
    """Find evidence phrases in a file of notes.

    Exit code 0: all rows became findings rows. 3: some rows were rejected, the rest was done.
    2: the input could not be used.
    """
    from classifier.evidence import find_all, find_in_parallel
    from classifier.reading import look_at, open_rejects, read_notes
    from classifier.writing import write_evidence

    trained = load_model(model, fast=fast)
    changed = _parse_thresholds(threshold or [], trained)
    wanted = {_find_label(name, trained) for name in label or []}
    given = io.BytesIO(sys.stdin.buffer.read()) if source == "-" else Path(source)
    names = tuple(name.strip() for name in keep.split(",") if name.strip())
    look = look_at(
        given, format=format, text=text, id=id, person=person, received=received, keep=names
    )
    for sentence in look.explanation:
        screen.print(sentence)
    stem = "standard-input" if source == "-" else Path(source).stem
    rejects = rejects or (Path() if out == "-" else Path(out).parent) / f"{stem}.rejects.csv"
    n_rejects = 0

    with ExitStack() as open_files:
        rejects.unlink(missing_ok=True)
        write_reject = open_files.enter_context(open_rejects(rejects))

        def notes() -> Iterator[Note]:
            nonlocal n_rejects
            for row in read_notes(given, columns=look.columns, format=format):
                if isinstance(row, Note):
                    yield row
                else:
                    n_rejects += 1
                    write_reject(row)

        if jobs == 1:
            results = find_all(notes(), replace(trained, thresholds=trained.thresholds | changed))
        else:
            results = find_in_parallel(notes(), model, jobs=jobs, thresholds=changed, fast=fast)
        if wanted:
            results = (_only(result, wanted) for result in results)
        n_notes = write_evidence(
            show_progress(results, _count_rows(given, look.columns, format)),
            sys.stdout if out == "-" else Path(out),
            labels=trained.label_set,
            with_text=with_text,
            about=_about(stem if source == "-" else Path(source).name, trained, changed),
        )
    screen.print(
        f"{n_notes + n_rejects} rows: {n_notes} notes in {'the output' if out == '-' else out}, "
        f"{n_rejects} rejects" + (f" in {rejects}" if n_rejects else "")
    )
    if n_rejects:
        raise typer.Exit(WITH_REJECTS)


def _count_rows(source: Path | io.BytesIO, columns, format: str | None) -> int | None:
    """Count the rows of a file first, where somebody watches the progress."""
    from classifier.reading import read_notes

    if not screen.is_terminal or not isinstance(source, Path):
        return None
    return sum(isinstance(row, Note) for row in read_notes(source, columns=columns, format=format))


def _parse_thresholds(given: list[str], model: Model) -> dict[str, float]:
    """Read ``0.4`` (for all labels) and ``monitoring=0.4``."""
    thresholds: dict[str, float] = {}
    for entry in given:
        name, _, value = entry.rpartition("=")
        try:
            number = float(value)
        except ValueError:
            raise ValueError(f"--threshold {entry}: write 0.4 or monitoring=0.4") from None
        if not 0 < number <= 1:
            raise ValueError(f"--threshold {entry}: must be above 0 and at most 1")
        names = [_find_label(name, model)] if name else model.label_set.ids
        thresholds |= dict.fromkeys(names, number)
    return thresholds


def _find_label(name: str, model: Model) -> str:
    """Give the id of a label that a person named, or say what was perhaps meant."""
    try:
        return model.label_set[name].id
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def _only(result, labels: set[str]):
    """Keep the findings of some labels."""
    return replace(result, findings=tuple(f for f in result.findings if f.label in labels))


def _about(source: str, model: Model, changed: dict[str, float]) -> dict[str, str]:
    """Say where findings come from."""
    trained_on = model.manifest.get("data", {})
    about = {
        "Made by": f"Unheard {version('unheard')} on {date.today():%d %B %Y}",
        "Made from": source,
        "Model": f"trained on {trained_on.get('notes', '?')} notes and "
        f"{trained_on.get('sentences', '?')} sentences, data {str(trained_on.get('sha256'))[:12]}",
    }
    if changed:
        about["Thresholds changed"] = ", ".join(f"{k} {v:g}" for k, v in changed.items())
    return about


app.command()(commands.train)
app.command()(commands.evaluate)
app.command()(commands.card)
app.command()(commands.compare)
app.command("learning-curve")(commands.learning_curve)
app.command()(commands.suggest)


@app.command("import-marks")
def import_marks(
    source: Annotated[Path, typer.Argument(help="What an annotation tool exported.")],
    out: Annotated[Path, typer.Option(help="JSON Lines file to write.")],
    group: Annotated[
        str | None, typer.Option(help="Author group of notes that do not say theirs.")
    ] = None,
    format: Annotated[str | None, typer.Option(help=FORMATS_HELP)] = None,
    labels: Annotated[
        Path, typer.Option(help="Your own label file.", show_default="ours")
    ] = LABEL_FILE,
    annotator: Annotated[
        str | None, typer.Option(help="Whose marks to take; else those of the first.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Field of the note, if not text.")] = None,
    offsets: Annotated[
        str | None, typer.Option(help="characters or utf-16, if the tool counts unusually.")
    ] = None,
    spans_key: Annotated[
        str | None, typer.Option(help="spaCy's span group, if not sc; or ents.")
    ] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where bad records go.")] = None,
) -> None:
    """Turn marks of an annotation tool, or inline marks, into JSON Lines to train on.

    Exit code 0: all records were read or left out for the reason told. 3: some were rejected.
    2: the input could not be used, for example because of an unknown label.
    """
    from classifier.reading import Reject, write_rejects
    from training.corpus import write_corpus
    from training.formats import LeftOut, read_marks

    rows = list(
        read_marks(
            source,
            format,
            labels=load_labels(labels),
            group=group,
            annotator=annotator,
            text=text,
            offsets=offsets,
            spans_key=spans_key,
        )
    )
    notes = [row for row in rows if isinstance(row, Note)]
    write_corpus(notes, out)
    rejects = rejects or out.parent / f"{source.stem}.rejects.csv"
    rejects.unlink(missing_ok=True)
    n_rejects = write_rejects(rejects, (row for row in rows if isinstance(row, Reject)))
    screen.print(
        f"{len(notes)} notes in {out}"
        + (f", {n_rejects} rejects in {rejects}" if n_rejects else "")
    )
    for reason, count in Counter(row.reason for row in rows if isinstance(row, LeftOut)).items():
        screen.print(f"{count} left out: {reason}")
    if group and (others := {str(note.meta["group"]) for note in notes} - {group}):
        screen.print(f"some notes keep the author group that the file gives: {_list(others)}")
    if n_rejects:
        raise typer.Exit(WITH_REJECTS)


def _list(names: Iterable[str]) -> str:
    """Put names in order, with commas between."""
    return ", ".join(sorted(names))


@app.command("export-marks")
def export_marks(
    source: Annotated[Path, typer.Argument(help="Marked notes as JSON Lines, or a corpus folder.")],
    out: Annotated[Path, typer.Option(help="File to write; for inception a .zip or a folder.")],
    format: Annotated[str | None, typer.Option(help=FORMATS_HELP)] = None,
) -> None:
    """Turn marked notes into a file of an annotation tool, or into inline marks to edit."""
    from training.corpus import read_corpus
    from training.formats import write_marks

    notes = read_corpus(source)
    write_marks(notes, out, format)
    screen.print(f"{len(notes)} notes in {out}")


@app.command("app")
def open_app(
    demo: Annotated[bool, typer.Option("--demo", help="Open invented notes.")] = False,
    model: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder of a model, or of figures from unheard evaluate; repeat. The first model "
            "reads the notes, all are on the page Models."
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            help="Store of reviews: a file, or a URL of PostgreSQL. By default a file in your own "
            "data folder, or what UNHEARD_STORE says."
        ),
    ] = None,
    practice: Annotated[
        bool, typer.Option("--practice", help="Only the trainees' pages: no project, no reference.")
    ] = False,
    address: Annotated[
        str,
        typer.Option(
            help="With --practice: the name or number by which the room's machines reach this one."
        ),
    ] = HERE,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser window.")
    ] = True,
) -> None:
    """Open the page in a browser on this machine only.

    A trainer who wants trainees to join from their own machines starts a second one on the same
    store, with --practice and the --address of this machine, such as 192.168.1.20.
    """
    from streamlit.web import cli as streamlit_cli

    from review.evaluations import is_model, look_into
    from review.offline import ask_nobody
    from review.options import make_flags
    from review.store import open_store

    if address != HERE and not practice:
        _stop("--address needs --practice: other machines may reach the trainees' pages alone")
    flags = make_flags(address)
    if store is not None:
        store = store if "://" in store else str(Path(store).resolve())
        try:
            open_store(store).close()
        except (ModuleNotFoundError, OSError) as error:
            _stop(str(error))
    folders = [folder.resolve() for folder in model or []]
    for folder in folders:
        look_into(folder)
    if reading := next(filter(is_model, folders), None):
        load_model(reading)
    page = str(Path(__file__).with_name("app.py"))
    here = f"http://{HERE}:{port}"
    if address == HERE:
        screen.print(f"Unheard is at {here} (only from this machine); Ctrl+C ends it")
    else:
        screen.print(
            f"The trainees' pages are at http://{address}:{port} for everybody on the network, not "
            "encrypted: use a network that you trust; Ctrl+C ends it"
        )
    if browser and (sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ)):
        Timer(SECONDS_TO_START, webbrowser.open, [here]).start()
    arguments = ["run", page, f"--server.port={port}", *flags, "--"]
    arguments += [
        *(["--demo"] if demo else []),
        *(["--practice"] if practice else []),
        *(f"--model={folder}" for folder in folders),
    ]
    if store is not None:
        os.environ["UNHEARD_STORE"] = store  # not an argument: a URL may hold a password
    ask_nobody()
    streamlit_cli.main(arguments, prog_name="streamlit")


if __name__ == "__main__":
    main()
