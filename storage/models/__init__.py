"""The tables, a module per topic. Constraints carry the rules: once, one current, one open.

Every key starts with the Slack workspace (`team`), and every reference includes it, so that a row
cannot even point at another workspace's. Sealed columns (`Sealed`) hold texts of `storage.sealing`.
Every module is imported here, so that `Row.metadata` is whole.
"""

from storage.models.audit import AuditEntryRow, AuditHeadRow
from storage.models.base import Row, Sealed
from storage.models.conditions import DroppedSuggestionRow, QuestionRulesRow
from storage.models.connections import ConnectionRow, TokensRow
from storage.models.feeds import FeedRow
from storage.models.installs import InstallRow, InstallStateRow, OrgWorkspaceRow
from storage.models.intake import ApiKeyRow, HookRow, IdentityRow, MemoryRow
from storage.models.launches import AttemptRow, DraftRow, LaunchRow, SubmittedDraftRow
from storage.models.posts import PostRow
from storage.models.requests import (
    AbsenceRow,
    AskRow,
    DecisionRow,
    EventRow,
    RequestRow,
    RulebookRow,
    TaskRow,
    WordRow,
)
from storage.models.settings import AdminRow, CategoryChannelRow, SettingsRow, TemplateRuleRow
from storage.models.templates import LessonRow, LookRow, OfferRow, SightingRow, TemplateRow, VersionRow
from storage.models.tickets import TicketRow
from storage.models.workspaces import PersonRow, WorkspaceRow

__all__ = [
    "AbsenceRow",
    "AdminRow",
    "ApiKeyRow",
    "AskRow",
    "AttemptRow",
    "AuditEntryRow",
    "AuditHeadRow",
    "CategoryChannelRow",
    "ConnectionRow",
    "DecisionRow",
    "DraftRow",
    "DroppedSuggestionRow",
    "EventRow",
    "FeedRow",
    "HookRow",
    "IdentityRow",
    "InstallRow",
    "InstallStateRow",
    "LaunchRow",
    "LessonRow",
    "LookRow",
    "MemoryRow",
    "OfferRow",
    "OrgWorkspaceRow",
    "PersonRow",
    "PostRow",
    "QuestionRulesRow",
    "RequestRow",
    "Row",
    "RulebookRow",
    "Sealed",
    "SettingsRow",
    "SightingRow",
    "SubmittedDraftRow",
    "TaskRow",
    "TemplateRow",
    "TemplateRuleRow",
    "TicketRow",
    "TokensRow",
    "VersionRow",
    "WordRow",
    "WorkspaceRow",
]
