"""The SQL that reads a catalog, composed from the kinds' queries.

Each call is one text: a few SET LOCALs that pin what the deparsers print, and last a SELECT of one
`::text` value. Addresses (class, oid, sub) are of this database; digests and paths are not.
"""

from __future__ import annotations

from collections.abc import Sequence

from supasync.catalog.gathered import setting
from supasync.catalog.kinds import KINDS, RANK
from supasync.catalog.leftovers import ROWS_LEFT, ROWS_LEFT_SETTING
from supasync.catalog.object import Object, own_fields
from supasync.catalog.query import NEAR
from supasync.catalog.scan import CLUSTER, GATHERED
from supasync.catalog.scope import Scope
from supasync.managed import OWN_SCHEMA
from supasync.sql import dollar, literal, text_array

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
        gather(setting(kind.kind), kind.query.gather, kind.query.gather_from) for kind in kinds
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


def gather(name: str, sql: str, relation: str) -> str:
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


ONCE = "offset 0"
"""Keeps the planner from pulling a subquery up, and so from computing what it selects once for each
time that it is named."""


def _array(expressions: Sequence[str]) -> str:
    return f"json_build_array({', '.join(expressions)})" if expressions else "null::json"


def _text(*expressions: str) -> str:
    """The same values as one text, at half the price of JSON.

    A row would be cheaper to write, but what it quotes depends on the server's LC_CTYPE (record_out
    asks isspace(); array_out does not).
    """
    values = ", ".join(f"({expression})::text" for expression in expressions)
    return f"array[{values}]::text" if expressions else "''"


def kind_rows(
    kind: type[Object],
    rank: int,
    scope: Scope,
    only: str = "",
    *,
    near: str = "",
    values: bool = False,
) -> str:
    """One kind's rows: rank, cls, oid, sub, path, owner, acl, managed, solid, texts.

    solid, texts: each one text, of the fields that are compared as they are (and the kind's name)
    and of those that the server deparses. only: a further condition; near: such a one on
    `Query.near`. values: with the fields themselves, as JSON arrays: solid_values, text_values,
    hint_values.
    """
    columns: dict[str, list[str]] = {"solid": [], "text": [], "hint": []}
    for name, sql, sort in own_fields(kind):
        columns[sort].append(scope.reads(kind.kind, name, sql))
    conditions = [*_conditions(kind, scope), *([only] if only else [])]
    tables = kind.query.tables.replace(NEAR, f"and {near}") if near else kind.query.tables
    place = _place(kind, rank)
    source = f"from {tables} where {' and '.join(conditions)}"
    texts = f"'{kind.kind}' || {{solid}} as solid, {{text}} as texts"
    if not values:
        solid, text = _text(*columns["solid"]), _text(*columns["text"])
        return f"""
  select {place}, {texts.format(solid=solid, text=text)}
  {source}"""
    fields = {sort: [f"{sort}{n}" for n, _ in enumerate(each)] for sort, each in columns.items()}
    named = "".join(
        f", {sql} as {name}"
        for sort, each in columns.items()
        for name, sql in zip(fields[sort], each, strict=True)
    )
    solid, text = _text(*fields["solid"]), _text(*fields["text"])
    arrays = ", ".join(f"{_array(names)} as {sort}_values" for sort, names in fields.items())
    return f"""
  select rank, cls, oid, sub, path, owner, acl, managed,
    {texts.format(solid=solid, text=text)}, {arrays}
  from (select {place}{named}
    {source} {ONCE}) f"""


def _place(kind: type[Object], rank: int) -> str:
    """What an object is, whose it is and who may do what to it."""
    query, grants = kind.query, "null::text[]"
    if query.acl_type != "null":
        default = f"acldefault({query.acl_type}, {query.acl_owner or query.owner})"
        own = f"nullif({query.acl}, {default})::text[]"
        grants = f"case when {query.acl} is not null then {own} end"
    managed = f"coalesce({query.schema}.managed, false)" if query.schema else "false"
    catalog = f"'{query.catalog}'"
    cls = f"to_regclass({catalog})::oid" if gathered(kind) else f"{catalog}::regclass::oid"
    return f"""{rank} as rank, {cls} as cls, {query.oid} as oid,
    {query.sub} as sub, array[{query.path}]::text[] as path, {query.owner} as owner,
    {grants} as acl, {managed} as managed"""


def places(kind: type[Object]) -> list[tuple[str, str]]:
    """(catalog, oid) of the kind's object and of what it hangs on."""
    found = {(kind.query.catalog, kind.query.oid), *filter(None, [kind.query.anchor])}
    return sorted(found)


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


MEMBERS = """select classid, objid from pg_depend
    where refclassid = 'pg_extension'::regclass and deptype = 'e'"""


def world(scope: Scope, members: str = MEMBERS) -> str:
    """The CTEs that the kinds' queries refer to, without WITH: namespaces, extension members."""
    return f"""namespace as materialized (
    select *, {scope.managed("nspname")} as managed from pg_namespace),
  member(classid, objid) as materialized ({members})"""


NO_ROWS = """select null::int as rank, null::oid as cls, null::oid as oid, null::int as sub,
    null::text[] as path, null::oid as owner, null::text[] as acl, null::bool as managed,
    null::text as solid, null::text as texts where false"""
"""What `kind_rows` selects, of nothing."""


def read_kinds(scope: Scope) -> list[type[Object]]:
    return [kind for kind in KINDS if kind.kind not in scope.leaves_out]


def object_rows(
    scope: Scope, *, kinds: Sequence[type[Object]] = KINDS, values: bool = False
) -> str:
    """Rows of these kinds, over `world`. values: as for `kind_rows`."""
    chosen = [kind for kind in read_kinds(scope) if kind in kinds]
    rows = [kind_rows(kind, RANK[kind.kind], scope, values=values) for kind in chosen]
    return "\nunion all".join(rows or [kind_rows(KINDS[0], 0, scope, "false", values=values)])


DIGEST = "md5(o.body || o.texts)"


SOLID = ", md5(o.body) as solid"
"""In `digests`: the digest of all but what the server deparses."""


def digests(rows: str) -> str:
    """Rows (rank, cls, oid, sub, path, named, digest, solid) of kinds' rows: no texts leave."""
    return f"""
select o.rank, o.cls, o.oid, o.sub, o.path, o.named, {DIGEST} as digest{SOLID}
from ({described(rows)}) o {ONCE}"""


_SUM = "coalesce(sum(('x' || {half}({{digest}}, 16))::bit(64)::int8), 0)"
ROOT = f"md5(concat_ws(' ', count(*), {_SUM.format(half='left')}, {_SUM.format(half='right')}))"
"""The fingerprint of rows with a digest; {digest} is the effective digest's expression.

The sums of the digests' halves: no order has to be agreed on. `Listing.fingerprint` computes the
same.
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
  'cluster', {CLUSTER})"""

ACCEPTED = f"obj_description(to_regnamespace('{OWN_SCHEMA}'), 'pg_namespace')"
"""Re-parse records of a branch: JSON in the comment on our schema, readable without the schema."""


def kind_names(rank: str) -> str:
    """The kind's name, as SQL over the expression `rank`."""
    return f"({text_array(kind.kind for kind in KINDS)})[{rank} + 1]"


_OWN = _text("pg_get_userbyid(o.owner)", "o.acl", "d.description")


DESCRIPTIONS = "pg_description d"
"""In `described`: looked up one by one, or as the planner likes."""

ALL_DESCRIPTIONS = f"(select * from pg_description {ONCE}) d"
"""The same read at once. Of a catalog without statistics the planner expects that a hash join finds
a tenth of all rows for each, and would look them up one by one."""


def described(rows: str) -> str:
    """Kinds' rows with their comment, the path as a text, `named`, and all but the texts that the
    server deparses, `body`.

    Comments on objects in the platform's schemas are the platform's.
    """
    return f"""
select o.*, d.description,
  o.solid || o.named || case when o.owner is null and o.acl is null and d.description is null
    then '' else {_OWN} end as body
from (select x.*, x.path::text as named from ({rows}) x {ONCE}) o left join {DESCRIPTIONS}
  on (d.classoid, d.objoid, d.objsubid) = (o.cls, o.oid, o.sub) and not o.managed"""
