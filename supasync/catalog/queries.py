"""The SQL that reads a catalog: one statement, composed from the kinds' queries.

Each call is one text: a few SET LOCALs that pin what the deparsers print, then one SELECT of one
`::text` value. Addresses (class, oid, sub) are of this database; digests and paths are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supasync.catalog.kinds import KINDS
from supasync.catalog.object import Object, own_fields
from supasync.catalog.scope import OWN_SCHEMA, Scope
from supasync.catalog.stamp import STAMP
from supasync.catalog.unmodelled import UNMODELLED
from supasync.sql import literal, text_array

Address = tuple[int, int, int]
"""(pg_class oid of the catalog, oid, sub id), as in pg_depend."""

PINNED = "".join(
    f"set local {name} = {value}; "
    for name, value in (
        ("search_path", "''"),
        ("quote_all_identifiers", "off"),
        ("extra_float_digits", "1"),
        ("datestyle", "'ISO, MDY'"),
        ("intervalstyle", "'postgres'"),
        ("timezone", "'UTC'"),
        ("bytea_output", "'hex'"),
        ("xmlbinary", "'base64'"),
        ("standard_conforming_strings", "on"),
        ("jit", "off"),
        ("max_parallel_workers_per_gather", "0"),
    )
)
"""Settings that change what pg_get_*def and format_type print, and two that cost time here."""


PRELUDE = (
    "set local search_path = ''",
    "set local check_function_bodies = off",
    "set local client_min_messages = error",
)
"""Settings under which a plan's statements mean what they say."""


def _array(expressions: Iterable[str]) -> str:
    return f"json_build_array({', '.join(expressions)})::text"


def kind_rows(
    kind: type[Object], rank: int, scope: Scope, addresses: Sequence[Address] | None = None
) -> str:
    """One kind's rows: rank, cls, oid, sub, path, owner, acl, solid, texts, managed."""
    query, columns = kind.query, own_fields(kind)
    solid = [sql for _, sql, is_text in columns if not is_text]
    texts = [sql for _, sql, is_text in columns if is_text]
    grants = "null::text[]"
    if query.acl_type != "null":
        default = f"acldefault({query.acl_type}, {query.acl_owner or query.owner})"
        grants = (
            f"case when {query.acl} is not null then nullif({query.acl}, {default})::text[] end"
        )
    managed = f"coalesce({query.schema}.managed, false)" if query.schema else "false"
    return f"""
  select {rank} as rank, '{query.catalog}'::regclass::oid as cls, {query.oid} as oid,
    {query.sub} as sub, array[{query.path}]::text[] as path, {query.owner} as owner,
    {grants} as acl, {_array(solid)} as solid,
    {_array(texts) if texts else "null::text"} as texts, {managed} as managed
  from {query.tables} where {" and ".join(_conditions(kind, scope, addresses))}"""


def _conditions(kind: type[Object], scope: Scope, addresses: Sequence[Address] | None) -> list[str]:
    query = kind.query
    conditions = [f"({query.where})"]
    if query.schema:
        ours, schema = query.ours_in_managed, query.schema
        also = f" or ({ours}) and {schema}.nspname <> '{OWN_SCHEMA}'" if ours != "false" else ""
        conditions.append(f"({schema}.managed is not true{also})")
    elif query.owner != "null::oid" and scope.roles:
        conditions.append(f"not {scope.owned_by_platform(query.owner)}")
    if kind.kind in scope.filters:
        conditions.append(f"({scope.filters[kind.kind]})")
    catalog, oid = query.anchor or (query.catalog, query.oid)
    conditions.append(
        f"({oid}) not in (select objid from member where classid = '{catalog}'::regclass)"
    )
    if addresses is not None:
        oids = ",".join(str(oid) for oid in sorted({oid for _, oid, _ in addresses}))
        conditions.append(f"{query.oid} = any('{{{oids}}}'::oid[])")
    return conditions


def world(scope: Scope) -> str:
    """The CTEs that the kinds' queries refer to, without WITH: namespaces, extension members."""
    return f"""namespace as materialized (
    select *, {scope.managed("nspname")} as managed from pg_namespace),
  member as materialized (select classid, objid from pg_depend where deptype = 'e')"""


def object_rows(scope: Scope, wanted: dict[int, list[Address]] | None = None) -> str:
    """All kinds' rows, over `world`; with `wanted` (by rank) only those of the named addresses."""
    return "\nunion all".join(
        kind_rows(kind, rank, scope, None if wanted is None else wanted[rank])
        for rank, kind in enumerate(KINDS)
        if wanted is None or rank in wanted
    )


def digests(scope: Scope) -> str:
    """Rows (rank, cls, oid, sub, path, solid digest, digest), over `world`: no texts leave.

    Comments on objects in the platform's schemas are the platform's.
    """
    return f"""
select o.rank, o.cls, o.oid, o.sub, o.path, md5(s.body) as solid,
  md5(s.body || coalesce(o.texts, '')) as digest
from ({object_rows(scope)}) o
left join pg_description d on (d.classoid, d.objoid, d.objsubid) = (o.cls, o.oid, o.sub)
  and not o.managed
cross join lateral (select concat_ws('|', o.solid, pg_get_userbyid(o.owner), o.acl::text,
  'c' || d.description) as body) s"""


ROOT = (
    """md5(string_agg(rank || path::text || {digest}, '' order by rank, path::text collate "C"))"""
)
"""The fingerprint of rows (rank, path, digest); {digest} is the effective digest's expression."""

WRITER = """(case current_user when 'supabase_read_only_user' then 'postgres'
    else current_user end)::name"""
"""Who would write here: the platform's read-only endpoint is the first, its other the second."""

SESSION = f"""json_build_object('user', {WRITER},
  'superuser', (select rolsuper from pg_roles where rolname = {WRITER}),
  'roles', (select json_agg(rolname) from pg_roles),
  'member', (select json_agg(rolname) from pg_roles where pg_has_role({WRITER}, oid, 'MEMBER')),
  'version', current_setting('server_version_num')::int, 'database', current_database())"""

ACCEPTED = f"obj_description(to_regnamespace('{OWN_SCHEMA}'), 'pg_namespace')"
"""Re-parse records of a branch: JSON in the comment on our schema, readable without the schema."""


def kind_names(rank: str) -> str:
    """The kind's name, as SQL over the expression `rank`."""
    return f"({text_array(kind.kind for kind in KINDS)})[{rank} + 1]"


def observe(scope: Scope, remembered_stamp: str | None) -> str:
    """One look: [stamp, null] when the stamp is the remembered one, else [stamp, everything]."""
    same = f"s.stamp = {literal(remembered_stamp)}" if remembered_stamp else "false"
    return f"""{PINNED}
with {world(scope)},
s as materialized (select {STAMP} as stamp)
select json_build_array(s.stamp, case when not {same} then (
  select json_build_object(
    'objects', coalesce(json_agg(json_build_array(rank, path, digest, cls::int8, oid::int8, sub)),
      '[]'),
    'fingerprint', {ROOT.format(digest="digest")},
    'unmodelled', (select json_object_agg(what, n) from ({UNMODELLED}) u where n > 0),
    'accepted', {ACCEPTED}, 'session', {SESSION})
  from ({digests(scope)}) r) end)::text from s"""


def _aliases() -> str:
    return "\nunion all ".join(k.query.aliases for k in KINDS if k.query.aliases)


def fetch(scope: Scope, wanted: dict[int, list[Address]], *, edges: bool) -> str:
    """Full rows of the wanted addresses and, on request, all dependencies."""
    every = f"""(select json_agg(json_build_array(fc::int8, fo::int8, fs, tc::int8, t::int8, ts))
      from ({EDGES}) e)"""
    objects = f"({_full_rows(scope, wanted)})" if wanted else "null"
    return f"""{PINNED}
with {world(scope)}
select json_build_object('stamp', {STAMP}, 'edges', {every if edges else "null"},
  'objects', {objects})::text"""


def _full_rows(scope: Scope, wanted: dict[int, list[Address]]) -> str:
    return f"""
  select json_agg(json_build_array(o.rank, o.path, pg_get_userbyid(o.owner), d.description, o.acl,
    o.solid::json, o.texts::json, md5(concat_ws('|', o.solid, pg_get_userbyid(o.owner),
      o.acl::text, 'c' || d.description))))
  from ({object_rows(scope, wanted)}) o
  left join pg_description d on (d.classoid, d.objoid, d.objsubid) = (o.cls, o.oid, o.sub)
    and not o.managed"""


EDGES = f"""
  with alias(cls, oid, sub, to_cls, to_oid, to_sub) as materialized ({_aliases()})
  select distinct coalesce(a.to_cls, d.classid) as fc, coalesce(a.to_oid, d.objid) as fo,
    coalesce(a.to_sub, d.objsubid) as fs, coalesce(b.to_cls, d.refclassid) as tc,
    coalesce(b.to_oid, d.refobjid) as t, coalesce(b.to_sub, d.refobjsubid) as ts
  from pg_depend d
  left join alias a on (a.cls, a.oid, a.sub) = (d.classid, d.objid, d.objsubid)
  left join alias b on (b.cls, b.oid, b.sub) = (d.refclassid, d.refobjid, d.refobjsubid)
  where d.objid >= 16384 and (d.refobjid >= 16384 or d.refclassid = 'pg_namespace'::regclass)
  {"".join(f" union all {k.query.edges}" for k in KINDS if k.query.edges)}"""
"""All dependencies as addresses: pg_depend with other addresses resolved, and the kinds' own."""
