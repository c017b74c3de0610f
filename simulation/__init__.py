"""The barrier-synchronised system: engine, policies, records, and their verification.

Imports contracts, drift_processes and formulations.
"""

from simulation.engine import simulate
from simulation.lookahead import Lookahead
from simulation.policies import POLICIES, Policy, View
from simulation.run import Run
from simulation.system import PowerModel, System
from simulation.verify import verify

__all__ = ["POLICIES", "Lookahead", "Policy", "PowerModel", "Run", "System", "View", "simulate", "verify"]
