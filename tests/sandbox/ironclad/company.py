"""A company in Ironclad and everything it owns."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.sandbox.ironclad.identifiers import object_id
from tests.sandbox.ironclad.people import Group, User
from tests.sandbox.ironclad.records import Record
from tests.sandbox.ironclad.templates import Template
from tests.sandbox.ironclad.workflows import Workflow


@dataclass
class Company:
    """One customer of Ironclad. `users` still holds those who were removed, as inactive."""

    name: str
    id: str = field(default_factory=object_id)
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    numbers: int = 0

    def next_number(self) -> int:
        """The next of the counter behind `IC-…`, which workflows and records share."""
        self.numbers += 1
        return self.numbers

    @property
    def people(self) -> Iterator[User]:
        """Users who still belong to the company: `active: false` means removed (facts page, §7.3)."""
        return (user for user in self.users.values() if user.active)

    def user(self, who: str) -> User | None:
        """One of the people, by id or by e-mail address in any case."""
        wanted = who.lower()
        return next((user for user in self.people if wanted in (user.id, user.email.lower())), None)

    def deactivate(self, user: User) -> None:
        """Remove somebody from the company."""
        self.users[user.id] = replace(user, active=False)

    def workflow(self, name: str) -> Workflow | None:
        """A workflow by id or `IC-n`."""
        found = self.workflows.get(name)
        return found or next((one for one in self.workflows.values() if one.ironclad_id == name), None)

    def record(self, name: str) -> Record | None:
        """A record by UUID or `IC-n`."""
        found = self.records.get(name)
        return found or next((one for one in self.records.values() if one.ironclad_id == name), None)
