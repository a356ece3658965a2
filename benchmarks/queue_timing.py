"""How long one thing takes at the median: for our store and for other tools, in any Python."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

WARM_UP = 3
ROUNDS = 21
SECONDS = 60
"""After so long no further round is begun, once there are a few."""

FEWEST = 5

Timing = dict[str, float]
"""``ms``, the median; ``slowest_ms``; ``rounds``; ``own_ms``, the median of the processor's time
for this process, which other work on the machine lengthens little; how many notes were ``found``,
if told."""


def measure(
    work: Callable[[], int | None], *, before: Callable[[], object] = lambda: None
) -> Timing:
    """Time some work again and again; what has to be done before each round is not timed."""
    times: list[float] = []
    own: list[float] = []
    found = None
    started = time.perf_counter()
    for number in range(WARM_UP + ROUNDS):
        before()
        begun, own_begun = time.perf_counter(), time.process_time()
        found = work()
        if number >= WARM_UP:
            times.append(1000 * (time.perf_counter() - begun))
            own.append(1000 * (time.process_time() - own_begun))
        if len(times) >= FEWEST and time.perf_counter() - started > SECONDS:
            break
    timing = {"ms": median(times), "slowest_ms": max(times), "rounds": len(times)}
    timing["own_ms"] = median(own)
    return timing if found is None else timing | {"found": found}
