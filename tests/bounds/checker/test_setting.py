"""`Setting`: enough requests, a warm-up that settles, and the same run from the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from bounds.assumptions import overloaded
from bounds.checker import Setting
from bounds.checker.setting import setting_of
from drift_processes import JointLaw, Law, NoGrowth

SKEWED = Law([1, 60], [0.95, 0.05])


@pytest.mark.parametrize(
    "lengths", [Law.geometric(0.02), Law.constant(7), Law.geometric(1.0), SKEWED], ids=str
)
@pytest.mark.parametrize(("workers", "slots"), [(2, 1), (5, 3)])
def test_every_slot_stays_full(lengths: Law, workers: int, slots: int) -> None:
    setting = Setting(lengths=lengths, workers=workers, slots=slots)
    for seed in range(8):
        assert overloaded(setting.run("fcfs", 300, seed)).holds


def test_a_replication_measures_about_as_much_on_each_system() -> None:
    assert Setting(workers=8, slots=16).measured == 400
    assert Setting(workers=2, slots=1).measured == 25_600
    assert Setting(workers=100, slots=100).measured == 400
    assert Setting(steps=7).measured == 7


def test_the_warm_up_settles_ages() -> None:
    # geometric: the distance after step k is (1-p)^(k+1)
    warmup = Setting(lengths=Law.geometric(0.5)).warmup
    assert 0.5 ** (warmup + 1) <= 1e-4 < 0.5**warmup
    assert Setting(lengths=Law.constant(50)).warmup == 0


def test_the_same_seed_gives_the_same_run() -> None:
    setting = Setting(workers=2, slots=2)
    first, again, other = (setting.run("fcfs", 50, seed).imbalance for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_rounds_keep_the_sizes_and_forget_the_lengths() -> None:
    pairs = JointLaw([1, 5], [1, 3], [0.25, 0.75])
    rounds = Setting(sizes=pairs, lengths=None).of_rounds(4)
    assert rounds.joint.size_law.mean == 4
    assert rounds.joint.length_law.is_constant
    assert rounds.joint.length_law.mean == 4


def test_a_scenario_becomes_a_setting() -> None:
    setting = replace(Setting(), drift=NoGrowth(), workers=3)
    assert setting_of(setting) is setting
    assert setting_of(None).workers == Setting().workers
