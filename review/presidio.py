"""Presidio's checks beside our rules, for those who want a second pair of eyes: an optional extra.

Nothing is fetched: its recognisers are called one by one, without its engine, which would download
a language model, and without those that look up the public suffix list (e-mail, web). Left out as
well, since in call notes nearly all they found was wrong: vehicles (*HbA1c*, *P4 met*), passports
(any nine figures) and dates (the timeline needs them).
"""

from __future__ import annotations

from collections.abc import Iterator

from review.redact.found import Finder, Found

INSTALL = "pip install '.[redact]'"

RECOGNISERS = {
    "CreditCardRecognizer": "account",
    "CryptoRecognizer": "account",
    "IbanRecognizer": "account",
    "IpRecognizer": "IP address",
    "MacAddressRecognizer": "IP address",
    "NhsRecognizer": "NHS number",
    "PhoneRecognizer": "phone",
    "UkDrivingLicenceRecognizer": "reference",
    "UkNinoRecognizer": "NI number",
    "UkPostcodeRecognizer": "postcode",
}
"""Presidio's recognisers that need neither a model nor a network, and the mask of each."""


def presidio_finder() -> Finder:
    """Make a finder of Presidio's recognisers, to be used after our own.

    On our invented lines and the synthetic notes it found nothing that our rules had missed
    except wallet addresses; names it finds only with a language model, which is not loaded.

    Returns
    -------
    callable
        For ``redact(text, using=(*FINDERS, presidio_finder()))``.

    Raises
    ------
    ModuleNotFoundError
        If Presidio is not installed.
    """
    try:
        from presidio_analyzer import predefined_recognizers
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"Presidio is not installed; redaction works without it. To add it: {INSTALL}",
            name=error.name,
        ) from error
    options = {"PhoneRecognizer": {"supported_regions": ("GB",)}}
    recognisers = [
        (getattr(predefined_recognizers, name)(**options.get(name, {})), kind)
        for name, kind in RECOGNISERS.items()
    ]

    def find(text: str) -> Iterator[Found]:
        for recogniser, kind in recognisers:
            for result in recogniser.analyze(text, recogniser.supported_entities, None) or ():
                yield Found(result.start, result.end, kind)

    return find
