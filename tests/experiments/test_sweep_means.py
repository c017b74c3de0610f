"""Means over replications: Student's interval and Fieller's, held against numbers worked out by hand."""

import math
from typing import Any

import pandas as pd
import pytest
from scipy.stats import t as student

from experiments.sweep_means import paired_ratio, point_means


def row(variant: str, replication: int, imbalance: float, **more: Any) -> dict[str, Any]:
    keys = {
        "scenario": "s", "point": 0, "workload": "w", "drift": "d", "workers": 2, "slots": 3,
        "arrivals": "overloaded", "load": math.nan, "options": "{}", "binding": "pooled", "lookahead": "none",
        "horizon": 0, "seed": 1, "status": "done", "error": "",
    }  # fmt: skip
    return {
        **keys,
        "variant": variant,
        "policy": variant.lower(),
        "replication": replication,
        "imbalance": imbalance,
        **more,
    }


def test_means_intervals_and_ratio_by_hand() -> None:
    rows = [row("FCFS", i, value) for i, value in enumerate([100.0, 120.0, 110.0])]
    rows += [row("JSQ", i, value) for i, value in enumerate([50.0, 60.0, 55.0])]
    fcfs, jsq = point_means(pd.DataFrame(rows)).to_dict("records")
    assert (fcfs["imbalance"], jsq["imbalance"]) == (110, 55)
    half = student.ppf(0.995, 2) * 10 / math.sqrt(3)
    assert fcfs["imbalance_hi"] - 110 == pytest.approx(half)
    assert 110 - fcfs["imbalance_lo"] == pytest.approx(half)
    # known, not measured
    assert fcfs["iir"] == 1
    assert math.isnan(fcfs["iir_lo"])
    assert math.isnan(fcfs["iir_hi"])
    # FCFS is twice the other in every replication: the pairs leave no doubt
    assert jsq["iir"] == pytest.approx(2)
    assert (jsq["iir_lo"], jsq["iir_hi"]) == (pytest.approx(2), pytest.approx(2))
    assert (jsq["replications"], jsq["failed"]) == (3, 0)


def test_failed_replications_are_left_out_and_counted() -> None:
    rows = [row("FCFS", 0, 10.0), row("FCFS", 1, 30.0), row("JSQ", 0, 5.0)]
    rows.append(row("JSQ", 1, math.nan, status="failed", error="ValueError: x"))
    _, jsq = point_means(pd.DataFrame(rows)).to_dict("records")
    assert (jsq["imbalance"], jsq["replications"], jsq["failed"]) == (5, 1, 1)
    assert jsq["iir"] == 2  # of the one pair there is
    assert math.isnan(jsq["iir_lo"])
    assert math.isnan(jsq["imbalance_lo"])


def test_the_load_of_a_failed_replication_is_that_of_the_others() -> None:
    rows = [row("FCFS", 0, math.nan, status="failed", error="x"), row("FCFS", 1, 5.0, load=0.8)]
    (fcfs,) = point_means(pd.DataFrame(rows)).to_dict("records")
    assert fcfs["load"] == 0.8


def test_nothing_to_compare_with() -> None:
    means = point_means(pd.DataFrame([row("JSQ", i, 5.0 + i) for i in range(2)]))
    assert means["iir"].isna().all()
    zero = point_means(pd.DataFrame([row("FCFS", 0, 5.0), row("JSQ", 0, 0.0)]))
    assert zero["iir"].tolist() == [1, math.inf]


def test_a_ratio_of_what_is_never_negative_is_not_either() -> None:
    """Numerators so far apart that Fieller's interval reaches down to -6: it ends at 0."""
    ratio, low, high = paired_ratio(pd.Series([0.0, 10.0, 1.0]), pd.Series([5.0, 5.1, 4.9]))
    assert ratio == pytest.approx(11 / 15)
    assert low == 0 < ratio < high
