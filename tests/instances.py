"""Steps with known answers, worked out by hand: every solver of a step runs them all."""

from __future__ import annotations

from dataclasses import dataclass

from formulations import StepProblem


@dataclass(frozen=True)
class Instance:
    """A step, the optimal value of each objective, and why."""

    name: str
    problem: StepProblem
    imbalance: float
    spread: float
    makespan: float
    why: str

    def optimum(self, objective: str) -> float:
        return float(getattr(self, objective))

    def __str__(self) -> str:
        return self.name


INSTANCES = (
    Instance(
        "levels exactly",
        StepProblem([7, 4], [1, 1], [1, 4, 9]),
        imbalance=0,
        spread=0,
        makespan=8,
        why="1 on the 7 and 4 on the 4 give 8 and 8; the 7 must take one more request, so 8 is the least",
    ),
    Instance(
        "pool smaller than the free slots",
        StepProblem([5, 5], [2, 2], [3]),
        imbalance=3,
        spread=3,
        makespan=8,
        why="the one request makes 8 beside 5, wherever it goes",
    ),
    Instance(
        "no free slot",
        StepProblem([6, 2, 1], [0, 0, 0], [4, 4]),
        imbalance=9,
        spread=5,
        makespan=6,
        why="nothing can be admitted: 3*6 - 9, 6 - 1, 6",
    ),
    Instance(
        "empty pool",
        StepProblem([6, 2], [1, 1], []),
        imbalance=4,
        spread=4,
        makespan=6,
        why="nothing waits: 2*6 - 8, 6 - 2, 6",
    ),
    Instance(
        "one worker",
        StepProblem([3], [2], [5, 1, 4]),
        imbalance=0,
        spread=0,
        makespan=8,
        why="the maximum is the only load; two of three are admitted, the smallest are 1 and 4",
    ),
    Instance(
        "equal sizes",
        StepProblem([0, 0, 0], [2, 2, 2], [5, 5, 5, 5]),
        imbalance=10,
        spread=5,
        makespan=10,
        why="four into three times two slots: some worker has 10, 3*10 - 20; as (10, 5, 5) the spread is 5",
    ),
    Instance(
        "all sizes zero",
        StepProblem([2, 0], [1, 1], [0, 0, 0]),
        imbalance=2,
        spread=2,
        makespan=2,
        why="sizes change nothing: 2*2 - 2",
    ),
    Instance(
        "B1 is tight",
        StepProblem([0, 0, 0], [2, 2, 2], [9, 2, 2, 2, 2, 2]),
        imbalance=14,
        spread=7,
        makespan=11,
        why="G = 3, B = 2, one of size 9, GB - 1 of size 2, all admitted: 11, 4, 4 and (G - 1)(9 - 2) = 14",
    ),
    Instance(
        "sizes of ten million beside loads of a billion",
        StepProblem([1_000_000_000, 1_000_000_001], [1, 1], [10_000_000, 9_999_998]),
        imbalance=1,
        spread=1,
        makespan=1_010_000_000,
        why="the larger on worker 0: 1010000000 and 1009999999; else 1009999998 and 1010000001",
    ),
    Instance(
        "a load far out of reach",
        StepProblem([0, 1_000_000_000], [1, 1], [3, 2]),
        imbalance=999_999_999,
        spread=999_999_999,
        makespan=1_000_000_002,
        why="3 and 1000000002 are 999999999 apart, 2 and 1000000003 two more",
    ),
    Instance(
        "without lookahead",
        StepProblem([6, 4], [1, 1], [2, 6]),
        imbalance=2,
        spread=2,
        makespan=10,
        why="2 on the 6 gives 8 and 10; 6 on the 6 gives 12 and 6",
    ),
    Instance(
        "lookahead turns it round",
        StepProblem([[6, 0], [4, 4]], [1, 1], [2, 6], [0, 1]),
        imbalance=6,
        spread=6,
        makespan=19,
        why="worker 0 is predicted empty at h = 1. 2 on it: (8, 10) then (3, 11), 2 + 8 and 10 + 11. "
        "6 on it: (12, 6) then (7, 7), 6 + 0 and 12 + 7",
    ),
    Instance(
        "lookahead counts in full",
        StepProblem([[6, 0], [4, 4]], [1, 1], [2, 5], [0, 1]),
        imbalance=6,
        spread=6,
        makespan=18,
        why="2 on worker 0: (8, 9) then (3, 10), 1 + 7 and 9 + 10. "
        "5 on it: (11, 6) then (6, 7), 5 + 1 and 11 + 7",
    ),
    Instance(
        "a weight turns it back",
        StepProblem([[6, 0], [4, 4]], [1, 1], [2, 5], [0, 1], weights=[2, 1]),
        imbalance=9,
        spread=9,
        makespan=28,
        why="the same step, the first column twice: 2 on worker 0 is 2*1 + 7 and 2*9 + 10, "
        "5 on it 2*5 + 1 and 2*11 + 7",
    ),
    Instance(
        "one weight is a factor",
        StepProblem([6, 4], [1, 1], [2, 6], weights=[3]),
        imbalance=6,
        spread=6,
        makespan=30,
        why="2 on the 6 gives 8 and 10, three times",
    ),
    Instance(
        "growth counts requests",
        StepProblem([[0, 0, 0], [0, 0, 0]], [1, 2], [4, 2, 2], [0, 1, 2]),
        imbalance=3,
        spread=3,
        makespan=18,
        why="4 alone beside 2 and 2: (4, 4), (5, 6), (6, 8), so 0 + 1 + 2 and 4 + 6 + 8; "
        "2 alone beside 4 and 2: (2, 6), (3, 8), (4, 10), 15 and 24",
    ),
    Instance(
        "imbalance takes the larger, makespan the smaller",
        StepProblem([10, 0], [0, 1], [3, 12]),
        imbalance=2,
        spread=2,
        makespan=10,
        why="3 gives 10 and 3; 12 gives 10 and 12",
    ),
    Instance(
        "spread and imbalance disagree",
        StepProblem([0, 0, 0], [0, 1, 1], [1, 4, 5]),
        imbalance=6,
        spread=4,
        makespan=4,
        why="worker 0 stays empty, so the spread is the maximum: {1, 4} has 4 and 3*4 - 5 = 7; "
        "{1, 5} has 5 and 9; {4, 5} has 5 and 6",
    ),
    Instance(
        "a required request",
        StepProblem([7, 4], [1, 1], [1, 4, 9], required=[False, False, True]),
        imbalance=2,
        spread=2,
        makespan=13,
        why="9 on the 4 makes 13, beside 7 + 1 = 8 or 7 + 4 = 11; on the 7 it makes 16",
    ),
    Instance(
        "a forbidden pair",
        StepProblem([7, 4], [1, 1], [1, 4, 9], forbidden=[[True, False], [False, False], [False, False]]),
        imbalance=2,
        spread=2,
        makespan=11,
        why="worker 0 takes 4 or 9: (4, 1) gives 11, 5; (4, 9) 11, 13; (9, 1) 16, 5; (9, 4) 16, 8",
    ),
    Instance(
        "fewer may be admitted",
        StepProblem([8, 8], [1, 1], [5, 1], min_admissions=0),
        imbalance=0,
        spread=0,
        makespan=8,
        why="admitting nobody is best for all three",
    ),
    Instance(
        "at least one must be admitted",
        StepProblem([5, 8], [1, 1], [3, 9], min_admissions=1),
        imbalance=0,
        spread=0,
        makespan=8,
        why="3 on the 5 levels both at 8, and 9 stays out",
    ),
)
