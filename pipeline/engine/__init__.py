"""Where the maps over chunks run: in this process, on processes, or on a cluster (Dask).

A stage says once what is done with a chunk (:class:`Task`); :func:`open_engine` says where.
Results come in the order of the chunks and are the same everywhere: they depend on the
chunk and the parameters alone, never on the number of workers, on which one is done first,
or on one that died on the way.

>>> with open_engine() as engine:                                    # doctest: +SKIP
...     for table in engine.map(Task(load, analyse, parameters, key), chunks):
...         ...
"""

from pipeline.engine.calls import Call
from pipeline.engine.opening import MOST_PROCESSES, NAMES, Engine, check_engine, open_engine
from pipeline.engine.reuse import Reuse
from pipeline.engine.task import Task

__all__ = [
    "MOST_PROCESSES",
    "NAMES",
    "Call",
    "Engine",
    "Reuse",
    "Task",
    "check_engine",
    "open_engine",
]
