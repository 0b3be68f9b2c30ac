"""A small HTTP/1.1 client on bare sockets, and two ways to put load on a server.

A general client costs more than the servers measured here; this one only does what they need: keep-alive
connections and answers that name their length. It runs in a process of its own, away from the server's core.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STATUS = slice(9, 12)  # of "HTTP/1.1 200 OK"
_PATIENCE = 30.0  # seconds for one answer


@dataclass(frozen=True)
class Answer:
    """One answer, and how many seconds it was waited for."""

    status: int
    seconds: float
    body: bytes


@dataclass(frozen=True)
class Load:
    """What came of a load: the answers in the order of the requests, and the seconds it took in all."""

    answers: tuple[Answer, ...]
    seconds: float


class Connection(asyncio.Protocol):
    """One connection, kept alive; one request at a time."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, port: int) -> Connection:
        """Connect to a port of this machine."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    async def ask(self, request: bytes, *, since: float | None = None) -> Answer:
        """Send a request; its seconds count from `since` on the loop's clock, else from now.

        Raises ConnectionError when the server hangs up, TimeoutError when it does not answer.
        """
        loop = asyncio.get_running_loop()
        began = loop.time() if since is None else since
        if self._transport is None:
            raise ConnectionError("not connected")
        self._waiting = loop.create_future()
        self._transport.write(request)
        status, body = await asyncio.wait_for(self._waiting, _PATIENCE)
        return Answer(status, loop.time() - began, body)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._received += data
        answered = _whole(self._received)
        if answered is not None and self._waiting is not None:
            self._received.clear()
            self._waiting.set_result(answered)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("the server hung up"))


def _whole(received: bytearray) -> tuple[int, bytes] | None:
    """Status and body, once all of an answer is there."""
    end = received.find(_HEAD_END)
    if end < 0:
        return None
    length = _LENGTH.search(received, 0, end)
    if length is None:
        raise ValueError(f"an answer without its length: {bytes(received[:end])!r}")
    begin = end + len(_HEAD_END)
    if len(received) < begin + int(length[1]):
        return None
    return int(received[_STATUS]), bytes(received[begin:])


def closed_loop(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send all requests over so many connections, on each the next as soon as the last is answered."""
    return asyncio.run(_closed_loop(port, requests, connections))


def open_loop(port: int, requests: Sequence[bytes], per_second: float) -> Load:
    """Send the requests at a fixed rate, however slow the answers are.

    Seconds count from when a request was due, so that a stall is charged to everyone it keeps waiting.
    """
    return asyncio.run(_open_loop(port, requests, per_second))


async def _closed_loop(port: int, requests: Sequence[bytes], connections: int) -> Load:
    opened = [await Connection.to(port) for _ in range(connections)]
    answers: dict[int, Answer] = {}
    turns = iter(enumerate(requests))
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(_one_after_another(connection, turns, answers) for connection in opened))
    seconds = loop.time() - began
    for connection in opened:
        connection.close()
    return Load(_in_order(answers), seconds)


async def _one_after_another(
    connection: Connection, turns: Iterator[tuple[int, bytes]], answers: dict[int, Answer]
) -> None:
    for number, request in turns:
        answers[number] = await connection.ask(request)


async def _open_loop(port: int, requests: Sequence[bytes], per_second: float) -> Load:
    answers: dict[int, Answer] = {}

    async def send(number: int, due: float) -> None:
        # A connection of its own: one that waits for its turn is hung up on by the server after a while.
        connection = await Connection.to(port)
        answers[number] = await connection.ask(requests[number], since=due)
        connection.close()

    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as sending:
        for number in range(len(requests)):
            due = began + number / per_second
            await asyncio.sleep(due - loop.time())
            sending.create_task(send(number, due))
    return Load(_in_order(answers), loop.time() - began)


def _in_order(answers: dict[int, Answer]) -> tuple[Answer, ...]:
    return tuple(answers[number] for number in sorted(answers))
