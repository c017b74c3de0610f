"""Everything public that takes a user's arguments, each with strategies of sound ones: one table."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from hypothesis import strategies as st

import bounds
import contracts
import drift_processes as dp
import formulations as fm
import simulation as sim
from bounds import confidence as conf
from bounds import falsifier as fals
from bounds.checker.law_class import FAMILIES, LawClass
from bounds.checker.worst_case import worst_case
from experiments.checking import chosen
from experiments.compare import Comparison
from experiments.drift_file import parameters
from experiments.law_words import law_of
from experiments.scenario import Scenario
from experiments.store import read_table
from experiments.worst_case import class_of
from paper_figs import (
    claims_latex,
    compare_table,
    draw_compare,
    draw_loads,
    main_table_latex,
    write_figures,
    write_reproduction,
    write_tables,
)
from simulation import policies as pol
from tests.robustness.damage import Target

__all__ = ["EXCEPTIONS", "TARGETS"]


def whole(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def real(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high)


def reals(number: int, low: float = 0.0, high: float = 50.0) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(low, high), min_size=number, max_size=number)


def wholes(number: int, low: int = 0, high: int = 9) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=number, max_size=number)


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


SIZES = (dp.Law([0, 3, 7], [0.5, 0.25, 0.25]), dp.Law.uniform(1, 9), dp.Law.constant(4))
LENGTHS = (dp.Law([1, 2, 4], [0.25, 0.5, 0.25]), dp.Law.geometric(0.5), dp.Law.constant(3))
PAIRS = (dp.JointLaw([10, 20], [3, 1], [0.5, 0.5]), dp.JointLaw.independent(SIZES[0], LENGTHS[0]))
DRIFTS = (
    dp.UnitGrowth(),
    dp.NoGrowth(),
    dp.SlidingWindow(5),
    dp.SpeculativeDecoding(2, 0.5),
    dp.RandomIncrements(0, 2),
)
WORKS = (
    dp.Workload([7, 4, 1, 4], [2, 1, 2, 2], dp.UnitGrowth()),
    dp.Workload([7, 4, 1.5], [2, 1, 2], dp.NoGrowth(), arrival_s=[0, 0.5, 4]),
    dp.Workload.synthetic(sizes=SIZES[1], lengths=LENGTHS[1], drift=dp.UnitGrowth(), requests=20, seed=1),
)
SYSTEMS = (sim.System(2, 1), sim.System(3, 2))
PROBLEMS = (
    fm.StepProblem([[7.0], [4.0]], [1, 1], [1, 4, 9]),
    fm.StepProblem([[7, 0], [4, 5]], [1, 2], [1, 4], [0, 1]),
)
RUNS = tuple(sim.simulate(work, SYSTEMS[0], "jsq") for work in WORKS)
SETTINGS = (bounds.Setting(SIZES[0], LENGTHS[1], workers=2, slots=1, steps=5),)
SCRATCH = Path(
    tempfile.mkdtemp(prefix="evenstep-robustness-")
)  # nothing is written there by a call that is refused
CSV = SCRATCH / "trace.csv"
CSV.write_text("arrival_s,prompt_tokens,output_tokens\n0,3,1\n0.5,9,4\n2,1,2\n")

sizes, lengths, pairs, drifts = (one_of(*values) for values in (SIZES, LENGTHS, PAIRS, DRIFTS))
works, systems, problems, laws = one_of(*WORKS), one_of(*SYSTEMS), one_of(*PROBLEMS), one_of(*SIZES, *LENGTHS)
arrivals = one_of("overloaded", dp.PoissonArrivals(5.0), dp.DeterministicArrivals(2.0))
seeds, share, level = whole(0, 2**70), real(0.01, 0.99), real(0.01, 0.5)
objectives, models = one_of(*fm.OBJECTIVES), one_of(*fm.MODELS)
workers, slots, rtol = whole(2, 4), whole(1, 3), real(0.01, 0.1)
lookaheads = one_of(None, "oracle", "hazard", sim.Lookahead("noisy", miss=0.5))
rules = one_of(None, *(name for name in sim.POLICIES if name != "bfio_exact"))
policies = one_of("fcfs", "jsq", "bfio", "br0", pol.Bfio(horizon=2), pol.Fill())
time_limits = one_of(None, 5.0)
files = one_of(CSV, str(CSV), SCRATCH / "nowhere.parquet", SCRATCH)
horizon = {
    "sizes": reals(2),
    "lengths": wholes(2, 1, 2),
    "growth": one_of(None, [0, 1]),
    "workers": whole(1, 2),
    "slots": whole(1, 2),
}
system_of = {"workers": workers, "slots": slots}
drawn = {
    "sizes": sizes,
    "lengths": lengths,
    "drift": drifts,
    "requests": whole(1, 9),
    "arrivals": arrivals,
    "seed": seeds,
}
run_of = {
    "system": systems,
    "policy": policies,
    "steps": whole(1, 9),
    "seed": whole(0, 99),
    "lookahead": lookaheads,
    "binding": one_of("pooled", "immediate"),
    "window": one_of(None, 0, 3),
    "pool_limit": one_of(None, 5),
}
batch = {
    "p": one_of(0.5, 0.1),
    "a": one_of(0.25, 0.5),
    "b": one_of(0.75, 1.0),
    "eta": one_of(0.1, 0.5),
    "s_min": one_of(None, 0.0, 1.0),
    "s_max": one_of(None, 100.0),
    "growth": one_of(0.0, 1.0),
    "growth_gap": one_of(0.0, 1.0),
    "spread": st.booleans(),
}


def _draw(seed: int) -> float:
    return float(np.random.default_rng(seed).random())


def _decide(**given: Any) -> Any:
    # a sequence keeps what it has seen, so each call gets one of its own
    return bounds.decide(
        _draw, given["allowed"], conf.BernsteinSequence(0.0, 1.0), budget=given["budget"], seed=given["seed"]
    )


def _law_of(text: Any) -> Any:
    return law_of("sizes", text)  # the name is that of an option


def _falsify(budget: Any, **given: Any) -> Any:
    # without a budget a search takes seconds
    return bounds.falsify(budget=fals.Budget(2, 2, 2, 5.0) if budget is None else budget, **given)


def _simulated(**given: Any) -> Any:
    return sim.simulate(**given)


#: Name to target; names are ``room.name`` or ``room.Class.classmethod``, of the package that exports it.
TARGETS: dict[str, Target] = {
    "contracts.stream": Target(contracts.stream, {"seed": seeds, "name": st.text(max_size=5)}),
    "drift_processes.Law": Target(
        dp.Law,
        {"values": one_of([1, 2, 5], [0.5, 0, 3]), "probabilities": one_of([0.5, 0.25, 0.25], [0, 0.5, 0.5])},
        True,
    ),
    "drift_processes.Law.constant": Target(dp.Law.constant, {"value": real(0, 1e6)}, True),
    "drift_processes.Law.uniform": Target(dp.Law.uniform, {"lo": whole(0, 9), "hi": whole(9, 99)}, True),
    "drift_processes.Law.geometric": Target(dp.Law.geometric, {"p": share}, True),
    "drift_processes.Law.negative_binomial": Target(
        dp.Law.negative_binomial, {"r": real(0.1, 5), "p": share}, True
    ),
    "drift_processes.Law.lognormal": Target(
        dp.Law.lognormal, {"median": real(1, 99), "sigma": real(0.1, 3), "at_most": whole(1, 999)}, True
    ),
    "drift_processes.Law.zipf": Target(dp.Law.zipf, {"exponent": real(0, 3), "cutoff": whole(1, 99)}, True),
    "drift_processes.Law.mixture": Target(
        dp.Law.mixture, {"laws": one_of([SIZES[0], SIZES[1]]), "weights": one_of([0.5, 0.5], [1, 0])}, True
    ),
    "drift_processes.Law.empirical": Target(dp.Law.empirical, {"samples": reals(4)}, True),
    "drift_processes.Law.from_quantiles": Target(
        dp.Law.from_quantiles, {"quantiles": one_of({0: 1, 0.5: 3, 1: 9}, {0: 2, 1: 2})}, True
    ),
    "drift_processes.JointLaw": Target(
        dp.JointLaw,
        {"sizes": reals(2), "lengths": wholes(2, 1), "probabilities": one_of([0.5, 0.5], [1, 0])},
        True,
    ),
    "drift_processes.JointLaw.empirical": Target(
        dp.JointLaw.empirical, {"sizes": reals(3), "lengths": wholes(3, 1)}, True
    ),
    "drift_processes.JointLaw.independent": Target(
        dp.JointLaw.independent, {"sizes": sizes, "lengths": lengths}, True
    ),
    "drift_processes.JointLaw.correlated": Target(
        dp.JointLaw.correlated, {"sizes": sizes, "lengths": lengths, "rho": real(-1, 1)}, True
    ),
    "drift_processes.Adversarial": Target(
        dp.Adversarial,
        {"schedule": one_of("largest", "oldest", "heaviest_worker"), "low": real(0, 1), "high": real(1, 5)},
        True,
    ),
    "drift_processes.CommonGrowth": Target(
        dp.CommonGrowth, {"steps": reals(3), "repeat": st.booleans()}, True
    ),
    "drift_processes.NoGrowth": Target(dp.NoGrowth, {}, True),
    "drift_processes.RandomIncrements": Target(
        dp.RandomIncrements, {"law": sizes | real(0, 2), "high": one_of(None, 2.0, 5)}, True
    ),
    "drift_processes.RegimeSwitching": Target(
        dp.RegimeSwitching,
        {
            "increments": one_of([0, 4]),
            "transition": one_of([[0.5, 0.5], [0.25, 0.75]]),
            "scope": one_of("request", "system"),
            "initial": one_of(None, [1, 0]),
        },
        True,
    ),
    "drift_processes.SaturatingGrowth": Target(
        dp.SaturatingGrowth, {"cap": real(1, 99), "half_life": real(0.5, 9)}, True
    ),
    "drift_processes.SlidingWindow": Target(dp.SlidingWindow, {"window": real(0, 99)}, True),
    "drift_processes.SpeculativeDecoding": Target(
        dp.SpeculativeDecoding, {"draft": whole(1, 5), "acceptance": share}, True
    ),
    "drift_processes.ThrottledGrowth": Target(dp.ThrottledGrowth, {"rate": whole(1, 9)}, True),
    "drift_processes.UnitGrowth": Target(dp.UnitGrowth, {}, True),
    "drift_processes.DeterministicArrivals": Target(dp.DeterministicArrivals, {"rate": real(0.1, 9)}, True),
    "drift_processes.PoissonArrivals": Target(dp.PoissonArrivals, {"rate": real(0.1, 9)}, True),
    "drift_processes.OverloadedArrivals": Target(dp.OverloadedArrivals, {}, True),
    "drift_processes.MarkovModulatedArrivals": Target(
        dp.MarkovModulatedArrivals,
        {"rates": reals(2, 1), "mean_stays_s": reals(2, 1), "order": one_of("cycle", "uniform")},
        True,
    ),
    "drift_processes.RequestStream": Target(dp.RequestStream, {**drawn, "chunk": whole(1, 9)}, True),
    "drift_processes.Workload": Target(
        dp.Workload,
        {
            "sizes": reals(3),
            "lengths": wholes(3, 1),
            "drift": drifts,
            "arrival_s": one_of(None, [0.0, 1.0, 1.0]),
            "law": one_of(None, *PAIRS),
            "source": st.text(max_size=5),
            "skipped_rows": whole(0, 9),
        },
        True,
    ),
    "drift_processes.Workload.synthetic": Target(
        dp.Workload.synthetic, {**drawn, "source": one_of(None, "mine")}, True
    ),
    "drift_processes.Workload.from_trace": Target(
        dp.Workload.from_trace,
        {
            "path": files,
            "drift": one_of(None, *DRIFTS),
            "requests": one_of(None, 5),
            "seed": seeds,
            "skip_bad_rows": st.booleans(),
            "arrivals": one_of(None, "trace", "overloaded"),
            "speed": real(0.5, 2),
        },
        True,
        also=(OSError,),
    ),
    "drift_processes.published_laws": Target(dp.published_laws, {"name": one_of(*dp.PUBLISHED_TRACES)}),
    "drift_processes.read_trace": Target(
        dp.read_trace, {"path": files, "skip_bad_rows": st.booleans()}, True, also=(OSError,)
    ),
    "formulations.StepProblem": Target(
        fm.StepProblem,
        {
            "loads": reals(2) | one_of([[1.0, 2.0], [3.0, 4.0]]),
            "free_slots": wholes(2),
            "sizes": reals(3),
            "growth": one_of(None, [0], [0, 1]),
            "required": one_of(None, [True, False, False]),
            "forbidden": one_of(None, [[True, False]] * 3),
            "min_admissions": one_of(None, 0, 1),
            "weights": one_of(None, [1.0], [2, 1]),
        },
        True,
    ),
    "formulations.build_model": Target(
        fm.build_model, {"problem": problems, "objective": objectives, "model": models}
    ),
    "formulations.build_clairvoyant": Target(fm.build_clairvoyant, {**horizon, "steps": whole(1, 2)}),
    "formulations.imbalance": Target(
        fm.imbalance, {"problem": problems, "worker": one_of([0, 1, -1], [0, 1])}
    ),
    "formulations.objective_value": Target(
        fm.objective_value,
        {"problem": problems, "worker": one_of([0, 1, -1], [0, 1]), "objective": objectives},
    ),
    "formulations.predicted_loads": Target(
        fm.predicted_loads, {"problem": problems, "worker": one_of([0, 1, -1], [0, 1])}
    ),
    "formulations.solve_exact": Target(
        fm.solve_exact,
        {
            "problem": problems,
            "objective": objectives,
            "time_limit_s": time_limits,
            "gap_limit": one_of(None, 0.0, 2.0),
            "model": models,
            "verbose": st.just(False),
        },
        True,
        also=(contracts.SolverError,),
    ),
    "formulations.solve_clairvoyant": Target(
        fm.solve_clairvoyant,
        {**horizon, "steps": whole(1, 2), "time_limit_s": time_limits, "verbose": st.just(False)},
        True,
        also=(contracts.SolverError,),
    ),
    "formulations.solve_fast": Target(fm.solve_fast, {"problem": problems, "objective": objectives}, True),
    "formulations.solve_two_sizes": Target(
        fm.solve_two_sizes,
        {"problem": one_of(fm.StepProblem([0, 6], [2, 2], [1, 4, 1, 4, 1, 4])), "objective": objectives},
        True,
    ),
    "formulations.verify": Target(
        fm.verify,
        {"problem": problems, "assignment": one_of(*map(fm.solve_fast, PROBLEMS))},
        also=(contracts.InvariantBroken,),
    ),
    "simulation.Lookahead": Target(
        sim.Lookahead,
        {
            "kind": one_of("none", "oracle", "noisy", "hazard"),
            "miss": one_of(0.0, 0.5),
            "false_alarm": one_of(0.0, 0.5),
            "lengths": one_of(None, *LENGTHS),
            "refill": one_of("balanced", "mean", "none"),
        },
        True,
    ),
    "simulation.PowerModel": Target(
        sim.PowerModel, {"idle_w": real(0, 9), "busy_w": real(9, 99), "exponent": share}, True
    ),
    "simulation.System": Target(
        sim.System,
        {
            **system_of,
            "overhead_s": one_of(None, 0.5),
            "seconds_per_token": real(0, 1),
            "mean_load_s": real(0, 1),
            "power": one_of(sim.PowerModel(), sim.PowerModel(1, 2, 1)),
        },
        True,
    ),
    "simulation.simulate": Target(
        _simulated,
        {"workload": works, **run_of, "record_loads": whole(0, 9), "readable": st.booleans()},
        True,
        also=(contracts.SolverError,),
    ),
    "simulation.simulate_stream": Target(
        sim.simulate_stream,
        {"chunks": one_of([WORKS[0]], [WORKS[2]]), **run_of, "warmup": whole(0, 3), "recorders": st.just(())},
        also=(contracts.SolverError,),
    ),
    "simulation.verify": Target(sim.verify, {"run": one_of(*RUNS)}, also=(contracts.InvariantBroken,)),
    "simulation.policies.AuthorsBfio": Target(
        pol.AuthorsBfio,
        {"horizon": whole(0, 9), "penalty": real(0, 99), "discount": share, "greedy_slots": whole(0, 9)},
        True,
    ),
    "simulation.policies.BalanceRoute0": Target(pol.BalanceRoute0, {}, True),
    "simulation.policies.BalanceRouteH": Target(
        pol.BalanceRouteH, {"horizon": whole(1, 9), "discount": share}, True
    ),
    "simulation.policies.Bfio": Target(
        pol.Bfio,
        {
            "horizon": whole(0, 9),
            "discount": one_of(None, 0.5),
            "objective": objectives,
            "max_wait": one_of(None, 3),
        },
        True,
    ),
    "simulation.policies.BfioExact": Target(
        pol.BfioExact,
        {
            "horizon": whole(0, 9),
            "discount": one_of(None, 0.5),
            "objective": objectives,
            "max_wait": one_of(None, 3),
            "time_limit_s": time_limits,
            "model": models,
        },
        True,
    ),
    "simulation.policies.Deal": Target(pol.Deal, {}, True),
    "simulation.policies.Fcfs": Target(pol.Fcfs, {}, True),
    "simulation.policies.Fill": Target(pol.Fill, {"a": one_of(None, 0.25), "b": one_of(None, 0.75)}, True),
    "simulation.policies.JoinShortestQueue": Target(pol.JoinShortestQueue, {}, True),
    "simulation.policies.LeastLoad": Target(pol.LeastLoad, {}, True),
    "simulation.policies.PowerOfTwo": Target(pol.PowerOfTwo, {}, True),
    "simulation.policies.RandomChoice": Target(pol.RandomChoice, {}, True),
    "simulation.policies.RoundRobin": Target(pol.RoundRobin, {}, True),
    "simulation.policies.SglangTotalRequests": Target(
        pol.SglangTotalRequests, {"refresh_s": real(0, 1)}, True
    ),
    "simulation.policies.SglangTotalTokens": Target(pol.SglangTotalTokens, {"refresh_s": real(0, 1)}, True),
    "simulation.policies.Survival": Target(pol.Survival, {"points": whole(1, 9)}, True),
    "simulation.policies.VllmDp": Target(pol.VllmDp, {"refresh_s": real(0, 1)}, True),
    "simulation.policies.make_policy": Target(pol.make_policy, {"policy": policies}),
    "bounds.LargeBatch": Target(bounds.LargeBatch, {"workers": workers, "steps": whole(1, 9), **batch}, True),
    "bounds.required_batch": Target(bounds.required_batch, {"G": workers, "K": whole(1, 9), **batch}),
    "bounds.Setting": Target(
        bounds.Setting,
        {
            "sizes": sizes,
            "lengths": lengths,
            "drift": drifts,
            **system_of,
            "steps": one_of(None, 5),
            "window": one_of(None, 0, 3),
        },
        True,
    ),
    "bounds.Enclosure": Target(bounds.Enclosure, {"lo": real(0, 1), "hi": real(1, 2)}, True),
    "bounds.Enclosure.exactly": Target(bounds.Enclosure.exactly, {"value": real(0, 1)}, True),
    "bounds.Verdict": Target(
        bounds.Verdict,
        {
            "claim": one_of("B1", "F0"),
            "word": one_of("holds", "refuted", "inconclusive"),
            "reason": st.text(max_size=5),
            "level": one_of(None, 0.01),
            "guarantee": st.just(""),
            "measured": one_of((0.0, 1.0)),
            "bound": one_of((0.0, 2.0)),
            "observations": whole(0, 9),
            "seed": one_of(None, 3),
            "instance": one_of(None, {"workers": 2}),
        },
        True,
    ),
    "bounds.Verdict.from_dict": Target(
        bounds.Verdict.from_dict, {"known": one_of(bounds.Verdict("B1", "holds", "so").to_dict())}, True
    ),
    "bounds.batch_count": Target(bounds.batch_count, {"steps": whole(1, 999), "memory": whole(1, 9)}),
    "bounds.batch_means": Target(
        bounds.batch_means, {"values": reals(40), "level": level, "batches": whole(2, 9)}, True
    ),
    "bounds.independent_mean": Target(bounds.independent_mean, {"values": reals(5), "level": level}, True),
    "bounds.memory_steps": Target(bounds.memory_steps, {"lengths": lengths}),
    "bounds.stationary_after": Target(
        bounds.stationary_after,
        {"lengths": lengths, "tolerance": one_of(0.1, 0.01), "limit": whole(64, 999)},
        also=(bounds.Unsettled,),
    ),
    "bounds.common_divisor": Target(bounds.common_divisor, {"lengths": lengths}),
    "bounds.expected_maximum": Target(
        bounds.expected_maximum,
        {"law": laws, "copies": whole(1, 4), "terms": whole(1, 3), "rtol": rtol},
        True,
    ),
    "bounds.fcfs_growth": Target(
        bounds.fcfs_growth, {"load": laws, "workers": wholes(2, 2, 4), "slots": wholes(1, 1, 3), "rtol": rtol}
    ),
    "bounds.fcfs_imbalance": Target(
        bounds.fcfs_imbalance,
        {"sizes": sizes, "lengths": lengths, "drift": drifts, **system_of, "rtol": rtol},
        True,
    ),
    "bounds.fcfs_imbalance_quantile": Target(
        bounds.fcfs_imbalance_quantile,
        {"level": level, "sizes": sizes, "lengths": lengths, "drift": drifts, **system_of, "rtol": rtol},
        True,
    ),
    "bounds.fcfs_lower_bound": Target(
        bounds.fcfs_lower_bound, {"load": laws | one_of([SIZES[0], SIZES[1]]), **system_of}
    ),
    "bounds.homogeneous_ratio": Target(
        bounds.homogeneous_ratio, {"sizes": one_of(*SIZES[:2]), **system_of, "rtol": rtol}, True
    ),
    "bounds.mean_excess": Target(
        bounds.mean_excess,
        {
            "workers": workers,
            "slots": whole(600, 900),
            "p": one_of(0.5, 0.9),
            "a": one_of(0.25),
            "b": one_of(0.75),
            "size_range": real(1, 9),
            "s_max": real(9, 99),
            "growth": real(0, 1),
        },
    ),
    "bounds.step_energy_bounds": Target(
        bounds.step_energy_bounds,
        {
            "duration_s": reals(2, 0.1),
            "max_load": reals(2, 9, 10),
            "total_load": reals(2, 9, 10),
            "workers": workers,
            "idle_w": real(0, 9),
            "busy_w": real(9, 99),
            "exponent": share,
        },
    ),
    "bounds.sum_law": Target(bounds.sum_law, {"law": laws, "terms": whole(1, 4)}, True),
    "bounds.unmet": Target(
        bounds.unmet,
        {"claim": one_of(*bounds.CLAIMS.values()), "run": one_of(*RUNS), "options": one_of(None, {})},
    ),
    "bounds.check": Target(
        bounds.check,
        {
            "claim_id": one_of("F0", "F1"),
            "scenario": one_of(*SETTINGS),
            "level": level,
            "budget": whole(1, 3),
            "seed": seeds,
            "scale": real(0.5, 2),
        },
        True,
    ),
    "bounds.check_control": Target(
        bounds.check_control,
        {
            "claim_id": one_of("F0", "F1"),
            "scenario": one_of(*SETTINGS),
            "level": level,
            "budget": whole(1, 3),
            "seed": seeds,
        },
        True,
    ),
    "bounds.decide": Target(
        _decide, {"allowed": one_of((0.0, 0.7), (0.4, 0.6)), "budget": whole(1, 99), "seed": seeds}, True
    ),
    "bounds.falsify": Target(
        _falsify,
        {
            "claim": one_of("B1", "B0", "T0"),
            "budget": one_of(fals.Budget(2, 2, 2, 5.0)),
            "scale": real(0.5, 2),
            "seed": seeds,
        },
        True,
    ),
    "bounds.falsifier.Budget": Target(
        fals.Budget,
        {"random": whole(0, 9), "guided": whole(0, 9), "exhaustive": whole(0, 9), "seconds": real(0.1, 9)},
        True,
    ),
    "bounds.falsifier.Counterexample": Target(
        fals.Counterexample,
        {
            "claim": one_of("B1"),
            "scale": real(0.5, 2),
            "seed": seeds,
            "instance": one_of({"workers": 2, "slots": 1, "sizes": [0, 1]}),
        },
        True,
    ),
    "bounds.falsifier.load_counterexample": Target(
        fals.load_counterexample, {"path": files}, also=(OSError,)
    ),
    "bounds.falsifier.replay": Target(fals.replay, {"path": files}, also=(OSError,)),
    "bounds.confidence.AsymptoticRatioSequence": Target(
        conf.AsymptoticRatioSequence, {"level": level, "first_look": whole(2, 99), "tuned_for": whole(2, 99)}
    ),
    "bounds.confidence.AsymptoticSequence": Target(
        conf.AsymptoticSequence,
        {"floor": one_of(None, 0.0), "level": level, "first_look": whole(2, 99), "tuned_for": whole(2, 99)},
    ),
    "bounds.confidence.BernsteinSequence": Target(
        conf.BernsteinSequence, {"floor": real(0, 1), "ceiling": real(2, 3), "level": level}
    ),
    "bounds.confidence.BettingSequence": Target(
        conf.BettingSequence,
        {"floor": real(0, 1), "ceiling": real(2, 3), "excess": st.just(0.0), "level": level},
    ),
    "bounds.confidence.Part": Target(conf.Part, {"ceiling": real(1, 9), "excess": real(0, 1)}, True),
    "bounds.confidence.RatioSequence": Target(
        conf.RatioSequence,
        {"numerator": one_of(conf.Part(3.0)), "denominator": one_of(None, conf.Part(2.0)), "level": level},
    ),
    "bounds.confidence.around": Target(
        conf.around, {"value": real(1, 2) | one_of(bounds.Enclosure(1, 2)), "rtol": rtol}
    ),
    "bounds.confidence.fieller": Target(
        conf.fieller,
        {"numerator": reals(4, 1), "denominator": reals(4, 1), "paired": st.booleans(), "level": level},
    ),
    "bounds.confidence.imbalance_ceiling": Target(
        conf.imbalance_ceiling,
        {"load": laws, "workers": workers, "excess": real(0.01, 0.1), "least": one_of(None, 1.0)},
    ),
    "bounds.checker.LawClass": Target(
        LawClass,
        {
            "points": whole(2, 3),
            "largest": whole(2, 9),
            "lengths": one_of("rounds", "geometric"),
            "drift": one_of(*FAMILIES),
            **system_of,
            "window": one_of(None, 3),
            "span": whole(1, 2),
            "share": real(0.01, 0.3),
            "floor": real(0.01, 1),
            "ends": one_of((0.1, 0.9)),
        },
        True,
    ),
    "bounds.checker.worst_case": Target(
        worst_case,
        {
            "law_class": one_of("two-point"),
            "goal": one_of("iir"),
            "evaluations": st.just(1),
            "level": level,
            "seed": seeds,
        },
    ),
    "experiments.Scenario": Target(
        Scenario,
        {
            "trace": one_of(None, CSV),
            **system_of,
            "steps": whole(1, 9),
            "seed": seeds,
            "skip_bad_rows": st.booleans(),
            "sizes": one_of(None, "uniform:1:9"),
            "lengths": one_of(None, "geometric:0.5"),
            "drift": drifts,
        },
        True,
    ),
    "experiments.Comparison": Target(
        Comparison,
        {
            "trace": one_of(CSV),
            **system_of,
            "policies": one_of("fcfs,jsq", "bfio:pooled"),
            "speed": one_of(None, 2.0),
            "load": one_of(None, 0.5),
            "overloaded": st.booleans(),
            "steps": one_of(None, 5),
            "seed": seeds,
            "mean_load_s": real(0, 1),
            "skip_bad_rows": st.booleans(),
        },
        True,
    ),
    "experiments.chosen": Target(chosen, {"names": one_of(["B1"], ["F0", "T0"])}),
    "experiments.class_of": Target(
        class_of,
        {
            "words": one_of("two-point:20,rounds,unit", "three-point:9:2,geometric:0.1:0.9,sliding"),
            **system_of,
            "window": one_of(None, 3),
        },
        True,
    ),
    "experiments.law_of": Target(
        _law_of,
        {
            "text": one_of(
                "uniform:1:9",
                "geometric:0.5",
                "zipf:1.5:9",
                "constant:3",
                "lognormal:9:1:99",
                "[1,2,3]",
                "{1: 0.5, 2: 0.5}",
            )
        },
        True,
    ),
    "experiments.parameters": Target(
        parameters, {"given": one_of(["draft=4", "acceptance=0.7"], ["steps=[1,2]"])}
    ),
    "experiments.read_table": Target(read_table, {"path": files}, also=(OSError,)),
    "paper_figs.compare_table": Target(compare_table, {"compared": files}, also=(OSError,)),
    "paper_figs.draw_compare": Target(
        draw_compare, {"compared": files, "stem": one_of(SCRATCH / "a")}, also=(OSError,)
    ),
    "paper_figs.draw_loads": Target(
        draw_loads, {"loads": files, "stem": one_of(SCRATCH / "a")}, also=(OSError,)
    ),
    "paper_figs.main_table_latex": Target(main_table_latex, {"folder": files}, also=(OSError,)),
    "paper_figs.claims_latex": Target(claims_latex, {}),
    "paper_figs.write_tables": Target(
        write_tables,
        {"folder": files, "out": one_of(SCRATCH / "a"), "form": one_of("latex", "markdown", "html")},
        also=(OSError,),
    ),
    "paper_figs.write_figures": Target(
        write_figures, {"folder": files, "out": one_of(SCRATCH / "a")}, also=(OSError,)
    ),
    "paper_figs.write_reproduction": Target(write_reproduction, {"folder": files}, also=(OSError,)),
}

_MADE = "made by the toolkit and handed out, never by a user"
_BASE = "a base class without arguments; what users derive from it is checked where it is used"
_ERROR = "an error: takes any words"

#: Public names without a target, and why.
EXCEPTIONS: MappingProxyType[str, str] = MappingProxyType(
    {
        **dict.fromkeys([f"contracts.{name}" for name in contracts.__all__ if name != "stream"], _ERROR),
        "bounds.Unsettled": _ERROR,
        "drift_processes.Arrivals": _BASE,
        "drift_processes.DriftProcess": _BASE,
        "simulation.Policy": _BASE,
        "simulation.policies.Policy": _BASE,
        "simulation.Recorder": _BASE,
        "bounds.falsifier.Adapter": _BASE,
        "bounds.confidence.ConfidenceSequence": _BASE,
        "drift_processes.Trace": _MADE,
        "formulations.Assignment": f"{_MADE}; `verify` judges one",
        "formulations.Schedule": _MADE,
        "simulation.Run": f"{_MADE}; `verify` judges one",
        "simulation.Totals": _MADE,
        "simulation.View": _MADE,
        "simulation.policies.View": _MADE,
        "simulation.policies.Running": _MADE,
        "bounds.Claim": "written by those who add a claim; tests/bounds/test_claim.py has its mistakes",
        "bounds.Neighbour": "written by those who add a claim; tests/bounds/test_claim.py has its mistakes",
        "bounds.Finding": _MADE,
        "bounds.Growth": _MADE,
        "bounds.Interval": _MADE,
        "bounds.falsifier.Falsification": _MADE,
        "bounds.falsifier.Part": _MADE,
        "bounds.falsifier.Stage": _MADE,
        "bounds.falsifier.save_counterexample": "tests/bounds/falsifier/test_counterexample.py",
        "bounds.checker.search": "`falsify`, which has a target, with a budget of seconds",
        "bounds.confidence.replication_seeds": "tests/errors/test_confidence.py",
    }
)
