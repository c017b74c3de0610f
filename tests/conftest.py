"""Hypothesis profiles: the same examples in every run, or new ones with `--hypothesis-profile=random`.

No deadline: a busy machine must not fail a test.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("random", settings.get_profile("repeatable"), derandomize=False)
settings.load_profile("repeatable")
