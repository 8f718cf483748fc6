"""The administration of users on the wire, as the service's source has it."""

from __future__ import annotations

import uuid

import httpx
import pytest

from supasync.sandbox.instance import Instance

USERS = "/auth/v1/admin/users"
V2024 = {"X-Supabase-Api-Version": "2024-01-01"}
FIELDS_OF_A_NEW_USER = [
    "id",
    "aud",
    "role",
    "email",
    "email_confirmed_at",
    "phone",
    "confirmed_at",
    "app_metadata",
    "user_metadata",
    "identities",
    "created_at",
    "updated_at",
    "is_anonymous",
]


async def create(http: httpx.AsyncClient, email: str, **more: object) -> dict[str, object]:
    answer = await http.post(USERS, json={"email": email, "email_confirm": True, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_user_has_the_fields_of_the_api_in_its_order(
    admin_http: httpx.AsyncClient,
) -> None:
    user = await create(admin_http, "Purser@Ship.Example")

    assert list(user) == FIELDS_OF_A_NEW_USER
    assert user["email"] == "purser@ship.example"
    assert user["phone"] == ""
    assert user["app_metadata"] == {"provider": "email", "providers": ["email"]}
    (identity,) = user["identities"]
    assert identity["id"] == user["id"] == identity["user_id"]
    assert identity["identity_id"] != user["id"]
    assert identity["identity_data"] == {
        "email": "purser@ship.example",
        "email_verified": False,
        "phone_verified": False,
        "sub": user["id"],
    }


async def test_an_unconfirmed_user_shows_no_confirmation(admin_http: httpx.AsyncClient) -> None:
    user = (await admin_http.post(USERS, json={"email": "new@ship.example"})).json()

    assert "email_confirmed_at" not in user
    assert user["user_metadata"] == {}


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        ({}, 400, "validation_failed", "Cannot create a user without either an email or phone"),
        ({"email": "no-at"}, 400, "validation_failed", "Unable to validate email address: "),
        ({"email": "taken@ship.example"}, 422, "email_exists", "A user with this email address"),
        ({"phone": "+0"}, 400, "validation_failed", "Invalid phone number format"),
        (
            {"email": "a@b.example", "password": "x", "password_hash": "y"},
            400,
            "validation_failed",
            "Only a password or a password hash should be provided",
        ),
        (
            {"email": "a@b.example", "password": "x" * 73},
            400,
            "validation_failed",
            "bcrypt: password length exceeds 72 bytes",
        ),
        ({"email": "a@b.example", "id": "7"}, 400, "validation_failed", "ID must conform to the"),
        ({"email": "a@b.example", "ban_duration": "x"}, 400, "validation_failed", "invalid format"),
        ({"email": 7}, 400, "bad_json", "Could not parse request body as JSON: "),
    ],
)
async def test_what_cannot_be_a_user_is_refused(
    admin_http: httpx.AsyncClient,
    body: dict[str, object],
    status: int,
    code: str,
    message: str,
) -> None:
    await create(admin_http, "taken@ship.example")

    first = await admin_http.post(USERS, json=body)
    second = await admin_http.post(USERS, json=body, headers=V2024)

    assert first.status_code == second.status_code == status
    assert first.headers["x-sb-error-code"] == second.headers["x-sb-error-code"] == code
    assert (first.json()["code"], first.json()["error_code"]) == (status, code)
    assert first.json()["msg"].startswith(message)
    assert second.json() == {"code": code, "message": first.json()["msg"]}
    assert second.headers["X-Supabase-Api-Version"] == "2024-01-01"
    assert "X-Supabase-Api-Version" not in first.headers


async def test_an_id_in_use_is_a_database_error(admin_http: httpx.AsyncClient) -> None:
    user = await create(admin_http, "one@ship.example")

    body = {"email": "two@ship.example", "id": user["id"]}
    answer = await admin_http.post(USERS, json=body, headers=V2024)

    assert answer.status_code == 500
    assert answer.json() == {
        "code": "unexpected_failure",
        "message": "Database error creating new user",
    }


async def test_pages_are_linked_and_counted(admin_http: httpx.AsyncClient) -> None:
    for number in range(3):
        await create(admin_http, f"crew{number}@ship.example")

    first = await admin_http.get(USERS, params={"page": 1, "per_page": 2})
    last = await admin_http.get(USERS, params={"page": 2, "per_page": 2})

    assert first.json()["aud"] == "authenticated"
    assert [user["email"][:5] for user in first.json()["users"]] == ["crew2", "crew1"]
    assert [user["email"][:5] for user in last.json()["users"]] == ["crew0"]
    assert first.json()["users"][0]["identities"] is None
    assert first.headers["X-Total-Count"] == "3"
    assert first.headers["Link"] == (
        '</admin/users?page=2&per_page=2>; rel="next", </admin/users?page=2&per_page=2>; rel="last"'
    )
    assert last.headers["Link"] == '</admin/users?page=2&per_page=2>; rel="last"'


async def test_a_page_that_is_no_number_is_refused(admin_http: httpx.AsyncClient) -> None:
    answer = await admin_http.get(USERS, params={"page": "x"})

    assert answer.status_code == 400
    assert answer.json()["msg"] == (
        'Bad Pagination Parameters: strconv.ParseUint: parsing "x": invalid syntax'
    )


async def test_the_filter_looks_into_address_and_name(admin_http: httpx.AsyncClient) -> None:
    await create(admin_http, "cook@ship.example", user_metadata={"full_name": "Ann Galley"})
    await create(admin_http, "mate@ship.example")

    by_name = await admin_http.get(USERS, params={"filter": "galley"})
    by_email = await admin_http.get(USERS, params={"filter": "mate@"})

    assert [user["email"] for user in by_name.json()["users"]] == ["cook@ship.example"]
    assert [user["email"] for user in by_email.json()["users"]] == ["mate@ship.example"]


async def test_one_row_with_null_tokens_breaks_the_list_for_everybody(
    project: Instance, admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    await create(admin_http, "fine@ship.example", password="anchor-7")
    project.cluster.execute(
        """insert into auth.users (instance_id, id, aud, role, email, encrypted_password,
             email_confirmed_at, created_at, updated_at)
           values ('00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated',
             'authenticated', 'seeded@ship.example', 'x', now(), now(), now())"""
    )

    listed = await admin_http.get(USERS, headers=V2024)
    login = {"email": "seeded@ship.example", "password": "anchor-7"}
    token = "/auth/v1/token?grant_type=password"
    broken = await anon_http.post(token, json=login, headers=V2024)
    whole = await anon_http.post(token, json={**login, "email": "fine@ship.example"})

    assert (listed.status_code, listed.json()["message"]) == (500, "Database error finding users")
    assert (broken.status_code, broken.json()["message"]) == (
        500,
        "Database error querying schema",
    )
    assert whole.status_code == 200


async def test_rows_without_instance_id_do_not_exist(
    project: Instance, admin_http: httpx.AsyncClient
) -> None:
    user_id = uuid.uuid4()
    project.cluster.execute(
        f"insert into auth.users (id, email) values ('{user_id}', 'x@y.example')"
    )

    assert (await admin_http.get(USERS)).json()["users"] == []
    assert (await admin_http.get(f"{USERS}/{user_id}")).status_code == 404


async def test_a_failing_trigger_aborts_the_creation(
    project: Instance, admin_http: httpx.AsyncClient
) -> None:
    project.cluster.execute(
        """create function public.refuse() returns trigger language plpgsql
           as $$ begin raise exception 'no more berths' using hint = 'ask ashore'; end $$""",
        """create trigger refuse after insert on auth.users
           for each row execute function public.refuse()""",
    )

    plain = await admin_http.post(USERS, json={"email": "late@ship.example"})
    dated = await admin_http.post(USERS, json={"email": "late@ship.example"}, headers=V2024)
    project.cluster.execute("drop function public.refuse() cascade")

    assert plain.status_code == dated.status_code == 500
    assert plain.json() == {"code": "P0001", "message": "no more berths", "hint": "ask ashore"}
    assert dated.json()["message"] == "Database error creating new user"
    assert (await admin_http.get(USERS)).headers["X-Total-Count"] == "0"


@pytest.mark.parametrize(
    ("user_id", "code", "message"),
    [
        ("7", "validation_failed", "user_id must be an UUID"),
        ("11111111-2222-4333-8444-555555555555", "user_not_found", "User not found"),
    ],
)
async def test_an_unknown_user_is_not_found(
    admin_http: httpx.AsyncClient, user_id: str, code: str, message: str
) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await admin_http.request(method, f"{USERS}/{user_id}", json={})
        assert answer.status_code == 404
        assert answer.json() == {"code": 404, "error_code": code, "msg": message}


async def test_a_banned_user_is_told_so_before_the_password_is_looked_at(
    admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    user = await create(admin_http, "brig@ship.example", password="anchor-7", ban_duration="24h")
    path, token = f"{USERS}/{user['id']}", "/auth/v1/token?grant_type=password"
    wrong = {"email": "brig@ship.example", "password": "wrong"}

    banned = await anon_http.post(token, json=wrong)
    lifted = await admin_http.put(path, json={"ban_duration": "none"})
    freed = await anon_http.post(token, json={**wrong, "password": "anchor-7"})

    assert "banned_until" in user
    assert banned.json()["error_code"] == "user_banned"
    assert "banned_until" not in lifted.json()
    assert freed.status_code == 200


async def test_an_update_refuses_weak_passwords_and_hides_why_the_rest_failed(
    admin_http: httpx.AsyncClient,
) -> None:
    await create(admin_http, "first@ship.example")
    user = await create(admin_http, "second@ship.example")
    path = f"{USERS}/{user['id']}"

    weak = await admin_http.put(path, json={"password": "short"}, headers=V2024)
    taken = await admin_http.put(path, json={"email": "first@ship.example"}, headers=V2024)
    kept = await admin_http.put(path, json={"email_confirm": False})

    assert weak.status_code == 422
    assert weak.json()["code"] == "weak_password"
    assert weak.json()["weak_password"] == {"reasons": ["length"]}
    assert (taken.status_code, taken.json()["message"]) == (500, "Error updating user")
    assert kept.json()["email_confirmed_at"] == user["email_confirmed_at"]


async def test_a_password_change_ends_all_sessions(
    project: Instance, admin_http: httpx.AsyncClient, anon_http: httpx.AsyncClient
) -> None:
    user = await create(admin_http, "mate@ship.example", password="anchor-7")
    login = {"email": "mate@ship.example", "password": "anchor-7"}
    session = (await anon_http.post("/auth/v1/token?grant_type=password", json=login)).json()

    await admin_http.put(f"{USERS}/{user['id']}", json={"password": "other-anchor-8"})
    refresh = {"refresh_token": session["refresh_token"]}
    answer = await anon_http.post("/auth/v1/token?grant_type=refresh_token", json=refresh)

    assert (answer.status_code, answer.json()["error_code"]) == (400, "refresh_token_not_found")
