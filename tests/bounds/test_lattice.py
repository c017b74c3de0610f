"""Laws put onto a lattice stay on the side of the stochastic order they are meant for.

X <=icx Y holds exactly if E(X - t)⁺ <= E(Y - t)⁺ for every t, and X <=cx Y if the means agree besides.
Between piecewise linear functions it is enough to look at the values of both laws.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.certified.loads import given_load
from bounds.lattice import Cells, exact_lattice, gather_onto, spread_onto
from drift_processes import Law

POINTS = st.lists(st.floats(0, 100), min_size=2, max_size=30, unique_by=lambda x: round(x, 3))


@st.composite
def scattered_laws(draw):
    values = draw(POINTS)
    weights = np.array(draw(st.lists(st.integers(1, 50), min_size=len(values), max_size=len(values))))
    return Law(values, weights / weights.sum())


def stop_loss(values, weights, thresholds):
    return np.maximum(values[None, :] - thresholds[:, None], 0.0) @ weights


def placed(law, cells, put):
    """The places and probabilities of the law put onto a lattice."""
    load = given_load(law, 128)
    cut = Cells.of(load, cells)
    measure = put(cut)
    if isinstance(measure, tuple):
        measure = measure[0]
    assert 0 <= measure.missing < 1e-30
    mass = [0] * measure.start + measure.coefficients()
    places = law.support[0] + float(cut.tick * load.unit) * np.arange(len(mass))
    return places, np.array([c / measure.scale for c in mass]), float(cut.tick * load.unit)


def compare(law, places, mass):
    thresholds = np.concatenate([law.values, places])
    ours = stop_loss(places, mass, thresholds)
    theirs = stop_loss(law.values, law.probabilities, thresholds)
    assert mass.sum() == pytest.approx(1, abs=1e-12)
    assert mass.min() >= 0
    return ours, theirs, float(places @ mass)


@given(law=scattered_laws(), cells=st.integers(1, 64))
def test_spreading_is_above_in_the_convex_order(law, cells) -> None:
    ours, theirs, mean = compare(law, *placed(law, cells, spread_onto)[:2])
    assert (ours >= theirs - 1e-9).all()
    assert mean == pytest.approx(law.mean, abs=1e-9)


@given(law=scattered_laws(), cells=st.integers(1, 64))
def test_gathering_is_below_in_the_increasing_convex_order(law, cells) -> None:
    ours, theirs, mean = compare(law, *placed(law, cells, gather_onto)[:2])
    assert (ours <= theirs + 1e-9).all()
    load = given_load(law, 128)
    loss = float(gather_onto(Cells.of(load, cells))[1] * load.unit)
    assert law.mean - mean == pytest.approx(loss, abs=1e-9)


def test_gathering_loses_little_of_a_law_that_fills_its_cells() -> None:
    law = Law.uniform(0, 1000)
    places, mass, tick = placed(law, 50, gather_onto)
    _, _, mean = compare(law, places, mass)
    variance = float((places - mean) ** 2 @ mass)
    # pieces of two cells lose tick²/3 of the variance; the lowest of 50 pieces is moved down by half a tick
    assert 0 < law.variance - variance < 0.5 * tick**2
    assert law.mean - mean <= 0.5 * tick / 50


def test_gathering_joins_pieces_where_they_balance() -> None:
    # cells of width 2: 6 stays; 0 and 1 share a cell, 3/4 at 2/3; 1/8 at 3 is balanced about 2 by 3/32 of it,
    # since (1/8)·1 = (3/32)·(4/3); the rest, 21/32, moves down to 0
    places, mass, _ = placed(Law([0, 1, 3, 6], [0.25, 0.5, 0.125, 0.125]), 3, gather_onto)
    assert places.tolist() == [0, 2, 4, 6]
    # a centre of mass is rounded down to 2^-32 of a cell
    assert mass.tolist() == pytest.approx([21 / 32, 7 / 32, 0.0, 1 / 8], abs=1e-9)


def test_spreading_splits_by_distance() -> None:
    places, mass, _ = placed(Law([0, 1, 8], [0.5, 0.25, 0.25]), 2, spread_onto)
    assert (places.tolist(), mass.tolist()) == ([0, 4, 8], [0.6875, 0.0625, 0.25])


@pytest.mark.parametrize(
    ("values", "base", "tick", "cells"),
    [([4, 10, 16], 4, 6, 2), ([1, 3, 8], 1, 1, 7), ([0.5, 0.75, 2.0], 0.5, 0.25, 6)],
)
def test_the_exact_lattice_is_the_coarsest_that_holds_all_values(values, base, tick, cells) -> None:
    lattice = exact_lattice(Law(values, [0.5, 0.25, 0.25]), most_cells=100)
    assert (lattice.base, lattice.tick, len(lattice.mass)) == (base, tick, cells + 1)
    assert lattice.base + lattice.tick * np.flatnonzero(lattice.mass) == pytest.approx(values)


def test_there_is_no_exact_lattice_for_thirds_constants_or_too_many_cells() -> None:
    assert exact_lattice(Law([0, 1 / 3], [0.5, 0.5]), most_cells=100) is None
    assert exact_lattice(Law.constant(3), most_cells=100) is None
    assert exact_lattice(Law([0, 50, 101], [0.5, 0.25, 0.25]), most_cells=100) is None
