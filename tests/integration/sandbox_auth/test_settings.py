"""A project's settings have their effect on Auth and REST."""

from __future__ import annotations

from typing import Any

import httpx
import jwt
import pytest

from supasync.sandbox.instance import Instance

LOGIN = {"email": "mate@ship.example", "password": "anchor-7"}


def change(project: Instance, **changes: Any) -> None:
    project.config.auth_changes |= changes


@pytest.mark.parametrize(
    ("changes", "path", "refused"),
    [
        ({"disable_signup": True}, "signup", (422, "signup_disabled")),
        ({"disable_signup": True}, "otp", (422, "signup_disabled")),
        ({"password_min_length": 12}, "signup", (422, "weak_password")),
        ({"external_email_enabled": False}, "signup", (400, "email_provider_disabled")),
        ({"external_email_enabled": False}, "otp", (422, "email_provider_disabled")),
        ({"security_captcha_enabled": True}, "signup", (400, "captcha_failed")),
        ({"security_captcha_enabled": True}, "otp", (400, "captcha_failed")),
        ({"security_captcha_enabled": True}, "magiclink", (400, "captcha_failed")),
        (
            {"security_captcha_enabled": True},
            "token?grant_type=password",
            (400, "captcha_failed"),
        ),
        (
            {"external_email_enabled": False},
            "token?grant_type=password",
            (422, "email_provider_disabled"),
        ),
    ],
)
async def test_refused(
    project: Instance,
    anon_http: httpx.AsyncClient,
    changes: dict[str, Any],
    path: str,
    refused: tuple[int, str],
) -> None:
    change(project, **changes)
    answer = await anon_http.post(f"/auth/v1/{path}", json=LOGIN)
    assert (answer.status_code, answer.json()["error_code"]) == refused


async def test_addresses_count_as_confirmed(
    project: Instance, anon_http: httpx.AsyncClient
) -> None:
    change(project, mailer_autoconfirm=True, jwt_exp=120)
    answer = (await anon_http.post("/auth/v1/signup", json=LOGIN)).json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (answer["expires_in"], claims["exp"] - claims["iat"]) == (120, 120)
    assert answer["user"]["email_confirmed_at"]
    again = await anon_http.post("/auth/v1/signup", json=LOGIN)
    assert (again.status_code, again.json()["error_code"]) == (422, "user_already_exists")
    stranger = await anon_http.post("/auth/v1/otp", json={"email": "other@ship.example"})
    assert (stranger.status_code, stranger.json()) == (200, {})
    told = (await anon_http.get("/auth/v1/settings")).json()
    assert (told["mailer_autoconfirm"], told["disable_signup"]) == (True, False)


async def test_links_expire_and_an_admin_solves_no_captcha(
    project: Instance, admin_http: httpx.AsyncClient
) -> None:
    wanted = {"type": "magiclink", "email": LOGIN["email"]}
    answers = []
    for seconds in (1, 60, 0):  # 0: the service's own day
        change(project, mailer_otp_exp=seconds, security_captcha_enabled=True)
        made = await admin_http.post("/auth/v1/admin/generate_link", json=wanted)
        project.cluster.execute(
            "update auth.users set confirmation_sent_at = confirmation_sent_at - interval '5 s',"
            " recovery_sent_at = recovery_sent_at - interval '5 s'"
        )
        proof = {
            "type": made.json()["verification_type"],
            "token_hash": made.json()["hashed_token"],
        }
        answer = await admin_http.post("/auth/v1/verify", json=proof)
        answers.append((answer.status_code, answer.json().get("error_code")))
    assert answers == [(403, "otp_expired"), (200, None), (200, None)]
    answer = await admin_http.post("/auth/v1/token?grant_type=password", json=LOGIN)
    assert answer.json()["error_code"] == "invalid_credentials"


async def test_links_lead_to_the_site(project: Instance, admin_http: httpx.AsyncClient) -> None:
    change(project, site_url="https://ship.example")
    wanted = {"type": "magiclink", "email": LOGIN["email"]}
    answer = await admin_http.post("/auth/v1/admin/generate_link", json=wanted)
    assert answer.json()["redirect_to"] == "https://ship.example"


async def test_exposed_schemas(project: Instance, admin_http: httpx.AsyncClient) -> None:
    project.cluster.execute(
        "drop schema if exists api cascade; create schema api; grant usage on schema api to public",
        "create table api.t as select generate_series(1, 3) as n",
        "grant select on api.t to service_role",
    )
    asked = {"accept-profile": "api"}
    hidden = await admin_http.get("/rest/v1/t", headers=asked)
    assert (hidden.status_code, hidden.json()["code"]) == (406, "PGRST106")
    project.config.postgrest_changes |= {"db_schema": "api, public", "max_rows": 2}
    shown = await admin_http.get("/rest/v1/t?select=n&order=n")
    assert shown.json() == [{"n": 1}, {"n": 2}]
