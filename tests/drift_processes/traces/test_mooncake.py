"""Mooncake: one JSON object per line, times in milliseconds."""

from pathlib import Path

import numpy as np

from drift_processes import read_trace
from tests.traces import trace_file


def test_exact_rows_and_times_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text(
        '{"timestamp": 27, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1]}\n'
        '{"output_length": 1, "input_length": 2, "timestamp": 27}\r\n'
        "\n"
        ' {"timestamp": 3027.5, "input_length": 3.0, "output_length": 4, "note": "a\u2028b"} \n'
    )
    trace = read_trace(path)
    assert trace.prompt_tokens.tolist() == [6758, 2, 3]
    assert trace.output_tokens.tolist() == [500, 1, 4]
    assert trace.arrival_s.tolist() == [0.0, 0.0, 3.0005]
    assert (trace.skipped_rows, trace.format) == (0, "mooncake")


def test_lines_that_are_cut_or_incomplete_or_early_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text(
        '{"timestamp": 0, "input_length": 0, "output_length": 5}\n'
        '{"timestamp": 9000, "input_length": 1, "output_length": 1}\n'
        '{"timestamp": 10000, "input_length": 2}\n'
        '{"timestamp": 8000, "input_length": 3, "output_length": 1}\n'
        '{"timestamp": 10000, "input_length": 4, "output_length": 1}\n'
        '{"timestamp": 11000, "input_le'
    )
    trace = read_trace(path, skip_bad_rows=True)
    assert trace.prompt_tokens.tolist() == [1, 4]
    assert trace.arrival_s.tolist() == [0.0, 1.0]
    assert trace.skipped_rows == 4


def test_the_published_file_agrees_with_the_table_made_from_it() -> None:
    head = read_trace(trace_file("raw/mooncake_conversation_head.jsonl"))
    table = read_trace(trace_file("mooncake_conversation.parquet"))
    n = len(head.prompt_tokens)
    assert n == 300
    assert head.prompt_tokens.tolist() == table.prompt_tokens[:n].tolist()
    assert head.output_tokens.tolist() == table.output_tokens[:n].tolist()
    np.testing.assert_allclose(head.arrival_s, table.arrival_s[:n], rtol=1e-12)
