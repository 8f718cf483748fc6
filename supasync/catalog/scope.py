"""Which objects are ours to carry and which are the platform's. Data, no logic of kinds.

Sources of the lists: supabase/cli pkg/migration/dump.go and drop.go, internal/db/diff/migra.go;
supabase/pg-toolbelt packages/pg-delta src/policy/supabase.ts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.errors import UsageError
from supasync.sql import literal, text_array

OWN_SCHEMA = "supasync"
"""Our journal and lease on a branch: never compared, never on production."""

MANAGED_SCHEMAS = (
    *("_analytics", "_realtime", "_supavisor", "auth", "cron", "dbdev", "etl", "extensions"),
    *("graphql", "graphql_public", "net", "pgbouncer", "pgmq", "pgmq_public", "pgsodium"),
    *("pgsodium_masks", "pgtle", "realtime", "repack", "storage", "supabase_functions"),
    *("supabase_migrations", "tiger", "tiger_data", "topology", "vault"),
)
MANAGED_ROLES = (
    *("anon", "authenticated", "authenticator", "dashboard_user", "pgbouncer"),
    *("pgsodium_keyholder", "pgsodium_keyiduser", "pgsodium_keymaker", "pgtle_admin"),
    *("service_role", "supabase_admin", "supabase_auth_admin", "supabase_etl_admin"),
    *("supabase_functions_admin", "supabase_privileged_role", "supabase_read_only_user"),
    *("supabase_realtime_admin", "supabase_replication_admin", "supabase_storage_admin"),
    *("supabase_superuser", "cli_login_postgres"),
)
MANAGED_EXTENSIONS = ("pg_graphql", "pg_stat_statements", "pgsodium", "supabase_vault", "plpgsql")
MANAGED_PUBLICATIONS = ("supabase_realtime", "supabase_realtime_messages_publication")


@dataclass(frozen=True)
class Scope:
    """What is compared."""

    name: str
    schemas: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    """(kind, a further SQL condition over the kind's own tables)."""

    def managed(self, expression: str) -> str:
        """An SQL condition: the schema named by `expression` is the platform's or PostgreSQL's."""
        own = f"{expression} ~ '^pg_' or {expression} in ('information_schema', '{OWN_SCHEMA}'"
        rest = "".join(f", {literal(name)}" for name in self.schemas)
        return f"({own}{rest}))"

    def filters_kind(self, kind: str) -> bool:
        """Whether it leaves out objects of this kind by name."""
        return any(name == kind for name, _ in self.filters)

    def owned_by_platform(self, expression: str) -> str:
        """An SQL condition: the role oid `expression` is one of the platform's."""
        return f"pg_get_userbyid({expression}) = any({text_array(self.roles)})"


def scope(name: str, *, keep_functions: Iterable[str] = ()) -> Scope:
    """The scope `supabase` or `all`.

    keep_functions: `schema.name` of functions that are left alone on both sides, whatever their
    arguments: the reseed function lives on branches only.
    Raises: UsageError.
    """
    kept = sorted(keep_functions)
    filters: tuple[tuple[str, str], ...] = ()
    if kept:
        condition = f"n.nspname || '.' || p.proname <> all({text_array(kept)})"
        filters = (("function", condition),)
    if name == "all":
        return Scope("all", filters=filters)
    if name != "supabase":
        raise UsageError(f"unknown scope {name!r}", remedy="Use --scope supabase or --scope all.")
    filters += (
        ("extension_use", f"pg_get_userbyid(x.extowner) <> all({text_array(MANAGED_ROLES)})"),
        ("user_mapping", f"pg_get_userbyid(s.srvowner) <> all({text_array(MANAGED_ROLES)})"),
        ("extension", f"x.extname <> all({text_array(MANAGED_EXTENSIONS)})"),
        ("publication", f"b.pubname <> all({text_array(MANAGED_PUBLICATIONS)})"),
        ("publication_schema", f"b.pubname <> all({text_array(MANAGED_PUBLICATIONS[1:])})"),
        ("publication_table", f"b.pubname <> all({text_array(MANAGED_PUBLICATIONS[1:])})"),
        ("default_privilege", f"r.rolname <> all({text_array(MANAGED_ROLES)})"),
    )
    return Scope("supabase", MANAGED_SCHEMAS, MANAGED_ROLES, filters)
