"""`ParquetRecords`: the steps and requests of a streamed run written to Parquet as they come.

May import contracts, numpy, pyarrow, and from this room the store.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from contracts import checks
from experiments.store import made_by

__all__ = ["ParquetRecords"]


class ParquetRecords:
    """Records every so manyth step and request of `simulation.simulate_stream` in two files.

    A context manager: ``steps.parquet`` and ``requests.parquet`` appear in the folder, whole, when it ends
    well; when it ends in an error nothing appears. A file for which nothing came is not written.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there.
    every_step, every_request : int
        Keep the steps, and the requests, whose number is a multiple of this; 0 keeps none.
    scenario : mapping, optional
        How the run was made, JSON-able, for the metadata.

    Examples
    --------
    >>> import tempfile, pandas
    >>> from drift_processes import Law, RequestStream, UnitGrowth
    >>> from simulation import System, simulate_stream
    >>> stream = RequestStream(
    ...     sizes=Law.uniform(1, 9), lengths=Law.geometric(0.1), drift=UnitGrowth(), requests=1000, seed=1
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with ParquetRecords(folder, every_step=0, every_request=100) as records:
    ...         totals = simulate_stream(stream, System(2, 4), "fcfs", recorders=[records])
    ...     len(pandas.read_parquet(f"{folder}/requests.parquet"))
    10
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        every_step: int = 1,
        every_request: int = 1,
        scenario: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self._every = {
            "step": checks.count("every_step", every_step),
            "request": checks.count("every_request", every_request),
        }
        self._metadata = made_by({} if scenario is None else scenario)
        self._entered = False
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._beside: dict[str, Path] = {}

    def __enter__(self) -> ParquetRecords:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._entered = True
        return self

    def steps(self, columns: dict[str, NDArray[Any]]) -> None:
        """Take a block of steps."""
        self._write("step", columns)

    def requests(self, columns: dict[str, NDArray[Any]]) -> None:
        """Take the requests admitted in a block."""
        self._write("request", columns)

    def _write(self, kind: str, columns: dict[str, NDArray[Any]]) -> None:
        checks.check(self._entered, "ParquetRecords must be used in a with statement")
        every = self._every[kind]
        kept = np.flatnonzero(columns[kind] % every == 0) if every else np.zeros(0, dtype=np.int64)
        if not len(kept):
            return
        table = pa.table({name: column[kept] for name, column in columns.items()})
        if kind not in self._writers:
            handle, beside = tempfile.mkstemp(dir=self.folder, prefix=f".{kind}s.parquet.")
            os.close(handle)
            self._beside[kind] = Path(beside)
            schema = table.schema.with_metadata(self._metadata)
            self._writers[kind] = pq.ParquetWriter(beside, schema, compression="zstd")
        self._writers[kind].write_table(table.replace_schema_metadata(self._metadata))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for writer in self._writers.values():
                writer.close()
            if kind is None:
                for name, beside in self._beside.items():
                    with beside.open("rb+") as file:
                        os.fsync(file.fileno())
                    beside.chmod(0o644)
                    beside.replace(self.folder / f"{name}s.parquet")
        finally:
            for beside in self._beside.values():
                beside.unlink(missing_ok=True)
