"""The scopes that the stand-in's routes ask for (facts page, §3)."""

READ_WORKFLOWS = "public.workflows.readWorkflows"
CREATE_WORKFLOWS = "public.workflows.createWorkflows"
CANCEL = "public.workflows.cancel"
READ_SCHEMAS = "public.workflows.readSchemas"
READ_DOCUMENTS = "public.workflows.readDocuments"
READ_RECORDS = "public.records.readRecords"
READ_USERS = "scim.users.readUsers"
READ_GROUPS = "scim.groups.readGroups"
READ_APPROVALS = "public.workflows.readApprovals"
UPDATE_APPROVALS = "public.workflows.updateApprovals"
PAUSE_AND_RESUME = "public.workflows.pauseAndResume"
CREATE_WEBHOOKS = "public.webhooks.createWebhooks"
READ_WEBHOOKS = "public.webhooks.readWebhooks"
UPDATE_WEBHOOKS = "public.webhooks.updateWebhooks"
DELETE_WEBHOOKS = "public.webhooks.deleteWebhooks"

TWELVE = (
    READ_WORKFLOWS,
    CREATE_WORKFLOWS,
    READ_RECORDS,
    READ_USERS,
    READ_GROUPS,
    "public.records.createRecords",
    "scim.users.deleteUsers",
    "public.records.applyContractAction",
    "scim.users.updateUsers",
    READ_SCHEMAS,
    CANCEL,
    READ_DOCUMENTS,
)
"""What the product registers (§3.1), contract actions in the spelling of the OpenAPI file."""

APPROVALS = (READ_APPROVALS, UPDATE_APPROVALS, PAUSE_AND_RESUME)
WEBHOOKS = (CREATE_WEBHOOKS, READ_WEBHOOKS, UPDATE_WEBHOOKS, DELETE_WEBHOOKS)
EVERY = (*TWELVE, "public.records.applyContractActions", *APPROVALS, *WEBHOOKS)
