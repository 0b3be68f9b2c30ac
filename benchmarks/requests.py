"""What Slack sends, made and signed before the clock runs (shared/slack facts: signing, payloads)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from benchmarks.outside import CHANNEL, SIGNING_SECRET, TEAM, USER

Json = dict[str, Any]
_TYPED: Mapping[str, str] = {"email_text_input": "sales@example.com"}


class Requests:
    """Makes whole HTTP requests. Each has a trigger of its own; all are good for Slack's five minutes."""

    def __init__(self) -> None:
        self._verifier = SignatureVerifier(SIGNING_SECRET)
        self._numbers = count(1)

    def contract(self) -> bytes:
        """`/contract`."""
        return self._post(
            {
                "token": "verification-token",
                "team_id": TEAM,
                "team_domain": "harbor-oak",
                "channel_id": CHANNEL,
                "channel_name": "procurement",
                "user_id": USER,
                "user_name": "dana",
                "command": "/contract",
                "text": "",
                "api_app_id": "A0SLIPWAY",
                "is_enterprise_install": "false",
                "response_url": "https://hooks.slack.com/commands/T0HARBOR/1/benchmark",
                "trigger_id": self._trigger(),
            }
        )

    def picked(self, template: str) -> bytes:
        """A template chosen in the first window."""
        chosen = {"type": "static_select", "selected_option": {"value": template}}
        view = {"type": "modal", "callback_id": "launch.pick", "private_metadata": "", "blocks": []}
        return self._submission(view, {"template": {"launch.template": chosen}})

    def filled(self, form: Json) -> bytes:
        """A form, as the server answered it to `picked`, with every question answered."""
        asked = [block for block in form["blocks"] if block["type"] == "input"]
        values = {block["block_id"]: self._answered(block["element"]) for block in asked}
        return self._submission(form, values)

    def _answered(self, element: Json) -> Json:
        kind = element["type"]
        if kind in ("static_select", "radio_buttons"):
            answer: Json = {"selected_option": element["options"][0]}
        elif kind == "datepicker":
            answer = {"selected_date": "2030-12-24"}
        else:
            # Good as a text and as a number, which is asked as a text too. Of a large one Ironclad asks more.
            answer = {"value": _TYPED.get(kind) or f"0.{next(self._numbers)}"}
        return {element["action_id"]: {"type": kind, **answer}}

    def _submission(self, view: Json, values: Json) -> bytes:
        shown = {**view, "id": f"V{next(self._numbers)}", "hash": "1.a", "state": {"values": values}}
        payload: Json = {
            "type": "view_submission",
            "token": "verification-token",
            "api_app_id": "A0SLIPWAY",
            "team": {"id": TEAM, "domain": "harbor-oak"},
            "user": {"id": USER, "username": "dana", "name": "dana", "team_id": TEAM},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._trigger(),
            "view": shown,
            "response_urls": [],
        }
        return self._post({"payload": json.dumps(payload)})

    def _trigger(self) -> str:
        return f"{next(self._numbers)}.1.benchmark"

    def _post(self, fields: Mapping[str, str]) -> bytes:
        body = urlencode(fields).encode()
        stamp = str(int(time.time()))
        signature = self._verifier.generate_signature(timestamp=stamp, body=body)
        head = (
            "POST /slack/events HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            f"X-Slack-Request-Timestamp: {stamp}",
            f"X-Slack-Signature: {signature}",
        )
        return "\r\n".join((*head, "", "")).encode() + body
