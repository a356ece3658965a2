"""What Streamlit would ask on the internet, and does not."""

from __future__ import annotations

from streamlit import net_util


def ask_nobody() -> None:
    """Keep Streamlit from asking a server on the internet which address this machine has.

    It would do so to say where the page is, and whenever a browser asks under a name that it does
    not know. There is no option against it (Streamlit 1.67, ``net_util.get_external_ip``).
    """
    net_util.get_external_ip = lambda: None
