"""What a database has and this engine does not carry, counted so that it is never silent."""

from __future__ import annotations

from typing import Final

from supasync.catalog.object import gathered
from supasync.catalog.scope import PLATFORMS_DEPENDENT, SETTING, UNSAFE_SETTING, managed_role
from supasync.sql import literal

_USER = "oid >= 16384 and oid not in (select objid from member)"

_COUNTS: Final = {
    "partitioned tables": ("pg_class", "relkind = 'p'", "relnamespace"),
    "partitions and child tables": (
        "pg_class",
        "oid in (select inhrelid from pg_inherits)",
        "relnamespace",
    ),
    "typed tables": ("pg_class", "reloftype <> 0", "relnamespace"),
    "foreign tables": ("pg_class", "relkind = 'f'", "relnamespace"),
    "aggregates": ("pg_proc", "prokind = 'a'", "pronamespace"),
    "range types": ("pg_type", "typtype = 'r'", "typnamespace"),
    "base types": ("pg_type", "typtype = 'b' and typelem = 0", "typnamespace"),
    "rules": ("pg_rewrite", "rulename <> '_RETURN'", None),
    "extended statistics": ("pg_statistic_ext", "true", "stxnamespace"),
    "operators": ("pg_operator", "true", "oprnamespace"),
    "operator classes": ("pg_opclass", "true", "opcnamespace"),
    "casts": ("pg_cast", "true", None),
    "collations": ("pg_collation", "true", "collnamespace"),
    "conversions": ("pg_conversion", "true", "connamespace"),
    "text search configurations": ("pg_ts_config", "true", "cfgnamespace"),
    "text search dictionaries": ("pg_ts_dict", "true", "dictnamespace"),
    "foreign servers": ("pg_foreign_server", "true", None),
    "languages": ("pg_language", "true", None),
    "access methods": ("pg_am", "true", None),
    "operator families": ("pg_opfamily", "true", "opfnamespace"),
    "text search parsers": ("pg_ts_parser", "true", "prsnamespace"),
    "text search templates": ("pg_ts_template", "true", "tmplnamespace"),
    "transforms": ("pg_transform", "true", None),
    "foreign-data wrappers": ("pg_foreign_data_wrapper", "true", None),
    "subscriptions": ("pg_subscription", "true", None),
    # they cannot be disabled there, which is how others come over
    "webhooks on the platform's tables": (
        "pg_trigger",
        "tgfoid = to_regproc('supabase_functions.http_request') and tgrelid in (select c.oid"
        " from pg_class c join namespace n on n.oid = c.relnamespace where n.managed)",
        None,
    ),
    "invalid indexes": (
        "pg_class",
        "relkind = 'i' and oid in (select indexrelid from pg_index where not indisvalid)",
        "relnamespace",
    ),
}

_MINE: Final = f"not {managed_role('r.rolname')}"

ROWS_LEFT: Final = (
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
"""(table, query of rows (what, n)): what users keep in the platform's tables and stays there."""

ROWS_LEFT_SETTING: Final = "supasync.rows_left"
_ROWS: Final = f"coalesce(nullif(current_setting('{ROWS_LEFT_SETTING}', true), ''), '{{}}')::json"

UNMODELLED: Final = (
    "\nunion all ".join(
        f"select {literal(what)} as what, count(*) as n"
        f" from {catalog} where {condition} and {_USER}"
        + (f" and {column} not in (select oid from namespace where managed)" if column else "")
        for what, (catalog, condition, column) in _COUNTS.items()
    )
    + f"""
union all select key, value::int8
  from json_each_text({_ROWS})"""
)
"""Rows (what, n), over the CTEs of `queries.world`."""
