import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from evidence_examples import LABELS, QUIET, WATCHED, evidence_for, results
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.findings import Finding
from classifier.wording import NOTHING_HIGHLIGHTED, WHAT_IT_DOES_NOT_DO, showable
from classifier.writing import write_evidence

VOID = {"meta"}
OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "article"),
    *("footer", "nav", "h1", "h2", "h3", "p", "a", "ul", "ol", "li", "dl", "dt", "dd", "div"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "mark", "bdi", "span"),
}


class Page(HTMLParser):
    """Collects what a browser would: tags, and the text of each note without our cues."""

    def __init__(self, source):
        super().__init__()
        self.open, self.tags, self.attributes = [], [], []
        self.texts, self.marked, self.cues, self.said = [], [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        name = dict(attrs).get("class") or tag
        if name == "text":
            self.texts.append("")
        if tag not in VOID:
            self.open.append((tag, name))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        names = [name for _, name in self.open]
        self.said.append(data)
        if "cue" in names:
            if "text" in names and "heard" not in names:
                self.cues.append((data, len(self.texts[-1])))
        elif "text" in names:
            self.texts[-1] += data
            if "mark" in [tag for tag, _ in self.open]:
                self.marked.append(data)


def page_of(found, **options):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.html"
        assert write_evidence(iter(found), path, labels=LABELS, **options) == len(found)
        source = path.read_text("utf-8")
    page = Page(source)
    assert page.open == []
    page.source = source
    return page


def test_phrases_are_marked_and_carry_their_cue_once():
    page = page_of([WATCHED])
    assert page.texts == [WATCHED.note.text]
    assert page.marked == ["goes through her phone", "No threats"]
    assert page.cues == [("MON", 25), ("THR not", 37)]


def test_overlapping_phrases_are_cut_and_each_cue_stands_at_its_end():
    text = "tells her what to wear every day"
    page = page_of(
        [
            evidence_for(
                text,
                Finding(0, 22, "isolation", "affirmed", 0.9),
                Finding(10, 32, "monitoring", "affirmed", 0.7),
                Finding(10, 32, "threats", "hypothetical", 0.3),
            )
        ]
    )
    assert page.texts == [text]
    assert page.marked == ["tells her ", "what to wear", " every day"]
    assert page.cues == [("ISO", 22), ("MON", 32), ("THR asked", 32)]
    titles = [value for name, value in page.attributes if name == "title"]
    assert titles[-2] == (
        "Isolation: recorded as happening, strong match; "
        "Monitoring: recorded as happening, clear match; "
        "Threats: asked or conditional, possible match"
    )


@pytest.mark.parametrize("context", ["negated", "hypothetical", "other"])
def test_phrase_not_recorded_as_happening_has_no_colour(context):
    page = page_of([evidence_for("no threats", Finding(0, 10, "threats", context, 0.9))])
    note = page.source.split('class="text"')[1]
    assert '<mark class="unaffirmed"' in note
    assert "background" not in note


def test_quiet_note_says_that_silence_means_nothing():
    page = page_of([QUIET])
    assert NOTHING_HIGHLIGHTED in page.said
    assert "nothing highlighted" in page.said


def test_page_says_what_it_is_made_from_and_what_it_does_not_do():
    page = page_of([WATCHED, QUIET], about={"Source file": "<b>a&b</b>.csv"})
    assert page.said.count(WHAT_IT_DOES_NOT_DO) == 2
    assert {"Source file", "<b>a&b</b>.csv", "With a phrase highlighted", "P-2"} <= set(page.said)
    for label in LABELS.label:
        assert {label.title, label.definition, label.cue} <= set(page.said)


def test_findings_are_told_in_words_without_decimals():
    said = page_of([WATCHED]).said
    assert {"recorded as happening", "strong match", "recorded as not happening"} <= set(said)
    assert not [text for text in said if re.search(r"0\.\d{2}", text)]


def test_page_needs_nothing_from_outside_and_runs_nothing():
    page = page_of([WATCHED, evidence_for("x http://x.test <script src=//y>")])
    policy = ("content", "default-src 'none'; style-src 'unsafe-inline'")
    assert policy in page.attributes
    assert "script" not in page.tags
    links = [value for name, value in page.attributes if name in {"src", "href", "action"}]
    assert all(link.startswith("#") for link in links)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "url(" not in page.source
    assert "@import" not in page.source


def test_links_lead_somewhere_and_ids_are_unique():
    page = page_of([WATCHED, WATCHED, QUIET])
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in page.attributes if name == "href"} <= set(ids)
    labelled = {value for name, value in page.attributes if name == "aria-labelledby"}
    assert labelled <= set(ids)


def test_headings_are_in_order_and_language_is_named():
    page = page_of([WATCHED, QUIET])
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert ("lang", "en-GB") in page.attributes


def test_page_without_text_is_refused(tmp_path):
    with pytest.raises(ValueError) as error:
        write_evidence([QUIET], tmp_path / "out.html", labels=LABELS, with_text=False)
    assert str(error.value) == (
        "an HTML file shows the notes; without text write .jsonl, .csv or .xlsx"
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(results(), max_size=3))
def test_note_text_is_shown_as_text_whatever_it_holds(found):
    page = page_of(found)
    assert page.texts == [showable(result.note.text) for result in found]
    assert set(page.tags) <= OURS
    ends = [end for result in found for end in sorted(f.end for f in result.findings)]
    assert [end for _, end in page.cues] == ends
    covered = sum(
        len({at for f in result.findings for at in range(f.start, f.end)}) for result in found
    )
    assert len("".join(page.marked)) == covered
