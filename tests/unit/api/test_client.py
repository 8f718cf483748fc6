"""The client's resources."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx
from pydantic import SecretStr

from supasync import api
from supasync.api.http import default_transport
from supasync.errors import ApiError, ProductionGuard, UnexpectedAnswer, UsageError
from supasync.ports import Database, WritableDatabase
from tests.unit.api.world import BRANCH, MAIN, TOKEN

BASE = "https://api.supabase.com/v1"
ROW: dict[str, Any] = {
    "id": "7f1a2f3e-0000-4000-8000-000000000000",
    "name": "testing",
    "project_ref": BRANCH,
    "parent_project_ref": MAIN,
    "is_default": False,
    "persistent": True,
    "status": "A_NEW_WORD",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "with_data": False,
    "preview_project_status": "INACTIVE",
    "a_new_field": {"x": 1},
}


def test_production_cannot_write(client: api.Client) -> None:
    assert isinstance(client.production, Database)
    assert not isinstance(client.production, WritableDatabase)
    assert client.production.name == "main"
    assert isinstance(client.database(BRANCH, "testing"), WritableDatabase)
    assert client.database(BRANCH, "testing").name == "testing"


@pytest.mark.parametrize("ref", [MAIN, MAIN.upper(), f" {MAIN} "])
def test_production_is_no_writable_database(client: api.Client, ref: str) -> None:
    with pytest.raises(ProductionGuard):
        client.database(ref)


@respx.mock
async def test_read_of_production(client: api.Client, audited: list[str]) -> None:
    route = respx.post(f"{BASE}/projects/{MAIN}/database/query/read-only").mock(
        side_effect=[httpx.Response(500), httpx.Response(201, json=[{"j": "x"}])]
    )
    assert await client.production.fetch("select 'x'::text") == "x"
    request = route.calls.last.request
    assert json.loads(request.content) == {"query": "select 'x'::text"}
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert audited == ["select 'x'::text"] * 2


@respx.mock
async def test_what_cannot_be_audited_is_not_sent(client: api.Client) -> None:
    def full(_: str) -> None:
        raise UsageError("The disk is full.")

    route = respx.post(f"{BASE}/projects/{MAIN}/database/query/read-only")
    async with api.Client(token=SecretStr(TOKEN), production_ref=MAIN, audit=full) as strict:
        with pytest.raises(UsageError):
            await strict.production.fetch("select 1")
    assert not route.called


@respx.mock
async def test_guard_below_the_client(client: api.Client) -> None:
    route = respx.route()
    with pytest.raises(ProductionGuard):
        await client.branches.delete(MAIN)
    with pytest.raises(ProductionGuard):
        await client.branches.update(ROW["id"], persistent=False)
    assert not route.called
    assert client.calls.total() == 0


async def test_nul_is_refused(client: api.Client) -> None:
    with pytest.raises(UsageError):
        await client.database(BRANCH).run("select 1;\0 drop table t")


@respx.mock
async def test_branches(client: api.Client) -> None:
    main = {**ROW, "name": "main", "project_ref": MAIN, "is_default": True}
    respx.get(f"{BASE}/projects/{MAIN}/branches").respond(200, json=[main, ROW])
    first, second = await client.branches.list(MAIN)
    assert (first.is_production, second.is_production) == (True, False)
    assert second.status == "A_NEW_WORD"
    assert second.preview_project_status is api.ProjectStatus.INACTIVE
    assert second.is_paused


@respx.mock
async def test_branching_not_enabled(client: api.Client) -> None:
    message = "Preview branching is not enabled for this project."
    route = respx.get(f"{BASE}/projects/{MAIN}/branches")
    route.respond(422, json={"message": message})
    assert await client.branches.list(MAIN) == ()
    route.respond(422, json={"message": "something else"})
    with pytest.raises(ApiError):
        await client.branches.list(MAIN)


@respx.mock
async def test_the_platforms_diff_is_text(client: api.Client) -> None:
    route = respx.get(f"{BASE}/branches/{BRANCH}/diff")
    route.respond(200, text="drop table a;\n", headers={"content-type": "text/plain"})
    assert await client.branches.diff(BRANCH, ["public", "app"]) == "drop table a;"
    assert route.calls.last.request.url.params["included_schemas"] == "public,app"
    route.respond(200, html="<html>sign in</html>")
    with pytest.raises(UnexpectedAnswer):
        await client.branches.diff(BRANCH, ["public"])
    route.respond(500, json={"message": "Failed to diff database branch"})
    with pytest.raises(ApiError, match="Failed to diff"):
        await client.branches.diff(BRANCH, ["public"])


@respx.mock
async def test_path_values_are_encoded(client: api.Client) -> None:
    route = respx.get(url__regex=".*").respond(404, json={"message": "no"})
    with pytest.raises(ApiError):
        await client.projects.get("a/../b?c#d")
    assert route.calls.last.request.url.raw_path == b"/v1/projects/a%2F..%2Fb%3Fc%23d"


def key(name: str, value: str | None, **more: Any) -> api.ApiKey:
    return api.ApiKey.model_validate({"name": name, "api_key": value, **more})


RECORDED = (
    key("anon", "anon-jwt", type="legacy"),
    key("service_role", "service-jwt", type="legacy"),
    key("default", "sb_publishable_x", type="publishable"),
    key("default", "sb_secret_x", type="secret", secret_jwt_template={"role": "service_role"}),
)


def test_keys_are_chosen_by_type() -> None:
    assert api.service_key(RECORDED).get_secret_value() == "sb_secret_x"
    assert api.anon_key(RECORDED).get_secret_value() == "sb_publishable_x"
    assert api.service_key(RECORDED[:2]).get_secret_value() == "service-jwt"
    assert api.anon_key(RECORDED[:2]).get_secret_value() == "anon-jwt"
    assert "jwt" not in repr(RECORDED).replace("secret_jwt_template", "")


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (key("service_role", None),),
        (key("service_role", "eyJh····", type="legacy"),),
        (key("default", "sb_secret_x", type="secret", secret_jwt_template={"role": "other"}),),
    ],
)
def test_no_service_key(keys: tuple[api.ApiKey, ...]) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        api.service_key(keys)
    assert "API Key Secrets" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxied"),
    [
        ("https://api.supabase.com", "", True),
        ("https://api.supabase.com", "api.supabase.com", False),
        ("http://127.0.0.1:8000", "", False),
        ("http://localhost:8000", "", False),
    ],
)
def test_proxies(monkeypatch: pytest.MonkeyPatch, url: str, no_proxy: str, proxied: bool) -> None:
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", no_proxy)
    assert ("Proxy" in type(default_transport(url)._pool).__name__) is proxied
