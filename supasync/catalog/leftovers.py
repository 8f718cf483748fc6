"""What users keep in the platform's tables and stays there: counted, so never silent."""

from __future__ import annotations

from typing import Final

from supasync.catalog.gathered import gathered
from supasync.catalog.scope import (
    PLATFORMS_DEPENDENT,
    SETTING,
    UNSAFE_SETTING,
    managed_role,
)
from supasync.managed import MANAGED_SCHEMAS
from supasync.sql import literal, text_array

_MINE: Final = f"not {managed_role('r.rolname')}"

ROWS_LEFT: Final = (
    # they cannot be disabled there, which is how others come over
    (
        "pg_catalog.pg_trigger",
        "select 'webhooks on the platform''s tables' as what, count(*) as n from pg_trigger t"
        " join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace"
        " where t.tgfoid = to_regproc('supabase_functions.http_request')"
        f" and n.nspname = any({text_array(MANAGED_SCHEMAS)})",
    ),
    (
        "cron.job",
        "select 'cron jobs without a name' as what, count(*) as n from cron.job"
        " where jobname is null",
    ),
    *(
        (table, f"select {literal(what)} as what, count(*) as n from {table}")
        for table, what in (
            ("storage.buckets_analytics", "analytics buckets"),
            ("storage.buckets_vectors", "vector buckets"),
            ("vault.secrets", "vault secrets"),
            ("pgmq.meta", "message queues"),
        )
    ),
    (
        "pg_catalog.pg_db_role_setting",
        f"""select 'setting ' || g.name || ' of ' || coalesce(nullif(g.role, ''), 'the database')
            as what, 1 as n from {gathered("setting", "role text, here bool, name text")}
          where {SETTING} and {UNSAFE_SETTING}""",
    ),
    (
        "pg_catalog.pg_shdepend",
        f"""select 'grants to your roles on the platform''s objects' as what, count(*) as n
          from pg_shdepend s join pg_roles r on r.oid = s.refobjid
          where s.deptype = 'a' and {PLATFORMS_DEPENDENT} and {_MINE}""",
    ),
)
"""(table, query of rows (what, n))."""

ROWS_LEFT_SETTING: Final = "supasync.rows_left"
"""The setting that a look leaves the counts in, {what: n}."""

FOUND: Final = f"nullif(current_setting('{ROWS_LEFT_SETTING}', true), '')::json"
"""The counts as an SQL expression."""
