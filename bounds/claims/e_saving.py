r"""E-saving: the energy that a better balance saves at least.

Statement
    1 - E_1/E_0 >= 1 - (P_max·W_1 + C_γ·I_1)/(P_max·W_0 + P_idle·I_0), C_γ = γ·P_idle + (1-γ)·P_max, for a
    baseline (0) and a policy (1) with total loads W and total imbalances I over their steps.
Status
    proved.
Assumptions
    No overhead of a step: its duration is κ·max_g L_g. The model of power is that of E0.
Constants
    P_idle, P_max in watts; γ.
Proof
    docs/theory.md §4, E-saving: E0 times κ·M, summed over the steps, from above for E_1 and below for E_0.
Tight when
    γ = 1; also where the baseline has workers at 0 and at M only, and the policy is balanced.
Source
    This project, sharper than the published form and not limited to equal work; the model of power is that of
    Chen et al., arXiv 2601.17855 (2026).
Example
    G = 2, one step, loads (2, 0) against (1, 1), P_idle = 100, P_max = 400: 1 - 800/(800 + 200) = 0.2.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM"]

W_0, W_1, I_0, I_1, P_idle, P_max, gamma = sympy.symbols(
    "W_0 W_1 I_0 I_1 P_idle P_max gamma", nonnegative=True
)
_leak = gamma * P_idle + (1 - gamma) * P_max

CLAIM = Claim(
    id="E-saving",
    title="energy saved by balance",
    statement=(
        r"1 - \frac{E_1}{E_0} \ge 1 - "
        r"\frac{P_{\max} W_1 + C_\gamma I_1}{P_{\max} W_0 + P_{\mathrm{idle}} I_0},"
        r"\quad C_\gamma = \gamma P_{\mathrm{idle}} + (1-\gamma) P_{\max}"
    ),
    status="proved",
    direction="lower",
    tight=True,
    assumptions=("no_overhead",),
    symbols={
        "W_0": "total load of the baseline, summed over its steps, load",
        "W_1": "total load of the policy, summed over its steps, load",
        "I_0": "imbalance of the baseline, summed over its steps, load",
        "I_1": "imbalance of the policy, summed over its steps, load",
        "P_idle": "power of an idle worker, watts",
        "P_max": "power of a worker at full utilisation, watts",
        "gamma": "exponent of the utilisation, in (0, 1]",
    },
    expression=1 - (P_max * W_1 + _leak * I_1) / (P_max * W_0 + P_idle * I_0),
    domain={"P_max >= P_idle": P_max >= P_idle, "gamma > 0": gamma > 0, "gamma <= 1": gamma <= 1},
    source="this project; model of power: arXiv 2601.17855",
    proof="docs/theory.md §4, E-saving",
    notes=(
        "steps with an overhead draw power at their utilisation meanwhile, which is not covered; a saving "
        "per token asks for runs that do the same work"
    ),
    neighbour=Neighbour(
        statement=(
            r"1 - \frac{E_1}{E_0} \ge 1 - \frac{P_{\max} W_1 + C_\gamma I_1}{P_{\max} W_0 + C_\gamma I_0}"
        ),
        expression=1 - (P_max * W_1 + _leak * I_1) / (P_max * W_0 + _leak * I_0),
        why=(
            "G = 2, one step, loads (2, 0) against (1, 1), P_idle = 100, P_max = 400, gamma = 0.7: 1000 J "
            "against 800 J save 0.2, and it asks for 1 - 800/1180 = 0.32"
        ),
    ),
)
