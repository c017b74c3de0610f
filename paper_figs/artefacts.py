"""Every table and every figure that a store can give: by name, what each needs, and what makes it.

`evenstep tables`, `evenstep figures` and the report walk these two registries. Imports all ``tab_*`` and
``fig_*`` modules that draw from a sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from matplotlib.figure import Figure

from paper_figs.claims_table import claims_table
from paper_figs.fig_bounds import bounds_figure
from paper_figs.fig_drift import drift_figure
from paper_figs.fig_energy import energy_figure
from paper_figs.fig_horizon import horizon_figure
from paper_figs.fig_loads import loads_figure
from paper_figs.fig_production import production_figure
from paper_figs.fig_regimes import regimes_figure
from paper_figs.figure import house_style
from paper_figs.sweep import NotInStore, Sweep
from paper_figs.tab_drift import drift_table
from paper_figs.tab_energy import energy_table
from paper_figs.tab_horizon import horizon_table
from paper_figs.tab_main import main_table
from paper_figs.tab_production import production_table
from paper_figs.tab_scaling import scaling_table
from paper_figs.table import Table

__all__ = ["FIGURES", "TABLES", "Artefact", "Made", "make_figures", "make_tables"]

T = TypeVar("T", Table, Figure)


@dataclass(frozen=True)
class Artefact(Generic[T]):
    """One table or figure.

    Attributes
    ----------
    title : str
        What it shows, in a line; for headings and for those who can't see a picture.
    needs : str
        What a store must have for it.
    make : callable
        Takes a `Sweep`; raises `NotInStore` where that is missing. That of a figure is called under
        `paper_figs.figure.house_style`.
    """

    title: str
    needs: str
    make: Callable[[Sweep], T]


@dataclass(frozen=True)
class Made(Generic[T]):
    """What came of a registry: ``made`` by name, and ``left_out``: why the others could not be made."""

    made: dict[str, T]
    left_out: dict[str, str]


#: By name, in the order of a paper.
TABLES: dict[str, Artefact[Table]] = {
    "main": Artefact("Policies compared", "an overloaded point", main_table),
    "scaling_b": Artefact(
        "Growth with the slots per worker",
        "overloaded points of several B",
        partial(scaling_table, by="slots"),
    ),
    "scaling_g": Artefact(
        "Growth with the workers", "overloaded points of several G", partial(scaling_table, by="workers")
    ),
    "horizon": Artefact("Looking ahead", "a policy at horizon 0 and at another", horizon_table),
    "drift": Artefact("Drift processes", "overloaded points of several drifts", drift_table),
    "energy": Artefact("Energy saved", "an overloaded point with FCFS and another policy", energy_table),
    "production": Artefact(
        "Requests that arrive by the clock", "a point with arrivals by the clock", production_table
    ),
    "claims": Artefact("Claims", "nothing of the store", lambda _sweep: claims_table()),
}

#: By name, in the order of a paper.
FIGURES: dict[str, Artefact[Figure]] = {
    "loads": Artefact("Load of every worker, step by step", "loads.parquet (record_loads)", loads_figure),
    "scaling_b": Artefact(
        "Improvement against the slots per worker, beside its bound",
        "overloaded points of several B with FCFS and BF-IO(0)",
        partial(bounds_figure, by="slots"),
    ),
    "scaling_g": Artefact(
        "Improvement against the workers, beside its bound",
        "overloaded points of several G with FCFS and BF-IO(0)",
        partial(bounds_figure, by="workers"),
    ),
    "horizon": Artefact(
        "Imbalance against the horizon", "a policy at horizon 0 and at another", horizon_figure
    ),
    "drift": Artefact("Improvement by drift process", "overloaded points of several drifts", drift_figure),
    "energy": Artefact(
        "Energy saved, and its proved part", "an overloaded point with FCFS and another policy", energy_figure
    ),
    "production": Artefact(
        "Time to first token against load", "arrivals by the clock at several loads", production_figure
    ),
    "regimes": Artefact(
        "Where the bound on the mean imbalance holds",
        "overloaded points of several B and G with BF-IO(0), and an exact F0",
        regimes_figure,
    ),
}


def make_tables(sweep: Sweep) -> Made[Table]:
    """Make every table that a store has the data for."""
    return _make(sweep, TABLES)


def make_figures(sweep: Sweep) -> Made[Figure]:
    """Draw every figure that a store has the data for; `paper_figs.figure.picture` turns one into bytes."""
    with house_style():
        return _make(sweep, FIGURES)


def _make(sweep: Sweep, registry: Mapping[str, Artefact[T]]) -> Made[T]:
    made, left_out = {}, {}
    for name, artefact in registry.items():
        try:
            made[name] = artefact.make(sweep)
        except NotInStore as missing:
            left_out[name] = str(missing)
    return Made(made, left_out)
