"""Branches of a sandbox: built from main's history, and from nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from supasync.sandbox import Sandbox
from tests.fix_sandbox import client


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.open(branches=("testing",), example=False, delay=0.2) as box:
        yield box


@pytest.fixture
async def http(box: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with client(box) as opened:
        yield opened


async def rows(http: httpx.AsyncClient, ref: str, query: str) -> Any:
    answer = await http.post(f"/v1/projects/{ref}/database/query", json={"query": query})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def migrate(http: httpx.AsyncClient, ref: str, query: str, name: str) -> None:
    url = f"/v1/projects/{ref}/database/migrations"
    answer = await http.post(url, json={"query": query, "name": name})
    assert answer.status_code == 200, answer.text


async def create(http: httpx.AsyncClient, box: Sandbox, name: str, **more: object) -> Any:
    url = f"/v1/projects/{box.main.ref}/branches"
    answer = await http.post(url, json={"branch_name": name, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def status(http: httpx.AsyncClient, box: Sandbox, name: str) -> tuple[str, str]:
    answer = await http.get(f"/v1/projects/{box.main.ref}/branches/{name}")
    return answer.json()["status"], answer.json()["preview_project_status"]


async def settled(http: httpx.AsyncClient, box: Sandbox, name: str) -> str:
    for _ in range(200):
        now, _ = await status(http, box, name)
        if now in {"FUNCTIONS_DEPLOYED", "MIGRATIONS_FAILED"}:
            return now
        await asyncio.sleep(0.05)
    pytest.fail(f"{name} is still {now}")


TABLES = """select coalesce(string_agg(relname, ' ' order by relname), '') as t
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"""


async def test_a_branch_has_the_history_and_not_the_drift(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    main = box.main.ref
    await migrate(http, main, "create table public.a (id int)", "first")
    await migrate(http, main, "create table public.b (id int)", "second")
    await rows(http, main, "create table public.by_hand (); insert into public.a values (1)")
    branch = await create(http, box, "feature")
    assert await settled(http, box, "feature") == "FUNCTIONS_DEPLOYED"
    ref = branch["project_ref"]
    assert await rows(http, ref, TABLES) == [{"t": "a b"}]
    assert await rows(http, ref, "select * from public.a") == []
    history = [
        (await http.get(f"/v1/projects/{each}/database/migrations")).json() for each in (main, ref)
    ]
    assert history[0] == history[1]
    assert [row["name"] for row in history[1]] == ["first", "second"]


async def test_a_project_without_migrations_gets_one_of_all_that_is_there(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    main = box.main.ref
    await rows(
        http,
        main,
        """create schema app; create table app.a (id int primary key, n text check (n <> ''));
        alter table app.a enable row level security;
        create view public.v as select n from app.a; grant select on public.v to anon;
        create function public.f() returns int language sql as 'select 1';
        create policy p on app.a using (public.f() = 1); comment on table app.a is 'x;y'""",
    )
    branch = await create(http, box, "feature")
    assert await settled(http, box, "feature") == "FUNCTIONS_DEPLOYED"
    there = "select to_regclass('public.v')::text || to_regprocedure('public.f()')::text as t"
    assert await rows(http, branch["project_ref"], there) == [{"t": "vf()"}]
    for ref in (main, branch["project_ref"]):
        history = (await http.get(f"/v1/projects/{ref}/database/migrations")).json()
        assert [row["name"] for row in history] == ["remote_schema"]
    await rows(http, main, "create table public.by_hand ()")
    await create(http, box, "later")
    assert await settled(http, box, "later") == "FUNCTIONS_DEPLOYED"
    assert len((await http.get(f"/v1/projects/{main}/database/migrations")).json()) == 1


async def test_active_healthy_comes_before_the_tables(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    await migrate(http, box.main.ref, "create table public.a (id int)", "first")
    branch = await create(http, box, "early")
    assert (branch["status"], branch["preview_project_status"]) == (
        "CREATING_PROJECT",
        "COMING_UP",
    )
    for _ in range(500):
        now, project = await status(http, box, "early")
        if project == "ACTIVE_HEALTHY":
            break
        await asyncio.sleep(0.01)
    assert now == "RUNNING_MIGRATIONS"
    assert await rows(http, branch["project_ref"], TABLES) == [{"t": ""}]
    await settled(http, box, "early")
    assert await rows(http, branch["project_ref"], TABLES) == [{"t": "a"}]


async def test_a_failing_migration_shows_in_the_run(box: Sandbox, http: httpx.AsyncClient) -> None:
    await rows(http, box.main.ref, "create table public.by_hand ()")
    await migrate(http, box.main.ref, "create table public.a ()", "good")
    await migrate(http, box.main.ref, "alter table public.by_hand add id int", "on drift")
    branch = await create(http, box, "broken")
    assert await settled(http, box, "broken") == "MIGRATIONS_FAILED"
    assert await status(http, box, "broken") == ("MIGRATIONS_FAILED", "ACTIVE_HEALTHY")
    ref = branch["project_ref"]
    assert await rows(http, ref, TABLES) == [{"t": "a"}], "what came before stays"
    actions = f"/v1/projects/{ref}/actions"
    [run] = (await http.get(actions)).json()
    steps = {step["name"]: step["status"] for step in run["run_steps"]}
    assert steps["pull"] == "EXITED"
    assert steps["migrate"] == "DEAD"
    assert steps["seed"] == steps["deploy"] == "CREATED"
    assert (await http.get(f"{actions}/{run['id']}")).json() == run
    assert (
        'relation "public.by_hand" does not exist'
        in (await http.get(f"{actions}/{run['id']}/logs")).text
    )
    assert (await http.head(actions)).headers["x-total-count"] == "1"


async def test_a_migration_that_fails_leaves_nothing(box: Sandbox, http: httpx.AsyncClient) -> None:
    url = f"/v1/projects/{box.main.ref}/database/migrations"
    query = "create table public.half (); select * from nowhere"
    answer = await http.post(url, json={"query": query})
    assert answer.status_code == 400
    assert "42P01" in answer.json()["message"]
    assert (await http.get(url)).json() == []
    assert await rows(http, box.main.ref, TABLES) == [{"t": ""}]


async def test_migrations_are_idempotent_by_key_and_can_be_only_recorded(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    url = f"/v1/projects/{box.main.ref}/database/migrations"
    body = {"query": "create table public.once ()", "name": "once", "rollback": "drop table once"}
    for _ in range(2):
        answer = await http.post(url, json=body, headers={"idempotency-key": "k"})
        assert answer.status_code == 200, answer.text
    await http.put(url, json={"query": "create table public.never ()", "name": "never"})
    listed = (await http.get(url)).json()
    assert [row["name"] for row in listed] == ["once", "never"]
    one = (await http.get(f"{url}/{listed[0]['version']}")).json()
    assert one == {
        "version": listed[0]["version"],
        "name": "once",
        "statements": ["create table public.once ()"],
        "rollback": ["drop table once"],
        "idempotency_key": "k",
    }
    assert await rows(http, box.main.ref, TABLES) == [{"t": "once"}]
    assert (await http.get(f"{url}/1")).status_code == 404


async def test_push_brings_what_is_new_and_reset_makes_anew(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    ref = box.branches["testing"].ref
    await migrate(http, box.main.ref, "create table public.a ()", "first")
    await rows(http, ref, "create table public.kept ()")
    pushed = await http.post(f"/v1/branches/{ref}/push", json={})
    assert pushed.status_code == 201
    assert pushed.json()["message"] == "ok"
    await settled(http, box, "testing")
    assert await rows(http, ref, TABLES) == [{"t": "a kept"}]
    runs = (await http.get(f"/v1/projects/{ref}/actions")).json()
    assert runs[0]["id"] == pushed.json()["workflow_run_id"]

    assert (await http.post(f"/v1/branches/{ref}/reset")).status_code == 201
    await asyncio.sleep(0.1)
    diff = await http.get(f"/v1/branches/{ref}/diff")  # in the middle of it
    assert diff.status_code in {200, 422}, diff.text
    await settled(http, box, "testing")
    assert await rows(http, ref, TABLES) == [{"t": "a"}]


async def test_reset_up_to_a_version(box: Sandbox, http: httpx.AsyncClient) -> None:
    ref = box.branches["testing"].ref
    for name in ("a", "b"):
        await migrate(http, box.main.ref, f"create table public.{name} ()", name)
    url = f"/v1/projects/{box.main.ref}/database/migrations"
    version = (await http.get(url)).json()[0]["version"]
    await http.post(f"/v1/branches/{ref}/reset", json={"migration_version": version})
    await asyncio.sleep(0.1)
    await settled(http, box, "testing")
    assert await rows(http, ref, TABLES) == [{"t": "a"}]


async def test_a_persistent_branch_is_not_deleted(box: Sandbox, http: httpx.AsyncClient) -> None:
    branch = await create(http, box, "long/lived", persistent=True, git_branch="develop")
    url = f"/v1/branches/{branch['project_ref']}"
    assert (await http.delete(url)).status_code == 422
    await settled(http, box, "long/lived")
    changed = await http.patch(url, json={"persistent": False, "branch_name": "short"})
    assert changed.json()["persistent"] is False
    assert changed.json()["git_branch"] == "develop"
    assert (await http.delete(f"/v1/branches/{branch['id']}")).json() == {"message": "ok"}
    assert (await http.get(url)).status_code == 404
    listed = (await http.get(f"/v1/projects/{box.main.ref}/branches")).json()
    assert [each["name"] for each in listed] == ["main", "testing"]


async def test_what_is_refused(box: Sandbox, http: httpx.AsyncClient) -> None:
    main, testing = box.main.ref, box.branches["testing"].ref
    branches = f"/v1/projects/{main}/branches"
    assert (await http.post(branches, json={"branch_name": "testing"})).status_code == 409
    assert (await http.post(branches, json={"branch_name": ""})).status_code == 400
    old = {"branch_name": "old", "postgres_engine": "15"}
    assert "PostgreSQL 17" in (await http.post(branches, json=old)).json()["message"]
    assert (await http.delete(f"/v1/branches/{main}")).status_code == 422
    assert (await http.post(f"/v1/branches/{main}/reset")).status_code == 422
    assert (await http.post(f"/v1/branches/{main}/merge")).status_code == 422
    for method, url in (
        ("GET", f"/v1/projects/{testing}"),
        ("GET", f"/v1/projects/{testing}/branches"),
        ("GET", f"/v1/projects/{'x' * 20}"),
        ("POST", f"/v1/projects/{'x' * 20}/database/query"),
    ):
        answer = await http.request(method, url)
        assert (answer.status_code, answer.json()) == (404, {"message": "Project not found"}), url


async def test_a_paused_branch_answers_no_sql_until_it_is_restored(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    ref = box.branches["testing"].ref
    await rows(http, ref, "create table public.kept ()")
    assert (await http.post(f"/v1/projects/{ref}/pause")).status_code == 200
    assert (await status(http, box, "testing"))[1] == "INACTIVE"
    query = {"query": "select 1"}
    refused = await http.post(f"/v1/projects/{ref}/database/query", json=query)
    assert refused.json()["message"].startswith("Failed to run sql query: Connection terminated")
    diff = await http.get(f"/v1/branches/{ref}/diff")
    assert diff.status_code == 504
    assert diff.json()["message"].startswith("Failed to diff database branch: Connection")
    health = await http.get(f"/v1/projects/{ref}/health", params={"services": ["db", "auth"]})
    assert {row["status"] for row in health.json()} == {"UNHEALTHY"}
    assert (await http.post(f"/v1/projects/{ref}/pause")).status_code == 400
    assert (await http.post(f"/v1/projects/{ref}/restore")).status_code == 200
    assert await rows(http, ref, TABLES) == [{"t": "kept"}]


async def test_what_plan_and_project_have_to_allow(box: Sandbox, http: httpx.AsyncClient) -> None:
    branches = f"/v1/projects/{box.main.ref}/branches"
    assert (await http.delete(branches)).status_code == 200
    not_enabled = {"message": "Preview branching is not enabled for this project."}
    for answer in (await http.get(branches), await http.post(branches, json={"branch_name": "a"})):
        assert (answer.status_code, answer.json()) == (422, not_enabled)
    default = {"branch_name": "Production", "is_default": True}
    made = await http.post(branches, json=default)
    assert (made.status_code, made.json()["project_ref"]) == (201, box.main.ref)
    assert (await http.post(branches, json=default)).status_code == 409
    assert [row["name"] for row in (await http.get(branches)).json()] == ["Production"]
    early = await create(http, box, "a", desired_instance_size="micro", region="eu-central-1")
    refused = await http.delete(f"/v1/branches/{early['project_ref']}")
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "Project not ready for deletion.",
    )
    wrong = {"branch_name": "b", "desired_instance_size": "huge"}
    assert (await http.post(branches, json=wrong)).status_code == 400
    box._registry.state.plan = "free"
    refused = await http.post(branches, json={"branch_name": "b"})
    assert (refused.status_code, refused.json()["message"]) == (
        402,
        "Branching is supported only on the Pro plan or above",
    )
    assert await settled(http, box, "a") == "FUNCTIONS_DEPLOYED"


async def test_a_crashed_server_is_started_again(box: Sandbox, http: httpx.AsyncClient) -> None:
    branch = box.branches["testing"]
    await rows(http, branch.ref, "create table public.kept ()")
    branch.cluster.kill9()
    assert await rows(http, branch.ref, TABLES) == [{"t": "kept"}]
