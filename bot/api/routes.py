"""The intake API over HTTP: who asks is known before anything they sent is read."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.api.openapi import document
from bot.api.wire import MAX_BODY, NewRequest, Problem, Wrong
from bot.usecases.api_keys import ApiKeys
from bot.usecases.handing_over import HandedOver, HandingOver, Reused, Unfit
from bot.usecases.ports import TryLater
from bot.usecases.standing import Standings
from storage import ApiKey

log = structlog.stdlib.get_logger("slipway.api")

_NAMED = re.compile(r"[!-~]{1,255}")
_SLACK_AGAIN_SECONDS = 5
Answer = Callable[[ApiKey, Request], Awaitable[Response]]


class _Refused(Exception):
    """The answer that ends a call."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        errors: Sequence[Wrong] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.response = problem(status, title, detail, errors=errors, headers=headers)


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    errors: Sequence[Wrong] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A refusal as RFC 9457 has it."""
    told = Problem(type="about:blank", title=title, status=status, detail=detail, errors=list(errors))
    return JSONResponse(
        told.model_dump(), status, headers=dict(headers or {}), media_type="application/problem+json"
    )


async def nowhere(request: Request, error: Exception) -> Response:
    """A refusal of the router's for a page below `/api/`: nothing there, or no such method."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = error.headers if isinstance(error, HTTPException) else None
    title = "No such method here" if status == 405 else "Nothing here"
    return problem(status, title, "See /api/openapi.json for what there is.", headers=headers)


class IntakeApi:
    """`/api`: handing over requests and following them."""

    def __init__(
        self, keys: ApiKeys, handing_over: HandingOver, standings: Standings, *, public_url: str
    ) -> None:
        self._keys = keys
        self._handing_over = handing_over
        self._standings = standings
        self._public_url = public_url.rstrip("/")

    @property
    def routes(self) -> list[Route]:
        """What there is."""
        return [
            Route("/api/openapi.json", self._document, methods=["GET"]),
            Route("/api/v1/requests", self._for_keys(self._create), methods=["POST"]),
            Route("/api/v1/requests/{id}", self._for_keys(self._read), methods=["GET"]),
        ]

    async def _document(self, request: Request) -> Response:
        return JSONResponse(document(self._public_url))

    def _for_keys(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return await answer(await self._known(request), request)
            except _Refused as refused:
                return refused.response
            except TryLater as busy:
                wait = str(max(math.ceil(busy.seconds), _SLACK_AGAIN_SECONDS))
                return problem(
                    503,
                    "Slack does not answer",
                    "Nothing was accepted. Try again.",
                    headers={"Retry-After": wait},
                )

        return endpoint

    async def _known(self, request: Request) -> ApiKey:
        """The key of a call, counted once. Raises `_Refused`."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = await self._keys.recognise(token.strip()) if scheme.casefold() == "bearer" else None
        if key is None:
            raise _Refused(
                401,
                "Not a key of this API",
                "Send Authorization: Bearer with a key made on Slipway's Home tab.",
                headers={"WWW-Authenticate": 'Bearer realm="slipway"'},
            )
        wait = await self._keys.wait(key)
        if wait:
            seconds = str(max(1, math.ceil(wait)))
            raise _Refused(
                429, "Too fast", f"Try again in {seconds} seconds.", headers={"Retry-After": seconds}
            )
        return key

    async def _create(self, key: ApiKey, request: Request) -> Response:
        named = _idempotency_key(request)
        told = _handed_over(_new_request(await _body(request)))
        try:
            picture, new = await self._handing_over.accept(key, told, named)
        except Unfit as unfit:
            errors = [Wrong(field=_on_the_wire(name), message=said) for name, said in unfit.problems.items()]
            raise _unfit(errors) from unfit
        except Reused as reused:
            raise _Refused(
                409,
                "The Idempotency-Key was used before",
                "It stands for a request with other contents. Use another key for another request.",
            ) from reused
        log.info("request handed over", team=key.team, key=key.id, request=picture.request.id, new=new)
        body = await self._standings.of(picture)
        return JSONResponse(body, 201 if new else 200, headers={"Location": body["links"]["self"]})

    async def _read(self, key: ApiKey, request: Request) -> Response:
        picture = await self._handing_over.standing(key.team, request.path_params["id"])
        if picture is None:
            raise _Refused(404, "No such request", "This workspace has no request of that id.")
        return JSONResponse(await self._standings.of(picture))


# Reading a body -----------------------------------------------------------------------------------


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise _Refused(415, "Not JSON", "Send the body as application/json.")
    return await _limited(request)


async def _limited(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise _Refused(413, "Too large", f"A request has at most {MAX_BODY:,} bytes.")
    except ClientDisconnect:
        return b""
    return bytes(body)


def _idempotency_key(request: Request) -> str:
    """The Idempotency-Key, empty when none was sent. Raises `_Refused`."""
    named = request.headers.get("idempotency-key")
    if named is None:
        return ""
    if not _NAMED.fullmatch(named):
        wrong = Wrong(field="Idempotency-Key", message="At most 255 visible ASCII characters.")
        raise _unfit([wrong])
    return named


def _new_request(body: bytes) -> NewRequest:
    try:
        return NewRequest.model_validate_json(body)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_input=False, include_context=False)
    if found[0]["type"] == "json_invalid":
        raise _Refused(400, "Not JSON", "The body could not be read as JSON.")
    raise _unfit([Wrong(field=".".join(map(str, one["loc"])), message=one["msg"]) for one in found])


def _unfit(errors: Sequence[Wrong]) -> _Refused:
    return _Refused(422, "Some fields cannot be accepted", "Correct them and try again.", errors=errors)


_PEOPLE_AND_MORE = {"requester", "owner", "custom", "files", "link"}


def _handed_over(new: NewRequest) -> HandedOver:
    raw = new.model_dump(mode="json", exclude=_PEOPLE_AND_MORE, exclude_none=True)
    return HandedOver(
        requester=new.requester,
        raw=raw,
        owner=new.owner,
        files=tuple({"name": one.name, "url": str(one.url)} for one in new.files),
        link=str(new.link or ""),
        custom=new.custom,
    )


def _on_the_wire(name: str) -> str:
    return f"custom.{name}" if name.startswith("x_") else name
