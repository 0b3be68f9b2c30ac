"""Connecting a workspace to Ironclad, and telling it where its procurement channel is.

A connection is *saved* (its admin gets a link and verifies it) or *published* (a second admin reviews it
first). Verifying happens in the browser: `bot.usecases.verifying`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.texts import phrase
from bot.usecases.access import ConnectionVault, IroncladAccess
from bot.usecases.acting import origin_of
from bot.usecases.credentials import NO_ADDRESS, Credentials, Review, decided_already, gone
from bot.usecases.dialling import CLIENT_CREDENTIALS, Dialling
from bot.usecases.errors import Refusal
from bot.usecases.hearing import Hearing
from bot.usecases.notices import LINK_SECONDS, Notifying, link_post
from bot.usecases.noting import facts_of, noted
from bot.usecases.people import People
from bot.usecases.ports import Channels
from bot.usecases.troubles import bad_credentials, unknown_acting_user, whats_wrong
from ironclad import BadCredentials, IroncladError
from storage import Connection, Database, Store
from storage.records import TicketPurpose


class Connecting:
    """Keeps credentials, has them reviewed and verified, and lets go of them."""

    def __init__(
        self,
        database: Database,
        access: IroncladAccess,
        people: People,
        dialling: Dialling,
        notifying: Notifying,
        *,
        hearing: Hearing,
        channels: Channels,
        public_url: str | None,
        review: Review,
    ) -> None:
        self._database = database
        self._access = access
        self._people = people
        self._dialling = dialling
        self._notifying = notifying
        self._hearing = hearing
        self._channels = channels
        self._public_url = public_url
        self.review_rule = review

    @property
    def callback(self) -> str:
        """The redirect address to register in Ironclad. Raises `Refusal` without a public address."""
        if self._public_url is None:
            raise NO_ADDRESS
        return f"{self._public_url}/ironclad/callback"

    @property
    def private_host(self) -> str | None:
        """The host that replaces every region's, if the deployment has one."""
        return self._dialling.private_host

    @property
    def mails(self) -> bool:
        """Whether links go by mail, too."""
        return self._notifying.mails

    async def only_admins(self, team: str, user: str) -> None:
        """Raise `Refusal` unless `user` may change how Slipway is set up."""
        await self._people.only_admins(team, user)

    async def email_of(self, team: str, user: str) -> str:
        """The e-mail by which Ironclad knows a Slack person. Raises `Refusal` when there is none."""
        person = await self._people.person(team, user)
        if not person.email:
            raise Refusal(
                phrase("Slack shows no e-mail address for {person}.", person=person.name),
                phrase("Choose somebody else."),
            )
        return person.email

    async def get(self, team: str, user: str, connection_id: str) -> Connection:
        """A connection, for an admin. Raises `Refusal`."""
        await self.only_admins(team, user)
        async with self._database.reading() as store:
            connection = await store.connections.get(team, connection_id)
        if connection is None:
            raise gone()
        return connection

    # Saving and publishing ------------------------------------------------------------------------

    async def submit(
        self, team: str, user: str, typed: Credentials, *, earlier: str = "", publish: bool = False
    ) -> Connection:
        """Keep the credentials sealed; then a link goes to their admin, or a request to the other admins.

        Without a secret, that of the `earlier` connection is taken. Raises `Refusal`.
        """
        await self.only_admins(team, user)
        if self._public_url is None:
            raise NO_ADDRESS
        review = publish or self.review_rule.always
        reviewers = await self._people.admins(team, but=user) if review else []
        if review and not reviewers:
            raise Refusal(
                phrase("There is no second admin here who could review it."),
                phrase("Make somebody a workspace admin, or name them in SLIPWAY_ADMINS."),
            )
        connection = await self.keep(team, user, typed, earlier=earlier, review=review)
        async with self._database.transaction() as store:
            action = "connection.published" if review else "connection.saved"
            await noted(store, user, action, connection, after=facts_of(connection))
        if not review:
            await self.send_link(connection, user)
            return connection
        async with self._database.transaction() as store:
            for reviewer in reviewers:
                post = f"review:{connection.id}:{reviewer}"
                await self._notifying.start(store, connection, reviewer, "review", post=post)
        return connection

    async def keep(
        self, team: str, user: str, typed: Credentials, *, earlier: str = "", review: bool = False
    ) -> Connection:
        """Store credentials that nobody has verified yet. Raises `Refusal` when there is no secret."""
        async with self._database.transaction() as store:
            await store.workspaces.ensure(team)
            before = await store.connections.get(team, earlier) if earlier else None
            # A secret goes only where it was first meant for: another client or host is asked for its own.
            same = before and (before.client_id, before.region) == (typed.client_id, typed.region)
            secret = typed.client_secret
            if not secret and before and same:
                secret = await store.connections.client_secret(team, before.id)
            if not secret:
                raise Refusal(phrase("The client secret is missing."), phrase("Paste it again."))
            if before and not before.verified:
                await store.connections.discard(team, before.id)
            return await store.connections.add(
                team,
                region=typed.region,
                grant=typed.grant,
                client_id=typed.client_id,
                client_secret=secret,
                acting_user=typed.acting_user if typed.grant == CLIENT_CREDENTIALS else None,
                by=user,
                wanted=typed.wanted,
                review=review,
            )

    # Reviewing ------------------------------------------------------------------------------------

    async def up_for_review(self, team: str, user: str, connection_id: str) -> Connection:
        """A published connection that this admin may decide on. Raises `Refusal`."""
        connection = await self.get(team, user, connection_id)
        if connection.state != "review":
            raise decided_already(connection)
        if connection.created_by == user:
            raise Refusal(
                phrase("You published this connection yourself."), phrase("Another admin has to review it.")
            )
        return connection

    async def review(self, team: str, user: str, connection_id: str, *, returned: str | None) -> Connection:
        """A second admin approves, or returns with a reason. Raises `Refusal`."""
        connection = await self.up_for_review(team, user, connection_id)
        others = await self._people.admins(team, but=connection.created_by)
        async with self._database.transaction() as store:
            decided = await store.connections.review(team, connection_id, by=user, returned=returned)
            connection = await store.connections.get(team, connection_id) or connection
            if decided:
                author = connection.created_by
                post = f"reviewed:{connection_id}"
                await self._notifying.start(store, connection, author, "reviewed", post=post)
                for reviewer in others:
                    post = f"review:{connection_id}:{reviewer}"
                    await self._notifying.start(
                        store, connection, reviewer, "review", post=post, turn="decided"
                    )
                verdict = "connection.approved" if returned is None else "connection.returned"
                await noted(store, user, verdict, connection, after={"reason": returned})
        if not decided:
            raise decided_already(connection)
        if returned is None:
            await self.send_link(connection, connection.created_by)
        return connection

    # The link -------------------------------------------------------------------------------------

    async def send_again(self, team: str, user: str, connection_id: str) -> Connection:
        """Send the link once more, to whoever presses; the one before stops working. Raises `Refusal`."""
        connection = await self.get(team, user, connection_id)
        if connection.state == "failed":
            async with self._database.transaction() as store:
                await store.connections.verify_again(team, connection_id)
        elif connection.state != "checking":
            raise Refusal(
                phrase("This connection is not waiting for a link."), phrase("Open Slipway's Home tab.")
            )
        await self.send_link(connection, user)
        return connection

    async def send_link(self, connection: Connection, user: str) -> None:
        """Send the approval link by direct message and, where that is set up, by mail."""
        person = await self._people.person(connection.team, user)
        async with self._database.transaction() as store:
            url, token = await self.link(store, connection, user, "connect")
            post = link_post(connection.id, user, token)
            await self._notifying.start(store, connection, user, "link", post=post, url=url, token=token)
            if self._notifying.mails and person.email:
                await self._notifying.start_mail(
                    store, connection, user, to=person.email, name=person.name, url=url, token=token
                )

    async def link(
        self, store: Store, connection: Connection, user: str, purpose: TicketPurpose
    ) -> tuple[str, str]:
        """An address for one person, and the token in it; what they held before stops working."""
        if self._public_url is None:
            raise NO_ADDRESS
        await store.tickets.void(connection.team, connection.id, user)
        _, token = await store.tickets.issue(
            connection.team,
            purpose=purpose,
            stage="link",
            connection_id=connection.id,
            user=user,
            seconds=LINK_SECONDS,
        )
        return f"{self._public_url}/ironclad/connect/{token}", token

    async def reconnect(self, team: str, user: str, connection_id: str) -> tuple[Connection, str]:
        """An address at which an admin gives consent once more. Raises `Refusal`."""
        connection = await self.get(team, user, connection_id)
        return await self._in_browser(connection, user, "reconnect")

    async def sign_in(self, team: str, user: str, connection_id: str) -> tuple[Connection, str]:
        """An address at which anybody signs in to Ironclad as themselves. Raises `Refusal`."""
        async with self._database.reading() as store:
            connection = await store.connections.get(team, connection_id)
        if connection is None:
            raise gone()
        await self.email_of(team, user)
        return await self._in_browser(connection, user, "sign_in")

    async def sign_out(self, team: str, user: str, connection_id: str) -> None:
        """Forget somebody's own tokens, on their word."""
        async with self._database.transaction() as store:
            connection = await store.connections.get(team, connection_id)
            signed_in = await store.connections.sign_ins(team, connection_id)
            accounts = {one.user: one.account for one in signed_in}
            await store.connections.sign_out(team, connection_id, user)
            if connection is not None and user in accounts:
                before: dict[str, object] = {"account": accounts[user]}
                await noted(store, user, "connection.signed_out", connection, before=before)
        self._access.forget(team)

    async def _in_browser(
        self, connection: Connection, user: str, purpose: TicketPurpose
    ) -> tuple[Connection, str]:
        if not connection.verified or connection.grant == CLIENT_CREDENTIALS:
            raise Refusal(
                phrase("This connection does not ask anybody to sign in."),
                phrase("Open Slipway's Home tab to see how it stands."),
            )
        async with self._database.transaction() as store:
            url, _ = await self.link(store, connection, user, purpose)
        return connection, url

    # Verifying with client credentials ------------------------------------------------------------

    async def adopt(self, connection: Connection) -> str:
        """Try client credentials and make the connection the workspace's own.

        Says what it can see; raises `Refusal`.
        """
        async with self._database.reading() as store:
            secret = await store.connections.client_secret(connection.team, connection.id)
        try:
            granted = await self._dialling.granted(connection, secret)
            vault = ConnectionVault(self._database, connection.team, connection.id)
            trying = replace(connection, scopes=granted)
            await self._dialling.renew_with(trying, secret, vault)
            client = self._dialling.client(trying, secret, vault).acting_as(connection.acting_user)
            company = await client.company()
            known = await client.user_by_email(connection.acting_user or "")
            templates = await client.templates() if known else []
        except IroncladError as error:
            raise whats_wrong(error, connection) from error
        if known is None:
            raise unknown_acting_user(connection)
        await self.promote(connection, company.id, company.name, granted)
        launchable = sum(template.may_launch for template in templates)
        return f"{company.name}: {launchable} of {len(templates)} templates can be launched"

    async def promote(
        self,
        connection: Connection,
        company_id: str,
        company_name: str,
        granted: tuple[str, ...],
        acting_user: str | None = None,
    ) -> None:
        """It works: new launches use it, unless it leads to the demo and they use production."""
        async with self._database.transaction() as store:
            before = await store.connections.current(connection.team)
            former = await store.connections.of_environment(connection.team, connection.demo)
            await store.connections.promote(
                connection.team,
                connection.id,
                company_id=company_id,
                company_name=company_name,
                scopes=granted,
                acting_user=acting_user,
            )
            after = await store.connections.current(connection.team)
            if (before and before.id) != (after and after.id):
                await store.templates.forget(connection.team)
            known = await store.connections.get(connection.team, connection.id) or connection
            actor = connection.created_by
            before_it, now = facts_of(former), facts_of(known)
            await noted(store, actor, "connection.connected", known, before=before_it, after=now)

    # Living with it -------------------------------------------------------------------------------

    async def put_in_use(self, team: str, user: str, connection_id: str) -> None:
        """Let new launches use this connection from now on. Raises `Refusal`."""
        connection = await self.get(team, user, connection_id)
        async with self._database.transaction() as store:
            if await store.connections.put_in_use(team, connection_id):
                await store.templates.forget(team)
                await noted(store, user, "connection.put_in_use", connection, after=facts_of(connection))

    async def replace_secret(self, team: str, user: str, connection_id: str, secret: str) -> Connection:
        """Change to a new secret once it has been seen to work: until then the old one stays in force.

        Raises `Refusal` with what is wrong with the new one.
        """
        connection = await self.get(team, user, connection_id)
        vault = ConnectionVault(self._database, team, connection_id)
        try:
            await self._dialling.renew_with(connection, secret, vault)
        except BadCredentials as refused:
            raise bad_credentials(refused, connection) from refused
        except IroncladError as error:
            raise whats_wrong(error, connection) from error
        async with self._database.transaction() as store:
            await store.connections.replace_secret(team, connection_id, secret)
            await noted(store, user, "connection.secret_replaced", connection)
        return await self.get(team, user, connection_id)

    async def disconnect(self, team: str, user: str, connection_id: str) -> None:
        """Forget a connection with its secret and tokens. Raises `Refusal`."""
        await self.only_admins(team, user)
        async with self._database.reading() as store:
            known = await store.connections.get(team, connection_id)
        if known is not None:
            await self._hearing.leave(known)
        async with self._database.transaction() as store:
            current = await store.connections.current(team)
            leaving = await store.connections.get(team, connection_id)
            gone = await store.connections.disconnect(team, connection_id)
            gone = gone or await store.connections.discard(team, connection_id)
            if current is not None and current.id == connection_id:
                await store.templates.forget(team)
            if gone and leaving is not None:
                await noted(store, user, "connection.disconnected", leaving, before=facts_of(leaving))
        if gone:
            self._access.forget(team)

    # The procurement channel ----------------------------------------------------------------------

    async def choose_channel(self, team: str, user: str, channel: str) -> None:
        """Set the procurement channel, noting at once whether cards can be posted there. Raises `Refusal`."""
        await self.only_admins(team, user)
        await self.set_channel(team, user, channel)

    async def set_channel(self, team: str, by: str, channel: str) -> str | None:
        """Set the procurement channel without asking who may. Says why cards cannot go there, if so."""
        standing = await self._channels.standing(team, channel)
        async with self._database.transaction() as store:
            former = (await store.workspaces.ensure(team)).channel
            await store.workspaces.set_channel(team, channel, by)
            await store.workspaces.note_channel_problem(team, standing.problem)
            if former != channel:
                await store.audit.add(
                    team,
                    by,
                    "channel.set",
                    standing.name,
                    before={"channel": former},
                    after={"channel": channel},
                    origin=origin_of(by),
                )
        return standing.problem
