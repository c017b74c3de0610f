r"""E-saving-published: the saving of energy in its published form.

Statement
    saving >= (P_idle·I_0 - C_γ·I_1)/(P_max·W + C_γ·I_0), C_γ = γ·P_idle + (1-γ)·P_max, for a baseline (0)
    and a policy (1) that do the same total work W, where P_idle·I_0 >= C_γ·I_1.
Status
    proved, for a numerator that is not negative; false beyond (see the notes).
Assumptions
    Those of E-saving, and the same total work of both runs.
Constants
    P_idle, P_max in watts; γ.
Proof
    docs/theory.md §4, E-saving-published: E-saving has the same numerator and P_idle <= C_γ in the
    denominator.
Tight when
    γ = 1, where both forms agree. As I_0/W and I_0/I_1 grow it tends to P_idle/C_γ.
Source
    Chen, Bu, Song, Lu, Ye and Zhou, arXiv 2601.17855 (2026).
Example
    P_idle = 100, P_max = 400, γ = 0.7: C_γ = 190, limit 100/190 = 0.526. G = 2, loads (2, 0) against (1, 1):
    200/(800 + 380) = 0.17, where E-saving has 0.2.
"""

from __future__ import annotations

import sympy

from bounds.claim import Claim, Neighbour

__all__ = ["CLAIM", "LIMIT"]

W, I_0, I_1, P_idle, P_max, gamma = sympy.symbols("W I_0 I_1 P_idle P_max gamma", nonnegative=True)
_leak = gamma * P_idle + (1 - gamma) * P_max

#: What the bound tends to as I_0/W → ∞ and I_0/I_1 → ∞.
LIMIT = P_idle / _leak

CLAIM = Claim(
    id="E-saving-published",
    title="energy saved by balance, published form",
    statement=(
        r"1 - \frac{E_1}{E_0} \ge \frac{P_{\mathrm{idle}} I_0 - C_\gamma I_1}{P_{\max} W + C_\gamma I_0}"
        r"\quad\text{where } P_{\mathrm{idle}} I_0 \ge C_\gamma I_1"
    ),
    status="proved",
    direction="lower",
    tight=True,
    assumptions=("no_overhead",),
    symbols={
        "W": "total load summed over the steps, the same in both runs, load",
        "I_0": "imbalance of the baseline, summed over its steps, load",
        "I_1": "imbalance of the policy, summed over its steps, load",
        "P_idle": "power of an idle worker, watts",
        "P_max": "power of a worker at full utilisation, watts",
        "gamma": "exponent of the utilisation, in (0, 1]",
    },
    expression=(P_idle * I_0 - _leak * I_1) / (P_max * W + _leak * I_0),
    domain={
        "P_max >= P_idle": P_max >= P_idle,
        "gamma > 0": gamma > 0,
        "gamma <= 1": gamma <= 1,
        "P_idle I_0 >= C_gamma I_1": P_idle * I_0 >= _leak * I_1,
    },
    source="arXiv 2601.17855",
    proof="docs/theory.md §4, E-saving-published",
    notes=(
        "with a negative numerator the larger denominator understates the loss: P_idle = 40, P_max = 400, "
        "gamma = 0.5, loads (3, 0) and (8, 8) in two steps against (10, 9) in one, W = 19: the saving is "
        "-0.01234, the form says -0.01211. With the figures of an A100 (100, 400, 0.7) no case is known"
    ),
    neighbour=Neighbour(
        statement=r"1 - \frac{E_1}{E_0} \ge \frac{P_{\mathrm{idle}} I_0 - C_\gamma I_1}{P_{\max} W}",
        expression=(P_idle * I_0 - _leak * I_1) / (P_max * W),
        why=(
            "G = 2, one step, loads (2, 0) against (1, 1), P_idle = 100, P_max = 400, gamma = 0.7: 1000 J "
            "against 800 J save 0.2, and it asks for 200/800 = 0.25"
        ),
    ),
)
