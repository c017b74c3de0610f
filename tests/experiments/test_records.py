"""`ParquetRecords`: whole files or none, and what is in them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drift_processes import Law, RequestStream, UnitGrowth, Workload
from experiments.records import ParquetRecords
from experiments.store import read_metadata
from simulation import System, simulate, simulate_stream


def stream(requests: int = 5000) -> RequestStream:
    return RequestStream(
        sizes=Law.uniform(1, 9), lengths=Law.geometric(0.1), drift=UnitGrowth(), requests=requests, seed=1,
        chunk=600,
    )  # fmt: skip


def test_all_of_it_is_written_as_it_comes(tmp_path: Path) -> None:
    with ParquetRecords(tmp_path / "new", scenario={"seed": 1}) as records:
        simulate_stream(stream(), System(2, 4), "fcfs", recorders=[records])
    run = simulate(stream().whole(), System(2, 4), "fcfs")
    steps, requests = (
        pd.read_parquet(tmp_path / "new" / f"{name}.parquet") for name in ("steps", "requests")
    )
    assert steps["step"].tolist() == list(range(run.steps))
    np.testing.assert_array_equal(steps["max_load"], run.max_load)
    requests = requests.sort_values("request")
    np.testing.assert_array_equal(requests["start"], run.start)
    np.testing.assert_array_equal(requests["size"], run.workload.sizes)
    assert read_metadata(tmp_path / "new" / "steps.parquet")["scenario"] == {"seed": 1}
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["requests.parquet", "steps.parquet"]


def test_a_sample_keeps_multiples(tmp_path: Path) -> None:
    with ParquetRecords(tmp_path, every_step=7, every_request=100) as records:
        simulate_stream(stream(), System(2, 4), "fcfs", recorders=[records])
    assert (pd.read_parquet(tmp_path / "steps.parquet")["step"] % 7 == 0).all()
    requests = pd.read_parquet(tmp_path / "requests.parquet")["request"]
    assert sorted(requests) == list(range(0, 5000, 100))


def test_none_of_a_kind_leaves_no_file(tmp_path: Path) -> None:
    with ParquetRecords(tmp_path, every_step=0) as records:
        simulate_stream(stream(50), System(2, 4), "fcfs", recorders=[records])
    assert [path.name for path in tmp_path.iterdir()] == ["requests.parquet"]


def test_an_error_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "steps.parquet").write_bytes(b"earlier")

    def broken() -> list[Workload]:
        yield from list(stream())[:3]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"), ParquetRecords(tmp_path) as records:
        simulate_stream(broken(), System(2, 4), "fcfs", recorders=[records])
    assert [path.name for path in tmp_path.iterdir()] == ["steps.parquet"]
    assert (tmp_path / "steps.parquet").read_bytes() == b"earlier"


@pytest.mark.parametrize("name", ["every_step", "every_request"])
def test_bad_input(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be >= 0, got -1$"):
        ParquetRecords(tmp_path, **{name: -1})
