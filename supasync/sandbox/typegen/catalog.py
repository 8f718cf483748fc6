"""What types are made of: the relations, columns, types, functions and keys of chosen schemas."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import psycopg
from psycopg.rows import class_row

Connection = psycopg.AsyncConnection[tuple[object, ...]]
T = TypeVar("T")
Group = Literal["Tables", "Views"]


@dataclass(frozen=True)
class Relation:
    """group: under which name it is listed. insertable, updatable: a view's triggers count."""

    id: int
    schema: str
    name: str
    group: Group
    insertable: bool
    updatable: bool


@dataclass(frozen=True)
class Column:
    """type: of a domain the type below it. given: the database fills it when nobody does.

    fixed: nobody else may fill it.
    """

    relation: int
    name: str
    type: int
    nullable: bool
    given: bool
    fixed: bool
    updatable: bool


@dataclass(frozen=True)
class Type:
    """shown: as PostgreSQL writes it. relation: whose rows it is. attributes: name and type."""

    id: int
    schema: str
    name: str
    shown: str
    relation: int | None
    element: int | None
    labels: list[str]
    attributes: list[tuple[str, int]]


@dataclass(frozen=True)
class Argument:
    name: str
    mode: str
    type: int
    defaulted: bool


@dataclass(frozen=True)
class Function:
    """rows: how many it is expected to return; None unless it returns a set."""

    schema: str
    name: str
    names: list[str] | None
    modes: list[str] | None
    types: list[int]
    defaults: int
    inputs: int
    arguments: str
    result: str
    returns: int
    returns_set: bool
    rows: float | None

    @property
    def all(self) -> list[Argument]:
        """Every argument by name, those that come out too."""
        names = self.names or [""] * len(self.types)
        modes = self.modes or ["i"] * len(self.types)
        # As the platform counts: the defaults belong to the last of the first `inputs` arguments.
        first = self.inputs - self.defaults
        made = [
            Argument(name, mode, kind, first <= at < self.inputs)
            for at, (name, mode, kind) in enumerate(zip(names, modes, self.types, strict=True))
        ]
        return sorted(made, key=lambda each: english(each.name))

    @property
    def inward(self) -> list[Argument]:
        return [each for each in self.all if each.mode in {"i", "b", "v"}]


@dataclass(frozen=True)
class Relationship:
    """A foreign key, or one that a view has since it shows the key's columns."""

    name: str
    source: int
    columns: list[str]
    target: int
    target_columns: list[str]
    one_to_one: bool


@dataclass(frozen=True)
class Catalog:
    schemas: list[str]
    relations: list[Relation]
    columns: list[Column]
    types: dict[int, Type]
    functions: list[Function]
    relationships: list[Relationship]


RELATIONS: Final = """
select c.oid::int8 as id, n.nspname as schema, c.relname as name,
  case when c.relkind in ('v', 'm') then 'Views' else 'Tables' end as group,
  c.relkind <> 'm' and pg_relation_is_updatable(c.oid, true) & 8 = 8 as insertable,
  c.relkind <> 'm' and pg_relation_is_updatable(c.oid, true) & 4 = 4 as updatable
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any (%s) and c.relkind in ('r', 'p', 'f', 'v', 'm')
"""
COLUMNS: Final = """
select c.oid::int8 as relation, a.attname as name,
  (case t.typtype when 'd' then t.typbasetype else t.oid end)::int8 as type,
  not (a.attnotnull or t.typtype = 'd' and t.typnotnull) as nullable,
  a.attidentity <> '' or a.atthasdef as given,
  a.attidentity = 'a' or a.attgenerated <> '' as fixed,
  c.relkind in ('r', 'p') or pg_column_is_updatable(c.oid, a.attnum, false) or exists (
    -- a trigger instead of an insert or update takes whole rows, and so does a rule
    select from pg_trigger
    where tgrelid = c.oid and not tgisinternal and tgtype & 64 <> 0 and tgtype & 20 <> 0
  ) or exists (
    select from pg_rewrite
    where ev_class = c.oid and is_instead and ev_type in ('2', '3') and ev_qual::text = '<>'
  ) as updatable
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join pg_attribute as a on a.attrelid = c.oid
join pg_type as t on t.oid = a.atttypid
where n.nspname = any (%s) and c.relkind in ('r', 'p', 'f', 'v', 'm')
  and a.attnum > 0 and not a.attisdropped
"""
TYPES: Final = """
select t.oid::int8 as id, n.nspname as schema, t.typname as name, format_type(t.oid, null) as shown,
  nullif(t.typrelid::int8, 0) as relation,
  case when starts_with(t.typname, '_') then nullif(t.typelem::int8, 0) end as element,
  array(select enumlabel::text from pg_enum where enumtypid = t.oid order by enumsortorder)
    as labels,
  coalesce((select json_agg(json_build_array(attname, atttypid::int8) order by attnum)
    from pg_attribute where attrelid = c.oid and c.relkind = 'c' and not attisdropped), '[]')
    as attributes
from pg_type as t
join pg_namespace as n on n.oid = t.typnamespace
left join pg_class as c on c.oid = t.typrelid
where t.typrelid = 0 or c.relkind in ('c', 'r', 'v', 'm', 'p', 'f')
"""
FUNCTIONS: Final = """
select n.nspname as schema, p.proname as name, p.proargnames::text[] as names,
  p.proargmodes::text[] as modes, coalesce(p.proallargtypes, p.proargtypes)::int8[] as types,
  p.pronargdefaults::int as defaults, p.pronargs::int as inputs,
  pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result,
  p.prorettype::int8 as returns, p.proretset as returns_set,
  case when p.proretset then nullif(p.prorows, 0) end as rows
from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any (%s) and p.prokind = 'f'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
"""
KEYS: Final = """
select k.conname as name, k.conrelid::int8 as source, k.confrelid::int8 as target,
  array(select attname::text from unnest(k.conkey) with ordinality as _(n, at)
    join pg_attribute on attrelid = k.conrelid and attnum = n order by at) as columns,
  array(select attname::text from unnest(k.confkey) with ordinality as _(n, at)
    join pg_attribute on attrelid = k.confrelid and attnum = n order by at) as target_columns,
  exists (select from pg_constraint as u where u.conrelid = k.conrelid and u.contype in ('p', 'u')
    and array(select n from unnest(u.conkey) as n order by n) = k.conkey) as one_to_one
from pg_constraint as k join pg_namespace as n on n.oid = k.connamespace
where k.contype = 'f' and k.conparentid = 0 and n.nspname = any (%s)
"""
SCHEMAS: Final = "select nspname::text as name from pg_namespace where nspname = any (%s)"


@dataclass(frozen=True)
class _Schema:
    name: str


async def read(connection: Connection, schemas: Sequence[str]) -> Catalog:
    """Of the schemas that there are, all in the order of names; of types, those of all schemas."""
    found = await _all(connection, _Schema, SCHEMAS, schemas)
    names = sorted((each.name for each in found), key=english)
    relations = await _all(connection, Relation, RELATIONS, names)
    columns = await _all(connection, Column, COLUMNS, names)
    functions = await _all(connection, Function, FUNCTIONS, names)
    types = await _all(connection, Type, TYPES)
    return Catalog(
        schemas=names,
        relations=sorted(relations, key=lambda each: english(each.name)),
        columns=sorted(columns, key=lambda each: english(each.name)),
        types={each.id: each for each in types},
        functions=sorted(
            functions,
            key=lambda each: (english(each.name), english(each.arguments), english(each.result)),
        ),
        relationships=await _all(connection, Relationship, KEYS, names),
    )


async def _all(
    connection: Connection, kind: type[T], query: str, schemas: Sequence[str] | None = None
) -> list[T]:
    async with connection.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query.encode(), None if schemas is None else [list(schemas)])
        return await cursor.fetchall()


def english(text: str) -> tuple[object, ...]:
    """A key that orders names as English readers do: marks, digits, letters; a before A."""
    plain = unicodedata.normalize("NFKD", text)
    letters = [each for each in plain if not unicodedata.combining(each)]
    first = [
        (2 if each.isalpha() else 1 if each.isdigit() else 0, each.lower()) for each in letters
    ]
    return first, plain.casefold(), plain.swapcase()
