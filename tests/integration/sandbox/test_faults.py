"""What a fault does to a real request, and how it is asked for from outside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.steering.address import Address
from supasync.sandbox.steering.client import Client
from tests.fix_sandbox import client


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with client(sandbox) as opened:
        yield opened
    sandbox.clear_faults()


@pytest.fixture
def steering(sandbox: Sandbox) -> Client:
    info = sandbox.info()
    return Client(Address(info["steering_url"], info["steering_token"]))


class Counter:
    """A table of one branch; whether a request was performed is whether it has a row more."""

    def __init__(self, http: httpx.AsyncClient, ref: str) -> None:
        self.http, self.path = http, f"/v1/projects/{ref}/database/query"
        self.rows = 0

    async def add(self) -> httpx.Response:
        text = "insert into fault_count values (1) returning 'a long enough text' as t"
        return await self.http.post(self.path, json={"query": text})

    async def added(self) -> int:
        """Rows since the last time; asked through another route."""
        text = "select count(*)::int as n from public.fault_count"
        answer = await self.http.post(f"{self.path}/read-only", json={"query": text})
        before, self.rows = self.rows, int(answer.json()[0]["n"])
        return self.rows - before


@pytest.fixture
async def counter(sandbox: Sandbox, http: httpx.AsyncClient) -> AsyncIterator[Counter]:
    made = Counter(http, sandbox.branches["testing"].ref)
    await http.post(made.path, json={"query": "create table fault_count (n int)"})
    yield made
    sandbox.clear_faults()
    await http.post(made.path, json={"query": "drop table fault_count"})


ROUTE = "POST /v1/projects/testing/database/query"
Effects = dict[str, Any]


@pytest.mark.parametrize(
    ("effects", "status", "said"),
    [
        ({"status": 429}, 429, '{"message":"ThrottlerException: Too Many Requests"}'),
        ({"status": 500}, 500, '{"message":"Internal server error"}'),
        ({"status": 403}, 403, '{"message":"Forbidden resource"}'),
        ({"html": True}, 502, "<!DOCTYPE html>"),
        ({"html": True, "status": 200}, 200, "<!DOCTYPE html>"),
        ({"status": 520}, 520, "message"),
        ({"after_commit": True}, 504, '{"message":"upstream request timeout"}'),
        ({"after_commit": True, "html": True, "delay": 0.01}, 502, "<!DOCTYPE html>"),
    ],
)
async def test_answers_instead_of_the_real_one(
    sandbox: Sandbox, counter: Counter, effects: Effects, status: int, said: str
) -> None:
    sandbox.add_fault(ROUTE, times=1, **effects)
    answer = await counter.add()
    assert answer.status_code == status
    assert said in answer.text
    assert await counter.added() == ("after_commit" in effects)
    if status == 429:
        assert answer.headers["retry-after"] == "60"
        assert answer.headers["x-ratelimit-remaining"] == "0"
    assert (await counter.add()).status_code == 201, "it was once"


@pytest.mark.parametrize(
    ("effects", "performed"),
    [({"drop_reply": True}, 1), ({"drop_request": True}, 0), ({"truncate": True}, 1)],
)
async def test_connections_that_break(
    sandbox: Sandbox, counter: Counter, effects: Effects, performed: int, caplog: Any
) -> None:
    sandbox.add_fault(ROUTE, times=2, **effects)
    for _ in range(2):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await counter.add()
        assert await counter.added() == performed
    assert (await counter.add()).status_code == 201
    assert not caplog.records, "the server is not surprised"


async def test_a_truncated_answer_is_the_first_half(sandbox: Sandbox, counter: Counter) -> None:
    whole = (await counter.add()).content
    sandbox.add_fault(ROUTE, truncate=True)
    got = b""
    body = {"query": "insert into fault_count values (1) returning 'a long enough text' as t"}
    with pytest.raises(httpx.RemoteProtocolError):
        async with counter.http.stream("POST", counter.path, json=body) as answer:
            assert answer.headers["content-length"] == str(len(whole))
            async for chunk in answer.aiter_raw():
                got += chunk
    assert got == whole[: len(whole) // 2]


async def test_a_delay_is_of_the_sandbox_s_clock(
    sandbox: Sandbox, counter: Counter, steering: Client
) -> None:
    sandbox.add_fault(ROUTE, delay=3600, times=1)
    with pytest.raises(httpx.ReadTimeout):
        await counter.http.post(counter.path, json={"query": "select 1"}, timeout=0.2)
    sandbox.add_fault(ROUTE, delay=3600, times=1)
    late = asyncio.create_task(counter.add())
    for _ in range(1000):
        if steering.faults()[-1]["struck"]:
            break
        await asyncio.sleep(0.01)
    assert not late.done()
    steering.advance(3600)
    assert (await late).status_code == 201
    assert await counter.added() == 1


@pytest.mark.parametrize(
    ("status", "version", "wanted"),
    [
        (429, "", {"code": 429, "error_code": "over_request_rate_limit"}),
        (429, "2024-01-01", {"code": "over_request_rate_limit"}),
        (500, "2024-01-01", {"code": "unexpected_failure"}),
        (503, "", {"message": "name resolution failed"}),
    ],
)
async def test_auth_fails_in_its_own_words(
    sandbox: Sandbox, http: httpx.AsyncClient, status: int, version: str, wanted: dict[str, object]
) -> None:
    branch = sandbox.branches["testing"]
    sandbox.add_fault("POST /auth/v1/token", status=status)
    headers = {"apikey": branch.keys.anon} | (
        {"X-Supabase-Api-Version": version} if version else {}
    )
    url = f"{branch.project_url}/auth/v1/token?grant_type=password"
    answer = await http.post(url, json={"email": "a@b.c", "password": "x"}, headers=headers)
    assert answer.status_code == status
    assert wanted.items() <= answer.json().items()
    other = await http.get(f"{branch.project_url}/auth/v1/health", headers=headers)
    assert other.status_code == 200


async def test_rest_fails_in_its_own_words(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    branch = sandbox.branches["testing"]
    sandbox.add_fault("GET /project/testing/rest/v1/**", status=503)
    for each, struck in ((branch, True), (sandbox.branches["preview"], False)):
        url, key = f"{each.project_url}/rest/v1/nothing", {"apikey": each.keys.anon}
        answer = await http.get(url, headers=key)
        assert (answer.status_code == 503) == struck
        assert {"code", "message", "details", "hint"} == set(answer.json())


async def test_nobody_steers_by_accident(
    sandbox: Sandbox, http: httpx.AsyncClient, steering: Client
) -> None:
    """Not with the API's token, and not below the API's paths; and a fault cannot lock us out."""
    url, token = steering.address.url, steering.address.token
    sandbox.add_fault("* /v1/**", status=500)
    assert (await http.get(f"{url}/faults")).status_code == 401
    assert (await http.post(f"{url}/clock", json={"advance": 1})).status_code == 401
    for path in ("/v1/_sandbox/faults", "/v1/faults", "/_sandbox", "/faults", "/v1/../_sandbox/x"):
        answer = await http.get(path, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code in {401, 404, 500}, path
        assert "struck" not in answer.text
    assert len(steering.faults()) == 1
    assert steering.clear() == 1
    answer = await http.get("/v1/projects", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert token not in repr(steering)


@pytest.mark.parametrize(
    ("call", "body", "status", "said"),
    [
        ("POST /faults", "{", 400, "Invalid JSON"),
        ("POST /faults", "[]", 400, "object"),
        ("POST /faults", '{"status": 500}', 400, "route: Field required"),
        ("POST /faults", '{"route": "GET /v1/x", "status": 500}', 400, "none like"),
        ("POST /faults", "x" * 70_000, 413, "too large"),
        ("POST /clock", '{"advance": -1}', 400, "advance: "),
        ("POST /clock", '{"advance": 1e308}', 400, "advance: "),
        ("DELETE /faults/7", "", 404, "no fault 7"),
        ("PUT /faults", "{}", 405, "Method Not Allowed"),
        ("GET /nothing", "", 404, "Not Found"),
    ],
)
async def test_what_steering_refuses(
    steering: Client, call: str, body: str, status: int, said: str
) -> None:
    headers = {"authorization": f"Bearer {steering.address.token}"}
    async with httpx.AsyncClient() as http:
        method, path = call.split(" ")
        url = steering.address.url + path
        answer = await http.request(method, url, content=body, headers=headers)
    assert answer.status_code == status
    assert said in answer.json()["message"]


async def test_the_routes_that_other_languages_use(
    sandbox: Sandbox, http: httpx.AsyncClient, steering: Client
) -> None:
    headers = {"authorization": f"Bearer {steering.address.token}"}
    url = steering.address.url
    fault = {"route": "GET /v1/projects", "status": 503, "times": 1}
    added = await http.post(f"{url}/faults", json=fault, headers=headers)
    assert (added.status_code, added.json()["id"] > 0) == (201, True)
    assert (await http.get("/v1/projects")).status_code == 503
    [listed] = (await http.get(f"{url}/faults", headers=headers)).json()
    assert listed == added.json() | {"asked": 1, "struck": 1, "over": True}
    removed = await http.delete(f"{url}/faults/{listed['id']}", headers=headers)
    assert removed.json() == {"cleared": 1}
    before = (await http.get(f"{url}/clock", headers=headers)).json()
    after = (await http.post(f"{url}/clock", json={"advance": 90}, headers=headers)).json()
    assert after["ahead"] == before["ahead"] + 90
    assert after["now"] > before["now"]
    assert json.loads((sandbox.home / "steering.json").read_text())["url"] == url
    assert (sandbox.home / "steering.json").stat().st_mode & 0o777 == 0o600
