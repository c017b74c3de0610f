"""`Adapter`: what the searches need to know about a claim; one subclass per deterministic claim.

May import contracts and this package's data types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bounds.falsifier.choices import Choose, Instance, Limits
from bounds.falsifier.fields import Field
from bounds.falsifier.part import Number, Part

__all__ = ["Adapter"]


class Adapter:
    """A claim as something that can be tried on an instance.

    Attributes
    ----------
    claim : str
        Id of the claim.
    fields : mapping of str to Field
        What an instance consists of.
    usual : Limits
        Of instances tried at random and under guidance.
    tiny : tuple of Limits
        Of instances all of which are tried, from the smallest shape up.
    control : float
        A scale below 1 at which the search must find a counterexample.
    rounding : float
        Relative room for what float64 rounds, 0 where all numbers are exact.
    """

    claim: ClassVar[str]
    fields: ClassVar[Mapping[str, Field]]
    usual: ClassVar[Limits]
    tiny: ClassVar[tuple[Limits, ...]]
    control: ClassVar[float]
    rounding: ClassVar[float] = 0.0

    def build(self, choose: Choose, limits: Limits) -> Instance:
        """Return an instance within the limits, inside what the claim assumes."""
        raise NotImplementedError(f"{type(self).__name__} must override build(choose, limits)")

    def missing(self, instance: Instance) -> str:
        """Return which assumption of the claim the instance breaks, in words; empty if none.

        The instance has passed `bounds.falsifier.fields.checked_instance`.
        """
        del instance
        return ""

    def parts(self, instance: Instance, beyond: Number) -> list[Part]:
        """Return the inequalities of the claim on an instance.

        Parameters
        ----------
        instance : dict
        beyond : Fraction or float
            A ratio that has been seen already. A part may be taken from a feasible decision instead of an
            optimal one where its ratio is no larger: the optimum's can only be smaller.

        Raises
        ------
        Undecided
            If an optimum could not be proven in time.
        """
        raise NotImplementedError(f"{type(self).__name__} must override parts(instance, beyond)")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.claim})"
