"""Scenarios of sweeps: what a file may say, which line a mistake is in, and which cells follow from it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from experiments.sweeps.mistakes import line_of
from experiments.sweeps.plan import key_of
from experiments.sweeps.resolve import TRACES
from experiments.sweeps.toml_file import load_plan, shipped
from tests.experiments.sweep_scenarios import SMALL, drift_file, small_plan
from tests.traces import trace_file


def test_lines_are_found_within_strings_and_lists_of_several_lines() -> None:
    text = 'a = """\nb = 1\n"""\nb = [\n  1,\n  2,\n]\n[t]\nc = {d = 1}\n'
    assert [line_of(text, place) for place in [("a",), ("b",), ("b", 1), ("t", "c", "d"), ("t", "x")]] == [
        1, 4, 4, 9, 8,
    ]  # fmt: skip
    assert line_of(text, ("nowhere",)) is None


def test_points_and_cells_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALL)
    plan = load_plan(str(tmp_path / "mine.toml"))
    assert plan.scenario.name == "mine"
    assert [(point.system.workers, point.system.slots) for point in plan.points] == [(2, 4), (3, 4)]
    assert [variant.label for variant in plan.variants] == ["FCFS", "BF-IO(0)", "BF-IO(3), oracle"]
    found = [(cell.point.number, cell.variant.horizon, cell.replication) for cell in plan.cells]
    assert found[:6] == [(0, 0, 0), (0, 0, 1), (0, 0, 0), (0, 0, 1), (0, 3, 0), (0, 3, 1)]
    assert len(found) == 12
    assert [cell.record_loads for cell in plan.cells[:2]] == [3, 0]


def test_variants_share_seeds_and_nothing_else_does() -> None:
    cells = small_plan().cells
    seeds = {(cell.point.number, cell.replication): set() for cell in cells}
    for cell in cells:
        seeds[cell.point.number, cell.replication].add(cell.seed)
    assert [len(each) for each in seeds.values()] == [1, 1, 1, 1]
    assert len(set.union(*seeds.values())) == 4
    assert len({cell.key for cell in cells}) == len(cells)


def test_keys_and_seeds_do_not_depend_on_order_labels_or_other_cells() -> None:
    def known(**changes):
        plan = small_plan(**changes)
        return {
            (c.point.system.workers, c.variant.policy, c.replication): (c.key, c.seed) for c in plan.cells
        }

    plain = known()
    system, variants = (
        {"workers": [7, 3, 2], "slots": 4},
        [{"policy": "bfio"}, {"policy": "jsq"}, {"policy": "fcfs"}],
    )
    workload = {"sizes": "uniform:1:100", "lengths": "geometric:0.2", "label": "another name"}
    more = known(system=system, variants=variants, workloads=[workload], replications=5, name="other")
    assert plain.items() <= more.items()
    assert all(key != more[cell][0] for cell, (key, _) in known(steps=61).items())
    assert all(seed != more[cell][1] for cell, (_, seed) in known(seed=6).items())


def test_a_key_is_a_digest_of_canonical_json() -> None:
    assert key_of({"b": 1, "a": [1.5, None]}) == key_of({"a": [1.5, None], "b": 1})
    # sha256 of '{"a":1}', by another program
    assert key_of({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad808"


def test_a_trace_is_known_by_its_content_and_found_beside_the_file_or_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "arrival_s,prompt_tokens,output_tokens\n0,5,2\n1,6,3\n3,7,2\n"
    folders = [tmp_path / name for name in ("scenario", "a", "b")]
    for folder in folders:
        folder.mkdir()
    for folder in folders[1:]:
        (folder / "t.csv").write_text(rows)
    text = SMALL.replace('sizes = "uniform:1:100"\nlengths = "geometric:0.2"', 'trace = "t.csv"')
    (folders[0] / "s.toml").write_text(text)
    plans = []
    for folder in folders[1:]:
        monkeypatch.setenv(TRACES, str(folder))
        plans.append(load_plan(str(folders[0] / "s.toml")))
    assert plans[0].points[0].workload.path != plans[1].points[0].workload.path
    assert plans[0].identity == plans[1].identity
    (folders[2] / "t.csv").write_text(rows.replace("7", "8"))
    assert load_plan(str(folders[0] / "s.toml")).identity != plans[1].identity


def test_a_user_s_drift_file_is_part_of_the_key(tmp_path: Path) -> None:
    keys = []
    for action in ("pass", "step + 1"):
        process = drift_file(tmp_path, action)
        keys.append([cell.key for cell in small_plan(drifts=[{"process": process}]).cells])
    assert not set(keys[0]) & set(keys[1])


def test_every_shipped_scenario_can_be_planned_and_has_a_quick_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENSTEP_TRACES", str(trace_file("azure2023_code.parquet").parent))
    for name in shipped():
        for quick in (False, True):
            plan = load_plan(name, quick=quick)
            assert plan.scenario.title
            assert any(variant.policy == "fcfs" for variant in plan.variants)
            json.dumps(plan.identity)
        assert re.fullmatch(rf"{name}-quick", plan.scenario.name)
        assert plan.scenario.steps <= 400
        assert len(plan.cells) <= 200


def test_seeds_fit_into_signed_integers() -> None:
    assert all(0 <= cell.seed <= np.iinfo(np.int64).max for cell in small_plan(replications=50).cells)
