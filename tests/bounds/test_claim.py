"""A claim is data that can be evaluated, and every claim of the theory is written to one form."""

import importlib
import pkgutil
import subprocess
import sys

import numpy as np
import pytest
import sympy

import bounds.claims
from bounds import Enclosure
from bounds.assumptions import PREDICATES
from bounds.claims import CLAIMS

HEADS = ("Statement", "Status", "Assumptions", "Constants", "Proof", "Tight when", "Source", "Example")
FILES = [name for _, name, _ in pkgutil.iter_modules(bounds.claims.__path__)]


ORDER = (
    "F0", "F1", "B0", "B1", "B1-ratio", "B2", "B2-heterogeneous", "B2-ratio", "B2-spread", "B3", "B4",
    "T0", "E0", "E-saving", "E-saving-published",
)  # fmt: skip


def test_the_claims_are_those_of_the_theory_in_its_order() -> None:
    # those of the theory; others may come in between
    assert tuple(name for name in CLAIMS if name in ORDER) == ORDER
    assert all(claim.id == name for name, claim in CLAIMS.items())
    assert len(FILES) == len(CLAIMS)


def test_only_what_is_proved_is_called_so() -> None:
    weaker = {name: CLAIMS[name].status for name in ORDER if CLAIMS[name].status not in ("exact", "proved")}
    assert weaker == {"B3": "asymptotic", "B4": "conjecture"}


@pytest.mark.parametrize("name", FILES)
def test_a_claim_file_has_the_fixed_heads_and_agrees_with_its_data(name) -> None:
    module = importlib.import_module(f"bounds.claims.{name}")
    lines = (module.__doc__ or "").splitlines()
    assert tuple(line for line in lines if line in HEADS) == HEADS
    status = next(line for i, line in enumerate(lines) if lines[i - 1] == "Status").strip()
    assert status.startswith(module.CLAIM.status)
    assert lines[0].startswith(f"{module.CLAIM.id}: ")
    assert "docs/theory.md §" in module.CLAIM.proof


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=str)
def test_every_assumption_is_a_predicate(claim) -> None:
    assert set(claim.assumptions) <= set(PREDICATES)


def test_known_values() -> None:
    assert CLAIMS["F0"].evaluate(G=2, B=1, M=0.75, mu=0.5) == 0.5
    assert CLAIMS["B1"].evaluate(G=16, Delta=99) == 1485
    assert CLAIMS["B1-ratio"].evaluate(G=3, B=2, M=11, mu=5, Delta=3) == 0.5
    assert CLAIMS["T0"].evaluate(G=2, K=1, N=2, C=1, kappa=1, nu=0, W=4, J=2) == 0.5
    step = {"G": 2, "T": 1, "I_M": 1, "P_idle": 100, "P_max": 400, "gamma": 0.7}
    assert CLAIMS["E0"].evaluate_lower(**step) == 500
    assert CLAIMS["E0"].evaluate(**step) == 590


def test_known_values_of_the_large_batch_and_the_savings() -> None:
    batch = {"G": 4, "B": 792, "K": 200, "p": 0.5, "a": 25, "b": 75, "Delta": 99, "w_max": 127, "eta": 0.01}
    assert CLAIMS["B2"].evaluate(**batch) == CLAIMS["B2-spread"].evaluate(**batch) == 3 * 99
    assert CLAIMS["B2-heterogeneous"].evaluate(**batch, gap=0) == 3 * 99
    assert CLAIMS["B3"].evaluate(G=np.e, B=16, c=0.5) == pytest.approx(2, rel=1e-15)
    assert CLAIMS["B4"].evaluate(G=np.e, w2=6, a=1, b=4, c=0.5) == pytest.approx(np.e - 1, rel=1e-15)
    power = {"P_idle": 100, "P_max": 400, "gamma": 0.7}
    assert CLAIMS["E-saving"].evaluate(W_0=2, W_1=2, I_0=2, I_1=0, **power) == 0.2
    assert CLAIMS["E-saving-published"].evaluate(W=2, I_0=2, I_1=0, **power) == pytest.approx(200 / 1180)


def test_a_certified_value_contains_what_its_numbers_allow() -> None:
    found = CLAIMS["F0"].enclosure(G=2, B=3, M=Enclosure(5.0, 5.5), mu=1.25)
    assert 2.5 in found
    assert 3.5 in found
    assert found.width < 1 + 1e-6
    assert CLAIMS["E0"].enclosure_lower(G=2, T=1, I_M=1, P_idle=100, P_max=400, gamma=0.7).lo == 500
    with pytest.raises(ValueError, match=r"^claim F0 needs G >= 1, got G = \[0\.5, 2\]$"):
        CLAIMS["F0"].enclosure(G=Enclosure(0.5, 2), B=3, M=5, mu=1)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=str)
def test_every_claim_has_a_false_neighbour_of_its_own_form(claim) -> None:
    other = claim.false_neighbour()
    assert other.is_control
    assert other.id == f"not-{claim.id}"
    assert (other.symbols, other.direction, other.assumptions) == (
        claim.symbols,
        claim.direction,
        claim.assumptions,
    )
    assert other.notes == claim.neighbour.why
    # a different formula, or the same one said of numbers that the claim leaves out
    assert other.expression != claim.expression or (claim.neighbour.drops_domain and not other.domain)
    assert repr(other).endswith(f"false, {claim.direction})")
    with pytest.raises(ValueError, match=f"^claim not-{claim.id} has no false neighbour$"):
        other.false_neighbour()


def test_a_scaled_claim_is_a_control() -> None:
    half = CLAIMS["B1"].scaled(0.5)
    assert (half.id, half.is_control, half.evaluate(G=16, Delta=99)) == ("B1*0.5", True, 742.5)
    with pytest.raises(ValueError, match=r"^factor must be > 0, got -1$"):
        CLAIMS["B1"].scaled(-1)


def test_evaluation_loses_no_digits_to_cancellation() -> None:
    # in floating point 3·0.1 - 3·0.1 is 0; the doubles themselves differ by 2^-55
    assert CLAIMS["F0"].evaluate(G=1, B=3, M=3 * 0.1, mu=0.1) == 2.0**-55


def test_numpy_numbers_are_numbers() -> None:
    assert CLAIMS["B1"].evaluate(G=np.int64(3), Delta=np.float64(1.5)) == 3.0


def test_statements_and_expressions_print_as_latex() -> None:
    for claim in CLAIMS.values():
        assert claim.statement.count("{") == claim.statement.count("}")
        assert sympy.latex(claim.expression)


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_room_loads_nothing_heavy() -> None:
    assert not {"sympy", "scipy", "simulation", "formulations", "numba"} & loaded_by("import bounds")


def test_claims_know_neither_simulator_nor_solver() -> None:
    assert not {"simulation", "formulations"} & loaded_by("from bounds import CLAIMS, fcfs_imbalance")


def test_every_public_name_is_there() -> None:
    for name in bounds.__all__:
        assert getattr(bounds, name) is not None
        assert name in dir(bounds)
