"""Bodies that arrive in pieces, and bodies that do not arrive to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from ironclad import Ironclad, NotFound, OutcomeUnknown, Unavailable
from tests.unit.ironclad.fakes import ironclad, scripted


async def downloaded(client: Ironclad) -> bytes:
    async with client.download("w1", "k1") as chunks:
        return b"".join([chunk async for chunk in chunks])


class Broken(httpx.AsyncByteStream):
    """A body that ends too soon."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"some"
        raise httpx.ReadError("")


async def test_a_download() -> None:
    far_end = scripted(httpx.Response(503), httpx.Response(200, content=b"%PDF-1.7"))
    assert await downloaded(ironclad(far_end)) == b"%PDF-1.7"
    assert far_end.requests[1].url.path == "/public/api/v1/workflows/w1/document/k1/download"


async def test_a_download_arrives_in_pieces() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"one", b"two"):
            yield piece

    client = ironclad(scripted(httpx.Response(200, content=pieces())))
    async with client.download("w1", "k1") as chunks:
        assert [chunk async for chunk in chunks] == [b"one", b"two"]


async def test_a_download_that_breaks_off() -> None:
    client = ironclad(scripted(httpx.Response(200, stream=Broken())))
    async with client.download("w1", "k1") as chunks:
        assert await anext(chunks) == b"some"
        with pytest.raises(Unavailable):
            await anext(chunks)


async def test_a_download_of_nothing() -> None:
    missing = httpx.Response(404, json={"code": "NOT_FOUND", "message": "not found"})
    with pytest.raises(NotFound, match="not found"):
        await downloaded(ironclad(scripted(missing)))


async def test_a_body_that_breaks_off_is_read_again() -> None:
    far_end = scripted(httpx.Response(200, stream=Broken()), httpx.Response(200, json={"companyId": "c1"}))
    assert (await ironclad(far_end).company()).id == "c1"


async def test_a_launch_whose_answer_breaks_off_is_not_repeated() -> None:
    far_end = scripted(httpx.Response(200, stream=Broken()))
    with pytest.raises(OutcomeUnknown):
        await ironclad(far_end).launch("t1", {})
    assert len(far_end.requests) == 1
