"""Scenarios, the main job, the result store and the command line. Imports every room below paper_figs."""
