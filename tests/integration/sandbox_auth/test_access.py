"""Who may ask: API keys at the gateway, bearers at the service."""

from __future__ import annotations

import time

import httpx
import jwt
import pytest

from supasync.sandbox.instance import Instance

USERS = "/auth/v1/admin/users"


async def get(project: Instance, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=project.project_url) as client:
        return await client.get(path, headers=headers)


def signed(project: Instance, **claims: object) -> str:
    return jwt.encode(claims, project.keys.jwt_secret, algorithm="HS256")


async def test_without_a_key_nobody_gets_in(project: Instance) -> None:
    none = await get(project, USERS)
    wrong = await get(project, USERS, apikey="sb_secret_guessed")

    assert none.status_code == wrong.status_code == 401
    assert none.json()["message"] == "No API key found in request"
    assert wrong.json()["message"] == "Invalid API key"


async def test_a_secret_key_is_the_service_role(project: Instance) -> None:
    key = project.keys.secret

    alone = await get(project, USERS, apikey=key)
    repeated = await get(project, USERS, apikey=key, Authorization=f"Bearer {key}")
    public = await get(project, USERS, apikey=project.keys.publishable)
    browser = await get(project, USERS, apikey=key, **{"User-Agent": "Mozilla/5.0 (X11)"})

    assert alone.status_code == repeated.status_code == 200
    assert (public.status_code, public.json()["error_code"]) == (403, "not_admin")
    assert browser.status_code == 401
    assert browser.json()["message"] == "Forbidden use of secret API key in browser"


async def test_an_older_key_is_no_bearer_by_itself(project: Instance) -> None:
    answer = await get(project, USERS, apikey=project.keys.service_role)

    assert answer.status_code == 401
    assert answer.json() == {
        "code": 401,
        "error_code": "no_authorization",
        "msg": "This endpoint requires a valid Bearer token",
    }


async def test_a_bearer_must_be_signed_fresh_and_an_admin(project: Instance) -> None:
    bearers = {
        "signature is invalid": jwt.encode({"role": "service_role"}, "x" * 40, algorithm="HS256"),
        "token is expired": signed(project, role="service_role", exp=int(time.time()) - 5),
        "token is malformed": "no-jwt",
        "User not allowed": project.keys.anon,
    }
    for problem, bearer in bearers.items():
        answer = await get(
            project, USERS, apikey=project.keys.anon, Authorization=f"Bearer {bearer}"
        )
        assert answer.status_code == 403
        assert problem in answer.json()["msg"]
        assert answer.json()["error_code"] == (
            "not_admin" if problem == "User not allowed" else "bad_jwt"
        )


async def test_the_service_tells_about_itself(anon_http: httpx.AsyncClient) -> None:
    health = (await anon_http.get("/auth/v1/health")).json()
    settings = (await anon_http.get("/auth/v1/settings")).json()

    assert health["name"] == "GoTrue"
    assert settings["external"]["email"] is True
    assert settings["external"]["phone"] is False
    assert settings["mailer_autoconfirm"] is False


async def test_a_body_over_a_megabyte_is_refused(admin_http: httpx.AsyncClient) -> None:
    answer = await admin_http.post(USERS, content=b" " * (1 << 20) + b"{}")

    assert (answer.status_code, answer.json()["error_code"]) == (413, "request_entity_too_large")


async def test_what_is_no_json_is_refused(admin_http: httpx.AsyncClient) -> None:
    for body in (b"", b"{", b"[]"):
        answer = await admin_http.post(USERS, content=body)
        assert (answer.status_code, answer.json()["error_code"]) == (400, "bad_json")


async def test_another_project_is_not_there(project: Instance) -> None:
    async with httpx.AsyncClient(base_url=f"{project.base_url}/project/{'z' * 20}") as client:
        answer = await client.get("/auth/v1/health", headers={"apikey": project.keys.anon})

    assert answer.status_code == 404


@pytest.mark.parametrize("sub", ["", "7"])
async def test_a_bearer_without_a_user_is_nobody(project: Instance, sub: str) -> None:
    bearer = signed(project, role="authenticated", sub=sub, exp=int(time.time()) + 60)

    answer = await get(
        project, "/auth/v1/user", apikey=project.keys.anon, Authorization=f"Bearer {bearer}"
    )

    assert answer.json()["error_code"] == "bad_jwt"
