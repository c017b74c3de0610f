"""The integer programs of one step, and of a whole horizon known in advance: plain values in and out.

Imports contracts, numpy, scipy, numba, pulp and highspy, and nothing else of evenstep.
"""

from formulations.clairvoyant import Schedule, build_clairvoyant, solve_clairvoyant
from formulations.exact import MODELS, build_model, solve_exact
from formulations.fast import solve_fast
from formulations.problem import OBJECTIVES, Assignment, StepProblem
from formulations.two_sizes import solve_two_sizes
from formulations.values import imbalance, objective_value, predicted_loads
from formulations.verify import verify

__all__ = [
    "MODELS",
    "OBJECTIVES",
    "Assignment",
    "Schedule",
    "StepProblem",
    "build_clairvoyant",
    "build_model",
    "imbalance",
    "objective_value",
    "predicted_loads",
    "solve_clairvoyant",
    "solve_exact",
    "solve_fast",
    "solve_two_sizes",
    "verify",
]
