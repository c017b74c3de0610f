"""The writers of Markdown and of HTML; all three writers show the same digits."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from paper_figs.html import html_page, to_html
from paper_figs.latex import to_latex
from paper_figs.markdown import to_markdown
from paper_figs.table import Column, Formula, Number, Table

TABLE = Table(
    [
        Column("a|b <i>", ["x_1 & co", "*y*", "<b>"]),
        Column(
            Formula("G"), [Number(12345, places=0), Number(-0.5, -0.6, -0.4, best=True), Number(float("nan"))]
        ),
        Column("r", [Number(2.0, 1.2, 9.81), Number(float("inf")), Number(1.0, 0.5, 1.5)], unit="%"),
    ],
    ["About ", Formula("x < y"), " & more. "],
    "t",
    groups=[2],
)


def test_markdown_reads_as_written() -> None:
    assert to_markdown(TABLE).splitlines() == [
        "About $x < y$ & more.",
        "",
        r"| a\|b \<i\> | $G$ | r (%) |",
        "|---|--:|--:|",
        r"| x\_1 & co | 12,345 | 2.00 [1.20, 9.81] |",
        r"| \*y\* | **-0.50 ± 0.10** | ∞ |",
        r"| \<b\> | – | 1.00 [0.50, 1.50] |",
    ]


def test_html_is_well_formed_and_escaped() -> None:
    root = ElementTree.fromstring(to_html(TABLE))
    assert root.get("id") == "tab:t"
    assert len(root.findall("tbody")) == 2
    assert ["".join(cell.itertext()) for cell in root.iter("td")] == [
        "x_1 & co", "12,345", "2.00 [1.20, 9.81]", "*y*", "-0.50 ± 0.10", "∞", "<b>", "–",
        "1.00 [0.50, 1.50]",
    ]  # fmt: skip
    assert "".join(next(root.iter("strong")).itertext()) == "-0.50 ± 0.10"
    assert len(list(root.iter("{http://www.w3.org/1998/Math/MathML}math"))) == 2


def test_a_page_is_a_page() -> None:
    page = html_page(TABLE)
    assert page.startswith('<!doctype html>\n<meta charset="utf-8">\n<title>t</title>')
    assert to_html(TABLE) in page


numbers = st.builds(
    lambda value, below, above: Number(value, value - below, value + above),
    st.floats(-1e5, 1e5), st.floats(1e-3, 1e4), st.floats(1e-3, 1e4),
)  # fmt: skip


@given(st.lists(numbers, min_size=1, max_size=5))
def test_all_writers_show_the_same_digits(cells: list[Number]) -> None:
    table = Table([Column("n", cells)], ["c"], "t")
    markdown = re.findall(r"-?[\d.]+", to_markdown(table).split("--:|")[1].replace(",", ""))
    body = to_latex(table).split(r"\midrule")[1]
    assert re.findall(r"-?\d[\d.]*", body) == markdown
    html = to_html(table).split("<tbody>")[1]
    assert re.findall(r"-?\d[\d.]*", re.sub(r"<[^>]*>", " ", html).replace(",", "")) == markdown
