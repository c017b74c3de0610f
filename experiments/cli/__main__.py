"""``python -m experiments.cli`` is ``evenstep``, where the program is not on the path."""

from experiments.cli.entry import main

main()
