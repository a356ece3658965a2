"""Show text that came from a file: never as markup, always as its own characters.

Three small components, each a piece of static HTML, CSS and JavaScript. What comes from a file
goes into their data and is set as text. Texts are cut in Python, so that JavaScript, which
counts UTF-16 units, never counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

from classifier.findings import Finding
from classifier.labels import Label, LabelSet
from classifier.segments import segments
from classifier.wording import CONTEXT_CUES, CONTEXT_WORDS, NOTHING_HIGHLIGHTED, showable, strength

STATIC = Path(__file__).with_name("static")


def make_component(name: str, html: str, files: Sequence[str] = ()):
    """Register a component of this package.

    Parameters
    ----------
    name : str
        Of the component, and of the last of its files.
    html : str
        Static; nothing from a file of notes.
    files : sequence of str
        Names, without ending, of further files in ``review/static`` that go between ``base`` and
        `name`; their CSS and JavaScript are put together in this order, where there is any.

    Returns
    -------
    callable
        Shows the component, as ``st.components.v2.component`` says.
    """
    css, js = (
        "\n".join(
            path.read_text(encoding="utf-8")
            for file in ("base", *files, name)
            if (path := STATIC / f"{file}.{kind}").exists()
        )
        for kind in ("css", "js")
    )
    return st.components.v2.component(f"unheard_{name}", html=html, css=css, js=js)


_note = make_component(
    "note",
    '<div class="root"><div class="head"></div>'
    '<div class="text" dir="auto" tabindex="-1"></div>'
    '<p class="nothing" hidden></p><p class="heard" role="status"></p></div>',
    files=("highlight",),
)
_rows = make_component("rows", '<div class="root"><ol class="rows"></ol></div>')
_words = make_component("words", '<div class="root"><ol class="words"></ol></div>')


def show_note(
    text: str,
    findings: Sequence[Finding],
    labels: LabelSet,
    *,
    key: str,
    title: str = "",
    facts: Mapping[str, str] | None = None,
    chosen: int | None = None,
    on_choose: Callable[[], None] | None = None,
    say: Callable[[Finding, Label], str] | None = None,
    nothing: str = NOTHING_HIGHLIGHTED,
) -> None:
    """Show a text with its findings highlighted.

    Each finding ends in a cue: a button if it can be chosen. The closest match gives a stretch
    its colour; further findings add an underline each. The line is solid where the note records
    the behaviour as happening, else dashed, dotted or double.

    Parameters
    ----------
    text : str
        Of the note; shown character for character.
    findings : sequence of Finding
        In reading order.
    labels : LabelSet
        Titles, cues and colours.
    key : str
        Of the element, unique on the page.
    title : str
        Shown above, such as the note's id; none if empty.
    facts : mapping of str to str, optional
        Shown below the title.
    chosen : int, optional
        Place of the finding that is spoken of elsewhere on the page.
    on_choose : callable, optional
        Called when a person chooses a finding; `chosen_in` tells which. Not given, the cues are
        no buttons.
    say : callable, optional
        Says in words what a finding is, as `say_finding`, which is the default; people's marks
        say something else.
    nothing : str
        Stands below a text without findings.

    Raises
    ------
    ValueError
        If a finding runs past the text.
    """
    data = {
        "title": showable(title),
        "facts": [[name, showable(value)] for name, value in (facts or {}).items()],
        "segments": cut_text(text, findings),
        "findings": [_describe(one, text, labels, say or say_finding) for one in findings],
        "chosen": chosen,
        "choosable": on_choose is not None,
        "nothing": "" if findings else nothing,
    }
    _note(key=key, data=data, on_chosen_change=on_choose or _ignore)


def show_rows(
    rows: Sequence[Mapping[str, object]],
    *,
    key: str,
    name: str,
    chosen: int | None = None,
    on_choose: Callable[[], None] | None = None,
) -> None:
    """Show a list of which one row can be chosen, by mouse, arrow keys and Enter.

    Parameters
    ----------
    rows : sequence of mapping
        ``id`` (int, given back when chosen), ``title``, ``aside``, ``line`` (str), ``chips``
        (as made by `make_chip`) and ``kind`` (``"phrase"`` if the title is one).
    key : str
        Of the element, unique on the page.
    name : str
        Of the list, for screen readers.
    chosen : int, optional
        ``id`` of the row shown as chosen.
    on_choose : callable, optional
        Called when a person chooses a row; `chosen_in` tells which.
    """
    shown = [
        {**row, **{part: showable(str(row.get(part, ""))) for part in ("title", "aside", "line")}}
        for row in rows
    ]
    data = {"rows": shown, "name": name, "chosen": chosen}
    _rows(key=key, data=data, on_chosen_change=on_choose or _ignore)


def show_words(weights: Sequence[tuple[str, float]], *, key: str) -> None:
    """Show words as bars, longest for the word that weighed most.

    Parameters
    ----------
    weights : sequence of (str, float)
        Words of a note, and what each weighed; in the order to be shown.
    key : str
        Of the element, unique on the page.
    """
    most = max((abs(weight) for _, weight in weights), default=0) or 1
    words = [{"word": showable(word), "part": abs(weight) / most} for word, weight in weights]
    _words(key=key, data={"words": words})


def chosen_in(key: str) -> int | None:
    """Tell what was chosen in `show_note` or `show_rows`, inside their callback.

    Parameters
    ----------
    key : str
        Of the element.

    Returns
    -------
    int or None
        Place of the finding, or ``id`` of the row; None if nothing was chosen.
    """
    chosen = st.session_state[key].chosen
    return chosen if isinstance(chosen, int) else None


def make_chip(label: Label, context: str = "affirmed") -> dict[str, str]:
    """Describe a label as a chip for `show_rows`.

    Parameters
    ----------
    label : Label
        Gives title, cue and colours.
    context : str
        One of ``CONTEXTS``; other than affirmed, a word is added and the colour goes.

    Returns
    -------
    dict of str to str
        ``cue``, ``title``, ``context``, ``light`` and ``dark``.
    """
    cue = CONTEXT_CUES[context]
    return {
        "cue": f"{label.cue} {cue}".strip(),
        "title": f"{label.title} ({CONTEXT_WORDS[context]})" if cue else label.title,
        "context": context,
        "light": label.colour.light,
        "dark": label.colour.dark,
    }


def cut_text(text: str, findings: Sequence[Finding]) -> list[list[object]]:
    """Cut a text at the borders of its findings.

    Parameters
    ----------
    text : str
        Of the note.
    findings : sequence of Finding
        In any order.

    Returns
    -------
    list of [str, list of int, list of int]
        Stretch of text, places of the findings that cover it, closest match first, and places
        of those that end with it.

    Raises
    ------
    ValueError
        If a finding runs past the text.

    Examples
    --------
    >>> cut_text("no 👮 yet", [Finding(3, 4, "threats", "affirmed", 0.5)])
    [['no ', [], []], ['👮', [0], [0]], [' yet', [], []]]
    """
    shown = showable(text)
    places = {id(finding): place for place, finding in enumerate(findings)}
    pieces = []
    for start, end, found in segments(len(shown), findings):
        closest = sorted(found, key=lambda f: (f.context != "affirmed", -f.score))
        covering = [places[id(finding)] for finding in closest]
        ending = [places[id(finding)] for finding in found if finding.end == end]
        pieces.append([shown[start:end], covering, ending])
    return pieces


def say_finding(finding: Finding, label: Label) -> str:
    """Say in words what a finding may indicate.

    Parameters
    ----------
    finding : Finding
        Of a note.
    label : Label
        Of the finding.

    Returns
    -------
    str
        Without words of the note.

    Examples
    --------
    >>> from classifier.labels import load_labels
    >>> say_finding(Finding(0, 3, "monitoring", "negated", 0.9), load_labels()["monitoring"])
    'may indicate Monitoring, recorded as not happening, strong match'
    """
    words = CONTEXT_WORDS[finding.context]
    return f"may indicate {label.title}, {words}, {strength(finding.score)}"


def _describe(
    finding: Finding, text: str, labels: LabelSet, say: Callable[[Finding, Label], str]
) -> dict[str, str]:
    """Describe a finding; its name, which a screen reader says, begins with what can be seen."""
    label = labels[finding.label]
    phrase = showable(text)[finding.start : finding.end]
    chip = make_chip(label, finding.context)
    return {**chip, "name": f"{chip['cue']}, {say(finding, label)}: {phrase}"}


def _ignore() -> None:
    """Do nothing; a component knows only the events that have a callback."""
