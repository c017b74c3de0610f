"""Where the tasks of a sweep run: in this process, in processes of this machine, or on a Dask cluster.

Each executor yields ``(task, outcome)`` as tasks finish, in any order; nothing that they yield depends on
where a task ran. May import the store's
versions and this package's tasks; Dask is imported only where it is asked for.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import platform
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from experiments.drift_file import in_short
from experiments.store import versions
from experiments.sweeps.tasks import Outcome, Task, compute

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Finished", "executor"]

Finished = Generator[tuple[Task, Outcome], None, None]

#: Seconds to wait for a scheduler to answer.
PATIENCE_S = 10

ENDED = "the process that ran it ended abruptly each time, alone at last (out of memory, or killed?)"


def executor(on: str) -> Callable[[Sequence[Task]], Finished]:
    """Return the executor that a text names.

    Parameters
    ----------
    on : str
        ``"local"``, ``"processes"`` (as many as there are cores), ``"processes:N"``, or the address of a Dask
        scheduler such as ``"tcp://host:8786"``.

    Raises
    ------
    ValueError
        If it names none of these.
    """
    kind, _, rest = on.partition(":")
    if on == "local":
        return _local
    if kind == "processes" and ((rest.isdecimal() and int(rest) > 0) or on == kind):
        number = int(rest) if rest else _cores()
        return lambda tasks: _processes(tasks, number)
    if "://" in on:
        return lambda tasks: _dask(tasks, on)
    raise ValueError(f"--on must be local, processes, processes:N or tcp://HOST:PORT, got {on!r}")


def _cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _local(tasks: Sequence[Task]) -> Finished:
    for task in tasks:
        yield task, compute(task)


def _processes(tasks: Sequence[Task], number: int) -> Finished:
    """Run tasks in so many processes; where one dies the pool is built anew.

    Nobody knows which task ended a process: all that were under way are run again, one by one, and what ends
    its process then as well is given up.
    """
    left = iter(tasks)
    # one waits for each process, while the outcome of the last is written
    while suspects := (yield from _in_pool(left, number, at_once=2 * number)):
        again = iter(suspects)
        while deadly := (yield from _in_pool(again, 1, at_once=1)):
            for task in deadly:
                yield task, Outcome(error=ENDED)


def _in_pool(
    left: Iterator[Task], number: int, *, at_once: int
) -> Generator[tuple[Task, Outcome], None, list[Task]]:
    """Run tasks until all are done or a process dies; return those that were under way when it did."""
    suspects: list[Task] = []
    running: dict[Future[Outcome], Task] = {}

    def submit(pool: ProcessPoolExecutor, tasks: Iterable[Task]) -> None:
        for task in tasks:
            try:
                running[pool.submit(compute, task)] = task
            except BrokenProcessPool:
                suspects.append(task)
                return

    with _pool(number) as pool:
        submit(pool, islice(left, at_once))
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running.pop(future)
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    suspects.append(task)
                    continue
                yield task, outcome
                if not suspects:
                    submit(pool, islice(left, 1))
    return suspects


@contextmanager
def _pool(number: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool whose processes end with it, also in the middle of a task."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Set a new process up: Ctrl-C is its parent's matter, and it must not outlive one that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def _dask(tasks: Sequence[Task], address: str) -> Finished:
    """Run tasks on a cluster. Dask runs those of a worker that dies elsewhere, up to its allowed-failures.

    Since it counts a death against everything that the worker had, what it gives up is tried again at the
    end, each alone.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(f"--on {address} needs Dask: pip install 'evenstep[cluster]'") from None
    for name in ("distributed.client", "distributed.utils"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they log is raised as well, or mended
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE_S, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise ValueError(f"--on {address}: can't reach a Dask scheduler there ({in_short(error)})") from None
    with client:
        given_up = yield from _on_cluster(client, tasks)
        for task in given_up:
            for _ in (yield from _on_cluster(client, [task])):
                yield task, Outcome(error=ENDED)


def _on_cluster(client: Client, tasks: Sequence[Task]) -> Generator[tuple[Task, Outcome], None, list[Task]]:
    """Run tasks on a cluster; return those that Dask gave up because their workers died."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    given_up, wanted = [], versions()
    running = {client.submit(_compute_on_worker, task, wanted, pure=False): task for task in tasks}
    for future in as_completed(list(running), loop=client.loop):  # type: ignore[no-untyped-call]
        task = running.pop(future)
        try:
            yield task, future.result()  # waits once more where the worker died before it was asked
        except KilledWorker:
            given_up.append(task)
        except CancelledError:
            raise ConnectionError(
                "the Dask scheduler went away; --resume goes on from what is done"
            ) from None
    return given_up


def _compute_on_worker(task: Task, wanted: Mapping[str, str]) -> Outcome:
    """Run a task on a Dask worker; refuse if it has other versions, also if it joined late."""
    found = versions()
    if found != wanted:
        raise ValueError(f"a Dask worker on {platform.node()} has {found}, while this process has {wanted}")
    return compute(task)
