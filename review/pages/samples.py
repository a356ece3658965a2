"""The screen of samples: planned beforehand, drawn by a seed, read whole, then judged."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import streamlit as st

from review.bounds import LEVEL
from review.drawing import count_unread, draw_dip, draw_random, plan_and_draw_elusion
from review.elusion import plan_elusion
from review.pages.tables import show_table
from review.projects import list_members
from review.queue import Queue, list_queues
from review.samples import (
    Progress,
    dip_results,
    elusion_result,
    random_result,
    read_elusion_plan,
    read_progress,
)
from review.scoring import newest_run
from review.second import draw_second
from review.session import say_received

INTRODUCTION = (
    "Notes that a model put first say nothing of the others. A sample does: it is planned and "
    "drawn before anything of it is read, and read whole. Its plan and seed are kept and cannot "
    "be changed; a sample that gave an unwelcome answer stays in this list."
)

SEEDS = 1_000_000


def show() -> None:
    """Show the screen."""
    room = st.session_state["room"]
    st.title("Samples", anchor=False)
    st.markdown(INTRODUCTION)
    if refused := st.session_state.pop("sample_refused", None):
        st.error("This sample could not be drawn.", icon=":material/error:")
        st.text(refused)
    if drawn := st.session_state.pop("sample_drawn", None):
        st.success(drawn, icon=":material/check:")
    if room.role == "lead":
        _show_making(room)
    else:
        st.caption("A lead of the project draws samples.")
    _show_made(room)


def _show_making(room) -> None:
    """Offer the four kinds of sample."""
    st.header("Draw a sample", anchor=False)
    tabs = st.tabs(["Unread pile (elusion)", "Random", "Dip sample", "Second reader"])
    makers: tuple[Callable, ...] = (_make_elusion, _make_random, _make_dip, _make_second)
    for tab, make in zip(tabs, makers, strict=True):
        with tab:
            make(room)


def _make_elusion(room) -> None:
    """Plan how much of the unread pile to read."""
    st.markdown(
        "How much evidence may lie in the notes that nobody has read? Plan what you want to be "
        "able to say; the number of notes follows."
    )
    pile = count_unread(room.store, room.project.id)
    if not pile:
        st.markdown("Every note was read: there is no pile to draw from.")
        return
    columns = st.columns(3)
    with columns[0]:
        at_most = st.number_input(
            "At most (% of the unread notes)", 0.1, 50.0, 0.5, 0.1, key="elusion_at_most"
        )
    with columns[1]:
        level = st.number_input("Confidence (%)", 50.0, 99.9, 100 * LEVEL, 1.0, key="elusion_level")
    with columns[2]:
        expected = st.number_input("Leave room for hits", 0, 100, 0, key="elusion_expected")
    asked = {"at_most": at_most / 100, "level": level / 100, "expected_hits": int(expected)}
    try:
        plan = plan_elusion(pile, **asked)
    except ValueError as error:
        st.text(str(error))
        return
    st.info(plan.sentence, icon=":material/checklist:")
    _offer_draw(
        "elusion",
        f"Draw these {plan.n:,} notes",
        lambda seed: plan_and_draw_elusion(
            room.store,
            room.project.id,
            getattr(newest_run(room.store, room.project.id), "id", None),
            asked["at_most"],
            level=asked["level"],
            expected_hits=asked["expected_hits"],
            by=room.reader,
            seed=seed,
        ),
    )


def _make_random(room) -> None:
    """Draw from all notes."""
    st.markdown(
        "What share of all notes holds evidence, and what share of these was missed? Drawn from "
        "all notes, read or not. With 400 notes the interval is at most 10 points wide."
    )
    n = int(st.number_input("Notes", 1, 100_000, 200, key="random_n"))
    _offer_draw(
        "random",
        "Draw a random sample",
        lambda seed: draw_random(room.store, room.project.id, n, seed=seed, by=room.reader),
    )


def _make_dip(room) -> None:
    """Draw from each team in each month."""
    st.markdown(
        "A few notes of each team in each month, for a look at all of them. Each group is a small "
        "sample of itself; the groups together are not one of all notes."
    )
    n = int(st.number_input("Notes of each team and month", 1, 1000, 5, key="dip_n"))
    _offer_draw(
        "dip",
        "Draw a dip sample",
        lambda seed: draw_dip(room.store, room.project.id, n, by=room.reader, seed=seed),
    )


def _make_second(room) -> None:
    """Give a share to second readers."""
    st.markdown(
        "A share of the notes that were read goes to somebody who has not seen them and does not "
        "see what the first reader said. What comes of it is on the screen Agreement."
    )
    names = list(list_members(room.store, room.project.id))
    share = st.number_input("Share of the notes read (%)", 1, 100, 10, key="second_share") / 100
    readers = st.multiselect("Second readers", names, default=names, key="second_readers")
    _offer_draw(
        "second",
        "Draw for second readers",
        lambda seed: draw_second(
            room.store, room.project.id, share, readers, by=room.reader, seed=seed
        ),
    )


def _offer_draw(kind: str, words: str, make: Callable[[int], int]) -> None:
    """Offer to draw, by a seed that was set before anything was seen."""
    key = f"{kind}_seed"
    if key not in st.session_state:
        st.session_state[key] = secrets.randbelow(SEEDS)
    seed = st.number_input(
        "Seed",
        0,
        SEEDS,
        key=key,
        help="Any number; the same one draws the same notes. It is kept with the sample.",
    )
    if not st.button(words, key=f"draw_{kind}", type="primary"):
        return
    try:
        make(int(seed))
    except ValueError as error:
        st.session_state["sample_refused"] = str(error)
    else:
        st.session_state["sample_drawn"] = "Drawn. It is listed below and among the queues."
        del st.session_state[key]
    st.rerun()


def _show_made(room) -> None:
    """List the samples with what they say so far."""
    st.header("Samples drawn", anchor=False)
    made = [one for one in list_queues(room.store, room.project.id) if one.kind != "ranked"]
    if not made:
        st.markdown("None yet.")
        return
    results = {
        "elusion": _show_elusion,
        "random": _show_random,
        "dip": _show_dip,
        "second": _show_second,
    }
    for one in sorted(made, key=lambda one: one.id, reverse=True):
        with st.container(border=True, key=f"sample_{one.id}"):
            st.subheader(_as_text(one.name), anchor=False)
            done = read_progress(room.store, one.id)
            st.text(f"Drawn by {one.by} on {say_received(one.at[:10])}.")
            results[one.kind](room, one, done)


def _as_text(words: str) -> str:
    """Take the meaning of markup from words that a person may have given."""
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~:$" else letter for letter in words
    )


def _show_progress(done: Progress) -> None:
    """Show how much has been read."""
    words = f"{done.read:,} of {done.drawn:,} read"
    if done.unsettled:
        words += (
            f"; {done.unsettled:,} not settled: the reader is unsure of a phrase, or named an "
            "outcome that speaks of evidence without a phrase"
        )
    st.progress(done.read / done.drawn if done.drawn else 0.0, words)


def _show_elusion(room, one: Queue, done: Progress) -> None:
    """Show plan and, once all is read, result."""
    _show_progress(done)
    st.text(read_elusion_plan(one.plan).sentence)
    if done.read < done.drawn:
        st.caption("Nothing is said before all of them are read: to stop early voids the bound.")
        return
    found = elusion_result(room.store, one.id)
    if found.as_planned:
        st.success(found.sentence, icon=":material/check:")
    else:
        st.warning(found.sentence, icon=":material/info:")
    st.caption("Evidence as these readers see it; notes not settled count as evidence.")


def _show_random(room, one: Queue, done: Progress) -> None:
    """Show the share of notes with evidence so far."""
    _show_progress(done)
    found = random_result(room.store, one.id)
    if not found.n:
        st.caption("The first note of the draw has no answer yet, or one that is not settled.")
        return
    words = (
        f"Of the first {found.n:,} notes in the order drawn, {found.hits:,} hold confirmed "
        f"evidence: {found.share:.1%} (95 % interval {found.low:.1%} to {found.high:.1%})."
    )
    if done.unsettled and done.read == done.drawn:
        words += " The others follow as soon as the notes that are not settled before them are."
    elif found.n < found.drawn:
        words += " Decide now how many to read; to stop because of what was seen bends the figure."
    st.text(words)


def _show_dip(room, one: Queue, done: Progress) -> None:
    """Show each team and month."""
    _show_progress(done)
    minimum = room.project.settings.minimum_count
    rows = []
    for part in dip_results(room.store, one.id):
        result = part.result
        hits = "not shown" if 0 < result.hits < minimum else result.hits
        rows.append((part.group, part.size, result.drawn, result.n, hits))
    columns = ["Team and month", "notes", "drawn", "read", "with evidence"]
    with st.expander("By team and month"):
        show_table("Notes of each group; so few notes say little of a group", columns, rows)


def _show_second(room, one: Queue, done: Progress) -> None:
    """Show how far the second reading is."""
    n = min(one.n_read, one.n_notes)
    st.progress(n / one.n_notes if one.n_notes else 0.0, f"{n:,} of {one.n_notes:,} read twice")
    st.caption("How far they agree, and where they differ: see the screen Agreement.")
