"""Policies side by side: the requests of each regime, and what a user may get wrong."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drift_processes import Workload
from experiments.capacity import offered_load
from experiments.compare import LOOKAHEAD, Comparison, compare
from simulation import simulate
from tests.traces import trace_file


def trace(folder: Path, *, times: bool = True, requests: int = 400, name: str = "t.csv") -> Path:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "prompt_tokens": rng.geometric(0.001, requests),
            "output_tokens": rng.geometric(0.05, requests),
        }
    )
    if times:
        frame.insert(0, "arrival_s", np.cumsum(rng.exponential(0.5, requests)).round(3))
    frame.to_csv(folder / name, index=False)
    return folder / name


def test_each_policy_is_run_in_each_binding_on_the_same_requests(tmp_path: Path) -> None:
    comparison = Comparison(
        trace(tmp_path), workers=2, slots=4, policies="jsq, vllm_dp,brh,br0:immediate,jsq", load=0.8
    )
    outcome = compare(comparison)
    rules = [("jsq", "pooled"), ("jsq", "immediate"), ("vllm_dp", "immediate"), ("brh", "pooled"),
             ("br0", "immediate")]  # fmt: skip
    assert list(zip(outcome.table["policy"], outcome.table["binding"], strict=True)) == rules
    assert outcome.scenario["offered_load"] == pytest.approx(0.8)
    work = Workload.from_trace(comparison.trace, speed=outcome.scenario["speed"])
    assert offered_load(work, comparison.system) == pytest.approx(0.8)
    for row in outcome.table.to_dict("records"):
        run = simulate(work, comparison.system, row["policy"], binding=row["binding"], seed=1,
                       lookahead=LOOKAHEAD if row["policy"] == "brh" else None)  # fmt: skip
        for name, value in run.summary().items():
            assert row[name] == pytest.approx(value), (row["policy"], name)
    assert (outcome.table["finished"] == 400).all()


def test_its_own_pace_is_speed_one_and_loads_are_proportional_to_it(tmp_path: Path) -> None:
    path = trace(tmp_path)
    one, two = (
        compare(Comparison(path, workers=2, slots=4, policies="fcfs", speed=speed)).scenario
        for speed in (None, 2.0)
    )
    assert (one["speed"], two["speed"]) == (1, 2)
    assert two["offered_load"] == pytest.approx(2 * one["offered_load"])


def test_the_mean_load_slows_every_step(tmp_path: Path) -> None:
    path = trace(tmp_path)
    fast, slow = (
        compare(Comparison(path, workers=2, slots=4, policies="fcfs", load=0.5, mean_load_s=kappa))
        for kappa in (0.0, 1e-6)
    )
    assert slow.scenario["speed"] < fast.scenario["speed"]  # the same load comes at a slower pace
    assert slow.table["step_s"][0] > fast.table["step_s"][0]


@pytest.mark.parametrize("times", [True, False])
def test_without_a_clock_all_slots_stay_full_and_only_pooled_rules_are_run(times, tmp_path: Path) -> None:
    comparison = Comparison(
        trace(tmp_path, times=times), workers=2, slots=4, policies="jsq,vllm_dp,bfio", steps=500,
        overloaded=times,
    )  # fmt: skip
    outcome = compare(comparison)
    assert outcome.table["policy"].tolist() == ["jsq", "bfio"]
    assert set(outcome.table["binding"]) == {"pooled"}
    assert outcome.table["steps"].tolist() == [500, 500]
    assert outcome.scenario["offered_load"] is None
    # 8 tokens a step: all slots are full
    tokens = outcome.table["throughput"] * outcome.table["step_s"] * outcome.table["steps"]
    assert tokens.tolist() == pytest.approx([4000, 4000])
    assert "ttft_s_p50" not in outcome.table


def test_every_stage_is_announced(tmp_path: Path) -> None:
    comparison = Comparison(trace(tmp_path), workers=2, slots=4, policies="fcfs,jsq")
    told: list[str] = []
    compare(comparison, progress=told.append)
    assert told == ["reading the trace", "fcfs (pooled)", "jsq (pooled)", "jsq (immediate)"]


BAD = [
    ({"policies": "nope"}, "policies must be one of 'fcfs', "),
    ({"policies": "fcfs,"}, "policies must be one of 'fcfs', "),
    ({"policies": "vllm_dp:pooled"}, "policies: 'vllm_dp:pooled' must be vllm_dp:immediate"),
    ({"policies": "jsq:"}, "policies: 'jsq:' must be jsq:pooled or jsq:immediate"),
    ({"load": 0}, "load must be >= 1e-06, got 0"),
    ({"load": float("nan")}, "load must be finite, got nan"),
    ({"speed": -1}, "speed must be >= 1e-09, got -1"),
    ({"speed": 1.0, "load": 0.5}, "speed and --load exclude each other: give one of them"),
    ({"load": 0.5, "overloaded": True}, "load and --overloaded exclude each other: give one of them"),
    ({"workers": 1}, "workers must be >= 2, got 1"),
    ({"slots": 0}, "slots must be >= 1, got 0"),
    ({"steps": 0}, "steps must be >= 1, got 0"),
    ({"mean_load_s": -1}, "mean-load-s must be >= 0, got -1"),
]


@pytest.mark.parametrize(("settings", "line"), BAD, ids=[str(settings) for settings, _ in BAD])
def test_a_setting_that_makes_no_sense_is_told_in_one_line(settings, line: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(line)):
        Comparison(Path("t.csv"), **settings)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"load": 0.9}, "--load: t.csv has no arrival times; leave it out to compare overloaded"),
        ({"speed": 2}, "--speed: t.csv has no arrival times; leave it out to compare overloaded"),
        (
            {"policies": "vllm_dp,jsq:immediate"},
            "--policies vllm_dp,jsq:immediate: bind requests on arrival, and all are there from the start; ",
        ),
    ],
)
def test_what_a_trace_without_times_can_not_be_asked(settings, line: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(line)):
        compare(Comparison(trace(tmp_path, times=False), workers=2, slots=2, **settings))


def test_a_load_needs_time_to_pass(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("arrival_s,prompt_tokens,output_tokens\n0,5,5\n0,6,7\n")
    with pytest.raises(
        ValueError, match=r"^--load: all requests of t\.csv arrive at once; give --overloaded"
    ):
        compare(Comparison(path, load=0.9))
    assert compare(Comparison(path, policies="fcfs")).scenario["offered_load"] == np.inf


def test_on_a_production_trace_tokens_are_what_to_count() -> None:
    """Mooncake's conversations at 0.9 of the capacity of 16 x 72: counting requests falls behind."""
    comparison = Comparison(
        trace_file("mooncake_conversation.parquet"), load=0.9,
        policies="vllm_dp,sglang_total_requests,sglang_total_tokens,br0:immediate",
    )  # fmt: skip
    table = compare(comparison).table.set_index("policy")
    counted = table.loc[["vllm_dp", "sglang_total_requests"], "throughput"]
    weighed = table.loc[["sglang_total_tokens", "br0"], "throughput"]
    assert 1.07 < weighed.min() / counted.max() < 1.2
    assert table.loc["sglang_total_tokens", "ttft_s_p99"] < 1 < table.loc["vllm_dp", "ttft_s_p99"]
