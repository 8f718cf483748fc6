"""What the sandbox answers, held against the platform's OpenAPI document."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.projectconfig.auth import DEFAULTS, UpdateAuthConfig
from supasync.sandbox.routes import ENTRIES
from tests.contract import document
from tests.fix_sandbox import client

pytestmark = document.needed

FUNCTION = {"slug": "hello", "name": "Hello", "body": "Deno.serve()", "verify_jwt": False}
BUCKET = "insert into storage.buckets (id, name, public) values ('b', 'b', true)"

# In the order they are made; {x} stands for what is known by then.
CALLS: list[tuple[str, str, Any, int]] = [
    ("GET", "/v1/organizations", None, 200),
    ("GET", "/v1/organizations/{org}", None, 200),
    ("GET", "/v1/organizations/{org}/members", None, 200),
    (
        "GET",
        "/v1/organizations/{org}/projects?sort=created_desc&limit=20",
        None,
        200,
    ),
    ("GET", "/v1/profile", None, 200),
    ("GET", "/v1/projects", None, 200),
    ("GET", "/v1/projects/{main}", None, 200),
    ("GET", "/v1/projects/{main}/health?services=auth&services=storage", None, 200),
    ("GET", "/v1/projects/{main}/api-keys", None, 200),
    ("GET", "/v1/projects/{ref}/api-keys?reveal=true", None, 200),
    ("POST", "/v1/projects/{main}/api-keys", {"type": "secret", "name": "ci_key"}, 201),
    ("GET", "/v1/projects/{main}/api-keys/{key}", None, 200),
    ("PATCH", "/v1/projects/{main}/api-keys/{key}", {"name": "other", "description": "d"}, 200),
    ("DELETE", "/v1/projects/{main}/api-keys/{key}?reveal=true", None, 200),
    ("GET", "/v1/projects/{main}/api-keys/legacy", None, 200),
    ("PUT", "/v1/projects/{main}/api-keys/legacy?enabled=true", None, 200),
    ("POST", "/v1/projects/{main}/branches", {"branch_name": "new", "git_branch": "dev"}, 201),
    ("GET", "/v1/projects/{main}/branches", None, 200),
    ("GET", "/v1/projects/{main}/branches/testing", None, 200),
    ("GET", "/v1/branches/{ref}", None, 200),
    ("PATCH", "/v1/branches/{ref}", {"notify_url": "https://example.com/hook"}, 200),
    ("GET", "/v1/projects/{ref}/actions", None, 200),
    ("HEAD", "/v1/projects/{ref}/actions", None, 200),
    ("GET", "/v1/projects/{ref}/actions/{run}", None, 200),
    ("GET", "/v1/projects/{ref}/actions/{run}/logs", None, 200),
    ("PATCH", "/v1/projects/{ref}/actions/{run}/status", {"seed": "PAUSED"}, 200),
    ("POST", "/v1/projects/{main}/database/query", {"query": "select 1"}, 201),
    ("POST", "/v1/projects/{main}/database/query/read-only", {"query": "select 1"}, 201),
    (
        "POST",
        "/v1/projects/{main}/database/migrations",
        {"query": "create table public.made (a int); create view public.shown as table public.made"}
        | {"name": "n", "rollback": "drop table public.made cascade"},
        200,
    ),
    ("PUT", "/v1/projects/{main}/database/migrations", {"query": "select 1"}, 200),
    ("GET", "/v1/projects/{main}/database/migrations", None, 200),
    ("GET", "/v1/projects/{main}/database/migrations/{version}", None, 200),
    ("PATCH", "/v1/projects/{main}/database/migrations/{version}", {"name": "m"}, 200),
    ("GET", "/v1/projects/{main}/types/typescript", None, 200),
    ("GET", "/v1/projects/{main}/database/openapi?schema=public", None, 200),
    ("GET", "/v1/projects/{main}/advisors/security", None, 200),
    ("GET", "/v1/projects/{main}/advisors/performance", None, 200),
    ("POST", "/v1/projects/{main}/cli/login-role", {"read_only": True}, 201),
    ("DELETE", "/v1/projects/{main}/cli/login-role", None, 200),
    ("DELETE", "/v1/projects/{main}/database/migrations?gte={version}", None, 200),
    ("GET", "/v1/branches/{ref}/diff?included_schemas=public", None, 200),
    ("POST", "/v1/branches/{ref}/push", {}, 201),
    ("POST", "/v1/branches/{ref}/merge", {}, 201),
    ("POST", "/v1/branches/{ref}/reset", {}, 201),
    ("GET", "/v1/projects/{ref}/config/auth", None, 200),
    ("PATCH", "/v1/projects/{ref}/config/auth", {"smtp_pass": "x", "jwt_exp": 60}, 200),
    ("GET", "/v1/projects/{main}/postgrest", None, 200),
    ("PATCH", "/v1/projects/{main}/postgrest", {"db_schema": "public"}, 200),
    ("GET", "/v1/projects/{ref}/config/storage", None, 200),
    ("PATCH", "/v1/projects/{ref}/config/storage", {"fileSizeLimit": 1000}, 200),
    ("GET", "/v1/projects/{ref}/config/realtime", None, 200),
    ("PATCH", "/v1/projects/{ref}/config/realtime", {"private_only": True}, 204),
    ("PUT", "/v1/projects/{ref}/config/database/postgres", {"work_mem": "4MB"}, 200),
    ("GET", "/v1/projects/{ref}/config/database/postgres", None, 200),
    ("GET", "/v1/projects/{ref}/config/database/pooler", None, 200),
    ("POST", "/v1/projects/{ref}/secrets", [{"name": "KEY", "value": "v"}], 201),
    ("GET", "/v1/projects/{ref}/secrets", None, 200),
    ("DELETE", "/v1/projects/{ref}/secrets", ["KEY"], 200),
    ("POST", "/v1/projects/{ref}/functions", FUNCTION, 201),
    ("GET", "/v1/projects/{ref}/functions", None, 200),
    ("GET", "/v1/projects/{ref}/functions/hello", None, 200),
    ("DELETE", "/v1/projects/{ref}/functions/hello", None, 200),
    ("POST", "/v1/projects/{main}/database/query", {"query": BUCKET}, 201),
    ("GET", "/v1/projects/{main}/storage/buckets", None, 200),
    ("POST", "/v1/projects/{main}/pause", None, 200),
    ("GET", "/v1/projects/{main}/restore", None, 200),
    ("POST", "/v1/projects/{main}/restore", None, 200),
    ("DELETE", "/v1/branches/{ref}", None, 200),
    ("DELETE", "/v1/projects/{main}/branches", None, 200),
]
BUSY = {"CREATING_PROJECT", "RUNNING_MIGRATIONS"}


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.open(branches=("testing",), example=False, delay=0) as box:
        yield box


async def facts(http: httpx.AsyncClient, main: str) -> dict[str, str]:
    """Of testing, or once that is deleted of the new one; none of a branch that is being built."""
    for _ in range(200):
        rows = (await http.get(f"/v1/projects/{main}/branches")).json()
        if not any(row["status"] in BUSY for row in rows):
            break
        await asyncio.sleep(0.05)
    listed = max(rows, key=lambda row: (row["name"] == "testing", not row["is_default"]))
    runs = (await http.get(f"/v1/projects/{listed['project_ref']}/actions")).json()
    done = await http.get(f"/v1/projects/{main}/database/migrations")
    version = done.json()[0]["version"] if done.status_code == 200 and done.json() else ""
    keys = (await http.get(f"/v1/projects/{main}/api-keys")).json()
    return {
        "main": main,
        "org": (await http.get("/v1/organizations")).json()[0]["slug"],
        "ref": listed["project_ref"],
        "run": runs[0]["id"],
        "version": version,
        "key": keys[-1]["id"],
    }


async def test_every_answer(box: Sandbox) -> None:
    called = set()
    async with client(box) as http:
        for method, path, body, status in CALLS:
            known = await facts(http, box.main.ref)
            answer = await http.request(method, path.format(**known), json=body)
            template, described = document.operation(method, answer.request.url.path)
            called.add((method, re.sub(r"\{\w+\}", "{}", template)))
            assert answer.status_code == status, f"{method} {path}: {answer.text}"
            is_json = answer.headers.get("content-type") == "application/json"
            document.hold(described, status, answer.json() if is_json else None)
    offered = {(method, re.sub(r"\{[\w:]+\}", "{}", path)) for method, path, _ in ENTRIES}
    assert offered == called, "every route is called, and is one of the platform's"


def test_every_setting_of_auth_is_there() -> None:
    schemas = document.load()["components"]["schemas"]
    assert set(DEFAULTS) == set(schemas["AuthConfigResponse"]["properties"])
    taken = schemas["UpdateAuthConfigBody"]["properties"]
    ours = document.with_null(UpdateAuthConfig.model_json_schema())["properties"]
    assert set(ours) == set(taken)
    for name, described in taken.items():
        for word in ("minimum", "maximum", "enum", "pattern"):
            found = [each[word] for each in _alternatives(ours[name]) if word in each]
            assert found == ([described[word]] if word in described else []), name


def _alternatives(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = schema.get("anyOf", [schema])
    return found
