"""Who people are in Ironclad: found by e-mail, said by themselves, decided by admins, never guessed.

Somebody whose Slack e-mail Ironclad does not know may say which account is theirs, if its name before the @
is the same. That alone proves nothing, since anybody may have such an address elsewhere, so an admin
confirms it once.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Sequence
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from bot.texts import phrase
from bot.usecases.access import IroncladAccess
from bot.usecases.errors import Refusal, explain
from bot.usecases.people import People
from bot.usecases.ports import Directory, PeopleScreen, TryLater
from ironclad import IroncladError
from storage import Database, Identity
from storage.records.intake import IdentityState
from storage.work import Later, Payload, Work

LINK_LINES = "identities"  #: the kind of durable work that links many at once
LINKED = "linked"  #: the kind of durable work that tells somebody who they are in Ironclad
SHOWN = 20
SOUGHT = 5000  # people whom a search by e-mail looks through; few are linked by hand
_STATES: tuple[IdentityState, ...] = ("unmatched", "claimed", "linked")
MOST_LINES = 200
MOST_TOLD = 8
PATIENCE = 2.0  # seconds that a modal waits for Ironclad


@dataclass(frozen=True)
class Known:
    """What admins see: those without an account, those who say who they are, those who are linked."""

    unmatched: Sequence[Identity]
    claimed: Sequence[Identity]
    linked: Sequence[Identity]


class Identifying:
    """Links Slack people with Ironclad users."""

    def __init__(
        self,
        database: Database,
        work: Work,
        access: IroncladAccess,
        people: People,
        directory: Directory,
        screen: PeopleScreen,
    ) -> None:
        self._database = database
        self._work = work
        self._access = access
        self._people = people
        self._directory = directory
        self._screen = screen

    async def claim(self, team: str, user: str, email: str) -> None:
        """*Yes, this is me*. Raises `Refusal`."""
        person = await self._people.person(team, user)
        same = email.partition("@")[0].casefold() == (person.email or "").partition("@")[0].casefold()
        if not same or not await self._exists(team, email):
            raise Refusal(
                phrase("This account cannot be yours."), phrase("Ask a Slipway admin to link you on Home.")
            )
        async with self._database.transaction() as store:
            await store.identities.put(team, user, email, "claimed", user)

    async def known(self, team: str, user: str, *, of: str = "") -> Known:
        """Everybody whose case is not plain, or `of` alone. Raises `Refusal` for who is no admin."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            if of:
                one = await store.identities.get(team, of)
                return Known(**{state: [one] if one and one.state == state else [] for state in _STATES})
            return Known(
                unmatched=await store.identities.of_state(team, "unmatched", SHOWN),
                claimed=await store.identities.of_state(team, "claimed", SHOWN),
                linked=await store.identities.of_state(team, "linked", SHOWN),
            )

    async def accounts(self, team: str, user: str, text: str) -> Sequence[Identity]:
        """Those who say, or of whom it was said, that they have an account whose e-mail holds `text`."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            claimed = await store.identities.of_state(team, "claimed", SOUGHT)
            linked = await store.identities.of_state(team, "linked", SOUGHT)
        wanted = text.strip().casefold()
        return [one for one in (*claimed, *linked) if wanted in one.email.casefold()]

    async def confirm(self, team: str, admin: str, user: str) -> None:
        """Somebody is who they say. Raises `Refusal`."""
        await self._people.only_admins(team, admin)
        async with self._database.reading() as store:
            claim = await store.identities.get(team, user)
        if claim is None or claim.state != "claimed":
            raise Refusal(phrase("There is nothing to confirm any more."), phrase("Open the list again."))
        await self._link(team, admin, user, claim.email)

    async def link(self, team: str, admin: str, user: str, email: str) -> None:
        """An admin says who somebody is. Raises `Refusal`."""
        await self._people.only_admins(team, admin)
        if not await self._exists(team, email):
            raise Refusal(
                phrase("Ironclad has no account for {email}.", email=email),
                phrase("Give the address they log in with."),
            )
        await self._people.person(team, user)
        await self._link(team, admin, user, email)

    async def forget(self, team: str, admin: str, user: str) -> None:
        """Whatever was said or decided of somebody is void: their Slack e-mail counts again."""
        await self._people.only_admins(team, admin)
        async with self._database.transaction() as store:
            former = await store.identities.get(team, user)
            if await store.identities.forget(team, user) and former is not None:
                await store.people.forget(team, user)
                before = {"email": former.email, "state": former.state}
                await store.audit.add(team, admin, "identity.forgotten", user, before=before)

    async def _link(self, team: str, admin: str, user: str, email: str) -> None:
        async with self._database.transaction() as store:
            await store.identities.put(team, user, email, "linked", admin)
            await store.people.set_email(team, user, email)
            await store.audit.add(team, admin, "identity.linked", user, after={"email": email})
            if admin != user:
                key = f"linked:{team}:{user}:{(await store.now()).timestamp()}"
                payload: Payload = {"team": team, "user": user, "email": email}
                await self._work.start(store, LINKED, key, payload)

    async def tell(self, payload: Payload) -> Later | None:
        """The durable work that tells somebody who they are in Ironclad, if it is still so."""
        team, user, email = payload["team"], payload["user"], payload["email"]
        async with self._database.reading() as store:
            identity = await store.identities.get(team, user)
        if identity is None or (identity.state, identity.email) != ("linked", email):
            return None
        try:
            await self._screen.linked(team, user, email)
        except TryLater as busy:
            return Later(busy.seconds)
        return None

    async def _exists(self, team: str, email: str) -> bool:
        """Whether Ironclad knows this address. Raises `Refusal`."""
        if not is_address(email):
            raise Refusal(phrase("This is not an e-mail address."), phrase("For example: sam@example.com"))
        try:
            async with asyncio.timeout(PATIENCE):
                client = await self._access.client(await self._access.current(team))
                return await client.user_by_email(email) is not None
        except TimeoutError as late:
            raise Refusal(
                phrase("Ironclad is slow at the moment."), phrase("Try again."), again=True
            ) from late
        except IroncladError as error:
            raise explain(error) from error

    # Many at once ---------------------------------------------------------------------------------

    async def link_lines(self, team: str, admin: str, text: str, view: str, key: str) -> None:
        """Link people from lines of *Slack e-mail, Ironclad e-mail*; `view` then shows how it went.

        Raises `Refusal` for lines that are none, naming them.
        """
        await self._people.only_admins(team, admin)
        pairs, wrong = pairs_in(text)
        if wrong:
            told = ", ".join(str(n) for n in wrong[:MOST_TOLD])
            raise Refusal(
                phrase("Not two e-mail addresses: line {lines}.", lines=told),
                phrase("Nothing was changed. Correct the lines."),
            )
        if not pairs:
            raise Refusal(phrase("There is nothing in it."), phrase("Write one line for each person."))
        payload = {"team": team, "admin": admin, "view": view, "pairs": [list(pair) for pair in pairs]}
        async with self._database.transaction() as store:
            await self._work.start(store, LINK_LINES, f"identities:{team}:{key}", payload, after=1)

    async def link_many(self, payload: Payload) -> Later | None:
        """The durable work behind `link_lines`. Linking twice is linking once."""
        team, admin = payload["team"], payload["admin"]
        failed: list[str] = []
        for slack, email in payload["pairs"]:
            try:
                user = await self._directory.user_by_email(team, slack)
                client = await self._access.client(await self._access.current(team))
                known = await client.user_by_email(email) is not None
            except TryLater as busy:
                return Later(busy.seconds)
            except (Refusal, IroncladError):
                return Later(30)
            if user is None or not known:
                failed.append(
                    f"{slack if user is None else email} ({'Slack' if user is None else 'Ironclad'})"
                )
                continue
            await self._people.person(team, user)
            await self._link(team, admin, user, email)
        done = len(payload["pairs"]) - len(failed)
        told = phrase("{n} linked.", n=done)
        if failed:
            unknown = ", ".join(failed[:MOST_TOLD])
            told = phrase("{n} linked. Not known: {emails}.", n=done, emails=unknown)
        await self._screen.show(team, admin, payload["view"], told)
        return None


def pairs_in(text: str) -> tuple[list[tuple[str, str]], list[int]]:
    """The pairs in lines of CSV, and the numbers of lines that are none. A heading is passed over."""
    pairs: list[tuple[str, str]] = []
    wrong: list[int] = []
    lines = text.strip().splitlines()
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True), [])]
        if not any(cells) or (number == 1 and not any("@" in cell for cell in cells)):
            continue
        if len(cells) == 2 and all(map(is_address, cells)) and len(pairs) < MOST_LINES:
            pairs.append((cells[0], cells[1]))
        else:
            wrong.append(number)
    return pairs, wrong


def is_address(text: str) -> bool:
    """Whether this may be an e-mail address."""
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
