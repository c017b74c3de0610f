"""What arrives and how it grows: laws of sizes and lengths, drift processes, traces, workloads.

Imports contracts only.
"""

from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.no_growth import NoGrowth
from drift_processes.traces import PUBLISHED_TRACES, Trace, published_laws, read_trace
from drift_processes.unit_growth import UnitGrowth
from drift_processes.workload import Workload

__all__ = [
    "PUBLISHED_TRACES",
    "DriftProcess",
    "JointLaw",
    "Law",
    "NoGrowth",
    "Trace",
    "UnitGrowth",
    "Workload",
    "published_laws",
    "read_trace",
]
