"""A streamed run over 10^8 requests: ``python -m benchmarks.hundred_million``, its time and peak memory."""

from __future__ import annotations

import resource
import sys
from time import perf_counter

from bounds import batch_means, fcfs_imbalance
from drift_processes import Law, PoissonArrivals, RequestStream, UnitGrowth
from simulation import System, simulate_stream

REQUESTS = 10**8


def main() -> None:
    """Run FCFS overloaded, then JSQ with Poisson arrivals and immediate binding; print what each took."""
    sizes, lengths, system = Law.uniform(1, 100), Law.geometric(0.02), System(16, 72)
    number = int(float(sys.argv[1])) if len(sys.argv) > 1 else REQUESTS
    for policy, binding, arrivals in (
        ("fcfs", "pooled", "overloaded"),
        ("jsq", "immediate", PoissonArrivals(3500.0)),
    ):
        stream = RequestStream(
            sizes=sizes, lengths=lengths, drift=UnitGrowth(), requests=number, arrivals=arrivals, seed=1
        )
        begun = perf_counter()
        totals = simulate_stream(stream, system, policy, binding=binding, warmup=500)
        took = perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        figures = totals.summary()
        sys.stdout.write(f"{policy}, {binding}: {totals}, {took:.0f} s, peak so far {peak:.2f} GiB\n")
        if arrivals == "overloaded":
            seen = batch_means(totals.imbalance_batches)
            exact = fcfs_imbalance(sizes, lengths, UnitGrowth(), workers=16, slots=72).mid
            sys.stdout.write(
                f"  imbalance {seen.estimate:.1f} ({seen.lo:.1f} to {seen.hi:.1f}), F0 {exact:.1f}\n"
            )
        else:
            half, most = (1e3 * figures[f"ttft_s_p{level}"] for level in (50, 99))
            sys.stdout.write(
                f"  TTFT {half:.1f} ms in the median, {most:.1f} ms at the 99th percentile, slots taken "
                f"{figures['occupancy']:.1%}\n"
            )


if __name__ == "__main__":
    main()
