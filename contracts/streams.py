"""Seeds to named, independent random streams.

No module keeps a generator of its own: a seed and a name give a stream, and whoever needs random
numbers is handed one. Streams with different names are independent, so drawing more from one
(a policy, say) never changes what another (the workload) yields.
"""

from __future__ import annotations

import hashlib

import numpy as np

from contracts import checks

__all__ = ["stream"]


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random stream of this name under this seed.

    Parameters
    ----------
    seed : int
        Non-negative.
    name : str
        What the numbers are for, for instance ``"workload"``.

    Returns
    -------
    numpy.random.Generator
        PCG64, identical on every platform for the same seed and name.
    """
    entropy = checks.seed_value("seed", seed)
    checks.instance("name", name, str, "a str")
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy, spawn_key=(key,))))
