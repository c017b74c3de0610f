"""What arrives and how it grows: laws of sizes and lengths, drift processes, traces, workloads.

Imports contracts only.
"""

from drift_processes.adversarial import Adversarial
from drift_processes.arrivals import (
    Arrivals,
    DeterministicArrivals,
    OverloadedArrivals,
    PoissonArrivals,
)
from drift_processes.base import DriftProcess
from drift_processes.common_growth import CommonGrowth
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.markov_modulated_arrivals import MarkovModulatedArrivals
from drift_processes.no_growth import NoGrowth
from drift_processes.random_increments import RandomIncrements
from drift_processes.regime_switching import RegimeSwitching
from drift_processes.request_stream import RequestStream
from drift_processes.saturating_growth import SaturatingGrowth
from drift_processes.sliding_window import SlidingWindow
from drift_processes.speculative_decoding import SpeculativeDecoding
from drift_processes.throttled_growth import ThrottledGrowth
from drift_processes.traces import PUBLISHED_TRACES, Trace, published_laws, read_trace
from drift_processes.unit_growth import UnitGrowth
from drift_processes.workload import Workload

__all__ = [
    "PUBLISHED_TRACES",
    "Adversarial",
    "Arrivals",
    "CommonGrowth",
    "DeterministicArrivals",
    "DriftProcess",
    "JointLaw",
    "Law",
    "MarkovModulatedArrivals",
    "NoGrowth",
    "OverloadedArrivals",
    "PoissonArrivals",
    "RandomIncrements",
    "RegimeSwitching",
    "RequestStream",
    "SaturatingGrowth",
    "SlidingWindow",
    "SpeculativeDecoding",
    "ThrottledGrowth",
    "Trace",
    "UnitGrowth",
    "Workload",
    "published_laws",
    "read_trace",
]
