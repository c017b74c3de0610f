"""The barrier-synchronised system: engine, policies, records, and their verification.

Imports contracts, drift_processes and formulations.
"""

from simulation.engine import simulate
from simulation.lookahead import Lookahead
from simulation.policies import POLICIES, Policy, View
from simulation.run import Run
from simulation.streaming import Recorder, simulate_stream
from simulation.system import PowerModel, System
from simulation.totals import Totals
from simulation.verify import verify

__all__ = [
    "POLICIES",
    "Lookahead",
    "Policy",
    "PowerModel",
    "Recorder",
    "Run",
    "System",
    "Totals",
    "View",
    "simulate",
    "simulate_stream",
    "verify",
]
