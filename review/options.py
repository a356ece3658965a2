"""Options that the page is started with: nothing leaves the machine, calm colours."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

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
        Name or number by which browsers reach this machine. A name is served on all of the
        machine's networks, and the page answers to that name alone.

    Returns
    -------
    list of str
        Such as ``"--server.address=127.0.0.1"``.

    Raises
    ------
    ValueError
        If it stands for all addresses, by which no browser reaches anything.

    Examples
    --------
    >>> make_flags()[0]
    '--server.address=127.0.0.1'
    """
    options = dict(STREAMLIT_OPTIONS)
    if address != HERE:
        number = _read_number(address)
        if number is not None and number.is_unspecified:
            raise ValueError(
                f"{address} is no address that a browser can ask for; give the name or number by "
                "which other machines reach this one, such as 192.168.1.20 or training-pc.local"
            )
        served = "0.0.0.0" if number is None else address
        options |= {"server.address": served, "browser.serverAddress": address}
    return [f"--{name}={value}" for name, value in options.items()]


def _read_number(address: str) -> IPv4Address | IPv6Address | None:
    """Read an address that is a number."""
    try:
        return ip_address(address)
    except ValueError:
        return None
