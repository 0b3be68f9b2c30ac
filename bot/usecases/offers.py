"""To whom, and where, the templates are offered that Ironclad lets somebody launch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from time import monotonic

from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from bot.usecases.ports import UserGroups, Where
from storage import Database, TemplateRule

Item = tuple[str, str]  #: id and name of a template

FRESH_SECONDS = 300.0  # that the members of a group are remembered
REMEMBERED_AT_MOST = 10_000


@dataclass(frozen=True)
class Allowed:
    """What somebody is offered here; `elsewhere`: more of it in other channels."""

    items: Sequence[Item]
    elsewhere: bool = False


class Audience:
    """Says which templates somebody is offered where they are."""

    def __init__(self, database: Database, groups: UserGroups) -> None:
        self._database = database
        self._groups = groups
        self._members: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}

    async def of(
        self,
        team: str,
        user: str,
        where: Where,
        items: Sequence[Item],
        rules: Collection[TemplateRule],
    ) -> Allowed:
        """Those of the templates that the rules let `user` have. Raises `TryLater`."""
        if not rules:
            return Allowed(items)
        about = {item: [rule for rule in rules if rule.is_about(*item)] for item in items}
        asked = [rule for found in about.values() for rule in found]
        places = await self._places(team, where) if any(rule.channels for rule in asked) else ()
        groups = await self._groups_of(team, user, asked)
        here = [item for item in items if all(rule.allows(user, groups, places) for rule in about[item])]
        anywhere = [
            item for item in items if all(rule.allows(user, groups, rule.channels) for rule in about[item])
        ]
        return Allowed(here, elsewhere=len(anywhere) > len(here))

    async def _places(self, team: str, where: Where) -> Collection[str]:
        """Where it is asked: a request is where its card is, too."""
        if not where.request:
            return (where.channel,)
        async with self._database.reading() as store:
            card = await store.posts.get(team, f"card:{where.request}")
        return (where.channel, card.channel) if card else (where.channel,)

    async def _groups_of(self, team: str, user: str, rules: Iterable[TemplateRule]) -> set[str]:
        """Those of the groups named in `rules` that `user` is in."""
        named = {group for rule in rules if user not in rule.users for group in rule.groups}
        return {group for group in sorted(named) if user in await self._members_of(team, group)}

    async def _members_of(self, team: str, group: str) -> frozenset[str]:
        until, members = self._members.get((team, group), (0.0, frozenset()))
        if monotonic() < until:
            return members
        found = frozenset(await self._groups.members(team, group) or ())
        if len(self._members) >= REMEMBERED_AT_MOST:
            self._members.clear()
        self._members[team, group] = (monotonic() + FRESH_SECONDS, found)
        return found


@dataclass(frozen=True)
class Edited:
    """A rule that is being edited, with the names of the user groups in it."""

    rule: TemplateRule
    groups: Sequence[tuple[str, str]]


class Offers:
    """Reads and changes the rules. Admins only; every method raises `Refusal` for anybody else."""

    def __init__(self, database: Database, people: People, groups: UserGroups) -> None:
        self._database = database
        self._people = people
        self._groups = groups

    async def rules(self, team: str, user: str) -> list[TemplateRule]:
        """Every rule, by the names of the templates."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            found = (await store.settings.template_rules(team)).values()
        return sorted(found, key=lambda rule: rule.name.casefold())

    async def any_known(self, team: str) -> bool:
        """Whether there is a template to be offered."""
        async with self._database.reading() as store:
            return bool(await store.templates.known(team))

    async def find(self, team: str, user: str, query: str) -> list[Item]:
        """The templates whose name holds every word of `query`."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            known = await store.templates.known(team)
        words = query.casefold().split()
        return [item for item in known if all(word in item[1].casefold() for word in words)]

    async def edit(self, team: str, user: str, template_id: str) -> Edited:
        """The rule of a template, or the one that restricts nothing."""
        known = {rule.template_id: rule for rule in await self.rules(team, user)}
        async with self._database.reading() as store:
            template = await store.templates.get(team, template_id)
        rule = known.get(template_id)
        if rule is None:
            if template is None:
                raise Refusal(phrase("This template is no longer offered."), phrase("Pick another one."))
            named = next((one for one in known.values() if one.is_about(template.id, template.name)), None)
            rule = named or TemplateRule(template.id, template.name)
        names = dict(await self._groups.all(team)) if rule.groups else {}
        return Edited(rule, [(group, names.get(group, group)) for group in rule.groups])

    async def save(self, team: str, user: str, rule: TemplateRule) -> TemplateRule:
        """Offer a template by this rule from now on."""
        former = (await self.edit(team, user, rule.template_id)).rule
        rule = TemplateRule(
            former.template_id, former.name, rule.hidden, rule.users, rule.groups, rule.channels
        )
        if rule != former:
            async with self._database.transaction() as store:
                await store.workspaces.ensure(team)
                await store.settings.rule_template(team, rule)
                await store.audit.add(
                    team, user, "offers.set", rule.name, before=_facts(former), after=_facts(rule)
                )
        return rule

    async def find_groups(self, team: str, user: str, query: str) -> list[tuple[str, str]]:
        """Slack's user groups whose name holds every word of `query`."""
        await self._people.only_admins(team, user)
        words = query.casefold().split()
        return [
            one for one in await self._groups.all(team) if all(word in one[1].casefold() for word in words)
        ]


def _facts(rule: TemplateRule) -> dict[str, object]:
    """What the audit log says of a rule."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(rule).items()
        if name not in ("template_id", "name")
    }
