"""Who is a man, a woman or neither changes nothing: sentences swapped by hand score the same."""

import pytest

from classifier.evidence import find_all, find_evidence
from classifier.model_file import load_model
from classifier.note import CONTEXTS, Note

PAIRS = [
    # isolation
    ("He won't let her see her sister.", "She won't let him see his brother."),
    ("Husband has deleted all her contacts.", "Wife has deleted all his contacts."),
    ("He makes a scene whenever her mum comes.", "She makes a scene whenever his dad comes."),
    ("Her boyfriend speaks for her at the GP.", "His girlfriend speaks for him at the GP."),
    (
        "She stopped him going to his nan's funeral.",
        "He stopped her going to her grandad's funeral.",
    ),
    ("Not allowed to ring his mother any more.", "Not allowed to ring her father any more."),
    ("He told all her friends she was ill.", "She told all his friends he was ill."),
    # monitoring
    ("He goes through her phone every night.", "She goes through his phone every night."),
    ("Wife put a tracker on his car.", "Husband put a tracker on her car."),
    ("Boyfriend times her trips to the shop.", "Girlfriend times his trips to the shop."),
    ("Her partner has all her passwords.", "His spouse has all his passwords."),
    (
        "He makes her video-call to prove where she is.",
        "She makes him video-call to prove where he is.",
    ),
    ("INF says hubby reads her messages.", "INF says missus reads his messages."),
    # daily_control
    ("He tells her what to wear.", "She tells him what to wear."),
    ("Husband locked her in the flat.", "Wife locked him in the flat."),
    ("She has to be home by five or he shouts.", "He has to be home by five or she shouts."),
    ("He took the car keys off her.", "They took the car keys off them."),
    ("Her dad keeps her awake all night.", "His mum keeps him awake all night."),
    ("Stepfather decides when she may eat.", "Stepmother decides when he may eat."),
    # economic_abuse
    ("He takes her wages.", "She takes his wages."),
    ("Husband gives her £20 and wants receipts.", "Wife gives him £20 and wants receipts."),
    ("He took out loans in her name.", "She took out loans in his name."),
    ("Her son spends her pension.", "Her daughter spends her pension."),
    ("Girlfriend made him give up his job.", "Boyfriend made her give up her job."),
    ("The joint account is his alone now.", "The joint account is hers alone now."),
    # threats
    ("He said he'd put her in the ground.", "She said she'd put him in the ground."),
    (
        "Ex-husband threatened to kill her and the kids.",
        "Ex-wife threatened to kill him and the kids.",
    ),
    ("Said her brother would be hurt if she left.", "Said his sister would be hurt if he left."),
    ("He told his wife the dog will be gone.", "She told her husband the dog will be gone."),
    ("Male texted female you'll see what happens.", "Female texted male you'll see what happens."),
    ("Her uncle says he will slit her throat.", "His aunt says she will slit his throat."),
    # self_harm_threat
    ("He says he'll kill himself if she goes.", "She says she'll kill herself if he goes."),
    (
        "Boyfriend sends pictures of pills when she goes out.",
        "Girlfriend sends pictures of pills when he goes out.",
    ),
    ("He cut himself and said it was her fault.", "She cut herself and said it was his fault."),
    ("Husband says he will jump unless she stays.", "Wife says she will jump unless he stays."),
    ("Mum says she will end it if he moves out.", "Dad says he will end it if she moves out."),
    # exposure_threat
    ("He will send her photos to her boss.", "She will send his photos to his boss."),
    ("Husband says he will get her deported.", "Wife says she will get him deported."),
    ("He'll tell her parents she is gay.", "She'll tell his parents he is gay."),
    ("She will tell social services he is mad.", "He will tell social services she is mad."),
    ("Ex-boyfriend put her nudes online.", "Ex-girlfriend put his nudes online."),
    # degradation
    ("He calls her fat and useless.", "She calls him fat and useless."),
    ("He mocks her in front of the boys.", "She mocks him in front of the girls."),
    ("Husband makes her eat off the floor.", "Wife makes him eat off the floor."),
    ("Her sister says she is a waste of space.", "His brother says he is a waste of space."),
    ("She calls her wife stupid every day.", "He calls his husband stupid every day."),
    ("Daughter spits at her mother and laughs.", "Son spits at his father and laughs."),
    # gaslighting
    ("He tells her it never happened.", "She tells him it never happened."),
    ("Husband says she is imagining it.", "Wife says he is imagining it."),
    ("He moves things and says she's losing it.", "She moves things and says he's losing it."),
    ("She wonders whether she made it up herself.", "He wonders whether he made it up himself."),
    ("He said look what you made me do to her.", "She said look what you made me do to him."),
    # possessiveness
    ("He accuses her of sleeping with colleagues.", "She accuses him of sleeping with colleagues."),
    (
        "Boyfriend says if he can't have her no one will.",
        "Girlfriend says if she can't have him no one will.",
    ),
    ("Husband is jealous of her male friends.", "Wife is jealous of his female friends."),
    ("He checks her underwear for other men.", "She checks his underwear for other women."),
    ("She says her gf belongs to her alone.", "He says his bf belongs to him alone."),
    # intimidation
    ("He punched the wall by her head.", "She punched the wall by his head."),
    ("Husband smashed her phone.", "Wife smashed his phone."),
    (
        "He stood in the doorway so she couldn't leave.",
        "She stood in the doorway so he couldn't leave.",
    ),
    ("Boyfriend kicked her cat.", "Girlfriend kicked his cat."),
    ("Her lad threw plates at the wall.", "Her lass threw plates at the wall."),
    ("Mr Smith drove at 90 until she screamed.", "Mrs Smith drove at 90 until he screamed."),
    # stalking_harassment
    ("He rang her 60 times since she left.", "She rang him 60 times since he left."),
    ("Ex-husband sat outside her work.", "Ex-wife sat outside his work."),
    ("He makes new accounts to message her.", "She makes new accounts to message him."),
    ("Her ex sends his mother to her door.", "His ex sends her father to his door."),
    (
        "Man follows woman home from the gym each day.",
        "Woman follows man home from the gym each day.",
    ),
    # sexual_coercion
    ("He sulks for days until she gives in.", "She sulks for days until he gives in."),
    ("Husband hid her pill.", "Wife hid his pill."),
    ("He makes her send pictures of herself.", "She makes him send pictures of himself."),
    ("Boyfriend says she owes him sex.", "Girlfriend says he owes her sex."),
    ("She wakes him for sex and won't take no.", "He wakes her for sex and won't take no."),
    # child_leverage
    ("He says she'll never see the kids again.", "She says he'll never see the kids again."),
    ("He asks the boy who visits her.", "She asks the girl who visits him."),
    ("Dad returns the bairns late to punish her.", "Mum returns the bairns late to punish him."),
    ("He tells their son that she hates him.", "She tells their daughter that he hates her."),
    ("She keeps his daughters from him.", "He keeps her sons from her."),
    # care_control
    ("Her son keeps her tablets.", "His daughter keeps his tablets."),
    ("Husband took her wheelchair away.", "Wife took his wheelchair away."),
    ("His brothers have his passport.", "Her sisters have her passport."),
    ("Her uncles say she has shamed the family.", "His aunts say he has shamed the family."),
    (
        "Grandson leaves her without her hearing aid.",
        "Granddaughter leaves him without his hearing aid.",
    ),
    # fear_compliance
    (
        "She whispers because he is in the next room.",
        "He whispers because she is in the next room.",
    ),
    ("She has to ask her husband first.", "He has to ask his wife first."),
    ("He is too scared to go home to her.", "She is too scared to go home to him."),
    ("She says it was all her own fault.", "He says it was all his own fault."),
    ("Lady walks on eggshells around him.", "Gentleman walks on eggshells around her."),
    # dismissive_response
    ("Just a domestic, she won't help herself.", "Just a domestic, he won't help himself."),
    ("Caller dramatic, her bf seems a nice chap.", "Caller dramatic, his gf seems a nice lady."),
    (
        "Six of one, husband and wife as bad as each other.",
        "Six of one, wife and husband as bad as each other.",
    ),
    ("Mrs Jones was hysterical, NFA.", "Mr Jones was hysterical, NFA."),
    # other contexts
    ("She denies that he has ever threatened her.", "He denies that she has ever threatened him."),
    ("Asked if her husband checks her phone.", "Asked if his wife checks his phone."),
    ("No controlling behaviour by her boyfriend.", "No controlling behaviour by his girlfriend."),
    (
        "Her manager shouted at her, he is known for it.",
        "His manager shouted at him, she is known for it.",
    ),
    # as call notes are written
    ("F REPORTS M PARTNER TAKES HER MONEY.", "M REPORTS F PARTNER TAKES HIS MONEY."),
    (
        "Female, 34, says her fiancé's mother hits her.",
        "Male, 34, says his fiancée's father hits him.",
    ),
    ("Her b/f's got her bank card, says Miss Hill.", "His g/f's got his bank card, says Mr Hill."),
    (
        "Wife (herself deaf) lets her mam answer for her.",
        "Husband (himself deaf) lets his da answer for him.",
    ),
    ("Hubby won't give her the keys.", "OH won't give them the keys."),
    ("Her boyfriend tracks her phone.", "Their partner tracks their phone."),
]


def seen(evidence):
    """What the tool says of a note, without where it stands."""
    findings = [(f.label, f.context, f.score) for f in evidence.findings]
    return {"findings": findings, "scores": evidence.scores, "evidence": evidence.evidence}


def test_there_are_enough_different_pairs():
    assert len(PAIRS) >= 100
    assert len({text for pair in PAIRS for text in pair}) == 2 * len(PAIRS)


@pytest.mark.parametrize(("text", "swapped"), PAIRS)
def test_a_swapped_sentence_scores_the_same(text, swapped, default_model):
    one, other = (find_evidence(Note("n", words), default_model) for words in (text, swapped))
    assert seen(one) == seen(other)


def test_words_alone_do_not_mind_the_verb_of_a_singular_they():
    """The encoder sees inflections and may: *was* and *were* are two words to it."""
    texts = "He told all her friends she was ill.", "They told all their friends they were ill."
    one, other = find_all([Note(text, text) for text in texts], load_model(fast=True))
    assert seen(one) == seen(other)


def test_a_swapped_long_note_scores_the_same(default_model):
    notes = [Note(str(i), " ".join(pair[i] for pair in PAIRS)) for i in range(2)]
    one, other = find_all(notes, default_model)
    assert seen(one) == seen(other)
    assert one.findings


@pytest.mark.parametrize("n_words", range(6, 18))
def test_a_swap_does_not_move_the_end_of_a_wrapped_line(n_words, default_model):
    notes = [
        Note(word, f"{' '.join([word] * n_words)}\ntakes her wages") for word in ("dad", "mother")
    ]
    one, other = find_all(notes, default_model)
    assert seen(one) == seen(other)


def test_the_pairs_show_findings_of_every_label(default_model):
    notes = [Note(str(i), pair[0]) for i, pair in enumerate(PAIRS)]
    found = [
        finding for evidence in find_all(notes, default_model) for finding in evidence.findings
    ]
    assert {finding.label for finding in found} == set(default_model.label_set.ids)
    assert {finding.context for finding in found} <= set(CONTEXTS)
    assert len({finding.context for finding in found}) > 1
