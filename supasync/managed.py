"""Schemas that are not the user's: whose objects and rows are not carried.

Sources of the list: supabase/cli pkg/migration/dump.go and drop.go; supabase/pg-toolbelt
packages/pg-delta src/policy/supabase.ts.
"""

from __future__ import annotations

OWN_SCHEMA = "supasync"
"""Our journal and lease on a branch: never compared, never on production."""

MANAGED_SCHEMAS = (
    *("_analytics", "_realtime", "_supavisor", "auth", "cron", "dbdev", "etl", "extensions"),
    *("graphql", "graphql_public", "net", "pgbouncer", "pgmq", "pgmq_public", "pgsodium"),
    *("pgsodium_masks", "pgtle", "realtime", "repack", "storage", "supabase_functions"),
    *("supabase_migrations", "tiger", "tiger_data", "topology", "vault"),
)


def is_managed(schema: str) -> bool:
    """Whether a schema is the platform's, PostgreSQL's, or ours."""
    own = schema.startswith("pg_") or schema in {"information_schema", OWN_SCHEMA}
    return own or schema in MANAGED_SCHEMAS
