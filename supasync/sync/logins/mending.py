"""Rows of auth.users that SQL has made and the Auth service cannot use, put right.

The service reads these columns into values that are never null, and finds only users of its own
instance (supabase/auth, internal/models/user.go). One such row makes every list of users fail. A
row that has its address and is marked as deleted is SQL's doing too (the service itself overwrites
the address): nobody logs in to it, and nobody else can be made with its address.
"""

from __future__ import annotations

from collections.abc import Sequence

from supasync import sql
from supasync.config import TestUser
from supasync.errors import SqlError, UsersError
from supasync.ports import WritableDatabase
from supasync.sync import bookkeeping
from supasync.sync.bookkeeping import again

_TEXTS = (
    "confirmation_token",
    "recovery_token",
    "email_change_token_new",
    "email_change",
    "email_change_token_current",
    "phone_change",
    "phone_change_token",
    "reauthentication_token",
)
_TIMES = ("created_at", "updated_at")
_INSTANCE = "00000000-0000-0000-0000-000000000000"


async def mend(database: WritableDatabase, users: Sequence[TestUser]) -> int:
    """Nulls of all users become empty, and the given ones are of this instance and not deleted.
    Returns how many rows were changed. Sent twice, it changes them once.

    Raises: UsersError when the role may not, LeaseHeld, SqlError, UnknownError.
    """
    emails = sql.text_array(user.email for user in users)
    own = f"lower(email) = any ({emails}) and not is_sso_user"
    sets = [f"{column} = coalesce({column}, '')" for column in _TEXTS]
    sets += [f"{column} = coalesce({column}, now())" for column in _TIMES]
    for column, value in (("instance_id", _INSTANCE), ("aud", "authenticated")):
        sets.append(f"{column} = case when {own} then '{value}' else {column} end")
    sets.append(f"deleted_at = case when {own} then null else deleted_at end")
    sets.append("role = coalesce(role, 'authenticated')")
    wrong = [f"{column} is null" for column in (*_TEXTS, *_TIMES, "role")]
    wrong.append(
        f"{own} and (instance_id is distinct from '{_INSTANCE}'"
        " or aud is distinct from 'authenticated')"
    )
    dead = (
        f"deleted_at is not null and {own} and not exists (select from auth.users alive"
        " where lower(alive.email) = lower(u.email) and alive.deleted_at is null"
        " and not alive.is_sso_user)"
    )
    text = bookkeeping.TAKE_WRITE_LOCK + (
        f"with mended as (update auth.users u set {', '.join(sets)}\n"
        f"  where {dead} or deleted_at is null and ({' or '.join(wrong)}) returning 1)\n"
        "select json_build_object('mended', count(*))::text from mended;\n"
    )
    try:
        found = await again.idempotent(database, text, lambda it: again.row(it, "mended"))
    except SqlError as error:
        raise UsersError(
            f"{database.name}: rows of auth.users could not be repaired: {error.message}",
            remedy="Write '' into the empty token columns of auth.users there, as its owner.",
        ) from error
    return int(found["mended"])
