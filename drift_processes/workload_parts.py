"""What `Workload` and `RequestStream` share: how their arguments are judged and worded.

May import contracts, numpy, the laws, the arrivals and the base of the drift processes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts import checks, stream
from drift_processes.arrivals import OTHER_ARRIVALS, Arrivals, OverloadedArrivals, as_arrivals
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law

__all__ = [
    "MOST_REQUESTS",
    "check_sum",
    "chosen_arrivals",
    "joint_law",
    "lengths_in_steps",
    "synthetic_source",
]


#: Most requests that are drawn to be held at once: 160 GB.
MOST_REQUESTS = 10**10


def check_sum(sizes: NDArray[np.float64], before: float = 0.0, first: int = 0) -> float:
    """Return ``before`` + Σ sizes, or raise where that leaves what float64 sums exactly.

    ``first`` is the place of sizes[0] among all requests, and ``before`` the sum of those before it.
    """
    with np.errstate(over="ignore"):
        running = np.cumsum(np.concatenate([[before], sizes]))
    if running[-1] >= checks.EXACT_INTEGER_LIMIT:  # sizes are >= 0: the last is the largest
        i = int(np.argmax(running >= checks.EXACT_INTEGER_LIMIT))
        raise ValueError(
            f"sizes must sum to less than 2**53 = {checks.EXACT_INTEGER_LIMIT}, "
            f"up to sizes[{first + i - 1}] = {sizes[i - 1]:g} they sum to {running[i]:.16g}"
        )
    return float(running[-1])


def joint_law(sizes: Law | JointLaw, lengths: Law | None) -> JointLaw:
    """Return the law of the pairs that the arguments ``sizes`` and ``lengths`` stand for."""
    checks.instance("sizes", sizes, (Law, JointLaw), "a Law or a JointLaw")
    if isinstance(sizes, JointLaw):
        checks.check(lengths is None, "lengths must be None where sizes is a JointLaw: it has the lengths")
        return sizes
    if lengths is None:
        raise ValueError("lengths must be given where sizes is a Law; a JointLaw would hold both")
    return JointLaw.independent(sizes, lengths)


def synthetic_source(law: JointLaw, arrivals: Arrivals) -> str:
    """Return in words where drawn requests come from."""
    return f"synthetic: {law!r}" + ("" if isinstance(arrivals, OverloadedArrivals) else f", {arrivals!r}")


def chosen_arrivals(arrivals: str | Arrivals | None, speed: float, *, drawn: bool) -> Arrivals | None:
    """Return what is to replace the trace's own times; ``None``: nothing."""
    if arrivals is None and drawn:
        arrivals = OverloadedArrivals()
    if drawn and isinstance(arrivals, str) and arrivals == "trace":
        raise ValueError(
            f"arrivals must be {OTHER_ARRIVALS} where requests are drawn: only the trace as it is has "
            f"times, got 'trace'"
        )
    if arrivals is None or (isinstance(arrivals, str) and arrivals == "trace"):
        return None
    process = as_arrivals("arrivals", arrivals, also="'trace', ")
    checks.check(
        speed == 1, f"speed must be 1 unless requests arrive by the trace's own clock, got {speed:g}"
    )
    return process


def lengths_in_steps(drift: DriftProcess, tokens: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return the lengths of requests that are to produce these output tokens, as the process has them."""
    steps = drift.lengths_in_steps(tokens, stream(seed, "lengths"))
    name = f"{type(drift).__name__}.lengths_in_steps(...)"
    return checks.array(name, steps, shape=tokens.shape, integral=True, at_least=1)
