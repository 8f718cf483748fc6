"""Settings, secrets and functions of a project through the Management API."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.projectconfig import ProjectConfig
from supasync.sandbox.records import StateFile

SECRET = "a value that nobody may ever see"


@pytest.fixture
async def main(sandbox: Sandbox, management: httpx.AsyncClient) -> AsyncIterator[str]:
    """Where main's routes begin."""
    yield f"/v1/projects/{sandbox.main.ref}"
    sandbox.main.record.config = ProjectConfig()


async def test_what_is_changed_stays_changed_and_secrets_are_masked(
    main: str, sandbox: Sandbox, management: httpx.AsyncClient
) -> None:
    changes = {"smtp_pass": SECRET, "jwt_exp": 60, "unheard_of": 1}
    answer = await management.patch(f"{main}/config/auth", json=changes)
    assert answer.json() == (await management.get(f"{main}/config/auth")).json()
    assert answer.json()["jwt_exp"] == 60
    await management.post(f"{main}/secrets", json=[{"name": "KEY", "value": SECRET}])
    [listed] = (await management.get(f"{main}/secrets")).json()
    assert listed["value"] == hashlib.sha256(SECRET.encode()).hexdigest()
    features = {"features": {"imageTransformation": {"enabled": False}}}
    await management.patch(f"{main}/config/storage", json=features)
    storage = (await management.get(f"{main}/config/storage")).json()
    assert storage["features"]["imageTransformation"] == {"enabled": False}
    assert storage["features"]["s3Protocol"] == {"enabled": True}

    assert SECRET not in answer.text
    kept = StateFile(sandbox.home / "state.json").load().main.config
    assert kept == sandbox.main.config
    assert SECRET not in repr(kept)
    branch = sandbox.branches["testing"].ref
    told = (await management.get(f"/v1/projects/{branch}/config/auth")).json()
    assert (told["jwt_exp"], told["smtp_pass"]) == (3600, None), "a branch has the defaults"


@pytest.mark.parametrize(
    ("request_", "body", "status"),
    [
        (("PATCH", "config/auth"), {"jwt_exp": "60"}, 400),
        (("PATCH", "config/auth"), {"jwt_exp": 604_801}, 400),
        (("PATCH", "config/auth"), {"password_min_length": 5}, 400),
        (("PATCH", "config/auth"), [], 400),
        (("PATCH", "postgrest"), {"max_rows": -1}, 400),
        (("PATCH", "config/storage"), {"unheard_of": 1}, 400),
        (("PATCH", "config/realtime"), {"private_only": None}, 400),
        (("PUT", "config/database/postgres"), {"statement_timeout": "a while"}, 400),
        (("POST", "secrets"), [{"name": "SUPABASE_KEY", "value": "v"}], 400),
        (("POST", "functions"), {"slug": "../up", "name": "n", "body": ""}, 400),
        (("GET", "functions/unheard-of"), None, 404),
    ],
)
async def test_refused(
    main: str, management: httpx.AsyncClient, request_: tuple[str, str], body: Any, status: int
) -> None:
    method, path = request_
    answer = await management.request(method, f"{main}/{path}", json=body)
    assert (answer.status_code, list(answer.json())) == (status, ["message"])


async def test_nobody_elses(management: httpx.AsyncClient) -> None:
    answer = await management.get(f"/v1/projects/{'x' * 20}/config/auth")
    assert (answer.status_code, answer.json()) == (404, {"message": "Project not found"})
