"""The shipped quantiles are those of the traces, and the laws built from them have the traces' means."""

import tomllib
from importlib.resources import files

import numpy as np
import pytest

from drift_processes import PUBLISHED_TRACES, published_laws, read_trace
from tests.traces import trace_file

TABLE = tomllib.loads(files("drift_processes.traces").joinpath("published_quantiles.toml").read_text("utf-8"))
COLUMNS = ("prompt_tokens", "output_tokens")


def test_the_names_are_those_of_the_table() -> None:
    assert tuple(TABLE["traces"]) == PUBLISHED_TRACES
    assert len(PUBLISHED_TRACES) == 9


@pytest.mark.parametrize("name", PUBLISHED_TRACES)
def test_every_trace_names_its_source_and_licence(name: str) -> None:
    entry = TABLE["traces"][name]
    assert entry["repository"].startswith("github.com/")
    assert len(entry["commit"]) == 40
    assert entry["file"]
    assert entry["licence"]


@pytest.mark.parametrize("name", PUBLISHED_TRACES)
def test_laws_have_the_means_and_ranges_of_the_trace(name: str) -> None:
    # 2 %: the piecewise linear distribution function spreads probability evenly within each piece
    for law, column in zip(published_laws(name), COLUMNS, strict=True):
        figures = TABLE["traces"][name][column]
        assert law.mean == pytest.approx(figures["mean"], rel=0.02)
        assert law.support == (figures["quantiles"][0], figures["quantiles"][-1])
        assert law.is_integral
        assert law.support[0] >= 1


@pytest.mark.parametrize("name", PUBLISHED_TRACES)
def test_figures_are_those_of_the_trace(name: str) -> None:
    trace = read_trace(trace_file(f"{name}.parquet"))
    entry = TABLE["traces"][name]
    assert entry["rows"] == len(trace.prompt_tokens)
    assert entry["correlation"] == pytest.approx(
        np.corrcoef(trace.prompt_tokens, trace.output_tokens)[0, 1], abs=5.1e-5
    )
    for column in COLUMNS:
        ordered = np.sort(getattr(trace, column))
        assert entry[column]["mean"] == pytest.approx(ordered.mean(), abs=5.1e-5)
        # the smallest value with at least the share q of the rows at or below it
        share = np.arange(1, len(ordered) + 1) / len(ordered)
        ranks = np.searchsorted(share, np.array(TABLE["levels"]) - 1e-12)
        assert entry[column]["quantiles"] == ordered[ranks].tolist()


@pytest.mark.parametrize("name", PUBLISHED_TRACES)
def test_spread_of_the_laws_is_that_of_the_trace(name: str) -> None:
    trace = read_trace(trace_file(f"{name}.parquet"))
    for law, column in zip(published_laws(name), COLUMNS, strict=True):
        assert law.variance**0.5 == pytest.approx(getattr(trace, column).std(), rel=0.03)


def test_laws_of_the_azure_trace_have_its_median_and_its_99th_percentile() -> None:
    sizes, lengths = published_laws("azure2023_code")
    assert TABLE["traces"]["azure2023_code"]["rows"] == 8_819
    for law, median, most in ((sizes, 1469, 7436), (lengths, 13, 252)):
        assert law.values[np.searchsorted(np.cumsum(law.probabilities), 0.5)] == pytest.approx(median, abs=1)
        assert law.values[np.searchsorted(np.cumsum(law.probabilities), 0.99)] == pytest.approx(most, abs=1)
