"""The claims of docs/theory.md, one file each, listed by id in `CLAIMS`.

A file of this folder is a claim: its ``CLAIM`` is listed without being named anywhere else. May import
contracts, drift_processes, sympy, numpy, scipy, and from this room the enclosures and laws; never the
simulator or a solver.
"""

from __future__ import annotations

import math
import pkgutil
import re
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from bounds.claim import Claim

__all__ = ["CLAIMS"]

#: Letters of the ids in the order of the theory: FCFS, BF-IO, throughput, energy.
LETTERS = "FBTE"


def _place(claim: Claim) -> tuple[int, float, str]:
    """Return where a claim stands: F0, F1, B0, B1, B1-ratio, ..., E0, E-saving."""
    letter = LETTERS.find(claim.id[0])
    found = re.match(r"[A-Z](\d+)", claim.id)
    number = float(found.group(1)) if found else math.inf
    return (letter if letter >= 0 else len(LETTERS), number, claim.id)


def _found() -> list[Claim]:
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    claims: list[Claim] = [module.CLAIM for module in modules]
    return sorted(claims, key=_place)


#: Id to claim, in the order of the theory.
CLAIMS: Mapping[str, Claim] = MappingProxyType({claim.id: claim for claim in _found()})
