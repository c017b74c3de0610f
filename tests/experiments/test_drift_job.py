"""The command `evenstep drift`: claims that survive, claims that don't, and mistakes in one line."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contracts import DriftError
from docs.refresh import EXAMPLES, SHOWN_FILE
from drift_processes import DriftProcess, JointLaw, Law, UnitGrowth, Workload
from experiments import cli, drift_job
from experiments.claim_rows import round_claims, serving_claims
from experiments.drift_file import NamedDrift, load_drift
from experiments.drift_job import drift_scenario, drift_stages, examine, growth_class
from experiments.reproduce import reproduce
from experiments.scenario import Scenario
from experiments.terminal.drift import drift_report
from simulation import System, simulate
from tests.experiments.drift_files import SOURCE

SMALL = {"workers": 4, "slots": 8, "steps": 400, "seed": 1}
OPTIONS = [word for name, value in SMALL.items() for word in (f"--{name}", str(value))]
LAWS = {"trace": None, "sizes": "uniform:1:30", "lengths": "geometric:0.3"}
SHORT = ["--sizes", "uniform:1:30", "--lengths", "geometric:0.3"]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mine.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def evenstep(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command in this process and return its exit status."""
    monkeypatch.setattr(sys, "argv", ["evenstep", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def found(process: DriftProcess, **settings: object) -> pd.DataFrame:
    drift = NamedDrift(process, "drift")
    scenario = drift_scenario(drift, **LAWS, **{**SMALL, **settings})
    claims = examine(drift, scenario).claims
    return claims.set_index(["claim", "run", "policy"])


class Halves(DriftProcess):
    """Grows by 0 or 1 at random, each with probability one half."""

    increment_range = (0.0, 1.0)

    def increments(self, *, step, age, size, load, rng):
        return rng.integers(0, 2, len(age)).astype(float)

    def lengths_in_steps(self, tokens, rng):
        return -(-tokens // 2)


class Pulse(DriftProcess):
    """Grows everyone by 5 in every third step: common, and of no known law."""

    increment_range = (0.0, 5.0)
    is_common = True

    def increments(self, *, step, age, size, load, rng):
        return 5.0 if step % 3 == 0 else 0.0


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the search, which has tests of its own (test_drift_check.py)."""
    monkeypatch.setattr(drift_job, "check_drift", lambda _drift: True)


@pytest.mark.usefixtures("unchecked")
def test_unit_growth_gets_the_verdicts_of_reproduce() -> None:
    claims = found(UnitGrowth())
    scenario = Scenario(sizes=LAWS["sizes"], lengths=LAWS["lengths"], **SMALL)
    same = reproduce(scenario).claims.set_index(["claim", "run", "policy"])
    both = claims.index.intersection(same.index)
    assert {claim for claim, _, _ in both} == {"F0", "F1", "T0", "E0", "B1", "B1-ratio"}
    pd.testing.assert_frame_equal(claims.drop(columns="status").loc[both], same.loc[both])
    status = dict(zip(claims.index.get_level_values("claim"), claims["status"], strict=True))
    assert status == {
        "F0": "exact", "F1": "proved", "T0": "exact", "E0": "proved", "B1": "proved", "B1-ratio": "proved",
    }  # fmt: skip


@pytest.mark.usefixtures("unchecked")
def test_common_growth_keeps_b1_and_loses_only_the_stationary_law() -> None:
    claims = found(Pulse())
    assert set(claims[claims["applies"]]["verdict"]) == {"consistent"}
    lost = [(claim, run) for (claim, run, _), row in claims.iterrows() if not row["applies"]]
    assert lost == [("F0", "replicas"), ("F1", "replicas"), ("B1", "serving")]
    assert claims.loc[("B1", "rounds", "bfio"), "bound_hi"] == 3 * 29
    assert "no exact snapshot law" in claims.loc[("F0", "replicas", "fcfs"), "reason"]


@pytest.mark.usefixtures("unchecked")
def test_growth_that_differs_between_requests_loses_b1_and_keeps_the_identities() -> None:
    claims = found(Halves())
    kept = {claim for (claim, _, _), row in claims.iterrows() if row["applies"]}
    assert kept == {"T0", "E0"}
    assert set(claims[claims["applies"]]["verdict"]) == {"consistent"}
    reason = "Halves grows requests by different amounts, 0 to 1 per step"
    assert claims.loc[("B1", "rounds", "bfio"), "reason"] == reason
    assert claims.loc[("B1-ratio", "rounds", "bfio"), "reason"] == reason
    assert "Halves is not common" in claims.loc[("F0", "rounds", "fcfs"), "reason"]


@pytest.mark.parametrize("process", [Halves(), Pulse()], ids=["per request", "common"])
def test_t0_counts_the_work_of_any_drift_anew(process: DriftProcess) -> None:
    work = Workload.synthetic(
        sizes=Law.uniform(1, 20), lengths=Law.geometric(0.2), drift=process, requests=2000, seed=1
    )
    run = simulate(work, System(3, 2), "bfio", steps=300, seed=5)

    def verdict(run: object) -> str:
        rows = serving_claims({"bfio": run}, Law.uniform(1, 20), 50)
        return next(row.verdict for row in rows if row.claim == "T0")

    assert verdict(run) == "consistent"
    assert verdict(replace(run, max_load=run.max_load * 1.01)) == "violated"
    # a record of loads that is wrong by one unit, in one step
    total = run.total_load + (np.arange(run.steps) == 60)
    assert verdict(replace(run, total_load=total)) == "violated"


def test_without_any_imbalance_bfio_beats_every_ratio() -> None:
    # one slot each and sizes 1 or 2: rounds of four 1s or four 2s are always there to be chosen
    work = Workload.synthetic(
        sizes=Law.uniform(1, 2), lengths=Law.constant(8), drift=UnitGrowth(), requests=2000, seed=1
    )
    runs = {policy: simulate(work, System(4, 1), policy, steps=80, window=64) for policy in ("fcfs", "bfio")}
    row = list(round_claims(runs, Law.uniform(1, 2), 8))[-1]
    assert (row.claim, row.measured, row.verdict) == ("B1-ratio", np.inf, "consistent")


@pytest.mark.usefixtures("unchecked")
def test_every_stage_is_announced_and_a_search_cut_short_is_told() -> None:
    told: list[str] = []
    drift = NamedDrift(UnitGrowth(), "UnitGrowth([red])")
    scenario = drift_scenario(drift, **LAWS, **{**SMALL, "steps": 50})
    outcome = examine(drift, scenario, progress=told.append)
    assert len(told) == drift_stages()
    assert drift_report(outcome).startswith("UnitGrowth([red]): constant, loads grow by 1 per step")
    assert "cut short" not in drift_report(outcome)
    assert "cut short" in drift_report(replace(outcome, searched=False))


@pytest.mark.parametrize(
    ("process", "expected"),
    [(UnitGrowth(), "constant"), (Pulse(), "common"), (Halves(), "per-request random")],
)
def test_the_class_is_shown_as_it_is(process: DriftProcess, expected: str) -> None:
    assert growth_class(process) == expected


def test_lengths_of_a_trace_are_measured_in_steps(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("prompt_tokens,output_tokens\n5,10\n7,9\n", encoding="utf-8")
    scenario = Scenario(trace=tmp_path / "t.csv", drift=Halves())
    assert scenario.requests().law.length_law.values.tolist() == [5]
    assert Scenario(trace=tmp_path / "t.csv").requests().law.length_law.values.tolist() == [9, 10]


def test_a_snapshot_that_is_no_law_is_told(mine: Path) -> None:
    drift = load_drift("mine.py:NoLaw")
    scenario = drift_scenario(drift, **LAWS, **SMALL)
    with pytest.raises(DriftError, match=r"^NoLaw\.snapshot must return a Law or None, got 3$"):
        examine(drift, scenario)
    several = load_drift("mine.py:NoLaws")
    message = r"^NoLaws\.snapshots must return a tuple of laws or None, got \[Law\(30 values .*\)\]$"
    with pytest.raises(DriftError, match=message):
        examine(several, drift_scenario(several, **LAWS, **SMALL))


def test_a_wrong_law_is_found_out(mine: Path, monkeypatch, capsys) -> None:
    assert evenstep("drift", "mine.py:WrongLaw", *OPTIONS, *SHORT, monkeypatch=monkeypatch) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "violated" in said
    assert "what the claim allows; is its snapshot the law of these increments?" in said


def test_a_law_that_is_only_shifted_is_found_out_by_its_mean(mine: Path, monkeypatch, capsys) -> None:
    assert evenstep("drift", "mine.py:ShiftedLaw", *OPTIONS, *SHORT, monkeypatch=monkeypatch) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "violated" not in said  # a shift cancels in the imbalance
    # E size + E age = 15.5 + 7/3, and 1 too much in the law
    found = re.search(
        r"its snapshot has mean load 18\.8333, measured (.*) ± (.*): is it the law of these increments\?",
        said,
    )
    assert float(found[1]) == pytest.approx(15.5 + 7 / 3, abs=2 * float(found[2]))
    assert float(found[2]) < 0.5


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("name", ["RightLaw", "RightPhases"])
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_right_law_is_left_alone(name: str, seed: int, mine: Path) -> None:
    drift = load_drift(f"mine.py:{name}")
    outcome = examine(drift, drift_scenario(drift, **LAWS, **{**SMALL, "seed": seed}))
    assert (outcome.phases, outcome.doubt, outcome.is_violated) == (1 + (name == "RightPhases"), "", False)


@pytest.mark.usefixtures("unchecked")
def test_equal_lengths_have_no_stationary_mean(mine: Path) -> None:
    drift = load_drift("mine.py:ShiftedLaw")
    settings = {**LAWS, "lengths": "constant:7"}
    assert examine(drift, drift_scenario(drift, **settings, **SMALL)).doubt == ""


@pytest.mark.usefixtures("unchecked")
def test_a_process_without_a_snapshot_is_not_asked_about_it(mine: Path) -> None:
    drift = load_drift("mine.py:WrongRounds")
    outcome = examine(drift, drift_scenario(drift, **LAWS, **SMALL))
    assert outcome.phases == 0
    said = " ".join(drift_report(outcome).split())
    assert "F0 rounds violated: the measurement lies outside what the claim allows; " in said
    assert "are its round_laws those of these increments?" in said
    assert "is its snapshot" not in said
    # nor is it where requests of one age are said to grow alike: then the sizes alone decide
    drift.process.grows_by_age = True
    assert "these increments?" not in drift_report(outcome)


def test_a_trace_gives_the_lengths_of_a_workload_of_the_same_seed(mine: Path) -> None:
    rows = "\n".join(f"{size},{size + 5}" for size in range(1, 50))
    (mine / "t.csv").write_text(f"prompt_tokens,output_tokens\n{rows}\n", encoding="utf-8")
    process = load_drift("mine.py:RandomLengths").process
    law = Scenario(trace=mine / "t.csv", drift=process, seed=7).requests().law
    work = Workload.from_trace(mine / "t.csv", drift=process, seed=7)
    assert law.lengths.tolist() == work.lengths.tolist()


def test_the_report_shows_all_in_eighty_columns(mine: Path, monkeypatch, capsys) -> None:
    arguments = ["drift", "mine.py:Growth", "--param", "x=2", *OPTIONS, *SHORT]
    status = evenstep(*arguments, monkeypatch=monkeypatch)
    said, told = capsys.readouterr()
    assert (status, told) == (0, "")
    lines = [line.rstrip() for line in said.splitlines()]
    assert max(map(len, lines)) <= 80
    assert lines[0] == "Growth(x=2) from mine.py: per-request random, loads grow by 0 to 2 per step"
    assert lines[1] == "snapshot law: none known"
    assert "sizes uniform:1:30, lengths geometric:0.3: G = 4 workers of B = 8 slots" in said
    heads = [line.split() for line in lines if line.startswith(("policy", "claim"))]
    assert heads == [
        ["policy", "imbalance", "99", "%", "interval", "IIR", "idle", "%"],
        ["claim", "status", "applies", "bound", "measured", "verdict"],
    ]
    rows = [line for line in lines if re.match(r"(F0|F1|T0|E0|B1).*(consistent|inconclusive|–)$", line)]
    assert len(rows) == 12  # no row is broken over lines


def test_the_tables_are_written_where_asked(mine: Path, monkeypatch, capsys) -> None:
    arguments = ["drift", "NoGrowth", *OPTIONS, *SHORT, "--out", "made"]
    assert evenstep(*arguments, monkeypatch=monkeypatch) == 0
    assert "Written to made: results, claims (.parquet), table_main.tex" in capsys.readouterr().out
    names = sorted(path.name for path in (mine / "made").iterdir())
    assert names == ["claims.parquet", "results.parquet", "table_main.tex"]
    results = pd.read_parquet(mine / "made" / "results.parquet")
    assert results["policy"].tolist() == ["fcfs", "least_load", "bfio"]


MISTAKES = [
    (["mine.py:AgeSeven"], "AgeSeven at step 7 takes request 0 of age 7 from load 14 to 13, a change of -1; "
     "it declares increment_range = (0, 2) [smallest example: one request of size 0]"),
    (["nowhere.py:A"], "there is no file 'nowhere.py'"),
    (["mine.py:Growth", "--param", "y=1"], "Growth has no parameter 'y'; it takes x"),
    (["mine.py:Growth", "--param", "x=3"], "Growth(x=3): x must be <= 2, got 3"),
    (["mine.py:Growth", "--workers", "1"], "--workers must be >= 2, got 1"),
    (["mine.py:Growth", "--sizes", "uniform"], "--sizes must be uniform:LO:HI with numbers, got 'uniform'"),
    (["mine.py:Growth", "--lengths", "geometric:2"], "--lengths 'geometric:2': p must be <= 1, got 2"),
    (["mine.py:Growth", "--lengths", "uniform:0:3"], "--lengths 'uniform:0:3': must be whole numbers >= 1"),
    (["mine.py:Growth", "--trace", "none.csv", "--sizes", "constant:1"],
     "--sizes can't be given beside a trace, which has sizes and lengths"),
    (["mine.py:Growth", "--trace", "none.csv"], "there is no trace file 'none.csv'"),
    (["mine.py:Growth", "--out", "mine.py"], "--out mine.py: is a file; name a folder"),
    (["mine.py:RaisingLaw"], "RaisingLaw: KeyError: 'law' (mine.py, line {[\"law\"]})"),
    (["mine.py:HalfTokens", "--trace", "t.csv"],
     "HalfTokens.lengths_in_steps(...)[1] must be a whole number, got 4.5"),
    (["mine.py:LeavesInItsLaw"], "LeavesInItsLaw: SystemExit: 3 (mine.py, line {in the law})"),
    (["CommonGrowth", "--param", "steps=1"], "CommonGrowth(steps=1): steps must have shape (n), got (); "
     "a sequence of one number is --param steps=1,"),
    (["NoGrowth", "--sizes", "uniform:0:1000000000000"], "--sizes 'uniform:0:1000000000000' has "
     "1,000,000,000,001 values, more than the 5,000,000 that can be worked with"),
    (["NoGrowth", "--sizes", "constant:1e300"], "--sizes 'constant:1e300': 802 sizes of 1e+300 on average "
     "must sum to less than 2**53 = 9007199254740992, up to where sums are exact"),
    (["mine.py:Crowd"], "Crowd: RuntimeError: too many (mine.py, line {too many})"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "line"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_a_mistake_is_one_line_and_status_two(
    arguments: list[str], line: str, mine: Path, monkeypatch, capsys
) -> None:
    (mine / "t.csv").write_text("prompt_tokens,output_tokens\n5,10\n7,9\n", encoding="utf-8")
    status = evenstep("drift", *OPTIONS, *arguments, monkeypatch=monkeypatch)
    if "{" in line:
        before, words = line.removesuffix("})").split("{")
        numbers = [n for n, text in enumerate(SOURCE.splitlines(), 1) if words in text]
        assert len(numbers) == 1
        line = f"{before}{numbers[0]})"
    assert (status, capsys.readouterr()) == (2, ("", f"evenstep: {line}\n"))


def test_a_broken_file_ends_as_every_mistake_and_leaves_nothing_behind(mine: Path) -> None:
    command = [sys.executable, "-c", "from experiments.cli import main; main()", "drift", "mine.py:AgeSeven"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, cwd=mine, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("evenstep: AgeSeven at step 7 takes request 0 of age 7 from load 14 to 13")
    assert [path.name for path in mine.iterdir()] == ["mine.py"]


def test_the_template_of_the_docs_keeps_its_contract_and_the_failing_example_does_not() -> None:
    template = load_drift(f"{EXAMPLES / 'my_drift.py'}:MyDrift", ["x=3"])
    scenario = drift_scenario(template, **LAWS, **SMALL)
    assert not (examine(template, scenario).claims["verdict"] == "violated").any()
    shrinking = load_drift(f"{EXAMPLES / 'shrinking.py'}:Shrinking")
    with pytest.raises(DriftError, match=r"age 7 from load 14 to 13, a change of -1"):
        examine(shrinking, drift_scenario(shrinking, **LAWS, **SMALL))


def test_the_law_of_the_mesh_example_is_that_of_its_increments() -> None:
    process = load_drift(f"{EXAMPLES / 'mesh_refinement.py'}:MeshRefinement", ["p=0.5", "levels=2"]).process
    # two steps: age 0 or 1, each with probability 1/2; a patch of age 1 is refined with probability 1/2.
    # E o = 2, and o > a for a = 0, 1
    law = process.snapshot(JointLaw.independent(Law.constant(10), Law.constant(2)))
    assert law.values.tolist() == [10, 26]
    assert law.probabilities.tolist() == [0.75, 0.25]
    assert process.snapshot(JointLaw([10, 20], [3, 1], [0.5, 0.5])) is None


def test_the_docs_show_the_example_files_as_they_are() -> None:
    page = (EXAMPLES.parent / "drift.md").read_text(encoding="utf-8")
    shown = {match.group("name"): match.group(0) for match in SHOWN_FILE.finditer(page)}
    assert set(shown) == {path.name for path in EXAMPLES.glob("*.py") if "# %%" not in path.read_text()}
    for name, block in shown.items():
        assert block == f"```py {name}\n{(EXAMPLES / name).read_text(encoding='utf-8')}```"
