"""The policies by name. One file each; `_kernels` holds the compiled twins.

May import contracts, formulations, numpy, numba.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from contracts import checks
from simulation.policies.base import Policy, View
from simulation.policies.bfio import Bfio, BfioExact
from simulation.policies.deal import Deal
from simulation.policies.fcfs import Fcfs, RoundRobin
from simulation.policies.fill import Fill
from simulation.policies.power_of_two import PowerOfTwo
from simulation.policies.random_choice import RandomChoice
from simulation.policies.shortest import JoinShortestQueue, LeastLoad

__all__ = [
    "POLICIES",
    "Bfio",
    "BfioExact",
    "Deal",
    "Fcfs",
    "Fill",
    "JoinShortestQueue",
    "LeastLoad",
    "Policy",
    "PowerOfTwo",
    "RandomChoice",
    "RoundRobin",
    "View",
    "make_policy",
]

#: Name to constructor, as `simulation.simulate` and the command line take them.
POLICIES: Mapping[str, Callable[[], Policy]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Fcfs,
            RoundRobin,
            RandomChoice,
            JoinShortestQueue,
            LeastLoad,
            PowerOfTwo,
            Deal,
            Fill,
            Bfio,
            BfioExact,
        )
    }
)


def make_policy(policy: str | Policy) -> Policy:
    """Return the policy of this name, or the object itself.

    Raises
    ------
    ValueError
        If no policy has the name; the message lists those that exist.
    TypeError
        If it is neither a name nor a `Policy`.
    """
    if isinstance(policy, str):
        return POLICIES[checks.choice("policy", policy, tuple(POLICIES))]()
    checks.instance("policy", policy, Policy, "a policy name or a Policy object")
    return policy
