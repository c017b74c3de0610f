"""The routers built into vLLM and SGLang: immediate, and blind between two reports of the workers.

Each keeps a number or two per worker, sends a request to the least of them and raises them by what it will
add; every so often they are replaced by what the workers report. `simulation.policies._report_kernel` has the
compiled twins. May import contracts, numpy and `simulation.policies`' base and codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from simulation.policies._kernels import SGLANG_REQUESTS, SGLANG_TOKENS, VLLM_DP
from simulation.policies.base import Policy, View

__all__ = ["SglangTotalRequests", "SglangTotalTokens", "VllmDp"]

_Report = NDArray[np.float64]


class _Reported(Policy):
    """What the three have in common.

    Parameters
    ----------
    refresh_s : float
        Simulated seconds after which a report may be replaced, >= 0.
    """

    bindings = ("immediate",)

    def __init__(self, *, refresh_s: float) -> None:
        self.refresh_s = checks.number("refresh_s", refresh_s, at_least=0)
        self.reset()

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments it was made with."""
        return {"refresh_s": self.refresh_s}

    def reset(self) -> None:
        """Know nothing, and start with worker 0."""
        self._report: _Report = np.zeros((0, 2))
        self._report_s = -np.inf
        self._turn = 0

    def _refresh(self, view: View) -> None:
        """Take the report of the workers, if it is due."""
        if view.time_s - self._report_s >= self.refresh_s:
            self._report, self._report_s = self._told(view), view.time_s

    def _told(self, view: View) -> _Report:
        """Return what the workers report: (G, 2), compared by the first column, ties by the second."""
        raise NotImplementedError

    def _added(self, size: float) -> tuple[float, float]:
        """Return by how much a request of this size raises the numbers of its worker."""
        raise NotImplementedError

    def _next(self, workers: int) -> int:
        """Return the worker that the next scan begins with."""
        del workers
        return 0

    def assign(self, view: View) -> NDArray[np.int64]:
        """Send the requests one by one to the worker with the least report."""
        self._refresh(view)
        workers = len(view.active)
        worker = np.zeros(len(view.sizes), dtype=np.int64)
        for i, size in enumerate(view.sizes):
            scan = (np.arange(workers) + self._turn) % workers
            worker[i] = g = min(scan, key=lambda j: tuple(self._report[j]))
            self._report[g] += self._added(float(size))
            self._turn = self._next(workers)
        return worker


class VllmDp(_Reported):
    """The worker with the least 4·waiting + running, as reported every 100 ms.

    Between reports the chosen worker's waiting count is raised by one. Scanning for the least starts one
    worker further with every request, so that ties are dealt in turn.

    Source: vLLM's internal data-parallel load balancing, ``DPLBAsyncMPClient`` and ``DPCoordinator``. There
    a report is sent 100 ms after the last if a worker took a step since then, else after 5 s. Here time
    passes without steps only where nobody is bound, so that the 5 s never matter, and a report is made at the
    beginning of the first step that is due.

    Parameters
    ----------
    refresh_s : float
    """

    name = "vllm_dp"
    kernel = VLLM_DP

    def __init__(self, *, refresh_s: float = 0.1) -> None:
        super().__init__(refresh_s=refresh_s)

    def watch(self, view: View) -> None:
        """Hear the report that comes unasked."""
        self._refresh(view)

    def _told(self, view: View) -> _Report:
        return np.stack([4.0 * view.queued + view.active, np.zeros(len(view.active))], axis=1)

    def _added(self, size: float) -> tuple[float, float]:
        del size
        return 4.0, 0.0

    def _next(self, workers: int) -> int:
        return (self._turn + 1) % workers


class _Asked(_Reported):
    """What SGLang's two have in common: the workers are asked when a request comes, at most every 20 ms.

    Parameters
    ----------
    refresh_s : float
    """

    def __init__(self, *, refresh_s: float = 0.02) -> None:
        super().__init__(refresh_s=refresh_s)


class SglangTotalRequests(_Asked):
    """The worker with the fewest requests, running and waiting, as last asked for; ties by lowest index.

    The chosen worker's count is raised by one. The workers are asked when a request comes, at most every
    20 ms.

    Source: SGLang's ``DataParallelController``, load balance method ``total_requests``.

    Parameters
    ----------
    refresh_s : float
    """

    name = "sglang_total_requests"
    kernel = SGLANG_REQUESTS

    def _told(self, view: View) -> _Report:
        return np.stack([1.0 * view.queued + view.active, np.zeros(len(view.active))], axis=1)

    def _added(self, size: float) -> tuple[float, float]:
        del size
        return 1.0, 0.0


class SglangTotalTokens(_Asked):
    """The worker with the fewest tokens, those that wait included; ties by requests, then by lowest index.

    The chosen worker's tokens are raised by the size of the request and its count by one. The workers are
    asked when a request comes, at most every 20 ms.

    Source: SGLang's ``DataParallelController``, load balance method ``total_tokens``. Earlier versions did
    not raise the tokens, so that all requests of 20 ms went to one worker.

    Parameters
    ----------
    refresh_s : float
    """

    name = "sglang_total_tokens"
    kernel = SGLANG_TOKENS

    def _told(self, view: View) -> _Report:
        return np.stack([view.loads[:, 0] + view.queued_load, 1.0 * view.queued + view.active], axis=1)

    def _added(self, size: float) -> tuple[float, float]:
        return size, 1.0
