"""The checker: claims put to the test, each with a verdict, its error level, and a control to be refuted.

May import contracts, drift_processes, simulation, and all of this room.
"""

from bounds.checker.check import CHECKED, check, check_control, search
from bounds.checker.setting import Setting

__all__ = ["CHECKED", "Setting", "check", "check_control", "search"]
