"""Settings are refused in words, and never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import BadSettingsError, read_settings


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLIPWAY_PUBLIC_URL", "http://slipway.example.com", "https://"),
        ("SLIPWAY_PUBLIC_URL", "slipway.example.com", "https://"),
        ("SLIPWAY_PORT", "many", "SLIPWAY_PORT"),
        ("SLIPWAY_PORT", "70000", "SLIPWAY_PORT"),
        ("SLIPWAY_SLACK_API_URL", "slack", "web address"),
        ("SLIPWAY_IRONCLAD_URL", "ftp://ironclad", "web address"),
        ("SLIPWAY_LOG_LEVEL", "LOUD", "DEBUG"),
        ("SLIPWAY_LAUNCH_SETTLE_SECONDS", "-1", "SLIPWAY_LAUNCH_SETTLE_SECONDS"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettingsError) as refused:
        read_settings()

    assert name in str(refused.value)
    assert told in str(refused.value)


def test_a_wrong_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_PUBLIC_URL", "http://user:hunter22@slipway.example.com")

    with pytest.raises(BadSettingsError) as refused:
        read_settings()

    assert "hunter22" not in str(refused.value)


def test_what_is_missing_to_serve_is_listed() -> None:
    told = " ".join(str(problem) for problem in read_settings().missing_to_serve())

    for name in ("SLIPWAY_ENCRYPTION_KEYS", "SLIPWAY_SLACK_BOT_TOKEN", "SLIPWAY_SLACK_SIGNING_SECRET"):
        assert name in told


def test_the_file_is_read_and_secrets_stay_out_of_sight(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLIPWAY_SLACK_BOT_TOKEN=xoxb-hush\nSLIPWAY_ADMINS=U1, U2\nOTHER=1\n")

    settings = read_settings()

    assert settings.admins == {"U1", "U2"}
    assert "xoxb-hush" not in repr(settings)
    assert "xoxb-hush" in settings.secrets


@pytest.mark.parametrize(("given", "kept"), [("http://127.0.0.1:1/api", "http://127.0.0.1:1/api/")])
def test_the_slack_address_ends_in_a_slash(monkeypatch: pytest.MonkeyPatch, given: str, kept: str) -> None:
    monkeypatch.setenv("SLIPWAY_SLACK_API_URL", given)

    assert read_settings().slack_api_url == kept
