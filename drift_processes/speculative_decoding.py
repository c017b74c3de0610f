"""`SpeculativeDecoding`: several tokens a step. Imports contracts, the base, the laws and the walks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts import checks
from drift_processes.base import DriftProcess
from drift_processes.joint_laws import JointLaw
from drift_processes.laws import Law
from drift_processes.walks import Walk

__all__ = ["SpeculativeDecoding"]

#: Most tokens for which the law of the number of steps is made.
MOST_TOKENS = 200_000
#: Draws made at once for the number of steps.
DRAWS_AT_ONCE = 2**18
#: Most steps drawn ahead for one request.
MOST_AHEAD = 256
#: Probabilities that no longer matter for the number of steps.
SMALLEST = 2.0**-100


class SpeculativeDecoding(DriftProcess):
    """A small model drafts tokens, the large one keeps those it accepts and adds one: 1..draft+1 per step.

    Each drafted token is accepted with the same probability α while those before it were, so that a step
    brings j tokens with probability α^(j-1)·(1-α) for j <= draft, and draft + 1 with α^draft; the mean is
    (1 - α^(draft+1)) / (1-α). Leviathan, Kalman and Matias 2023, arXiv 2211.17192, section 3.1; the same
    sampling in Chen et al., arXiv 2302.01318.

    A request that is to produce a number of tokens stays for a random number of steps: `lengths_in_steps`
    draws it, `steps_law` is its law. Given its length in steps, its growth is drawn afresh: the tokens that
    made the length and those that the load grows by are independent of each other.

    Parameters
    ----------
    draft : int
        Tokens drafted per step, 1 to 1000.
    acceptance : float
        α in [0, 1].

    Examples
    --------
    >>> drift = SpeculativeDecoding(draft=2, acceptance=0.5)
    >>> drift.tokens_per_step.probabilities.tolist(), drift.mean_increment
    ([0.5, 0.25, 0.25], 1.75)
    """

    growth_class = "per-request random"

    def __init__(self, draft: int, acceptance: float) -> None:
        self.draft = checks.count("draft", draft, at_least=1, at_most=1000)
        self.acceptance = checks.number("acceptance", acceptance, at_least=0, at_most=1)
        # α^j: the first j drafted tokens are accepted
        self._all_accepted = self.acceptance ** np.arange(self.draft + 1)
        weights = self._all_accepted * np.append(np.full(self.draft, 1 - self.acceptance), 1.0)
        #: Law of the number of tokens that one step brings.
        self.tokens_per_step = Law(np.arange(1, self.draft + 2), weights)
        self.increment_range = self.tokens_per_step.support

    @property
    def mean_increment(self) -> float:
        """(1 - α^(draft+1)) / (1-α) tokens per step."""
        return self.tokens_per_step.mean

    def increments(
        self, *, age: NDArray[np.int64], rng: np.random.Generator, **_state: Any
    ) -> NDArray[np.float64]:
        """Return the tokens of this step, independent from request to request and from step to step."""
        return self._draw(len(age), rng).astype(np.float64)

    def snapshot(self, law: JointLaw) -> Law | None:
        """Return the law of Y = size + tokens so far (claim F0).

        ``None`` where the sizes lie on no lattice.

        Raises
        ------
        ValueError
            If a table would be too large.
        """
        return Walk.independent(self.tokens_per_step).snapshot(law)

    def round_laws(self, sizes: Law, length: int) -> tuple[Law, ...] | None:
        """Return the law of the load at each age of a round of equal lengths."""
        return Walk.independent(self.tokens_per_step).round_laws(sizes, length)

    def lengths_in_steps(self, tokens: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return for each request a random number of steps after which it has at least ``tokens`` tokens.

        Parameters
        ----------
        tokens : (n,) int64
            Each >= 1.
        rng : numpy.random.Generator

        Returns
        -------
        (n,) int64
            The first number of steps whose tokens sum up to at least ``tokens``; follows `steps_law`.
        """
        steps = np.zeros(len(tokens), dtype=np.int64)
        missing = np.array(tokens, dtype=np.int64)
        active = np.flatnonzero(missing > 0)
        while len(active):
            ahead = min(MOST_AHEAD, int(missing[active].max()), max(1, DRAWS_AT_ONCE // len(active)))
            drawn = self._draw(len(active) * ahead, rng).reshape(len(active), ahead)
            total = np.cumsum(drawn, axis=1, dtype=np.int64)
            short = (total < missing[active, None]).sum(axis=1)
            done = short < ahead
            steps[active] += np.where(done, short + 1, ahead)
            missing[active] -= total[:, -1]
            active = active[~done]
        return steps

    def steps_law(self, tokens: Law) -> Law:
        """Return the law of the number of steps until a request has ``tokens`` tokens.

        With S_n the tokens of n steps and T those wanted, P(N = n) = Σ_x P(S_{n-1} = x)·P(x < T <= x + S_1).
        Chances below 2^-100 are dropped.

        Raises
        ------
        TypeError, ValueError
            If ``tokens`` is no Law on whole numbers from 1 to 200000.
        """
        checks.instance("tokens", tokens, Law, "a Law")
        low, high = tokens.support
        checks.check(tokens.is_integral and low >= 1, f"tokens must be whole numbers >= 1, got {low:.12g}")
        checks.check(high <= MOST_TOKENS, f"tokens must be at most {MOST_TOKENS}, got {high:.12g}")
        most = int(high)
        wanted = np.zeros(most + self.draft + 1)
        wanted[tokens.values.astype(np.int64)] = tokens.probabilities
        # P(x < T <= x + S_1) = Σ_i P(T = x + i)·P(S_1 >= i), for x = 0..most-1
        ends = np.convolve(wanted, self._all_accepted[::-1])[self.draft + 1 : self.draft + 1 + most]
        pace = np.zeros(self.draft + 2)
        pace[self.tokens_per_step.values.astype(np.int64)] = self.tokens_per_step.probabilities
        chances, first, reached = [], 0, np.ones(1)
        while len(reached):
            chances.append(float(reached @ ends[first : first + len(reached)]))
            reached = np.convolve(reached, pace)[: most - first]
            held = np.flatnonzero(reached > SMALLEST)
            if not len(held):
                break
            first, reached = first + int(held[0]), reached[held[0] : held[-1] + 1]
        weights = np.array(chances)
        kept = np.flatnonzero(weights)
        return Law(kept + 1, weights[kept] / weights[kept].sum())

    def _draw(self, number: int, rng: np.random.Generator) -> NDArray[np.int16]:
        """Return the tokens of ``number`` steps: one, and one for each j with u < α^j."""
        u = rng.random(number)
        tokens = np.ones(number, dtype=np.int16)
        for accepted in self._all_accepted[1:]:
            if accepted < 2.0**-53:  # u is a multiple of it: none but 0 lies below
                tokens[u == 0] = self.draft + 1
                break
            tokens += u < accepted
        return tokens

    def __repr__(self) -> str:
        return f"SpeculativeDecoding(draft={self.draft}, acceptance={self.acceptance:g})"
