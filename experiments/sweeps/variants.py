"""What the variants of a scenario stand for: policies with options, each made once to see that it can be.

May import contracts, simulation and this package's schema.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts import checks
from experiments.sweeps.mistakes import Mistake, Place, nearest
from experiments.sweeps.resolve import refuse_twice
from experiments.sweeps.scenario import VariantTable
from simulation import POLICIES, Lookahead
from simulation.policies import Policy

__all__ = ["SHOWN", "Variant", "policy_name", "variants"]

#: How tables call the policies; any other goes by its own name.
SHOWN = {
    "fcfs": "FCFS",
    "jsq": "JSQ",
    "least_load": "least load",
    "power_of_two": "power of two",
    "vllm_dp": "vLLM DP",
    "sglang_total_requests": "SGLang requests",
    "sglang_total_tokens": "SGLang tokens",
    "br0": "BR-0",
    "brh": "BR-H",
    "authors_bfio": "authors' BF-IO",
    "bfio": "BF-IO",
    "bfio_exact": "BF-IO exact",
}

#: Policies whose source predicts loads by taking completions out and putting nothing in their place. With the
#: defaults of a lookahead they would be something else under their name.
WITHOUT_COMPLETIONS = ("brh", "authors_bfio")

#: Longest horizon, in steps: predictions of it fit into memory, and it is far beyond what is useful.
LONGEST_HORIZON = 10_000

#: What a file can say of a lookahead beside its kind.
LOOKAHEAD_OPTIONS = ("miss", "false_alarm", "refill")


@dataclass(frozen=True)
class Variant:
    """A policy with everything that it is told."""

    label: str
    policy: str
    options: tuple[tuple[str, Any], ...]
    binding: str
    lookahead: str
    lookahead_options: tuple[tuple[str, Any], ...]
    horizon: int

    @property
    def content(self) -> dict[str, Any]:
        """What it is, JSON-able."""
        return {
            "policy": self.policy,
            "options": dict(self.options),
            "binding": self.binding,
            "lookahead": self.lookahead,
            "lookahead_options": dict(self.lookahead_options),
            "horizon": self.horizon,
        }

    @property
    def lookahead_words(self) -> str:
        """The lookahead as tables show it."""
        told = ", ".join(f"{name}={value}" for name, value in self.lookahead_options)
        return f"{self.lookahead}({told})" if told else self.lookahead

    def make(self) -> tuple[Policy, Lookahead]:
        """Return the policy and its lookahead, both new."""
        return POLICIES[self.policy](**dict(self.options)), Lookahead(
            self.lookahead, **dict(self.lookahead_options)
        )


def variants(tables: Sequence[VariantTable]) -> list[Variant]:
    """Return the variants, one for each horizon, each made once to see that it can be."""
    chosen = [
        _variant(table, horizon, i) for i, table in enumerate(tables) for horizon in table.horizon or (None,)
    ]
    refuse_twice("variants", [each.label for each in chosen])
    return chosen


def _variant(table: VariantTable, horizon: int | None, i: int) -> Variant:
    place = ("variants", i)
    if table.policy not in POLICIES:
        raise Mistake(
            (*place, "policy"), f"there is no policy {table.policy!r}{nearest(table.policy, POLICIES)}"
        )
    if horizon is not None and "horizon" in table.options:
        raise Mistake(
            (*place, "options", "horizon"), "is the horizon of the variant as well; give one of them"
        )
    options = dict(table.options) if horizon is None else {**table.options, "horizon": horizon}
    known = inspect.signature(POLICIES[table.policy]).parameters
    for name in options:
        if name not in known:
            key = (
                (*place, "horizon")
                if name == "horizon" and horizon is not None
                else (*place, "options", name)
            )
            takes = nearest(name, known) if known else ", it takes none"
            raise Mistake(key, f"policy {table.policy!r} has no such option{takes}")
    for name in table.lookahead_options:
        if name not in LOOKAHEAD_OPTIONS:
            raise Mistake(
                (*place, "lookahead_options", name),
                f"is no option of a lookahead{nearest(name, LOOKAHEAD_OPTIONS)}",
            )
    variant = Variant(
        label="",
        policy=table.policy,
        options=tuple(sorted(options.items())),
        binding=table.binding,
        lookahead=table.lookahead,
        lookahead_options=tuple(sorted(table.lookahead_options.items())),
        horizon=0,
    )
    try:
        policy, _lookahead = variant.make()
    except (TypeError, ValueError) as error:
        raise Mistake(place, str(error)) from None
    if table.binding not in policy.bindings:
        can = " or ".join(map(repr, policy.bindings))
        raise Mistake(
            (*place, "binding"), f"must be {can} for policy {table.policy!r}, got {table.binding!r}"
        )
    _check_horizon(table, policy.horizon, place)
    label = _label(table, policy.horizon, numbered=len(table.horizon or ()) > 1)
    return replace(variant, label=label, horizon=policy.horizon)


def _check_horizon(table: VariantTable, horizon: int, place: Place) -> None:
    """Raise where a horizon is absurd, or a policy that lives on predictions is given none."""
    if horizon > LONGEST_HORIZON:
        key = ("horizon",) if table.horizon is not None else ("options", "horizon")
        raise Mistake((*place, *key), f"must be <= {LONGEST_HORIZON}, got {checks.shown(horizon)}")
    told = table.lookahead != "none" and "refill" in table.lookahead_options
    if horizon and table.policy in WITHOUT_COMPLETIONS and not told:
        raise Mistake(
            (*place, "lookahead"),
            f"policy {table.policy!r} scores loads from which predicted completions are taken out: give "
            "lookahead = 'hazard' or 'oracle', and lookahead_options = {refill = 'none'}",
        )


def _label(table: VariantTable, horizon: int, *, numbered: bool) -> str:
    if table.label is not None:
        return (
            table.label.replace("{H}", str(horizon))
            if "{H}" in table.label
            else (f"{table.label}({horizon})" if numbered else table.label)
        )
    told = [f"{key}={value}" for key, value in table.options.items()]
    told += [table.lookahead] if horizon and table.lookahead != "none" else []
    told += ["immediate"] if table.binding == "immediate" else []
    return ", ".join([policy_name(table.policy, horizon), *told])


def policy_name(policy: str, horizon: int | None = None) -> str:
    """Return what tables call a policy: where it has a horizon, with that; by default its own."""
    name = SHOWN.get(policy, policy)
    known = inspect.signature(POLICIES[policy]).parameters.get("horizon") if policy in POLICIES else None
    if known is None:
        return name
    return f"{name}({known.default if horizon is None else horizon})"
