"""The scaling study on a tiny grid, and its fits on numbers made by hand."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from bounds import fcfs_imbalance
from drift_processes import Law, UnitGrowth
from experiments.scaling import Effort, Setting, measure
from experiments.scaling_cells import REGIONS, cells
from experiments.scaling_fits import exponents, local_exponents

TINY = Setting(
    name="tiny", sizes=Law.uniform(1, 10), p=0.25, a=3, b=8, workers=(2, 4), slots=(2, 8)
)  # fmt: skip
BRIEF = Effort(replications=3, longest=60, shortest=20, slot_steps=400)


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    return measure(TINY, BRIEF, seed=3)


def test_the_moments_of_a_slot_by_hand() -> None:
    # sizes 1..10: mean 5.5, variance 8.25; age: mean 3, variance 12
    assert TINY.load_variance == pytest.approx(20.25)
    assert TINY.load_square == pytest.approx(20.25 + 8.5**2)
    assert TINY.size_range == 9


def test_steps_follow_the_size_of_the_system() -> None:
    assert [BRIEF.steps(2, 2), BRIEF.steps(2, 8), BRIEF.steps(4, 8)] == [60, 25, 20]


def test_every_point_is_measured_on_independent_runs(runs: pd.DataFrame) -> None:
    assert len(runs) == 4 * 3
    assert runs.groupby(["G", "B"])["imbalance"].nunique().tolist() == [3, 3, 3, 3]
    assert (runs["total"] - runs["steps"] == 28).all()  # four times E o²/E o = 7
    pd.testing.assert_frame_equal(runs, measure(TINY, BRIEF, seed=3))
    assert not runs["imbalance"].equals(measure(TINY, BRIEF, seed=4)["imbalance"])


def test_points_carry_the_exact_law_and_an_interval(runs: pd.DataFrame) -> None:
    table = cells(runs, TINY)
    point = table[(table["G"] == 4) & (table["B"] == 8)].iloc[0]
    law = fcfs_imbalance(TINY.sizes, Law.geometric(0.25), UnitGrowth(), workers=4, slots=8)
    assert point["f0"] in law
    assert point["imbalance"] == pytest.approx(runs[(runs["G"] == 4) & (runs["B"] == 8)]["imbalance"].mean())
    assert point["iir"] == pytest.approx(point["f0"] / point["imbalance"])
    assert point["iir_lo"] < point["iir"] < point["iir_hi"]
    assert point["published"] == pytest.approx(point["iir"] / math.sqrt(8 * math.log(4)))
    assert point["c"] == pytest.approx(point["imbalance"] / (3 * math.log(4) * 92.5 / 9))
    assert point["pressure"] == pytest.approx(math.sqrt(0.25 * 8) * 9 / math.sqrt(92.5))
    assert (table["iir"] > 1).all()


def made(imbalance: list[float], rich: float = 0.0, setting: Setting = TINY, slots: int = 2) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "setting": setting.name, "G": 2, "B": slots, "replication": range(len(imbalance)), "steps": 10,
            "total": 20, "imbalance": imbalance, "idle_steps": 1.0,
            "rich_steps": [rich, *[math.nan] * (len(imbalance) - 1)],
            "rich_measured": [rich, *[math.nan] * (len(imbalance) - 1)],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("imbalance", "region"),
    [
        ([8.0, 8.1, 8.2, 8.1], "holds"),
        ([9.8, 9.9, 9.9, 10.0], "refuted"),
        ([5.0, 9.0, 9.0, 20.0], "inconclusive"),
        ([0.0, 0.0, 0.0, 0.0], "holds"),
    ],
)
def test_regions_follow_the_interval(imbalance: list[float], region: str) -> None:
    # the bound is (G-1)·Δ = 9, and B = 2 is far from what B2 needs
    point = cells(made(imbalance), TINY).iloc[0]
    assert point["region"] == region
    assert region in REGIONS
    assert point["least_batch"] > 2
    assert math.isinf(point["iir"]) == (sum(imbalance) == 0)


def test_proved_needs_the_batch_and_a_pool_that_stays_rich() -> None:
    least = int(cells(made([1.0, 2.0]), TINY).iloc[0]["least_batch"])
    for slots, rich, region in ((least, 1.0, True), (least, 0.99, False), (least - 1, 1.0, False)):
        table = cells(made([1.0, 2.0], rich, slots=slots), TINY)
        assert (table.iloc[0]["region"] == "proved") is region, (slots, rich)
    # what is proved is measured all the same, so that it can be seen to fail
    point = cells(made([9.8, 9.9], 1.0, slots=least), TINY).iloc[0]
    assert (point["region"], point["verdict"]) == ("proved", "inconclusive")
    point = cells(made([9.9, 9.9], 1.0, slots=least), TINY).iloc[0]
    assert (point["region"], point["verdict"]) == ("proved", "refuted")


def power_law(beta: float, gamma: float, noise: tuple[float, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """IIR = 3·B^beta·(log G)^gamma·noise under F0 = G·sqrt(B·log G)."""
    rows, table = [], []
    for workers in (2, 4, 16):
        for slots in (4, 16, 64):
            f0 = workers * math.sqrt(slots * math.log(workers))
            iir = 3 * slots**beta * math.log(workers) ** gamma
            table.append({"G": workers, "B": slots, "f0": f0, "iir": iir})
            rows += [
                {"G": workers, "B": slots, "replication": i, "imbalance": f0 / iir * factor}
                for i, factor in enumerate(noise)
            ]
    return pd.DataFrame(rows), pd.DataFrame(table)


def test_a_power_law_is_found_again() -> None:
    fitted = exponents(*power_law(0.7, -0.4, (1.0, 1.0)), most_slots=64).set_index("quantity")
    assert fitted.loc["IIR", ["beta", "gamma"]].tolist() == pytest.approx([0.7, -0.4])
    assert fitted.loc["F0/G", ["beta", "gamma"]].tolist() == pytest.approx([0.5, 0.5])
    assert fitted.loc["IIR", "residual"] < 1e-9
    assert fitted.loc["IIR", "points"] == 9
    part = exponents(*power_law(0.7, -0.4, (1.0, 1.0)), least_workers=4, most_slots=16)
    assert part["points"].tolist() == [4, 4, 4]


def test_the_interval_covers_at_its_level() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(60):
        rows, table = power_law(0.5, 0.5, (1.0,) * 5)
        rows["imbalance"] *= np.exp(0.1 * rng.standard_normal(len(rows)))
        found = exponents(rows, table, most_slots=64, level=0.9).set_index("quantity").loc["IIR"]
        covered += found["beta_lo"] <= 0.5 <= found["beta_hi"]
    assert 46 <= covered <= 60  # 54 expected, deviation 2.3


def test_fits_say_what_they_cannot_do() -> None:
    rows, table = power_law(0.5, 0.5, (1.0, 1.0))
    with pytest.raises(ValueError, match=re.escape("a fit needs at least two B, got [4]")):
        exponents(rows, table, most_slots=4)
    rows.loc[0, "imbalance"] = 0.0
    with pytest.raises(ValueError, match=re.escape("no logarithm of an imbalance of 0: G = 2, B = 4")):
        exponents(rows, table, most_slots=64)


def test_slopes_between_neighbours() -> None:
    table = pd.DataFrame(
        {"G": [2] * 4, "B": [1, 4, 16, 64], "iir": [3.0, 6.0, math.inf, math.inf]}
    )  # fmt: skip
    found = local_exponents(table)
    assert found[["from", "to"]].to_numpy().tolist() == [[1, 4], [4, 16], [16, 64]]
    assert found[2].tolist()[:2] == [pytest.approx(0.5), math.inf]
    assert math.isnan(found[2].iloc[2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": Law.constant(3)}, "sizes must have at least two values, got 3 only"),
        ({"workers": (1,)}, "workers[0] must be >= 2, got 1"),
        ({"slots": ()}, "slots must not be empty"),
        ({"p": 1.0}, "p must be < 1, got 1"),
        ({"b": 11}, "b must be <= 10, got 11"),
    ],
)
def test_unusable_settings_are_refused(change: dict, message: str) -> None:
    arguments = {"name": "x", "sizes": TINY.sizes, "p": 0.5, "a": 3, "b": 8, "workers": (2,), "slots": (2,)}
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        Setting(**{**arguments, **change})
