"""How a comparison is shown after a trainee is done: the note with all marks, and why they differ.

One component: the note with the reference marks as lines below, the trainee's as lines above and
the model's as a hatched band, each also with a letter; beside it every phrase with its reason.
What comes from a note goes into its data and is set as text.
"""

from __future__ import annotations

from collections.abc import Iterable

from classifier.findings import Finding
from classifier.labels import LabelSet
from classifier.note import Mark
from review.highlight import make_component
from review.practice.comparison import Comparison
from review.practice.described import describe
from review.practice.prompts import Prompts

_view = make_component(
    "compare", '<div class="root"><div class="compare"></div></div>', files=("highlight",)
)


def show_comparison(
    comparison: Comparison,
    labels: LabelSet,
    *,
    key: str,
    model_marks: Iterable[Mark | Finding] | None = None,
    prompts: Prompts | None = None,
) -> None:
    """Show a comparison: the note with all marks, and beside it every phrase with its reason.

    Parameters
    ----------
    comparison : Comparison
        From `review.practice.comparison.compare`.
    labels : LabelSet
        Titles, definitions, look-alikes and sources.
    key : str
        Of the element, unique on the page.
    model_marks : iterable of Mark or Finding, optional
        What the model highlights, as a third reading; see `review.practice.colleague`.
    prompts : Prompts, optional
        What could have been asked and recorded; not shown if not given.
    """
    _view(key=key, data=describe(comparison, labels, model_marks=model_marks, prompts=prompts))
