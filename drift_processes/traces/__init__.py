"""Traces of real requests: readers of the published file formats, and the laws of nine published traces.

May import contracts, numpy, pyarrow and `drift_processes.laws`.
"""

from drift_processes.traces.published import PUBLISHED_TRACES, published_laws
from drift_processes.traces.read import read_trace
from drift_processes.traces.trace import Trace

__all__ = ["PUBLISHED_TRACES", "Trace", "published_laws", "read_trace"]
