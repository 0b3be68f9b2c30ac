"""Users and groups of a company."""

from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    """Someone with an account. `admin` may manage webhooks; `active: false` is somebody who was removed."""

    id: str
    email: str
    first_name: str
    last_name: str
    title: str = ""
    department: str = ""
    active: bool = True
    admin: bool = False

    @property
    def name(self) -> str:
        """The display name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Group:
    """A SCIM group; members are user ids."""

    id: str
    name: str
    members: tuple[str, ...] = ()
