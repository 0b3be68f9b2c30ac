"""The Web API: tokens, scopes, conversations, people, and each method's own errors."""

import json
from typing import Any

import pytest

from tests.sandbox.slack.errors import Json
from tests.unit.sandbox_slack.toy import Slack, actions, button, plain, section


async def test_a_call_without_a_token_with_a_wrong_one_and_with_a_revoked_one(slack: Slack) -> None:
    assert (await slack.client.post("/api/auth.test")).json()["error"] == "not_authed"
    assert (await slack.api("auth.test", token="xoxb-wrong"))["error"] == "invalid_auth"
    slack.world.workspaces.installations[0].is_active = False
    assert (await slack.api("auth.test"))["error"] == "token_revoked"


async def test_the_scopes_of_the_token_travel_in_a_header(slack: Slack) -> None:
    answer = await slack.client.post("/api/auth.test", headers={"Authorization": f"Bearer {slack.token}"})
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")
    assert answer.json()["team"] == "Harbor Oak"


async def test_an_unknown_method_is_named(slack: Slack) -> None:
    assert (await slack.api("chat.shout"))["error"] == "unknown_method"


async def test_a_form_with_json_inside_means_the_same_as_json(slack: Slack) -> None:
    form = {
        "token": slack.token,
        "channel": slack.channel("general"),
        "text": "Hello",
        "blocks": json.dumps([section("Hello")]),
    }
    answer = (await slack.client.post("/api/chat.postMessage", data=form)).json()
    assert answer["message"]["blocks"][0]["text"] == plain("Hello")


async def test_broken_json_is_refused(slack: Slack) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {slack.token}"}
    broken = await slack.client.post("/api/auth.test", content=b"{", headers=headers)
    listed = await slack.client.post("/api/auth.test", content=b"[]", headers=headers)
    assert (broken.json()["error"], listed.json()["error"]) == ("invalid_json", "json_not_object")


SCOPED: dict[str, tuple[str, Json]] = {
    "chat.postMessage": ("chat:write", {}),
    "chat.update": ("chat:write", {}),
    "conversations.open": ("im:write", {"users": "U00000002"}),
    "conversations.join": ("channels:join", {}),
    "users.info": ("users:read", {}),
    "users.lookupByEmail": ("users:read.email", {}),
    "usergroups.list": ("usergroups:read", {}),
    "files.info": ("files:read", {}),
    "team.info": ("team:read", {}),
    "conversations.list": ("groups:read", {"types": "private_channel"}),
}


@pytest.mark.parametrize("method", SCOPED)
async def test_a_method_without_its_scope_says_what_is_needed(slack: Slack, method: str) -> None:
    scope, args = SCOPED[method]
    installation = slack.world.workspaces.installations[0]
    installation.scopes -= {scope}
    refused = await slack.api(method, **args)
    assert refused["error"] == "missing_scope"
    assert scope in refused["needed"].split(",")
    assert scope not in refused["provided"].split(",")


async def test_history_needs_the_scope_of_that_kind_of_conversation(slack: Slack) -> None:
    installation = slack.world.workspaces.installations[0]
    installation.scopes -= {"groups:history"}
    private = await slack.api("conversations.history", channel=slack.channel("deal-desk"))
    public = await slack.api("conversations.history", channel=slack.channel("general"))
    assert (private["error"], public["ok"]) == ("missing_scope", True)


async def test_posting_where_the_app_cannot(slack: Slack) -> None:
    say = {"text": "Hello"}
    desk = slack.world.workspaces.channels[slack.channel("deal-desk")]
    desk.members.remove(slack.world.workspaces.installations[0].bot_user_id)
    outcomes = {
        "legal": "not_in_channel",
        "deal-desk": "channel_not_found",
        "old-vendors": "is_archived",
    }
    for name, error in outcomes.items():
        assert (await slack.api("chat.postMessage", channel=slack.channel(name), **say))["error"] == error
    assert (await slack.api("chat.postMessage", channel="C404", **say))["error"] == "channel_not_found"


async def test_chat_write_public_opens_public_channels(slack: Slack) -> None:
    slack.world.workspaces.installations[0].scopes |= {"chat:write.public"}
    assert (await slack.api("chat.postMessage", channel=slack.channel("legal"), text="Hello"))["ok"]


async def test_a_channel_by_name_and_a_person_by_id(slack: Slack) -> None:
    dana = slack.person("dana")
    assert (await slack.api("chat.postMessage", channel="#general", text="To all"))["ok"]
    assert (await slack.api("chat.postMessage", channel=dana.id, text="To you"))["ok"]
    await dana.arrive()
    await dana.look()
    assert dana.texts("#general") == ["To all"]
    assert dana.dm() == ["To you"]


REFUSED_CONTENT: dict[str, tuple[Json, str]] = {
    "nothing": ({}, "no_text"),
    "empty": ({"text": "", "blocks": []}, "no_text"),
    "bad blocks": ({"blocks": [section("x" * 3001)]}, "invalid_blocks"),
    "blocks that are no JSON": ({"blocks": "nonsense"}, "invalid_blocks_format"),
    "two tables": (
        {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2},
        "only_one_table_allowed",
    ),
    "attachments": ({"text": "a", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    "metadata": ({"text": "a", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    "thread": ({"text": "a", "thread_ts": "1.000001"}, "thread_not_found"),
}


@pytest.mark.parametrize("name", REFUSED_CONTENT)
async def test_content_slack_refuses_is_not_posted(slack: Slack, name: str) -> None:
    content, error = REFUSED_CONTENT[name]
    channel = slack.channel("general")
    assert (await slack.api("chat.postMessage", channel=channel, **content))["error"] == error
    assert not list(slack.world.messages.of(channel))


async def test_a_refusal_points_at_the_mistake_and_is_shown(slack: Slack) -> None:
    refused = await slack.api(
        "chat.postMessage", channel=slack.channel("general"), blocks=[section("x" * 3001)]
    )
    messages = ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert refused["response_metadata"]["messages"] == messages
    dana = slack.person("dana")
    await dana.look()
    assert [(one["method"], one["error"], one["messages"]) for one in dana.refused()] == [
        ("chat.postMessage", "invalid_blocks", messages)
    ]


async def test_long_text_is_cut_with_a_warning(slack: Slack) -> None:
    answer = await slack.api("chat.postMessage", channel=slack.channel("general"), text="x" * 40_001)
    assert (answer["warning"], len(answer["message"]["text"])) == ("message_truncated", 40_000)


async def posted(slack: Slack, **more: Any) -> Json:
    """One message of the app in #general."""
    return await slack.api("chat.postMessage", channel=slack.channel("general"), **({"text": "First"} | more))


async def test_an_update_keeps_what_it_does_not_name(slack: Slack) -> None:
    metadata = {"event_type": "request", "event_payload": {"number": 12}}
    first = await posted(slack, blocks=[section("Card")], metadata=metadata)
    answer = await slack.api("chat.update", channel=first["channel"], ts=first["ts"], text="Second")
    assert answer["message"]["blocks"][0]["text"] == plain("Card")
    assert answer["message"]["metadata"] == metadata
    assert answer["message"]["edited"]["user"] == slack.world.workspaces.installations[0].bot_user_id
    cleared = await slack.api(
        "chat.update", channel=first["channel"], ts=first["ts"], text="Third", blocks=[]
    )
    assert "blocks" not in cleared["message"]


async def test_updates_slack_refuses(slack: Slack) -> None:
    first = await posted(slack)
    place = {"channel": first["channel"], "ts": first["ts"]}
    theirs = (await slack.person("dana").say("Mine", "#general"))["ts"]
    assert (await slack.api("chat.update", **place, text="x" * 4001))["error"] == "msg_too_long"
    assert (await slack.api("chat.update", **(place | {"ts": "1.000001"}), text="a"))[
        "error"
    ] == "message_not_found"
    assert (await slack.api("chat.update", **(place | {"ts": theirs}), text="a"))[
        "error"
    ] == "cant_update_message"
    assert (await slack.api("chat.delete", **(place | {"ts": theirs})))["error"] == "cant_delete_message"
    slack.world.workspaces.channels[first["channel"]].is_archived = True
    assert (await slack.api("chat.update", **place, text="a"))["error"] == "is_inactive"


async def test_a_deleted_message_is_gone(slack: Slack) -> None:
    first = await posted(slack)
    assert (await slack.api("chat.delete", channel=first["channel"], ts=first["ts"]))["ok"]
    again = await slack.api("chat.delete", channel=first["channel"], ts=first["ts"])
    assert again["error"] == "message_not_found"


async def test_metadata_comes_back_only_when_asked_for(slack: Slack) -> None:
    metadata = {"event_type": "request", "event_payload": {"number": 12}}
    first = await posted(slack, metadata=metadata)
    bare = await slack.api("conversations.history", channel=first["channel"])
    full = await slack.api("conversations.history", channel=first["channel"], include_all_metadata=True)
    assert "metadata" not in bare["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_a_thread_and_the_history_around_it(slack: Slack) -> None:
    first = await posted(slack)
    reply = await posted(slack, text="Second", thread_ts=first["ts"])
    nested = await posted(slack, text="Third", thread_ts=reply["ts"])
    last = await posted(slack, text="Fourth")
    assert nested["message"]["thread_ts"] == first["ts"]
    history = await slack.api("conversations.history", channel=first["channel"])
    assert [one["text"] for one in history["messages"]] == ["Fourth", "First"]
    assert history["messages"][1]["reply_count"] == 2
    thread = await slack.api("conversations.replies", channel=first["channel"], ts=reply["ts"])
    assert [one["text"] for one in thread["messages"]] == ["First", "Second", "Third"]
    since = await slack.api("conversations.history", channel=first["channel"], oldest=first["ts"])
    both = await slack.api(
        "conversations.history",
        channel=first["channel"],
        oldest=first["ts"],
        latest=last["ts"],
        inclusive=True,
    )
    assert ([one["text"] for one in since["messages"]], len(both["messages"])) == (["Fourth"], 2)
    lost = await slack.api("conversations.replies", channel=first["channel"], ts="1.000001")
    assert lost["error"] == "thread_not_found"


async def test_history_where_the_app_is_not(slack: Slack) -> None:
    assert (await slack.api("conversations.history", channel=slack.channel("legal")))[
        "error"
    ] == "not_in_channel"


async def test_pages_lead_to_one_another(slack: Slack) -> None:
    channel, cursor, seen = slack.channel("general"), "", []
    for number in range(5):
        await posted(slack, text=str(number))
    while True:
        page = await slack.api("conversations.history", channel=channel, limit=2, cursor=cursor)
        seen += [one["text"] for one in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        assert page["has_more"] == bool(cursor)
        if not cursor:
            break
    assert seen == ["4", "3", "2", "1", "0"]
    assert (await slack.api("conversations.history", channel=channel, cursor="dXNlcjp"))[
        "error"
    ] == "invalid_cursor"


async def test_an_ephemeral_message_is_seen_by_one_person_only(slack: Slack) -> None:
    dana, lee = slack.person("dana"), slack.person("lee")
    channel = slack.channel("general")
    told = await slack.api("chat.postEphemeral", channel=channel, user=dana.id, text="Psst")
    for one in (dana, lee):
        await one.arrive()
        await one.look()
    assert (dana.texts("#general"), lee.texts("#general")) == (["Psst"], [])
    history = await slack.api("conversations.history", channel=channel)
    changed = await slack.api("chat.update", channel=channel, ts=told["message_ts"], text="a")
    assert (history["messages"], changed["error"]) == ([], "message_not_found")
    noor = slack.person("noor")
    desk = slack.channel("deal-desk")
    refused = await slack.api("chat.postEphemeral", channel=desk, user=noor.id, text="Psst")
    assert refused["error"] == "user_not_in_channel"


async def test_a_permalink_leads_into_the_thread(slack: Slack) -> None:
    first = await posted(slack)
    reply = await posted(slack, thread_ts=first["ts"])
    answer = await slack.api("chat.getPermalink", channel=first["channel"], message_ts=reply["ts"])
    ts = reply["ts"].replace(".", "")
    assert answer["permalink"].startswith(
        f"https://harbor-oak.slack.com/archives/{first['channel']}/p{ts}?thread_ts="
    )
    lost = await slack.api("chat.getPermalink", channel=first["channel"], message_ts="1.000001")
    assert lost["error"] == "message_not_found"


async def test_opening_direct_conversations(slack: Slack) -> None:
    dana, lee = slack.person("dana").id, slack.person("lee").id
    one = await slack.api("conversations.open", users=dana, return_im=True)
    again = await slack.api("conversations.open", users=dana)
    assert (one["channel"]["is_im"], one["channel"]["user"]) == (True, dana)
    assert (again["already_open"], again["channel"]["id"]) == (True, one["channel"]["id"])
    assert (await slack.api("conversations.open", users="U404"))["error"] == "user_not_found"
    assert (await slack.api("conversations.open", users=f"{dana},{lee}"))["error"] == "missing_scope"
    assert (await slack.api("conversations.open", users=",".join([dana] * 9)))["error"] == "too_many_users"
    slack.world.workspaces.members[lee].deleted = True
    assert (await slack.api("conversations.open", users=lee))["error"] == "user_disabled"


async def test_channels_the_app_may_know_of(slack: Slack) -> None:
    listed = await slack.api(
        "conversations.list", types="public_channel,private_channel", exclude_archived="true"
    )
    assert [one["name"] for one in listed["channels"]] == ["procurement", "general", "legal", "deal-desk"]
    mine = await slack.api("users.conversations", types="public_channel")
    assert "legal" not in [one["name"] for one in mine["channels"]]
    legal = await slack.api("conversations.info", channel=slack.channel("legal"), include_num_members=True)
    assert (legal["channel"]["is_member"], legal["channel"]["num_members"]) == (False, 5)
    assert (await slack.api("conversations.list", types="secret"))["error"] == "invalid_types"


async def test_joining(slack: Slack) -> None:
    assert (await slack.api("conversations.join", channel=slack.channel("legal")))["channel"]["is_member"]
    assert (await slack.api("chat.postMessage", channel=slack.channel("legal"), text="Hello"))["ok"]
    archived = await slack.api("conversations.join", channel=slack.channel("old-vendors"))
    private = await slack.api("conversations.join", channel=slack.channel("deal-desk"))
    assert archived["error"] == "is_archived"
    assert private["error"] == "method_not_supported_for_channel_type"


async def test_people(slack: Slack) -> None:
    dana = slack.person("dana").id
    found = await slack.api("users.lookupByEmail", email="Dana.Ruiz@example.com")
    assert (found["user"]["id"], found["user"]["profile"]["email"]) == (dana, "dana.ruiz@example.com")
    assert (await slack.api("users.lookupByEmail", email="nobody@example.com"))["error"] == "users_not_found"
    assert (await slack.api("users.info", user="U404"))["error"] == "user_not_found"
    shown = (await slack.api("users.info", user=dana, include_locale=True))["user"]
    assert (shown["locale"], shown["tz"], shown["is_admin"]) == ("en-US", "America/New_York", False)
    slack.world.workspaces.installations[0].scopes -= {"users:read.email"}
    assert "email" not in (await slack.api("users.info", user=dana))["user"]["profile"]
    assert len((await slack.api("users.list"))["members"]) == 6


async def test_groups_bots_and_the_team(slack: Slack) -> None:
    group = (await slack.api("usergroups.list", include_users=True))["usergroups"][0]
    users = await slack.api("usergroups.users.list", usergroup=group["id"])
    assert users["users"] == group["users"] == [slack.person("lee").id, slack.person("sam").id]
    assert (await slack.api("usergroups.users.list", usergroup="S404"))["error"] == "no_such_subteam"
    assert (await slack.api("bots.info"))["bot"]["name"] == "Slipway"
    assert (await slack.api("team.info"))["team"]["domain"] == "harbor-oak"


async def test_blocks_can_be_validated_without_a_token(slack: Slack) -> None:
    async def validate(**args: Any) -> Json:
        body: Json = (await slack.client.post("/api/blocks.validate", json=args)).json()
        return body

    assert await validate(blocks=[actions(button())]) == {"ok": True}
    assert (await validate(blocks=[actions()]))["error"] == "invalid_blocks"
    assert (await validate(view={"type": "home", "blocks": [{"type": "bogus"}]}))["error"] == "invalid_view"
    assert (await validate(message={"blocks": [{"type": "bogus"}]}))["error"] == "invalid_message"
    assert (await validate())["error"] == "invalid_arguments"


async def test_another_teams_things_do_not_exist(slack: Slack) -> None:
    other = slack.world.add_team("Rival", "rival")
    stranger = slack.world.add_member(other, "eve", "Eve Stone", "eve@example.com")
    channel = slack.world.add_channel(other, "rivals", members=[stranger.id])
    assert (await slack.api("users.info", user=stranger.id))["error"] == "user_not_found"
    assert (await slack.api("chat.postMessage", channel=channel.id, text="a"))["error"] == "channel_not_found"
    assert (await slack.api("users.lookupByEmail", email="eve@example.com"))["error"] == "users_not_found"


async def test_everything_the_app_sends_can_be_searched(slack: Slack) -> None:
    hidden = json.dumps({"draft": json.dumps({"secret": 'swo"rdfish'})})
    await posted(slack, metadata={"event_type": "a", "event_payload": {"state": hidden}})
    assert slack.world.contains('swo"rdfish')
    assert not slack.world.contains("swordfish")
    assert not slack.world.contains(slack.token)
    assert [one.method for one in slack.world.traffic.calls_of("chat.postMessage")] == ["chat.postMessage"]


async def test_what_is_asked_for_wrongly(slack: Slack) -> None:
    assert (await slack.api("users.list", limit=1001))["error"] == "invalid_limit"
    assert (await slack.api("users.list", limit="many"))["error"] == "invalid_arguments"
    assert (await slack.api("bots.info", bot="B404"))["error"] == "bot_not_found"
