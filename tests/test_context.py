import numpy as np
import pytest

from classifier.context import choose_contexts
from classifier.note import CONTEXTS


@pytest.mark.parametrize(
    ("label", "contexts", "chosen", "score"),
    [
        (0.9, [0.9, 0.1, 0.0, 0.0], "affirmed", 0.81),
        (0.9, [0.1, 0.7, 0.1, 0.1], "negated", 0.63),
        (0.9, [0.1, 0.1, 0.7, 0.1], "hypothetical", 0.63),
        (0.9, [0.1, 0.1, 0.1, 0.7], "other", 0.63),
        (0.9, [0.3, 0.7, 0.0, 0.0], "affirmed", 0.27),  # reaches .2, though negated is likelier
        (1.0, [0.2, 0.8, 0.0, 0.0], "affirmed", 0.2),  # on the threshold is reached
        (0.19996, [1.0, 0.0, 0.0, 0.0], "affirmed", 0.2),  # rounded before it is compared
        (1.0, [0.19, 0.0, 0.0, 0.81], "other", 0.81),
        (0.1, [0.1, 0.9, 0.0, 0.0], "affirmed", 0.01),  # neither is shown
        (0.5, [0.0, 0.35, 0.35, 0.3], "affirmed", 0.0),  # split between contexts, neither reaches
    ],
)
def test_context_of_a_phrase(label, contexts, chosen, score):
    rows, scores = choose_contexts(np.array([[label]]), np.array([contexts]), np.array([0.2]))
    assert CONTEXTS[rows[0, 0]] == chosen
    assert scores[0, 0] == pytest.approx(score)


def test_each_label_goes_by_its_own_threshold():
    rows, scores = choose_contexts(
        np.array([[0.8, 0.8], [0.1, 0.9]]),
        np.array([[0.5, 0.5, 0.0, 0.0], [0.0, 0.1, 0.9, 0.0]]),
        np.array([0.3, 0.4]),
    )
    assert rows.tolist() == [[0, 0], [0, 2]]
    np.testing.assert_allclose(scores, [[0.4, 0.4], [0.0, 0.81]])


def test_a_batch_without_phrases():
    rows, scores = choose_contexts(np.zeros((0, 3)), np.zeros((0, 4)), np.full(3, 0.2))
    assert rows.shape == scores.shape == (0, 3)
