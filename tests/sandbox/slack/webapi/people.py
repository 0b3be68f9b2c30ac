"""users.*, usergroups.*, bots.info, team.info, auth.test (facts page A.7)."""

from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.webapi.call import Call, Method
from tests.sandbox.slack.workspace import Member


def shown_member(call: Call, member: Member) -> Json:
    """A person as Slack shows them to this app; the address only with `users:read.email`."""
    profile: Json = {
        "real_name": member.real_name,
        "display_name": member.name,
        "real_name_normalized": member.real_name,
        "display_name_normalized": member.name,
        "team": member.team_id,
    }
    if member.email is not None and "users:read.email" in call.installation.scopes:
        profile["email"] = member.email
    shown: Json = {
        "id": member.id,
        "team_id": member.team_id,
        "name": member.name,
        "deleted": member.deleted,
        "color": member.color,
        "profile": profile,
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    return shown if member.deleted else shown | _living(call, member)


def _living(call: Call, member: Member) -> Json:
    shown: Json = {
        "real_name": member.real_name,
        "tz": member.tz,
        "tz_label": member.tz,
        "tz_offset": member.tz_offset,
        "is_admin": member.is_admin,
        "is_owner": member.is_owner,
        "is_primary_owner": False,
        "is_restricted": member.is_restricted,
        "is_ultra_restricted": False,
    }
    return shown | ({"locale": member.locale} if call.flag("include_locale") else {})


def info(call: Call) -> Json:
    """users.info"""
    return {"user": shown_member(call, call.member(call.text("user")))}


def _team(call: Call) -> list[Member]:
    everybody = call.world.workspaces.members.values()
    return [one for one in everybody if one.team_id == call.installation.team_id]


def list_members(call: Call) -> Json:
    """users.list"""
    page, metadata = call.page(_team(call), default=1000)
    return {
        "members": [shown_member(call, one) for one in page],
        "cache_ts": int(call.world.clock()),
        "response_metadata": metadata,
    }


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail; people who have left are not found."""
    wanted = call.text("email").casefold()
    for one in _team(call):
        if one.email is not None and one.email.casefold() == wanted and not one.deleted:
            return {"user": shown_member(call, one)}
    raise SlackError("users_not_found")


def list_groups(call: Call) -> Json:
    """usergroups.list"""
    groups = [one for one in call.world.workspaces.user_groups if one.team_id == call.installation.team_id]
    shown = []
    for one in groups:
        entry: Json = {
            "id": one.id,
            "team_id": one.team_id,
            "is_usergroup": True,
            "name": one.name,
            "handle": one.handle,
            "date_delete": 0,
            "user_count": len(one.users),
        }
        shown.append(entry | ({"users": list(one.users)} if call.flag("include_users") else {}))
    return {"usergroups": shown}


def group_members(call: Call) -> Json:
    """usergroups.users.list"""
    wanted = call.text("usergroup")
    for one in call.world.workspaces.user_groups:
        if one.id == wanted and one.team_id == call.installation.team_id:
            return {"users": list(one.users)}
    raise SlackError("no_such_subteam")


def bot_info(call: Call) -> Json:
    """bots.info"""
    wanted = call.optional("bot") or call.installation.bot_id
    for one in call.world.workspaces.installed(call.installation.team_id):
        if one.bot_id == wanted:
            bot = {"id": one.bot_id, "deleted": False, "name": one.app.name, "user_id": one.bot_user_id}
            return {"bot": bot | {"app_id": one.app.id, "updated": 0}}
    raise SlackError("bot_not_found")


def team_info(call: Call) -> Json:
    """team.info"""
    team = call.world.workspaces.teams[call.installation.team_id]
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}


def auth_test(call: Call) -> Json:
    """auth.test"""
    installation = call.installation
    team = call.world.workspaces.teams[installation.team_id]
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": call.world.workspaces.members[installation.bot_user_id].name,
        "team_id": team.id,
        "user_id": installation.bot_user_id,
        "bot_id": installation.bot_id,
        "is_enterprise_install": installation.is_org_wide,
    }


def file_info(call: Call) -> Json:
    """files.info: of files uploaded into the app's forms, and of those shared where the app is."""
    stored = call.world.workspaces.files.get(call.text("file"))
    if stored is None or stored.team_id != call.installation.team_id:
        raise SlackError("file_not_found")
    shared = call.world.shared_in(stored.id)
    if shared and not any(call.is_member_of(one) for one in shared):
        raise SlackError("file_not_found")
    lists = {"public": "channels", "private": "groups", "im": "ims", "mpim": "groups"}
    where: Json = {"channels": [], "groups": [], "ims": []}
    for one in shared:
        where[lists[one.kind]].append(one.id)
    public = {"is_public": any(one.kind == "public" for one in shared)}
    return {"file": {**(call.world.file_object(stored.id) or {}), **where, **public}, "comments": []}


METHODS = {
    "auth.test": Method(auth_test),
    "bots.info": Method(bot_info, ("users:read",)),
    "files.info": Method(file_info, ("files:read",)),
    "team.info": Method(team_info, ("team:read",)),
    "usergroups.list": Method(list_groups, ("usergroups:read",)),
    "usergroups.users.list": Method(group_members, ("usergroups:read",)),
    "users.info": Method(info, ("users:read",)),
    "users.list": Method(list_members, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",)),
}
