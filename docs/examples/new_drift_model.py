# %% [markdown]
# # A new drift model
#
# A cache that is compressed when it gets large: a request grows by four per step until it is twenty steps
# old, and by one from then on. Which guarantees survive?

# %%
import numpy as np

from bounds import CLAIMS, batch_means, unmet
from drift_processes import DriftProcess, Law, Workload
from experiments.drift_check import check_drift
from experiments.drift_file import NamedDrift
from simulation import System, simulate


class Compressed(DriftProcess):
    """Grows by four per step up to the age of twenty, and by one from then on."""

    growth_class = "per-request deterministic"
    grows_by_age = True
    increment_range = (1.0, 4.0)

    def increments(self, *, step, age, size, load, rng):
        return np.where(age < 20, 4.0, 1.0)


# %% [markdown]
# First the contract. A search tries to find a run in which the process breaks it, and raises with the
# smallest it finds.

# %%
check_drift(NamedDrift(Compressed(), "Compressed()"))
print("no run found that breaks the contract")

# %% [markdown]
# Then two runs under it, and what the theory says of each. An assumption that fails is named with the
# reason.

# %%
system = System(workers=8, slots=16)
for lengths in (Law.geometric(0.05), Law.constant(10)):
    work = Workload.synthetic(
        sizes=Law.uniform(1, 100), lengths=lengths, drift=Compressed(), requests=60_000, seed=1
    )
    run = simulate(work, system, "bfio", steps=2_000)
    seen = batch_means(run.imbalance[200:])
    print(f"lengths {lengths}: mean imbalance {seen.estimate:.1f}, largest {run.imbalance.max():.0f}")
    failed = unmet(CLAIMS["B1"], run)
    for finding in failed:
        print(f"  B1 does not apply: {finding.reason}")
    if not failed:
        print(f"  B1 applies: at most {CLAIMS['B1'].evaluate(G=8, Delta=99):.0f} at every step")
