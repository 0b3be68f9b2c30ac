"""What Slipway keeps: the only place that knows SQL and stored secrets.

`Database` is the way in; the values that come out are frozen. Durable work is in `storage.work`, apart
because its engine takes most of a second to import.
"""

from storage.database import Database
from storage.errors import AlreadyLaunched, AttemptOpen, BadDatabaseUrlError, NotFoundError, WorkflowTaken
from storage.records import (
    Attempt,
    Connection,
    Draft,
    Launch,
    Lesson,
    Offer,
    Opening,
    Person,
    Post,
    StoredTemplate,
    StoredTokens,
    TemplateFacts,
    Workspace,
)
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
    "AlreadyLaunched",
    "Ask",
    "Attempt",
    "AttemptOpen",
    "BadDatabaseUrlError",
    "BadKeyError",
    "Connection",
    "Database",
    "Decision",
    "Draft",
    "Due",
    "Event",
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
    "Verdict",
    "WorkflowTaken",
    "Workspace",
    "new_key",
]
