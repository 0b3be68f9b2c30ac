"""Every name that crosses the wire to Slack and comes back.

Messages outlive deployments, so these are literal texts (never names of classes or functions). What travels
in a button or a modal is in `bot.carried`, and can be called from here, too.
"""

from __future__ import annotations

from bot.carried import (
    AuditState as AuditState,
    ConnectionButton as ConnectionButton,
    ConnectState as ConnectState,
    DraftButton as DraftButton,
    EditState as EditState,
    FileRef as FileRef,
    FormState as FormState,
    KeyButton as KeyButton,
    LaunchButton as LaunchButton,
    ListButton as ListButton,
    ListState as ListState,
    MappingButton as MappingButton,
    MappingState as MappingState,
    NewRequestState as NewRequestState,
    OfferState as OfferState,
    PartState as PartState,
    PersonButton as PersonButton,
    PickState as PickState,
    RequestButton as RequestButton,
    RowState as RowState,
    RulesState as RulesState,
    RuleState as RuleState,
    StageState as StageState,
    StaleStateError as StaleStateError,
    TaskButton as TaskButton,
    TaskState as TaskState,
    TrialState as TrialState,
    Turn as Turn,
    Where as Where,
)

COMMAND = "/contract"

# Modals (callback_id)
PICK_TEMPLATE = "launch.pick"
FILL_FORM = "launch.form"
REVIEW_FORM = "launch.review"
ROW_FORM = "row.form"
TAKE_FORM = "take.form"
CONNECT = "connect.form"
CONNECTION = "connection.manage"
REVIEW_CONNECTION = "connection.review_form"
NEW_SECRET = "connection.secret_form"  # noqa: S105 - the name of a modal

NEW_REQUEST = "request.form"
EDIT_REQUEST_FORM = "request.edit_form"
LIST_FORM = "request.list_form"
POLICY_FORM = "policy.form"
STAGE_FORM = "policy.stage_form"
TRY_FORM = "policy.try_form"
INTAKE_FORM = "intake.form"
REMINDERS_FORM = "reminders.form"
AWAY_FORM = "away.form"
FIELD_FORM = "intake.field_form"
CANCEL_REQUEST_FORM = "request.cancel_form"
REJECT_FORM = "approval.reject_form"
CHANGES_FORM = "approval.changes_form"
HAND_ON_FORM = "approval.hand_on_form"

# Shortcuts (callback_id)
REQUEST_SHORTCUT = "request"
MESSAGE_SHORTCUT = "request_from_message"

# Inputs and buttons (action_id)
TEMPLATE = "launch.template"
TRY_AGAIN = "launch.try_again"
EDIT_AND_RESUBMIT = "launch.edit"
IT_IS_THIS_ONE = "launch.this_one"
LAUNCH_AGAIN = "launch.again"
OPEN_LINK = "link.open"
CHANGES_SEEN = "templates.seen"
DRAFT_ADOPT = "draft.adopt"
DRAFT_DELETE = "draft.delete"
DRAFT_RESUME = "draft.resume"
DRAFTS_ALL = "drafts.all"
DRAFTS_NEWER = "drafts.newer"
DRAFTS_OLDER = "drafts.older"
FORM_BACK = "form.back"
FORM_CHANGE = "form.change"
FORM_GO_TO = "form.go_to"
FORM_INDEX = "form.index"
FORM_JUMP = "form.jump"
FORM_REVIEW = "form.review"
FORM_SAVE = "form.save"
FORM_UNFOLD = "form.unfold"
TEMPLATE_CHANGES = "home.templates"
START_CONTRACT = "home.start"
OPEN_CONNECT = "home.connect"
MANAGE_CONNECTION = "home.connection"
SIGN_IN = "home.sign_in"
SIGN_OUT = "home.sign_out"
PICK_CHANNEL = "home.channel"
OPEN_CHANNELS = "channels.open"
CHANNELS_FORM = "channels.form"
CATEGORY_CHANNEL_BLOCK = "channel"  # and, after a colon, what stands for the category
TRY_MAIL = "mail.try"
OPEN_DELETE = "data.open"
DELETE_FORM = "data.delete"
CONFIRM_BLOCK = "confirm"
OPEN_OFFERS = "offers.open"
OFFERS_TEMPLATE = "offers.template"
EDIT_OFFER = "offers.edit"
OFFER_FORM = "offers.form"
OFFER_GROUPS = "offers.groups"
HIDDEN_BLOCK = "hidden"
CHANNELS_BLOCK = "channels"
OPEN_DEFAULTS = "defaults.open"
DEFAULTS_FORM = "defaults.form"
CURRENCY_SEARCH = "defaults.currency"
ZONE_SEARCH = "defaults.zone"
ZONE_BLOCK = "zone"
OPEN_AUDIT = "audit.open"
AUDIT_TOPIC = "audit.topic"
AUDIT_PERSON = "audit.person"
AUDIT_ANYBODY = "audit.anybody"
AUDIT_PERIOD = "audit.period"
AUDIT_NEWER = "audit.newer"
AUDIT_OLDER = "audit.older"
AUDIT_CSV = "audit.csv"
AUDIT_JSONL = "audit.jsonl"
OPEN_ADMINS = "admins.open"
ADMINS_FORM = "admins.form"
ADMINS_INPUT = "admins.input"
ADMINS_BLOCK = "admins"
PICK_LANGUAGE = "home.language"
START_REQUEST = "request.new"
REVIEW = "request.review"
EDIT_REQUEST = "request.edit"
CANCEL_REQUEST = "request.cancel"
LAUNCH_REQUEST = "request.launch"
SEE_LIST = "request.list"
LIST_FILTER = "request.list_filter"
LIST_NEXT = "request.list_next"
LIST_FIRST = "request.list_first"
OPEN_POLICY = "policy.open"
ADD_STAGE = "policy.add"
STAGE_MENU = "policy.menu"
TRY_POLICY = "policy.try"
BACK_TO_POLICY = "policy.back"
GROUP_SEARCH = "policy.groups"
OPEN_INTAKE = "intake.open"
OPEN_REMINDERS = "reminders.open"
SNOOZE = "reminders.snooze"
OPEN_AWAY = "away.open"
BACK_AGAIN = "away.back"
ADD_FIELD = "intake.add"
REMOVE_FIELD = "intake.remove"
APPROVE = "approval.approve"
REJECT = "approval.reject"
ASK_CHANGES = "approval.changes"
HAND_ON = "approval.hand_on"
FIELD = "field"  # the action id of every input of a launch form; the block id says which field
FIELD_SEARCH = "field.search"  # the same, for a choice too long for one list
RECORD_SEARCH = "field.records"  # the same, for a record of Ironclad
TAKE_FILE = "field.take_file"
REMOVE_FILE = "field.remove_file"
ADD_ROW = "row.add"
ROW_MENU = "row.menu"  # Edit or Remove beside a row; the block id says which
PICK_ROW = "row.pick"  # the same for many rows: one list of them all
REMOVE_ROW = "row.remove"

# Mapping: from requests to the fields of templates
OPEN_MAPPING = "mapping.open"
MAPPING_TEMPLATE = "mapping.template"
MAPPING_PAGE = "mapping.page"
MAPPING_FIELD = "mapping.field"
MAPPING_SOURCE = "mapping.source"
MAPPING_WAY = "mapping.way"
MAPPING_INPUT = "mapping.input"
MAPPING_SAVE = "mapping.save"
MAPPING_SUGGEST = "mapping.suggest"
MAPPING_ACCEPT = "mapping.accept"
MAPPING_PREVIEW = "mapping.preview"
MAPPING_REQUEST = "mapping.request"
MAPPING_TAKE_OVER = "mapping.take_over"
MAPPING_TAKE_IN = "mapping.take_in"
MAPPING_FILE_BLOCK = "mapping_file"
MAPPING_UNDO = "mapping.undo"
MAPPING_MENU = "mapping.menu"
MAPPING_RESTORE = "mapping.restore"
MAPPING_DROP = "mapping.drop"
MAPPING_PAGE_ON = "mapping.page.on"
MAPPING_BACK = "mapping.back"
MAPPING_VALUE_BLOCK = "mapping_value"
MAPPING_OPTION_BLOCK = "mapping_option"
MAPPING_LOCK_BLOCK = "mapping_lock"

FORGET = "home.forget"

# Who people are in Ironclad
CLAIM = "people.claim"
HAND_OVER = "people.hand_over"
OPEN_PEOPLE = "people.open"
FIND_PERSON = "people.find"
FIND_ACCOUNT = "people.find_account"
CONFIRM_CLAIM = "people.confirm"
UNLINK = "people.unlink"
LINK_PERSON = "people.link"
LINK_FORM = "people.link.form"
LINK_MANY = "people.many"
LINK_MANY_FORM = "people.many.form"
PEOPLE_INPUT = "people.input"
LINK_USER_BLOCK = "link_user"
LINK_EMAIL_BLOCK = "link_email"
LINK_LINES_BLOCK = "link_lines"

# Other systems: keys of the intake API, the webhook
OPEN_SYSTEMS = "systems.open"
NEW_KEY = "systems.key.new"
KEY_FORM = "systems.key.form"
REVOKE_KEY = "systems.key.revoke"
NEW_HOOK = "systems.hook.new"
HOOK_FORM = "systems.hook.form"
TEST_HOOK = "systems.hook.test"
ENABLE_HOOK = "systems.hook.enable"
REMOVE_HOOK = "systems.hook.remove"
KEY_NAME_BLOCK = "key_name"
HOOK_URL_BLOCK = "hook_url"
SYSTEMS_INPUT = "systems.input"
# Conditional questions: modals (callback_id), then inputs and buttons (action_id)
RULES = "rules.list"
RULE = "rules.rule"
TRY_RULES = "rules.try"
IMPORT_RULES = "rules.import"
OPEN_RULES = "home.rules"
RULES_TEMPLATE = "rules.template"
RULES_BACK = "rules.back"
RULES_NEXT = "rules.next"
RULE_MENU = "rules.menu"
ADD_RULE = "rules.add"
ACCEPT_RULE = "rules.accept"
DROP_RULE = "rules.drop"
EXPORT_RULES = "rules.export"
RULES_HISTORY = "rules.history"
RULES_RESTORE = "rules.restore"
OPEN_IMPORT = "rules.open_import"
TRY_ALL = "rules.try_all"
TRY_RULE = "rules.try_one"
RULE_PART = "rules.part"
RULE_TARGET = "rules.target"
RULE_FIELD = "rules.field"
RULE_OPERATOR = "rules.operator"
RULE_VALUE = "rules.value"
RULE_LONGER = "rules.longer"
RULE_SHORTER = "rules.shorter"
RULE_WIDER = "rules.wider"

# Blocks that are read back (block_id)
TEMPLATE_BLOCK = "template"
CLIENT_ID_BLOCK = "client_id"
CLIENT_SECRET_BLOCK = "client_secret"  # noqa: S105 - the name of an input
FILE_LINK_BLOCK = "file_link"
THREAD_FILES_BLOCK = "thread_files"
REGION_BLOCK = "region"
ACTING_USER_BLOCK = "acting_user"
CONNECT_INPUT = "connect.input"
REASON_BLOCK = "reason"
PERSON_BLOCK = "person"
FILES_BLOCK = "files"
SEARCH_BLOCK = "search"
OPTIONS_BLOCK = "options"
FALLBACK_BLOCK = "fallback"
LAUNCHER_BLOCK = "launcher"
NAME_BLOCK = "name"
PEOPLE_BLOCK = "people"
GROUPS_BLOCK = "groups"
RULE_BLOCK = "rule"
RULES_FILE_BLOCK = "rules_file"
QUORUM_BLOCK = "quorum"
LEAST_BLOCK = "least"
BELOW_BLOCK = "below"
CURRENCY_BLOCK = "currency"
CATEGORY_BLOCK = "category"
DEPARTMENT_BLOCK = "department"
TEMPLATES_BLOCK = "templates"
CUSTOM_BLOCK = "custom"
CUSTOM_VALUES_BLOCK = "custom_values"
AGAIN_BLOCK = "again"
REQUIRED_BLOCK = "required"
FIRST_BLOCK = "first"
MOST_BLOCK = "most"
START_BLOCK = "start"
END_BLOCK = "end"
DAYS_BLOCK = "days"
DIGEST_BLOCK = "digest"
ESCALATE_BLOCK = "escalate"
ESCALATE_DAYS_BLOCK = "escalate_days"
SINCE_BLOCK = "since"
UNTIL_BLOCK = "until"
PRIVATE_BLOCK = "private"
FILTER_BLOCK = "filter"
GRANT_BLOCK = "grant"
GRANT = "connect.grant"
USUAL_BLOCK = "usual"
FURTHER_BLOCK = "further"
FINISH_BLOCK = "finish"
VERDICT_BLOCK = "verdict"

# What can be done with a connection (action_id)
SEND_LINK_AGAIN = "connection.send_again"
OPEN_REVIEW = "connection.review"
CHANGE_CONNECTION = "connection.change"
CHECK_CONNECTION = "connection.check"
RECONNECT = "connection.reconnect"
OPEN_NEW_SECRET = "connection.secret"  # noqa: S105 - the name of a button
PUT_IN_USE = "connection.use"
DISCONNECT = "connection.disconnect"

# Event type of the metadata on our messages, by which a message is found again before posting twice.
POST = "slipway_post"
