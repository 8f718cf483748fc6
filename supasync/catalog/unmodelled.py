"""What a database has and this engine does not carry, counted so that it is never silent."""

from __future__ import annotations

from typing import Final

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

ROWS_LEFT: Final = (
    ("cron.job", "cron jobs without a name", "jobname is null"),
    ("storage.buckets_analytics", "analytics buckets", "true"),
    ("storage.buckets_vectors", "vector buckets", "true"),
    ("vault.secrets", "vault secrets", "true"),
    ("pgmq.meta", "message queues", "true"),
)
"""(table, what, condition): rows that users keep in the platform's tables and that stay there."""

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
