"""BurstGPT: times in seconds, and failed requests with 0 response tokens."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import TraceError
from drift_processes import read_trace
from drift_processes.traces.burstgpt import BURSTGPT

HEADER = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
ROWS = (
    "5,ChatGPT,472,18,490,Conversation log\n"
    "45.5,ChatGPT,1087,0,1087,Conversation log\n"
    "118,GPT-4,417,276,693,API log\n"
)


def test_failed_requests_are_skipped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "BurstGPT.csv"
    path.write_text(HEADER + ROWS)
    trace = read_trace(path, skip_bad_rows=True)
    assert trace.prompt_tokens.tolist() == [472, 417]
    assert trace.output_tokens.tolist() == [18, 276]
    assert trace.arrival_s.tolist() == [0.0, 113.0]
    assert (trace.skipped_rows, trace.format) == (1, "burstgpt")
    assert repr(trace) == "Trace(2 requests, 113 s, burstgpt, 1 rows skipped)"


def test_a_failed_request_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "BurstGPT.csv"
    path.write_text(HEADER + ROWS)
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    assert str(caught.value) == (
        "BurstGPT.csv, line 3: Response tokens must be >= 1, got 0: a failed request "
        "(skip_bad_rows leaves these out)"
    )


def test_further_columns_of_later_releases_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(
        "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        "0.5,7,3.2,GPT-4,10,20,30,API log\n"
    )
    trace = read_trace(path)
    assert (trace.prompt_tokens.tolist(), trace.output_tokens.tolist()) == ([10], [20])
    assert trace.arrival_s.tolist() == [0.0]


@given(st.floats(0, 1e9))
def test_times_are_read_to_the_last_digit(time: float) -> None:
    assert BURSTGPT.read_time("Timestamp", repr(time)) == time
