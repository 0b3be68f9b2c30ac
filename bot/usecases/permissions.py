"""What Slipway asks Ironclad to be allowed, and what each permission is for.

The core is what launching takes. Everything else is a group that an admin may leave out: what needs it is
then shown as switched off, with the reason, and nothing else breaks. One scope that Ironclad does not know
makes it refuse all of them, so no scope is asked for that nobody chose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.texts import phrase
from bot.usecases.errors import Refusal

#: Ironclad's own sources disagree on the spelling (facts §3.1): whichever the app has registered is right.
CONTRACT_ACTIONS = ("public.records.applyContractActions", "public.records.applyContractAction")


READ_RECORDS = "public.records.readRecords"


@dataclass(frozen=True)
class Permission:
    """One scope, and what Slipway does with it."""

    scope: str
    use: str


@dataclass(frozen=True)
class Group:
    """Permissions that are chosen together; `title` completes *Slipway may …*."""

    key: str
    title: str
    permissions: tuple[Permission, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of the group."""
        return tuple(permission.scope for permission in self.permissions)


CORE = Group(
    "core",
    phrase("launch contracts"),
    (
        Permission(
            "public.workflows.readSchemas", phrase("lists your templates and the fields of their forms")
        ),
        Permission("public.workflows.createWorkflows", phrase("launches a workflow from a submitted form")),
        Permission(
            "public.workflows.readWorkflows",
            phrase("follows a launch, and finds it again after a lost answer"),
        ),
        Permission("scim.users.readUsers", phrase("tells whether somebody has an Ironclad account")),
    ),
)
USUAL = (
    Group(
        "cancelling",
        phrase("cancel workflows"),
        (Permission("public.workflows.cancel", phrase("cancels a workflow when its requester asks for it")),),
    ),
    Group(
        "documents",
        phrase("read documents"),
        (
            Permission(
                "public.workflows.readDocuments", phrase("shows and fetches the documents of a workflow")
            ),
        ),
    ),
    Group(
        "records",
        phrase("read and add records"),
        (
            Permission(READ_RECORDS, phrase("searches earlier contracts, for fields that name one")),
            Permission("public.records.createRecords", phrase("files a contract that was signed elsewhere")),
        ),
    ),
    Group(
        "actions",
        phrase("apply contract actions"),
        (
            Permission(
                CONTRACT_ACTIONS[0], phrase("ends or renews a contract when somebody decides so in Slack")
            ),
        ),
    ),
    Group(
        "groups",
        phrase("read groups"),
        (Permission("scim.groups.readGroups", phrase("shows who stands behind an approver group")),),
    ),
    Group(
        "accounts",
        phrase("look after accounts"),
        (
            Permission("scim.users.updateUsers", phrase("mends names and titles of Ironclad accounts")),
            Permission("scim.users.deleteUsers", phrase("removes the account of somebody who has left")),
        ),
    ),
)
FURTHER = (
    Group(
        "approvals",
        phrase("approve from Slack"),
        (
            Permission("public.workflows.readApprovals", phrase("shows who has approved and who is next")),
            Permission("public.workflows.updateApprovals", phrase("approves in Ironclad from the thread")),
        ),
    ),
    Group(
        "comments",
        phrase("comment from Slack"),
        (
            Permission("public.workflows.createComments", phrase("adds a comment to a workflow")),
            Permission("public.workflows.readComments", phrase("shows the comments of a workflow")),
        ),
    ),
    Group(
        "signatures",
        phrase("follow signatures"),
        (
            Permission("public.workflows.readSignatures", phrase("shows who has signed")),
            Permission("public.workflows.remindSigners", phrase("reminds a signer")),
        ),
    ),
    Group(
        "webhooks",
        phrase("hear news at once"),
        (
            Permission("public.webhooks.createWebhooks", phrase("lets Ironclad tell Slipway what changed")),
            Permission("public.webhooks.readWebhooks", phrase("sees whether that still works")),
            Permission("public.webhooks.updateWebhooks", phrase("switches it on again")),
            Permission("public.webhooks.deleteWebhooks", phrase("takes it away on disconnecting")),
        ),
    ),
)
EVERY = (CORE, *USUAL, *FURTHER)
BY_DEFAULT = tuple(group.key for group in USUAL)


def scopes_of(keys: Collection[str]) -> tuple[str, ...]:
    """The scopes to ask for: the core and the groups chosen."""
    return tuple(scope for group in EVERY if group is CORE or group.key in keys for scope in group.scopes)


def groups_in(scopes: Collection[str]) -> tuple[Group, ...]:
    """The groups of which every permission is among `scopes`."""
    return tuple(group for group in EVERY if not missing_in(group, scopes))


def missing_in(group: Group, scopes: Collection[str]) -> tuple[str, ...]:
    """The scopes that a group lacks; either spelling of contract actions will do."""
    return tuple(scope for scope in group.scopes if not has(scope, scopes))


def has(scope: str, scopes: Collection[str]) -> bool:
    """Whether `scope` is among `scopes`, in either spelling."""
    return any(one in scopes for one in (CONTRACT_ACTIONS if scope in CONTRACT_ACTIONS else (scope,)))


def respelled(scopes: Iterable[str]) -> tuple[str, ...]:
    """The same scopes with contract actions spelled the other way."""
    other = dict(zip(CONTRACT_ACTIONS, reversed(CONTRACT_ACTIONS), strict=True))
    return tuple(other.get(scope, scope) for scope in scopes)


def switched_off(scopes: Collection[str]) -> tuple[Group, ...]:
    """The groups that cannot be used with what was granted."""
    return tuple(group for group in EVERY if missing_in(group, scopes))


def missed(scopes: Collection[str], wanted: Collection[str]) -> tuple[Group, ...]:
    """The groups that cannot be used, of those that are usual or were asked for."""
    off = switched_off(scopes)
    return tuple(group for group in off if group not in FURTHER or not missing_in(group, wanted))


def lacking(key: str, scopes: Collection[str]) -> Refusal | None:
    """Why a feature is switched off; None when all its permissions were granted."""
    group = next(one for one in EVERY if one.key == key)
    missing = missing_in(group, scopes)
    if not missing:
        return None
    return Refusal(
        phrase("Slipway was not given the permission to {purpose}.", purpose=group.title),
        phrase(
            "An admin can add it on Slipway's Home tab (Manage → Change). Missing: {scopes}.",
            scopes=", ".join(missing),
        ),
    )
