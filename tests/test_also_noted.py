import json
from itertools import pairwise
from pathlib import Path

import pytest

from classifier.doc import make_docs, make_nlp
from classifier.note import Mark, overlaps
from review.also_noted import KINDS, RULES, Fact, find_facts
from training.inline import parse_inline

LINES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "also_noted.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
OPEN = [line for line in LINES if line["meta"]["part"] == "open"]

S, P, T, B, W, E = "separation pregnancy strangulation breach weapons escalation".split()

CASES = [
    # separation
    f"IP [[left him|{S}]] in May.",
    f"Her [[ex-partner|{S}]] is outside.",
    f"Scared he will find out she is [[planning to leave when|{S}]] he works away.",
    f"They are [[not together any|{S}]] more.",
    f"No contact with her [[ex|{S}]] for a year.",
    f"She is not [[leaving him|{S}:negated]].",
    f"Asked whether [[they had split up|{S}:hypothetical]].",
    f"Says he will hurt himself [[if she leaves|{S}:hypothetical]].",
    "Left the house at 0720 to go to work.",
    "Left a message. Left arm sore, split lip.",
    "He left her alone in the car park.",
    "Ex-army, ex-colleague, exhibit bagged.",
    "Suspects made off left at the lights.",
    # pregnancy
    f"Fem [[28/40|{P}]], cramps.",
    f"Caller [[pregnent|{P}]].",
    f"Not right [[since the baby|{P}]].",
    f"Not [[pregnant|{P}:negated]], confirmed on arrival.",
    f"DASH q: is she [[pregnant|{P}:negated]]? N",
    f"DASH q: is she [[pregnant|{P}]]? Y",
    f"Is she [[pregnant|{P}:negated]]? N. Under 18s? Y",
    f"Asked re [[pregnancy|{P}:hypothetical]], call cleared.",
    f"?[[pregnant|{P}:hypothetical]]",
    f"No concerns about the [[pregnancy|{P}]].",
    "Expecting a call from OIC, expecting a delivery.",
    "There was a pregnant pause.",
    "Rent is due. Date of birth given.",
    # strangulation
    f"Put his [[hands round her throat|{T}]].",
    f"STATES SHE [[COULDN’T BREATHE|{T}]]",
    f"[[Pillow over her face|{T}]], two minutes.",
    f"Denies [[strangulation|{T}:negated]].",
    f"No threats, [[weapons|{W}:negated]] or [[strangulation|{T}:negated]].",
    f"He said he would [[strangle|{T}:hypothetical]] her.",
    "Child choked on food.",
    "Having an asthma attack, can't breathe.",
    "Gold necklace snatched from round her neck.",
    "Wearing a choker. Spoke to strangers.",
    # bail and orders
    f"[[Non-mol|{B}]] in force, he is here.",
    f"He has [[breached his bail|{B}]] again.",
    f"His [[tag cut|{B}]] off.",
    f"[[No order in place|{B}:negated]].",
    f"[[Injunction|{B}:negated]] expired in May.",
    f"Advised about [[injunctions|{B}:hypothetical]] and given NCDV no.",
    "Breach of the peace, breach of contract.",
    "Had to bail out. Bailiffs at door. Hay bales.",
    "Takeaway order late. All in order.",
    "Price tag swapped. Tagged in a photo.",
    # weapons
    f"He has a [[kitchen knife|{W}]].",
    f"Holds a [[shotgun licence|{W}]].",
    f"Threatened her with the [[scissors|{W}]].",
    f"Said [[acid in her face|{W}]].",
    f"Nil [[weapons|{W}:negated]], nil drugs.",
    f"Asked re [[weapons|{W}:negated]] - none.",
    f"Asked re [[weapons|{W}]] - yes.",
    f"She did not ring us about the [[knife|{W}]].",
    f"No injury seen and he has a [[knife|{W}]].",
    f"The [[knife|{W}]] is on the side in the back kitchen, can you please send someone now?",
    f"Any [[weapons|{W}:hypothetical]] in the house? Caller unsure.",
    f"No doubt he has a [[knife|{W}]].",
    f"If he comes back ring 999, he has a [[knife|{W}]].",
    "Knife and fork. Knife set not delivered.",
    "Glue gun, nail gun, Mr Gunn.",
    "Firearms officers not required.",
    "Drawing pinned up with scissors and tape.",
    # escalation
    f"It is [[getting worse|{E}]].",
    f"[[Never been this bad|{E}]].",
    f"[[Third call this week|{E}]] from this address.",
    f"Happens [[more often|{E}]].",
    f"Not [[getting worse|{E}:negated]].",
    f"Worried it could [[escalate|{E}:hypothetical]] if he sees us.",
    "Weather getting worse. Pain getting worse.",
    "Escalated to duty sgt. De-escalated on arrival.",
    "Third party call.",
]


@pytest.mark.parametrize("marked", CASES)
def test_exactly_these_facts_are_found(marked):
    text, marks = parse_inline(marked)
    expected = tuple(Fact(mark.start, mark.end, mark.label, mark.context) for mark in marks)
    assert find_facts(text) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found_in_the_open_lines_and_hardly_elsewhere(kind):
    marked = found = right = hit = 0
    for line in OPEN:
        marks = [Mark(**span) for span in line["spans"] if span["label"] == kind]
        meant = [mark for mark in marks if mark.context == "affirmed"]
        facts = [
            fact
            for fact in find_facts(line["text"])
            if fact.kind == kind and fact.context == "affirmed"
        ]
        marked += bool(meant)
        found += bool(facts)
        right += bool(facts and meant)
        hit += any(overlaps(mark, fact) for mark in meant for fact in facts)
    assert marked >= 13
    assert right >= 0.9 * found
    assert hit >= 0.9 * marked


def test_denied_and_asked_facts_of_the_open_lines_get_their_context():
    asked = [
        (line["text"], Mark(**span))
        for line in OPEN
        for span in line["spans"]
        if span["context"] != "affirmed"
    ]
    told = [
        any(
            fact.kind == mark.label and fact.context == mark.context and overlaps(fact, mark)
            for fact in find_facts(text)
        )
        for text, mark in asked
    ]
    assert len(told) == 30
    assert sum(told) >= 27


def test_the_lines_are_as_many_as_promised():
    for kind in KINDS:
        of_kind = [line["meta"] for line in LINES if line["meta"]["kind"] == kind]
        for sort, least in [("recorded", 25), ("look_alike", 15), ("negated_or_asked", 8)]:
            parts = [meta["part"] for meta in of_kind if meta["sort"] == sort]
            assert len(parts) >= least
            assert parts.count("held") == len(parts) // 2


def test_facts_are_in_reading_order_and_apart_within_a_kind():
    text = "\n".join(line["text"] for line in OPEN)
    facts = find_facts(text)
    assert list(facts) == sorted(facts, key=lambda fact: (fact.start, fact.end, fact.kind))
    for kind in KINDS:
        of_kind = [fact for fact in facts if fact.kind == kind]
        assert len(of_kind) > 10
        assert not any(overlaps(one, other) for one, other in pairwise(of_kind))


def test_offsets_count_characters_of_the_text_as_it_is():
    text = "👮 Says  in the e\u0301nd, last spring, they had “finally split\nup”.\r\n<b> knife </b>"
    assert [text[fact.start : fact.end] for fact in find_facts(text)] == ["split\nup", "knife"]


def test_a_phrase_does_not_run_across_a_sentence_end():
    assert find_facts("Never heard of him. Split. Up the road.") == ()


def test_a_doc_and_its_text_give_the_same():
    text = "Ex at door w/ machete, no bail."
    doc = make_docs([text], make_nlp())[0]
    assert find_facts(doc) == find_facts(text)
    assert len(find_facts(doc)) == 3


@pytest.mark.parametrize("text", ["", " ", "\n", '"', "-", "?", "¶", "no", "<script>"])
def test_a_text_without_words_to_find_gives_nothing(text):
    assert find_facts(text) == ()


def test_the_kinds_are_those_of_the_case_view_with_reason_and_source():
    assert tuple(KINDS) == (S, P, T, B, W, E)
    for title, why, source in KINDS.values():
        assert title and why.endswith(".") and source.endswith(".")


def test_what_is_said_of_a_kind_claims_nothing_about_risk_or_people():
    said = " ".join(f"{kind.title} {kind.why}" for kind in KINDS.values()).lower()
    assert not {"risk", "score", "victim", "perpetrator", "detected"} & set(said.split())


def test_every_source_is_used_and_described():
    used = {name for kind in RULES.kind for name in kind.sources}
    assert used == set(RULES.source)
