"""Confidence sequences: intervals that hold at every number of observations at once, so that one may stop.

docs/decisions/0006-confidence-sequences.md says which serves when.
"""

from bounds.confidence.asymptotic import AsymptoticSequence
from bounds.confidence.bernstein import BernsteinSequence
from bounds.confidence.betting import BettingSequence
from bounds.confidence.ceiling import imbalance_ceiling
from bounds.confidence.decide import around, decide, replication_seeds
from bounds.confidence.fieller import AsymptoticRatioSequence, fieller
from bounds.confidence.ratios import Part, RatioSequence
from bounds.confidence.sequence import ConfidenceSequence

__all__ = [
    "AsymptoticRatioSequence",
    "AsymptoticSequence",
    "BernsteinSequence",
    "BettingSequence",
    "ConfidenceSequence",
    "Part",
    "RatioSequence",
    "around",
    "decide",
    "fieller",
    "imbalance_ceiling",
    "replication_seeds",
]
