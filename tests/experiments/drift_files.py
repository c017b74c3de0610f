"""A file of drift processes, most of them wrong in one way, as a user might bring it."""

SOURCE = '''
import sys

import numpy as np

from drift_processes import CommonGrowth, DriftProcess, Law, UnitGrowth

RNG = np.random.default_rng(1)


class Growth(DriftProcess):
    """Grows by at most 2; the others override what they get wrong."""

    increment_range = (0, 2)

    def __init__(self, x=1):
        if x > 2:
            raise ValueError(f"x must be <= 2, got {x}")
        self.x = x

    def increments(self, *, step, age, size, load, rng):
        return np.full(len(age), float(self.x))


class AgeSeven(Growth):
    def increments(self, *, step, age, size, load, rng):
        return np.where(age == 7, -1.0, 2.0)


class LargeSizes(Growth):
    def increments(self, *, step, age, size, load, rng):
        return np.where(size > 1000, 2.5, 1.0)


class LargeLoads(Growth):
    def increments(self, *, step, age, size, load, rng):
        return np.where(load > 123, 3.0, 1.0)


class LateAge(Growth):
    def increments(self, *, step, age, size, load, rng):
        return np.where(age >= 1200, 3.0, 1.0)


class ThreeAtOnce(Growth):
    def increments(self, *, step, age, size, load, rng):
        return np.full(len(age), 3.0 if len(age) == 3 else 1.0)


class NotANumber(Growth):
    def increments(self, *, step, age, size, load, rng):
        return size / size


class Infinite(Growth):
    def increments(self, *, step, age, size, load, rng):
        return float("inf")


class Nothing(Growth):
    def increments(self, *, step, age, size, load, rng):
        age + 1


class Words(Growth):
    def increments(self, *, step, age, size, load, rng):
        return "one"


class OneRow(Growth):
    def increments(self, *, step, age, size, load, rng):
        return np.ones(1)


class Column(Growth):
    def increments(self, *, step, age, size, load, rng):
        return np.ones((len(age), 1))


class InPlace(Growth):
    def increments(self, *, step, age, size, load, rng):
        load *= 0.5
        return 1.0


class Raises(Growth):
    def increments(self, *, step, age, size, load, rng):
        return [1 / (3 - each) if each <= 3 else 1.0 for each in age.tolist()]


class OwnRandomness(Growth):
    def increments(self, *, step, age, size, load, rng):
        return RNG.random(len(age))


class Counts(Growth):
    calls = 0

    def increments(self, *, step, age, size, load, rng):
        self.calls += 1
        return float(self.calls % 2)


class DrawsThoughDeterministic(Growth):
    growth_class = "per-request deterministic"

    def increments(self, *, step, age, size, load, rng):
        return rng.random(len(age))


class UnknownClass(Growth):
    growth_class = "wild"


class NoRange(Growth):
    increment_range = (-1, 2)


class MaybeCommon(Growth):
    is_common = "yes"


class CommonInName(Growth):
    is_common = True
    increment_range = (0, 10**9)

    def increments(self, *, step, age, size, load, rng):
        return load.sum()


class CommonArray(Growth):
    is_common = True

    def increments(self, *, step, age, size, load, rng):
        return np.ones(3)


class CommonLate(Growth):
    is_common = True

    def increments(self, *, step, age, size, load, rng):
        return 3 if step == 40 else 1


class GrowsWithSize(Growth):
    """Says that the age alone decides, where the size does."""

    grows_by_age = True
    increment_range = (0, 1000)

    def increments(self, *, step, age, size, load, rng):
        return np.where(size > 50, 1000.0, 0.0)


class GrowsByStep(Growth):
    grows_by_age = True

    def increments(self, *, step, age, size, load, rng):
        return 2.0 if step == 0 else 1.0


class CommonByAge(Growth):
    grows_by_age = True
    is_common = True

    def increments(self, *, step, age, size, load, rng):
        return step % 2


class MaybeByAge(Growth):
    grows_by_age = 1


class ConstantInName(Growth):
    growth_class = "constant"


class CommonClass(Growth):
    growth_class = "common"


class SpoiltMemory(Growth):
    has_memory = True

    def increments(self, *, step, age, size, load, rng, memory):
        memory[age == 2] = np.nan
        return 1.0


class EndlessMemory(Growth):
    has_memory = True
    is_common = True

    def increments(self, *, step, age, size, load, rng, memory):
        memory -= np.inf
        return 1.0


class Leaves(Growth):
    def increments(self, *, step, age, size, load, rng):
        raise SystemExit(3)  # in a step


class LeavesTheSecondTime(Growth):
    calls = 0

    def increments(self, *, step, age, size, load, rng):
        self.calls += 1
        return 1.0 if self.calls % 2 else sys.exit()


class LeavesInItsLaw(Growth):
    def snapshot(self, law):
        raise SystemExit(3)  # in the law


class HalfTokens(Growth):
    def lengths_in_steps(self, tokens, rng):
        return tokens / 2


class RandomLengths(Growth):
    def lengths_in_steps(self, tokens, rng):
        return rng.integers(1, 1000, len(tokens))


class Unfinished(DriftProcess):
    pass


class Needs(Growth):
    def __init__(self, rate, *, mode="slow"):
        self.x = 1


class OpenEnded(Growth):
    def __init__(self, **options):
        self.x = options.get("x", 1)


class BrokenConstructor(Growth):
    def __init__(self, x=1):
        self.x = {}[x]


class WrongLaw(Growth):
    """Grows by 1, and claims the law of a process that never grows."""

    increment_range = (1, 2)

    def snapshot(self, law):
        return law.size_law


class ShiftedLaw(Growth):
    """Grows by 1, and has the right law but for a shift by 1, which the imbalance doesn't show."""

    shift = 1.0

    def increments(self, *, step, age, size, load, rng):
        return 1.0

    def snapshot(self, law):
        right = UnitGrowth().snapshot(law)
        return Law(right.values + self.shift, right.probabilities)


class RightLaw(ShiftedLaw):
    shift = 0.0


class RightPhases(Growth):
    """Grows all by 2 in every second step."""

    is_common = True

    def increments(self, *, step, age, size, load, rng):
        return 2.0 if step % 2 else 0.0

    def snapshots(self, law):
        return CommonGrowth([0, 2]).snapshots(law)


class WrongRounds(Growth):
    """No snapshot, and a law of rounds that is not that of its growth."""

    def increments(self, *, step, age, size, load, rng):
        return 2.0 * rng.integers(0, 2, len(age))

    def round_laws(self, sizes, length):
        return (Law.uniform(0, 1000),)


class NoLaws(Growth):
    def snapshots(self, law):
        return [law.size_law]


class NoLaw(Growth):
    def snapshot(self, law):
        return 3


class RaisingLaw(Growth):
    def snapshot(self, law):
        return {}["law"]


class Crowd(Growth):
    """Wrong only where more requests are active than the search tries."""

    def increments(self, *, step, age, size, load, rng):
        if len(age) > 20:
            raise RuntimeError("too many")
        return 1.0


def helper():
    return 1
'''
