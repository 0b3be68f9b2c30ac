"""What leaves storage: frozen values, a module per topic. Rows, sessions and sealed texts stay inside.

Times are aware and in UTC. `team` is the Slack workspace id (``T…``), `user` and `requester` are Slack
user ids (``U…``), `channel` a Slack conversation id, `ts` and `thread_ts` Slack message timestamps.
"""

from storage.records.connections import Connection, ConnectionState, StoredTokens
from storage.records.launches import Attempt, AttemptOutcome, Draft, Launch, LaunchState, Request
from storage.records.opening import Opening
from storage.records.posts import Post
from storage.records.templates import Lesson, Offer, StoredTemplate, TemplateFacts
from storage.records.workspaces import Person, Workspace

__all__ = [
    "Attempt",
    "AttemptOutcome",
    "Connection",
    "ConnectionState",
    "Draft",
    "Launch",
    "LaunchState",
    "Lesson",
    "Offer",
    "Opening",
    "Person",
    "Post",
    "Request",
    "StoredTemplate",
    "StoredTokens",
    "TemplateFacts",
    "Workspace",
]
