"""The job of ``evenstep check``: claims put to the test one by one, verdicts and counterexamples kept.

May import everything below this room.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bounds.checker import CHECKED, Setting, check, check_control
from bounds.claims import CLAIMS
from bounds.falsifier import Counterexample, save_counterexample
from bounds.verdict import Verdict
from contracts import checks
from contracts.files import write_bytes

__all__ = ["Checked", "chosen", "read_verdicts", "run_checks", "write_verdicts"]

Progress = Callable[[str], None]

VERDICTS = "verdicts.json"


@dataclass(frozen=True)
class Checked:
    """One claim put to the test.

    Attributes
    ----------
    verdict : Verdict
    is_control : bool
        Whether this was the claim's control, a false statement next to it, which must be refuted.
    """

    verdict: Verdict
    is_control: bool

    @property
    def is_alarm(self) -> bool:
        """Whether something is wrong: a claim refuted, or a control that applies and isn't."""
        word = self.verdict.word
        return word in ("holds", "inconclusive") if self.is_control else word == "refuted"

    @property
    def status(self) -> str:
        """What is known of the claim."""
        claim = CLAIMS.get(self.verdict.claim)
        return "lemma" if claim is None else claim.status

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict in JSON types, and whether it is that of a control."""
        return self.verdict.to_dict() | {"control": self.is_control}


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Return the claims of these names, all of `CHECKED` if there are none.

    Raises
    ------
    ValueError
        If a name is none of them.
    """
    for name in names:
        checks.choice("claim", name, CHECKED)
    return tuple(names) or CHECKED


def run_checks(
    names: Sequence[str],
    setting: Setting,
    *,
    level: float,
    budget: int,
    seed: int,
    scale: float = 1.0,
    controls: bool = False,
    progress: Progress = lambda _what: None,
) -> list[Checked]:
    """Put claims, or their controls, to the test; see `bounds.checker.check`."""
    done = []
    for name in names:
        progress(f"{name}{' (control)' if controls else ''}")
        if controls:
            verdict = check_control(name, setting, level=level, budget=budget, seed=seed)
        else:
            verdict = check(name, setting, level=level, budget=budget, seed=seed, scale=scale)
        done.append(Checked(verdict, controls))
    return done


def write_verdicts(folder: Path, done: Sequence[Checked], *, scale: float, seed: int) -> list[Path]:
    """Write verdicts.json, and a counterexample of each refuted claim that has one; return the files."""
    written = [folder / VERDICTS]
    rows = [entry.to_dict() for entry in done]
    write_bytes(written[0], (json.dumps(rows, indent=2) + "\n").encode())
    for entry in done:
        claim, instance = entry.verdict.claim, entry.verdict.instance
        if entry.verdict.word != "refuted" or entry.is_control or instance is None:
            continue
        written.append(folder / f"{claim}.json")
        save_counterexample(written[-1], Counterexample(claim, scale, seed, dict(instance)))
    return written


def read_verdicts(path: Path) -> list[Checked]:
    """Return what `write_verdicts` wrote into verdicts.json.

    Raises
    ------
    ValueError
        If the file is not that; the message names it.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        checks.check(isinstance(rows, list), "must be a list of verdicts")
        return [
            Checked(Verdict.from_dict({key: row[key] for key in row if key != "control"}), row["control"])
            for row in rows
        ]
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"{path}: not the verdicts of evenstep check: {error}") from error
