"""The samples of the paper's authors: one JSON object with a list."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import TraceError
from drift_processes import read_trace
from drift_processes.traces.authors_json import _line_of_entry
from tests.traces import trace_file


def test_exact_pairs_without_times(tmp_path: Path) -> None:
    path = tmp_path / "sample.json"
    path.write_text(
        '{"seed": 42, "data": [{"input_length": 21967, "output_length": 2, "x": null},\n'
        '{"output_length": 36, "input_length": 878509}]}'
    )
    trace = read_trace(path)
    assert trace.prompt_tokens.tolist() == [21967, 878509]
    assert trace.output_tokens.tolist() == [2, 36]
    assert trace.arrival_s is None
    assert repr(trace) == "Trace(2 requests, no times, authors)"


def test_bad_entries_are_skipped_and_counted(tmp_path: Path) -> None:
    entries = [
        {"input_length": 1, "output_length": 2},
        3,
        {"input_length": 4},
        {"input_length": 5, "output_length": 0},
    ]
    path = tmp_path / "sample.json"
    path.write_text(json.dumps({"data": entries}))
    trace = read_trace(path, skip_bad_rows=True)
    assert (trace.prompt_tokens.tolist(), trace.skipped_rows) == ([1], 3)


def test_a_bad_entry_is_found_in_a_file_laid_out_over_lines(tmp_path: Path) -> None:
    entries = [{"input_length": 1, "output_length": 2}, {"input_length": 5, "output_length": True}]
    path = tmp_path / "sample.json"
    # line 1 is {, 2 the other key, 3 "data": [, 4-7 the first entry, 8-11 the second
    path.write_text(json.dumps({"data, [": '\\"}', "data": entries}, indent=1))
    with pytest.raises(TraceError) as caught:
        read_trace(path)
    assert str(caught.value) == (
        "sample.json, line 8, entry 2 of data: output_length must be a whole number >= 1, got True"
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.text(), values, max_size=3),
    st.lists(values, min_size=1, max_size=5),
    st.dictionaries(st.text(), values, max_size=3),
    st.integers(1, 3),
)
def test_the_line_of_every_entry_is_found(before: dict, data: list, after: dict, indent: int) -> None:
    document = {**before, "data": data, **{key: value for key, value in after.items() if key != "data"}}
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    # the entries of the list are the only lines of this depth that begin one, below its own line
    marked = json.dumps({**document, "data": ["@@entry@@"] * len(data)}, indent=indent, ensure_ascii=False)
    first = next(
        i
        for i, line in enumerate(marked.split("\n"), 1)
        if line.strip() == '"@@entry@@"' + "," * (len(data) > 1)
    )
    heights = [json.dumps(entry, indent=indent, ensure_ascii=False).count("\n") + 1 for entry in data]
    for index in range(len(data)):
        assert _line_of_entry(text, index) == first + sum(heights[:index])


def test_the_published_file_agrees_with_the_table_made_from_it() -> None:
    sample = read_trace(trace_file("raw/authors_longbench.json"))
    table = read_trace(trace_file("paper_longbench_8000.parquet"))
    assert sample.prompt_tokens.tolist() == table.prompt_tokens.tolist()
    assert sample.output_tokens.tolist() == table.output_tokens.tolist()
