"""The report as one HTML page that needs nothing but itself: no network, no file beside it.

A `Report` is a value; `report_html` turns it into the page with the template of `paper_figs/templates`, and
escapes every string in it. The same report gives the same bytes. Imports jinja2, plotly (for its script) and
`paper_figs.html`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from paper_figs.html import to_html
from paper_figs.table import Table

__all__ = ["Chart", "Origin", "Picture", "Report", "Section", "Shown", "report_html"]

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Origin:
    """How something was made.

    Attributes
    ----------
    command : str
        What writes the files it was drawn from.
    settings : mapping of str to str
        Scenario, seed, steps, replications and versions, in words, in this order.
    columns : sequence of (str, str)
        What is shown, and the file and column it stands in.
    scenario : mapping
        All of the scenario, as the metadata of the file have it.
    """

    command: str
    settings: Mapping[str, str]
    columns: Sequence[tuple[str, str]]
    scenario: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """A figure: the bytes of an SVG, what it shows in words for those who can't see it, and its caption."""

    svg: bytes
    alt: str
    caption: str

    @property
    def address(self) -> str:
        """The picture as a data URL."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg).decode()


@dataclass(frozen=True)
class Chart:
    """A figure to explore: a description for Plotly, of JSON types.

    Attributes
    ----------
    label : str
        Unique on the page.
    data, layout : list of dict, dict
        Traces and layout as Plotly takes them.
    height : int
        In pixels.
    alt, caption : str
        What it shows; what to do with it.
    """

    label: str
    data: list[dict[str, Any]]
    layout: dict[str, Any]
    height: int
    alt: str
    caption: str

    @property
    def json(self) -> Markup:
        """Data and layout as JSON that can't end the script element it stands in."""
        text = json.dumps({"data": self.data, "layout": self.layout}, separators=(",", ":"), allow_nan=False)
        for sign in "<>&":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return Markup(text)


@dataclass(frozen=True)
class Shown:
    """One artefact and how it was made; ``notes`` are lines below it."""

    artefact: Table | Picture | Chart
    made: Origin
    notes: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """``"table"``, ``"picture"`` or ``"chart"``."""
        return type(self.artefact).__name__.lower()

    @property
    def table(self) -> Markup:
        """The table as an element."""
        assert isinstance(self.artefact, Table)
        return Markup(to_html(self.artefact))


@dataclass(frozen=True)
class Section:
    """A heading with text and artefacts below it; ``left_out`` says what the data was missing for."""

    label: str
    title: str
    text: Sequence[str]
    shown: Sequence[Shown]
    left_out: Sequence[str] = ()


@dataclass(frozen=True)
class Report:
    """All of the page: ``summary`` are the paragraphs below the title."""

    title: str
    summary: Sequence[str]
    sections: Sequence[Section]

    @property
    def has_charts(self) -> bool:
        """Whether Plotly's script is needed."""
        return any(shown.kind == "chart" for section in self.sections for shown in section.shown)


def report_html(report: Report) -> str:
    """Return the page.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        HTML; some 5 MB with charts, of which Plotly's script is all but some 100 kB.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["scenario"] = lambda value: json.dumps(value, indent=1, ensure_ascii=False)
    own = {name: _own(name) for name in ("report.css", "report.js")}
    return environment.get_template("report.html.j2").render(
        report=report,
        style=own["report.css"],
        script=own["report.js"],
        plotly=Markup(get_plotlyjs()) if report.has_charts else "",
    )


def _own(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))
