"""A Dask cluster as an executor (the extra ``dask``).

The scheduler of Dask gives the batches of a worker that died to others, up to three times; here that is
heard of, for the report. A batch counts once, when its future has the result, however often it was begun.
"""

import asyncio
import itertools
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from exactrelu.arithmetic.errors import InputError, MissingExtraError
from exactrelu.campaign.losses import Losses, WorkerDiedError, WorkersLostError

_SECONDS_TO_ANSWER = 5.0
_SECONDS_FOR_WORKERS = 15.0  # a cluster that is just starting may have none yet
_SECONDS_BETWEEN_COUNTS = 5.0


@contextmanager
def cluster(address: str, losses: Losses) -> Iterator[Executor]:
    """The cluster of the scheduler at `address`, such as ``"tcp://10.0.0.1:8786"``; left running afterwards.

    Raises
    ------
    MissingExtraError
        If the package ``distributed`` is not installed.
    InputError
        If no scheduler answers there, or it has no workers.
    """
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError:
        raise MissingExtraError.of("campaigns on a Dask cluster need distributed", "dask") from None
    _probe(distributed, address)
    # Of a scheduler that ends in the middle Dask logs two screens of traceback; here it is one sentence.
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    client = None
    try:
        client = distributed.Client(
            address, timeout=_SECONDS_TO_ANSWER, set_as_default=False, name="exactrelu"
        )
        yield _Cluster(client, address, losses)
    finally:
        if client is not None:
            with suppress(Exception):  # it may have gone
                client.close(timeout=2)
        logger.setLevel(level)


def _probe(distributed: Any, address: str) -> None:
    """Ask who is there before there is a client, which could not be closed quickly without a scheduler."""

    async def ask() -> Any:
        arguments = distributed.Security().get_connection_args("client")
        async with distributed.rpc(address, timeout=_SECONDS_TO_ANSWER, connection_args=arguments) as server:
            return await server.identity()

    async def ask_for_a_while() -> Any:
        return await asyncio.wait_for(ask(), _SECONDS_TO_ANSWER + 1)

    try:
        identity = asyncio.run(ask_for_a_while())
        kind = str(identity["type"])
    except Exception as error:  # whatever a server that is not Dask's makes of the question
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise InputError(
            f"no Dask scheduler answers at {address!r} ({reason}); start one with 'dask scheduler' and give "
            "the address that it prints, such as tcp://10.0.0.1:8786"
        ) from None
    if "Scheduler" not in kind:
        raise InputError(f"at {address!r} there is a Dask {kind.lower()}; give the address of the scheduler")


class _Cluster(Executor):
    """The executor. `_max_workers`, where the rest of the campaign looks, follows the cluster."""

    def __init__(self, client: Any, address: str, losses: Losses) -> None:
        self._client, self._address, self._losses = client, address, losses
        self._prefix = f"exactrelu-{uuid.uuid4().hex}"
        self._number = itertools.count()
        self._threads, self._counted = 0, float("-inf")
        client.subscribe_topic("all", self._hear)
        end = time.monotonic() + _SECONDS_FOR_WORKERS
        while not self._count():
            if time.monotonic() > end:
                raise InputError(
                    f"the scheduler at {address} has no workers; start some with 'dask worker {address}'"
                )
            time.sleep(0.1)

    def _count(self) -> int:
        self._threads = sum(self._client.nthreads().values())
        self._counted = time.monotonic()
        return self._threads

    @property
    def _max_workers(self) -> int:
        if time.monotonic() > self._counted + _SECONDS_BETWEEN_COUNTS:
            self._count()
        return max(self._threads, 1)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the function on some worker."""
        if self._client.status != "running":
            raise self._lost()
        theirs = self._client.submit(
            function, *args, key=f"{self._prefix}-{next(self._number)}", pure=False, **kwargs
        )
        ours: Future[Any] = Future()

        async def fetch() -> None:
            # In the event loop of Dask, where fetching one result does not wait for another.
            try:
                result = await self._client.gather(theirs, asynchronous=True)
            except BaseException as error:
                lost: BaseException = error
                if self._client.status != "running":
                    lost = self._lost()
                elif type(error).__name__ == "KilledWorker":  # the scheduler tried it on several
                    lost = WorkerDiedError("workers of the cluster ended unexpectedly")
                if ours.set_running_or_notify_cancel():
                    ours.set_exception(lost)
            else:
                if ours.set_running_or_notify_cancel():
                    ours.set_result(result)

        def cancelled(_: object) -> None:
            if ours.cancelled():
                with suppress(Exception):
                    theirs.cancel()

        self._client.loop.add_callback(fetch)
        ours.add_done_callback(cancelled)
        return ours

    def _lost(self) -> WorkersLostError:
        return WorkersLostError(f"the connection to the scheduler at {self._address} is lost")

    def _hear(self, event: tuple[float, Any]) -> None:
        """An event of the scheduler: note the end of a worker that had batches of ours."""
        message = event[1]
        if not isinstance(message, dict) or message.get("action") != "remove-worker":
            return
        had = {
            key
            for part in ("processing-tasks", "lost-computed-tasks")
            for key in message.get(part) or ()
            if str(key).startswith(self._prefix)
        }
        if had:
            batches = "1 batch" if len(had) == 1 else f"{len(had)} batches"
            self._losses.note(
                f"worker {message.get('worker', 'somewhere')} was lost with {batches} of the campaign: done "
                "again by others"
            )
