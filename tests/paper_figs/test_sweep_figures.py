"""The figures of a sweep: what is drawn is what the hand-made store says; bytes depend on the data alone."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from paper_figs.artefacts import FIGURES, make_figures
from paper_figs.figure import house_style, picture, save
from paper_figs.sweep import NotInStore, read_sweep
from tests.paper_figs.stores import results, theory, with_variant, write_store


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figure]:
    return make_figures(read_sweep(write_store(tmp_path_factory.mktemp("store")))).made


def drawn(folder: Path, name: str) -> Figure:
    with house_style():
        return FIGURES[name].make(read_sweep(folder))


def points(axis: Axes) -> list[list[tuple[float, float]]]:
    """Return the coordinates of every line that isn't empty."""
    return [[tuple(pair) for pair in line.get_xydata()] for line in axis.lines if len(line.get_xydata())]


def segments(axis: Axes) -> list[np.ndarray]:
    return [
        each
        for lines in axis.collections
        if isinstance(lines, LineCollection)
        for each in lines.get_segments()
    ]


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figure]:
    return make_figures(read_sweep(write_store(tmp_path_factory.mktemp("again")))).made


@pytest.mark.parametrize(
    ("name", "kind"), [*((name, "pdf") for name in FIGURES), ("energy", "png"), ("energy", "svg")]
)
def test_bytes_depend_on_the_data_alone(
    figures: dict[str, Figure], again: dict[str, Figure], name: str, kind: str
) -> None:
    first = picture(figures[name], kind)
    assert first == picture(again[name], kind)
    assert first.startswith({"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<?xml"}[kind])
    assert not any(word in first for word in (b"CreationDate", b"dc:date", b"Matplotlib v"))


@pytest.mark.parametrize("name", FIGURES)
def test_they_fit_the_columns_of_a_paper_and_nothing_is_cut_off(
    figures: dict[str, Figure], name: str
) -> None:
    figure = figures[name]
    assert figure.get_figwidth() in (3.4, 7.0)
    with house_style():  # ticks are made when they are drawn
        FigureCanvasAgg(figure).draw()
    frame = figure.bbox
    for axis in figure.axes:
        tight = axis.get_tightbbox()
        assert tight is not None
        assert frame.x0 - 1 <= tight.x0 < tight.x1 <= frame.x1 + 1, name
        assert frame.y0 - 1 <= tight.y0 < tight.y1 <= frame.y1 + 1, name


def test_loads_by_hand(figures: dict[str, Figure]) -> None:
    fcfs, bfio = figures["loads"].axes
    # two workers, their maximum, their mean
    assert points(fcfs) == [
        [(0, 10), (1, 12), (2, 5)],
        [(0, 4), (1, 6), (2, 9)],
        [(0, 10), (1, 12), (2, 9)],
        [(0, 7), (1, 9), (2, 7)],
    ]
    assert [axis.get_title(loc="left") for axis in (fcfs, bfio)] == ["FCFS", "BF-IO(0)"]


def test_scaling_by_hand(figures: dict[str, Figure]) -> None:
    (axis,) = figures["scaling_b"].axes
    # IIR is 10 everywhere; F0/((G-1)Δ) = 108/15 where nothing is proved, that is at B = 4; else the bound
    finite = [[pair for pair in line if np.isfinite(pair[1])] for line in points(axis)]
    assert finite == [[(4, 10), (16, 10)], [(4, 7.2)], [(16, 6.5)]] * 2
    assert len(segments(axis)) == 4
    assert [text.get_text() for text in figures["scaling_b"].legends[0].get_texts()] == [
        "$G=2$", "$G=4$", "proved bound", r"$F_0/((G-1)\Delta)$, not proved",
    ]  # fmt: skip
    (axis,) = figures["scaling_g"].axes
    assert points(axis)[0] == [(2, 10), (4, 10)]


def test_an_infinite_ratio_is_a_mark_at_the_upper_edge(tmp_path: Path) -> None:
    frame = results()
    frame.loc[(frame["variant"] == "BF-IO(0)") & (frame["point"] == 0), "imbalance"] = 0.0
    (axis,) = drawn(write_store(tmp_path, results=frame, only=(0, 1)), "scaling_b").axes
    assert points(axis)[0] == [(16, 10)]
    assert [(4.0, 1.0)] in points(axis)
    assert [str(text.get_text()) for text in axis.figure.legends[0].get_texts()][-2] == "infinite"


def test_horizon_by_hand(figures: dict[str, Figure]) -> None:
    axes = figures["horizon"].axes
    assert len(axes) == 7
    for axis in axes:
        assert points(axis)[0] == [(0, 1), (1, pytest.approx(0.5))]
    assert [axes[at].get_title(loc="left") for at in (0, 5)] == [
        "unit, G = 2, B = 4, overloaded", "unit, G = 4, B = 16, poisson, load 0.7",
    ]  # fmt: skip
    assert [label.get_text() for label in axes[-1].get_xticklabels()] == ["0", "5"]


def test_drift_by_hand(figures: dict[str, Figure]) -> None:
    (axis,) = figures["drift"].axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["unit", "none"]
    assert [[x for x, _ in line] for line in points(axis)[:2]] == [[10, 10], [20, 20]]
    # each with its interval, which holds it
    assert [each[0][0] < each.mean() < each[1][0] for each in segments(axis)] == [True] * 4


def test_energy_by_hand(figures: dict[str, Figure]) -> None:
    (axis,) = figures["energy"].axes
    widths = [bar.get_width() for bar in axis.patches if isinstance(bar, Rectangle)]
    assert widths == pytest.approx([100 * (1 - 2420 / 3030)] * 5 + [100 * (1 - 2395 / 3030)] * 5)
    proved = [lines.get_segments()[0][0][0] for lines in axis.collections if lines.get_label() == "proved"]
    assert proved[0] == pytest.approx(17.471, abs=1e-3)
    assert [bar.get_hatch() for bar in axis.patches[::5]] == ["", "////"]


def test_an_interval_without_an_end_reaches_the_frame_and_does_not_move_it(tmp_path: Path) -> None:
    frame = results()
    own = (frame["variant"] == "BF-IO(0)") & (frame["point"] == 4)
    frame.loc[own, "imbalance"] = [1.0, 100.0, 64.0]  # mean 55, not clearly above 0: no upper end of 550/55
    (axis,) = drawn(write_store(tmp_path, results=frame), "drift").axes
    assert max(each[1][0] for each in segments(axis)) > 1e6
    assert axis.get_xlim()[1] < 100


def test_production_by_hand(figures: dict[str, Figure]) -> None:
    (axis,) = figures["production"].axes
    # 3 · (n + 1) · 110/1000 at points 5 and 6
    at = [np.array(line) for line in points(axis)]
    assert at[0][:, 1] == pytest.approx([1.98, 2.31])
    # beside each other around their load, in the order of the policies
    assert np.mean([line[:, 0] for line in at], axis=0) == pytest.approx([0.7, 0.9])
    assert all(np.diff([line[0, 0] for line in at]) > 0)
    assert [label.get_text() for label in axis.get_xticklabels()] == ["0.7", "0.9"]


def test_regimes_by_hand(figures: dict[str, Figure]) -> None:
    unit, none = figures["regimes"].axes
    # B2's condition holds at B = 16; at B = 4 the mean is 11 of three, whose interval at 1 - 0.01/4 is wide
    cells = {rectangle.get_xy(): to_hex(rectangle.get_facecolor()) for rectangle in unit.patches}
    assert cells[0.5, -0.5] == cells[0.5, 0.5] == to_hex("#56B4E9")
    assert cells[-0.5, -0.5] == cells[-0.5, 0.5] == to_hex("white")
    assert [text.get_text() for text in unit.texts] == ["10"] * 4
    assert len(none.patches) == 1


@pytest.mark.parametrize(("bound", "color"), [(1000.0, "#c7e5f5"), (1.0, "#f2c6a0")])
def test_regimes_that_the_mean_decides(tmp_path: Path, bound: float, color: str) -> None:
    known = theory().assign(iir_bound_claim="", separation_bound=bound)
    frame = results()
    own = frame["variant"] == "BF-IO(0)"
    frame.loc[own, "imbalance"] = 20 + 0.1 * frame.loc[own, "replication"]
    unit, _ = drawn(write_store(tmp_path, results=frame, theory=known), "regimes").axes
    assert {to_hex(rectangle.get_facecolor()) for rectangle in unit.patches} == {color}


def test_one_load_only_makes_no_curve(tmp_path: Path) -> None:
    with pytest.raises(NotInStore, match=r"^requests arrive at one load only$"):
        drawn(write_store(tmp_path, only=(5,)), "production")


def test_both_files_are_written(figures: dict[str, Figure], tmp_path: Path) -> None:
    assert save(figures["drift"], tmp_path / "x") == [tmp_path / "x.pdf", tmp_path / "x.png"]


def test_the_map_names_the_claim_that_proves(tmp_path: Path) -> None:
    known = theory()
    known.loc[known["drift"] == "none", "iir_bound_claim"] = "B1-ratio"
    figure = drawn(write_store(tmp_path, theory=known), "regimes")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "proved (B1)", "proved (B2)", "inconclusive",
    ]  # fmt: skip
    unit, none = figure.axes
    assert {patch.get_hatch() for patch in none.patches} == {"\\\\\\\\"}
    assert {patch.get_hatch() for patch in unit.patches} == {""}


@pytest.mark.parametrize("name", ["regimes", "scaling_b"])
def test_two_solvers_at_one_point_do_not_hide_each_other(tmp_path: Path, name: str) -> None:
    frame = with_variant(results(), "exact", times=0.5, policy="bfio_exact")
    figures = [drawn(write_store(tmp_path, results=frame), name) for frame in (results(), frame)]
    assert picture(figures[0], "png") == picture(figures[1], "png")


def test_a_policy_that_admits_the_oldest_first_is_on_no_map(tmp_path: Path) -> None:
    frame = results()
    frame = with_variant(frame, "patient", times=1, options={"horizon": 0, "max_wait": 1})
    frame = frame[frame["variant"] != "BF-IO(0)"]
    left_out = make_figures(read_sweep(write_store(tmp_path, results=frame))).left_out
    assert {"regimes", "scaling_b", "scaling_g"} <= set(left_out)


@pytest.mark.filterwarnings("error")
def test_nothing_saved_anywhere_makes_a_figure_without_a_warning(tmp_path: Path) -> None:
    frame = results().assign(energy_j=5.0, energy_per_token_j=0.1)
    frame["work"], frame["idle_work"] = 10.0, 0.0
    (axis,) = drawn(write_store(tmp_path, results=frame), "energy").axes
    low, high = axis.get_xlim()
    assert low < 0 < high
