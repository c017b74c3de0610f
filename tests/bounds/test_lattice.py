"""Laws put onto a lattice stay on the side of the stochastic order they are meant for.

X <=icx Y holds exactly if E(X - t)⁺ <= E(Y - t)⁺ for every t, and X <=cx Y if the means agree besides.
Between piecewise linear functions it is enough to look at the values of both laws.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounds.lattice import exact_lattice, gather_onto, spread_onto
from drift_processes import Law

POINTS = st.lists(st.floats(0, 100), min_size=2, max_size=30, unique_by=lambda x: round(x, 3))


@st.composite
def scattered_laws(draw):
    values = draw(POINTS)
    weights = np.array(draw(st.lists(st.integers(1, 50), min_size=len(values), max_size=len(values))))
    return Law(values, weights / weights.sum())


def stop_loss(values, weights, thresholds):
    return np.maximum(values[None, :] - thresholds[:, None], 0.0) @ weights


def compare(law, lattice):
    places = lattice.base + lattice.tick * np.arange(len(lattice.mass))
    thresholds = np.concatenate([law.values, places])
    ours = stop_loss(places, lattice.mass, thresholds)
    theirs = stop_loss(law.values, law.probabilities, thresholds)
    assert lattice.mass.sum() == pytest.approx(1, abs=1e-12)
    assert lattice.mass.min() >= 0
    return ours, theirs, float(places @ lattice.mass)


@given(law=scattered_laws(), cells=st.integers(1, 64))
def test_spreading_is_above_in_the_convex_order(law, cells) -> None:
    ours, theirs, mean = compare(law, spread_onto(law, cells))
    assert (ours >= theirs - 1e-9).all()
    assert mean == pytest.approx(law.mean, abs=1e-9)


@given(law=scattered_laws(), cells=st.integers(1, 64))
def test_gathering_is_below_in_the_increasing_convex_order(law, cells) -> None:
    ours, theirs, mean = compare(law, gather_onto(law, cells))
    assert (ours <= theirs + 1e-9).all()
    assert mean <= law.mean + 1e-9


def test_gathering_loses_little_of_a_law_that_fills_its_cells() -> None:
    law = Law.uniform(0, 1000)
    lattice = gather_onto(law, 50)
    _, _, mean = compare(law, lattice)
    places = np.arange(51) * lattice.tick
    variance = float((places - mean) ** 2 @ lattice.mass)
    # pieces of two cells lose tick²/3 of the variance; the lowest of 50 pieces is moved down by half a tick
    assert 0 < law.variance - variance < 0.5 * lattice.tick**2
    assert law.mean - mean <= 0.5 * lattice.tick / 50


def test_gathering_joins_pieces_where_they_balance() -> None:
    # cells of width 1: 3 stays; 0 and 0.5 share a cell, 3/4 at 1/3; 1/8 at 1.5 is balanced about 1 by 3/32 of
    # it, since (1/8)·(1/2) = (3/32)·(2/3); the rest, 21/32, moves down to 0
    law = Law([0.0, 0.5, 1.5, 3.0], [0.25, 0.5, 0.125, 0.125])
    lattice = gather_onto(law, 3)
    assert lattice.mass.tolist() == pytest.approx([21 / 32, 7 / 32, 0.0, 1 / 8])


def test_spreading_splits_by_distance() -> None:
    law = Law([0.0, 0.25, 2.0], [0.5, 0.25, 0.25])
    assert spread_onto(law, 2).mass.tolist() == [0.6875, 0.0625, 0.25]


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
