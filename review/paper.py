"""Pages that are printed: anything may stand in them as text, and a PDF asks for nothing."""

from __future__ import annotations

from html import escape
from importlib.util import find_spec

from classifier.wording import showable

PDF_NEEDS = (
    "a PDF needs WeasyPrint; install it with: pip install 'unheard[pdf]', "
    "or print the HTML page from a browser"
)


def as_text(value: object) -> str:
    """Make anything safe to stand in a page.

    Parameters
    ----------
    value : object
        Shown as `str` gives it.

    Returns
    -------
    str
        Never markup, in text or in an attribute.

    Examples
    --------
    >>> as_text('<b> "x"')
    '&lt;b&gt; &quot;x&quot;'
    """
    return escape(showable(str(value)), quote=True)


def make_pdf(page: str) -> bytes:
    """Make a PDF of a page that asks for nothing from outside.

    Parameters
    ----------
    page : str
        HTML, as from `review.summary.make_summary` or `review.feedback.make_feedback`.

    Returns
    -------
    bytes
        Of the file.

    Raises
    ------
    ModuleNotFoundError
        If WeasyPrint is not installed.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        raise ModuleNotFoundError(PDF_NEEDS) from None
    return HTML(string=page, url_fetcher=_fetch_nothing).write_pdf()


def has_pdf() -> bool:
    """Tell whether WeasyPrint is installed.

    Returns
    -------
    bool
        Without loading it.
    """
    return find_spec("weasyprint") is not None


def _fetch_nothing(url: str) -> dict[str, object]:
    """Refuse whatever a page would ask for."""
    raise ValueError("a page for print asks for nothing from outside")
