"""What Slipway keeps: the only place that knows SQL and stored secrets.

`Database` is the way in; the values that come out are frozen. Durable work is in `storage.work`, apart
because its engine takes most of a second to import.
"""

from storage.database import Database
from storage.errors import AlreadyLaunched, AttemptOpen, BadDatabaseUrlError, NotFoundError, WorkflowTaken
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
    Launch,
    Lesson,
    Offer,
    Opening,
    Person,
    Post,
    StoredTemplate,
    StoredTokens,
    TemplateFacts,
    TemplateRule,
    TemplateVersion,
    Workspace,
    WorkspaceSettings,
)
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
from storage.repositories.launches import LaunchFacts
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
    "Database",
    "Decision",
    "Draft",
    "Due",
    "Event",
    "Hook",
    "Identity",
    "Install",
    "Launch",
    "LaunchFacts",
    "Lesson",
    "NotFoundError",
    "Offer",
    "Opening",
    "Owner",
    "Person",
    "Post",
    "Request",
    "RequestState",
    "Rulebook",
    "SchemaState",
    "SealedValueError",
    "Sealing",
    "Store",
    "StoredTemplate",
    "StoredTokens",
    "Task",
    "TemplateFacts",
    "TemplateRule",
    "TemplateVersion",
    "Verdict",
    "WorkflowTaken",
    "Workspace",
    "WorkspaceSettings",
    "new_key",
]
