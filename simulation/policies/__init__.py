"""The policies by name. A file for each kind; `_kernels` and `_report_kernel` hold the compiled twins.

May import contracts, formulations, numpy, numba.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from contracts import checks
from simulation.policies.authors_bfio import AuthorsBfio
from simulation.policies.balance_route import BalanceRoute0, BalanceRouteH
from simulation.policies.base import Policy, Running, View
from simulation.policies.bfio import Bfio, BfioExact
from simulation.policies.deal import Deal
from simulation.policies.fcfs import Fcfs, RoundRobin
from simulation.policies.fill import Fill
from simulation.policies.power_of_two import PowerOfTwo
from simulation.policies.random_choice import RandomChoice
from simulation.policies.reported import SglangTotalRequests, SglangTotalTokens, VllmDp
from simulation.policies.shortest import JoinShortestQueue, LeastLoad
from simulation.policies.survival import Survival

__all__ = [
    "POLICIES",
    "AuthorsBfio",
    "BalanceRoute0",
    "BalanceRouteH",
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
    "Running",
    "SglangTotalRequests",
    "SglangTotalTokens",
    "Survival",
    "View",
    "VllmDp",
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
            VllmDp,
            SglangTotalRequests,
            SglangTotalTokens,
            BalanceRoute0,
            BalanceRouteH,
            Survival,
            AuthorsBfio,
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
