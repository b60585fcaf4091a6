"""The engine on Dask: a cluster on this computer, or somebody's scheduler.

Only paths travel: chunks and results are Parquet parts in a private folder that all
workers see. A worker that dies is replaced, and what it had is done again by another.
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pipeline.engine.calls import Call
from pipeline.engine.parts import read_part, write_part
from pipeline.engine.sameness import differences, versions
from pipeline.engine.worker import signals_held_back, work_on
from pipeline.errors import InputError, KadaiError, Location, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa
    from distributed import Client

    from pipeline.engine.reuse import Reuse
    from pipeline.engine.scratch import Scratch
    from pipeline.engine.task import Task

P = TypeVar("P")
S = TypeVar("S")
R = TypeVar("R")

_AHEAD: Final = 2
_PATIENCE: Final = 30
"""Seconds to wait for a scheduler, and for its first worker."""

_AT_ONCE: Final = 0.2
"""Seconds that the workers have to stop when the run is broken off."""

_MOST_DEATHS: Final = 3
"""Workers that may die over the same chunk, before it is taken for what kills them."""


@dataclass(frozen=True)
class _Sent:
    chunk: Path
    result: Path
    n_rows: int
    future: Any


class Cluster:
    """See :class:`pipeline.engine.Engine`."""

    def __init__(
        self, client: Client, n_workers: int, scratch: Scratch, reuse: Reuse | None = None
    ) -> None:
        self.n_workers = n_workers
        self._client = client
        self._scratch = scratch
        self._reuse = reuse

    def map(
        self,
        task: Task[P, S],
        chunks: Iterable[pa.Table],
        advance: Callable[[int], object] = lambda _: None,
    ) -> Iterator[pa.Table]:
        """Results in the order of the chunks; a few chunks are under way at a time.

        Raises
        ------
        KadaiError
            The scheduler is gone, or workers die over a chunk again and again.
        """
        source = iter(chunks)
        sent: deque[_Sent] = deque()
        try:
            while True:
                for chunk in islice(source, _AHEAD * self.n_workers - len(sent)):
                    sent.append(self._send(task, chunk))
                    del chunk
                if not sent:
                    break
                own = sent[0]
                with _explained():
                    reply = own.future.result()
                reply.taken()
                sent.popleft()
                own.future.release()
                result = read_part(own.result)
                own.chunk.unlink()
                own.result.unlink()
                advance(own.n_rows)
                yield result
                del result
        finally:
            for own in sent:
                own.future.release()  # whatever nobody waits for is not begun any more

    def call(self, function: Callable[..., R], *arguments: object) -> Call[R]:
        """Run a function here, at once: what it writes belongs on this computer."""
        return Call(partial(function, *arguments))

    def close(self) -> None:
        """The client and the cluster belong to whoever opened them."""

    def _send(self, task: Task[Any, Any], chunk: pa.Table) -> _Sent:
        place = self._scratch.new_file()
        result = place.with_suffix(".result")
        write_part(chunk, place)
        # Never twice the same key: the name of a part says nothing of what is in it.
        future = self._client.submit(work_on, task, place, result, self._reuse, pure=False)
        return _Sent(place, result, chunk.num_rows, future)


@contextmanager
def open_cluster(n_workers: int, scratch: Scratch, reuse: Reuse | None) -> Iterator[Cluster]:
    """Start a cluster of processes on this computer; nobody else can speak with it."""
    distributed = _distributed()
    import dask  # noqa: PLC0415 - an extra

    settings = {
        "distributed.scheduler.allowed-failures": _MOST_DEATHS,
        # Nothing is served to browsers.
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with dask.config.set(settings), _quiet():
        # Threads and processes that are made here leave Ctrl+C to the main thread.
        with signals_held_back("SIGINT", "SIGHUP"):
            cluster = distributed.LocalCluster(
                n_workers=n_workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                # Other users of this computer reach the port as well.
                security=True,
                # A worker is never stopped for its size: chunks bound it.
                memory_limit=0,
                local_directory=str(scratch.folder()),
                silence_logs=logging.CRITICAL,
            )
        with cluster, distributed.Client(cluster, set_as_default=False) as client:
            try:
                yield Cluster(client, n_workers, scratch, reuse)
            except BaseException:
                # Nobody wants what they are at; asked politely, they would finish it first.
                for nanny in list(cluster.workers.values()):
                    cluster.sync(nanny.close, timeout=_AT_ONCE)
                raise


@contextmanager
def join_cluster(address: str, scratch: Scratch) -> Iterator[Cluster]:
    """Use an existing scheduler, whose workers see this computer's files under their names.

    Raises
    ------
    InputError
        It does not answer, has no workers, or they are not the same as this Kadai.
    """
    distributed = _distributed()
    at = Location(column=f"--engine {address}")
    with _quiet():
        try:
            with signals_held_back("SIGINT", "SIGHUP"):
                client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(
                "Dask のスケジューラーにつながりません。",
                at=at,
                remedy="アドレスと、スケジューラーが動いているかを確かめてください。",
            ) from error
        with client:
            n_workers = _check_workers(client, scratch.folder(), at)
            yield Cluster(client, n_workers, scratch)


def look_around(folder: Path) -> tuple[Mapping[str, str], bool]:
    """What a worker is, and whether it can write where the parts are."""
    probe = folder / "probe"
    try:
        with probe.open("r+b") as file:
            file.read()
    except OSError:
        return versions(), False
    return versions(), True


def _check_workers(client: Client, folder: Path, at: Location) -> int:
    """Number of workers, all of them the same Kadai with the same files.

    Raises
    ------
    InputError
        There is none, or one differs.
    """
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise InputError(
            "Dask のスケジューラーに、ワーカーが1つもありません。",
            at=at,
            remedy="dask worker を起動してから、もう一度実行してください。",
        ) from error
    probe = folder / "probe"
    probe.touch(mode=0o600)
    try:
        seen = client.run(look_around, folder)
    except Exception as error:
        raise InputError(
            f"Dask のワーカーで kadai が動きません（{type(error).__name__}: {error}）。",
            at=at,
            remedy="ワーカーにも、ここと同じ版の kadai を入れてください。",
        ) from error
    finally:
        probe.unlink()
    for worker, (found, has_folder) in sorted(seen.items()):
        if different := differences(found):
            raise InputError(
                f"Dask のワーカー（{worker}）は、ここと版がちがいます。結果が変わるおそれがあるので"
                f"使いません（{'、'.join(different)}）。",
                at=at,
                remedy="ワーカーにも、ここと同じ版の kadai とライブラリーを入れてください。",
            )
        if not has_folder:
            raise InputError(
                f"Dask のワーカー（{worker}）から、途中の結果を置くフォルダーを読み書きできません。",
                at=Location(file=str(folder)),
                remedy="結果のフォルダーには、すべてのワーカーから同じ名前で見え、"
                "同じ利用者として書ける場所（共有フォルダー）を --output で指定してください。",
            )
    return len(seen)


@contextmanager
def _explained() -> Iterator[None]:
    """Say in our words what Dask says when a worker or the scheduler is gone."""
    distributed = _distributed()
    try:
        yield
    except distributed.KilledWorker as error:
        raise KadaiError(
            "Dask のワーカーが、同じところで何度も止まりました。",
            remedy="ワーカーのメモリーが足りないときに起きます。途中の結果は残していません。",
        ) from error
    except (distributed.CancelledError, OSError, TimeoutError) as error:
        raise KadaiError(
            "Dask のスケジューラーとのつながりが切れました。",
            remedy="スケジューラーが動いているかを確かめ、もう一度実行してください。"
            "途中の結果は残していません。",
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own talk of lost workers from the planner's screen."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _distributed() -> Any:  # noqa: ANN401 - a module
    try:
        import distributed  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise UsageError(
            "Dask が入っていません。",
            at=Location(column="--engine"),
            remedy='pip install "kadai-pipeline[distributed]" で入れるか、--engine を外してください。',
        ) from error
    return distributed
