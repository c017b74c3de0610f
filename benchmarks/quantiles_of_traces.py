"""Print the quantiles that `drift_processes.traces.published` reads, from a folder of Parquet traces.

    python benchmarks/quantiles_of_traces.py FOLDER > drift_processes/traces/published_quantiles.toml

FOLDER holds one ``NAME.parquet`` (columns prompt_tokens, output_tokens) for each trace in `SOURCES`. The
quantile of a level q is the smallest value x with at least the share q of the rows <= x, so it is a count
that occurred. Levels lie close together towards 1, where a few long answers carry much of the mean.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drift_processes.traces import PUBLISHED_TRACES, read_trace

_TAIL = [1 - share * 10.0**-k for k in (2, 3, 4, 5) for share in (7, 5, 3, 2, 1.5, 1)]
LEVELS = sorted(
    {0.0, 0.01, 0.02, 1.0, *(round(0.05 * i, 2) for i in range(1, 20)), *(round(q, 9) for q in _TAIL)}
)


@dataclass(frozen=True)
class Source:
    """Where a trace comes from; ``note`` says what its rows are."""

    repository: str
    commit: str
    file: str
    licence: str
    cite: str
    note: str


_PAPER = ("github.com/Echoscd/Load-Balancing-Release", "6ae705d5c18e475a1f0a7ed6697c722b76a07d98")
_SERVEGEN = ("github.com/alibaba/ServeGen", "f891d1189eb32b3868dfc443800c4150548c282a")
_CHEN = "Chen et al., A Universal Load Balancing Principle, arXiv 2601.17855 (2026)"
_XIANG = "Xiang et al., ServeGen, arXiv 2505.09999"

SOURCES = {
    "azure2023_code": Source(
        "github.com/Azure/AzurePublicDataset",
        "b469a113cedca53ddc3bdea71a143dc4b7d8700c",
        "data/AzureLLMInferenceTrace_code.csv",
        "CC-BY-4.0",
        "Patel et al., Splitwise, ISCA 2024",
        "real requests, all rows",
    ),
    "mooncake_conversation": Source(
        "github.com/kvcache-ai/Mooncake",
        "3b5a594133958449a1feaf1c9e0fc1b553e34a28",
        "FAST25-release/traces/conversation_trace.jsonl",
        "Apache-2.0",
        "Qin et al., Mooncake, FAST 2025",
        "real requests, all rows",
    ),
    "arxiv_summarization_llama2": Source(
        "github.com/microsoft/vidur",
        "7d47513363ec447a741ac5e47241580b47724fbf",
        "data/processed_traces/arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv",
        "MIT",
        "",
        "real lengths without times, all rows",
    ),
    "sharegpt_8k_llama2": Source(
        "github.com/project-etalon/etalon",
        "d5f18de15a2227a2d469365afc4fa9e2df0c631d",
        "data/processed_traces/sharegpt_8k_filtered_stats_llama2_tokenizer.csv",
        "Apache-2.0",
        "",
        "real lengths without times, all rows, ordered by conversation",
    ),
    "paper_arxiv_8000": Source(
        *_PAPER,
        "arxiv_data_8000.json",
        "none given; derived from HF ccdv/arxiv-summarization",
        _CHEN,
        "sample of lengths by the paper's authors",
    ),
    "paper_burst_8000": Source(
        *_PAPER,
        "burst_data_8000.json",
        "none given; derived from BurstGPT (CC-BY-4.0)",
        _CHEN,
        "sample of lengths by the paper's authors; 46 % of the outputs are exactly 7 tokens",
    ),
    "paper_longbench_8000": Source(
        *_PAPER,
        "longbench_data_8000.json",
        "none given; derived from HF zai-org/LongBench-v2",
        _CHEN,
        "sample of lengths by the paper's authors; 471 distinct pairs",
    ),
    "servegen_m_large_20min": Source(
        *_SERVEGEN,
        "data/language/m-large/chunk-*-{trace.csv,dataset.json}",
        "Apache-2.0",
        _XIANG,
        "modelled from production tables of 26 clients, 1200 s",
    ),
    "servegen_m_mid_10min": Source(
        *_SERVEGEN,
        "data/language/m-mid/chunk-*-{trace.csv,dataset.json}",
        "Apache-2.0",
        _XIANG,
        "modelled from production tables of 21 clients, 600 s",
    ),
}


def toml_lines(folder: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "# Quantiles of published traces: figures about the data, not the data. Each names its source."
    yield "# Made by benchmarks/quantiles_of_traces.py; the quantile of a level q is the smallest value x"
    yield "# with at least the share q of the rows <= x. correlation: Pearson, of prompt and output tokens."
    yield f"levels = {_listed(LEVELS)}"
    for name in PUBLISHED_TRACES:
        trace, source = read_trace(folder / f"{name}.parquet"), SOURCES[name]
        yield f"\n[traces.{name}]"
        yield from (f'{key} = "{value}"' for key, value in vars(source).items() if value)
        yield f"rows = {len(trace.prompt_tokens)}"
        yield f"correlation = {np.corrcoef(trace.prompt_tokens, trace.output_tokens)[0, 1]:.4f}"
        yield from _column("prompt_tokens", trace.prompt_tokens)
        yield from _column("output_tokens", trace.output_tokens)


def _column(name: str, values: NDArray[np.int64]) -> Iterator[str]:
    quantiles = np.quantile(values, LEVELS, method="inverted_cdf").tolist()
    yield f"{name}.mean = {values.mean():.4f}"
    yield f"{name}.quantiles = {_listed(quantiles)}"


def _listed(numbers: list[float]) -> str:
    rows = [
        ", ".join(
            f"{number:g}" if isinstance(number, float) else str(number) for number in numbers[i : i + 12]
        )
        for i in range(0, len(numbers), 12)
    ]
    return "[\n    " + ",\n    ".join(rows) + ",\n]"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/quantiles_of_traces.py FOLDER")
    sys.stdout.write("\n".join(toml_lines(Path(sys.argv[1]))) + "\n")
