import pytest

from classifier.encoder import load_encoder
from classifier.labels import load_labels
from classifier.model_file import load_model
from training import calibrate
from training.corpus import read_corpus
from training.train import train


@pytest.fixture(scope="session", autouse=True)
def few_resamples():
    """Train in seconds: the intervals of the figures are not what tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate, "RESAMPLES", 10)
        yield


@pytest.fixture(scope="session")
def corpus():
    return read_corpus()


@pytest.fixture(scope="session")
def default_model():
    return load_model()


@pytest.fixture(scope="session")
def encoder():
    return load_encoder()


@pytest.fixture(scope="session")
def tiny_notes(corpus):
    """A few dozen whole notes of four author groups, and some single sentences."""
    by_group = {}
    for note in corpus:
        by_group.setdefault((note.meta["unit"], note.meta["group"]), []).append(note)
    whole = [notes[:12] for (unit, _), notes in by_group.items() if unit == "note"][:4]
    single = [notes[:2] for (unit, _), notes in by_group.items() if unit == "sentence"]
    return [note for notes in whole + single for note in notes]


@pytest.fixture(scope="session")
def tiny_model(tiny_notes, few_resamples):
    return train(tiny_notes, load_labels())


@pytest.fixture(scope="session")
def tiny_reading_model(tiny_notes, few_resamples, encoder):
    """As the tiny model, with the sentence encoder, which has read these notes before."""
    return train(tiny_notes, load_labels(), reader=encoder)
