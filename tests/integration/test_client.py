"""The Management API's client against the sandbox: real HTTP, real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from pydantic import SecretStr

from supasync import api
from supasync.errors import NotFound, NotReady, ProductionGuard, SqlError, Unauthorized
from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = Sandbox(Options(branches=("testing",)))
    yield box
    box.close()


def connect(box: Sandbox, token: str | None = None, **more: api.Policy) -> api.Client:
    return api.Client(
        api_url=box.api_url,
        token=SecretStr(token or box.access_token),
        production_ref=box.main.ref,
        **more,
    )


def platform(box: Sandbox) -> httpx.AsyncClient:
    """Somebody else at the platform, whom no guard holds back."""
    headers = {"authorization": f"Bearer {box.access_token}"}
    return httpx.AsyncClient(base_url=box.api_url, headers=headers, timeout=60)


@pytest.fixture
async def client(box: Sandbox) -> AsyncIterator[api.Client]:
    async with connect(box) as client:
        yield client


async def test_branches(box: Sandbox, client: api.Client) -> None:
    listed = await client.branches.list(box.main.ref)
    assert {branch.name: branch.is_production for branch in listed} == {
        "main": True,
        "testing": False,
    }
    (testing,) = [branch for branch in listed if not branch.is_production]
    detail = await client.branches.get(testing.project_ref)
    assert detail.ref == box.branches["testing"].ref
    assert detail.status is api.ProjectStatus.ACTIVE_HEALTHY


async def test_production(box: Sandbox, client: api.Client) -> None:
    assert await client.production.fetch("select current_user::text") == "supabase_read_only_user"
    with pytest.raises(SqlError) as caught:
        await client.production.fetch("create table public.t ()")
    assert caught.value.sqlstate in {"25006", "42501"}
    with pytest.raises(ProductionGuard):
        client.database(box.main.ref)
    assert (await client.projects.get(box.main.ref)).database.postgres_engine == "17"


async def test_migrations(box: Sandbox, client: api.Client) -> None:
    async with platform(box) as session:
        made = await session.post(
            f"/v1/projects/{box.main.ref}/database/migrations",
            json={"name": "ships", "query": "create table public.ships (id int)"},
        )
        made.raise_for_status()
    newest = (await client.migrations.list(box.main.ref))[-1]
    assert newest.name == "ships"
    detail = await client.migrations.get(box.main.ref, newest.version)
    assert "create table public.ships" in "".join(detail.statements)


async def test_branch_is_written_and_read(box: Sandbox, client: api.Client) -> None:
    branch = client.database(box.branches["testing"].ref, "testing")
    value = await branch.run(
        "create schema supasync; create table supasync.t (x text);"
        "insert into supasync.t values ('kept') returning x"
    )
    assert value == "kept"
    assert await branch.fetch("select x from supasync.t") == "kept"
    assert await branch.fetch("select current_user::text") == "supabase_read_only_user"
    await branch.run("drop schema supasync cascade")


async def test_sql_error(box: Sandbox, client: api.Client) -> None:
    branch = client.database(box.branches["testing"].ref)
    with pytest.raises(SqlError) as caught:
        await branch.run("create table public.t ();\nselect nam from (select 1 as name) t")
    assert (caught.value.sqlstate, caught.value.line) == ("42703", 2)
    assert "t.name" in str(caught.value.hint)
    assert await branch.fetch("select to_regclass('public.t')::text") is None


async def test_keys(box: Sandbox, client: api.Client) -> None:
    keys = await client.api_keys.list(box.branches["testing"].ref)
    assert api.service_key(keys).get_secret_value() == box.branches["testing"].keys.secret
    assert api.anon_key(keys).get_secret_value() == box.branches["testing"].keys.publishable


async def test_refusals(box: Sandbox, client: api.Client) -> None:
    with pytest.raises(NotFound):
        await client.projects.get("z" * 20)
    async with connect(box, token="sbp_" + "0" * 40) as stranger:
        with pytest.raises(Unauthorized):
            await stranger.projects.list()


async def test_paused(box: Sandbox) -> None:
    ref = box.branches["testing"].ref
    async with platform(box) as session:
        (await session.post(f"/v1/projects/{ref}/pause")).raise_for_status()
        async with connect(box, policy=api.Policy(attempts=2)) as client:
            with pytest.raises(NotReady):
                await client.database(ref, "testing").fetch("select 'x'::text")
            listed = await client.branches.list(box.main.ref)
            assert [branch.is_paused for branch in listed if branch.name == "testing"] == [True]
        (await session.post(f"/v1/projects/{ref}/restore")).raise_for_status()
