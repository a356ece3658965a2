"""Options that the page is started with: nothing leaves the machine, calm colours."""

from __future__ import annotations

HERE = "127.0.0.1"
"""The address that only this machine can reach."""

STREAMLIT_OPTIONS = {
    "server.address": HERE,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "global.disableWidgetStateDuplicationWarning": "true",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "viewer",
    "theme.light.primaryColor": "#1f5f74",
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f3f5f6",
    "theme.light.textColor": "#1d2529",
    "theme.dark.primaryColor": "#6db5cb",
    "theme.dark.backgroundColor": "#14181a",
    "theme.dark.secondaryBackgroundColor": "#1f2528",
    "theme.dark.textColor": "#e8ecee",
}
"""Options of ``streamlit run`` and their values; the page works without them, less well."""


def make_flags(address: str = HERE) -> list[str]:
    """Make the flags of ``streamlit run``.

    Parameters
    ----------
    address : str
        Where the page is served.

    Returns
    -------
    list of str
        Such as ``"--server.address=127.0.0.1"``.

    Examples
    --------
    >>> make_flags()[0]
    '--server.address=127.0.0.1'
    """
    options = {**STREAMLIT_OPTIONS, "server.address": address}
    return [f"--{name}={value}" for name, value in options.items()]
