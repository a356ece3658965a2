"""Where a note was taken: a hundred and more spellings of the corpus as a dozen kinds."""

from __future__ import annotations

import re

SETTING_KINDS: dict[str, str] = {
    "police": "Police and control rooms",
    "helpline": "Helplines",
    "messages": "Chat, texts and letters",
    "health": "GP, nurse, midwife, pharmacy",
    "hospital": "Ambulance and hospital",
    "school": "School, college, university",
    "housing": "Housing and council",
    "money": "Bank, debt and benefits",
    "social_care": "Social care",
    "work": "Employer",
    "justice": "Courts, solicitors, probation",
    "support": "Advocates and victim support",
    "other": "Faith, fire service and others",
    "not_told": "Not told",
}
"""Kinds of settings, and how they are called. They say where a note was taken, not who wrote it."""

UNNAMED_GROUPS = {"police_notes": "police"}
"""Author groups of the corpus whose notes name no setting, and where their brief puts them."""

_RULES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("social_care", r"hospital social|social care|adult care|home care|day centre|marac"),
        ("social_care", r"^contact centre$|chronology|^review$"),
        ("housing", r"council"),
        ("messages", r"chat|\btext\b|\bsms\b|letter|e?mail|forum|voicemail|social media"),
        ("justice", r"probation|custody|court|solicitor|perpetrator"),
        ("support", r"idva|victim|outreach|hostel|interpreter"),
        ("money", r"bank|debt|dwp"),
        ("police", r"police|intel"),
        ("helpline", r"line\b|helpline|elder-abuse|older people|translated call"),
        ("health", r"\bgp\b|nurse|midwi|matern|pharma|dentist|optician|health visitor|sexual"),
        ("hospital", r"ambulance|\ba&e\b|\bae\b|ward|\b111\b|hospital|mental health|therapy"),
        ("health", r"health|drug and alcohol"),
        ("school", r"school|student|university|college"),
        ("housing", r"housing"),
        ("work", r"\bhr\b|employer|workplace|armed forces"),
        ("not_told", r"^$"),
    )
)


def setting_kind(setting: object, group: object = None) -> str:
    """Tell of which kind a setting is.

    Parameters
    ----------
    setting : object
        As the note's ``meta`` has it, in any spelling; None if it has none.
    group : object
        The author group, where the setting is not named.

    Returns
    -------
    str
        Of ``SETTING_KINDS``; ``"other"`` for what no rule knows.

    Examples
    --------
    >>> setting_kind("police 999"), setting_kind("school_nurse"), setting_kind("vet")
    ('police', 'health', 'other')
    """
    if not setting and group in UNNAMED_GROUPS:
        return UNNAMED_GROUPS[group]
    words = " ".join(str(setting or "").lower().replace("_", " ").split())
    return next((kind for kind, pattern in _RULES if pattern.search(words)), "other")
