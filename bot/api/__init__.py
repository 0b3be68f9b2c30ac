"""The intake API: requests from other systems. `wire` is what crosses the wire, `openapi` describes it."""

from bot.api.routes import IntakeApi, nowhere

__all__ = ["IntakeApi", "nowhere"]
