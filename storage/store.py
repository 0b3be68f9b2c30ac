"""What a transaction or a reading is made of: one repository per kind of thing."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from storage.execution import Execution
from storage.records import Opening
from storage.repositories.api_keys import ApiKeys
from storage.repositories.audit import Audit
from storage.repositories.base import now
from storage.repositories.conditions import Conditions
from storage.repositories.connections import Connections
from storage.repositories.drafts import Drafts
from storage.repositories.erasure import Erasure
from storage.repositories.feeds import Feeds
from storage.repositories.histories import Absences, Events, Rulebooks
from storage.repositories.hooks import Hooks
from storage.repositories.identities import Identities, Memories
from storage.repositories.installs import Installs
from storage.repositories.launches import Launches
from storage.repositories.lessons import Lessons
from storage.repositories.opening import read_opening
from storage.repositories.people import People
from storage.repositories.posts import Posts
from storage.repositories.requests import Requests
from storage.repositories.sealed import SealedValues
from storage.repositories.settings import WorkspaceSettingsRepository
from storage.repositories.tasks import Tasks
from storage.repositories.templates import Templates
from storage.repositories.tickets import Tickets
from storage.repositories.versions import Versions
from storage.repositories.workspaces import Workspaces
from storage.sealing import Sealing


class Store:
    """The repositories, all within one transaction or one reading. Made by `Database` only."""

    def __init__(self, execution: Execution, sealing: Sealing, *, writes: bool = False) -> None:
        self._execution = execution
        self._sealing = sealing
        self._writes = writes

    @property
    def connection(self) -> Execution:
        """The transaction itself, for `storage.work` alone; a reading has none (RuntimeError)."""
        if not self._writes:
            raise RuntimeError("work is started in a transaction, not in a reading")
        return self._execution

    async def now(self) -> datetime:
        """The time by which leases are measured: the database's on PostgreSQL, the host's on SQLite."""
        return await now(self._execution)

    async def opening(self, team: str, user: str, rules: str) -> Opening:
        """What `/contract` shows first, in one query: see `storage.repositories.opening`."""
        return await read_opening(self._execution, team, user, rules)

    @cached_property
    def workspaces(self) -> Workspaces:
        """Workspaces and their settings."""
        return Workspaces(self._execution, self._sealing)

    @cached_property
    def people(self) -> People:
        """Cached Slack profiles."""
        return People(self._execution, self._sealing)

    @cached_property
    def connections(self) -> Connections:
        """Ways into Ironclad, and their tokens."""
        return Connections(self._execution, self._sealing)

    @cached_property
    def conditions(self) -> Conditions:
        """Rules of conditional questions."""
        return Conditions(self._execution, self._sealing)

    @cached_property
    def tickets(self) -> Tickets:
        """Approval links, and ways back from Ironclad's consent page."""
        return Tickets(self._execution, self._sealing)

    @cached_property
    def templates(self) -> Templates:
        """Cached launch schemas."""
        return Templates(self._execution, self._sealing)

    @cached_property
    def drafts(self) -> Drafts:
        """Half-filled forms."""
        return Drafts(self._execution, self._sealing)

    @cached_property
    def requests(self) -> Requests:
        """Requests and their numbers."""
        return Requests(self._execution, self._sealing)

    @cached_property
    def tasks(self) -> Tasks:
        """The tasks of requests: who is asked, what they decided."""
        return Tasks(self._execution, self._sealing)

    @cached_property
    def events(self) -> Events:
        """What happened to requests."""
        return Events(self._execution, self._sealing)

    @cached_property
    def rulebooks(self) -> Rulebooks:
        """Rules that admins edit: approvals, the intake form, reminders."""
        return Rulebooks(self._execution, self._sealing)

    @cached_property
    def absences(self) -> Absences:
        """Who is away, and who decides for them."""
        return Absences(self._execution, self._sealing)

    @cached_property
    def launches(self) -> Launches:
        """Launches and their attempts."""
        return Launches(self._execution, self._sealing)

    @cached_property
    def feeds(self) -> Feeds:
        """How news of workflows come in."""
        return Feeds(self._execution, self._sealing)

    @cached_property
    def lessons(self) -> Lessons:
        """What Ironclad's refusals taught."""
        return Lessons(self._execution, self._sealing)

    @cached_property
    def versions(self) -> Versions:
        """What launch schemas were like before."""
        return Versions(self._execution, self._sealing)

    @cached_property
    def posts(self) -> Posts:
        """Outgoing Slack messages."""
        return Posts(self._execution, self._sealing)

    @cached_property
    def audit(self) -> Audit:
        """Who changed what."""
        return Audit(self._execution, self._sealing)

    @cached_property
    def settings(self) -> WorkspaceSettingsRepository:
        """What admins decide on Home."""
        return WorkspaceSettingsRepository(self._execution, self._sealing)

    @cached_property
    def api_keys(self) -> ApiKeys:
        """Keys of the intake API."""
        return ApiKeys(self._execution, self._sealing)

    @cached_property
    def hooks(self) -> Hooks:
        """Where workspaces want to be told what happens."""
        return Hooks(self._execution, self._sealing)

    @cached_property
    def identities(self) -> Identities:
        """Who people are in Ironclad, where that is not their Slack e-mail."""
        return Identities(self._execution, self._sealing)

    @cached_property
    def memories(self) -> Memories:
        """What people typed last."""
        return Memories(self._execution, self._sealing)

    @cached_property
    def erasure(self) -> Erasure:
        """Deleting everything that is kept of a workspace."""
        return Erasure(self._execution, self._sealing)

    @cached_property
    def installs(self) -> Installs:
        """Where the app is installed."""
        return Installs(self._execution, self._sealing)

    @cached_property
    def sealed(self) -> SealedValues:
        """Every sealed value there is."""
        return SealedValues(self._execution, self._sealing)
