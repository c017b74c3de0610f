# %% [markdown]
# # Policies on a serving trace
#
# `evenstep compare` as a function: read a trace, pace it so that it asks for nine tenths of the capacity,
# and let policies serve it. The trace is the one of the page on comparing; put a file of your own in its
# place.

# %%
from pathlib import Path

from drift_processes import read_trace
from experiments.compare import Comparison, compare

trace = Path("requests.csv")
requests = read_trace(trace)
print(f"{len(requests.prompt_tokens):,} requests, mean prompt {requests.prompt_tokens.mean():.0f} tokens")

# %%
comparison = Comparison(
    trace=trace, workers=4, slots=16, load=0.9, policies="fcfs,jsq:pooled,vllm_dp,bfio", seed=1
)
table = compare(comparison).table.set_index("policy")

# %% [markdown]
# The table is a data frame with a row per policy: what the workers notice, and what the requests notice.

# %%
print(table[["idle_fraction", "throughput", "ttft_s_p50", "ttft_s_p99"]].round(3).to_string())
gain = table.throughput["bfio"] / table.throughput["vllm_dp"] - 1
print(f"BF-IO serves {gain:.1%} more tokens per second than vllm_dp")
