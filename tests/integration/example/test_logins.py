"""Accounts of Supabase Auth and rows of public.users find each other by e-mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Execute

Seed = Callable[..., None]


@pytest.fixture
def sign_up(execute: Execute) -> Callable[..., None]:
    """Enters an account as the Auth service does, by default with a confirmed address."""

    def enter(email: str, role: str = "", *, confirmed: bool = True) -> None:
        execute(
            "insert into auth.users (id, instance_id, aud, role, email, email_confirmed_at, "
            "raw_app_meta_data, raw_user_meta_data, created_at, updated_at, confirmation_token, "
            "recovery_token, email_change, email_change_token_new) values (gen_random_uuid(), "
            f"'00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', '{email}', "
            f"{'now()' if confirmed else 'null'}, jsonb_build_object('role', '{role}'), "
            "'{\"full_name\": \"Given Name\"}', now(), now(), '', '', '', '')"
        )

    return enter


def linked(execute: Execute) -> list[str]:
    """The addresses whose row in public.users is linked to the account with that address."""
    found = execute(
        "select u.email from public.users u join auth.users a on a.id = u.auth_user_id "
        "where a.email = u.email order by 1"
    )
    return [email for (email,) in found]


def test_an_account_made_after_the_seed_is_linked(
    execute: Execute, seed: Seed, sign_up: Callable[..., None]
) -> None:
    seed(reseed=True)
    sign_up("crew@maritime.example", "admin")
    assert linked(execute) == ["crew@maritime.example"]
    role = execute("select role::text from public.users where email = 'crew@maritime.example'")
    assert role == [("crew",)]


@pytest.mark.parametrize("reseed", [False, True])
def test_an_account_made_before_the_seed_is_linked(
    execute: Execute, seed: Seed, sign_up: Callable[..., None], reseed: bool
) -> None:
    sign_up("manager@maritime.example")
    sign_up("crew@maritime.example")
    seed(reseed=reseed)
    seed(reseed=reseed)
    assert linked(execute) == ["crew@maritime.example", "manager@maritime.example"]
    assert execute("select count(*), count(distinct id) from public.users") == [(4, 4)]


def test_an_unconfirmed_address_takes_over_nobody(
    execute: Execute, seed: Seed, sign_up: Callable[..., None]
) -> None:
    seed(reseed=True)
    sign_up("admin@maritime.example", confirmed=False)
    assert linked(execute) == []
    execute("update auth.users set email_confirmed_at = now()")
    assert linked(execute) == ["admin@maritime.example"]


@pytest.mark.parametrize(("claimed", "given"), [("manager", "manager"), ("captain", "crew")])
def test_an_unknown_person_is_entered_with_a_valid_role(
    execute: Execute, sign_up: Callable[..., None], claimed: str, given: str
) -> None:
    sign_up("new@maritime.example", claimed)
    assert execute("select email, role::text, full_name from public.users") == [
        ("new@maritime.example", given, "Given Name")
    ]
