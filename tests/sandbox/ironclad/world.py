"""The state of the Ironclad in a box. Everything else here reads it or changes it.

In a test: `world = IroncladWorld()`, add what the test is about, `build(world)`, look at the world after.
`demo_world()` is a furnished one.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from tests.sandbox.ironclad import scopes
from tests.sandbox.ironclad.company import Company
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN, demo_designs
from tests.sandbox.ironclad.documents import Document
from tests.sandbox.ironclad.errors import Json, Refusal
from tests.sandbox.ironclad.faults import Fault, Faults
from tests.sandbox.ironclad.identifiers import nano_id, object_id, timestamp
from tests.sandbox.ironclad.launching import Order, launch
from tests.sandbox.ironclad.limits import Limits
from tests.sandbox.ironclad.oauth import GRANTS, Client, OAuth
from tests.sandbox.ironclad.people import Group, User
from tests.sandbox.ironclad.records import Record
from tests.sandbox.ironclad.rules import Rules
from tests.sandbox.ironclad.templates import Template
from tests.sandbox.ironclad.traffic import RequestLog
from tests.sandbox.ironclad.webhooks import Webhook, Webhooks
from tests.sandbox.ironclad.workflows import Event, Workflow

DEMO_CLIENT_ID = "0b7a3e52-1c1f-4c55-9d0e-6f1b8a2c7e10"
DEMO_CLIENT_SECRET = "harbor-oak-demo-secret"
DEMO_REDIRECT_URIS = tuple(
    f"http://{host}:{port}/ironclad/callback"
    for host in ("127.0.0.1", "localhost")
    for port in range(3000, 3010)
)
DEFAULT_PUBLIC_URL = "http://127.0.0.1:8401"


@dataclass
class Job:
    """An asynchronous launch. `workflow` and `refusal` are both None while it runs."""

    company: Company
    by: User
    order: Order
    payload: Json
    id: str
    workflow: Workflow | None = None
    refusal: Refusal | None = None

    @property
    def state(self) -> Literal["in_progress", "success", "failed"]:
        """The `status` of its answer."""
        if self.workflow is not None:
            return "success"
        return "failed" if self.refusal is not None else "in_progress"


class IroncladWorld:
    """Companies and all they own, OAuth, webhooks, faults, limits, rules, and a log of what arrived.

    Args:
        clock: the time, aware; a test that turns it makes tokens expire.
        name: of the first company.
        seed: of the faults' chances.

    Attributes:
        company: the first company; the `add_…` methods mean it unless told otherwise.
        public_url: where browsers and clients reach this world, without a slash at the end; it is in answers.
    """

    def __init__(
        self, *, clock: Callable[[], datetime] | None = None, name: str = "Harbor Oak", seed: int = 0
    ) -> None:
        self.now = clock or _utc_now
        self.rules = Rules()
        self.limits = Limits()
        self.faults = Faults(seed)
        self.requests = RequestLog()
        self.oauth = OAuth(self.rules, self.now)
        self.webhooks = Webhooks(self.rules, self.now)
        self.jobs: dict[str, Job] = {}
        self.companies: dict[str, Company] = {}
        self.public_url = DEFAULT_PUBLIC_URL
        self._tasks: set[asyncio.Task[None]] = set()
        self.company = self.add_company(name)

    @property
    def workflows(self) -> list[Workflow]:
        """The workflows of all companies, in the order of their launch."""
        return [one for company in self.companies.values() for one in company.workflows.values()]

    # Furniture.

    def add_company(self, name: str) -> Company:
        """One more customer of Ironclad."""
        company = Company(name)
        self.companies[company.id] = company
        return company

    def add_user(self, email: str, name: str = "", *, company: Company | None = None, **more: Any) -> User:
        """Somebody with an account; a name is made of the address when none is given.

        Args:
            more: `title`, `department`, `active`, `admin`.
        """
        spelled = name or email.partition("@")[0].replace(".", " ").replace("-", " ").title()
        first, _, last = spelled.partition(" ")
        user = User(object_id(), email, first, last, **more)
        (company or self.company).users[user.id] = user
        return user

    def add_group(self, name: str, members: Iterable[User] = (), *, company: Company | None = None) -> Group:
        """A SCIM group."""
        group = Group(object_id(), name, tuple(user.id for user in members))
        (company or self.company).groups[group.id] = group
        return group

    def add_client(
        self,
        *,
        client_id: str | None = None,
        secret: str | None = None,
        grants: Iterable[str] = GRANTS,
        scopes: Iterable[str] = scopes.TWELVE,
        redirect_uris: Iterable[str] = DEMO_REDIRECT_URIS,
        company: Company | None = None,
    ) -> Client:
        """A registered app; id and secret are made up unless given."""
        known = {} if client_id is None else {"id": client_id}
        client = Client(
            company or self.company,
            secret or nano_id(),
            grants=tuple(grants),
            scopes=tuple(scopes),
            redirect_uris=tuple(redirect_uris),
            **known,
        )
        return self.oauth.add(client)

    def add_template(self, template: Template, *, company: Company | None = None) -> Template:
        """Publish a design."""
        (company or self.company).templates[template.id] = template
        return template

    def republish(self, template: Template) -> Template:
        """Unpublish and publish: the design keeps its place and gets a new id; the old id is gone."""
        owner = next(one for one in self.companies.values() if template.id in one.templates)
        renewed = template.republished()
        owner.templates = {
            (renewed.id if key == template.id else key): renewed if key == template.id else one
            for key, one in owner.templates.items()
        }
        return renewed

    def unpublish(self, template: Template) -> None:
        """Take a design away."""
        for company in self.companies.values():
            company.templates.pop(template.id, None)

    def add_record(
        self, name: str, kind: str = "contract", *, company: Company | None = None, **properties: Json
    ) -> Record:
        """A stored contract; properties are `{"type": …, "value": …}`."""
        owner = company or self.company
        record = Record(owner.next_number(), name, kind, self.now(), properties)
        owner.records[record.id] = record
        return record

    def template(self, name: str) -> Template:
        """The published design of the first company with this name.

        Raises:
            StopIteration: there is none.
        """
        return next(one for one in self.company.templates.values() if one.name == name)

    def user(self, email: str) -> User:
        """Somebody of the first company.

        Raises:
            KeyError: nobody there has this address.
        """
        found = self.company.user(email)
        if found is None:
            raise KeyError(email)
        return found

    def fault(self, **fault: Any) -> Fault:
        """Switch a fault on, by the fields of `Fault`."""
        return self.faults.add(Fault(**fault))

    # What happens.

    def launch(self, company: Company, order: Order, by: User) -> Workflow:
        """Launch now and tell the webhooks.

        Raises:
            Refusal: see `launching.launch`.
        """
        workflow = launch(company, self.rules, order, by, self.now())
        self.tell(company, workflow, [Event("workflow_launched")])
        return workflow

    def launch_later(self, company: Company, order: Order, by: User, payload: Json) -> Job:
        """Begin an asynchronous launch, which is over after `rules.job_seconds`."""
        job = Job(company, by, order, payload, nano_id())
        self.jobs[job.id] = job
        if self.rules.job_seconds > 0:
            self.background(self._finish_later(job, self.rules.job_seconds))
        else:
            self._finish(job)
        return job

    def moved(self, company: Company, workflow: Workflow, events: Iterable[Event]) -> None:
        """A workflow has changed: date it and tell the webhooks."""
        workflow.updated = self.now()
        self.tell(company, workflow, [*events, Event("workflow_updated")])

    def archive(self, company: Company, workflow: Workflow) -> None:
        """Complete a workflow and store its record.

        Raises:
            Refusal: INVALID_STATE where it is not at Archive, or cannot be archived.
        """
        number = company.numbers + 1
        record = Record(number, workflow.title, "contract", self.now(), _properties(workflow))
        events = workflow.complete(record.id)
        company.numbers = number
        company.records[record.id] = record
        self.moved(company, workflow, events)

    def tell(self, company: Company, workflow: Workflow, events: Iterable[Event]) -> None:
        """Send events to whoever subscribed to them."""
        ids = {"templateID": workflow.template.id, "workflowID": workflow.id}
        for event in events:
            for delivery in self.webhooks.emit(company.id, event, ids):
                self.background(delivery)

    def add_webhook(
        self, target: str, events: Iterable[str] = ("*",), *, company: Company | None = None
    ) -> Webhook:
        """A registration as the API makes it."""
        owner = company or self.company
        tags = ("oauth", "clientCredentials")
        webhook = Webhook(owner.id, target, tuple(events), "system", self.now(), tags)
        self.webhooks.registered[webhook.id] = webhook
        return webhook

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the answers."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until deliveries and asynchronous launches are done."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def replace_user(self, user: User, **changes: Any) -> User:
        """Change an account: `active`, `email`, `admin` …"""
        owner = next(one for one in self.companies.values() if user.id in one.users)
        owner.users[user.id] = replace(user, **changes)
        return owner.users[user.id]

    async def _finish_later(self, job: Job, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._finish(job)

    def _finish(self, job: Job) -> None:
        try:
            job.workflow = self.launch(job.company, job.order, job.by)
        except Refusal as refused:
            job.refusal = refused

    # Addresses.

    def workflow_page(self, workflow: Workflow) -> str:
        """Where a browser sees a workflow; singular, as live answers have it (facts page, §1)."""
        return f"{self.public_url}/workflow/{workflow.id}"

    def launch_form(self, company: Company, template_id: str) -> str:
        """Where a browser finds the launch form of a design."""
        return f"{self.public_url}/c/{company.id}/workflows/launch/{template_id}"

    def document(self, workflow: Workflow, key: str) -> Document | None:
        """A file of a workflow by its key."""
        return next((one for one in workflow.documents if one.key == key), None)


def demo_world(*, clock: Callable[[], datetime] | None = None) -> IroncladWorld:
    """Harbor Oak: four people, an ops admin, one registered app and eleven published designs."""
    world = IroncladWorld(clock=clock)
    people = [
        world.add_user("dana.ruiz@example.com", "Dana Ruiz", title="Counsel", department="Legal"),
        world.add_user(
            "lee.wong@example.com", "Lee Wong", title="Head of Procurement", department="Procurement"
        ),
        world.add_user("sam.ito@example.com", "Sam Ito", title="Account Executive", department="Sales"),
        world.add_user("priya.nair@example.com", "Priya Nair", title="Finance Lead", department="Finance"),
    ]
    world.add_user(OPS_ADMIN, "Ops Admin", title="Legal Operations", department="Legal", admin=True)
    world.add_group("Legal Ops", people[:1])
    world.add_group("Procurement", people[1:2])
    world.add_client(client_id=DEMO_CLIENT_ID, secret=DEMO_CLIENT_SECRET, scopes=scopes.EVERY)
    for template in demo_designs():
        world.add_template(template)
    _stored_contracts(world)
    return world


def _stored_contracts(world: IroncladWorld) -> None:
    for counterparty, kind, signed in (
        ("Lanternfish Ltd", "mutualNda", "2026-03-02"),
        ("Northgate Freight", "vendorServicesAgreement", "2025-11-19"),
        ("Sable & Finch", "mutualNda", "2026-06-30"),
    ):
        world.add_record(
            f"{'Mutual NDA' if kind == 'mutualNda' else 'Vendor Services Agreement'} with {counterparty}",
            kind,
            counterpartyName={"type": "string", "value": counterparty},
            agreementDate={"type": "date", "value": f"{signed}T00:00:00-07:00"},
        )


def _properties(workflow: Workflow) -> dict[str, Json]:
    """The properties a completed workflow leaves in its record."""
    texts = {key: value for key, value in workflow.attributes.items() if isinstance(value, str)}
    properties = {key: {"type": "string", "value": value} for key, value in texts.items()}
    return {**properties, "agreementDate": {"type": "date", "value": timestamp(workflow.updated)}}


def _utc_now() -> datetime:
    return datetime.now(UTC)
