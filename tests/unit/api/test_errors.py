"""What each kind of answer becomes, for a read and for a write."""

# ruff: noqa: E501 – one line per case

from __future__ import annotations

import httpx
import pytest
import respx

from supasync import api, errors
from tests.unit.api.world import BRANCH, MAIN, TOKEN, FakeClock

READ = f"https://api.supabase.com/v1/projects/{BRANCH}/database/query/read-only"
WRITE = f"https://api.supabase.com/v1/projects/{BRANCH}/database/query"
SQL = "Failed to run sql query: "
HTML = httpx.Response(502, html="<html>Bad gateway</html>")


def answer(status: int, message: str | None = None, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {} if message is None else {"message": message}
    return httpx.Response(status, json=body, headers=names)


OK = httpx.Response(201, json=[{"j": "value"}])

PASSING = {
    "request timeout": answer(408, "Query read timeout"),
    "rate limit": answer(429, "ThrottlerException: Too Many Requests", retry_after="60"),
    "server error": answer(500, "Internal"),
    "bad gateway page": HTML,
    "unavailable": answer(503, "sorry, too many clients already"),
    "gateway timeout": answer(504, "upstream request timeout"),
    "cloudflare": httpx.Response(522, text="error code: 522"),
    "project gateway timeout": httpx.Response(544, text=""),
    "challenge page": httpx.Response(403, html="<html>checking your browser</html>"),
    "page with 200": httpx.Response(200, html="<html>hello</html>"),
    "cut json": httpx.Response(201, text='[{"j": "val'),
    "pool timeout": answer(400, SQL + "Connection terminated due to connection timeout"),
    "starting": answer(400, SQL + "FATAL:  57P03: the database system is starting up\n"),
    "terminated": answer(400, SQL + "FATAL:  57P01: terminating connection\n"),
    "refused": httpx.ConnectError("refused"),
    "connect timeout": httpx.ConnectTimeout("slow"),
    "read timeout": httpx.ReadTimeout("slow"),
    "cut": httpx.RemoteProtocolError("peer closed connection"),
    "reset": httpx.ReadError("reset"),
    "write cut": httpx.WriteError("broken pipe"),
}
NEVER_EXECUTED = {"rate limit", "starting", "refused", "connect timeout"}


@respx.mock
@pytest.mark.parametrize("case", PASSING)
async def test_a_read_is_sent_again(client: api.Client, case: str) -> None:
    route = respx.post(READ).mock(side_effect=[PASSING[case], OK])
    assert await client.database(BRANCH).fetch("select 1") == "value"
    assert route.call_count == 2
    assert client.calls["POST /v1/projects/{ref}/database/query/read-only"] == 2


@respx.mock
@pytest.mark.parametrize("case", sorted(NEVER_EXECUTED))
async def test_a_write_is_sent_again_when_it_was_not_executed(
    client: api.Client, case: str
) -> None:
    route = respx.post(WRITE).mock(side_effect=[PASSING[case], OK])
    assert await client.database(BRANCH).run("update t") == "value"
    assert route.call_count == 2


@respx.mock
@pytest.mark.parametrize("case", sorted(set(PASSING) - NEVER_EXECUTED - {"challenge page"}))
async def test_a_doubtful_write_is_never_sent_again(client: api.Client, case: str) -> None:
    route = respx.post(WRITE).mock(side_effect=[PASSING[case], OK])
    with pytest.raises(errors.OutcomeUnknown) as caught:
        await client.database(BRANCH).run("update t")
    assert route.call_count == 1
    assert caught.value.remedy


@respx.mock
async def test_a_redirected_write_is_doubtful(client: api.Client) -> None:
    respx.post(WRITE).respond(307, headers={"location": "https://elsewhere.example"})
    with pytest.raises(errors.OutcomeUnknown):
        await client.database(BRANCH).run("update t")


@respx.mock
@pytest.mark.parametrize(
    ("response", "expected", "words"),
    [
        (answer(401, "Unauthorized"), errors.Unauthorized, "Unauthorized (HTTP 401"),
        (answer(403, "Forbidden resource"), errors.Forbidden, "Forbidden resource"),
        (answer(404, "Project not found"), errors.NotFound, BRANCH),
        (answer(402, "Branching is supported only on the Pro plan or above"), errors.ApiError, "Pro plan"),
        (answer(422, "query: must not be empty"), errors.ApiError, "must not be empty"),
        (answer(413, "too large"), errors.ApiError, "too large"),
        (answer(400, "Bad Request"), errors.ApiError, "Bad Request"),
        (httpx.Response(404, content=b""), errors.NotFound, "Not Found"),
        (answer(540, "Project paused"), errors.NotReady, "paused"),
        (answer(400, "Project is INACTIVE"), errors.NotReady, "paused"),
        (answer(400, SQL + 'FATAL:  28P01: password authentication failed for user "postgres"\n'), errors.NotReady, "does not take connections"),
        (answer(400, SQL + "ERROR:  42703: column \"inactive\" does not exist\n"), errors.SqlError, "inactive"),
        (answer(429, "Too Many Requests", retry_after="600"), errors.RateLimited, "Too Many"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("writes", [False, True])
async def test_final_answers(
    client: api.Client,
    response: httpx.Response,
    expected: type[errors.SupasyncError],
    words: str,
    writes: bool,
) -> None:
    route = respx.post(WRITE if writes else READ).mock(return_value=response)
    database = client.database(BRANCH)
    with pytest.raises(expected) as caught:
        await (database.run if writes else database.fetch)("select 1")
    assert words in str(caught.value)
    assert type(caught.value) is expected
    assert caught.value.remedy or expected in {errors.ApiError, errors.SqlError}
    assert route.call_count == 1


@respx.mock
async def test_persistent_page_is_unexpected(client: api.Client, clock: FakeClock) -> None:
    route = respx.post(READ).mock(return_value=httpx.Response(200, html="<html>"))
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        await client.database(BRANCH).fetch("select 1")
    assert "api_url" in str(caught.value.remedy)
    assert route.call_count == 6
    assert len(clock.slept) == 5


@respx.mock
async def test_database_that_never_answers(client: api.Client) -> None:
    message = SQL + "Connection terminated due to connection timeout"
    respx.post(READ).mock(return_value=answer(504, message))
    with pytest.raises(errors.NotReady) as caught:
        await client.database(BRANCH).fetch("select 1")
    assert "paused" in str(caught.value.remedy)


@respx.mock
async def test_unreachable(client: api.Client) -> None:
    respx.get("https://api.supabase.com/v1/projects").mock(side_effect=httpx.ConnectError("no"))
    with pytest.raises(errors.TransportError, match=r"api\.supabase\.com could not be reached"):
        await client.projects.list()


@respx.mock
@pytest.mark.parametrize(
    "rows",
    [
        [{"a": "1"}, {"a": "2"}],
        [{"a": "1", "b": "2"}],
        [{"a": 1}],
        [{"a": {"b": 1}}],
        [{}],
        {"a": "1"},
        "1",
        None,
    ],
)
async def test_other_shapes_of_rows(client: api.Client, rows: object) -> None:
    respx.post(READ).respond(201, json=rows)
    with pytest.raises(errors.UnexpectedAnswer):
        await client.database(BRANCH).fetch("select 1")


@respx.mock
@pytest.mark.parametrize(
    ("status", "rows", "value"),
    [
        (201, [{"j": "x"}], "x"),
        (200, [{"j": "x"}], "x"),
        (201, [{"j": None}], None),
        (201, [], None),
    ],
)
async def test_value(
    client: api.Client, status: int, rows: list[dict[str, str]], value: str | None
) -> None:
    respx.post(READ).respond(status, json=rows)
    assert await client.database(BRANCH).fetch("select 1") == value


@respx.mock
async def test_keys_stay_out_of_everything(
    client: api.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    respx.get(f"https://api.supabase.com/v1/projects/{MAIN}/api-keys").respond(
        401, json={"message": f"Bad token {TOKEN}, sb_secret_abcdef, eyJhbGciOiJI.eyJyb2xl.c2ln"}
    )
    with pytest.raises(errors.Unauthorized) as caught:
        await client.api_keys.list(MAIN)
    shown = f"{caught.value!r} {client!r} {client.production!r} {caplog.text} {vars(client)}"
    for secret in (TOKEN, "sb_secret_abcdef", "eyJhbGciOiJI"):
        assert secret not in shown


@respx.mock
async def test_an_answer_of_another_shape_shows_no_values(client: api.Client) -> None:
    respx.get(f"https://api.supabase.com/v1/projects/{MAIN}/api-keys").respond(
        200, json=[{"name": "x", "api_key": ["hush-hush"]}]
    )
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        await client.api_keys.list(MAIN)
    assert "0.api_key" in str(caught.value)
    assert "hush-hush" not in f"{caught.value} {caught.value.__cause__}"
