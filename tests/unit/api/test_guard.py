"""Nothing that could write to production passes, however its URL is spelled."""

from __future__ import annotations

import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supasync.api import GuardedTransport
from supasync.errors import ProductionGuard, UsageError
from tests.unit.api.world import BRANCH, MAIN

UUID = "7f1a2f3e-0000-4000-8000-000000000000"
API = "https://api.supabase.com"


class Socket(httpx.AsyncBaseTransport):
    """Stands where a socket would open, and notes what came through."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.passed: list[httpx.Request] = []
        self.answers = list(answers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.passed.append(request)
        return self.answers.pop(0) if self.answers else httpx.Response(200)


async def passes(method: str, url: str, headers: dict[str, str] | None = None) -> bool:
    socket = Socket()
    guarded = GuardedTransport(socket, MAIN)
    try:
        await guarded.handle_async_request(httpx.Request(method, url, headers=headers))
    except ProductionGuard as error:
        assert error.exit_code == 4
        assert error.remedy
        assert not socket.passed
        return False
    return len(socket.passed) == 1


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", f"{API}/v1/projects/{MAIN}"),
        ("HEAD", f"{API}/v1/projects/{MAIN}/actions"),
        ("POST", f"{API}/v1/projects/{MAIN}/database/query/read-only"),
        ("POST", f"{API}/v1/projects/{MAIN}/branches"),
        ("POST", f"{API}/v1/projects/{BRANCH}/database/query"),
        ("PATCH", f"{API}/v1/branches/{BRANCH}"),
        ("DELETE", f"{API}/v1/branches/{BRANCH}?force=true"),
        ("GET", f"{API}/v1/branches/{UUID}"),
        ("GET", f"{API}/v1/projects/{MAIN}/branches/merge"),
        ("POST", f"https://{BRANCH}.supabase.co/auth/v1/admin/users"),
        ("GET", f"https://{MAIN}.supabase.co/auth/v1/health"),
        ("GET", f"{API}/v1/projects/{MAIN}/config/storage"),
        ("GET", f"{API}/v1/projects/{MAIN}/functions"),
        ("GET", f"https://{BRANCH}.supabase.co/rest/v1/customers"),
        ("POST", f"http://127.0.0.1:54000/project/{BRANCH}/auth/v1/token?grant_type=password"),
    ],
)
async def test_passes(method: str, url: str) -> None:
    assert await passes(method, url)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", f"{API}/v1/projects/{MAIN}/database/query"),
        ("POST", f"{API}/v1/projects/{MAIN}/database/migrations"),
        ("PUT", f"{API}/v1/projects/{MAIN}/database/migrations"),
        ("PATCH", f"{API}/v1/projects/{MAIN}"),
        ("DELETE", f"{API}/v1/projects/{MAIN}"),
        ("DELETE", f"{API}/v1/projects/{MAIN}/branches"),
        ("OPTIONS", f"{API}/v1/projects/{MAIN}/database/query"),
        ("post", f"{API}/v1/projects/{MAIN}/database/query"),
        ("PUT", f"{API}/v1/projects/{MAIN}/database/query/read-only"),
        ("POST", f"{API}/v1/projects/{MAIN}/database/query/read-only/../"),
        ("POST", f"{API}/v1/projects/{MAIN}/database/query/read-only/x"),
        ("POST", f"{API}/v1/projects/{MAIN}/branches/x"),
        ("DELETE", f"{API}/v1/branches/{MAIN}"),
        ("PATCH", f"{API}/v1/branches/{MAIN.upper()}"),
        ("PATCH", f"{API}/v1/branches/{UUID}"),
        ("POST", f"{API}/v1/branches/{UUID}/push"),
        ("POST", f"{API}/v1/branches/{BRANCH}/merge"),
        ("GET", f"{API}/v1/branches/{BRANCH}/merge"),
        ("POST", f"{API}/v1/branches/{BRANCH}//%6Derge;x=1"),
        ("POST", f"https://{MAIN}.supabase.co/auth/v1/admin/users"),
        ("GET", f"https://{MAIN}.supabase.co/auth/v1/verify?token=x"),
        ("POST", f"https://{MAIN.upper()}.SUPABASE.CO/rest/v1/users"),
        ("DELETE", f"http://127.0.0.1:54000/project/{MAIN}/auth/v1/admin/users/1"),
        ("POST", f"https://db.{MAIN}.supabase.co/x"),
        ("GET", f"https://{MAIN}.supabase.co/rest/v1/customers"),
        ("HEAD", f"https://{MAIN}.supabase.co/rest/v1/customers"),
        ("GET", f"http://127.0.0.1:54000/project/{MAIN}/rest/v1/customers"),
        ("GET", f"https://{MAIN}.supabase.co//Storage/v1/object/x"),
        ("GET", f"https://{MAIN}.supabase.co/graphql/v1"),
        ("GET", f"https://{MAIN}.supabase.co/auth/v1/admin/users"),
    ],
)
async def test_refuses(method: str, url: str) -> None:
    assert not await passes(method, url)


@pytest.mark.parametrize(
    "path",
    [
        f"/V1/Projects/{MAIN.upper()}/Database/Query",
        f"//v1///projects/{MAIN}/database/query",
        f"/v1/projects/{BRANCH}/../{MAIN}/database/query",
        f"/v1/projects/{BRANCH}/%2e%2e/{MAIN}/database/query",
        f"/v1/projects/{BRANCH}%2f..%2f{MAIN}/database/query",
        "/v1/projects/%61bcdefghijklmnopqrst/database/query",
        "/v1/projects/%2561bcdefghijklmnopqrst/database/query",
        f"/v1\\projects\\{MAIN}\\database\\query",
        f"/v1/projects/{MAIN};v=1/database/query",
        f"/v1/projects/{MAIN}%00/database/query",
        "/v1/projects/abcdefghij%0aklmnopqrst/database/query",
        f"/v1/projects/{MAIN}%20/database/query",
        f"/prefix/v1/projects/{MAIN}/database/query",
        f"/v1/projects/{MAIN}/database/query/",
        f"/v1/projects/{MAIN}/database/query/read-only/..",
        f"/v1/projects/{MAIN}/database/query%23/read-only",
        "/v1/projects/%" + "25" * 12 + "61bcdefghijklmnopqrst/database/query",
    ],
)
async def test_spellings(path: str) -> None:
    assert not await passes("POST", API + path)


async def test_method_override_is_a_write() -> None:
    url = f"{API}/v1/projects/{MAIN}"
    assert not await passes("GET", url, {"X-HTTP-Method-Override": "DELETE"})


async def test_host_header_counts() -> None:
    url = "https://203.0.113.1/auth/v1/admin/users"
    assert not await passes("POST", url, {"Host": f"{MAIN}.supabase.co"})


@given(st.data())
async def test_any_percent_encoding_of_the_ref(data: st.DataObject) -> None:
    spelled = MAIN
    for _ in range(data.draw(st.integers(0, 3))):
        chosen = data.draw(st.sets(st.integers(0, len(spelled) - 1)))
        spelled = "".join(
            f"%{ord(char):02x}" if index in chosen else char for index, char in enumerate(spelled)
        )
    assert not await passes("POST", f"{API}/v1/projects/{spelled}/database/query")


async def test_redirect_into_production() -> None:
    target = f"{API}/v1/projects/{MAIN}/database/query"
    socket = Socket(httpx.Response(307, headers={"location": target}))
    async with httpx.AsyncClient(
        transport=GuardedTransport(socket, MAIN), follow_redirects=True
    ) as client:
        with pytest.raises(ProductionGuard):
            await client.post(f"{API}/v1/projects/{BRANCH}/database/query", json={"query": "x"})
    assert [str(request.url) for request in socket.passed] == [
        f"{API}/v1/projects/{BRANCH}/database/query"
    ]


READ = f"{API}/v1/projects/{MAIN}/database/query/read-only"


async def test_statements_for_production_are_noted() -> None:
    noted: list[str] = []
    guarded = GuardedTransport(socket := Socket(), MAIN, noted.append)
    for url in (READ, READ.replace(MAIN, BRANCH), f"{API}/v1/projects/{MAIN}/branches"):
        request = httpx.Request("POST", url, json={"query": "select 'ü'"})
        await guarded.handle_async_request(request)
    assert noted == ["select 'ü'"]
    assert len(socket.passed) == 3


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"query": 1}', b'{"query": "a", "parameters": [1]}', b'{"sql": "a"}'],
)
async def test_what_cannot_be_noted_is_not_sent(body: bytes) -> None:
    guarded = GuardedTransport(socket := Socket(), MAIN, lambda _: None)
    words = "What would be sent to production is not one statement by itself."
    with pytest.raises(ProductionGuard, match=f"^{re.escape(words)}$"):
        await guarded.handle_async_request(httpx.Request("POST", READ, content=body))
    assert not socket.passed


@pytest.mark.parametrize("ref", ["", "short", MAIN + "u", "abcdefghij-lmnopqrst"])
def test_ref_must_be_one(ref: str) -> None:
    with pytest.raises(UsageError):
        GuardedTransport(Socket(), ref)


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/projects/{BRANCH}/./database/query?x=?{MAIN}",
        f"/v1/projects/{BRANCH}/./database/query?x?/v1/projects/{MAIN}",
        f"/v1/projects/{BRANCH};a;{MAIN}/database/query",
        f"/v1/projects/{MAIN}x/../{BRANCH}/database/query",
        f"/v1/projects/{BRANCH}/database/query?{MAIN}?x",
        f"/v1/projects/{BRANCH};{MAIN};a/database/query",
        f"/v1/projects/{MAIN}/%2e%2e/{BRANCH}/database/query",
        f"/v1/projects/{BRANCH}/{MAIN}/%2e%2e/database/query",
    ],
)
async def test_what_is_no_part_of_the_path_counts_for_nothing(path: str) -> None:
    assert await passes("POST", API + path)


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/projects/{MAIN}/database/./query",
        f"/v1/projects/{MAIN}/./database/query/x/../read-only/..",
        f"/v1/projects/{MAIN}/database/query/x/../read-only/y",
        f"/v1/{BRANCH}/../branches/{BRANCH}/./x/../merge",
        f"/v1/branches/{BRANCH}/%2e/merge",
        f"/v1/branches/{BRANCH}/x/%2e%2e/merge",
        f"/v1/branches/{BRANCH}/x/y/%2e%2e/%2e%2e/merge",
    ],
)
async def test_dots_are_understood_as_a_server_would(path: str) -> None:
    assert not await passes("POST", API + path)
    for way in ("x/../database/./query", "x/%2e%2e/database/%2e/query"):
        assert await passes("POST", f"{API}/v1/projects/{MAIN}/{way}/read-only")


async def test_a_ref_is_not_made_of_a_host_and_a_header() -> None:
    url = f"https://{MAIN[:10]}/auth/v1/admin/users"
    assert await passes("POST", url, {"Host": MAIN[10:]})


class Lifecycle(Socket):
    """Notes how it was opened and closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[object] = []

    async def __aenter__(self) -> Lifecycle:
        self.seen.append("opened")
        return self

    async def __aexit__(self, *how: object) -> None:
        self.seen.append(how)

    async def aclose(self) -> None:
        self.seen.append("closed")


async def test_the_inner_transport_is_opened_and_closed_with_it() -> None:
    inner = Lifecycle()
    error = RuntimeError("x")
    guarded = GuardedTransport(inner, f" {MAIN.upper()} ")
    with pytest.raises(RuntimeError):
        async with guarded as opened:
            assert opened is guarded
            raise error
    await guarded.aclose()
    assert inner.seen[0] == "opened"
    assert inner.seen[1] == (RuntimeError, error, error.__traceback__)
    assert inner.seen[2] == "closed"
