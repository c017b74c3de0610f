"""Hypothesis profile: no deadline (a busy machine must not fail a test), the same examples in each CI run."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "evenstep",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("evenstep")
