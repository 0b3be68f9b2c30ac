"""The OpenAPI document of the intake API, made from the models that read and write it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic.json_schema import models_json_schema

from bot.api.wire import MAX_BODY, NewRequest, Problem, RequestOut

Json = dict[str, Any]
_SECURITY: list[Json] = [{"key": []}]
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
_PROBLEMS = {
    400: "The body is not JSON.",
    401: "The key is missing, unknown or revoked.",
    404: "This workspace has no such request.",
    409: "The Idempotency-Key stands for a request with other contents.",
    413: f"The body has more than {MAX_BODY:,} bytes.",
    415: "The body is not declared as application/json.",
    422: "Some fields cannot be accepted: `errors` names each.",
    429: "The key is used too fast.",
    503: "Slack does not answer at present, so people cannot be looked up.",
}


@lru_cache(maxsize=4)
def document(public_url: str) -> Json:
    """The whole document; `public_url` is where the API is reached, or empty."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Slipway intake API",
            "version": "1",
            "summary": "Hand over requests to Slipway and follow them.",
            "description": "Keys are made on Slipway's Home tab in Slack. Every answer is JSON; every "
            "refusal is a problem document (RFC 9457) whose `errors` name the fields.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        **({"servers": [{"url": public_url}]} if public_url else {}),
        "paths": {
            "/api/v1/requests": {"post": _create()},
            "/api/v1/requests/{id}": {"get": _read()},
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of the workspace, `slipway.T….….…`.",
                }
            },
        },
    }


def _create() -> Json:
    return {
        "operationId": "createRequest",
        "summary": "Hand over a request",
        "security": _SECURITY,
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key again gives the request that it made the first time. Without "
                "one, the same body handed over again makes another request.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewRequest"}}},
        },
        "responses": {
            "201": _stands("Accepted.", {"Location": {"schema": {"type": "string"}}}),
            "200": _stands("It was handed over before, under the same Idempotency-Key."),
            **_refused(400, 401, 409, 413, 415, 422, 429, 503),
        },
    }


def _read() -> Json:
    return {
        "operationId": "readRequest",
        "summary": "How a request stands",
        "security": _SECURITY,
        "parameters": [
            {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "minLength": 1, "maxLength": 64},
            }
        ],
        "responses": {"200": _stands("How it stands now."), **_refused(401, 404, 429)},
    }


def _stands(description: str, headers: Json | None = None) -> Json:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/RequestOut"}}}
    return {"description": description, **({"headers": headers} if headers else {}), "content": content}


def _refused(*statuses: int) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {
            "description": _PROBLEMS[status],
            **({"headers": _RETRY} if status in (429, 503) else {}),
            "content": content,
        }
        for status in statuses
    }


def _schemas() -> Json:
    _, taken = models_json_schema([(NewRequest, "validation")], ref_template="#/components/schemas/{model}")
    _, given = models_json_schema(
        [(RequestOut, "serialization"), (Problem, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    found: Json = {**taken["$defs"], **given["$defs"]}
    return found
