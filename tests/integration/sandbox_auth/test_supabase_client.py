"""The real client is the oracle: it works against the sandbox as against the platform."""

from __future__ import annotations

import uuid

import pytest
import supabase
from supabase_auth.errors import AuthApiError

PASSWORD = "anchor-chain-7"
EMAIL = "bosun@ship.example"


async def make_user(admin: supabase.AsyncClient, **more: object) -> str:
    made = await admin.auth.admin.create_user(
        {"email": EMAIL, "password": PASSWORD, "email_confirm": True, **more}
    )
    return made.user.id


async def test_a_created_user_is_listed_and_logs_in(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    wanted = str(uuid.uuid4())
    user_id = await make_user(admin, id=wanted, user_metadata={"rank": "bosun"})

    listed = await admin.auth.admin.list_users()
    answer = await client.auth.sign_in_with_password({"email": EMAIL, "password": PASSWORD})

    assert user_id == wanted
    assert [(user.id, user.email) for user in listed] == [(wanted, EMAIL)]
    assert answer.user is not None
    assert answer.user.user_metadata == {"rank": "bosun", "email_verified": True}
    assert answer.user.role == "authenticated"
    assert answer.session is not None
    assert answer.session.token_type == "bearer"


async def test_an_update_merges_metadata_and_changes_the_password(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    user_id = await make_user(admin, app_metadata={"crew": 1, "deck": "A"})

    updated = await admin.auth.admin.update_user_by_id(
        user_id,
        {"password": "other-anchor-8", "app_metadata": {"deck": None, "watch": "first"}},
    )

    assert updated.user.app_metadata == {
        "provider": "email",
        "providers": ["email"],
        "crew": 1,
        "watch": "first",
    }
    with pytest.raises(AuthApiError, match="Invalid login credentials") as caught:
        await client.auth.sign_in_with_password({"email": EMAIL, "password": PASSWORD})
    assert (caught.value.status, caught.value.code) == (400, "invalid_credentials")
    answer = await client.auth.sign_in_with_password({"email": EMAIL, "password": "other-anchor-8"})
    assert answer.session is not None


async def test_a_magic_link_made_by_an_admin_logs_in_once(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    user_id = await make_user(admin)
    link = await admin.auth.admin.generate_link({"type": "magiclink", "email": EMAIL})
    proof = {"type": "magiclink", "token_hash": link.properties.hashed_token}

    answer = await client.auth.verify_otp(proof)

    assert answer.user is not None
    assert answer.user.id == user_id
    assert link.properties.verification_type == "magiclink"
    with pytest.raises(AuthApiError, match="invalid or has expired") as caught:
        await client.auth.verify_otp(proof)
    assert (caught.value.status, caught.value.code) == (403, "otp_expired")


async def test_a_magic_link_for_a_stranger_makes_the_user(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    link = await admin.auth.admin.generate_link({"type": "magiclink", "email": EMAIL})

    answer = await client.auth.verify_otp(
        {"type": "signup", "token_hash": link.properties.hashed_token}
    )

    assert link.properties.verification_type == "signup"
    assert answer.user is not None
    assert answer.user.email_confirmed_at is not None
    assert answer.user.identities is not None
    assert answer.user.identities[0].identity_data["email_verified"] is True


async def test_the_digits_of_a_link_work_like_its_hash(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    await make_user(admin)
    link = await admin.auth.admin.generate_link({"type": "recovery", "email": EMAIL})

    answer = await client.auth.verify_otp(
        {"type": "email", "email": EMAIL, "token": link.properties.email_otp}
    )

    assert answer.session is not None
    assert len(link.properties.email_otp) == 6


async def test_signing_out_ends_the_session(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    await make_user(admin)
    answer = await client.auth.sign_in_with_password({"email": EMAIL, "password": PASSWORD})
    assert answer.session is not None
    token = answer.session.access_token
    seen = await client.auth.get_user(token)

    await client.auth.sign_out()

    assert seen is not None
    assert seen.user.email == EMAIL
    with pytest.raises(AuthApiError, match="Session from session_id claim") as caught:
        await client.auth.get_user(token)
    assert (caught.value.status, caught.value.code) == (403, "session_not_found")


async def test_a_session_is_refreshed(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    await make_user(admin)
    first = await client.auth.sign_in_with_password({"email": EMAIL, "password": PASSWORD})
    assert first.session is not None

    second = await client.auth.refresh_session()

    assert second.session is not None
    assert second.session.refresh_token != first.session.refresh_token
    # The client may have lost the answer: the token before the active one still gets that one.
    third = await client.auth.refresh_session(first.session.refresh_token)
    assert third.session is not None
    assert third.session.refresh_token == second.session.refresh_token


async def test_a_user_changes_password_and_metadata(
    admin: supabase.AsyncClient, client: supabase.AsyncClient
) -> None:
    await make_user(admin)
    await client.auth.sign_in_with_password({"email": EMAIL, "password": PASSWORD})

    changed = await client.auth.update_user({"password": "third-anchor-9", "data": {"deck": "B"}})

    assert changed.user.user_metadata["deck"] == "B"
    with pytest.raises(AuthApiError, match="should be different") as caught:
        await client.auth.update_user({"password": "third-anchor-9"})
    assert (caught.value.status, caught.value.code) == (422, "same_password")


async def test_deleted_users_are_gone_and_soft_deleted_ones_unrecognizable(
    admin: supabase.AsyncClient,
) -> None:
    gone = await make_user(admin)
    await admin.auth.admin.delete_user(gone)
    kept = await make_user(admin)
    await admin.auth.admin.delete_user(kept, should_soft_delete=True)

    listed = await admin.auth.admin.list_users()

    assert [user.id for user in listed] == [kept]
    assert listed[0].deleted_at is not None
    assert listed[0].email is not None
    assert "@" not in listed[0].email
    assert (await make_user(admin)) != kept
