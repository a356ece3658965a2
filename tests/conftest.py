import pytest

from classifier.encoder import load_encoder
from classifier.labels import load_labels
from classifier.model_file import load_model
from review.decision_log import record
from review.decisions import Decision
from review.projects import create_project
from review.store import open_store
from tests.postgres import MISSING, has_postgres, make_database, serve_postgres
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


@pytest.fixture(scope="session")
def postgres():
    if not has_postgres():
        pytest.skip(MISSING)
    with serve_postgres() as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path):
    """An empty store of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store' / 'review.db'}"
    return make_database(request.getfixturevalue("postgres"))


@pytest.fixture
def store(store_url):
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def a_note(store):
    """A project with one note, one finding in it: (project, note id, finding id, run id)."""
    from tests.notes_in_store import add_finding, add_note, add_run

    made = create_project(store, "One", by="Ann")
    note_id = add_note(store, made.id, "n1", "Says he checks her phone.", person="P-1")
    run_id = add_run(store, made.id)
    return made, note_id, add_finding(store, run_id, note_id, 8, 24, "monitoring"), run_id


@pytest.fixture
def a_decision(store, a_note):
    made, note_id, _, _ = a_note
    return record(store, [Decision(made.id, note_id, "Ann", "outcome", answer="missed")])[0]
