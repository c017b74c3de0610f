"""The paper's section: what is kept, what is resumed, what is said of the rest."""

from pathlib import Path

import pytest

from bounds.checker import CHECKED
from bounds.verdict import Verdict
from experiments import paper_section
from experiments.checking import Checked
from experiments.paper_section import QUICK_CLAIMS, read_section, run_section
from experiments.sweeps.plan import make_plan
from experiments.sweeps.scenario import SweepScenario

TINY = SweepScenario(
    name="tiny",
    workloads=[{"sizes": "uniform:1:9", "lengths": "geometric:0.3"}],
    system={"workers": [2], "slots": [2]},
    variants=[{"policy": "fcfs"}, {"policy": "bfio"}],
    steps=30,
    warmup=5,
    replications=2,
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two shipped scenarios, one of which can't run here, and checks that only say what was asked."""
    computed: list[str] = []

    def load(name: str, *, quick: bool) -> object:
        if name == "traces":
            raise ValueError("traces.toml: EVENSTEP_TRACES must name a folder")
        return make_plan(TINY.shrunk() if quick else TINY)

    def check(names: list[str], _setting: object, *, seed: int, **_options: object) -> list[Checked]:
        computed.extend(names)
        word = {("F1", 13): "refuted", ("B0", 17): "inconclusive"}.get((names[0], seed), "holds")
        return [Checked(Verdict(names[0], word, f"seed {seed}", observations=3), is_control=False)]

    monkeypatch.setattr(paper_section, "shipped", lambda: {"tiny": None, "traces": None})
    monkeypatch.setattr(paper_section, "load_plan", load)
    monkeypatch.setattr(paper_section, "run_checks", check)
    return computed


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_quick_section_says_what_it_leaves_out(tmp_path: Path, asked: list[str]) -> None:
    section = run_section(tmp_path, full=False, on="local")
    assert section.sweeps == ("tiny",)
    assert section.left_out == {"traces": "traces.toml: EVENSTEP_TRACES must name a folder"}
    assert tuple(asked) == QUICK_CLAIMS
    assert set(section.untested) == set(CHECKED) - set(QUICK_CLAIMS) != set()
    assert read_section(tmp_path) == section
    assert (tmp_path / "sweeps" / "tiny" / "results.parquet").is_file()
    assert (tmp_path / "checks" / "verdicts.json").is_file()


def test_a_full_section_tests_every_claim(tmp_path: Path, asked: list[str]) -> None:
    section = run_section(tmp_path, full=True, on="local", seed=13)
    assert tuple(asked) == CHECKED
    assert section.untested == ()
    assert section.refuted == ("F1",)


@pytest.mark.parametrize("at", ["sweep tiny", "claim B1", "claim E0"])
def test_a_section_that_was_cut_off_goes_on_and_ends_alike(tmp_path: Path, asked: list[str], at: str) -> None:
    run_section(tmp_path / "whole", full=False, on="local")

    def cut(what: str) -> None:
        if what == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_section(tmp_path / "cut", full=False, on="local", tell=cut)
    asked.clear()
    run_section(tmp_path / "cut", full=False, on="local")
    done_before = QUICK_CLAIMS.index(at.split()[1]) if at.startswith("claim") else 0
    assert tuple(asked) == QUICK_CLAIMS[done_before:]
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


def test_a_verdict_asked_for_in_another_way_is_not_kept(tmp_path: Path, asked: list[str]) -> None:
    run_section(tmp_path, full=False, on="local", seed=1)
    asked.clear()
    again = run_section(tmp_path, full=False, on="local", seed=2)
    assert tuple(asked) == QUICK_CLAIMS
    assert {verdict.reason for verdict in again.verdicts} == {"seed 2"}


@pytest.mark.parametrize("content", ["[]", "{}", "null", "{", "", '{"question": 1}', "[" * 200_000, None])
def test_a_damaged_verdict_is_computed_anew(tmp_path: Path, asked: list[str], content: str | None) -> None:
    whole = run_section(tmp_path, full=False, on="local")
    kept = tmp_path / "checks" / "kept" / "B1.json"
    before = kept.read_bytes()
    if content is None:  # the question is right, and the answer is none
        kept.write_text(kept.read_text().replace('"holds"', '"hold"'))
    else:
        kept.write_text(content)
    asked.clear()
    assert run_section(tmp_path, full=False, on="local") == whole
    assert asked == ["B1"]
    assert kept.read_bytes() == before


def test_a_search_that_the_clock_cut_short_is_tried_again(tmp_path: Path, asked: list[str]) -> None:
    run_section(tmp_path, full=False, on="local", seed=17)
    asked.clear()
    run_section(tmp_path, full=False, on="local", seed=17)
    assert asked == ["B0"]


def test_a_real_check_is_kept_as_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper_section, "shipped", dict)
    monkeypatch.setattr(paper_section, "QUICK_CLAIMS", ("F1",))
    first = run_section(tmp_path, full=False, on="local")
    monkeypatch.setattr(paper_section, "run_checks", None)  # not called again
    again = run_section(tmp_path, full=False, on="local")
    assert first == again
    assert first.verdicts[0].word == "holds"
    assert first.verdicts[0].bound[0] > 0
