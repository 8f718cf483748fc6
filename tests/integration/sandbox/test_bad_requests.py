"""What is no request that a client makes: it is answered, and the sandbox goes on."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from supasync.sandbox import Sandbox

REF = "a" * 20
NOT_JSON = (b"{", b"\xff\xfe", b"[" * 20_000, b"NaN", b'{"a": "\\ud800"}', b"null", b"1")


@pytest.fixture
async def project(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """The Auth and REST API of main, as its service_role."""
    key = sandbox.main.keys.service_role
    headers = {"apikey": key, "authorization": f"Bearer {key}", "content-type": "application/json"}
    url = sandbox.main.project_url
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        yield client
    sandbox.main.cluster.execute("drop table if exists public.bad")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1"),
        ("GET", "/v1/nowhere"),
        ("PATCH", "/v1/projects"),
        ("GET", f"/v1/projects/{REF}/..%2f..%2fetc%2fpasswd"),
        ("GET", "/project/..%2f..%2f/auth/v1/health/../x"),
        ("GET", "/%ff"),
    ],
)
async def test_an_unknown_route_is_answered_as_the_platform_does(
    management: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await management.request(method, path)
    assert answer.status_code == 404
    body = answer.json()
    assert body["message"].startswith(f"Cannot {method} /")
    assert (body["error"], body["statusCode"]) == ("Not Found", 404)


@pytest.mark.parametrize(
    "token", ["", "sbp_" + "0" * 40, "Basic x", "Bearer", "Bearer sbp_\x7f", "Bearer é"]
)
async def test_a_bad_token_is_unauthorized(sandbox: Sandbox, token: str) -> None:
    async with httpx.AsyncClient(base_url=sandbox.api_url) as client:
        answer = await client.get("/v1/projects", headers={"authorization": token.encode()})
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: str(body[:12]))
async def test_what_is_no_json_is_a_bad_request(
    sandbox: Sandbox, management: httpx.AsyncClient, project: httpx.AsyncClient, body: bytes
) -> None:
    ref, headers = sandbox.main.ref, {"content-type": "application/json"}
    for path in ("database/query", "database/migrations", "api-keys", "cli/login-role"):
        answer = await management.post(f"/v1/projects/{ref}/{path}", content=body, headers=headers)
        assert (answer.status_code, list(answer.json())) == (400, ["message"]), path
    answer = await project.post("/auth/v1/admin/users", content=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "bad_json")
    sandbox.main.cluster.execute("create table if not exists public.bad (a int)")
    answer = await project.post("/rest/v1/bad", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST102")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
async def test_a_body_of_another_type_is_not_read(
    sandbox: Sandbox, management: httpx.AsyncClient, kind: str
) -> None:
    url = f"/v1/projects/{sandbox.main.ref}/database/query"
    body, headers = b'{"query": "select 1"}', {"content-type": kind}
    answer = await management.post(url, content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"message": "query: Field required"})
    headers = {"content-type": "application/json; charset=utf-8"}
    assert (await management.post(url, content=body, headers=headers)).status_code == 201


async def test_a_body_that_is_too_large_is_refused(
    sandbox: Sandbox, management: httpx.AsyncClient
) -> None:
    body = json.dumps({"name": "x" * (1 << 20), "type": "secret"})
    for method, path in (("POST", "api-keys"), ("PUT", "database/migrations")):
        answer = await management.request(
            method, f"/v1/projects/{sandbox.main.ref}/{path}", content=body
        )
        assert (answer.status_code, answer.json()) == (
            413,
            {"message": "request entity too large"},
        )


async def test_no_byte_of_a_name_reaches_a_program(
    sandbox: Sandbox, management: httpx.AsyncClient
) -> None:
    diff = f"/v1/branches/{sandbox.branches['testing'].ref}/diff"
    of_all = (await management.get(diff)).text  # what other tests have left on the branch
    for schemas in ("%00", "--help", "../../etc", "x" * 5000, "a%00b,public"):
        answer = await management.get(f"{diff}?included_schemas={schemas}")
        assert answer.status_code == 200, schemas
        assert answer.text in {"", of_all}, schemas


async def test_nul_bytes_are_the_callers_fault(
    sandbox: Sandbox, project: httpx.AsyncClient
) -> None:
    sandbox.main.cluster.execute("create table if not exists public.bad (a int)")
    for path in ("bad?a=eq.%00", "bad%00", "rpc/%00"):
        answer = await project.get(f"/rest/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (400, "22021"), path


async def test_a_request_that_breaks_off_harms_nobody(
    sandbox: Sandbox, management: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """And it is no fault of the sandbox, whose log would show one with a traceback."""
    host, port = sandbox.api_url.removeprefix("http://").split(":")
    head = f"POST /v1/projects/{sandbox.main.ref}/database/query HTTP/1.1\r\nhost: x\r\n"
    head += f"authorization: Bearer {sandbox.access_token}\r\ncontent-length: 1000\r\n\r\n{{"
    for sent in (head, "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0" * 100):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(sent.encode())
    assert (await management.get("/v1/projects")).status_code == 200
    assert [told.getMessage() for told in caplog.records if told.levelname == "ERROR"] == []


KILLS = [
    "select pg_terminate_backend(pg_backend_pid())",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user",
    "do $$ begin perform pg_cancel_backend(pg_backend_pid()); perform pg_sleep(1); end $$",
    "set statement_timeout = 1; select pg_sleep(1)",
    "select repeat('x', 1100000000)",
]


@pytest.mark.parametrize("query", KILLS, ids=range(len(KILLS)))
async def test_sql_that_ends_its_own_session(
    sandbox: Sandbox, management: httpx.AsyncClient, query: str
) -> None:
    url = f"/v1/projects/{sandbox.main.ref}/database/query"
    killed = await management.post(url, json={"query": query})
    assert killed.status_code == 400
    assert killed.json()["message"].startswith("Failed to run sql query: ")
    alive = await management.post(url, json={"query": "select 1 as a"})
    assert (alive.status_code, alive.json()) == (201, [{"a": 1}])
