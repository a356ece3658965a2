"""Run another tool's part of the benchmark of the queue with the Python that it is installed in."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

HERE = Path(__file__).parent

PEERS = {"doccano": "queue_doccano.py", "label-studio": "queue_label_studio.py"}
"""Their scripts."""

LAST = 2_000
"""Characters of what a tool said that are shown when it failed; the notes are invented ones."""


def measure_peer(name: str, python: Path, notes: Path, home: Path, seconds: float) -> dict:
    """Give a tool the notes; give its version, how many it read, and its times.

    Parameters
    ----------
    name : str
        One of ``PEERS``.
    python : Path
        Of the environment that the tool is installed in.
    notes : Path
        From `queue_notes.write_notes`.
    home : Path
        Where it may keep its database; made here.
    seconds : float
        After which it reads no further notes.

    Returns
    -------
    dict
        With ``version``, ``notes``, ``load_s`` and ``times``.

    Raises
    ------
    RuntimeError
        If it failed; the message ends with what it said last.
    """
    home.mkdir()
    command = [python.absolute(), HERE / PEERS[name], notes, home, str(seconds)]
    # no settings of ours reach it, and nothing but the loopback is asked for
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    done = subprocess.run(command, capture_output=True, text=True, cwd=home, env=kept, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed with code {done.returncode}:\n{done.stderr[-LAST:]}")
    return json.loads(done.stdout.splitlines()[-1])
