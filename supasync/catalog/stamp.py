"""A stamp: whether *this* database's schema may have changed since we last looked.

A hash over (oid, xmin, ctid) of the rows of the catalogs that DDL writes, without deparsing.
It is only compared with earlier stamps of the same database. A false "changed" (TRUNCATE gives a
table a new file) costs a full look; a change of schema always writes one of these rows.
"""

from __future__ import annotations

from typing import Final

# catalog: key column. Rows below 16384 are PostgreSQL's own, except what is listed in _ALL.
_KEYS: Final = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "adrelid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_proc": "oid",
    "pg_trigger": "oid",
    "pg_policy": "oid",
    "pg_rewrite": "oid",
    "pg_type": "oid",
    "pg_enum": "oid",
    "pg_sequence": "seqrelid",
    "pg_inherits": "inhrelid",
    "pg_statistic_ext": "oid",
    "pg_publication_rel": "oid",
    "pg_publication_namespace": "oid",
}
_ALL: Final = {
    "pg_namespace": "oid",
    "pg_extension": "oid",
    "pg_default_acl": "oid",
    "pg_publication": "oid",
    "pg_event_trigger": "oid",
    "pg_foreign_server": "oid",
    "pg_foreign_data_wrapper": "oid",
    "pg_description": "objoid",
}


def _hash(catalog: str, key: str, where: str) -> str:
    row = f"hashint8extended({key}::int8, xmin::text::int8 # (ctid::text::point)[0]::int8 << 20)"
    return f"(select count(*) || ':' || coalesce(sum({row}), 0) from {catalog}{where})"


_PARTS: Final = [
    *(_hash(catalog, key, f" where {key} >= 16384") for catalog, key in _KEYS.items()),
    *(_hash(catalog, key, "") for catalog, key in _ALL.items()),
    # ownership of sequences and extension membership live nowhere else
    _hash("pg_depend", "objid", " where deptype in ('a', 'i', 'e') and objsubid = 0 and objid >= 16384"),
    "(select count(*) || ':' || coalesce(sum(hashtextextended(rolname, oid::int8)), 0) from pg_roles)",
]

STAMP: Final = f"md5(concat_ws(';', current_database(), {', '.join(_PARTS)}))"
