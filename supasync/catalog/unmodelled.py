"""What a database has and this engine does not carry, counted so that it is never silent."""

from __future__ import annotations

from typing import Final

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
    "rules": ("pg_rewrite", "rulename <> '_RETURN'", None),
    "extended statistics": ("pg_statistic_ext", "true", "stxnamespace"),
    "shell operators": (
        "pg_operator",
        "oprcode = 0 and oid not in (select unnest(array[oprcom, oprnegate]) from pg_operator)",
        "oprnamespace",
    ),
    "operators in the families of PostgreSQL": (
        "pg_amop",
        "amopfamily < 16384 and amopopr not in (select objid from member)",
        None,
    ),
    "functions in the families of PostgreSQL": (
        "pg_amproc",
        "amprocfamily < 16384 and amproc not in (select objid from member)",
        None,
    ),
    "collations": ("pg_collation", "true", "collnamespace"),
    "text search configurations": ("pg_ts_config", "true", "cfgnamespace"),
    "text search dictionaries": ("pg_ts_dict", "true", "dictnamespace"),
    "foreign servers": ("pg_foreign_server", "true", None),
    "text search parsers": ("pg_ts_parser", "true", "prsnamespace"),
    "text search templates": ("pg_ts_template", "true", "tmplnamespace"),
    "foreign-data wrappers": ("pg_foreign_data_wrapper", "true", None),
    "subscriptions": ("pg_subscription", "true", None),
    "invalid indexes": (
        "pg_class",
        "relkind = 'i' and oid in (select indexrelid from pg_index where not indisvalid)",
        "relnamespace",
    ),
}


UNMODELLED: Final = "\nunion all ".join(
    f"select '{what}' as what, count(*) as n from {catalog} where {condition} and {_USER}"
    + (f" and {column} not in (select oid from namespace where managed)" if column else "")
    for what, (catalog, condition, column) in _COUNTS.items()
)
"""Rows (what, n), over the CTEs of `queries.world`."""
