"""The case summary as a page and as a PDF."""

import re
import sys
from dataclasses import replace

import pytest

from classifier.labels import load_labels
from classifier.note import Mark
from classifier.wording import WHAT_IT_DOES_NOT_DO
from review.also_noted import Fact
from review.case_words import PLAIN_WORDS
from review.paper import PDF_NEEDS, make_pdf
from review.projects import Project
from review.settings import Settings
from review.summary import make_summary
from review.timelines import Call, Case, Run

TEXT = "He <b>checks</b> her phone. Threatens to take kids. Split up in May."
CHECKS, KIDS = Mark(3, 25, "monitoring"), Mark(27, 49, "child_leverage")
PROJECT = Project(1, "Pilot <i>", False, Settings(), 1, "2026-01-01T00:00:00.000000Z", "Ann")
FACT = Fact(52, 60, "separation", "affirmed")
READ = Call(
    *(1, "n<1>", "2024-01-05T08:00:00", None, TEXT),
    handler="H-1234",
    closing="Z9 <u>",
    findings={1: CHECKS, 2: KIDS},
    confirmed=(CHECKS,),
    dismissed=(KIDS,),
    readers=("Ann & Ben",),
    facts=(FACT,),
)
UNREAD = Call(2, "n2", "2024-02-05", 31, TEXT, findings={3: KIDS})
CASE = Case("P-1 <script>", (READ, UNREAD), Run(7, "ours", "2026-11-20T08:00:00.000000Z"))


def summary(case=CASE, **options):
    return make_summary(case, PROJECT, load_labels(), reader="Cleo <s>", **options)


def words_of(page):
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", body))


def test_nothing_from_a_file_or_a_person_is_markup():
    page = summary()
    for markup in ("<script", "<b>", "<i>", "<u>", "<s>", "n<1>"):
        assert markup not in page
    assert "&lt;b&gt;checks&lt;/b&gt; her" in page
    assert "default-src &#x27;none&#x27;" in page
    assert "P-1" not in page[: page.index("<body>")], "the title names nobody"


def test_it_says_what_it_is_who_made_it_and_from_which_run():
    words = words_of(summary())
    for said in (
        PLAIN_WORDS,
        WHAT_IT_DOES_NOT_DO,
        "Made by Cleo &lt;s&gt;",
        "Highlights from ours, run 7 of 20 Nov 2026",
        "Calls 2, of which 1 read to the end",
        "Quotes as in the notes, nothing masked",
    ):
        assert said in words
    assert "none has read it" in words_of(summary(Case("P-1", (UNREAD,))))


def test_confirmed_stands_apart_from_highlighted_only_and_dismissed_is_not_quoted():
    first, second = summary().split("<article>")[1:]
    assert "<h4>Confirmed by a reader</h4>" in first
    assert "<h4>Highlighted only" not in first
    assert "Highlighted and dismissed by the reader: 1, not quoted." in first
    assert "Threatens" not in first.split("<h4>Also noted")[0]
    assert "Read to the end by Ann &amp; Ben." in first
    assert "<h4>Highlighted only, not confirmed</h4>" in second
    assert "Nobody has read this note to the end yet." in second
    assert "31 days after the call before" in second


def test_whole_notes_and_handlers_are_left_out():
    page = summary()
    assert "H-1234" not in page
    assert TEXT.split(". ")[2][:20] not in page.replace("<q>", "")


def test_quotes_are_masked_on_request():
    page = summary(mask=lambda quote: "█" * len(quote))
    for phrase in ("checks", "take kids", "Split up"):
        assert phrase not in page
    assert page.count("█" * 8) >= 3
    assert "which may miss some" in page


def test_the_pdf_has_pages_and_asks_for_nothing():
    pytest.importorskip("weasyprint")
    assert make_pdf(summary()).startswith(b"%PDF-")


def test_without_weasyprint_the_command_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(ModuleNotFoundError) as error:
        make_pdf("<p>")
    assert str(error.value) == PDF_NEEDS


def test_indicators_of_many_calls_stand_below_one_another():
    calls = tuple(replace(UNREAD, note_id=at, name=f"n{at}") for at in range(1, 46))
    quiet = tuple(replace(call, findings={}) for call in calls[20:40])
    page = summary(Case("P-1", (*calls[:20], *quiet, *calls[40:])))
    captions = re.findall("<caption>(Indicators by call[^.]*)", page)
    assert captions == [f"Indicators by call, calls {part}" for part in ("1 to 20", "41 to 45")]
    heads = re.findall("<thead>.*?</thead>", page[page.index("calls 41 to 45") :])[0]
    assert heads.count("<th ") == 6
