"""Compiled twins of the policies that see reports of the workers only (`simulation.policies.reported`).

Imports numba and the codes of `simulation.policies._kernels`.
"""

from __future__ import annotations

import numba

from simulation.policies._kernels import BRH, SGLANG_REQUESTS, SGLANG_TOKENS, VLLM_DP

__all__ = ["by_report", "report_all"]


@numba.njit(cache=True)
def report_all(now_s, someone_came, rule, floor, queues):  # type: ignore[no-untyped-def]
    """Tell the router how the workers are, where it is due: vLLM unasked, SGLang when someone comes."""
    kernel = rule.kernel
    if kernel <= BRH or now_s - queues.report_s[0] < rule.refresh_s:
        return
    if kernel != VLLM_DP and not someone_came:
        return
    queues.report_s[0] = now_s
    for g in range(queues.number.size):
        waiting, running = queues.number[g], floor.active[g]
        if kernel == VLLM_DP:
            queues.report[g, 0] = 4 * waiting + running
        elif kernel == SGLANG_REQUESTS:
            queues.report[g, 0] = waiting + running
        else:
            queues.report[g, 0] = floor.loads[g] + queues.load[g]
            queues.report[g, 1] = waiting + running


@numba.njit(cache=True)
def by_report(kernel, turn, sizes, n, report, worker):  # type: ignore[no-untyped-def]
    """Send ``n`` requests one by one to the worker with the least report; return whose turn is next."""
    workers = report.shape[0]
    for i in range(n):
        best = turn
        for j in range(1, workers):
            g = turn + j
            if g >= workers:
                g -= workers
            if report[g, 0] < report[best, 0] or (
                report[g, 0] == report[best, 0] and report[g, 1] < report[best, 1]
            ):
                best = g
        worker[i] = best
        if kernel == SGLANG_TOKENS:
            report[best, 0] += sizes[i]
            report[best, 1] += 1
        elif kernel == SGLANG_REQUESTS:
            report[best, 0] += 1
        else:
            report[best, 0] += 4
            turn = turn + 1 if turn + 1 < workers else 0
    return turn
