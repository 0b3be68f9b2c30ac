"""What the deployment decides, read once from the environment or a ``.env`` file.

The names are a contract with whoever runs Slipway: `docs/settings.md` lists them and a test
holds that page and this module together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Problem:
    """Something about the set-up that a person has to mend: what is wrong, and what to do."""

    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.what} {self.do}"


class BadSettingsError(Exception):
    """The settings cannot be used; `problems` says why, without ever repeating a value."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Settings(BaseSettings):
    """Every setting, each named ``SLIPWAY_`` plus the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="SLIPWAY_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: SecretStr = Field(
        SecretStr("sqlite:///slipway.sqlite"), description="SQLite file or PostgreSQL, as a SQLAlchemy URL"
    )
    encryption_keys: SecretStr = Field(
        SecretStr(""), description="comma-separated keys: the first encrypts, all decrypt"
    )
    public_url: str | None = Field(None, description="the https address that people's browsers reach")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="verifies every request of Slack")
    slack_bot_token: SecretStr = Field(SecretStr(""), description="the bot token of one workspace")
    slack_client_id: str | None = Field(None, description="many workspaces: installs by OAuth")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="goes with the client id")
    slack_app_token: SecretStr = Field(SecretStr(""), description="set: Socket Mode instead of HTTP")
    slack_api_url: str = Field("https://slack.com/api/", description="base of Slack's Web API")
    ironclad_url: str | None = Field(
        None, description="replaces the region's host for REST, OAuth and SCIM alike"
    )
    admins: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(), description="Slack user ids that are admins besides the workspace's own"
    )
    smtp_url: SecretStr = Field(SecretStr(""), description="mail server for approval links")
    mail_from: str | None = Field(None, description="sender of that mail")
    connection_review: Literal["optional", "always"] = Field(
        "optional", description="whether a second admin reviews every connection to Ironclad"
    )
    host: str = Field("127.0.0.1", description="address that HTTP listens on")
    port: int = Field(3000, ge=0, le=65535, description="port that HTTP listens on")
    launch_settle_seconds: float = Field(
        120,
        ge=0,
        le=3600,
        description="how long Ironclad may take until a created workflow shows in its list; "
        "a launch whose outcome is unknown is not sent again sooner",
    )
    follow_seconds: float = Field(
        60,
        ge=0,
        le=3600,
        description="how often Ironclad is asked what became of launched workflows while they move; "
        "less often while they do not; 0 switches it off",
    )
    api_requests_per_minute: int = Field(
        120, ge=1, le=100_000, description="how often one key of the intake API may be used in the long run"
    )
    webhook_private_targets: bool = Field(
        False,
        description="lets webhooks go to addresses inside your own network, and to http on this machine",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("admins", mode="before")
    @classmethod
    def _split_admins(cls, value: object) -> object:
        return frozenset(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _slash_at_the_end(cls, value: str) -> str:
        # slack_sdk joins base and method by plain concatenation.
        return _web_address(value).rstrip("/") + "/"

    @field_validator("ironclad_url")
    @classmethod
    def _no_slash_at_the_end(cls, value: str | None) -> str | None:
        return _web_address(value).rstrip("/") if value else None

    @field_validator("public_url")
    @classmethod
    def _https_or_loopback(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must start with https:// (plain http is allowed for 127.0.0.1 only)")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if value.get_secret_value() and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
            raise ValueError("must look like smtp://user:password@host:587 or smtps://user:password@host")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def keys(self) -> tuple[str, ...]:
        """The encryption keys, the sealing one first."""
        written = self.encryption_keys.get_secret_value().split(",")
        return tuple(key.strip() for key in written if key.strip())

    @property
    def installs(self) -> bool:
        """Whether many workspaces install the app by OAuth, instead of the one whose token is set."""
        return bool(self.slack_client_id)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret text of these settings: what the logs must never show."""
        fields = (
            self.slack_signing_secret,
            self.slack_bot_token,
            self.slack_client_secret,
            self.slack_app_token,
            self.smtp_url,
        )
        database_password = urlsplit(self.database_url.get_secret_value()).password or ""
        texts = (*(field.get_secret_value() for field in fields), *self.keys, database_password)
        return tuple(text for text in texts if text)

    def missing_for_commands(self) -> list[Problem]:
        """What commands that only look at the database cannot do without."""
        return [problem for problem in self.missing_to_serve() if "ENCRYPTION_KEYS" in problem.what]

    def missing_to_serve(self) -> list[Problem]:
        """What `slipway serve` cannot do without."""
        problems = [] if self.keys else [_NO_KEYS]
        token, socket = self.slack_bot_token.get_secret_value(), self.slack_app_token.get_secret_value()
        if self.installs:
            problems += self._missing_to_install()
        elif not token:
            problems.append(_NO_BOT_TOKEN)
        if not socket and not self.slack_signing_secret.get_secret_value():
            problems.append(_NO_SIGNING_SECRET)
        if socket and not socket.startswith("xapp-"):
            problems.append(_NO_APP_TOKEN)
        if self.smtp_url.get_secret_value() and not self.mail_from:
            problems.append(_NO_SENDER)
        return problems

    def _missing_to_install(self) -> list[Problem]:
        problems = []
        if self.slack_bot_token.get_secret_value():
            problems.append(_TWO_WAYS)
        if not self.slack_client_secret.get_secret_value():
            problems.append(_NO_CLIENT_SECRET)
        if not self.public_url:
            problems.append(_NO_PUBLIC_URL)
        return problems


_NO_KEYS = Problem(
    "SLIPWAY_ENCRYPTION_KEYS is not set.", "Make a key with `slipway keys new` and put it there."
)
_NO_BOT_TOKEN = Problem(
    "SLIPWAY_SLACK_BOT_TOKEN is not set.",
    "Copy the Bot User OAuth Token (xoxb-…) from your Slack app's “OAuth & Permissions” page. "
    "For many workspaces set SLIPWAY_SLACK_CLIENT_ID and SLIPWAY_SLACK_CLIENT_SECRET instead.",
)
_TWO_WAYS = Problem(
    "SLIPWAY_SLACK_BOT_TOKEN and SLIPWAY_SLACK_CLIENT_ID are both set.",
    "Keep the bot token for one workspace, or the client ID for installs into many.",
)
_NO_CLIENT_SECRET = Problem(
    "SLIPWAY_SLACK_CLIENT_SECRET is not set.",
    "Copy the Client Secret from your Slack app's “Basic Information” page.",
)
_NO_PUBLIC_URL = Problem(
    "SLIPWAY_PUBLIC_URL is not set.", "Slack sends browsers back to that address after an install."
)
_NO_SIGNING_SECRET = Problem(
    "SLIPWAY_SLACK_SIGNING_SECRET is not set.",
    "Copy the Signing Secret from your Slack app's “Basic Information” page.",
)
_NO_APP_TOKEN = Problem(
    "SLIPWAY_SLACK_APP_TOKEN is not an app-level token.",
    "Make one (xapp-…) with connections:write on your Slack app's “Basic Information” page.",
)
_NO_SENDER = Problem(
    "SLIPWAY_SMTP_URL is set, but SLIPWAY_MAIL_FROM is not.", "Put the address there that mail comes from."
)


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address, for example https://example.com")
    return value


def read_settings() -> Settings:
    """Read the settings, or raise `BadSettingsError` naming each wrong one (never its value)."""
    try:
        return Settings()
    except ValidationError as wrong:
        raise BadSettingsError(
            [
                Problem(
                    f"SLIPWAY_{'_'.join(str(part) for part in error['loc'][:1]).upper()} is not usable: "
                    f"{error['msg'].removeprefix('Value error, ')}.",
                    "Correct it in the environment or in .env.",
                )
                for error in wrong.errors(include_input=False, include_context=False)
            ]
        ) from None
