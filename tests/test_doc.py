import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.doc import make_docs, make_nlp

NLP = make_nlp()
LONG = "Caller says he has taken her keys and her phone and that he will"


def sentences(text):
    """Sentences without the white space around them."""
    return [sentence.text.strip() for sentence in NLP(text).sents]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He shouts. She cries.", ["He shouts.", "She cries."]),
        ("What?! Really... ok", ["What?!", "Really...", "ok"]),
        ("Wait… what", ["Wait…", "what"]),
        ("end.Next start", ["end.", "Next start"]),
        ("HE SHOUTS. SHE CRIES", ["HE SHOUTS.", "SHE CRIES"]),
        ("he shouts. she cries", ["he shouts.", "she cries"]),
        ("He\tleft\tthen. She stayed", ["He\tleft\tthen.", "She stayed"]),
    ],
)
def test_a_stop_ends_a_sentence(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He shouts\nShe cries", ["He shouts", "She cries"]),
        ("He shouts\r\nShe cries", ["He shouts", "She cries"]),
        ("He shouts\rShe cries", ["He shouts", "She cries"]),
        ("HE SHOUTS\nSHE CRIES\nHE LEFT", ["HE SHOUTS", "SHE CRIES", "HE LEFT"]),
        ("Short line\nof words", ["Short line", "of words"]),
        ("- takes keys\n- checks phone", ["- takes keys", "- checks phone"]),
        ("• takes keys\n• checks phone", ["• takes keys", "• checks phone"]),
        ("* takes keys\n\n* checks phone", ["* takes keys", "* checks phone"]),
        ("visitor: hi\nworker: Hello", ["visitor: hi", "worker: Hello"]),
        (f"visitor: {LONG}\nworker: ok", [f"visitor: {LONG}", "worker: ok"]),
    ],
)
def test_a_new_line_ends_a_sentence_without_a_stop(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", " \n", "\n  "])
def test_a_long_line_that_runs_on_in_lower_case_was_wrapped(end):
    assert sentences(f"{LONG}{end}not give them back.") == [f"{LONG}{end}not give them back."]


@pytest.mark.parametrize(
    "rest",
    [
        "\n\nnot give them back.",
        "\r\n\r\nnot so.",
        "\n \nnot so.",
        "\nNot give them.",
        "\n- not so",
    ],
)
def test_a_long_line_before_a_blank_line_or_a_capital_was_not_wrapped(rest):
    assert sentences(LONG + rest) == [LONG, rest.strip()]


def test_a_stop_at_the_end_of_a_long_line_ends_the_sentence():
    assert sentences(f"{LONG}.\nno reply") == [f"{LONG}.", "no reply"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "21:04 Call from F 21:07 Male has left",
            ["21:04 Call from F", "21:07 Male has left"],
        ),
        ("No reply 2147hrs Male found", ["No reply", "2147hrs Male found"]),
        ("No reply 21:47 - none again", ["No reply", "21:47 - none again"]),
        ("Unit sent 21:50 – gone 21:55: found", ["Unit sent", "21:50 – gone", "21:55: found"]),
        ("Left at 21:07 He came back", ["Left at 21:07 He came back"]),
        ("Back by 21.07 Monday", ["Back by 21.07 Monday"]),
        ("Between 21:00 and 22:00 He rang", ["Between 21:00 and 22:00 He rang"]),
        ("Rang her 21:07 again", ["Rang her 21:07 again"]),
        ("Rang her 25:07 Monday", ["Rang her 25:07 Monday"]),
        ("Rang her 21:07", ["Rang her 21:07"]),
    ],
)
def test_the_time_stamp_of_a_new_entry_begins_a_sentence(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1. He shouts",
        "12. He shouts",
        "2) He shouts",
        "(3) He shouts",
        "a) He shouts",
        "1) he left",
    ],
)
def test_a_list_number_belongs_to_its_sentence(text):
    assert sentences(text) == [text]
    assert sentences(f"{text}.\n{text}.") == [f"{text}.", f"{text}."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("approx. 20 calls", ["approx. 20 calls"]),
        ("Approx. 20 mins. She left", ["Approx. 20 mins.", "She left"]),
        ("no. 7 of 9", ["no. 7 of 9"]),
        ("dept. of health", ["dept. of health"]),
        ("ref. 22, ext. 4", ["ref. 22, ext. 4"]),
        ("He said no. She left", ["He said no.", "She left"]),
        ("No. He did not.", ["No.", "He did not."]),
        ("Dr. Smith rang. DR. SMITH RANG.", ["Dr. Smith rang.", "DR. SMITH RANG."]),
        ("Sgt. Jones told Mrs. Jones.", ["Sgt. Jones told Mrs. Jones."]),
        ("MR. JONES LEFT. MRS. JONES STAYED", ["MR. JONES LEFT.", "MRS. JONES STAYED"]),
        ("Mx. Jones left. mr. jones left", ["Mx. Jones left.", "mr. jones left"]),
        ("12.5 miles away. Gone", ["12.5 miles away.", "Gone"]),
    ],
)
def test_the_stop_of_a_shortened_word_ends_no_sentence(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "get out." She left', ['He said "get out."', "She left"]),
        ("He said “get out.” She left", ["He said “get out.”", "She left"]),
        ("He said 'stop.' She left", ["He said 'stop.'", "She left"]),
        ("He (shouts.) She cries", ["He (shouts.)", "She cries"]),
        ('He left. "Get out," he said', ["He left.", '"Get out," he said']),
        ('He left.\n"Get out," he said', ["He left.", '"Get out," he said']),
        ('He left.  "Get out," he said', ["He left.", '"Get out," he said']),
        ('Text reads\r\n"you will see"', ["Text reads", '"you will see"']),
    ],
)
def test_a_quote_that_closes_belongs_before_and_one_that_opens_after(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize("text", ["", " ", "   ", "\n\n\n", "\t", "\r\n", ".", "...", "\u200d"])
def test_blank_text_and_bare_marks_have_at_most_one_sentence(text):
    assert len(list(NLP(text).sents)) == bool(text)


TEXTS = st.lists(
    st.sampled_from(["He", "she", ".", " ", "\n", "\r\n", "\t", "21:04", "1.", '"', "approx.", "’"])
    | st.text(max_size=4)
).map("".join)


@given(TEXTS)
def test_sentences_are_the_whole_text(text):
    doc = NLP(text)
    assert doc.text == text
    assert "".join(sentence.text_with_ws for sentence in doc.sents) == text


@given(TEXTS)
def test_no_sentence_but_the_first_begins_with_white_space(text):
    assert not [sent for sent in list(NLP(text).sents)[1:] if sent[0].is_space]


def test_half_characters_are_read_without_moving_offsets():
    text = "\ud83d he \udc00checks"
    [doc] = make_docs([text], NLP)
    assert doc.text == "\ufffd he \ufffdchecks"
    assert len(doc.text) == len(text)


def test_texts_keep_their_order():
    texts = ["He left.", "", "She cried."]
    assert [doc.text for doc in make_docs(texts, NLP)] == texts


def test_every_token_has_its_normal_form():
    doc = NLP("Husband CHECKED her phone at 21:47\n")
    assert [token.norm_ for token in doc] == [
        *("partner", "check", "them", "phone", "at", "_time", "_space"),
    ]


@pytest.mark.parametrize("text", ["=" * 5_000, "!?" * 2_500, "a/" * 2_500, "x" * 100_000])
def test_a_long_run_of_marks_is_read_at_once(text):
    assert [token.text for token in NLP(f"He left {text} now")] == ["He", "left", text, "now"]


def test_a_line_of_marks_is_taken_apart():
    assert len(NLP("-" * 30)) + len(NLP("!" * 90)) < 120
    assert NLP("He left!!!!!")[1].text == "left"
