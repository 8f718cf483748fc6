"""What the client sends, held against the platform's OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import jsonschema
import pytest
from pydantic import BaseModel, SecretStr

from supasync import api, copyable
from supasync.errors import SupasyncError
from tests.contract import document as contract

MAIN, BRANCH = "abcdefghijklmnopqrst", "bbcdefghijklmnopqrst"
RUN = "7f1a2f3e-0000-4000-8000-000000000000"
pytestmark = contract.needed

CALLS: dict[str, Callable[[api.Client], Awaitable[Any]]] = {
    "projects": lambda c: c.projects.list(),
    "project": lambda c: c.projects.get(MAIN),
    "branches": lambda c: c.branches.list(MAIN),
    "branch": lambda c: c.branches.get(BRANCH),
    "create": lambda c: c.branches.create(MAIN, "testing"),
    "create with all": lambda c: c.branches.create(
        MAIN,
        "testing",
        git_branch="develop",
        is_default=False,
        persistent=True,
        region="eu-west-1",
        size="24xlarge_high_memory",
        postgres_engine="17",
        notify_url="https://example.com/hook",
    ),
    "update": lambda c: c.branches.update(BRANCH, name="x", git_branch="y", persistent=False),
    "reset": lambda c: c.branches.reset(BRANCH),
    "reset to": lambda c: c.branches.reset(BRANCH, "20260101000000"),
    "push": lambda c: c.branches.push(BRANCH, "20260101000000"),
    "diff": lambda c: c.branches.diff(BRANCH, ["public"]),
    "pause": lambda c: c.projects.pause(BRANCH),
    "restore": lambda c: c.projects.restore(BRANCH),
    "delete": lambda c: c.branches.delete(BRANCH, force=False),
    "runs": lambda c: c.actions.list(BRANCH, offset=10, limit=20),
    "run": lambda c: c.actions.get(BRANCH, RUN),
    "logs": lambda c: c.actions.logs(BRANCH, RUN),
    "keys": lambda c: c.api_keys.list(BRANCH),
    "health": lambda c: c.health.get(BRANCH, ["auth", "db", "rest"]),
    "auth": lambda c: c.config.get(MAIN, "auth"),
    "change auth": lambda c: c.branch_config(BRANCH).change("auth", {"site_url": "https://x"}),
    "data API": lambda c: c.config.get(MAIN, "postgrest"),
    "change data API": lambda c: c.branch_config(BRANCH).change("postgrest", {"max_rows": 1}),
    "storage": lambda c: c.config.get(MAIN, "storage"),
    "change storage": lambda c: c.branch_config(BRANCH).change("storage", {"fileSizeLimit": 1}),
    "realtime": lambda c: c.config.get(MAIN, "realtime"),
    "change realtime": lambda c: c.branch_config(BRANCH).change("realtime", {"suspend": True}),
    "postgres": lambda c: c.config.get(MAIN, "postgres"),
    "poolers": lambda c: c.config.poolers(BRANCH),
    "functions": lambda c: c.parts.functions(BRANCH),
    "secrets": lambda c: c.parts.secret_names(BRANCH),
    "migrations": lambda c: c.migrations.list(MAIN),
    "migration": lambda c: c.migrations.get(MAIN, "20260101000000"),
    "read": lambda c: c.production.fetch("select 1"),
    "read branch": lambda c: c.database(BRANCH).fetch("select 1"),
    "write": lambda c: c.database(BRANCH).run("select 1"),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return contract.load()


def check(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": document["components"]}
    jsonschema.Draft4Validator(whole).validate(value)


@pytest.mark.parametrize("call", CALLS)
async def test_request(document: dict[str, Any], call: str) -> None:
    sent: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(404, json={"message": "recorded"})

    async with api.Client(
        token=SecretStr("sbp_x"), production_ref=MAIN, transport=httpx.MockTransport(record)
    ) as client:
        with pytest.raises(SupasyncError):
            await CALLS[call](client)
        (request,) = sent
        template, described = contract.operation(request.method, request.url.path)
        assert dict(client.calls) == {f"{request.method} {template}": 1}
    declared = {item["name"]: item for item in described.get("parameters", [])}
    for name in {*request.url.params}:
        assert declared[name]["in"] == "query"
        values = request.url.params.get_list(name)
        check_parameter(document, declared[name]["schema"], values)
    required = [n for n, item in declared.items() if item["in"] == "query" and item["required"]]
    assert set(required) <= {*request.url.params}
    body = described.get("requestBody")
    assert bool(body) == bool(request.content)
    if body:
        sent_body = json.loads(request.content)
        schema = body["content"]["application/json"]["schema"]
        check(document, schema, sent_body)
        known = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
        assert set(sent_body) <= set(known)


def check_parameter(document: dict[str, Any], schema: dict[str, Any], values: list[str]) -> None:
    """Query parameters are text on the wire; the document gives what the text stands for."""
    if schema["type"] == "array":
        check(document, schema, values)
        return
    (value,) = values
    parsed = json.loads(value) if schema["type"] in {"integer", "number", "boolean"} else value
    check(document, schema, parsed)


MODELS: dict[str, type[BaseModel]] = {
    "BranchResponse": api.Branch,
    "BranchDetailResponse": api.BranchDetail,
    "ActionRunResponse": api.Run,
    "ApiKeyResponse": api.ApiKey,
    "V1ServiceHealthResponse": api.ServiceHealth,
    "V1ProjectWithDatabaseResponse": api.Project,
    "V1GetMigrationResponse": api.MigrationDetail,
    "SupavisorConfigResponse": api.Pooler,
    "FunctionResponse": api.EdgeFunction,
}


@pytest.mark.parametrize("name", MODELS)
def test_model_asks_for_nothing_that_may_be_absent(document: dict[str, Any], name: str) -> None:
    schema = document["components"]["schemas"][name]
    model = MODELS[name]
    required = {field for field, info in model.model_fields.items() if info.is_required()}
    assert required <= set(schema["required"])
    assert set(model.model_fields) <= set(schema["properties"])


BODIES = {
    "auth": "UpdateAuthConfigBody",
    "postgrest": "V1UpdatePostgrestConfigBody",
    "storage": "UpdateStorageConfigBody",
    "realtime": "UpdateRealtimeConfigBody",
}


@pytest.mark.parametrize("name", copyable.RULES)
def test_what_can_be_copied_is_taken_and_told(document: dict[str, Any], name: str) -> None:
    service, *path = name.split(".")
    schemas = document["components"]["schemas"]
    schema = schemas[BODIES[service]]
    for key in path:
        schema = schema["properties"][key]
    assert schema["type"] in {"boolean", "integer", "number", "string"}
