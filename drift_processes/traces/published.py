"""Laws of published traces, from quantiles that this package ships: the traces themselves are not needed.

May import contracts, `drift_processes.laws` and the table beside this file.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

from contracts import checks
from drift_processes.laws import Law

__all__ = ["PUBLISHED_TRACES", "published_laws"]

#: The traces whose quantiles are shipped; sources and licences stand in ``published_quantiles.toml``.
PUBLISHED_TRACES = (
    "azure2023_code",
    "mooncake_conversation",
    "arxiv_summarization_llama2",
    "sharegpt_8k_llama2",
    "paper_arxiv_8000",
    "paper_burst_8000",
    "paper_longbench_8000",
    "servegen_m_large_20min",
    "servegen_m_mid_10min",
)


def published_laws(name: str) -> tuple[Law, Law]:
    """Return the laws of the sizes and of the lengths of a published trace.

    The two are the marginals: whatever dependence the trace has between them is left out (its Pearson
    correlation stands in the table). Between the quantiles, probability is spread evenly.

    Parameters
    ----------
    name : str
        One of `PUBLISHED_TRACES`.

    Returns
    -------
    sizes : Law
        Prompt tokens.
    lengths : Law
        Output tokens.

    Raises
    ------
    ValueError
        If there is no such trace; the names are listed.

    Examples
    --------
    >>> sizes, lengths = published_laws("azure2023_code")
    >>> lengths.support
    (6.0, 1899.0)
    """
    checks.choice("name", name, PUBLISHED_TRACES)
    table = tomllib.loads(files(__package__).joinpath("published_quantiles.toml").read_text(encoding="utf-8"))
    trace = table["traces"][name]
    prompts, outputs = (
        Law.from_quantiles(dict(zip(table["levels"], trace[column]["quantiles"], strict=True)))
        for column in ("prompt_tokens", "output_tokens")
    )
    return prompts, outputs
