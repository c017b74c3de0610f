"""Figures and tables of a paper, drawn from stored results and never from live runs.

Each ``tab_*`` module makes a `paper_figs.table.Table`, each ``fig_*`` module a figure;
`paper_figs.artefacts` lists those that come from a sweep. Imports `experiments.store` and bounds.
"""

from paper_figs.claims_table import claims_latex
from paper_figs.commands import write_figures, write_tables
from paper_figs.fig_compare import draw_compare
from paper_figs.fig_loads import draw_loads
from paper_figs.reproduction import write_reproduction
from paper_figs.tab_compare import compare_table
from paper_figs.tab_main import main_table_latex

__all__ = [
    "claims_latex",
    "compare_table",
    "draw_compare",
    "draw_loads",
    "main_table_latex",
    "write_figures",
    "write_reproduction",
    "write_tables",
]
