"""Looking ahead, where several policies and sets of options do: ratios worked out by hand."""

import math
from pathlib import Path

import pandas as pd
import pytest

from paper_figs.artefacts import FIGURES
from paper_figs.figure import house_style
from paper_figs.sweep import NotInStore, read_sweep
from paper_figs.tab_horizon import horizon_rows, horizon_table
from tests.paper_figs.stores import results, with_variant, write_store


def several() -> pd.DataFrame:
    """Return results at H = 0 and 3 of three policies, the imbalances as multiples of that of BF-IO(0)."""
    ahead = {"lookahead": "oracle", "horizon": 3}
    patient, eager = ({"horizon": horizon, "max_wait": 1} for horizon in (0, 3))
    frame = results()
    frame = frame[frame["variant"] != "BF-IO(5)"]
    frame = with_variant(frame, "a", times=0.5, options={"horizon": 3}, **ahead)
    frame = with_variant(frame, "b", times=4, options=patient)
    frame = with_variant(frame, "c", times=4, options=eager, **ahead)
    frame = with_variant(frame, "d", times=3, policy="brh", options={"horizon": 0})
    frame = with_variant(frame, "e", times=2, policy="brh", options={"horizon": 3}, **ahead)
    return with_variant(
        frame, "f", times=1, policy="brh", options={"horizon": 3}, **ahead | {"lookahead": "hazard"}
    )


def test_each_curve_starts_at_its_own_policy_with_its_own_options(tmp_path: Path) -> None:
    rows = horizon_rows(read_sweep(write_store(tmp_path, results=several(), only=(0,))))
    found = {(row.series, row.horizon, row.variant): row.ratio for row in rows.itertuples()}
    assert found == {
        ("BF-IO, oracle", 0, "BF-IO(0)"): 1,
        ("BF-IO, oracle", 3, "a"): pytest.approx(0.5),
        ("BF-IO, max_wait=1, oracle", 0, "b"): 1,
        ("BF-IO, max_wait=1, oracle", 3, "c"): pytest.approx(1),
        ("BR-H, oracle", 0, "d"): 1,
        ("BR-H, oracle", 3, "e"): pytest.approx(2 / 3),
        ("BR-H, hazard", 0, "d"): 1,
        ("BR-H, hazard", 3, "f"): pytest.approx(1 / 3),
    }
    assert all(math.isnan(row.ratio_lo) for row in rows.itertuples() if row.horizon == 0)


def test_the_figure_has_a_curve_for_each_of_them(tmp_path: Path) -> None:
    sweep = read_sweep(write_store(tmp_path, results=several(), only=(0,)))
    with house_style():
        (axis,) = FIGURES["horizon"].make(sweep).axes
    curves = {line.get_label(): list(line.get_ydata()) for line in axis.lines if len(line.get_xdata()) == 2}
    assert {name: ends for name, ends in curves.items() if not name.startswith("_")} == {
        "BF-IO, oracle": [1, pytest.approx(0.5)],
        "BF-IO, max_wait=1, oracle": [1, pytest.approx(1)],
        "BR-H, oracle": [1, pytest.approx(2 / 3)],
        "BR-H, hazard": [1, pytest.approx(1 / 3)],
    }
    table = horizon_table(sweep)
    assert list(table.groups) == [2, 4, 6]


def test_bindings_are_not_mixed(tmp_path: Path) -> None:
    ahead = {"policy": "brh", "lookahead": "oracle", "horizon": 3, "options": {"horizon": 3}}
    frame = with_variant(results(), "x", times=2, policy="brh", options={"horizon": 0}, binding="immediate")
    frame = with_variant(frame, "y", times=3, binding="immediate", **ahead)
    frame = with_variant(frame, "z", times=5, **ahead)
    rows = horizon_rows(read_sweep(write_store(tmp_path, results=frame, only=(0,))))
    own = rows[rows["policy"] == "brh"]
    assert own["variant"].tolist() == ["x", "y"]
    assert own["ratio"].tolist() == [1, pytest.approx(1.5)]
    assert set(own["series"]) == {"BR-H, oracle, immediate"}


def test_without_the_same_options_at_h_0_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    frame = results()
    frame = frame[frame["variant"] != "BF-IO(5)"]
    options = {"horizon": 3, "max_wait": 1}
    frame = with_variant(frame, "a", times=2, options=options, lookahead="oracle", horizon=3)
    with pytest.raises(NotInStore, match=r"with the same options$"):
        horizon_rows(read_sweep(write_store(tmp_path, results=frame)))
