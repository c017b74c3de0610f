# %% [markdown]
# # A theorem in ten lines
#
# Claim B1: where all requests stay equally long, BF-IO keeps the imbalance of every step at or below
# (G-1)·Δ, with Δ the largest size minus the smallest. No law of the sizes is assumed, so any sizes will
# do.

# %%
import numpy as np

from bounds import CLAIMS
from drift_processes import UnitGrowth, Workload
from simulation import System, simulate

workers, slots, steps = 8, 16, 10
sizes = np.random.default_rng(1).integers(1, 101, size=workers * slots * 30)
work = Workload(sizes=sizes, lengths=np.full(len(sizes), steps), drift=UnitGrowth())
# 20 rounds: the pool still holds ten rounds' requests when the last of them begins
run = simulate(work, System(workers=workers, slots=slots), "bfio", steps=20 * steps)
bound = CLAIMS["B1"].evaluate(G=workers, Delta=int(np.ptp(sizes)))
print(f"largest imbalance of {run.steps} steps {run.imbalance.max():.0f}, bound {bound:.0f}")

# %% [markdown]
# First come, first served keeps no such promise:

# %%
run = simulate(work, System(workers=workers, slots=slots), "fcfs", steps=20 * steps)
print(f"first come, first served: {run.imbalance.max():.0f}")

# %% [markdown]
# The bound is tight: one large request among small ones makes every assignment as uneven as it allows.

# %%
sizes = np.where(np.arange(workers * slots) == 0, 100, 1)
work = Workload(sizes=sizes, lengths=np.full(len(sizes), steps), drift=UnitGrowth())
run = simulate(work, System(workers=workers, slots=slots), "bfio")
bound = CLAIMS["B1"].evaluate(G=workers, Delta=99)
print(f"one of 100, all others of 1: {run.imbalance.max():.0f}, bound {bound:.0f}")
