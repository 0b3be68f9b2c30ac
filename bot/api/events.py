"""`POST /ironclad/webhooks/{id}`: Ironclad says that something changed."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.usecases.hearing import Heard, Hearing

MAX_BODY = 64_000  # bytes; theirs have about 400
#: Never 410: Ironclad would switch the webhook off at once.
_ANSWERS = {Heard.TAKEN: 204, Heard.UNKNOWN: 404, Heard.FORGED: 401}


class IroncladEvents:
    """Where Ironclad's webhook calls. Answers at once: what it says is looked at in durable work."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    @property
    def routes(self) -> list[Route]:
        """What there is."""
        return [Route("/ironclad/webhooks/{id}", self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """Size, signature, and only then what it says."""
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    return PlainTextResponse("Too large.", 413)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        heard = await self._hearing.hear(request.path_params["id"], request.headers, bytes(body))
        return PlainTextResponse("" if heard is Heard.TAKEN else heard.value, _ANSWERS[heard])
