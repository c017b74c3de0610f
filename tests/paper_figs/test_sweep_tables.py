"""The tables of a sweep, from a store made by hand whose means are worked out by hand."""

from pathlib import Path

import pandas as pd
import pytest

from paper_figs.artefacts import FIGURES, TABLES, make_figures, make_tables
from paper_figs.markdown import to_markdown
from paper_figs.sweep import NotInStore, read_sweep
from tests.paper_figs.stores import MACHINE, results, theory, with_variant, write_store


def shown(folder: Path, name: str) -> tuple[str, list[list[str]]]:
    """Return the caption and the rows of a table, its head first."""
    caption, _, body = to_markdown(TABLES[name].make(read_sweep(folder))).partition("\n\n")
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in body.splitlines()]
    return caption, [rows[0], *rows[2:]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("store"))


def test_a_whole_store_gives_every_table_and_every_figure(folder: Path) -> None:
    sweep = read_sweep(folder)
    tables, figures = make_tables(sweep), make_figures(sweep)
    assert (list(tables.made), tables.left_out) == (list(TABLES), {})
    assert (list(figures.made), figures.left_out) == (list(FIGURES), {})


def test_main_by_hand(folder: Path) -> None:
    # G = 4, B = 16 is the largest system: imbalances of 400, 440, 480 (sample deviation 40) with drift, and
    # 500, 550, 600 (50) without; t = 9.9248 at two degrees: 9.9248 · 40/√3 = 229.2, 9.9248 · 50/√3 = 286.5
    caption, rows = shown(folder, "main")
    assert rows[0] == [
        "drift", "policy", "imbalance (tokens)", "IIR", "idle (%)", "throughput (tokens/s)", "TPOT (ms)",
        "energy (J/token)",
    ]  # fmt: skip
    cells = {(row[0], row[1]): row[2:] for row in rows[1:]}
    assert list(cells) == [
        (drift, label) for drift in ("unit", "none") for label in ("FCFS", "BF-IO(0)", "BF-IO(5)")
    ]
    assert cells["unit", "FCFS"][0] == "440 ± 230"
    assert cells["none", "FCFS"][0] == "550 ± 290"
    assert cells["unit", "FCFS"][1] == "1.000"
    # 440/44 and 440/22, the latter the best
    assert cells["unit", "BF-IO(0)"][1].startswith("10.0 [")
    assert cells["unit", "BF-IO(5)"][1].startswith("**20.0 [")
    # 100 · 22/2000, 56789 - 22, 20 + 22/100 ms
    assert [cells["unit", "BF-IO(5)"][at].split(" ±")[0] for at in (2, 3, 4)] == [
        "**1.10",
        "**56,767",
        "**20.22",
    ]
    # 2395/3/4000
    assert cells["unit", "BF-IO(5)"][5] == "**0.200 ± 0.011**"
    assert caption.startswith(
        r"Policies compared: 50\_50 & co, $G=4$ workers, $B=16$ slots each, overloaded. Means over 3 "
        "replications of 2000 steps after a warm-up of 9, with intervals of 99 %."
    )
    assert "Smaller systems are left" in caption


def test_scaling_by_hand(folder: Path) -> None:
    _, rows = shown(folder, "scaling_b")
    assert [row[:3] for row in rows[1:]] == [
        [workers, slots, label]
        for workers in ("2", "4")
        for slots in ("4", "16")
        for label in ("FCFS", "BF-IO(0)", "BF-IO(5)")
    ]
    assert rows[0][4:] == ["F0, exact (tokens)", "IIR", "IIR at least", "proved by"]
    # F0 beside FCFS; the bound where B = 16, and beside BF-IO(0) only
    assert [row[4] for row in rows[1:7]] == ["108.0", "–", "–", "216.0", "–", "–"]
    assert [row[6:] for row in rows[4:7]] == [["–", ""], ["6.500", "B2-ratio"], ["–", ""]]
    assert [row[6] for row in rows[1:4]] == ["–", "–", "–"]
    _, rows = shown(folder, "scaling_g")
    assert [row[:2] for row in rows[1::3]] == [["4", "2"], ["4", "4"], ["16", "2"], ["16", "4"]]


def test_horizon_by_hand(folder: Path) -> None:
    # BF-IO(5) has half the imbalance of BF-IO(0) everywhere
    _, rows = shown(folder, "horizon")
    at = rows[0].index("$H$")
    assert [row[at] for row in rows[1:]] == ["0", "5"] * 7
    assert [row[at + 2].split(" [")[0] for row in rows[1:]] == ["1.000", "0.50"] * 7


def test_drift_by_hand(folder: Path) -> None:
    _, rows = shown(folder, "drift")
    assert [row[:2] for row in rows[1:]] == [
        [drift, label] for drift in ("unit", "none") for label in ("FCFS", "BF-IO(0)", "BF-IO(5)")
    ]
    assert [row[3] for row in rows[1:]] == ["432.0", "–", "–", "540.0", "–", "–"]


def test_energy_by_hand(folder: Path) -> None:
    # E: 1 - 2420/3030 = 0.2013; at point 0 E-saving gives, with W = 3000, I_0 = 3300, I_1 = 330 and
    # C = 0.7·100 + 0.3·400 = 190: 1 - (400·3000 + 190·330)/(400·3000 + 100·3300) = 0.17471
    caption, rows = shown(folder, "energy")
    assert rows[0][-2:] == ["saved (%)", "proved at least (%)"]
    first = next(row for row in rows if row[-4] == "BF-IO(0)")
    assert first[-2].split(" [")[0] == "20.13"
    assert first[-1] == "17.47"
    assert "overhead" not in caption


def test_steps_with_an_overhead_have_no_proved_saving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MACHINE, "overhead_s", 0.001)
    caption, rows = shown(write_store(tmp_path), "energy")
    assert {row[-1] for row in rows[1:]} == {"–"}
    assert caption.endswith("it does not cover steps with an overhead.")


def test_production_by_hand(folder: Path) -> None:
    # imbalances 600, 660, 720 at point 5: TTFT p99 is 3 · 0.66
    caption, rows = shown(folder, "production")
    assert [row[:2] for row in rows[1:]] == [
        [load, label] for load in ("0.70", "0.90") for label in ("FCFS", "BF-IO(0)", "BF-IO(5)")
    ]
    at = rows[0].index("TTFT p99 (s)")
    assert rows[1][at].split(" ±")[0] == "2.0"
    assert rows[3][at].startswith("**0.099 ±")
    assert "poisson" in caption


def test_failed_cells_are_left_out_of_the_means(tmp_path: Path) -> None:
    frame = results()
    failed = (frame["point"] == 3) & (frame["variant"] == "FCFS") & (frame["replication"] == 2)
    frame.loc[failed, ["status", "error"]] = ["failed", "it broke"]
    frame.loc[failed, "imbalance"] = float("nan")
    _, rows = shown(write_store(tmp_path, results=frame, only=(3,)), "main")
    # 400 and 440, deviation 28.28, t = 63.657 at one degree: 63.657 · 28.28/√2 = 1273
    assert rows[1][1] == "400 ± 1300"


def test_one_replication_has_no_interval(tmp_path: Path) -> None:
    frame = results()
    _, rows = shown(write_store(tmp_path, results=frame[frame["replication"] == 0], only=(3,)), "main")
    assert [row[1:3] for row in rows[1:]] == [
        ["400.0", "1.000"],
        ["44.00", "9.091"],
        ["**20.00**", "**20.00**"],
    ]


@pytest.mark.parametrize(
    ("only", "missing"),
    [
        ((5,), {"main", "scaling_b", "scaling_g", "drift", "energy"}),
        ((0,), {"scaling_b", "scaling_g", "drift", "production"}),
        ((0, 1), {"scaling_g", "drift", "production"}),
        ((3, 4), {"scaling_b", "scaling_g", "production"}),
    ],
)
def test_what_a_part_of_the_store_lacks_is_left_out_and_said(
    tmp_path: Path, only: tuple[int, ...], missing: set[str]
) -> None:
    tables = make_tables(read_sweep(write_store(tmp_path, only=only)))
    assert set(tables.left_out) == missing
    assert set(tables.made) == set(TABLES) - missing
    assert all(why.startswith(("it has ", "no request ")) for why in tables.left_out.values())


def test_no_policy_looks_ahead_and_no_fcfs(tmp_path: Path) -> None:
    frame = results()
    sweep = read_sweep(write_store(tmp_path, results=frame[frame["variant"] == "BF-IO(0)"]))
    assert {"horizon", "energy"} <= set(make_tables(sweep).left_out)
    assert {"drift", "horizon", "energy"} <= set(make_figures(sweep).left_out)


def test_without_theory_and_loads(tmp_path: Path) -> None:
    sweep = read_sweep(write_store(tmp_path, theory=None, loads=None))
    assert make_tables(sweep).left_out == {}
    assert set(make_figures(sweep).left_out) == {"loads", "regimes"}
    with pytest.raises(
        NotInStore, match=r"^it has no loads\.parquet: the scenario doesn't set record_loads$"
    ):
        FIGURES["loads"].make(sweep)


def test_points_without_theory_show_none(tmp_path: Path) -> None:
    _, rows = shown(write_store(tmp_path, theory=theory().iloc[:1]), "scaling_b")
    assert "IIR at least" not in rows[0]
    assert [row[4] for row in rows[1:]] == ["108.0", *["–"] * 11]


@pytest.mark.parametrize(
    "options", [{"max_wait": 1}, {"objective": "spread"}, {"objective": "makespan"}], ids=str
)
def test_a_bound_stands_beside_the_policy_that_it_speaks_of_only(tmp_path: Path, options: dict) -> None:
    frame = with_variant(results(), "other", times=1, options={"horizon": 0, **options})
    frame = with_variant(
        frame, "told", times=1, options={"horizon": 0, "objective": "imbalance", "max_wait": None}
    )
    folder = write_store(tmp_path, results=frame)
    _, rows = shown(folder, "scaling_b")
    at, by = (rows[0].index(head) for head in ("IIR at least", "proved by"))
    bounds = {row[2]: (row[at], row[by]) for row in rows if row[1] == "16"}
    assert bounds["BF-IO(0)"] == bounds["told"] == ("6.500", "B2-ratio")
    assert bounds["other"] == ("–", "")
    known = theory().assign(iir_bound=6.5, iir_bound_claim="B1-ratio")
    _, rows = shown(write_store(tmp_path, results=frame, theory=known), "drift")
    at = rows[0].index("IIR at least")
    assert [row[at] for row in rows[1:]] == ["–", "6.500", "–", "–", "6.500"] * 2


def test_numbers_that_read_like_the_best_are_best(tmp_path: Path) -> None:
    frame = results()
    frame = with_variant(frame[frame["replication"] == 0], "near", times=1.00001)
    frame = frame[frame["variant"] != "BF-IO(5)"]
    _, rows = shown(write_store(tmp_path, results=frame, only=(3,)), "main")
    # 44 and 44.00044 in four digits; FCFS 400
    assert [row[1] for row in rows[1:]] == ["400.0", "**44.00**", "**44.00**"]
    frame = frame[frame["variant"] != "FCFS"]
    _, rows = shown(write_store(tmp_path, results=frame, only=(3,)), "main")
    assert [row[1] for row in rows[1:]] == ["44.00", "44.00"]


def test_replications_that_agree_have_an_interval_of_no_width(tmp_path: Path) -> None:
    frame = results().assign(tpot_s=0.025)
    _, rows = shown(write_store(tmp_path, results=frame, only=(3,)), "main")
    assert {row[rows[0].index("TPOT (ms)")] for row in rows[1:]} == {"25.00 ± 0"}


def test_the_caption_says_how_many_replications_are_left(tmp_path: Path) -> None:
    frame = results()
    frame.loc[(frame["variant"] == "FCFS") & (frame["replication"] == 2), "status"] = "failed"
    caption, _ = shown(write_store(tmp_path, results=frame, only=(3,)), "main")
    assert "Means over 2 to 3 replications of 2000 steps" in caption


def without_power(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(energy_j=0.0, energy_per_token_j=0.0)


def test_machines_without_power_save_nothing_and_stop_no_other_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MACHINE, "power", {"idle_w": 0.0, "busy_w": 0.0, "exponent": 0.7})
    write_store(tmp_path, results=without_power(results()))
    sweep = read_sweep(tmp_path)
    assert make_tables(sweep).left_out == {}
    _, rows = shown(tmp_path, "energy")
    assert {tuple(row[-2:]) for row in rows[1:]} == {("–", "–")}
    assert make_figures(sweep).left_out == {"energy": "FCFS takes no energy in it, so there is none to save"}


def test_a_point_without_power_beside_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = results()
    frame.loc[frame["point"] == 0, "energy_j"] = 0.0
    caption, rows = shown(write_store(tmp_path, results=frame), "energy")
    assert [row[-1] == "–" for row in rows[1:]] == [True, True] + [False] * 8
    assert "overhead" not in caption


def test_two_runs_without_a_replication_in_common_save_nothing_that_is_known(tmp_path: Path) -> None:
    frame = results()
    own = frame["variant"] == "FCFS"
    frame.loc[own == (frame["replication"] == 0), "status"] = "failed"
    _, rows = shown(write_store(tmp_path, results=frame), "energy")
    assert {tuple(row[-2:]) for row in rows[1:]} == {("–", "–")}
