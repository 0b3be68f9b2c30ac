"""`Ironclad`: one method for each thing it can be asked.

Calls that read are tried a few times when the line or Ironclad fails. Calls that write are made once, with
one exception: a 401 did nothing, so after it the call is repeated with a renewed token. Time limits and what
each error means for the caller: `ironclad.transport`, `ironclad.errors`.
"""

from __future__ import annotations

import asyncio
import copy
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TypeVar

import httpx

from ironclad import calls, protocol
from ironclad.calls import MOST_PER_PAGE
from ironclad.errors import IroncladError
from ironclad.filters import Formula, all_of, contains
from ironclad.models import (
    EVERY_STATUS,
    JSON,
    Company,
    Document,
    Group,
    Identity,
    LaunchStatus,
    RateRoom,
    Record,
    Status,
    Template,
    User,
    Webhook,
    Workflow,
)
from ironclad.protocol import Call
from ironclad.tokens import TokenSource
from ironclad.transport import Timeouts, Wire, answer_of, chunks_of
from ironclad.uploads import Upload

T = TypeVar("T")
Got = TypeVar("Got")


class Ironclad:
    """A company's Ironclad, seen through one token source.

    Every method raises an `IroncladError`: those that read `Refused`, `NotSent` or `Unavailable`; those that
    write (`launch`, `launch_async`, `cancel`) `Refused`, `NotSent`, `OutcomeUnknown`, or `Unavailable` when
    no token could be had, in which case nothing was sent either. An argument that could not be sent at all
    is a ValueError.
    """

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        base_url: str,
        tokens: TokenSource,
        acting_user: str | None = None,
        read_attempts: int = 3,
        timeouts: Timeouts | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`http` stays the caller's to close; `base_url` is `Region.url` or a private host.

        `acting_user` is the e-mail address whose permissions apply to every call: required by tokens of the
        client credentials grant, None with those of the authorization code grant. `read_attempts` is how
        often a read is tried in all; 1 switches repeating off.
        """
        self._wire = Wire(http, base_url, timeouts or Timeouts())
        self._tokens = tokens
        self._acting_user = _header_safe(acting_user)
        self._read_attempts = read_attempts
        self._sleep = sleep
        #: What the last answer said of the company's rate limit.
        self.room: RateRoom | None = None

    def __repr__(self) -> str:
        return f"Ironclad(base_url={self._wire.base_url!r}, acting_user={self._acting_user!r})"

    def acting_as(self, email: str | None) -> Ironclad:
        """The same connection with another acting user. Raises ValueError for control characters."""
        other = copy.copy(self)
        other._acting_user = _header_safe(email)
        return other

    async def authorized(self) -> None:
        """See that there is a good token, so that a call made next is not held up by renewing it.

        Raises what the token source raises.
        """
        await self._tokens.token()

    # Templates --------------------------------------------------------------------------------------

    async def templates(self) -> list[Template]:
        """The published templates that the acting user may see; `may_launch` says which they may launch."""
        return await self._do(calls.list_templates())

    async def template(self, template_id: str) -> Template:
        """One template. Raises `NotFound` for one that is not published (any more)."""
        return await self._do(calls.read_template(template_id))

    # Launching --------------------------------------------------------------------------------------

    async def launch(
        self,
        template: str,
        attributes: Mapping[str, JSON],
        *,
        files: Sequence[Upload] = (),
        use_default_values: bool = False,
    ) -> Workflow:
        """Create a workflow and wait until it exists.

        `attributes` are values by field key in Ironclad's shapes (facts §4.3); those of type document name
        the `part` of an upload. With `use_default_values` Ironclad fills in the template's defaults for what
        is missing. Raises `Rejected` naming the fields that are missing or wrong. If the content of an
        upload raises while it is read, that error comes through: the call was cut short and cannot succeed.
        """
        return await self._do(
            calls.launch(template, attributes, files=files, use_default_values=use_default_values)
        )

    async def launch_async(
        self, template: str, attributes: Mapping[str, JSON], *, use_default_values: bool = False
    ) -> str:
        """Have a workflow created in the background; the job id that `launch_status` takes."""
        return await self._do(calls.launch_async(template, attributes, use_default_values=use_default_values))

    async def launch_status(self, job_id: str) -> LaunchStatus:
        """How far a background launch is. Its failure is part of the status, not an error."""
        return await self._do(calls.launch_status(job_id))

    # Workflows --------------------------------------------------------------------------------------

    async def workflows(
        self,
        *,
        template: str | None = None,
        statuses: Collection[Status] = EVERY_STATUS,
        updated_since: datetime | None = None,
        where: Formula | None = None,
        page_size: int = MOST_PER_PAGE,
    ) -> AsyncIterator[Workflow]:
        """The workflows that the acting user may see, latest change first; each once.

        A workflow that changes while the list is read may be missed: it moves to pages already read. New
        ones may take a while to be listed (facts §5.5).
        """
        seen: set[str] = set()
        page, more = 0, True
        while more:
            found = await self._do(
                calls.list_workflows(
                    page=page,
                    page_size=page_size,
                    template=template,
                    statuses=statuses,
                    updated_since=updated_since,
                    where=where,
                )
            )
            for workflow in found.items:
                if workflow.id not in seen:
                    seen.add(workflow.id)
                    yield workflow
            page, more = page + 1, found.more

    async def workflow(self, workflow_id: str) -> Workflow:
        """One workflow, by id or IC number. Raises `NotFound`."""
        return await self._do(calls.read_workflow(workflow_id))

    async def cancel(self, workflow_id: str, comment: str) -> None:
        """Cancel a workflow, by id (not IC number), for good; `comment` tells its people why."""
        await self._do(calls.cancel(workflow_id, comment))

    async def documents(self, workflow_id: str) -> list[Document]:
        """The documents of a workflow, those to be signed first; none before they are generated."""
        return await self._do(calls.list_documents(workflow_id))

    def download(self, workflow_id: str, key: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """A document's bytes as they arrive: `async with …download(…) as chunks: async for chunk in chunks`.

        Only opening is tried again. A line that breaks later raises `Unavailable` between two chunks.
        """
        return self._download(calls.download(workflow_id, key))

    # Records ----------------------------------------------------------------------------------------

    async def records_named(self, text: str, *, most: int = 50) -> list[Record]:
        """The records whose name has every word of `text` in it, last changed first; none for no words.

        Raises ValueError for what a filter cannot say (`contains`).
        """
        words = [contains("name", word) for word in text.split()]
        if not words:
            return []
        where = words[0] if len(words) == 1 else all_of(*words)
        return await self._do(calls.find_records(where, most=most))

    async def record(self, record_id: str) -> Record:
        """One record, by id or IC number. Raises `NotFound`."""
        return await self._do(calls.read_record(record_id))

    # People -----------------------------------------------------------------------------------------

    async def whoami(self) -> Identity:
        """The acting user, their company and the token's scopes."""
        return await self._do(calls.who_am_i())

    async def company(self) -> Company:
        """The company that the token belongs to."""
        return await self._do(calls.read_company())

    async def user_by_email(self, email: str) -> User | None:
        """The person with this e-mail address, whatever its capitals; None without an Ironclad account."""
        return await self._do(calls.find_user(email))

    async def users_beginning(self, text: str) -> tuple[User, ...]:
        """Those whose e-mail address begins with `text`, whatever its capitals: the first page of them."""
        return await self._do(calls.find_users_beginning(text))

    async def user(self, user_id: str) -> User:
        """The person with this id. Raises `NotFound`."""
        return await self._do(calls.read_user(user_id))

    async def groups(self, *, name: str | None = None) -> list[Group]:
        """All groups, or those of exactly this name."""
        groups: list[Group] = []
        more = True
        while more:
            found = await self._do(calls.list_groups(name=name, start=len(groups) + 1))
            groups.extend(found.items)
            more = found.more
        return groups

    # Webhooks ---------------------------------------------------------------------------------------

    async def create_webhook(self, target: str, events: Collection[str]) -> Webhook:
        """Have Ironclad tell `target` of events. Only for acting users who may manage webhooks."""
        return await self._do(calls.create_webhook(target, events))

    async def webhooks(self) -> list[Webhook]:
        """All webhooks of the company."""
        webhooks: list[Webhook] = []
        page, more = 0, True
        while more:
            found = await self._do(calls.list_webhooks(page))
            webhooks.extend(found.items)
            page, more = page + 1, found.more
        return webhooks

    async def enable_webhook(self, webhook_id: str) -> Webhook:
        """Switch a webhook on again. Raises `NotFound`."""
        return await self._do(calls.enable_webhook(webhook_id))

    async def delete_webhook(self, webhook_id: str) -> None:
        """Take a webhook away. Raises `NotFound`."""
        await self._do(calls.delete_webhook(webhook_id))

    async def webhook_key(self) -> str:
        """The public key (PEM) by which messages of webhooks are known: see `signed_by`."""
        return await self._do(calls.verification_key())

    # One call ---------------------------------------------------------------------------------------

    async def _do(self, call: Call[T]) -> T:
        async def once() -> T:
            async with AsyncExitStack() as stack:
                response = await self._open(call, stack)
                return protocol.decipher(call, await answer_of(call, response))

        return await self._persist(call, once)

    @asynccontextmanager
    async def _download(self, call: Call[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
        async with AsyncExitStack() as stack:
            response = await self._persist(call, lambda: self._open(call, stack))
            yield chunks_of(call, response)

    async def _persist(self, call: Call[T], once: Callable[[], Awaitable[Got]]) -> Got:
        """Try as often as the protocol allows."""
        failed = 0
        while True:
            try:
                return await once()
            except IroncladError as error:
                failed += 1
                wait = protocol.wait_before_again(
                    call,
                    error,
                    failed=failed,
                    attempts=self._read_attempts,
                    chance=random.random(),  # noqa: S311 - spreads load, guards nothing
                )
                if wait is None:
                    raise
            await self._sleep(wait)

    async def _open(self, call: Call[T], stack: AsyncExitStack) -> httpx.Response:
        """The beginning of a successful answer. Renews the token once if Ironclad does not accept it."""
        token = await self._tokens.token()
        response = await stack.enter_async_context(self._wire.stream(call, self._headers(token)))
        self.room = protocol.rate_room(response.headers) or self.room
        if response.status_code == httpx.codes.UNAUTHORIZED:
            await answer_of(call, response)  # frees the connection
            renewed = await self._tokens.token(rejected=token)
            if renewed != token and call.repeatable:
                token = renewed
                response = await stack.enter_async_context(self._wire.stream(call, self._headers(token)))
        if not response.is_success:
            protocol.decipher(call, await answer_of(call, response, hide=(token,)))
        return response

    def _headers(self, token: str) -> dict[str, bytes]:
        headers = {"Authorization": f"Bearer {token}".encode("ascii")}
        if self._acting_user is not None:
            headers["x-as-user-email"] = self._acting_user.encode()
        return headers


def _header_safe(email: str | None) -> str | None:
    if email is not None and (not email or not email.isprintable()):
        raise ValueError("an acting user is a non-empty e-mail address without control characters")
    return email
