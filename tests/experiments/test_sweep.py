"""A sweep in this process: what its tables say, what a failing cell does, and what resuming refuses."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bounds import fcfs_imbalance
from bounds.renewal import likely_starts
from drift_processes import Law, UnitGrowth, Workload
from experiments.capacity import capacity_per_s
from experiments.store import read_metadata
from experiments.sweeps.driver import Swept, run_sweep
from experiments.sweeps.inputs import clocked, overloaded, request_law
from experiments.sweeps.scenario import SweepScenario
from simulation import System, simulate
from tests.experiments.sweep_scenarios import SMALL, TABLES, bytes_of, drift_file, small, small_plan

#: The columns that every row has, in their order; docs/sweeps.md.
IDENTIFICATION = [
    "scenario", "point", "workload", "drift", "workers", "slots", "arrivals", "load", "variant", "policy",
    "options", "binding", "lookahead", "horizon", "replication", "seed", "steps", "warmup", "status", "error",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sweep")


@pytest.fixture(scope="module")
def swept(folder: Path) -> Swept:
    (folder / "mine.toml").write_text(SMALL)
    return run_sweep(folder / "mine.toml", folder / "a")


def test_the_tables_are_what_was_returned(folder: Path, swept: Swept) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(pd.read_parquet(folder / "a" / f"{name}.parquet"), getattr(swept, name))
        about = read_metadata(folder / "a" / f"{name}.parquet")["scenario"]
        assert about["seed"] == 5
        assert about["name"] == "mine"
    assert list(swept.results)[: len(IDENTIFICATION)] == IDENTIFICATION
    assert swept.failed == ()


def test_rows_come_by_point_variant_and_replication(swept: Swept) -> None:
    rows = swept.results
    assert rows["point"].tolist() == [0] * 6 + [1] * 6
    assert rows["variant"].tolist() == ["FCFS", "FCFS", "BF-IO(0)", "BF-IO(0)", *["BF-IO(3), oracle"] * 2] * 2
    assert rows["replication"].tolist() == [0, 1] * 6
    assert set(rows["status"]) == {"done"}
    assert rows["load"].isna().all()
    assert json.loads(rows["options"][4]) == {"horizon": 3}


def test_a_cell_is_the_run_that_its_row_describes(swept: Swept) -> None:
    row = swept.results.iloc[9]  # G = 3, BF-IO(0), replication 1
    sizes, lengths = Law.uniform(1, 100), Law.geometric(0.2)
    number = math.ceil(likely_starts(lengths, steps=80, slots=12)) + 8 * 3
    seed = int(row["seed"])
    work = Workload.synthetic(sizes=sizes, lengths=lengths, drift=UnitGrowth(), requests=number, seed=seed)
    run = simulate(work, System(3, 4), "bfio", steps=80, seed=seed)
    for name, value in run.summary(warmup=20).items():
        assert row[name] == value, name
    assert row["work"] == run.total_load[20:].sum()
    assert row["idle_work"] == (3 * run.max_load - run.total_load)[20:].sum()
    assert row["energy_j"] == run.energy_j[20:].sum()
    assert row["tokens"] == 60 * 12
    assert row["total_load"] == pytest.approx(row["work"] / 60)
    assert 3 * row["max_load"] - row["total_load"] == pytest.approx(row["imbalance"])


def test_theory_of_a_point_by_hand(swept: Swept) -> None:
    assert swept.theory["workers"].tolist() == [2, 3]
    row = swept.theory.iloc[1]
    # sizes uniform on 1..100; the age of a geometric length in its steady state is geometric from 0
    age_variance = 0.8 / 0.2**2
    assert row["mean_size"] == pytest.approx(50.5)
    assert row["size_range"] == 99
    assert row["mean_length"] == pytest.approx(5)
    assert row["slot_mean"] == pytest.approx(50.5 + 4, rel=1e-9)
    assert row["slot_sd"] == pytest.approx(math.sqrt((100**2 - 1) / 12 + age_variance), rel=1e-9)
    assert row["slot_second"] == pytest.approx(row["slot_sd"] ** 2 + row["slot_mean"] ** 2)
    assert row["separation_bound"] == 2 * 99
    exact = fcfs_imbalance(Law.uniform(1, 100), Law.geometric(0.2), UnitGrowth(), workers=3, slots=4)
    assert (row["f0_lo"], row["f0_hi"]) == (exact.lo, exact.hi)
    assert 0 <= row["f1"] <= row["f0_hi"]
    assert row["iir_bound_claim"] == ""
    assert row["b2_required_batch"] > 4


def test_the_ratio_bound_of_equal_lengths_is_b1_s(tmp_path: Path) -> None:
    workloads = [{"sizes": "uniform:1:100", "lengths": "constant:5"}]
    row = run_sweep(small(workloads=workloads, replications=1), tmp_path / "a").theory.iloc[0]
    assert row["iir_bound_claim"] == "B1-ratio"
    assert row["iir_bound"] > 0
    assert math.isnan(row["b2_required_batch"])


def test_loads_are_those_of_the_first_steps_of_the_first_replication(swept: Swept) -> None:
    loads = swept.loads
    assert len(loads) == 3 * 3 * (2 + 3)
    part = loads[(loads["workers"] == 3) & (loads["variant"] == "FCFS")]
    assert part["step"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert part["worker"].tolist() == [0, 1, 2] * 3
    assert part["load"].gt(0).all()


def test_all_variants_of_a_point_meet_the_same_requests() -> None:
    variants = [{"policy": "fcfs"}, {"policy": "bfio"}, {"policy": "jsq", "binding": "immediate"}]
    for kind, arrivals in ((overloaded, [{}]), (clocked, [{"kind": "poisson", "load": 0.9}])):
        cells = small_plan(variants=variants, pool=30.0, arrivals=arrivals).cells[:6:2]
        drawn = [
            kind(cell, request_law(cell.point.workload, cell.point.drift), UnitGrowth(), 80) for cell in cells
        ]
        for work in drawn[1:]:
            assert np.array_equal(work.sizes, drawn[0].sizes)
            assert np.array_equal(work.lengths, drawn[0].lengths)
            assert kind is overloaded or np.array_equal(work.arrival_s, drawn[0].arrival_s)


def test_arrivals_offer_the_load_that_they_are_asked_for(tmp_path: Path) -> None:
    arrivals = [
        {"kind": "poisson", "load": 0.5},
        {"kind": "bursts", "load": 0.5, "burst_stays_s": [0.4, 0.2]},
    ]
    scenario = small(
        arrivals=arrivals, steps=20_000, warmup=500, variants=[{"policy": "fcfs"}], replications=1
    )
    swept = run_sweep(scenario, tmp_path / "a")
    assert swept.theory.empty
    rows = swept.results
    assert rows["load"].tolist() == [0.5] * 4
    assert rows["arrivals"].tolist() == ["poisson", "bursts"] * 2
    for row, cell in zip(rows.to_dict("records"), small_plan(arrivals=arrivals).cells[::4], strict=True):
        law = request_law(cell.point.workload, cell.point.drift)
        rate = 0.5 * capacity_per_s(law, UnitGrowth(), cell.point.system)
        # everyone is served: as many tokens per second as arrive, E o = 5 for each request
        assert row["throughput"] == pytest.approx(5 * rate, rel=0.06)
        assert row["occupancy"] < 1
        assert row["ttft_s_p50"] > row["wait_s_p50"] >= 0


def test_a_trace_keeps_its_own_times_or_is_sped_up_to_a_load(tmp_path: Path) -> None:
    rows = [f"{i},{10 + i % 7},{2 + i % 3}" for i in range(400)]
    (tmp_path / "t.csv").write_text("\n".join(["arrival_s,prompt_tokens,output_tokens", *rows]) + "\n")
    (tmp_path / "s.toml").write_text(
        'steps = 300\nworkloads = [{trace = "t.csv"}]\nsystem = {workers = 2, slots = 2}\n'
        'arrivals = [{kind = "trace"}, {kind = "trace", load = 0.8}, {}]\nvariants = [{policy = "fcfs"}]\n'
        "replications = 3\nwarmup = 10\n"
    )
    table = run_sweep(tmp_path / "s.toml", tmp_path / "a").results
    assert table["arrivals"].tolist() == ["trace", "trace", "overloaded", "overloaded", "overloaded"]
    own, fast = table["load"][:2]
    assert 0 < own < 0.01  # a request a second, while one takes some milliseconds
    assert fast == 0.8
    assert table["queue"][0] == 0


def _trace(folder: Path, requests: int) -> list[dict[str, object]]:
    """Write a trace whose requests come every 0.01 s and run for 4 steps; return it as a workload."""
    rows = [f"{i / 100},50,4" for i in range(requests)]
    (folder / "t.csv").write_text("\n".join(["arrival_s,prompt_tokens,output_tokens", *rows]) + "\n")
    return [{"trace": str(folder / "t.csv")}]


@pytest.mark.parametrize(
    ("requests", "warmup", "steps", "expected"),
    [
        (4000, 200, 200, (200, 200)),  # the steps that were asked for end the run: both as they were given
        (4000, 0, 200, (0, 200)),
        (40, 10, 200, (10, None)),  # the trace ends first: what was given stays
    ],
)
def test_a_warm_up_that_was_given_stays_as_it_is(requests, warmup, steps, expected, tmp_path: Path) -> None:
    scenario = small(
        workloads=_trace(tmp_path, requests), arrivals=[{"kind": "trace"}], variants=[{"policy": "fcfs"}],
        system={"workers": 2, "slots": 2}, steps=steps, warmup=warmup,
    )  # fmt: skip
    [row] = run_sweep(scenario, tmp_path / "a").results.to_dict("records")
    assert row["status"] == "done"
    assert row["warmup"] == expected[0]
    assert row["steps"] == (expected[1] or row["steps"])


def test_a_warm_up_that_follows_from_the_lengths_takes_a_quarter_of_a_trace_that_ends_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.sweeps.cell.warmup_of", lambda _cell: 150)
    table = {}
    for requests in (4000, 60):
        scenario = small(
            workloads=_trace(tmp_path, requests), arrivals=[{"kind": "trace"}], variants=[{"policy": "fcfs"}],
            system={"workers": 2, "slots": 2}, steps=200, warmup=None,
        )  # fmt: skip
        [table[requests]] = run_sweep(scenario, tmp_path / str(requests)).results.to_dict("records")
    assert (table[4000]["warmup"], table[4000]["steps"]) == (150, 200)
    ended = table[60]["warmup"] + table[60]["steps"]
    assert ended < 350
    assert table[60]["warmup"] == ended // 4


def test_a_trace_that_ends_within_the_warm_up_fails(tmp_path: Path) -> None:
    scenario = small(
        workloads=_trace(tmp_path, 40), arrivals=[{"kind": "trace"}], variants=[{"policy": "fcfs"}],
        system={"workers": 2, "slots": 2}, warmup=5000,
    )  # fmt: skip
    [error] = run_sweep(scenario, tmp_path / "a").results["error"]
    assert re.fullmatch(
        r"ValueError: the requests were used up after \d+ steps, within the warm-up of 5000: lower warmup",
        error,
    )


def test_a_trace_whose_requests_arrive_at_once_has_no_load(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("arrival_s,prompt_tokens,output_tokens\n" + 40 * "0,5,4\n")
    scenario = small(
        workloads=[{"trace": str(tmp_path / "t.csv")}],
        arrivals=[{"kind": "trace"}, {"kind": "trace", "load": 1.0}],
        system={"workers": 2, "slots": 2}, variants=[{"policy": "fcfs"}], warmup=0,
    )  # fmt: skip
    rows = run_sweep(scenario, tmp_path / "a").results
    assert math.isnan(rows["load"][0])
    assert rows["status"].tolist() == ["done", "failed"]
    assert rows["error"][1] == "ValueError: a load needs arrivals at more than one time"


def test_absolute_patterns_stand_for_the_files_that_fit(tmp_path: Path) -> None:
    for i, name in enumerate(("b", "a")):
        (tmp_path / f"{name}.csv").write_text(f"prompt_tokens,output_tokens\n5,{i + 2}\n")
    plan = small_plan(workloads=[{"trace": f"{tmp_path}/*.csv"}])
    assert [point.workload.label for point in plan.points] == ["a", "a", "b", "b"]


@pytest.mark.parametrize(
    "constants",
    [
        dict.fromkeys(("overhead_s", "seconds_per_token", "mean_load_s", "idle_w", "busy_w"), 1e12),
        {"overhead_s": 1e-12, "seconds_per_token": 0.0},
        {"overhead_s": 0.0, "seconds_per_token": 0.0, "mean_load_s": 1e-12},
    ],
)
def test_the_most_extreme_constants_give_numbers(constants: dict[str, float], tmp_path: Path) -> None:
    arrivals = [{}, {"kind": "poisson", "load": 0.5}]
    system = {"workers": 2, "slots": 4, **constants}
    if constants["overhead_s"] == 1e12:  # the rate of requests would be below that of any arrivals
        arrivals = arrivals[:1]
    rows = run_sweep(small(system=system, arrivals=arrivals, replications=1), tmp_path / "a").results
    assert set(rows["status"]) == {"done"}
    figures = rows[rows["arrivals"] == "overloaded"].loc[:, "steps":].drop(columns=["status", "error"])
    assert np.isfinite(figures.dropna(axis="columns", how="all").astype(float)).all(axis=None)
    assert rows["throughput"].gt(0).all()


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("if age.size == 12: raise RuntimeError('three\\nworkers')", "RuntimeError: three workers"),
        ("if age.size == 12: raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_failing_cell_is_told_and_the_rest_goes_on(action: str, error: str, tmp_path: Path) -> None:
    swept = run_sweep(small(drifts=[{"process": drift_file(tmp_path, action)}]), tmp_path / "a")
    rows = swept.results
    assert rows["status"].tolist() == ["done"] * 4 + ["failed"] * 4
    assert set(rows["error"][4:]) == {error}
    assert rows["imbalance"].notna().tolist() == [True] * 4 + [False] * 4
    assert len(swept.failed) == 4
    where = "point 1 (uniform:1:100, geometric:0.2, Odd, G = 3, B = 4), FCFS, replication 0"
    assert swept.failed[0] == f"{where}: {error}"


def test_failed_cells_are_tried_again_and_done_ones_are_not(tmp_path: Path) -> None:
    flag = tmp_path / "repaired"
    process = drift_file(
        tmp_path, f"if age.size == 12 and not Path({str(flag)!r}).exists(): raise ValueError('x')"
    )
    scenario = small(drifts=[{"process": process}])
    assert len(run_sweep(scenario, tmp_path / "a").failed) == 4
    flag.touch()
    told: list[tuple[int, int]] = []
    again = run_sweep(scenario, tmp_path / "a", resume=True, progress=lambda *now: told.append(now))
    assert told[-1] == (4, 4)  # not the theories of the two points: that nothing is known is known
    assert again.failed == ()
    whole = run_sweep(scenario, tmp_path / "b")
    pd.testing.assert_frame_equal(again.results, whole.results)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_a_damaged_or_half_written_file_is_made_again(tmp_path: Path, folder: Path, swept: Swept) -> None:
    run_sweep(folder / "mine.toml", tmp_path / "a")
    cells = sorted((tmp_path / "a" / "cells").iterdir())
    cells[0].write_bytes(b"PAR1")
    cells[1].unlink()
    rests = [cells[1].with_name(f".{cells[1].name}.abc"), tmp_path / "a" / ".results.parquet.abc"]
    for rest in rests:
        rest.write_bytes(b"PAR1")
    (tmp_path / "a" / "results.parquet").unlink()
    told: list[tuple[int, int]] = []
    run_sweep(folder / "mine.toml", tmp_path / "a", resume=True, progress=lambda *now: told.append(now))
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert not any(rest.exists() for rest in rests)
    assert bytes_of(tmp_path / "a") == bytes_of(folder / "a")


def test_a_sweep_that_was_killed_before_it_had_said_whose_it_is_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".scenario.json.abc").write_bytes(b"{")
    run_sweep(small(replications=1), tmp_path / "a", resume=True)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        ".lock", "cells", "results.parquet", "scenario.json", "theory", "theory.parquet",
    ]  # fmt: skip


def test_what_resuming_refuses(tmp_path: Path, folder: Path, swept: Swept, monkeypatch) -> None:
    out = folder / "a"
    with pytest.raises(
        ValueError, match=r"^--out .*a: holds a sweep; go on with it by --resume, or name another$"
    ):
        run_sweep(folder / "mine.toml", out)
    changed = folder / "mine2.toml"
    changed.write_text(SMALL.replace("steps = 60", 'name = "mine"\nsteps = 61'))
    with pytest.raises(ValueError, match=r"holds a sweep of another scenario \(steps: 60 there, 61 here\)"):
        run_sweep(changed, out, resume=True)
    monkeypatch.setattr("experiments.sweeps.folder.versions", lambda: {"evenstep": "0.0.1"})
    with pytest.raises(
        ValueError, match=r"holds a sweep of another version \(evenstep: '.*' there, '0.0.1' here\)"
    ):
        run_sweep(folder / "mine.toml", out, resume=True)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").touch()
    for resume in (False, True):
        with pytest.raises(
            ValueError, match=r"photos: is not empty, and no folder of a sweep; name another$"
        ):
            run_sweep(folder / "mine.toml", tmp_path / "photos", resume=resume)
    with pytest.raises(ValueError, match=r"is a file; name a folder$"):
        run_sweep(folder / "mine.toml", tmp_path / "photos" / "cat.png")


def test_where_else_it_may_run_is_told(tmp_path: Path) -> None:
    for on in ("here", "processes:0", "processes:two", ""):
        with pytest.raises(
            ValueError, match=r"^--on must be local, processes, processes:N or tcp://HOST:PORT, got"
        ):
            run_sweep(small(), tmp_path / "a", on=on)
    assert not (tmp_path / "a").exists()


def test_a_pool_shows_as_many_requests_as_it_is_asked_for(tmp_path: Path) -> None:
    tight, wide = (
        run_sweep(
            small(pool=pool, system={"workers": 4, "slots": 30}, steps=400, variants=[{"policy": "bfio"}]),
            tmp_path / str(pool),
        ).results["imbalance"].mean()
        for pool in (0.1, 8.0)
    )  # fmt: skip
    assert wide < tight


def test_the_warm_up_follows_from_the_lengths(tmp_path: Path) -> None:
    scenario = SweepScenario(
        name="warm", steps=50, replications=1, variants=[{"policy": "fcfs"}],
        workloads=[{"sizes": "constant:3", "lengths": law} for law in ("constant:4", "geometric:0.1")],
        system={"workers": 2, "slots": 3},
    )  # fmt: skip
    warmup = run_sweep(scenario, tmp_path / "a").results["warmup"]
    assert warmup[0] == 0  # periodic from the start
    assert 20 < warmup[1] < 1000


def test_a_whole_seed_decides_everything(tmp_path: Path) -> None:
    rows = [run_sweep(small(seed=seed), tmp_path / str(seed)).results["imbalance"] for seed in (1, 2)]
    assert not np.array_equal(*rows)
