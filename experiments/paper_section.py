"""The paper's section on experiments: every shipped sweep, and claims put to the test.

A folder keeps what is finished, so that a section that was killed goes on where it stopped: a sweep with its
missing runs, the claims with the next. May import the sweeps and the job of ``evenstep check``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from bounds.checker import CHECKED, Setting
from bounds.verdict import Verdict
from contracts.files import write_bytes
from experiments.checking import Checked, run_checks, write_verdicts
from experiments.law_words import law_of
from experiments.store import versions
from experiments.sweeps.driver import Progress, run_plan
from experiments.sweeps.toml_file import load_plan, shipped

__all__ = ["QUICK_CLAIMS", "Asked", "Section", "read_section", "run_section", "write_section"]

#: Claims that a quick section puts to the test, which takes some ten seconds; all take about a minute.
QUICK_CLAIMS = ("F0", "F1", "B0", "B1", "B1-ratio", "T0", "E0")

#: What is settled about a section, for its report.
SECTION = "section.json"


@dataclass(frozen=True)
class Asked:
    """What the claims are put to the test with, as ``evenstep check`` calls it."""

    sizes: str = "uniform:1:100"
    lengths: str = "geometric:0.05"
    workers: int = 8
    slots: int = 16
    level: float = 0.01
    budget: int = 2000
    seed: int = 1

    @property
    def setting(self) -> Setting:
        """What means are measured on."""
        sizes, lengths = law_of("sizes", self.sizes), law_of("lengths", self.lengths)
        return Setting(sizes=sizes, lengths=lengths, workers=self.workers, slots=self.slots)


@dataclass(frozen=True)
class Section:
    """What came of a section.

    Attributes
    ----------
    sweeps : tuple of str
        Names of the sweeps run; each has a folder of its name in ``sweeps``.
    left_out : dict
        Name of each other shipped sweep, and why.
    failed : tuple of str
        One line for each run that failed.
    asked : Asked
    verdicts : tuple of Verdict
    untested : tuple of str
        Claims that a quick section leaves out.
    versions : dict
        Versions of the packages that the verdicts were computed with.
    """

    sweeps: tuple[str, ...]
    left_out: dict[str, str]
    failed: tuple[str, ...]
    asked: Asked
    verdicts: tuple[Verdict, ...]
    untested: tuple[str, ...]
    versions: dict[str, str]

    @property
    def refuted(self) -> tuple[str, ...]:
        """The claims that were refuted."""
        return tuple(verdict.claim for verdict in self.verdicts if verdict.word == "refuted")


def run_section(
    folder: Path,
    *,
    full: bool,
    seed: int = 1,
    on: str = "processes",
    tell: Callable[[str], None] = lambda _what: None,
    watch: Callable[[], AbstractContextManager[Progress | None]] = nullcontext,
) -> Section:
    """Run what is missing of a section, and write its tables and verdicts.

    Parameters
    ----------
    folder : Path
        One of its own for the quick and for the full section.
    full : bool
        All sweeps at full size and all claims (half an hour); otherwise each sweep in its quick version and
        `QUICK_CLAIMS`.
    seed : int
        Of the checks; scenarios have seeds of their own.
    on : str
        Where cells run, as `experiments.sweeps.driver.run_sweep` has it.
    tell : callable
        Told in words what begins.
    watch : callable
        Makes a context that yields what a sweep tells its progress.

    Raises
    ------
    ValueError, OSError
        If the folder holds something else, or can't be written.
    """
    ran, left_out, failed = [], {}, []
    for name in shipped():
        tell(f"sweep {name}")
        try:
            plan = load_plan(name, quick=not full)
        except ValueError as error:  # it needs files that are not here
            left_out[name] = str(error)
            continue
        with watch() as progress:
            swept = run_plan(plan, folder / "sweeps" / name, on=on, resume=True, progress=progress)
        ran.append(name)
        failed += [f"{name}: {line}" for line in swept.failed]
    asked = Asked(seed=seed)
    claims = CHECKED if full else QUICK_CLAIMS
    verdicts = tuple(_kept(folder / "checks", claim, asked, tell) for claim in claims)
    write_verdicts(
        folder / "checks", [Checked(verdict, is_control=False) for verdict in verdicts], scale=1.0, seed=seed
    )
    untested = tuple(claim for claim in CHECKED if claim not in claims)
    section = Section(tuple(ran), left_out, tuple(failed), asked, verdicts, untested, versions())
    write_section(folder, section)
    return section


def write_section(folder: Path, section: Section) -> None:
    """Write what `read_section` reads."""
    known = asdict(section) | {"verdicts": [verdict.to_dict() for verdict in section.verdicts]}
    write_bytes(folder / SECTION, (json.dumps(known, indent=1) + "\n").encode())


def read_section(folder: Path) -> Section:
    """Return what `run_section` wrote."""
    known = json.loads((folder / SECTION).read_text(encoding="utf-8"))
    return Section(
        sweeps=tuple(known["sweeps"]),
        left_out=known["left_out"],
        failed=tuple(known["failed"]),
        asked=Asked(**known["asked"]),
        verdicts=tuple(Verdict.from_dict(each) for each in known["verdicts"]),
        untested=tuple(known["untested"]),
        versions=known["versions"],
    )


def _kept(folder: Path, claim: str, asked: Asked, tell: Callable[[str], None]) -> Verdict:
    """Return the verdict kept from before, if it was asked for in the same way, or a new one, and keep it."""
    path = folder / "kept" / f"{claim}.json"
    question = {"asked": asdict(asked), "versions": versions()}
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        if known["question"] == question:
            return Verdict.from_dict(known["verdict"])
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        pass  # not there or damaged: computed anew
    tell(f"claim {claim}")
    [done] = run_checks([claim], asked.setting, level=asked.level, budget=asked.budget, seed=asked.seed)
    verdict = done.verdict
    # a search that the clock cut short, on a slow machine, is worth another go
    if verdict.word != "inconclusive" or verdict.level is not None:
        known = {"question": question, "verdict": verdict.to_dict()}
        write_bytes(path, (json.dumps(known, indent=1) + "\n").encode())
    return verdict
