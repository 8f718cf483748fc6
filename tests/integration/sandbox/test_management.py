"""What belongs to a project besides its branches: keys, logins, advice, descriptions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from supasync.sandbox import Sandbox


@pytest.fixture
async def project(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to main's part of the Management API."""
    headers = {"authorization": f"Bearer {sandbox.access_token}"}
    url = f"{sandbox.api_url}/v1/projects/{sandbox.main.ref}"
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        yield client


@contextmanager
def made(sandbox: Sandbox, sql: str, undo: str) -> Iterator[None]:
    """Objects in main, as long as they are needed."""
    with psycopg.connect(sandbox.main.db_url, autocommit=True) as connection:
        connection.execute(sql.encode())
        try:
            yield
        finally:
            connection.execute(undo.encode())


async def settings(sandbox: Sandbox, key: str) -> httpx.Response:
    """Asked of the Auth API with an API key."""
    async with httpx.AsyncClient(base_url=sandbox.main.project_url) as client:
        return await client.get("/auth/v1/admin/users", headers={"apikey": key})


async def test_a_new_key_works_until_it_is_deleted(
    sandbox: Sandbox, project: httpx.AsyncClient
) -> None:
    wanted = {"type": "secret", "name": "ci_key", "description": "CI"}
    hidden = (await project.post("/api-keys", json=wanted)).json()
    assert hidden["api_key"].endswith("·" * 20)
    url = f"/api-keys/{hidden['id']}"
    shown = (await project.get(url, params={"reveal": "true"})).json()
    assert shown["api_key"].startswith(hidden["prefix"])
    assert shown["secret_jwt_template"] == {"role": "service_role"}
    assert (await settings(sandbox, shown["api_key"])).status_code == 200
    assert (await project.post("/api-keys", json=wanted)).status_code == 409

    limited = {"secret_jwt_template": {"role": "anon"}, "name": "renamed"}
    changed = (await project.patch(url, json=limited)).json()
    assert (changed["name"], changed["description"]) == ("renamed", "CI")
    assert (await settings(sandbox, shown["api_key"])).json()["error_code"] == "not_admin"

    assert (await project.delete(url)).json()["id"] == hidden["id"]
    assert (await settings(sandbox, shown["api_key"])).json()["message"] == "Invalid API key"
    assert (await project.get(url)).status_code == 404


async def test_keys_that_are_refused(project: httpx.AsyncClient) -> None:
    for wrong in ({"name": "CI"}, {"type": "legacy", "name": "name"}, {"type": "secret"}):
        assert (await project.post("/api-keys", json=wrong)).status_code == 400, wrong
    listed = (await project.get("/api-keys")).json()
    assert [(key["name"], key["type"]) for key in listed] == [
        ("anon", "legacy"),
        ("service_role", "legacy"),
        ("default", "publishable"),
        ("default", "secret"),
    ]
    assert (await project.delete(f"/api-keys/{listed[-1]['id']}")).status_code == 400
    assert (await project.get("/api-keys", params={"reveal": "yes"})).status_code == 400


async def test_legacy_keys_are_switched_off_and_on(
    sandbox: Sandbox, project: httpx.AsyncClient
) -> None:
    key = sandbox.main.keys.anon
    off = await project.put("/api-keys/legacy", params={"enabled": "false"})
    try:
        assert off.json() == (await project.get("/api-keys/legacy")).json() == {"enabled": False}
        refused = await settings(sandbox, key)
        assert (refused.status_code, refused.json()["message"]) == (
            401,
            "Legacy API keys are disabled",
        )
        assert (await settings(sandbox, sandbox.main.keys.secret)).status_code == 200
        assert [each["type"] for each in (await project.get("/api-keys")).json()] == [
            "publishable",
            "secret",
        ]
    finally:
        await project.put("/api-keys/legacy", params={"enabled": "true"})
    assert (await project.put("/api-keys/legacy")).status_code == 400


@pytest.mark.parametrize(("read_only", "member_of"), [(False, "postgres"), (True, "read_only")])
async def test_a_login_for_a_while(
    sandbox: Sandbox, project: httpx.AsyncClient, *, read_only: bool, member_of: str
) -> None:
    login = await project.post("/cli/login-role", json={"read_only": read_only})
    assert (login.status_code, login.json()["ttl_seconds"]) == (201, 3600)
    role, password = login.json()["role"], login.json()["password"]
    assert role.startswith("cli_login_")
    dsn = make_conninfo(sandbox.main.db_url, user=role, password=password)
    become = role.removeprefix("cli_login_")
    assert member_of in become
    with psycopg.connect(dsn) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table public.not_mine ()")
        connection.rollback()
        connection.execute(f"set role {become}".encode())
        assert connection.execute("select current_user").fetchone() == (become,)
    again = (await project.post("/cli/login-role", json={"read_only": read_only})).json()
    assert again["password"] != password
    assert (await project.delete("/cli/login-role")).json() == {"message": "ok"}
    with pytest.raises(psycopg.OperationalError, match=r"authentication failed|not permitted"):
        psycopg.connect(make_conninfo(dsn, password=again["password"]))


ADVISED = """
create schema advised;
create table public.adv_open (id int);
create table public.adv_closed (id int primary key);
alter table public.adv_closed enable row level security;
create table public.adv_off (id int primary key, parent int references public.adv_closed);
create policy p on public.adv_off using (true);
revoke all on public.adv_off from anon, authenticated;
create index adv_1 on public.adv_closed (id, id); create index adv_2 on public.adv_closed (id, id);
create view public.adv_definer as select 1 as one;
create view public.adv_invoker with (security_invoker = on) as select 1 as one;
create materialized view public.adv_kept as select 1 as one;
create function public.adv_mutable() returns int language sql as 'select 1';
create function public.adv_fixed() returns int language sql set search_path = '' as 'select 1';
create table advised.unserved (id int primary key);
"""
CLEAN = """
drop schema advised cascade; drop view public.adv_definer, public.adv_invoker;
drop materialized view public.adv_kept;
drop table public.adv_off, public.adv_closed, public.adv_open;
drop function public.adv_mutable, public.adv_fixed;
"""


async def test_advice_is_what_the_catalogs_say(
    sandbox: Sandbox, project: httpx.AsyncClient
) -> None:
    async def lints(kind: str) -> set[tuple[str, str]]:
        found: list[dict[str, Any]] = (await project.get(f"/advisors/{kind}")).json()["lints"]
        return {(lint["name"], lint["metadata"]["name"]) for lint in found}

    security, performance = await lints("security"), await lints("performance")
    with made(sandbox, ADVISED, CLEAN):
        assert await lints("security") - security == {
            ("rls_disabled_in_public", "adv_open"),
            ("rls_enabled_no_policy", "adv_closed"),
            ("policy_exists_rls_disabled", "adv_off"),
            ("security_definer_view", "adv_definer"),
            ("materialized_view_in_api", "adv_kept"),
            ("function_search_path_mutable", "adv_mutable"),
        }
        assert await lints("performance") - performance == {
            ("no_primary_key", "adv_open"),
            ("unindexed_foreign_keys", "adv_off"),
            ("duplicate_index", "adv_closed"),
        }
    assert (await lints("security"), await lints("performance")) == (security, performance)


async def test_the_rest_api_is_described(sandbox: Sandbox, project: httpx.AsyncClient) -> None:
    sql = """create table public.described (
        id int generated always as identity primary key, name text not null, tags text[],
        parent int references public.described, at timestamptz default now(), meta jsonb);
      comment on column public.described.name is 'Its name.';
      create function public.describe(a int, b text default '') returns int
        language sql as 'select a'"""
    undo = "drop table public.described; drop function public.describe"
    with made(sandbox, sql, undo):
        answer = (await project.get("/database/openapi")).json()
        headers = {"apikey": sandbox.main.keys.publishable}
        async with httpx.AsyncClient(base_url=sandbox.main.project_url, headers=headers) as client:
            rest = await client.get("/rest/v1/")
    table = answer["definitions"]["described"]
    assert table["required"] == ["name"]
    assert table["properties"]["id"] == {
        "format": "integer",
        "type": "integer",
        "description": "Note:\nThis is a Primary Key.<pk/>",
    }
    assert table["properties"]["name"]["description"] == "Its name."
    assert table["properties"]["tags"]["items"] == {"type": "string"}
    assert "<fk table='described' column='id'/>" in table["properties"]["parent"]["description"]
    assert table["properties"]["meta"] == {"format": "jsonb"}
    (body,) = answer["paths"]["/rpc/describe"]["post"]["parameters"]
    assert body["schema"]["required"] == ["a"]
    assert set(answer["paths"]["/described"]) == {"get", "post"}
    assert rest.headers["content-type"] == "application/openapi+json"
    assert "described" in rest.json()["definitions"]
    nowhere = await project.get("/database/openapi", params={"schema": "nowhere"})
    assert nowhere.json()["paths"] == {}


async def test_the_organization(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    (organization,) = (await management.get("/v1/organizations")).json()
    url = f"/v1/organizations/{organization['slug']}"
    assert (await management.get(url)).json()["plan"] == "pro"
    projects = f"{url}/projects"
    everything = (await management.get(projects)).json()
    assert everything["pagination"]["count"] == 3
    assert [(each["name"], each["is_branch"]) for each in everything["projects"]] == [
        ("preview", True),
        ("sandbox", False),
        ("testing", True),
    ]
    query = {"search": "E", "sort": "name_desc", "limit": 1, "offset": 1}
    page = (await management.get(projects, params=query)).json()
    assert [each["name"] for each in page["projects"]] == ["preview"]
    assert (await management.get(projects, params={"limit": 101})).status_code == 400
    assert (await management.get(projects, params={"sort": "size"})).status_code == 400
    unknown = await management.get("/v1/organizations/other")
    assert (unknown.status_code, unknown.json()) == (404, {"message": "Organization not found"})
