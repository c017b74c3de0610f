"""The result store: whole or absent, the same bytes for the same results, and it says how it was made."""

from pathlib import Path

import pandas as pd
import pytest

from experiments.store import SCHEMA, read_metadata, read_table, write_table

FRAME = pd.DataFrame({"policy": ["fcfs", "bfio"], "imbalance": [14212.04, 0.1 + 0.2]})


def test_what_is_written_is_read_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_table(path, FRAME, scenario={"seed": 7})
    pd.testing.assert_frame_equal(read_table(path), FRAME, check_exact=True)
    metadata = read_metadata(path)
    assert metadata["schema"] == SCHEMA
    assert metadata["scenario"] == {"seed": 7}
    assert metadata["versions"]["highspy"]
    pd.testing.assert_frame_equal(pd.read_parquet(path), FRAME)


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table(tmp_path / name, FRAME, scenario={"b": 1, "a": 2})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_of_another_schema_or_origin_is_refused(tmp_path, monkeypatch) -> None:
    path = tmp_path / "a.parquet"
    FRAME.to_parquet(path)
    with pytest.raises(ValueError, match=r"a\.parquet was not written by evenstep: it has no schema number$"):
        read_table(path)
    write_table(path, FRAME, scenario={})
    monkeypatch.setattr("experiments.store.SCHEMA", SCHEMA + 1)
    with pytest.raises(
        ValueError, match=rf"^a\.parquet has schema {SCHEMA}, this version reads {SCHEMA + 1}; "
    ):
        read_table(path)
    path.write_bytes(b"no parquet")
    with pytest.raises(ValueError, match=r"a\.parquet is not a Parquet file$"):
        read_table(path)
    with pytest.raises(ValueError, match=r"is not there; run `evenstep reproduce` to make it$"):
        read_table(tmp_path / "missing.parquet")
