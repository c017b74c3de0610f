"""A seed and a name give one stream: the same everywhere, and independent of every other."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import stream


@given(st.integers(0, 2**100), st.text(max_size=8))
def test_the_same_seed_and_name_give_the_same_numbers(seed: int, name: str) -> None:
    assert stream(seed, name).random(4).tolist() == stream(seed, name).random(4).tolist()


@given(st.integers(0, 2**100), st.text(max_size=8), st.text(max_size=8))
def test_different_names_give_different_numbers(seed: int, one: str, other: str) -> None:
    same = stream(seed, one).random(4).tolist() == stream(seed, other).random(4).tolist()
    assert same == (one == other)


@given(st.integers(0, 2**100), st.integers(0, 2**100))
def test_different_seeds_give_different_numbers(one: int, other: int) -> None:
    same = stream(one, "workload").random(4).tolist() == stream(other, "workload").random(4).tolist()
    assert same == (one == other)


def test_the_numbers_are_the_same_on_every_machine() -> None:
    drawn = stream(7, "workload").bit_generator.random_raw(3).tolist()
    assert drawn == [7980637278528980788, 1232736223357364195, 5032045024611370280]
    # the same, written out: PCG64 on the seed, spawned with the first 8 bytes of the name's SHA-256
    sequence = np.random.SeedSequence(7, spawn_key=(0x7F6C7360BF24FCCF,))
    assert hashlib.sha256(b"workload").hexdigest().startswith("7f6c7360bf24fccf")
    assert drawn == np.random.PCG64(sequence).random_raw(3).tolist()


def test_drawing_from_one_stream_leaves_another_as_it_was() -> None:
    alone = stream(1, "workload").random(5).tolist()
    workload, policy = stream(1, "workload"), stream(1, "policy")
    policy.random(1000)
    assert workload.random(5).tolist() == alone


def test_streams_of_two_names_are_uncorrelated() -> None:
    one, other = stream(1, "workload").random(20_000), stream(1, "policy").random(20_000)
    # the correlation of independent samples has standard deviation 1/√n: five of them
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(0, abs=5 / np.sqrt(20_000))
