"""The SQL that reads a catalog, composed from the kinds' queries.

Each call is one text: a few SET LOCALs that pin what the deparsers print, and last a SELECT of one
`::text` value. Addresses (class, oid, sub) are of this database; digests and paths are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from supasync.catalog.gathered import setting
from supasync.catalog.kinds import KINDS, RANK
from supasync.catalog.leftovers import ROWS_LEFT, ROWS_LEFT_SETTING
from supasync.catalog.object import Object, own_fields
from supasync.catalog.scan import GATHERED
from supasync.catalog.scope import OWN_SCHEMA, Scope
from supasync.catalog.touched import ADDRESSES, dependents
from supasync.sql import dollar, literal, text_array

Address = tuple[int, int, int]
"""(pg_class oid of the catalog, oid, sub id), as in pg_depend."""

Wanted = dict[int, list[Address]]
"""Addresses of objects, by their kinds' ranks."""

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
        ("work_mem", "'64MB'"),
        ("jit", "off"),
        ("max_parallel_workers_per_gather", "0"),
        ("check_function_bodies", "off"),  # else DO parses every statement of its body beforehand
    )
)
"""Settings that change what pg_get_*def and format_type print, and some that cost time here."""


def gathered(kind: type[Object]) -> bool:
    """Whether the kind's rows are read anew at every look."""
    return bool(kind.query.gather)


def pinned(scope: Scope) -> str:
    """What every text starts with; after DDL it is said again, for what is gathered."""
    kinds = [kind for kind in read_kinds(scope) if gathered(kind)]
    if not kinds:
        return PINNED
    parts = "".join(
        _gather(setting(kind.kind), kind.query.gather, kind.query.gather_from) for kind in kinds
    )
    left = "".join(_left(table, sql) for table, sql in ROWS_LEFT)
    body = f"""
declare found text; every text := ''; remaining jsonb := '{{}}';
begin{parts}{left}
perform set_config('{ROWS_LEFT_SETTING}', remaining::text, true);
perform set_config('{GATHERED}', md5(every || remaining::text), true);
end"""
    return f"{PINNED}\ndo {dollar(body)};\n"


def _readable(relation: str) -> str:
    """An SQL condition: all rows of a table, that may not exist, can be read."""
    oid = f"to_regclass({literal(relation)})"
    schema = f"to_regnamespace({literal(relation.partition('.')[0])})"
    return (
        f"{oid} is not null and has_schema_privilege({schema}, 'usage')"
        f" and has_table_privilege({oid}, 'select') and not row_security_active({oid})"
    )


def _gather(name: str, sql: str, relation: str) -> str:
    run = f"""
execute {literal(sql)} into found;
perform set_config('{name}', coalesce(found, ''), true);
every := every || coalesce(found, '') || ';';"""
    if not relation:
        return run
    return f"""
if {_readable(relation)} then{run}
else
  perform set_config('{name}', '', true);
  if to_regclass({literal(relation)}) is not null then
    remaining := remaining || {literal(f'{{"{relation}, which may not be read": 1}}')}::jsonb;
  end if;
end if;"""


def _left(relation: str, sql: str) -> str:
    counts = f"select json_object_agg(what, n) from ({sql}) x where n > 0"
    return f"""
if {_readable(relation)} then
  execute {literal(counts)} into found;
  remaining := remaining || coalesce(found, '{{}}')::jsonb;
end if;"""


PRELUDE = (
    "set local search_path = ''",
    "set local check_function_bodies = off",
    "set local client_min_messages = error",
)
"""Settings under which a plan's statements mean what they say."""


def _array(expressions: Sequence[str]) -> str:
    return f"json_build_array({', '.join(expressions)})::text" if expressions else "null::text"


def kind_rows(
    kind: type[Object], rank: int, scope: Scope, only: str = "", *, hints: bool = False
) -> str:
    """One kind's rows: rank, cls, oid, sub, path, owner, acl, solid, texts, hints, managed.

    only: a further condition, as `among` or `at` make it. hints: nothing is compared by them.
    """
    query = kind.query
    columns: dict[str, list[str]] = {"solid": [], "text": [], "hint": []}
    for name, sql, sort in own_fields(kind):
        columns[sort].append(scope.reads(kind.kind, name, sql))
    grants = "null::text[]"
    if query.acl_type != "null":
        default = f"acldefault({query.acl_type}, {query.acl_owner or query.owner})"
        own = f"nullif({query.acl}, {default})::text[]"
        grants = f"case when {query.acl} is not null then {own} end"
    managed = f"coalesce({query.schema}.managed, false)" if query.schema else "false"
    conditions = [*_conditions(kind, scope), *([only] if only else [])]
    cls = (
        f"to_regclass('{query.catalog}')::oid"
        if gathered(kind)
        else f"'{query.catalog}'::regclass::oid"
    )
    return f"""
  select {rank} as rank, {cls} as cls, {query.oid} as oid,
    {query.sub} as sub, array[{query.path}]::text[] as path, {query.owner} as owner,
    {grants} as acl, {_array(columns["solid"])} as solid, {_array(columns["text"])} as texts,
    {_array(columns["hint"] if hints else ())} as hints, {managed} as managed
  from {query.tables} where {" and ".join(conditions)}"""


def at(kind: type[Object], addresses: Sequence[Address]) -> str:
    """A condition for `kind_rows`: the rows of these addresses, whatever their sub id."""
    if gathered(kind):
        return "true"
    oids = ",".join(str(oid) for oid in sorted({oid for _, oid, _ in addresses}))
    return f"{kind.query.oid} = any('{{{oids}}}'::oid[])"


def places(kind: type[Object]) -> list[tuple[str, str]]:
    """(catalog, oid) of the kind's object and of what it hangs on."""
    found = {(kind.query.catalog, kind.query.oid), *filter(None, [kind.query.anchor])}
    return sorted(found)


def among(kind: type[Object]) -> str:
    """A condition for `kind_rows`: the object or what it hangs on is in an oid[] `in_CATALOG`."""
    tests = (f"({oid}) = any(in_{catalog})" for catalog, oid in places(kind))
    return f"({' or '.join(tests)})"


def _conditions(kind: type[Object], scope: Scope) -> list[str]:
    conditions = [f"({kind.query.where})", *scoped(kind, scope)]
    if gathered(kind):
        return conditions
    catalog, oid = kind.query.anchor or (kind.query.catalog, kind.query.oid)
    member = f"({oid}) not in (select objid from member where classid = '{catalog}'::regclass)"
    return [*conditions, member]


def scoped(kind: type[Object], scope: Scope) -> list[str]:
    """The conditions that leave to the platform what is the platform's."""
    query, conditions = kind.query, []
    if query.schema:
        ours, schema = query.ours_in_managed, query.schema
        also = f" or ({ours}) and {schema}.nspname <> '{OWN_SCHEMA}'" if ours != "false" else ""
        conditions.append(f"({schema}.managed is not true{also})")
    elif query.owner != "null::oid" and scope.roles:
        conditions.append(f"not {scope.owned_by_platform(query.owner)}")
    return conditions + [f"({sql})" for name, sql in scope.filters if name == kind.kind]


MEMBERS = "select classid, objid from pg_depend where deptype = 'e'"


def world(scope: Scope, members: str = MEMBERS) -> str:
    """The CTEs that the kinds' queries refer to, without WITH: namespaces, extension members."""
    return f"""namespace as materialized (
    select *, {scope.managed("nspname")} as managed from pg_namespace),
  member(classid, objid) as materialized ({members})"""


def read_kinds(scope: Scope) -> list[type[Object]]:
    return [kind for kind in KINDS if kind.kind not in scope.leaves_out]


def object_rows(scope: Scope, *, hints: bool = False) -> str:
    """All kinds' rows, over `world`."""
    kinds = read_kinds(scope)
    return "\nunion all".join(
        kind_rows(kind, RANK[kind.kind], scope, hints=hints) for kind in kinds
    )


ONCE = "offset 0"
"""Keeps the planner from pulling a subquery up, and so from computing what it selects once for each
time that it is named."""

DIGEST = "md5(o.body || coalesce(o.texts, ''))"


def digests(rows: str) -> str:
    """Rows (rank, cls, oid, sub, path, solid digest, digest) of kinds' rows: no texts leave."""
    return f"""
select o.rank, o.cls, o.oid, o.sub, o.path, md5(o.body) as solid, {DIGEST} as digest
from ({described(rows)}) o {ONCE}"""


NAME = "array_to_string(path, chr(1))"
ROOT = (
    f"md5(coalesce(string_agg(rank || ' ' || {NAME} || ' ' || {{digest}}, chr(10) "
    f'order by rank, {NAME} collate "C", {{digest}} collate "C"), \'\'))'
)
"""The fingerprint of rows (rank, path, digest); {digest} is the effective digest's expression.

`Listing.fingerprint` computes the same.
"""

WRITER = """(case current_user when 'supabase_read_only_user' then 'postgres'
    else current_user end)::name"""
"""Who would write here: the platform's read-only endpoint is the first, its other the second."""

SESSION = f"""json_build_object('user', {WRITER},
  'attributes', (select json_agg(a) from pg_roles r, unnest(
    array[r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls],
    array['superuser', 'createrole', 'createdb', 'replication', 'bypassrls']) u(has, a)
    where r.rolname = {WRITER} and u.has),
  'roles', (select json_agg(rolname) from pg_roles),
  'member', (select json_agg(rolname) from pg_roles where pg_has_role({WRITER}, oid,
    case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)),
  'admin', (select json_agg(rolname) from pg_roles
    where pg_has_role({WRITER}, oid, 'MEMBER WITH ADMIN OPTION')),
  'schemas', (select json_agg(nspname) from pg_namespace where nspname !~ '^pg_'),
  'version', current_setting('server_version_num')::int, 'database', current_database(),
  'cluster', (select system_identifier || ' ' || pg_postmaster_start_time()
    from pg_control_system()))"""

ACCEPTED = f"obj_description(to_regnamespace('{OWN_SCHEMA}'), 'pg_namespace')"
"""Re-parse records of a branch: JSON in the comment on our schema, readable without the schema."""


def kind_names(rank: str) -> str:
    """The kind's name, as SQL over the expression `rank`."""
    return f"({text_array(kind.kind for kind in KINDS)})[{rank} + 1]"


_MOST = 20_000
"""Objects in one answer."""


def parts(wanted: Wanted) -> Iterator[Wanted]:
    """What is wanted, in parts of which one answer tells; what shares an oid is in one part."""
    part: Wanted = {}
    count = 0
    for rank, addresses in wanted.items():
        for _, same in groupby(sorted(addresses, key=_oid), key=_oid):
            if count >= _MOST:
                yield part
                part, count = {}, 0
            found = list(same)
            part.setdefault(rank, []).extend(found)
            count += len(found)
    if part:
        yield part


def _oid(address: Address) -> int:
    return address[1]


EDGES = """json_agg(
    json_build_array(fc::int8, fo::int8, fs, tc::int8, t::int8, ts, firm))"""
"""Over rows of `edges`."""

FULL = f"""o.rank, o.path, pg_get_userbyid(o.owner), o.description, o.acl,
    o.solid::json, o.texts::json, o.hints::json, md5(o.body), {DIGEST}"""
"""An object in full, over `described` rows o."""


def fetch(scope: Scope, wanted: Wanted, *, linked: Wanted | None) -> str:
    """Full rows of the wanted objects, and on what those `linked` and what uses them depend."""
    every = "null"
    if linked:
        every = f"(select {EDGES} from ({edges(linked)}) e)"
    return f"""{pinned(scope)}
with {world(scope)}
select json_build_object('edges', {every}, 'objects', ({_full_rows(scope, wanted)}))::text"""


def _full_rows(scope: Scope, wanted: Wanted) -> str:
    rows = "\nunion all".join(
        kind_rows(KINDS[rank], rank, scope, at(KINDS[rank], addresses), hints=True)
        for rank, addresses in wanted.items()
    )
    return f"""
  select json_agg(json_build_array({FULL}))
  from ({described(rows)}) o"""


def described(rows: str) -> str:
    """Kinds' rows with their comment and `body`: all but the texts the server deparses.

    Comments on objects in the platform's schemas are the platform's.
    """
    return f"""
select o.*, d.description, concat_ws('|', o.solid, pg_get_userbyid(o.owner), o.acl::text,
  'c' || d.description) as body
from ({rows} {ONCE}) o left join pg_description d
  on (d.classoid, d.objoid, d.objsubid) = (o.cls, o.oid, o.sub) and not o.managed"""


def _aliases() -> str:
    return "\nunion all ".join(k.query.aliases for k in KINDS if k.query.aliases)


_RESOLVED: Final = f"""alias(cls, oid, sub, to_cls, to_oid, to_sub) as materialized (
    select a.* from ({_aliases()}) a(cls, oid, sub, to_cls, to_oid, to_sub)
    where (a.cls, a.oid) in (select cls, oid from raw union select to_cls, to_oid from raw))
  select distinct coalesce(a.to_cls, d.cls) as fc, coalesce(a.to_oid, d.oid) as fo,
    coalesce(a.to_sub, d.sub) as fs, coalesce(b.to_cls, d.to_cls) as tc,
    coalesce(b.to_oid, d.to_oid) as t, coalesce(b.to_sub, d.to_sub) as ts, d.firm
  from raw d
  left join alias a on (a.cls, a.oid, a.sub) = (d.cls, d.oid, d.sub)
  left join alias b on (b.cls, b.oid, b.sub) = (d.to_cls, d.to_oid, d.to_sub)"""
"""SQL after a CTE raw(cls, oid, sub, to_cls, to_oid, to_sub, firm): it, every alias resolved."""

_MANY = 1000
"""Objects from which on following dependencies costs more than reading them all."""


def edges(wanted: Wanted | None) -> str:
    """Dependencies of the wanted objects and of all that depends on them; of many, all there are.
    None wants everything.

    As addresses, pg_depend's other addresses for an object resolved, and with the kinds' own.
    """
    keys = sorted({cls << 32 | oid for all_ in (wanted or {}).values() for cls, oid, _ in all_})
    few = wanted is not None and len(keys) <= _MANY
    start = ADDRESSES.format(f"'{{{','.join(map(str, keys))}}}'::int8[]")
    near = f"{dependents(start)}," if few else ""
    own = [f"select *, true from ({k.query.edges}) e" for k in KINDS if k.query.edges]
    own += [f"select *, false from ({k.query.order}) e" for k in KINDS if k.query.order]
    apart = "\nunion all ".join(k.query.apart for k in KINDS if k.query.apart)
    return f"""
  with recursive {near}
  apart(cls, oid, sub, to_cls, to_oid, to_sub) as materialized ({apart}),
  raw(cls, oid, sub, to_cls, to_oid, to_sub, firm) as materialized (
    select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, true
      from pg_depend d {"join t on (d.classid, d.objid) = (t.cls, t.oid)" if few else ""}
      where d.objid >= 16384 and (d.refobjid >= 16384 or d.refclassid = 'pg_namespace'::regclass)
        and (d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid)
          not in (select * from apart)
    union all select o.* from ({" union all ".join(own)}) o(cls, oid, sub, to_cls, to_oid, to_sub)
      {"join t on (t.cls, t.oid) = (o.cls, o.oid)" if few else ""}),
  {_RESOLVED}"""


def stub_uses(wanted: Wanted) -> str:
    """A json as `fetch`'s edges: what the stubs of the wanted objects (by rank) use."""
    keys = sorted({cls << 32 | oid for places in wanted.values() for cls, oid, _ in places})
    start = ADDRESSES.format(f"'{{{','.join(map(str, keys))}}}'::int8[]")
    found = stub_edges([KINDS[rank] for rank in wanted], f"(s.cls, s.oid) in ({start})")
    return f"{PINNED}\nselect coalesce({EDGES}, '[]')::text from ({found}) e"


def stub_edges(kinds: Iterable[type[Object]], where: str = "true") -> str:
    """What the stubs of these kinds use, as `edges` has it. where: over s(cls, oid, …)."""
    found = "\nunion all ".join(kind.query.stub_uses for kind in kinds)
    return f"""
  with raw as materialized (
    select s.*, true as firm from ({found}) s(cls, oid, sub, to_cls, to_oid, to_sub)
    where {where}),
  {_RESOLVED}"""
