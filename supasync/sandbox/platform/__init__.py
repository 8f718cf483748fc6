"""The database of a fresh project, as SQL: what Supabase has made before a user comes."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

SUPERUSER: Final = "supabase_admin"
# Who can log in; each project has passwords of its own.
ROLES: Final = (
    SUPERUSER,
    "postgres",
    "authenticator",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "supabase_read_only_user",
)
ORDER: Final = (
    "roles",
    "schemas",
    "auth",
    "auth_sessions",
    "storage",
    "realtime",
    "vault",
    "cron",
    "functions",
    "managed",
)
# On the platform these tell which managed tables `postgres` may put policies and triggers on.
MANAGED_TABLES: Final = (
    "auth.audit_log_entries",
    "auth.identities",
    "auth.refresh_tokens",
    "auth.sessions",
    "auth.users",
    "realtime.messages",
    "storage.buckets",
    "storage.migrations",
    "storage.objects",
    "storage.s3_multipart_uploads",
    "storage.s3_multipart_uploads_parts",
)


def scripts() -> tuple[str, ...]:
    """The SQL of a fresh project, in order; each is one session of the superuser."""
    return tuple((files(__package__) / f"{name}.sql").read_text() for name in ORDER)


def settings() -> tuple[str, ...]:
    """Lines of postgresql.conf."""
    tables = ", ".join(f'"{table}"' for table in MANAGED_TABLES)
    grants = f"'{{\"postgres\": [{tables}]}}'"
    return (
        f"supautils.policy_grants = {grants}",
        f"supautils.drop_trigger_grants = {grants}",
    )
