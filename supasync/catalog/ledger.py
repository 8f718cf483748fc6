"""Every row of the system catalogs has a rule, so that what is not carried is never silent.

Rows that are objects are compared, belong to an extension, are printed with another object, are the
platform's, or are counted as not carried, by what they are. Rows of the other catalogs describe
such objects, or are no schema at all. A catalog that only a newer server has is counted, and so is
a column of these (columns.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from supasync.sql import literal


@dataclass(frozen=True)
class _Objects:
    """Rows of a catalog that are objects. what: an SQL expression for people.

    schema, relation: the oid of what it is in, and of the table it is a part of.
    source, oid: where it is read instead, for a catalog that not every role may read; summary: a
    text that changes when its rows do, since no pass over them is made then.
    """

    what: str
    schema: str = "null::oid"
    relation: str = "null::oid"
    source: str | None = None
    oid: str = "oid"
    summary: str | None = None


def _in_schema(what: str, column: str) -> _Objects:
    return _Objects(literal(what), column)


def _on_table(what: str, column: str) -> _Objects:
    schema = f"(select t.relnamespace from pg_class t where t.oid = {column})"
    return _Objects(literal(what), schema, column)


def _global(what: str) -> _Objects:
    return _Objects(literal(what))


def _by(column: str, words: dict[str, str]) -> str:
    cases = "".join(
        f" when {literal(letter)} then {literal(word)}" for letter, word in words.items()
    )
    return f"case {column}{cases} else 'others: ' || {column}::text end"


_RELATIONS: Final = {
    "r": "tables",
    "p": "partitioned tables",
    "f": "foreign tables",
    "v": "views",
    "m": "materialized views",
    "S": "sequences",
    "i": "invalid indexes",
    "I": "partitioned indexes",
    "t": "TOAST tables",
    "c": "composite types",
}
_TYPES: Final = {
    "b": "base types",
    "c": "composite types",
    "d": "domains",
    "e": "enums",
    "p": "shell types",
    "r": "range types",
    "m": "multirange types",
}
_ROUTINES: Final = {
    "a": "aggregates",
    "f": "functions",
    "p": "procedures",
    "w": "window functions",
}

OBJECTS: Final = {
    "pg_class": _Objects(_by("relkind", _RELATIONS), "relnamespace", "oid"),
    "pg_type": _Objects(_by("typtype", _TYPES), "typnamespace"),
    "pg_proc": _Objects(_by("prokind", _ROUTINES), "pronamespace"),
    "pg_constraint": _Objects("'constraints'", "connamespace", "conrelid"),
    "pg_attrdef": _on_table("defaults", "adrelid"),
    "pg_trigger": _on_table("triggers", "tgrelid"),
    "pg_policy": _on_table("policies", "polrelid"),
    "pg_rewrite": _on_table("rules", "ev_class"),
    "pg_statistic_ext": _Objects("'extended statistics'", "stxnamespace", "stxrelid"),
    "pg_publication_rel": _on_table("publication members", "prrelid"),
    "pg_publication_namespace": _in_schema("publication members", "pnnspid"),
    "pg_namespace": _in_schema("schemas", "oid"),
    "pg_default_acl": _in_schema("default privileges", "nullif(defaclnamespace, 0)"),
    "pg_collation": _in_schema("collations", "collnamespace"),
    "pg_conversion": _in_schema("conversions", "connamespace"),
    "pg_operator": _Objects(
        "case when oprcode = 0 then 'shell operators' else 'operators' end", "oprnamespace"
    ),
    "pg_opclass": _in_schema("operator classes", "opcnamespace"),
    "pg_opfamily": _in_schema("operator families", "opfnamespace"),
    "pg_ts_config": _in_schema("text search configurations", "cfgnamespace"),
    "pg_ts_dict": _in_schema("text search dictionaries", "dictnamespace"),
    "pg_ts_parser": _in_schema("text search parsers", "prsnamespace"),
    "pg_ts_template": _in_schema("text search templates", "tmplnamespace"),
    "pg_am": _global("access methods"),
    "pg_amop": _global("members of PostgreSQL's operator families"),
    "pg_amproc": _global("members of PostgreSQL's operator families"),
    "pg_cast": _global("casts"),
    "pg_event_trigger": _global("event triggers"),
    "pg_extension": _global("extensions"),
    "pg_foreign_data_wrapper": _global("foreign-data wrappers"),
    "pg_foreign_server": _global("foreign servers"),
    "pg_user_mapping": _Objects(
        "'user mappings'", source="pg_user_mappings", oid="umid", summary=""
    ),
    "pg_language": _global("languages"),
    "pg_publication": _global("publications"),
    "pg_subscription": _Objects(
        "'subscriptions'",
        source="(select b.oid from pg_subscription b join pg_database d on d.oid = b.subdbid"
        " where d.datname = current_database()) b",
        summary="(select string_agg(b.oid::text, ',' order by b.oid) from pg_subscription b)",
    ),
    "pg_transform": _global("transforms"),
}
"""Catalogs whose rows are objects with an oid of their own."""

DESCRIBING: Final = {
    "pg_aggregate": "pg_proc",
    "pg_attribute": "pg_class",
    "pg_enum": "pg_type",
    "pg_foreign_table": "pg_class",
    "pg_index": "pg_class",
    "pg_inherits": "pg_class",
    "pg_partitioned_table": "pg_class",
    "pg_range": "pg_type",
    "pg_sequence": "pg_class",
    "pg_subscription_rel": "pg_subscription",
    "pg_ts_config_map": "pg_ts_config",
    "pg_depend": "any object",
    "pg_description": "any object",
    "pg_init_privs": "any object",
    "pg_seclabel": "any object",
    "pg_shdepend": "any object",
    "pg_shdescription": "any object",
    "pg_shseclabel": "any object",
}
"""Catalogs whose rows describe objects of another one."""

OUTSIDE: Final = {
    "pg_auth_members": "roles are the cluster's, not a schema's",
    "pg_authid": "roles are the cluster's, not a schema's",
    "pg_database": "the database itself",
    "pg_db_role_setting": "settings of the database and of roles",
    "pg_largeobject": "data",
    "pg_largeobject_metadata": "data",
    "pg_parameter_acl": "settings are the cluster's",
    "pg_replication_origin": "state of replication",
    "pg_statistic": "what ANALYZE found",
    "pg_statistic_ext_data": "what ANALYZE found",
    "pg_tablespace": "tablespaces are the cluster's",
}
"""Catalogs that are no schema, and why."""

PARTS: Final = {
    "pg_class": "relnamespace = 'pg_toast'::regnamespace",
    "pg_type": "exists (select from pg_class v where v.oid = typrelid and v.relkind <> 'c')"
    " or exists (select from pg_type e where e.typarray = pg_type.oid)",
    "pg_constraint": "contypid <> 0 or conparentid <> 0 or contype in ('n', 't')",
    "pg_attrdef": "adrelid in (select v.oid from pg_class v where v.relkind in ('v', 'm'))",
    "pg_amop": "amopfamily >= 16384 or amopopr in (select objid from member)",
    "pg_amproc": "amprocfamily >= 16384 or amproc::oid in (select objid from member)",
    "pg_operator": "oprcode = 0"
    " and oid in (select unnest(array[p.oprcom, p.oprnegate]) from pg_operator p)",
    "pg_trigger": "tgisinternal or tgparentid <> 0",
}
"""Rows that are printed with a relation, an element's type, a domain, a parent, a view, an operator
(family) or a constraint."""
