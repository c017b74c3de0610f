"""What a search for the worst law of a class minimises, and how: differential evolution on simulated means.

May import contracts, drift_processes, numpy, scipy, simulation, and the intervals of this room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.optimize
from numpy.typing import ArrayLike

from bounds.checker.law_class import LawClass
from bounds.checker.setting import Setting
from bounds.intervals import Interval, independent_mean
from contracts import stream

__all__ = ["FINAL_RUNS", "GOALS", "RUNS", "Improvement", "LawSearch", "measured", "over"]

#: What is looked for: the smallest IIR, or the largest BF-IO imbalance in units of (G-1)·Δ.
GOALS = ("iir", "tightness")

#: Members of a generation per coordinate.
PER_COORDINATE = 4

#: Steps behind one evaluation of the search: rounds are nearly independent, ages are not, and growth that
#: differs between requests is slower to simulate.
ROUNDS_STEPS, COMMON_STEPS, VARIED_STEPS = 2000, 4000, 800

#: Runs that pick the winner among the last improvements, runs that measure it, and the steps of each.
FINALISTS, FINAL_RUNS, RUNS, STEPS = 4, 4, 20, 2000

#: What a law outside of the class counts as: worse than any inside, all of which count 0 or less.
OUTSIDE = 1.0


@dataclass(frozen=True)
class Improvement:
    """A step of the search.

    Attributes
    ----------
    evaluation : int
        Number of the evaluation that improved on all before, from 1.
    value : float
        The goal there, by the search's own runs: IIR, or BF-IO's imbalance over (G-1)·Δ.
    place : tuple of float
        Where, in the coordinates of the class.
    """

    evaluation: int
    value: float
    place: tuple[float, ...]


class LawSearch:
    """The objective, and what has been seen of it."""

    def __init__(self, law_class: LawClass, goal: str, seed: int) -> None:
        self.law_class, self.goal, self.seed = law_class, goal, seed
        self.evaluations, self.best = 0, OUTSIDE
        self.trace: list[Improvement] = []

    def __call__(self, place: ArrayLike) -> float:
        """Return -1/IIR, or minus BF-IO's imbalance over (G-1)·Δ: bounded where IIR is infinite."""
        self.evaluations += 1
        at = [float(x) for x in np.asarray(place)]
        value = self.value(at, [self.seed])
        if value < self.best:
            self.best = value
            shown = over(1.0, -value) if self.goal == "iir" else -value
            self.trace.append(Improvement(self.evaluations, shown, tuple(at)))
        return value

    def value(self, place: Sequence[float], seeds: Sequence[int], steps: int | None = None) -> float:
        """Return the objective by the mean of runs with these seeds."""
        setting = self.law_class.setting(place, steps=steps)
        if setting is None:
            return OUTSIDE
        if steps is None:
            setting = replace(setting, steps=self._steps(setting))
        unit = (setting.workers - 1) * setting.joint.size_law.span
        fcfs = setting.exact_fcfs().mid
        if fcfs < self.law_class.floor * unit:
            return OUTSIDE
        bfio = float(np.mean([bfio_means(setting, seed)[0] for seed in seeds]))
        return -bfio / (fcfs if self.goal == "iir" else unit)

    def _steps(self, setting: Setting) -> int:
        if self.law_class.lengths == "rounds":
            return ROUNDS_STEPS
        return COMMON_STEPS if setting.drift.is_common else VARIED_STEPS

    def minimise(self, evaluations: int, seed: int) -> None:
        """Run whole generations, at least two, until so many evaluations are spent."""
        coordinates = self.law_class.coordinates
        generation = PER_COORDINATE * len(coordinates)
        scipy.optimize.differential_evolution(
            self,
            bounds=scipy.optimize.Bounds([c.low for c in coordinates], [c.high for c in coordinates]),
            integrality=[c.whole for c in coordinates],
            popsize=PER_COORDINATE,
            maxiter=max(1, evaluations // generation - 1),
            tol=0,
            polish=False,
            seed=stream(seed, "worst case"),
        )

    def winner(self, seeds: Sequence[int]) -> Setting:
        """Return the best of the last improvements, by longer runs that the search has not seen."""
        last = [step.place for step in self.trace[-FINALISTS:]]
        best = min(last, key=lambda place: self.value(place, seeds, STEPS))
        setting = self.law_class.setting(best, steps=STEPS)
        assert setting is not None  # the search has been there
        return setting


def measured(setting: Setting, seeds: Sequence[int], level: float) -> tuple[Interval, float]:
    """Return BF-IO(0)'s mean imbalance by independent runs, and the mean gap that is left unproven."""
    runs = [bfio_means(setting, seed) for seed in seeds]
    interval = independent_mean([imbalance for imbalance, _ in runs], level=1 - level)
    return interval, float(np.mean([gap for _, gap in runs]))


def bfio_means(setting: Setting, seed: int) -> tuple[float, float]:
    """Return mean imbalance and mean proven gap of BF-IO(0) in one run, after a warm-up."""
    # beyond the ages the pool must settle too: it collects the sizes that BF-IO leaves
    first = max(setting.warmup, setting.measured // 4)
    run = setting.run("bfio", first + setting.measured, seed)
    return float(run.imbalance[first:].mean()), float(run.gap[first:].mean())


def over(numerator: float, denominator: float) -> float:
    """Return the quotient, infinite where the denominator is 0."""
    return numerator / denominator if denominator > 0 else math.inf
