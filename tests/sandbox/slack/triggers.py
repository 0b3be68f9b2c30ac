"""What an interaction entitles the app to: one modal within three seconds, five posts within half an hour."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.sandbox.slack.errors import SlackError

_KEPT_SECONDS = 60.0
RESPONSE_SECONDS = 1800.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    """The right to open one modal. `view_id` tells the modal view in which the person acted."""

    id: str
    app_id: str
    user_id: str
    issued: float
    channel_id: str | None = None
    view_id: str | None = None
    used: bool = False


class Triggers:
    """All recent triggers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._count = 0

    def issue(
        self, app_id: str, user_id: str, *, channel_id: str | None = None, view_id: str | None = None
    ) -> str:
        """A new trigger_id."""
        self._forget_old()
        self._count += 1
        trigger_id = f"{self._count}.{int(self._clock())}.{self._count:032x}"
        self._triggers[trigger_id] = Trigger(trigger_id, app_id, user_id, self._clock(), channel_id, view_id)
        return trigger_id

    def use(self, trigger_id: str, app_id: str, *, seconds: float) -> Trigger:
        """Spend a trigger.

        Raises:
            SlackError: `invalid_trigger_id`, `expired_trigger_id` after `seconds`, `exchanged_trigger_id` the
                second time.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.app_id != app_id:
            raise SlackError("invalid_trigger_id")
        if self._clock() - trigger.issued > seconds:
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger

    def user_of(self, trigger_id: str) -> str | None:
        """Whose deed a trigger came from."""
        trigger = self._triggers.get(trigger_id)
        return trigger.user_id if trigger is not None else None

    def _forget_old(self) -> None:
        while self._triggers:
            oldest = next(iter(self._triggers.values()))
            if self._clock() - oldest.issued < _KEPT_SECONDS:
                return
            del self._triggers[oldest.id]


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction without being a member. `message_ts`: the message acted upon."""

    id: str
    channel_id: str
    user_id: str
    bot_user_id: str
    issued: float
    message_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    """All response URLs given out."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, channel_id: str, user_id: str, bot_user_id: str, message_ts: str | None = None) -> str:
        """The id of a new one."""
        url_id = f"{len(self._urls) + 1:024x}"
        self._urls[url_id] = ResponseUrl(url_id, channel_id, user_id, bot_user_id, self._clock(), message_ts)
        return url_id

    def use(self, url_id: str) -> ResponseUrl:
        """Count one use.

        Raises:
            SlackError: `expired_url` after 30 minutes, `used_url` after five uses.
        """
        url = self._urls.get(url_id)
        if url is None or self._clock() - url.issued > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
