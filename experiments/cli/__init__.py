"""The command line: arguments in, exit codes and one-line errors out; no logic.

This is where everything meets, so it alone may import `paper_figs` from this room. One file per command;
`output` writes what they say, `entry` runs them. docs/command_line.md lists the exit codes.
"""

from experiments.cli.entry import app, main

__all__ = ["app", "main"]
