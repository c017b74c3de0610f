"""Figures and LaTeX tables, drawn from stored results and never from live runs.

Imports `experiments.store` and `bounds.claim`; each ``tab_*`` and ``fig_*`` module makes one artefact.
"""

from paper_figs.fig_compare import draw_compare
from paper_figs.fig_loads import draw_loads
from paper_figs.tab_compare import compare_table
from paper_figs.tab_main import main_table

__all__ = ["compare_table", "draw_compare", "draw_loads", "main_table"]
