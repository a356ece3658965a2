"""From a wish to notes, to the same evidence in other words, to an exercise in the making."""

from dataclasses import replace

import pytest

from classifier.labels import load_labels
from classifier.note import Mark, Note
from review.practice import drafts
from review.practice.choosing import Chosen, choose, ten_mixed
from review.practice.copies import are_near, runs_of
from review.practice.drafts import Draft
from review.practice.material import describe, read_synthetic, source_of
from review.practice.rewording import reword, say_changes
from review.practice.variants import compare_notes, make_variant, say_differences
from review.practice.wishes import Wish, fits, fits_without, is_look_alike
from training.inline import to_inline
from training.probes import affirmed_labels

LABELS = load_labels()


@pytest.fixture(scope="module")
def synthetic():
    return read_synthetic()


def make(id, words, label=None, *, context="affirmed", group="a", setting="police", **meta):
    """A note of its own words, of which the first are marked."""
    text = f"{words} {id}."
    marks = (Mark(0, len(words), label, context),) if label else ()
    known = {"source": id, "group": group, "setting_kind": setting, "is_synthetic": True}
    return describe(Note(id, text, marks, {**known, **meta}))


def ids(chosen):
    return [note.id for note in chosen.notes]


# A wish


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n": 0}, "an exercise has 1 to 200 notes, got 0"),
        ({"n": 201}, "an exercise has 1 to 200 notes, got 201"),
        ({"share_without": 1.2}, "a share is from 0 to 1, got 1.2"),
        ({"seed": -1}, "seed must be 0 or more, got -1"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused(wrong, message):
    with pytest.raises(ValueError) as error:
        Wish(**wrong)
    assert str(error.value) == message


def test_each_part_of_a_wish_narrows(synthetic):
    wish = Wish(
        labels=("isolation", "threats"),
        difficulties=("mixed",),
        settings=("school", "health"),
        victims=("woman_partner",),
        lengths=("middle",),
        n=8,
        share_without=0.25,
    )
    chosen = choose(synthetic, wish)
    assert chosen.told == ()
    evidence = [note for note in chosen.notes if affirmed_labels(note.marks)]
    assert (len(chosen.notes), len(evidence)) == (8, 6)
    for note in chosen.notes:
        assert note.meta["difficulty"] == "mixed"
        assert note.meta["setting_kind"] in wish.settings
        assert note.meta["length"] == "middle"
    for note in evidence:
        assert affirmed_labels(note.marks) & {"isolation", "threats"}
        assert "woman_partner" in note.meta["victims"]


def test_victims_and_labels_say_nothing_of_notes_without_evidence():
    denied = make("1", "He does not track her", "monitoring", context="negated")
    wish = Wish(labels=("threats",), victims=("man_partner",))
    assert fits_without(denied, wish)
    assert not fits(denied, wish)


# Choosing


def test_the_same_seed_gives_the_same_notes_in_whatever_order_they_come(synthetic):
    wish = Wish(n=12, seed=3)
    chosen = choose(synthetic, wish)
    assert choose(synthetic[::-1], wish) == chosen
    assert ids(choose(synthetic, replace(wish, seed=4))) != ids(chosen)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_the_share_with_nothing_is_half_look_alikes_and_half_routine(synthetic, share):
    chosen = choose(synthetic, Wish(n=20, share_without=share))
    empty = [note for note in chosen.notes if not affirmed_labels(note.marks)]
    assert len(empty) == 20 * share
    assert sum(map(is_look_alike, empty)) == len(empty) / 2


def test_look_alikes_of_the_wished_indicator_come_first(synthetic):
    chosen = choose(synthetic, Wish(labels=("stalking_harassment",), n=4, share_without=1))
    marked = [note for note in chosen.notes if note.marks]
    assert marked
    for note in marked:
        assert "stalking_harassment" in {mark.label for mark in note.marks}


def test_ten_mixed_are_by_ten_authors_of_all_difficulties_and_many_settings(synthetic):
    for seed in range(3):
        chosen = ten_mixed(synthetic, seed)
        assert (len(chosen.notes), chosen.told) == (10, ())
        assert sum(not affirmed_labels(note.marks) for note in chosen.notes) == 3
        assert len({note.meta["group"] for note in chosen.notes}) == 10
        assert {note.meta["difficulty"] for note in chosen.notes} == {"plain", "mixed", "buried"}
        assert len({note.meta["setting_kind"] for note in chosen.notes}) >= 6


def test_labels_are_spread(synthetic):
    wish = Wish(labels=("isolation", "threats", "degradation"), n=9, share_without=0)
    chosen = choose(synthetic, wish)
    for label in wish.labels:
        assert sum(label in affirmed_labels(note.marks) for note in chosen.notes) >= 3


def test_a_wish_that_too_few_notes_fit_says_what_could_be_left_open():
    notes = [
        make("1", "He reads her post", "monitoring"),
        make("2", "He opens the letters she gets", "monitoring", setting="school"),
        make("3", "He threatens to kill the dog", "threats", setting="school"),
    ]
    wish = Wish(labels=("monitoring",), settings=("school",), n=3, share_without=0)
    chosen = choose(notes, wish)
    assert ids(chosen) == ["2"]
    assert chosen.told == (
        "1 of 3 wanted notes with evidence fit. With one part left open there are more: "
        "indicator (2), setting (2).",
    )
    strict = replace(wish, labels=("isolation",), settings=("bank",), n=1)
    assert choose(notes, strict).told == (
        "0 of 1 wanted notes with evidence fit. Leave two parts open or more.",
    )
    assert choose(notes, Wish(n=1, share_without=1)).told == (
        "0 of 1 wanted notes without evidence fit.",
    )


def test_near_copies_do_not_come_together():
    words = "Caller says that he goes through her phone every single night"
    notes = [
        make("1", words, "monitoring"),
        make("2", f"{words} again", "monitoring", group="b"),
        make("3", "Tracker found on the car by a garage", "monitoring", group="c"),
    ]
    chosen = choose(notes, Wish(n=3, share_without=0))
    assert len(chosen.notes) == 2
    assert {"1", "2"} - set(ids(chosen)) != set()


def test_notes_of_one_case_come_together_only_if_asked():
    notes = [
        make("1", "He reads her post", "monitoring", case="c1"),
        make("2", "Tracker found on the car", "monitoring", group="b", case="c1"),
    ]
    wish = Wish(n=2, share_without=0)
    assert len(choose(notes, wish).notes) == 1
    assert len(choose(notes, replace(wish, one_case=True)).notes) == 2


def test_notes_that_are_there_already_are_not_taken_again(synthetic):
    here = ten_mixed(synthetic, 1).notes
    more = choose(synthetic, Wish(n=10, seed=1), beside=here)
    assert set(ids(more)).isdisjoint(note.id for note in here)


def test_near_copies_share_runs_of_four_words():
    one = runs_of("He goes through her phone every night.")
    assert ("goes", "through", "her", "phone") in one
    assert are_near(one, runs_of("Says he GOES through her phone, every night!"))
    assert not are_near(one, runs_of("He goes to the gym every night."))
    assert runs_of("Wrong number") == {("wrong", "number")}


# Variants


def test_a_variant_has_the_same_labels_by_other_authors(synthetic):
    exercise = ten_mixed(synthetic, 1).notes
    variant = make_variant(exercise, synthetic, 1)
    assert make_variant(exercise, synthetic[::-1], 1) == variant
    assert len({note.id for note in variant.notes}) == 10
    assert {note.id for note in variant.notes}.isdisjoint(note.id for note in exercise)
    for match in variant.matches:
        assert match.new.meta["group"] != match.old.meta["group"]
        same = affirmed_labels(match.old.marks) == affirmed_labels(match.new.marks)
        assert match.is_same is same
        told = " ".join(say_differences(match, LABELS))
        assert same is not ("without" in told or "also" in told)


def test_an_exact_match_is_taken_wherever_another_author_has_one(synthetic):
    exercise = [note for note in synthetic if note.meta["group"] == "hl" and note.marks][:15]
    for match in make_variant(exercise, synthetic, 1).matches:
        wanted = affirmed_labels(match.old.marks)
        exact = [
            note
            for note in synthetic
            if note.meta["group"] != "hl" and affirmed_labels(note.marks) == wanted
        ]
        assert match.is_same is bool(exact)


def test_the_nearest_note_says_how_it_differs():
    old = make("1", "He reads her post", "monitoring", difficulty="plain")
    new = make("2", "He threatens to kill the dog", "threats", group="b", setting="school")
    match = make_variant([old], [old, new], 1).matches[0]
    assert match == compare_notes(old, new)
    assert (match.is_same, match.missing, match.added) == (False, ("monitoring",), ("threats",))
    assert say_differences(match, LABELS)[:3] == [
        f"without {LABELS['monitoring'].title}",
        f"also {LABELS['threats'].title}",
        "setting: School, college, university instead of Police and control rooms",
    ]


def test_a_note_without_another_authors_is_left_out_and_told():
    old = make("1", "He reads her post", "monitoring")
    same_author = make("2", "Tracker found on the car", "monitoring")
    variant = make_variant([old], [old, same_author], 1)
    assert variant.notes == ()
    assert say_differences(variant.matches[0], LABELS) == ["no note by another author"]
    assert drafts.begin_variant(variant, 7, 1).told == ("Note 1: no note by another author.",)


def test_a_variant_of_nothing_has_nothing_in_it(synthetic):
    exercise = choose(synthetic, Wish(n=6, share_without=1)).notes
    for note in make_variant(exercise, synthetic, 2).notes:
        assert not affirmed_labels(note.marks)


# By hand


def test_rewording_keeps_the_evidence_or_says_what_became_of_it():
    note = make("1", "He reads her post", "monitoring")
    other = "Her letters [[are opened by him|monitoring]] before she is up."
    reworded = reword(note, other, LABELS)
    assert reworded.is_same
    assert reworded.note.text == "Her letters are opened by him before she is up."
    assert reworded.note.meta["source"] == "1, reworded"
    assert say_changes(reworded, LABELS) == []
    lost = reword(reworded.note, "[[Never|threats:negated]]. Letters are opened.", LABELS)
    assert lost.note.meta["source"] == "1, reworded"
    assert lost.note.meta["victims"] == []
    assert say_changes(lost, LABELS) == [
        f"1 phrase fewer: {LABELS['monitoring'].title}, recorded as happening",
        f"1 phrase more: {LABELS['threats'].title}, recorded as not happening",
    ]


def test_a_note_that_is_not_reworded_stays_as_it_was(synthetic):
    note = next(note for note in synthetic if len(note.marks) > 3)
    reworded = reword(note, to_inline(note.text, note.marks), LABELS)
    assert reworded.is_same
    assert (reworded.note.text, reworded.note.marks) == (note.text, note.marks)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[[He reads|monitering]] it", "no label 'monitering'; it must be one of isolation"),
        ("[[He reads it", "a mark's bracket without its pair at character 0"),
        (" \n", "no text is left; write the note in other words"),
    ],
)
def test_wrong_brackets_are_said_without_words_of_the_note(written, message):
    with pytest.raises(ValueError) as error:
        reword(make("1", "He reads her post", "monitoring"), written, LABELS)
    assert str(error.value).startswith(message)
    assert "reads" not in str(error.value)


# In the making


@pytest.fixture
def draft():
    words = ("He reads her post", "Tracker found on the car", "Phone is checked at night")
    notes = tuple(make(str(at), one, "monitoring", group=str(at)) for at, one in enumerate(words))
    return drafts.begin(Chosen(notes, ("told",)), Wish(n=3, share_without=0))


def test_notes_are_moved_and_dropped(draft):
    moved = drafts.move(draft, 0, 1)
    assert ids(moved) == ["1", "0", "2"]
    assert drafts.move(draft, 0, -1) == draft
    assert drafts.move(draft, 2, 1) == draft
    dropped = drafts.drop(moved, 1)
    assert ids(dropped) == ["1", "2"]
    assert [note.id for note in dropped.gone] == ["0"]


def test_a_note_is_swapped_for_another_by_the_same_wish_and_does_not_come_back(draft):
    fourth = make("3", "He listens at the door", "monitoring", group="3")
    empty = make("4", "Lost purse found", group="4")
    swapped = drafts.swap(draft, 0, [*draft.notes, fourth, empty])
    assert ids(swapped) == ["3", "1", "2"]
    again = drafts.swap(swapped, 0, [*draft.notes, fourth, empty])
    assert ids(again) == ["3", "1", "2"]
    assert again.told == ("No other note fits.",)


def test_a_note_of_a_variant_is_swapped_for_one_with_the_same_labels(synthetic):
    exercise = ten_mixed(synthetic, 1).notes
    draft = drafts.begin_variant(make_variant(exercise, synthetic, 1), 7, 1)
    at = next(at for at, note in enumerate(draft.notes) if len(affirmed_labels(note.marks)) == 1)
    swapped = drafts.swap(draft, at, synthetic)
    old, new = draft.notes[at], swapped.notes[at]
    assert new.id != old.id
    assert affirmed_labels(new.marks) == affirmed_labels(old.marks)
    assert swapped.stands_for[source_of(new)] == exercise[at]
    assert swapped.variant_of == 7


def test_notes_are_added_at_the_end(draft):
    empty = make("4", "Lost purse found", group="4")
    added = drafts.add(draft, Wish(n=1, share_without=1), [*draft.notes, empty])
    assert ids(added) == ["0", "1", "2", "4"]


def test_what_is_stored_of_a_choice_is_the_wish_and_the_sources(draft):
    assert drafts.about_of(replace(draft, wish=Wish(labels=("threats",), n=3, seed=5))) == {
        "wish": {"labels": ["threats"], "n": 3, "share_without": 1 / 3, "seed": 5},
        "sources": ["0", "1", "2"],
    }


def test_a_real_note_makes_a_draft_one_that_must_be_read(draft):
    assert not draft.is_masked
    real = replace(draft.notes[0], meta={**draft.notes[0].meta, "is_synthetic": False})
    assert Draft((real,)).is_masked
