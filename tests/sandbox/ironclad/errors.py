"""The answers by which Ironclad says no, word for word where a source has words (facts page §5.4, §6, §9)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]
"""A JSON object."""


class Refusal(Exception):
    """A request that is answered and not carried out: the HTTP status and the body of the answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def refusal(status: int, code: str, message: str, param: str | None = None, **more: Any) -> Refusal:
    """The envelope of the REST API: `{code, message, param?, …}`."""
    named = {} if param is None else {"param": param}
    return Refusal(status, {"code": code, "message": message, **named, **more})


def missing(keys: Sequence[str]) -> Refusal:
    """Every missing attribute at once, as a JSON array inside the string `param`."""
    return refusal(
        400, "MISSING_PARAM", "missing required attribute", json.dumps(list(keys), separators=(",", ":"))
    )


def missing_param(param: str) -> Refusal:
    """One parameter outside the attributes is missing."""
    return refusal(400, "MISSING_PARAM", f"missing required parameter {param}", param)


def invalid_param(message: str, param: str) -> Refusal:
    """A parameter outside the attributes is wrong."""
    return refusal(400, "INVALID_PARAM", message, param)


def invalid_attribute(key_path: str, message: str = "invalid value for attribute") -> Refusal:
    """A launch attribute is wrong; `metadata.keyPath` names it."""
    return refusal(400, "INVALID_PARAM", message, "attributes", metadata={"keyPath": key_path})


def invalid_state(message: str, param: str | None = None) -> Refusal:
    """The workflow is not where this can be done."""
    return refusal(400, "INVALID_STATE", message, param)


def forbidden() -> Refusal:
    """The acting user or the token may not do this."""
    return refusal(403, "FORBIDDEN", "access forbidden")


def unauthorized(message: str) -> Refusal:
    """The token is not good: invalid, revoked or expired."""
    return refusal(401, "UNAUTHORIZED", message)


def workflow_not_found(status: int = 404) -> Refusal:
    """No such workflow; `GET /workflows/{id}` alone says it with 400 (OpenAPI `/workflows/{id}`)."""
    return refusal(status, "NOT_FOUND", "workflow does not exist", "workflowId")


def template_not_found() -> Refusal:
    """No such published design; 400 and two blanks as in OpenAPI `/workflow-schemas/{id}`."""
    return refusal(400, "NOT_FOUND", "workflow  template schema not found", "templateId")


def virus_detected(files: Sequence[str]) -> Refusal:
    """The envelope documented for upload-signed; that launches answer so too is a choice."""
    message = "Detected virus in one or more of the files received."
    return Refusal(400, {"data": {"code": "VIRUS_DETECTED", "files": list(files), "message": message}})


def oauth_refusal(status: int, error: str, description: str) -> Refusal:
    """The envelope of `/oauth/authorize` and `/oauth/token`."""
    return Refusal(status, {"error": error, "error_description": description})


def scim_refusal(status: int, detail: str | None = None, kind: str | None = None) -> Refusal:
    """The envelope of SCIM; `kind` is its `scimType`. For filters the key `schemas` loses its s (§7.3)."""
    key = "schema" if kind == "invalidFilter" else "schemas"
    told = {"scimType": kind, "detail": detail}
    said = {name: value for name, value in told.items() if value is not None}
    return Refusal(
        status, {key: ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status), **said}
    )


def as_object(value: Any, param: str) -> Mapping[str, Any]:
    """A JSON object, or the refusal that says which parameter should have been one."""
    if not isinstance(value, dict):
        raise invalid_param(f"{param} must be an object", param)
    return value
