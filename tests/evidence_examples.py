"""A small label set, two results and a strategy of awkward ones, for the tests of writing."""

from hypothesis import strategies as st

from classifier.findings import Finding, NoteEvidence
from classifier.labels import Label, LabelSet
from classifier.note import CONTEXTS, Note

COLOURS = [("#ffe08a", "#5c4300"), ("#8fd3ff", "#00405f"), ("#ffc2d9", "#6b1236")]
LABELS = LabelSet(
    source={"HO": "A statutory guidance"},
    label=tuple(
        Label(
            id=id,
            title=title,
            definition=f"About {title.lower()}.",
            look_alikes=("a shared calendar",),
            sources={"HO": ("item 3",)},
            colour={"light": light, "dark": dark},
            cue=cue,
        )
        for (id, title, cue), (light, dark) in zip(
            [
                ("monitoring", "Monitoring", "MON"),
                ("threats", "Threats", "THR"),
                ("isolation", "Isolation", "ISO"),
            ],
            COLOURS,
            strict=True,
        )
    ),
)
AWKWARD = [
    "<script>alert(1)</script>",
    "</div></article><b>",
    "&amp;",
    "=1+1",
    "_x0041_",
    "<r><t>x</t></r>",
    "لا يسمح لها",
    "👩🏽‍🚒",
    "e\u0301",
    "\r\n",
    "\x00",
    "\"'",
]


def evidence_for(text, *findings, id="n-1", meta=None):
    scores = dict.fromkeys(LABELS.ids, 0.01)
    for finding in findings:
        scores[finding.label] = max(scores[finding.label], finding.score)
    return NoteEvidence(Note(id, text, meta=meta or {}), findings, scores, max(scores.values()))


WATCHED = evidence_for(
    "He goes through her phone. No threats.",
    Finding(3, 25, "monitoring", "affirmed", 0.912345),
    Finding(27, 37, "threats", "negated", 0.5),
    meta={"team": "C", "received": "2024-01-03"},
)
QUIET = evidence_for("Two cars, no injuries.", id="n-2", meta={"person": "P-2"})


@st.composite
def results(draw):
    text = "".join(draw(st.lists(st.sampled_from(AWKWARD) | st.text(max_size=8), max_size=6)))
    findings = []
    for _ in range(draw(st.integers(0, 4)) if text else 0):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        label, context = draw(st.sampled_from(LABELS.ids)), draw(st.sampled_from(CONTEXTS))
        findings.append(Finding(start, end, label, context, draw(st.floats(0, 1))))
    meta = draw(st.dictionaries(st.text(max_size=4), st.text(max_size=4) | st.none(), max_size=2))
    findings.sort(key=lambda finding: (finding.start, -finding.end))
    return evidence_for(text, *findings, id=draw(st.text(min_size=1, max_size=4)), meta=meta)
