# %% [markdown]
# # Tables for a paper
#
# A claim and a comparison, as LaTeX to be included with `\input`; booktabs, siunitx, amsmath and amssymb
# do the rest.

# %%
from pathlib import Path

from bounds import CLAIMS
from experiments.compare import Comparison, compare
from experiments.store import write_table
from paper_figs import compare_table
from paper_figs.claims_table import claims_table
from paper_figs.latex import to_latex

print(to_latex(claims_table([CLAIMS["B1"], CLAIMS["E-saving"]])))

# %% [markdown]
# Tables of results are made from stored files, never from a live run: what is printed can be traced to
# what was kept.

# %%
outcome = compare(
    Comparison(trace=Path("requests.csv"), workers=4, slots=16, load=0.9, policies="fcfs,bfio", seed=1)
)
write_table(Path("compare.parquet"), outcome.table, scenario=outcome.scenario)
print(compare_table(Path("compare.parquet")))
