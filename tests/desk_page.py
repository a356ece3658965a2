"""A page with a desk and a store that is a file of lines: ``streamlit run desk_page.py -- FOLDER``.

The folder holds ``notes.json``, a list of notes, each what `Desk` takes. What a person does is
added to ``stored.jsonl``, one action a line, unless there is a file ``hold`` in the folder; with
a file ``refuse``, actions are refused with the words in it, and ``shown`` names the note to show.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import streamlit as st

from classifier.labels import load_labels
from review.actions import Action
from review.desk import Desk, Phrase, show_desk, waiting_actions

REASONS = {
    "accept": {"plain": "Plainly said"},
    "dismiss": {"denied": "Denied, or did not happen", "ordinary": "Ordinary or agreed"},
    "unsure": {"who": "Unclear who did what"},
}
OUTCOMES = {
    "acted": "Recorded and acted on",
    "not_acted": "Recorded, not acted on",
    "missed": "Missed",
    "none": "No evidence",
}


def read_stored_in(folder: Path) -> list[Action]:
    path = folder / "stored.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Action.model_validate_json(line) for line in lines]


def store(folder: Path, actions) -> list[Action]:
    """Add what is not stored yet, and give all that is."""
    stored = read_stored_in(folder)
    known = {action.key for action in stored}
    new = [action for action in actions if action.key not in known]
    with (folder / "stored.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(action.model_dump_json() + "\n" for action in new)
    return [*stored, *new]


def read_desk(given: dict, stored: list[Action], place: str) -> Desk:
    """Put together what the stored actions come to."""
    phrases = [Phrase(**phrase) for phrase in given.get("phrases", [])]
    desk = Desk(
        **{"reasons": REASONS, "outcomes": OUTCOMES, "colleagues": ("Ada <b>", "Beth"), **given}
        | {"phrases": tuple(phrases), "place": place}
    )
    standing = []
    for action in stored:
        if action.note == desk.note_id and action.kind not in ("done", "go"):
            if action.kind != "undo":
                standing.append(action)
            elif standing:
                standing.pop()
    for action in standing:
        desk = apply(desk, action)
    return desk


def apply(desk: Desk, action: Action) -> Desk:
    extent = {name: getattr(action, name) for name in ("start", "end", "label", "context")}
    match action.kind:
        case "mark":
            return replace(desk, phrases=(*desk.phrases, Phrase(action.key, "mark", **extent)))
        case "remove":
            return replace(desk, phrases=tuple(p for p in desk.phrases if p.id != action.phrase))
        case "outcome":
            return replace(desk, outcome=action.outcome)
        case "comment":
            return replace(desk, comment=action.comment)
        case "flag":
            return replace(desk, flagged_to=action.to)
        case "answer":
            parts = {name: getattr(action, name) for name in ("answer", "reason", "comment")}
        case _:
            parts = {**extent, "changed": True}
            parts |= {"comment": action.comment} if action.comment is not None else {}
    phrases = [
        replace(phrase, **parts, **accepted(phrase, action))
        if phrase.id == action.phrase
        else phrase
        for phrase in desk.phrases
    ]
    return replace(desk, phrases=tuple(phrases))


def accepted(phrase: Phrase, action: Action) -> dict:
    """To change a finding is to accept it."""
    is_changed = action.kind == "change" and phrase.kind == "finding"
    return {"answer": "accept"} if is_changed else {}


def place_of(stored: list[Action], count: int) -> int:
    steps = {"next": 1, "previous": -1, None: 1}
    at = 0
    for action in stored:
        if action.kind in ("done", "go"):
            at = min(max(at + steps[action.to], 0), count - 1)
    return at


def main(folder: Path) -> None:
    st.set_page_config(layout="wide")
    labels = load_labels()
    notes = json.loads((folder / "notes.json").read_text(encoding="utf-8"))
    waiting = waiting_actions("desk", labels)
    is_held = (folder / "hold").exists()
    refusal = folder / "refuse"
    refused = {one.key: refusal.read_text() for one in waiting} if refusal.exists() else {}
    stored = store(folder, [] if is_held or refused else waiting)
    shown = folder / "shown"
    at = int(shown.read_text()) if shown.exists() else place_of(stored, len(notes))
    left = show_desk(
        read_desk(notes[at], stored, f"Note {at + 1} of {len(notes)}"),
        labels,
        key="desk",
        taken=[action.key for action in stored],
        refused=refused,
    )
    st.button("Run again")
    st.text_input("Elsewhere", key="elsewhere")
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.text(f"runs {st.session_state['runs']}, left {len(left)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
