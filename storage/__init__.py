"""What Slipway keeps: the only place that knows SQL and stored secrets.

`Database` is the way in; the values that come out are frozen. Durable work is in `storage.work`, apart
because its engine takes most of a second to import.
"""

from storage.database import Database
from storage.errors import (
    AlreadyLaunched,
    AttemptOpen,
    BadDatabaseUrlError,
    NotFoundError,
    RulesMoved,
    WorkflowTaken,
)
from storage.precedence import Precedence
from storage.records import (
    Admin,
    Attempt,
    AuditEntry,
    AuditFault,
    AuditFilter,
    AuditOrigin,
    BotToken,
    Connection,
    Draft,
    Install,
    KeyUse,
    Launch,
    Lesson,
    Offer,
    Opening,
    Person,
    Post,
    QuestionRules,
    SignIn,
    StoredTemplate,
    StoredTokens,
    TemplateFacts,
    TemplateRule,
    TemplateVersion,
    Ticket,
    Workspace,
    WorkspaceSettings,
)
from storage.records.feeds import Feed
from storage.records.intake import ApiKey, Hook, Identity
from storage.records.requests import (
    Absence,
    Ask,
    Decision,
    Due,
    Event,
    Request,
    RequestState,
    Rulebook,
    Task,
    Verdict,
)
from storage.repositories.feeds import FeedFacts
from storage.repositories.launches import Course, LaunchFacts
from storage.repositories.tickets import digest_of
from storage.schema import SchemaState
from storage.sealing import BadKeyError, Owner, SealedValueError, Sealing, new_key
from storage.store import Store

__all__ = [
    "Absence",
    "Admin",
    "AlreadyLaunched",
    "ApiKey",
    "Ask",
    "Attempt",
    "AttemptOpen",
    "AuditEntry",
    "AuditFault",
    "AuditFilter",
    "AuditOrigin",
    "BadDatabaseUrlError",
    "BadKeyError",
    "BotToken",
    "Connection",
    "Course",
    "Database",
    "Decision",
    "Draft",
    "Due",
    "Event",
    "Feed",
    "FeedFacts",
    "Hook",
    "Identity",
    "Install",
    "KeyUse",
    "Launch",
    "LaunchFacts",
    "Lesson",
    "NotFoundError",
    "Offer",
    "Opening",
    "Owner",
    "Person",
    "Post",
    "Precedence",
    "QuestionRules",
    "Request",
    "RequestState",
    "Rulebook",
    "RulesMoved",
    "SchemaState",
    "SealedValueError",
    "Sealing",
    "SignIn",
    "Store",
    "StoredTemplate",
    "StoredTokens",
    "Task",
    "TemplateFacts",
    "TemplateRule",
    "TemplateVersion",
    "Ticket",
    "Verdict",
    "WorkflowTaken",
    "Workspace",
    "WorkspaceSettings",
    "digest_of",
    "new_key",
]
