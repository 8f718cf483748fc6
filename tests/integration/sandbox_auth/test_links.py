"""One-time tokens: links an administrator makes, sign-ups, and what they are exchanged for."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import psycopg
import pytest

from supasync.sandbox.instance import Instance

EMAIL = "pilot@ship.example"
LINK, VERIFY = "/auth/v1/admin/generate_link", "/auth/v1/verify"


def value(project: Instance, query: str) -> Any:
    with psycopg.connect(project.admin_url) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


async def make_link(http: httpx.AsyncClient, kind: str, **more: str) -> dict[str, Any]:
    answer = await http.post(LINK, json={"type": kind, "email": EMAIL, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def make_user(http: httpx.AsyncClient) -> None:
    await http.post("/auth/v1/admin/users", json={"email": EMAIL, "email_confirm": True})


async def test_a_link_carries_the_hash_of_address_and_digits(
    project: Instance, admin_http: httpx.AsyncClient
) -> None:
    await make_user(admin_http)

    link = await make_link(admin_http, "recovery", redirect_to="https://elsewhere.example")

    expected = hashlib.sha224((EMAIL + link["email_otp"]).encode()).hexdigest()
    assert link["hashed_token"] == expected
    assert link["redirect_to"] == "http://localhost:3000"
    assert link["action_link"] == (
        f"{project.project_url}/auth/v1/verify?token={expected}"
        "&type=recovery&redirect_to=http://localhost:3000"
    )
    assert "recovery_sent_at" in link


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("recovery", 404, "user_not_found"),
        ("email_change_new", 404, "user_not_found"),
        ("signup", 400, "validation_failed"),
        ("telegram", 400, "validation_failed"),
    ],
)
async def test_links_a_stranger_cannot_have(
    admin_http: httpx.AsyncClient, kind: str, status: int, code: str
) -> None:
    answer = await admin_http.post(LINK, json={"type": kind, "email": EMAIL})

    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert (await admin_http.get("/auth/v1/admin/users")).json()["users"] == []


async def test_a_confirmed_user_cannot_sign_up_again(admin_http: httpx.AsyncClient) -> None:
    await make_user(admin_http)
    for kind in ("signup", "invite"):
        answer = await admin_http.post(
            LINK, json={"type": kind, "email": EMAIL, "password": "anchor-7"}
        )
        assert (answer.status_code, answer.json()["error_code"]) == (422, "email_exists")


async def test_a_new_token_replaces_the_older_and_an_old_one_expires(
    project: Instance, admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    await make_user(admin_http)
    first = await make_link(admin_http, "magiclink")
    second = await make_link(admin_http, "magiclink")
    proofs = [{"type": "magiclink", "token_hash": link["hashed_token"]} for link in (first, second)]

    replaced = await anon_http.post(VERIFY, json=proofs[0])
    project.cluster.execute(
        "update auth.users set recovery_sent_at = now() - interval '61 minutes'"
    )
    expired = await anon_http.post(VERIFY, json=proofs[1])

    assert replaced.status_code == expired.status_code == 403
    assert replaced.json()["error_code"] == expired.json()["error_code"] == "otp_expired"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "magiclink"},
        {"type": "magiclink", "token": "1", "token_hash": "2"},
        {"type": "magiclink", "token_hash": "2", "email": EMAIL},
        {"type": "magiclink", "token": "1"},
        {"type": "telegram", "token_hash": "2"},
    ],
)
async def test_half_a_proof_is_refused(anon_http: httpx.AsyncClient, body: dict[str, str]) -> None:
    answer = await anon_http.post(VERIFY, json=body)

    assert (answer.status_code, answer.json()["error_code"]) == (400, "validation_failed")


async def test_a_session_is_rows_and_a_signed_token(
    project: Instance, admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    await make_user(admin_http)
    link = await make_link(admin_http, "magiclink")
    proof = {"type": "email", "token_hash": link["hashed_token"]}

    session = (await anon_http.post(VERIFY, json=proof)).json()

    claims = jwt.decode(
        session["access_token"],
        project.keys.jwt_secret,
        algorithms=["HS256"],
        audience="authenticated",
        issuer=f"{project.project_url}/auth/v1",
    )
    assert list(session) == [
        *("access_token", "token_type", "expires_in", "expires_at", "refresh_token", "user")
    ]
    assert claims["sub"] == session["user"]["id"]
    assert claims["exp"] == session["expires_at"] == claims["iat"] + 3600
    assert (claims["role"], claims["aal"], claims["email"]) == ("authenticated", "aal1", EMAIL)
    assert [entry["method"] for entry in claims["amr"]] == ["otp"]
    assert str(value(project, "select id from auth.sessions")) == claims["session_id"]
    assert value(project, "select token from auth.refresh_tokens") == session["refresh_token"]
    assert value(project, "select count(*) from auth.one_time_tokens") == 0


async def test_the_link_itself_redirects_with_a_session(
    admin_http: httpx.AsyncClient,
) -> None:
    await make_user(admin_http)
    link = await make_link(admin_http, "magiclink", redirect_to="http://localhost:8000/in")

    async with httpx.AsyncClient() as browser:
        followed = await browser.get(link["action_link"])
        again = await browser.get(link["action_link"])

    assert followed.status_code == again.status_code == 303
    target = urlsplit(followed.headers["location"])
    assert (target.netloc, target.path) == ("localhost:8000", "/in")
    assert parse_qs(target.fragment)["token_type"] == ["bearer"]
    assert parse_qs(urlsplit(again.headers["location"]).fragment)["error_code"] == ["otp_expired"]


async def test_signing_up_needs_confirmation_and_does_not_tell_who_is_there(
    project: Instance, admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    body = {"email": EMAIL, "password": "anchor-7", "data": {"deck": "A"}}
    user = (await anon_http.post("/auth/v1/signup", json=body)).json()
    login = await anon_http.post("/auth/v1/token?grant_type=password", json=body)
    soon = await anon_http.post("/auth/v1/signup", json=body)
    token = value(project, "select confirmation_token from auth.users")
    session = await anon_http.post(VERIFY, json={"type": "signup", "token_hash": token})
    stranger = await anon_http.post("/auth/v1/signup", json=body)

    assert user["user_metadata"]["deck"] == "A"
    assert user["user_metadata"]["sub"] == user["id"]
    assert login.json()["error_code"] == "email_not_confirmed"
    assert (soon.status_code, soon.json()["error_code"]) == (429, "over_email_send_rate_limit")
    assert session.json()["user"]["identities"][0]["identity_data"]["email_verified"] is True
    assert stranger.json()["id"] != user["id"]
    assert stranger.json()["identities"] == []
    assert (await admin_http.get("/auth/v1/admin/users")).headers["X-Total-Count"] == "1"


async def test_an_otp_signs_up_strangers_unless_told_not_to(
    project: Instance, admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    refused = await anon_http.post("/auth/v1/otp", json={"email": EMAIL, "create_user": False})
    asked = await anon_http.post("/auth/v1/otp", json={"email": EMAIL})
    made = value(project, "select confirmation_token from auth.users")
    await admin_http.put(
        f"/auth/v1/admin/users/{value(project, 'select id from auth.users')}",
        json={"email_confirm": True},
    )
    again = await anon_http.post("/auth/v1/magiclink", json={"email": EMAIL})
    token = value(project, "select recovery_token from auth.users")
    session = await anon_http.post(VERIFY, json={"type": "email", "token_hash": token})

    assert (refused.status_code, refused.json()["error_code"]) == (422, "otp_disabled")
    assert asked.json() == again.json() == {}
    assert len(made) == len(token) == 56
    assert session.status_code == 200


async def test_a_changed_address_is_confirmed_from_both(
    project: Instance, admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    await make_user(admin_http)
    await make_link(admin_http, "email_change_current", new_email="new@ship.example")
    link = await make_link(admin_http, "email_change_new", new_email="new@ship.example")
    tokens = [
        value(project, f"select email_change_token_{which} from auth.users")
        for which in ("current", "new")
    ]
    proofs = [{"type": "email_change", "token_hash": token} for token in tokens]

    first = await anon_http.post(VERIFY, json=proofs[0])
    second = await anon_http.post(VERIFY, json=proofs[1])

    assert link["new_email"] == "new@ship.example"
    assert first.json()["msg"].startswith("Confirmation link accepted")
    assert second.json()["user"]["email"] == "new@ship.example"
    assert second.json()["user"]["identities"][0]["email"] == "new@ship.example"
