"""What is only read from a branch's Auth service is asked again, as the Management API is."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import respx
from pydantic import SecretStr
from supabase_auth.errors import AuthError, AuthRetryableError

from supasync import api
from supasync.config import Config, Project, TestUser
from supasync.errors import ProductionGuard, TransportError, UsersError
from supasync.events import Event, Notice
from supasync.sync.context import Run
from supasync.sync.logins import accounts
from supasync.sync.logins.sessions import AuthApi, log_in, open_auth
from supasync.sync.logins.users import ensure_users
from tests.unit.api.conftest import audited, client, clock
from tests.unit.api.world import BRANCH, MAIN, FakeClock

__all__ = ["audited", "client", "clock"]

URL = f"https://{BRANCH}.supabase.co"
USERS, TOKEN = f"{URL}/auth/v1/admin/users", f"{URL}/auth/v1/token"
NOBODY = httpx.Response(200, json={"users": [], "aud": "authenticated"})
PASSING = [
    httpx.Response(502, text="<html>"),
    httpx.Response(500, json={"msg": "unexpected"}),
    httpx.Response(200, html="<html>a proxy's page</html>"),
    httpx.ReadError("reset"),
    httpx.ConnectError("refused"),
]
LIMITED = httpx.Response(429, json={"msg": "slow down"}, headers={"retry-after": "7"})
KEY = SecretStr("a key of no known form")
PASSWORD = "correct horse"
ALICE = TestUser(email="alice@example.test", role="crew", password=SecretStr(PASSWORD))


@pytest.fixture
async def auth(client: api.Client) -> AsyncIterator[AuthApi]:
    async with open_auth(URL, KEY, KEY, ref=BRANCH, client=client) as auth:
        yield auth


@respx.mock
@pytest.mark.parametrize("failure", PASSING)
async def test_a_list_of_users_is_asked_for_again(auth: AuthApi, client: api.Client, failure):
    respx.get(USERS).mock(side_effect=[failure, NOBODY])
    assert await accounts.existing(await auth.admin()) == {}
    assert client.calls == {"GET /auth/v1/admin/users": 2}


@respx.mock
async def test_it_is_asked_for_as_often_as_the_policy_says(auth: AuthApi, clock: FakeClock):
    route = respx.get(USERS).respond(503)
    with pytest.raises(AuthRetryableError):
        await accounts.existing(await auth.admin())
    assert route.call_count == api.Policy().attempts
    assert 0 < sum(clock.slept) < api.Policy().total_seconds


@respx.mock
@pytest.mark.parametrize("failure", PASSING[:4])
async def test_a_session_is_not_made_twice(auth: AuthApi, failure):
    route = respx.post(TOKEN).mock(side_effect=[failure])
    with pytest.raises((AuthError, httpx.TransportError, ValueError)):
        await log_in(auth, await auth.admin(), ALICE)
    assert route.call_count == 1


@respx.mock
async def test_what_was_certainly_not_done_is_done_again(auth: AuthApi, clock: FakeClock):
    denied = httpx.Response(400, json={"code": "invalid_credentials", "msg": "no"})
    respx.post(TOKEN).mock(side_effect=[LIMITED, PASSING[4], denied])
    with pytest.raises(AuthError, match="no"):
        await log_in(auth, await auth.admin(), ALICE)
    assert len(clock.slept) == 2
    assert clock.slept[0] >= 7


def echo(request: httpx.Request) -> httpx.Response:
    """Says back what it was sent, as a careless proxy does."""
    sent = f"bad {dict(request.headers)} {request.content.decode()}"
    said = {"error_code": "validation_failed", "msg": sent, "message": sent}
    return httpx.Response(422, json=said)


@respx.mock
@pytest.mark.parametrize("listed", [True, False])
async def test_what_is_said_back_is_not_repeated(auth: AuthApi, client: api.Client, listed: bool):
    """listed: whether it is the creation that is refused, and not the list. The password has no
    form by which it could be known."""
    respx.get(USERS).mock(side_effect=NOBODY if listed else echo)
    respx.post(USERS).mock(side_effect=echo)
    respx.post(url__regex=r".*/read-only").respond(
        201, json=[{"j": '{"shared": true, "bare": []}'}]
    )
    respx.post(url__regex=r".*/query").respond(201, json=[{"j": '{"mended": 0}'}])
    config = Config(project=Project(ref=MAIN), test_users=(ALICE,), file=Path("config.toml"))
    run = Run(emit=lambda _: None)
    with pytest.raises(UsersError) as caught:
        await ensure_users(run, auth, client.database(BRANCH), config, repair=True)
    told = "".join(traceback.format_exception(caught.value))
    assert "bad {" in told
    assert KEY.get_secret_value() not in told
    assert PASSWORD not in told


async def test_the_guard_is_below(client: api.Client):
    url = f"https://{MAIN}.supabase.co"
    transport = client.services(url, lambda path: path)
    with pytest.raises(ProductionGuard):
        await transport.handle_async_request(httpx.Request("POST", f"{url}/auth/v1/admin/users"))


@respx.mock
async def test_a_failure_without_words_is_told_by_its_name(auth: AuthApi, client: api.Client):
    respx.get(USERS).mock(side_effect=httpx.ReadTimeout(""))
    config = Config(project=Project(ref=MAIN), test_users=(ALICE,), file=Path("config.toml"))
    run = Run(emit=lambda _: None)
    with pytest.raises(TransportError, match=r"did not answer: ReadTimeout$"):
        await ensure_users(run, auth, client.database(BRANCH), config, repair=True)


@respx.mock
async def test_rows_that_the_service_cannot_read_are_repaired(auth: AuthApi, client: api.Client):
    broken = httpx.Response(500, json={"code": "unexpected_failure", "msg": "Database error"})
    mending = respx.post(url__regex=r".*/database/query$")
    mending.respond(201, json=[{"j": '{"mended": 2}'}])
    respx.get(USERS).mock(side_effect=lambda _: NOBODY if mending.called else broken)
    respx.post(USERS).mock(side_effect=echo)
    respx.post(url__regex=r".*/read-only").respond(
        201, json=[{"j": '{"shared": true, "bare": []}'}]
    )
    config = Config(project=Project(ref=MAIN), test_users=(ALICE,), file=Path("config.toml"))
    events: list[Event] = []
    database = client.database(BRANCH)
    with pytest.raises(UsersError, match="500"):
        await ensure_users(Run(emit=events.append), auth, database, config, repair=False)
    assert not mending.called
    with pytest.raises(UsersError, match=r"bad \{"):
        await ensure_users(Run(emit=events.append), auth, database, config, repair=True)
    [told] = [event.message for event in events if isinstance(event, Notice)]
    assert told.endswith("could not use: 2, repaired")
