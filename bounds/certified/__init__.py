"""Integer arithmetic behind the certified numbers of F0 (docs/decisions/0005-ball-arithmetic.md).

`measures`: laws on a lattice bounded from below by integers; `loads`, `walks`, `slots`: the law of Y, so
bounded, for growth by rule, for random growth, and which of them each drift needs; `quantiles`,
`imbalance_law`: the law of the imbalance itself.
"""
