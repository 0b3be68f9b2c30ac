"""A stateful stand-in of Slack, strict where Slack is strict. See README.md."""

from tests.sandbox.slack.demo import demo_slack
from tests.sandbox.slack.person import Person
from tests.sandbox.slack.server import build
from tests.sandbox.slack.world import SlackWorld

__all__ = ["Person", "SlackWorld", "build", "demo_slack"]
