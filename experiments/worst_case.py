"""Classes of laws in words, as ``evenstep check --worst-case iir --class`` takes them.

Imports contracts and the classes.
"""

from __future__ import annotations

from bounds.checker.law_class import FAMILIES, LENGTHS, LawClass
from contracts import checks

__all__ = ["FORM", "class_of"]

#: What a class looks like in words.
FORM = "SIZES[:S_MAX[:SPAN]],LENGTHS[:P_LO:P_HI],DRIFT"

POINTS = {"two-point": 2, "three-point": 3}


def class_of(words: str, *, workers: int = 2, slots: int = 2, window: int | None = None) -> LawClass:
    """Return the class that the words mean.

    Parameters
    ----------
    words : str
        For instance ``two-point:20,geometric:0.05:0.95,unit``: laws on two whole numbers up to 20, geometric
        lengths with p from 0.05 to 0.95, growth by one unit per step. ``two-point:20:10`` are those of them
        with Δ >= 10. The numbers may be left out; ``rounds`` are equal lengths.
    workers, slots : int
        G >= 2 and B >= 1.
    window : int, optional
        Waiting requests shown beyond the free slots.

    Raises
    ------
    ValueError
        If the words mean none.

    Examples
    --------
    >>> str(class_of("three-point:50,rounds,none"))
    'three-point:50:1,rounds,none'
    """
    checks.instance("class", words, str, f"{FORM} in words")
    parts = words.split(",")
    checks.check(len(parts) == 3, f"class must be {FORM}, got {words!r}")
    kind, *most = parts[0].split(":")
    lengths, *ends = parts[1].split(":")
    checks.choice("class sizes", kind, tuple(POINTS))
    checks.choice("class lengths", lengths, LENGTHS)
    checks.choice("class drift", parts[2], tuple(FAMILIES))
    checks.check(
        len(most) <= 2 and all(word.isdecimal() for word in most),
        f"class sizes must be {kind}[:S_MAX[:SPAN]] of whole numbers, got {parts[0]!r}",
    )
    wanted = (0, 2) if lengths == "geometric" else (0,)
    form = "geometric[:P_LO:P_HI]" if lengths == "geometric" else "rounds"
    checks.check(len(ends) in wanted, f"class lengths must be {form}, got {parts[1]!r}")
    given: dict[str, object] = dict(zip(("largest", "span"), map(int, most), strict=False))
    if ends:
        try:
            given["ends"] = float(ends[0]), float(ends[1])
        except ValueError:
            raise ValueError(f"class lengths must be {form}, got {parts[1]!r}") from None
    return LawClass(
        points=POINTS[kind], lengths=lengths, drift=parts[2], workers=workers, slots=slots, window=window,
        **given,  # type: ignore[arg-type]
    )  # fmt: skip
