"""Who may do what: the effective rights of the API's roles, as the server itself works them out.

Effective means with everything that is granted to PUBLIC and to the roles that a role is a member
of (PostgreSQL's has_*_privilege functions). One statement over the catalogs; no table is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from supasync import ports
from supasync.catalog import queries
from supasync.catalog.grants import PRIVILEGES
from supasync.catalog.scope import Scope, managed_role
from supasync.errors import UnexpectedAnswer
from supasync.sql import text_array

ROLES = ("anon", "authenticated", "service_role")
"""The roles in which the platform's Data API works."""

LENT = ("auth", "realtime", "storage")
"""The platform's schemas in which users have policies of their own."""

Held: TypeAlias = Mapping[str, str]
"""Letters of `grants.PRIVILEGES` by role."""


@dataclass(frozen=True)
class Policy:
    """command: r, a, w, d or *. to: those of ROLES that it is about."""

    permissive: bool
    command: str
    to: frozenset[str]
    using: str | None
    check: str | None


@dataclass(frozen=True)
class Relation:
    """kind: as pg_class.relkind. lent: it is the platform's, and lent to users. runs_as: of a view
    with its owner's rights, the owner. columns: whose rights differ from the relation's have them;
    the others have None."""

    kind: str
    lent: bool
    held: Held
    secured: bool
    forced: bool
    runs_as: str
    columns: Mapping[str, Held | None]
    policies: Mapping[str, Policy]

    def of_column(self, name: str) -> Held:
        own = self.columns[name]
        return self._of_each_column if own is None else own

    @cached_property
    def _of_each_column(self) -> Held:
        return {role: "".join(x for x in held if x in "rawx") for role, held in self.held.items()}


@dataclass(frozen=True)
class Function:
    """runs_as: of one with its owner's rights, the owner. kept: it lives on branches only."""

    held: Held
    runs_as: str


@dataclass(frozen=True)
class Access:
    """Objects by schema and name; of functions with the types of their arguments.

    roles: attributes such as bypassrls. within: the platform's roles that one is a member of and
    has the rights of.
    """

    roles: Mapping[str, frozenset[str]]
    schemas: Mapping[str, Held]
    relations: Mapping[tuple[str, str], Relation]
    functions: Mapping[tuple[str, str], Function]
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def rights(self) -> int:
        """How many rights on how many things there are."""
        own = [each.held for each in self.relations.values()]
        own += [each.held for each in self.functions.values()]
        of_columns = [
            each.of_column(name) for each in self.relations.values() for name in each.columns
        ]
        return sum(len(letters) for held in (*own, *of_columns) for letters in held.values())


async def read(database: ports.Database, scope: Scope) -> Access:
    """One call. Raises: SqlError, UnknownError."""
    try:
        found = json.loads(await database.fetch(query(scope)) or "")
        return _access(found)
    except (ValueError, TypeError, LookupError) as error:
        raise UnexpectedAnswer(f"{database.name} did not tell who may do what") from error


def query(scope: Scope) -> str:
    """The text that reads it."""
    ours = "(not n.managed)"
    lent = f"n.nspname = any({text_array(LENT)})"
    kept = "".join(f" and ({sql})" for kind, sql in scope.filters if kind == "function")
    return f"""{queries.PINNED}with {queries.world(scope)},
  api as materialized (select oid, rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb
    from pg_roles where rolname = any({text_array(ROLES)}))
select json_build_object(
'roles', (select json_object_agg(r.rolname, (select coalesce(json_agg(u.name), '[]') from unnest(
    array[r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb],
    array['superuser', 'bypassrls', 'createrole', 'createdb']) u(has, name) where u.has))
  from api r),
'within', (select json_object_agg(r.rolname, (select coalesce(json_agg(distinct u.rolname), '[]')
    from pg_auth_members m join pg_roles u on u.oid = m.roleid
    where m.member = r.oid and pg_has_role(r.oid, u.oid, 'USAGE') and {managed_role("u.rolname")}))
  from api r),
'schemas', (select json_object_agg(n.nspname, {_held("schema", "n.oid", "UC")})
  from namespace n where {ours}),
'relations', (select json_agg(json_build_array(n.nspname, c.relname, c.relkind, n.managed,
    {_relation_held()}, c.relrowsecurity, c.relforcerowsecurity, {_RUNS_AS}, {_columns()},
    {_POLICIES}))
  from pg_class c join namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ({ours} or {lent} and c.relkind <> 'S')),
'functions', (select json_agg(json_build_array(n.nspname,
    p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    {_held("function", "p.oid", "X")},
    case when p.prosecdef then pg_get_userbyid(p.proowner) else '' end))
  from pg_proc p join namespace n on n.oid = p.pronamespace where {ours}{kept})
)::text"""


def _held(of: str, oid: str, letters: str) -> str:
    """An expression: the letters that each role holds on an object."""
    parts = (
        f"case when has_{of}_privilege(r.oid, {oid}, '{PRIVILEGES[letter]}') then '{letter}'"
        " else '' end"
        for letter in letters
    )
    return f"(select json_object_agg(r.rolname, {' || '.join(parts)}) from api r)"


def _relation_held() -> str:
    # MAINTAIN came with PostgreSQL 17; CASE keeps older servers from looking for it
    table = _held("table", "c.oid", "rawdDxtm").replace(
        "case when has_table_privilege(r.oid, c.oid, 'maintain')",
        "case when current_setting('server_version_num')::int < 170000 then ''"
        " when has_table_privilege(r.oid, c.oid, 'maintain')",
    )
    return f"case c.relkind when 'S' then {_held('sequence', 'c.oid', 'rwU')} else {table} end"


def _columns() -> str:
    each = _held("column", "c.oid, a.attnum", "rawx")
    return f"""(select json_object_agg(a.attname, case when a.attacl is not null then {each} end)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and c.relkind <> 'S')"""


_RUNS_AS = """case when c.relkind <> 'v' or exists (select from pg_options_to_table(c.reloptions) o
      where o.option_name = 'security_invoker' and o.option_value::bool) then ''
    else pg_get_userbyid(c.relowner) end"""

_POLICIES = """(select json_object_agg(p.polname, json_build_array(p.polpermissive, p.polcmd,
        (select coalesce(json_agg(r.rolname), '[]') from api r where exists (
          select from unnest(p.polroles) u
          where u = 0 or pg_has_role(r.oid, case when u <> 0 then u else r.oid end, 'USAGE'))),
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))
      from pg_policy p where p.polrelid = c.oid)"""


def _access(found: Mapping[str, Any]) -> Access:
    return Access(
        roles={role: frozenset(names) for role, names in (found["roles"] or {}).items()},
        within={role: frozenset(names) for role, names in (found["within"] or {}).items()},
        schemas=found["schemas"] or {},
        relations={
            (schema, name): Relation(
                kind,
                lent,
                held or {},
                secured,
                forced,
                runs_as,
                columns or {},
                {policy: _policy(row) for policy, row in (policies or {}).items()},
            )
            for schema, name, kind, lent, held, secured, forced, runs_as, columns, policies in (
                found["relations"] or ()
            )
        },
        functions={
            (schema, name): Function(held or {}, runs_as)
            for schema, name, held, runs_as in found["functions"] or ()
        },
    )


def _policy(row: list[Any]) -> Policy:
    permissive, command, to, using, check = row
    return Policy(permissive, command, frozenset(to), using, check)
