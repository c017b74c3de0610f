"""All that is drawn from the results of `evenstep reproduce`. Imports the writers and the report."""

from __future__ import annotations

from pathlib import Path

from contracts import checks
from contracts.files import write_bytes
from experiments.paper_section import read_section
from paper_figs.commands import save_figures, save_tables
from paper_figs.fig_loads import draw_loads
from paper_figs.report_store import reproduction_report
from paper_figs.sweep import read_sweep
from paper_figs.tab_main import main_table_latex

__all__ = ["write_reproduction"]


def write_reproduction(folder: Path, section: Path | None = None) -> list[str]:
    """Write the table, the figure and the report; and those of each sweep, into its folder.

    Parameters
    ----------
    folder : Path
        With ``results``, ``claims`` and ``loads.parquet``.
    section : Path, optional
        What `experiments.paper_section.run_section` wrote.

    Returns
    -------
    list of str
        Names of the files in ``folder``, the report's last.
    """
    checks.instance("folder", folder, Path, "a Path")
    write_bytes(folder / "table_main.tex", main_table_latex(folder).encode())
    pictures = draw_loads(folder / "loads.parquet", folder / "loads")
    if section is not None:
        for name in read_section(section).sweeps:
            swept = section / "sweeps" / name
            sweep = read_sweep(swept)
            save_tables(sweep, swept)
            save_figures(sweep, swept)
    write_bytes(folder / "report.html", reproduction_report(folder, section).encode())
    return ["table_main.tex", *(path.name for path in pictures), "report.html"]
