"""The report as Chromium shows it, from a file and without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from experiments.sweep_means import point_means
from tests.paper_figs.reproductions import LOADS, SOURCE
from tests.paper_figs.stores import results
from tests.tools import needs


@pytest.fixture(scope="module")
def report(reproduction: Path) -> Path:
    return reproduction / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = needs("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


class Watched:
    """A page, and what it said and asked for."""

    def __init__(self, page: Page) -> None:
        self.page, self.said, self.asked = page, [], []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture(scope="module")
def watched(browser: Browser, report: Path) -> Watched:
    found = Watched(browser.new_page(viewport={"width": 1200, "height": 900}))
    found.page.goto(report.as_uri())
    found.page.wait_for_selector("#loads .main-svg")
    return found


def cells(page: Page, label: str) -> list[list[str]]:
    rows = page.locator(f'[id="tab:{label}"] tbody tr').all()
    return [row.locator("td").all_inner_texts() for row in rows]


def eventually(page: Page, condition: str) -> None:
    # wait_for_function would be stopped by the page's own policy, which forbids to evaluate text
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"not within 10 s: {condition}")


def value(text: str) -> float:
    return float(re.match(r"-?[\d,.]+", text).group().replace(",", ""))


def test_it_says_nothing_to_the_console_and_asks_for_nothing_else(watched: Watched, report: Path) -> None:
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith("data:")] == [report.as_uri()]
    assert SOURCE in watched.page.locator("header").inner_text()


def test_the_table_of_the_workload_shows_the_numbers_of_the_store(watched: Watched, report: Path) -> None:
    stored = pd.read_parquet(report.parent / "results.parquet")
    rows = cells(watched.page, "main")
    assert [row[0] for row in rows] == ["FCFS", "BF-IO(0)"]
    columns = ["imbalance", "iir", "idle_fraction", "throughput", "tpot_s", "energy_per_token_j"]
    factors = {"idle_fraction": 100, "tpot_s": 1000}
    for row, (_, known) in zip(rows, stored.iterrows(), strict=True):
        for cell, name in zip(row[1:], columns, strict=True):
            # two digits of an interval are shown, or four digits in all
            assert value(cell) == pytest.approx(factors.get(name, 1) * known[name], rel=0.02), (row[0], name)


def test_the_tables_of_the_sweep_show_the_means_of_the_store(watched: Watched) -> None:
    means = point_means(results())
    rows = cells(watched.page, "hand-quick-main")
    largest = means[(means["workers"] * means["slots"] == 64) & (means["arrivals"] == "overloaded")]
    shown = watched.page.locator('[id="tab:hand-quick-main"] thead th').all_inner_texts()
    place = next(i for i, head in enumerate(shown) if head.startswith("imbalance"))
    assert [value(row[place]) for row in rows] == pytest.approx(list(largest["imbalance"]), rel=0.05)
    assert len(cells(watched.page, "hand-quick-production")) == 6


def test_verdicts_are_shown_with_bound_and_level(watched: Watched) -> None:
    rows = [[cell.replace("\u00a0", " ") for cell in row] for row in cells(watched.page, "verdicts")]
    assert rows == [
        ["B1", "proved", "yes", "≤ 2", "2", "2256", "holds", "–"],
        ["F1", "proved", "yes", "≥ 300.5", "100 … 200", "64", "refuted", "0.01"],
    ]
    compared = cells(watched.page, "compared")
    assert [(row[0], row[4], row[-2]) for row in compared] == [
        ("F0", "yes", "consistent"), ("B1", "no", "not applicable"),
    ]  # fmt: skip


def test_pictures_have_a_size_and_words(watched: Watched) -> None:
    pictures = watched.page.locator("img").all()
    assert len(pictures) == 10  # of the workload, of the sweep, of the verdicts
    for picture in pictures:
        assert picture.evaluate("image => image.complete && image.naturalWidth * image.naturalHeight") > 0
        assert len(picture.get_attribute("alt")) > 10


def test_headings_descend_and_tables_have_captions(watched: Watched) -> None:
    page = watched.page
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(each => each.tagName)")
    assert levels[0] == "H1"
    assert set(levels[1:]) == {"H2"}
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("table").count() == page.locator("table > caption").count() > 8


@pytest.mark.parametrize("worker", [0, 1])
def test_pointing_at_a_trajectory_reads_worker_step_and_load(watched: Watched, worker: int) -> None:
    page, step = watched.page, 1
    load = LOADS["fcfs"][step][worker]
    page.locator("#loads").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """([step, load]) => {
            const chart = document.getElementById("loads"), box = chart.getBoundingClientRect();
            const {xaxis, yaxis} = chart._fullLayout;
            return [box.x + xaxis._offset + xaxis.l2p(step), box.y + yaxis._offset + yaxis.l2p(load)];
        }""",
        [step, load],
    )
    page.mouse.move(x - 30, y)
    page.mouse.move(x, y)
    words = page.locator("#loads .hoverlayer .hovertext").first
    words.wait_for()
    assert f"worker {worker}, step {step}" in words.text_content()
    assert f"{load:g} tokens" in words.text_content()


def test_dragging_zooms_and_a_double_click_goes_back(watched: Watched) -> None:
    page = watched.page
    span = "(axis => axis.range[1] - axis.range[0])(document.getElementById('loads')._fullLayout.xaxis)"
    before = page.evaluate(span)
    box = page.locator("#loads .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 100, steps=4)
    page.mouse.up()
    eventually(page, f"{span} < {0.5 * before}")
    page.mouse.dblclick(box["x"] + 0.5 * box["width"], box["y"] + 50)
    eventually(page, f"Math.abs({span} - {before}) < {0.01 * before}")


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_is_wider_than_the_screen(browser: Browser, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme="dark")
    page.goto(report.as_uri())
    page.wait_for_selector("#loads .main-svg")
    for each in page.locator("details").all():
        each.evaluate("details => { details.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # what is wide scrolls in a box of its own, which keys can reach
    for box in page.locator(".wide").all():
        assert box.bounding_box()["width"] <= width
        assert box.get_attribute("tabindex") == "0"
    page.close()


def test_it_follows_the_colours_that_the_reader_prefers(browser: Browser, report: Path) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(report.as_uri())
    page.wait_for_selector("#loads .main-svg")
    colour = "getComputedStyle(document.querySelector('#loads .xtick text')).fill"
    dark = page.evaluate(colour)
    assert dark == page.evaluate("getComputedStyle(document.body).color")
    page.emulate_media(color_scheme="light")
    eventually(page, f"{colour} !== '{dark}'")
    assert page.evaluate(colour) == page.evaluate("getComputedStyle(document.body).color")
    page.close()
