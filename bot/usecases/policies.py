"""Editing the rules of requests: who approves, what is asked, when people are reminded. Admins only.

The approval policy is edited as a draft of one's own and counts from *Put in force* on; a half-made stage
never decides about anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.texts import phrase
from bot.usecases.calendar import KIND as REMINDERS
from bot.usecases.calendar import Reminders
from bot.usecases.courses import intake_of, policy_of
from bot.usecases.errors import Refusal
from bot.usecases.intake import KIND as INTAKE
from bot.usecases.intake import CustomField, Intake
from bot.usecases.nudging import rules_of
from bot.usecases.people import People
from bot.usecases.policy import KIND as APPROVALS
from bot.usecases.policy import Group, Plan, Policy, Stage, groups_needed, plan, read_policy
from bot.usecases.ports import GroupNames, Groups, TryLater
from storage import Database, Store

MAX_STAGES = 10
MAX_CUSTOM = 20


@dataclass(frozen=True)
class Draft:
    """A policy that somebody is editing; `base` is the version in force that they began with."""

    base: int
    policy: Policy
    intake: Intake
    #: Why groups of Ironclad cannot be named, if so.
    without_groups: Refusal | None = None


class Policies:
    """Reads and changes the rules of a workspace."""

    def __init__(self, database: Database, people: People, groups: Groups, names: GroupNames) -> None:
        self._database = database
        self._people = people
        self._groups = groups
        self._names = names

    # The approval policy ----------------------------------------------------------------------------

    async def begin(self, team: str, user: str) -> Draft:
        """A fresh draft of what is in force. Raises `Refusal` for somebody who is no admin."""
        await self._only_admins(team, user)
        async with self._database.transaction() as store:
            base = await _version(store, team, APPROVALS)
            policy = await policy_of(store, team)
            await _keep(store, team, user, base, policy)
            return Draft(base, policy, await intake_of(store, team))

    async def draft(self, team: str, user: str) -> Draft:
        """The draft that this admin has open. Raises `Refusal`."""
        await self._only_admins(team, user)
        async with self._database.reading() as store:
            book = await store.rulebooks.current(team, _draft_of(user))
            if book is None:
                raise Refusal(
                    phrase("There is no draft of the approvals any more."), phrase("Open them again on Home.")
                )
            policy = read_policy(book.body["policy"])
            intake = await intake_of(store, team)
        return Draft(int(book.body["base"]), policy, intake, await self._names.lacking(team))

    async def keep(self, team: str, user: str, draft: Draft, policy: Policy) -> Draft:
        """Write a change of the draft down. Raises `Refusal`."""
        await self._only_admins(team, user)
        if len(policy.stages) > MAX_STAGES:
            raise Refusal(phrase("{n} stages are possible.", n=MAX_STAGES), phrase("Remove one first."))
        async with self._database.transaction() as store:
            await _keep(store, team, user, draft.base, policy)
        return replace(draft, policy=policy)

    async def enforce(self, team: str, user: str, draft: Draft) -> Policy:
        """Put the draft in force. Raises `Refusal` when somebody else has changed the policy meanwhile."""
        await self._only_admins(team, user)
        async with self._database.transaction() as store:
            body = draft.policy.model_dump(mode="json")
            former, saved = await _body(store, team, APPROVALS), None
            if await _version(store, team, APPROVALS) == draft.base:
                saved = await store.rulebooks.save(team, APPROVALS, body, user, draft.base + 1)
            if saved is None:
                raise Refusal(
                    phrase("Somebody else has changed the approvals meanwhile."),
                    phrase("Close this and open them again."),
                )
            subject = f"version {saved.version}"
            await store.audit.add(team, user, "approvals.changed", subject, before=former, after=body)
        return draft.policy

    async def preview(
        self, team: str, user: str, draft: Draft, values: Mapping[str, Any], requester: str
    ) -> Plan:
        """Where a request like this would go. Raises `Refusal`."""
        await self._only_admins(team, user)
        members: dict[tuple[str, str], Sequence[str] | None] = {}
        try:
            for group in groups_needed(draft.policy, values):
                members[group.kind, group.id] = await self._groups.members(team, group.kind, group.id)
        except TryLater:
            raise Refusal(
                phrase("The groups cannot be looked up right now."), phrase("Try again in a moment.")
            ) from None
        return plan(draft.policy, values, requester, members)

    async def find_groups(self, team: str, user: str, query: str) -> Sequence[Group]:
        """Groups of either kind whose name holds every word of `query`. Raises `Refusal`."""
        await self._only_admins(team, user)
        words = query.casefold().split()
        found = [
            group
            for group in await self._names.all(team)
            if all(word in f"{group.name} ({group.kind})".casefold() for word in words)
        ]
        return found[:100]

    async def named_groups(self, team: str, chosen: Sequence[tuple[str, str]]) -> tuple[Group, ...]:
        """The groups behind what was chosen, with their names."""
        known = {(group.kind, group.id): group for group in await self._names.all(team)}
        return tuple(known[one] for one in chosen if one in known)

    # The form of requests ---------------------------------------------------------------------------

    async def intake(self, team: str, user: str) -> Intake:
        """The form in force. Raises `Refusal` for somebody who is no admin."""
        await self._only_admins(team, user)
        async with self._database.reading() as store:
            return await intake_of(store, team)

    async def save_intake(self, team: str, user: str, intake: Intake) -> Intake:
        """Put another form in force; requests that exist keep what they hold. Raises `Refusal`."""
        await self._only_admins(team, user)
        if len(intake.custom) > MAX_CUSTOM:
            raise Refusal(
                phrase("{n} fields of your own are possible.", n=MAX_CUSTOM), phrase("Remove one first.")
            )
        async with self._database.transaction() as store:
            version, former = await _version(store, team, INTAKE), await _body(store, team, INTAKE)
            body = intake.model_dump(mode="json")
            if await store.rulebooks.save(team, INTAKE, body, user, version + 1) is None:
                raise Refusal(phrase("Somebody else is changing the form."), phrase("Try again."))
            subject = f"version {version + 1}"
            await store.audit.add(team, user, "request_form.changed", subject, before=former, after=body)
        return intake

    async def reminders(self, team: str, user: str) -> Reminders:
        """When people are reminded here. Raises `Refusal` for somebody who is no admin."""
        await self._only_admins(team, user)
        async with self._database.reading() as store:
            return await rules_of(store, team)

    async def save_reminders(self, team: str, user: str, rules: Reminders) -> None:
        """Remind people by other rules from now on. Raises `Refusal`."""
        await self._only_admins(team, user)
        async with self._database.transaction() as store:
            version, former = await _version(store, team, REMINDERS), await _body(store, team, REMINDERS)
            body = rules.model_dump(mode="json")
            await store.rulebooks.save(team, REMINDERS, body, user, version + 1)
            subject = f"version {version + 1}"
            await store.audit.add(team, user, "reminders.changed", subject, before=former, after=body)

    async def add_field(self, team: str, user: str, field: CustomField) -> Intake:
        """Add a field to the form. Raises `Refusal`."""
        intake = await self.intake(team, user)
        taken = {one.key for one in intake.custom}
        key, n = field.key, 2
        while key in taken:
            key, n = f"{field.key[:38]}_{n}", n + 1
        added = field.model_copy(update={"key": key})
        return await self.save_intake(
            team, user, intake.model_copy(update={"custom": (*intake.custom, added)})
        )

    async def remove_field(self, team: str, user: str, key: str) -> Intake:
        """Ask a field no longer; requests that have it keep it. Raises `Refusal`."""
        intake = await self.intake(team, user)
        left = tuple(one for one in intake.custom if one.key != key)
        return await self.save_intake(team, user, intake.model_copy(update={"custom": left}))

    async def _only_admins(self, team: str, user: str) -> None:
        if not self._people.is_admin(await self._people.person(team, user)):
            raise Refusal(
                phrase("Only Slipway's admins can do this."), phrase("Ask a workspace owner or admin.")
            )


def with_stage(policy: Policy, stage: Stage) -> Policy:
    """The policy with a stage changed, or added at the end."""
    if any(one.id == stage.id for one in policy.stages):
        stages = tuple(stage if one.id == stage.id else one for one in policy.stages)
    else:
        stages = (*policy.stages, stage)
    return policy.model_copy(update={"stages": stages})


def moved(policy: Policy, stage_id: str, how: str) -> Policy:
    """The policy with a stage one place ``up`` or ``down``, or without it (``remove``)."""
    stages = list(policy.stages)
    place = next((n for n, one in enumerate(stages) if one.id == stage_id), None)
    if place is None:
        return policy
    stage = stages.pop(place)
    if how != "remove":
        stages.insert(max(0, place - 1) if how == "up" else place + 1, stage)
    return policy.model_copy(update={"stages": tuple(stages)})


def _draft_of(user: str) -> str:
    return f"{APPROVALS}.draft:{user}"


async def _version(store: Store, team: str, kind: str) -> int:
    book = await store.rulebooks.current(team, kind)
    return book.version if book else 0


async def _body(store: Store, team: str, kind: str) -> dict[str, Any] | None:
    book = await store.rulebooks.current(team, kind)
    return dict(book.body) if book else None


async def _keep(store: Store, team: str, user: str, base: int, policy: Policy) -> None:
    kind = _draft_of(user)
    body = {"base": base, "policy": policy.model_dump(mode="json")}
    await store.rulebooks.save(team, kind, body, user, await _version(store, team, kind) + 1)
