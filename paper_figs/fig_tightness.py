"""How much of each claim's bound is reached, from the verdicts of ``evenstep check``.

Every claim is brought to the same form: a share of 1 is the bound itself. What is searched has the share of
the instance that came closest, what is measured an interval; an arrow where the measurement ended as soon as
the verdict was certain, and the share is known to be at most its tip. Imports contracts, bounds, experiments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bounds.verdict import Verdict
from contracts import checks
from experiments.checking import read_verdicts
from paper_figs.figure import house_style, save

__all__ = ["Share", "draw_tightness", "shares", "tightness_figure"]

SEARCHED, MEASURED = "C0", "C1"


@dataclass(frozen=True)
class Share:
    """Range of measured over allowed, or of allowed over measured for a lower bound.

    Attributes
    ----------
    claim, word : str
    lo, hi : float
        ``lo`` is 0 where only an upper end is known.
    is_searched : bool
        Whether it is that of the worst instance found and not of a mean.
    """

    claim: str
    word: str
    lo: float
    hi: float
    is_searched: bool


def shares(path: Path) -> list[Share]:
    """Return the share of each claim in a file of verdicts that has one, in the file's order.

    Parameters
    ----------
    path : Path
        ``verdicts.json`` of `evenstep check --out`.

    Raises
    ------
    ValueError
        If the file is none, or none of its verdicts has numbers.
    """
    verdicts = [entry.verdict for entry in read_verdicts(path) if not entry.is_control]
    found = [share for share in map(_share, verdicts) if share is not None]
    checks.check(bool(found), f"{path}: no verdict of a claim has numbers to draw")
    return found


def _share(verdict: Verdict) -> Share | None:
    (low, high), (least, most) = verdict.measured, verdict.bound
    if verdict.word not in ("holds", "refuted"):
        return None
    if math.isfinite(least) and math.isfinite(most) and least > 0:  # an equality, within a tolerance
        middle = (least + most) / 2
        ends = low / middle, high / middle
    elif math.isfinite(most) and most > 0:
        ends = max(low, 0.0) / most, high / most
    elif math.isfinite(least) and low > 0:
        ends = least / high, least / low
    else:
        return None
    return Share(verdict.claim, verdict.word, *ends, is_searched=verdict.level is None)


def draw_tightness(verdicts: Path, stem: Path) -> list[Path]:
    """Draw the `shares` of a file of verdicts and return the paths of the PDF and the PNG.

    Parameters
    ----------
    verdicts : Path
        ``verdicts.json`` of `evenstep check --out`.
    stem : Path
        Where to write, without suffix.
    """
    with house_style():
        return save(tightness_figure(verdicts), stem)


def tightness_figure(verdicts: Path) -> Figure:
    """Return the `shares` of a file of verdicts, one row per claim; to be called under `house_style`."""
    found = shares(verdicts)
    figure = Figure(layout="constrained", figsize=(3.4, 0.17 * len(found) + 0.85))
    axis = figure.subplots()
    axis.axvline(1.0, color="0.3", linewidth=0.8, linestyle="--")
    for row, share in enumerate(found):
        _draw(axis, row, share)
    axis.set_yticks(range(len(found)), [share.claim for share in found])
    axis.set_ylim(len(found) - 0.5, -0.5)
    axis.set_xlim(0, 1.05 * max(1.0, *(share.hi for share in found if math.isfinite(share.hi))))
    axis.set_xlabel("share of the bound that is reached")
    axis.grid(axis="y", linewidth=0.3)
    _legend(figure, axis, found)
    return figure


def _draw(axis: Axes, row: int, share: Share) -> None:
    color = SEARCHED if share.is_searched else MEASURED
    if share.is_searched:
        axis.plot([share.hi], [row], "o", color=color, markersize=4, clip_on=False, zorder=3)
    elif share.lo == 0:
        axis.plot([0, share.hi], [row, row], color=color, linewidth=1.0, linestyle=":")
        axis.plot([share.hi], [row], "<", color=color, markersize=4, zorder=3)
    else:
        axis.plot([share.lo, share.hi], [row, row], "|-", color=color, linewidth=1.6, markersize=5, zorder=3)
    if share.word == "refuted":
        axis.plot([share.hi], [row], "x", color="k", markersize=7, zorder=4)


def _legend(figure: Figure, axis: Axes, found: list[Share]) -> None:
    means = [share for share in found if not share.is_searched]
    if len(means) < len(found):
        axis.plot([], [], "o", color=SEARCHED, markersize=4, label="worst instance found")
    if any(share.lo > 0 for share in means):
        axis.plot([], [], "|-", color=MEASURED, markersize=5, label="mean, interval")
    if any(share.lo == 0 for share in means):
        axis.plot([], [], "<:", color=MEASURED, markersize=4, label="mean, at most")
    if any(share.word == "refuted" for share in found):
        axis.plot([], [], "x", color="k", markersize=5, label="refuted")
    figure.legend(loc="outside upper center", ncols=2, columnspacing=1.0)
