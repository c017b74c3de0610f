"""Sweeps: a scenario spans points, each of its variants runs there, and one folder holds what came out.

`scenario` says what a scenario may hold, `toml_file` reads one, `plan` turns it into cells, `inputs`, `cell`
and `theory` compute, `executors` say where, `folder` keeps the results, `driver` brings them together.
"""
