"""Handouts: the same lines on every sheet, marks in ink, nothing but text, honest words."""

import re
from html import escape, unescape
from html.parser import HTMLParser

import pytest

from classifier.labels import load_labels
from classifier.note import Mark, Note
from review.paper import has_pdf, make_pdf
from review.practice.handout_key import key_page, label_pages
from review.practice.handout_lines import WIDTH, cut_lines, lines_of, show_lines
from review.practice.handout_phrases import Phrase, number_phrases
from review.practice.handout_slides import ROOM, cut_slides
from review.practice.handout_words import (
    DOES_NOT_SAY,
    INVENTED,
    MASKED,
    REFERENCE_IS,
    SHORT,
    WARNING,
    facts_of,
)
from review.practice.handouts import KINDS, make_handout
from training.corpus import read_corpus

LABELS = load_labels()
PLAIN = "18:02 Says he checks her phone. No threats made.\n\n18:20 Verbal only, NFA."
NASTY = (
    "<script>alert(1)</script> </li></ol></main> &amp; \" ' \n"
    "הוא בודק את הטלפון שלה every night\n"
    "\t👩‍👧 💀 \x00 \ud800 \u202eevil\u2028next\x85line " + "x" * 130 + " end \r\n \r\n"
)


def mark(text, words, label, context="affirmed"):
    start = text.index(words)
    return Mark(start, start + len(words), label, context)


PLAIN_MARKS = (
    mark(PLAIN, "checks her phone", "monitoring"),
    mark(PLAIN, "No threats made", "threats", "negated"),
    mark(PLAIN, "Verbal only, NFA", "dismissive_response"),
)


def note(text=PLAIN, marks=PLAIN_MARKS, **meta):
    return Note("Note 1", text, marks, {"is_synthetic": True, "source": "dr-0001", **meta})


def make(kind, *notes, name="Ten notes", is_synthetic=True):
    return make_handout(name, notes or [note()], kind, LABELS, is_synthetic=is_synthetic)


class Outline(HTMLParser):
    """Reads headings, ids of open elements, and what never closed."""

    VOID = ("meta", "br")

    def __init__(self, page):
        super().__init__()
        self.open, self.headings, self.tags = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def words_of(page):
    return unescape(re.sub("<[^>]*>", "", page.partition("<main>")[2]))


# Lines


@pytest.mark.parametrize("text", [PLAIN, NASTY, "", " \n ", "w" * 500, "a b " * 300, "\n\na"])
def test_lines_joined_are_the_whole_text(text):
    lines = cut_lines(text)
    assert "".join(text[line.start : line.end] for line in lines) == text
    assert all(line.start < line.end for line in lines)


def test_lines_of_the_corpus_are_never_too_long_and_numbered_without_gaps():
    notes = [one for one in read_corpus() if one.meta["unit"] == "note"][::40]
    for one in notes:
        lines = cut_lines(one.text)
        assert max(len(one.text[line.start : line.end].rstrip()) for line in lines) <= WIDTH
        numbers = [line.number for line in lines if line.number]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_line_ends_at_a_space_and_a_long_word_is_cut():
    assert [(line.start, line.end) for line in cut_lines("no tea at noon", width=8)] == [
        *((0, 7), (7, 14)),
    ]
    assert [(line.start, line.end) for line in cut_lines("a" * 10, width=4)] == [
        *((0, 4), (4, 8), (8, 10)),
    ]


def test_wide_characters_take_two_places_and_joined_ones_none():
    assert [line.end for line in cut_lines("字" * 6, width=4)] == [2, 4, 6]
    assert [line.end for line in cut_lines("e\u0301" * 6, width=4)] == [8, 12]


def test_a_paragraph_runs_the_way_of_its_first_letter():
    lines = cut_lines("12 הוא " + "abc " * 30 + "\nhe הוא")
    assert [line.is_rtl for line in lines] == [*[True] * (len(lines) - 1), False]


def test_an_indented_long_word_makes_no_blank_line():
    assert [line.number for line in cut_lines("  " + "x" * 10, width=8)] == [1, 2]


# Phrases


def test_marks_of_the_same_words_are_one_phrase_with_labels_in_the_guides_order():
    marks = [Mark(4, 8, "fear_compliance"), Mark(4, 8, "isolation"), Mark(0, 2, "threats")]
    assert number_phrases(marks, LABELS) == [
        Phrase(1, 0, 2, "affirmed", ("threats",)),
        Phrase(2, 4, 8, "affirmed", ("isolation", "fear_compliance")),
    ]


def test_phrases_that_overlap_take_different_lanes():
    marks = [Mark(0, 10, "threats"), Mark(5, 15, "isolation"), Mark(12, 20, "threats")]
    marks += [Mark(5, 15, "isolation", "negated")]
    assert [one.lane for one in number_phrases(marks, LABELS)] == [0, 1, 2, 0]


def test_overlapping_phrases_keep_every_character_once_and_every_letter_once():
    text = "he tracks her car and reads her emails, says she has to ask first before she rings mum"
    marks = [
        mark(text, "tracks her car and reads her emails", "monitoring"),
        mark(text, "reads her emails, says she has to ask", "isolation"),
        mark(text, "has to ask first", "fear_compliance"),
    ]
    phrases = number_phrases(marks, LABELS)
    page = show_lines(text, cut_lines(text), phrases, LABELS)
    bare = re.sub("<bdi.*?</bdi>", "", page)
    assert re.sub(r"\s", "", re.sub("<[^>]*>", "", bare)) == re.sub(r"\s", "", text)
    cues = re.findall(r'aria-hidden="true"><b>(\d)</b> ([A-Z]+)', page)
    assert cues == [("1", "MON"), ("2", "ISO"), ("3", "FEA")]
    nested = [f'<span class="mark affirmed lane{lane}">' for lane in (1, 0)]
    assert f"{''.join(nested)}reads her emails</span></span>" in page


@pytest.mark.parametrize("start, end", [(0, 1), (0, 3), (2, 9), (8, 10), (9, 13), (3, 14)])
def test_a_phrase_keeps_its_letters_where_it_begins_or_ends_in_white_space(start, end):
    text = "\n\nhe goes \n\n it "
    phrases = number_phrases([Mark(start, end, "monitoring")], LABELS)
    page = show_lines(text, cut_lines(text), phrases, LABELS)
    assert page.count('class="cue"') == 1


def test_a_phrase_over_two_lines_says_both():
    text = "word " * 8 + "checks her phone"
    (phrase,) = number_phrases([mark(text, "checks her phone", "monitoring")], LABELS)
    assert lines_of(phrase, cut_lines(text)) == (1, 2)


# All kinds


@pytest.mark.parametrize("kind", KINDS)
def test_a_handout_is_well_formed_says_its_language_and_has_headings_in_order(kind):
    page = make(kind, note(), note("", ()), note(NASTY, (Mark(26, 60, "threats", "other"),)))
    outline = Outline(page)
    assert outline.open == []
    assert outline.tags[0] == ("html", {"lang": "en-GB"})
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert all("scope" in attrs for tag, attrs in outline.tags if tag == "th")


@pytest.mark.parametrize("kind", KINDS)
def test_texts_are_never_markup(kind):
    evil = '<img src=x onerror="alert(1)">'
    meta = {"facts": {evil: evil}, "handled": {evil: evil}, "source": evil}
    page = make(kind, note(NASTY, (Mark(0, 24, "threats"),), **meta), name=evil)
    assert "<script" not in page and "<img" not in page and "\ud800" not in page
    assert {tag for tag, _ in Outline(page).tags}.isdisjoint({"script", "img", "a", "link"})
    assert "default-src &#x27;none&#x27;" in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_begins_with_a_warning_and_says_what_the_notes_are(kind):
    invented = make(kind)
    assert WARNING in invented and INVENTED in invented and DOES_NOT_SAY in invented
    assert f"Invented notes. {SHORT}" in invented and MASKED not in invented
    masked = make(kind, note(is_synthetic=False), is_synthetic=False)
    assert MASKED in masked and INVENTED not in masked
    assert f"Masked real notes, personal data. {SHORT}" in masked
    page = words_of(invented)
    assert page.index(WARNING) < page.index("Says he checks")


@pytest.mark.parametrize("kind", KINDS)
def test_line_numbers_are_the_same_on_every_sheet(kind):
    one = next(one for one in read_corpus() if one.meta["unit"] == "note" and len(one.text) > 900)
    page = re.sub("<bdi.*?</bdi>", "", make(kind, note(one.text, one.marks)))
    shown = {
        (int(number), re.sub("<[^>]*>", "", words))
        for number, words in re.findall(r'<li value="(\d+)"[^>]*>(.*?)</li>', page)
    }
    assert shown == {
        (line.number, escape(one.text[line.start : line.end].rstrip(), quote=True))
        for line in cut_lines(one.text)
        if line.number
    }


def test_a_real_note_is_never_called_invented():
    with pytest.raises(ValueError) as error:
        make("exercise", note(), note(is_synthetic=False))
    assert str(error.value) == "note 2 is not invented; make the handout of masked notes"


def test_other_kinds_and_no_notes_are_refused():
    with pytest.raises(ValueError) as error:
        make("poster")
    assert str(error.value) == ("a handout must be one of exercise, answers, slides, got 'poster'")
    with pytest.raises(ValueError, match="a handout needs one note at least"):
        make_handout("Ten", [], "slides", LABELS, is_synthetic=True)


# The exercise


def test_an_exercise_gives_no_mark_away():
    page = make("exercise", note(handled={"closing_code": "NFA 99"}))
    sheet = page[page.index("<article") : page.index('<section class="key"')]
    assert 'class="mark' not in sheet and 'class="cue' not in sheet
    assert "Monitoring" not in sheet and "NFA 99" not in page and "dr-0001" not in page


def test_an_exercise_asks_four_questions_of_each_note_and_ends_with_the_key():
    page = make("exercise", note(), note())
    for question in ("What do I hear?", "Which indicator?", "ask next?", "would I record?"):
        assert page.count(question) == 2
    assert page.rindex('<section class="key"') > page.rindex("<article")
    assert all(f'<span class="cue">{label.cue}</span>' in page for label in LABELS.label)


def test_questions_go_to_the_next_page_where_a_long_note_leaves_no_room():
    assert '"questions"' in make("exercise", note())
    assert '"questions next"' in make("exercise", note("a line\n" * 26, ()))


def test_the_key_has_every_label_in_full():
    page = key_page(LABELS)
    assert "… watches or checks on someone, in person or by technology." in page
    assert "The note, in its own voice (call handler, officer or worker)" in page


# The answer sheet


def test_an_answer_sheet_explains_each_mark_by_its_context():
    page = words_of(make("answers"))
    order = [
        *("Note 1 of 1", "What the note records", "Monitoring (MON), recorded as happening"),
        *("What the note itself did", "Dismissive wording in the note (DIS)"),
        *("Look-alikes: marked, and not evidence", "Threats (THR), recorded as not happening."),
        *("Not evidence: the note says that it did not happen.", "What could have been asked"),
        *("To talk about", "A denial is recorded.", "Label by label", "Key"),
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert REFERENCE_IS in page and "dr-0001" in page


def test_a_definition_is_given_once_in_a_note():
    text = "He reads her post. He reads her email."
    marks = (
        mark(text, "reads her post", "monitoring"),
        mark(text, "reads her email", "monitoring"),
    )
    page = words_of(make("answers", note(text, marks)))
    assert page.count("It may show that a partner, former partner or relative watches") == 1
    assert "Monitoring (MON), recorded as happening: see mark 1." in page


def test_a_note_without_marks_is_not_said_to_be_without_abuse():
    page = words_of(make("answers", note("Lost dog, brown.", ())))
    assert "That is not the same as nothing happening" in page
    assert "What could have been asked and recorded" not in page
    assert "The note ends: “Lost dog, brown.”" in page


def test_what_was_done_afterwards_is_on_the_answer_sheet():
    page = words_of(make("answers", note(handled={"closing_code": "NFA 99"})))
    assert "What was done, as far as the note says" in page and "Closing code: NFA 99" in page


def test_a_very_long_phrase_is_quoted_in_part():
    page = words_of(make("answers", note("w" * 5000, (Mark(0, 5000, "threats"),))))
    assert f"{'w' * 150} […] {'w' * 150}" in page


def test_pages_of_labels_have_prompts_and_look_alikes():
    page = words_of(f"<main>{label_pages({'monitoring'}, LABELS)}")
    assert "Could be asked" in page and "Could be recorded" in page
    assert "an employer" in page or "employer tracks the work van" in page
    assert "Isolation" not in page
    assert label_pages(set(), LABELS) == ""


# Slides


def test_slides_show_a_note_first_without_then_with_marks():
    page = make("slides")
    slides = page.split('<section class="slide">')[1:]
    plain = next(one for one in slides if "Note 1 of 1" in one)
    marked = next(one for one in slides if "Note 1: the reference marks" in one)
    assert 'class="mark' not in plain and 'class="cue"' not in plain
    assert marked.count('class="cue"') == 3
    assert "MON Monitoring · THR Threats · DIS Dismissive wording in the note" in marked
    assert slides.index(plain) < slides.index(marked)
    assert f"{len(slides)} / {len(slides)}" in slides[-1]


def test_a_long_note_runs_over_slides_of_about_equal_length():
    text = "word " * 9 * 24
    lines = cut_lines(text)
    slides = cut_slides(lines, [1] * len(lines))
    assert [line for slide in slides for line in slide] == lines
    assert [len(slide) for slide in slides] == [8, 8, 8]
    assert cut_slides(lines[:ROOM], [1] * ROOM) == [lines[:ROOM]]
    assert [len(one) for one in cut_slides(lines[:3], [1, ROOM + 5, 1])] == [1, 1, 1]
    assert cut_slides([], []) == [[]]


def test_facts_fall_back_to_the_setting():
    assert facts_of(note(setting="police")) == {"setting": "police"}
    assert facts_of(note(setting="police", facts={"grade": "2"})) == {"grade": "2"}
    assert facts_of(note()) == {}


# On paper


@pytest.mark.skipif(not has_pdf(), reason="WeasyPrint is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_a_pdf_is_made_of_anything(kind):
    long = note("He rings her forty times a day. " * 375, (Mark(3, 31, "stalking_harassment"),))
    nasty = note(NASTY, (Mark(26, 60, "threats"), Mark(40, 70, "isolation", "other")))
    page = make(kind, long, nasty, note("", ()))
    assert make_pdf(page).startswith(b"%PDF")


@pytest.mark.skipif(not has_pdf(), reason="WeasyPrint is not installed")
def test_a_slide_is_a_page_and_a_short_exercise_takes_a_page_a_note():
    from weasyprint import HTML

    slides = make("slides", note(), note("word " * 400, ()))
    assert len(HTML(string=slides).render().pages) == slides.count('class="slide"')
    exercise = make("exercise", note(), note(), note())
    assert len(HTML(string=exercise).render().pages) == 5  # front, three notes, key
