"""A stamp: whether *this* database's schema may have changed since we last looked.

A hash over (ctid, xmin) of the rows of the catalogs that DDL writes, without deparsing.
It is only compared with earlier stamps of the same database. A false "changed" (TRUNCATE gives a
table a new file) costs a full look; a change of schema always writes one of these rows.
"""

from __future__ import annotations

from typing import Final

# catalog: the condition that leaves out the rows initdb made, where DDL does not change them
_CATALOGS: Final = {
    "pg_class": "oid >= 16384",
    "pg_attribute": "attrelid >= 16384",
    "pg_attrdef": "true",
    "pg_constraint": "oid >= 16384",
    "pg_index": "indexrelid >= 16384",
    "pg_proc": "oid >= 16384",
    "pg_trigger": "true",
    "pg_policy": "true",
    "pg_rewrite": "oid >= 16384",
    "pg_type": "oid >= 16384",
    "pg_enum": "true",
    "pg_sequence": "true",
    "pg_inherits": "true",
    "pg_statistic_ext": "true",
    "pg_publication": "true",
    "pg_publication_rel": "true",
    "pg_publication_namespace": "true",
    "pg_namespace": "true",
    "pg_extension": "true",
    "pg_default_acl": "true",
    "pg_event_trigger": "true",
    "pg_foreign_server": "true",
    "pg_foreign_data_wrapper": "true",
    # not carried, but their names are in the texts of what is
    "pg_collation": "oid >= 16384",
    "pg_ts_config": "oid >= 16384",
    "pg_operator": "oid >= 16384",
    "pg_opclass": "oid >= 16384",
    "pg_opfamily": "oid >= 16384",
    "pg_language": "oid >= 16384",
    "pg_description": "objoid >= 16384"
    " or classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass)",
    # ownership of sequences and extension membership live nowhere else
    "pg_depend": "deptype = 'e' or classid = 'pg_class'::regclass and deptype in ('a', 'i')"
    " and refobjsubid > 0 and objid in (select seqrelid from pg_sequence)",
}


def _hash(catalog: str, where: str) -> str:
    row = "hashtidextended(ctid, xmin::text::int8)"
    return f"(select count(*) || ':' || coalesce(sum({row}), 0) from {catalog} where {where})"


_PARTS: Final = [
    *(_hash(catalog, where) for catalog, where in _CATALOGS.items()),
    """(select count(*) || ':' || coalesce(sum(hashtextextended(rolname, oid::int8)), 0)
        from pg_roles)""",
]

STAMP: Final = f"md5(concat_ws(';', current_database(), {', '.join(_PARTS)}))"
