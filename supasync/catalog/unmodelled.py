"""What a database has and this engine does not carry, counted so that it is never silent."""

from __future__ import annotations

from typing import Final

_USER = "oid >= 16384 and oid not in (select objid from member)"

_COUNTS: Final = {
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
