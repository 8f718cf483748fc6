"""What the hosted Auth service can answer to a log-in, and what is made of it."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from pydantic import SecretStr

from supasync import api
from supasync.config import Config, Expectation, Project, TestUser
from supasync.errors import TransportError, UnknownError, UsersError
from supasync.sync.logins.sessions import AuthApi, open_auth
from supasync.sync.logins.users import Outcome, judge
from tests.unit.api.conftest import audited, client, clock
from tests.unit.api.world import BRANCH, MAIN

__all__ = ["audited", "client", "clock"]

URL = f"https://{BRANCH}.supabase.co"
READ_ONLY = f"https://api.supabase.com/v1/projects/{BRANCH}/database/query/read-only"
ID = "7f1a2f3e-0000-4000-8000-00000000000"
ADMIN = TestUser(email="admin@example.test", role="admin", password=SecretStr("hush-hush"))
CREW = TestUser(email="crew@example.test", role="crew", login="magic_link")
SHARED = '{"shared": true, "bare": []}'


def account(user: TestUser, number: int = 1, **fields: Any) -> dict[str, Any]:
    """A confirmed user as Auth lists it."""
    since = "2026-01-01T00:00:00Z"
    return {
        "id": f"{ID}{number}",
        "aud": "authenticated",
        "role": "authenticated",
        "email": user.email,
        "email_confirmed_at": since,
        "app_metadata": {"role": user.role, "provider": "email"},
        "user_metadata": {},
        "identities": None,
        "created_at": since,
        "updated_at": since,
        **fields,
    }


def link(user: TestUser) -> dict[str, Any]:
    return account(user) | {
        "action_link": f"{URL}/auth/v1/verify?token=x",
        "email_otp": "123456",
        "hashed_token": "0" * 56,
        "verification_type": "magiclink",
        "redirect_to": URL,
    }


@pytest.fixture
def platform() -> Iterator[respx.MockRouter]:
    with respx.mock as router:
        router.post(READ_ONLY).respond(201, json=[{"found": SHARED}])
        yield router


@pytest.fixture
async def auth(platform: respx.MockRouter, client: api.Client) -> AsyncIterator[AuthApi]:
    secret, anon = SecretStr("sb_secret_0123456789"), SecretStr("sb_publishable_0123456789")
    async with open_auth(URL, secret, anon, ref=BRANCH, client=client) as opened:
        yield opened


async def outcome(auth: AuthApi, client: api.Client, user: TestUser) -> Outcome:
    project = Project(ref=MAIN)
    config = Config(project=project, test_users=(user,), file=Path("config.toml"))
    database = client.database(BRANCH, name="testing")
    [(_, found)] = await judge(auth, database, config, repair=False)
    return found


def listed(platform: respx.MockRouter, *accounts: dict[str, Any]) -> None:
    users = {"users": list(accounts), "aud": "authenticated"}
    platform.get(f"{URL}/auth/v1/admin/users").respond(json=users)


def refused(status: int, code: str, message: str) -> httpx.Response:
    """As to a client that names the API version of 2024."""
    headers = {"X-Supabase-Api-Version": "2024-01-01"}
    return httpx.Response(status, json={"code": code, "message": message}, headers=headers)


@pytest.mark.parametrize(
    "case",
    [
        (400, "captcha_failed", False, "wants a captcha solved"),
        (422, "email_provider_disabled", True, "log-ins by e-mail are turned off"),
        (400, "invalid_credentials", True, "the password is another one"),
        (400, "user_banned", True, "it is banned"),
        (400, "something_new", False, "as Auth says it (something_new)"),
        (403, "not_admin", False, "as Auth says it (not_admin)"),
        (500, "unexpected_failure", False, "as Auth says it (unexpected_failure)"),
    ],
)
async def test_refused_passwords(auth, client, platform, case: tuple[int, str, bool, str]):
    status, code, known, words = case
    listed(platform, account(ADMIN))
    answer = refused(status, code, "as Auth says it")
    platform.post(f"{URL}/auth/v1/token").mock(return_value=answer)
    found = await outcome(auth, client, ADMIN)
    assert (found.known, words in found.reason) == (known, True), found
    ensure_helps = {"invalid_credentials", "user_banned"}
    assert bool(found.remedy) == (code not in ensure_helps)
    assert "NULL" not in found.remedy
    assert "hush-hush" not in repr(found)


async def test_an_expired_link(auth, client, platform):
    listed(platform, account(CREW))
    platform.post(f"{URL}/auth/v1/admin/generate_link").respond(json=link(CREW))
    answer = refused(403, "otp_expired", "Token has expired or is invalid")
    platform.post(f"{URL}/auth/v1/verify").mock(return_value=answer)
    found = await outcome(auth, client, CREW)
    assert "the magic link was expired or used" in found.reason
    assert (found.known, "OTP expiration" in found.remedy) == (True, True)


async def test_too_many_requests(auth, client, platform):
    listed(platform, account(ADMIN))
    answer = refused(429, "over_request_rate_limit", "Request rate limit reached")
    platform.post(f"{URL}/auth/v1/token").mock(return_value=answer)
    with pytest.raises(UnknownError, match="429") as caught:
        await outcome(auth, client, ADMIN)
    assert "rate limit" in str(caught.value.remedy)


def session(user: TestUser) -> dict[str, Any]:
    """What Auth answers to a password that is right."""
    claims = {"role": "authenticated", "app_metadata": {"role": user.role}}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return {
        "access_token": f"e30.{payload}.c2ln",
        "refresh_token": "refresh",
        "token_type": "bearer",
        "expires_in": 3600,
        "user": account(user),
    }


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            httpx.Response(500, json={"code": "XX000", "message": "no disk"}),
            "failed (HTTP 500): no disk",
        ),
        (httpx.Response(503, html="<h1>Unavailable</h1>"), "failed (HTTP 503)"),
        (httpx.ReadTimeout(""), "did not answer: ReadTimeout"),
    ],
)
async def test_a_data_api_that_fails_is_no_matter_of_policies(
    auth, client, platform, answer, told: str
):
    listed(platform, account(ADMIN))
    platform.post(f"{URL}/auth/v1/token").respond(json=session(ADMIN))
    platform.post(f"{URL}/auth/v1/logout").respond(204)
    platform.get(url__startswith=f"{URL}/rest/v1/users").mock(side_effect=[answer] * 9)
    expect = (Expectation(table="public.users", rows=1),)
    found = await outcome(auth, client, ADMIN.model_copy(update={"expect": expect}))
    assert found.reason == f"public.users could not be read: the Data API {told}"
    assert not found.known
    assert "Look at the branch's Data API" in found.remedy
    assert "policies" not in found.remedy


@pytest.mark.parametrize(
    ("down", "words"),
    [
        (httpx.ConnectError("refused"), "did not answer: refused"),
        (httpx.Response(503, json={"message": "name resolution failed"}), r"\(HTTP 503\)"),
        (httpx.Response(502, html="<h1>Bad Gateway</h1>"), r"\(HTTP 502\)"),
    ],
)
async def test_auth_is_down(auth, client, platform, down, words: str):
    platform.get(f"{URL}/auth/v1/admin/users").mock(side_effect=down)
    with pytest.raises(TransportError, match=words) as caught:
        await outcome(auth, client, ADMIN)
    assert "project_url" in str(caught.value.remedy)
    assert str(caught.value.remedy).startswith("Look at the branch's services")
    assert "supasync validate" not in str(caught.value.remedy), "which tells it too"


@pytest.mark.parametrize(
    "case",
    [
        (500, "unexpected_failure", "Database error finding users", UsersError, "NULL"),
        (500, "unexpected_failure", "Database error saving new user", UsersError, "trigger"),
        (500, "unexpected_failure", "Unexpected failure, please check", UnknownError, "logs"),
        (403, "not_admin", "User not allowed", UnknownError, "logs"),
    ],
)
async def test_what_auth_refuses_to_list(auth, client, platform, case):
    """Only the database's own failures say something about the branch's users."""
    status, code, message, error, remedy = case
    answer = refused(status, code, message)
    platform.get(f"{URL}/auth/v1/admin/users").mock(return_value=answer)
    with pytest.raises(error, match=message) as caught:
        await outcome(auth, client, ADMIN)
    assert type(caught.value) is error
    assert remedy in str(caught.value.remedy)


async def test_an_address_with_several_accounts(auth, client, platform):
    listed(platform, account(ADMIN), account(ADMIN, 2, email="Admin@Example.test"))
    found = await outcome(auth, client, ADMIN)
    assert "2 accounts have this e-mail address" in found.reason
    assert f"Admin@Example.test ({ID}2)" in found.reason


async def test_an_address_with_capital_letters(auth, client, platform):
    listed(platform, account(ADMIN, email="Admin@Example.test"))
    found = await outcome(auth, client, ADMIN)
    assert "stored as Admin@Example.test, and Auth itself writes lower case" in found.reason


async def test_an_account_without_an_identity(auth, client, platform):
    bare = SHARED.replace("[]", f'["{ID}1"]')
    platform.post(READ_ONLY).respond(201, json=[{"found": bare}])
    listed(platform, account(ADMIN))
    found = await outcome(auth, client, ADMIN)
    assert (found.action, "has no row in auth.identities" in found.reason) == ("found", True)


async def test_an_account_of_a_single_sign_on_is_nobodys_twin(auth, client, platform):
    sso = account(ADMIN, 2, app_metadata={"provider": "sso:0f1e", "role": "admin"})
    listed(platform, account(ADMIN, email_confirmed_at=None), sso)
    assert (await outcome(auth, client, ADMIN)).reason == "its e-mail is not confirmed"
    listed(platform, sso)
    assert (await outcome(auth, client, ADMIN)).action == "missing"
