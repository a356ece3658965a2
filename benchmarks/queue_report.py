"""Tables and one JSON object of what the benchmark of the queue measured."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

NAMES = {
    "sqlite": "ours on SQLite",
    "postgresql": "ours on PostgreSQL",
    "doccano": "doccano",
    "label-studio": "Label Studio",
}
DEEDS = ("open", "filter", "next")
FILTER = "filter: "
SERVED = ("postgresql",)
"""Tools that leave work to another process, whose time on the processor is not theirs alone."""


def write_table(tools: Mapping[str, Mapping]) -> str:
    """Write every deed of every tool, and then each tool beside ours.

    Parameters
    ----------
    tools : mapping of str to mapping
        What was measured: ``notes``, ``times``, perhaps a ``version``.

    Returns
    -------
    str
        Milliseconds at the median, with the notes found in brackets. A ratio compares the filters
        that both have. *Own* is the processor's time for the tool's process: where the machine does
        other work too, it says more than the clock.
    """
    deeds = list(dict.fromkeys(deed for tool in tools.values() for deed in tool["times"]))
    lines = [_line("ms at the median (notes found)", [NAMES[name] for name in tools])]
    lines += [
        _line(deed, [_cell(tool["times"].get(deed)) for tool in tools.values()]) for deed in deeds
    ]
    own_titles = [f"{deed} (own)" for deed in DEEDS]
    titles = ["notes", *DEEDS, *(f"{deed} ratio" for deed in DEEDS), *own_titles]
    lines += ["", _line("", titles)]
    for name, tool in tools.items():
        title = " ".join(filter(None, [NAMES[name], tool.get("version")]))
        ours = tools.get("sqlite", tool)["times"]
        figures = (sum_up(tool["times"]), ratios_to(ours, tool["times"]), sum_up_own(name, tool))
        cells = [f"{one[deed]:,.1f}" if one else "-" for one in figures for deed in DEEDS]
        lines.append(_line(title, [f"{tool['notes']:,}", *cells]))
    return "\n".join(lines)


def say_result(tools: Mapping[str, Mapping]) -> dict[str, object]:
    """Say what was measured, ours on SQLite first.

    Parameters
    ----------
    tools : mapping of str to mapping
        As in `write_table`.

    Returns
    -------
    dict
        ``notes``, ``open_ms``, ``filter_ms``, ``filter_slowest_ms`` and ``next_ms`` of SQLite (of
        PostgreSQL where only that was asked for), the same of ``postgresql``, and ``peers``;
        ``open_own_ms`` and so on are the processor's time.
    """
    first = next(name for name in ("sqlite", "postgresql") if name in tools)
    ours = tools[first]
    result = _figures(first, ours)
    if served := tools.get("postgresql"):
        result["postgresql"] = {"version": served["version"]} | _figures("postgresql", served)
    result["peers"] = {
        name: {"version": tool["version"], "load_s": tool["load_s"]}
        | _figures(name, tool)
        | {
            f"{deed}_ratio": round(x, 1)
            for deed, x in ratios_to(ours["times"], tool["times"]).items()
        }
        for name, tool in tools.items()
        if "load_s" in tool
    }
    return result


def ratios_to(ours: Mapping[str, Mapping], theirs: Mapping[str, Mapping]) -> dict[str, float]:
    """Say how many times as long another takes.

    Parameters
    ----------
    ours, theirs : mapping of str to mapping
        Timings by deed.

    Returns
    -------
    dict of str to float
        For each of ``DEEDS``; over the filters that both have.
    """
    both = ours.keys() & theirs.keys()
    mine, other = (sum_up({deed: times[deed] for deed in both}) for times in (ours, theirs))
    return {deed: other[deed] / mine[deed] for deed in DEEDS}


def sum_up(times: Mapping[str, Mapping], of: str = "ms") -> dict[str, float]:
    """Give milliseconds to open, to filter and to go on.

    Parameters
    ----------
    times : mapping of str to mapping
        Timings by deed.
    of : str
        Which of each timing: ``"ms"`` or ``"own_ms"``.

    Returns
    -------
    dict of str to float
        For each of ``DEEDS``; ``filter`` is the median of all filters.
    """
    filters = [timing[of] for deed, timing in times.items() if deed.startswith(FILTER)]
    return {"open": times["open"][of], "filter": median(filters), "next": times["next"][of]}


def sum_up_own(name: str, tool: Mapping) -> dict[str, float]:
    """Give the processor's milliseconds to open, to filter and to go on.

    Parameters
    ----------
    name : str
        Of the tool.
    tool : mapping
        What was measured.

    Returns
    -------
    dict of str to float
        As `sum_up`; empty for a tool that leaves work to another process.
    """
    return {} if name in SERVED else sum_up(tool["times"], "own_ms")


def _figures(name: str, tool: Mapping) -> dict[str, object]:
    """Give the figures of a tool under their names."""
    figures = {f"{deed}_ms": ms for deed, ms in sum_up(tool["times"]).items()}
    slowest = max(one["ms"] for deed, one in tool["times"].items() if deed.startswith(FILTER))
    figures["filter_slowest_ms"] = slowest
    figures |= {f"{deed}_own_ms": ms for deed, ms in sum_up_own(name, tool).items()}
    return {"notes": tool["notes"]} | {key: round(ms, 1) for key, ms in figures.items()}


def _cell(timing: Mapping | None) -> str:
    """Write one timing."""
    if timing is None:
        return "-"
    found = f" ({timing['found']:,})" if "found" in timing else ""
    return f"{timing['ms']:,.1f}{found}"


def _line(title: str, cells: list[str]) -> str:
    """Write a line of a table."""
    return f"{title:32}" + "".join(
        f"{cell:>20}" if len(cells) < 6 else f"{cell:>13}" for cell in cells
    )
