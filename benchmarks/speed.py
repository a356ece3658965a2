"""How fast are notes read? Ours beside spaCy's blank tokeniser, in the same run.

Run: ``python benchmarks/speed.py``. The last line is one JSON object. Notes are cut from the
synthetic corpus into pieces of 1,000 characters; every stage runs in one process. The ratio is that
of the model without the encoder.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable

import spacy

from classifier.doc import make_nlp
from classifier.evidence import find_all
from classifier.model_file import load_model
from classifier.note import Note
from classifier.phrases import lay_out
from training.corpus import read_corpus

CHARACTERS = 1_000
ROUNDS = 3

ENCODED = 150
"""Notes that are read with the encoder, which takes longest. Half of the corpus's notes hold
evidence: of real notes the first pass spares the encoder far more."""


def make_texts() -> list[str]:
    """Cut the corpus into pieces of one length."""
    joined = "\n".join(note.text for note in read_corpus() if note.meta["unit"] == "note")
    return [joined[i : i + CHARACTERS] for i in range(0, len(joined) - CHARACTERS, CHARACTERS)]


def rate(work: Callable[[], object], n_notes: int) -> float:
    """Give notes a second: the best of some rounds, the first of which fills the memories."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return n_notes / min(times)


def main() -> None:
    """Measure every stage and print a table and one JSON object."""
    texts = make_texts()
    notes = [Note(str(i), text) for i, text in enumerate(texts)]
    blank, ours, model, full = spacy.blank("en"), make_nlp(), load_model(fast=True), load_model()
    some = notes[:: len(notes) // ENCODED + 1]
    docs = list(model.nlp.pipe(texts))
    layout = lay_out(docs)
    rates = {
        "blank_tokeniser": rate(lambda: list(blank.pipe(texts)), len(texts)),
        "preprocessing": rate(lambda: list(ours.pipe(texts)), len(texts)),
        "scoring_alone": rate(lambda: model.score(layout), len(texts)),
        "find_fast": rate(lambda: list(find_all(notes, model)), len(texts)),
        "find_with_encoder": rate(lambda: list(find_all(some, full)), len(some)),
    }
    for name, value in rates.items():
        print(f"{name:18} {value:8,.0f} notes/s   {value / rates['blank_tokeniser']:.2f} of blank")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result = {name: round(value) for name, value in rates.items()}
    result |= {"notes": len(texts), "characters": CHARACTERS, "memory_mb": memory}
    result["ratio_to_blank"] = round(rates["find_fast"] / rates["blank_tokeniser"], 3)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
