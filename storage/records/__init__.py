"""What leaves storage: frozen values, a module per topic. Rows, sessions and sealed texts stay inside.

Times are aware and in UTC. `team` is the Slack workspace id (``T…``), `user` and `requester` are Slack
user ids (``U…``), `channel` a Slack conversation id, `ts` and `thread_ts` Slack message timestamps.
"""

from storage.records.audit import AuditEntry, AuditFault, AuditFilter, AuditOrigin
from storage.records.conditions import QuestionRules
from storage.records.connections import Connection, ConnectionState, SignIn, StoredTokens
from storage.records.feeds import Feed
from storage.records.installs import BotToken, Install
from storage.records.keys import KeyUse, Resealed
from storage.records.launches import Attempt, AttemptOutcome, Draft, Launch, LaunchState
from storage.records.opening import OpenDraft, Opening
from storage.records.posts import Post
from storage.records.requests import (
    Absence,
    Ask,
    AskState,
    Decision,
    Due,
    Event,
    Request,
    RequestState,
    Rulebook,
    Task,
    TaskState,
    Verdict,
)
from storage.records.settings import Admin, TemplateRule, WorkspaceSettings
from storage.records.templates import (
    GoneTemplate,
    Lesson,
    Offer,
    StoredTemplate,
    TemplateFacts,
    TemplateVersion,
)
from storage.records.tickets import Ticket, TicketPurpose, TicketStage
from storage.records.workspaces import Person, Workspace

__all__ = [
    "Absence",
    "Admin",
    "Ask",
    "AskState",
    "Attempt",
    "AttemptOutcome",
    "AuditEntry",
    "AuditFault",
    "AuditFilter",
    "AuditOrigin",
    "BotToken",
    "Connection",
    "ConnectionState",
    "Decision",
    "Draft",
    "Due",
    "Event",
    "Feed",
    "GoneTemplate",
    "Install",
    "KeyUse",
    "Launch",
    "LaunchState",
    "Lesson",
    "Offer",
    "OpenDraft",
    "Opening",
    "Person",
    "Post",
    "QuestionRules",
    "Request",
    "RequestState",
    "Resealed",
    "Rulebook",
    "SignIn",
    "StoredTemplate",
    "StoredTokens",
    "Task",
    "TaskState",
    "TemplateFacts",
    "TemplateRule",
    "TemplateVersion",
    "Ticket",
    "TicketPurpose",
    "TicketStage",
    "Verdict",
    "Workspace",
    "WorkspaceSettings",
]
