"""What a database has and this engine does not carry, by the rules of the ledger."""

from __future__ import annotations

from typing import Final

from supasync.catalog import queries
from supasync.catalog.columns import COLUMNS
from supasync.catalog.kinds import KINDS
from supasync.catalog.ledger import DESCRIBING, OBJECTS, OUTSIDE, PARTS
from supasync.catalog.pieces import PLACE, Guard, Pieces
from supasync.catalog.scope import Scope
from supasync.sql import literal, text_array


def rules(scope: Scope, compared: str) -> dict[str, str]:
    """Name and condition of the rules for a row `o` of `rows`, over `queries.world`.

    compared: a relation with cls and oid of the objects that kinds have read.
    """
    is_compared = f"exists (select from {compared} r where r.cls = o.cls and r.oid = o.oid)"
    return {"compared": is_compared, **_others(scope)}


def _others(scope: Scope) -> dict[str, str]:
    return {
        "extension": """exists (select from member m
            where m.classid = o.cls and m.objid = o.oid)
          or exists (select from member m
            where m.classid = 'pg_class'::regclass and m.objid = o.relation)""",
        "part": f"o.part or {part('o.cls', 'o.oid')}",
        "platform": "exists (select from namespace n where n.oid = o.schema and n.managed)",
        "left alone": f"(o.cls, o.oid) in ({_left_alone(scope)})",
    }


def part(catalog: str, oid: str) -> str:
    """A condition: the object is the inside of another one."""
    # a partitioned table is recorded as such of its own key columns
    return f"""exists (select from pg_depend d where d.classid = {catalog} and d.objid = {oid}
      and d.deptype = 'i' and (d.refclassid, d.refobjid) <> (d.classid, d.objid))"""


def _left_alone(scope: Scope) -> str:
    """Objects of a kind that the scope leaves out by owner or by name."""
    parts = ["select null::oid, null::oid where false"]
    for kind in KINDS:
        if queries.gathered(kind):
            continue
        query, conditions = kind.query, queries.scoped(kind, scope)
        by_name = any(name == kind.kind for name, _ in scope.filters)
        if conditions and (by_name or query.schema is None):
            parts.append(
                f"select '{query.catalog}'::regclass::oid, {query.oid} from {query.tables}"
                f" where ({query.where}) and not ({' and '.join(conditions)})"
            )
    return " union all ".join(parts)


def rows(only: str = "true") -> str:
    """Rows o(cls, oid, schema, relation, part, what) of all objects that initdb did not make.

    only: a further condition over the expressions {catalog} and {oid}.
    """
    return "\nunion all ".join(_rows(catalog, only) for catalog in OBJECTS)


def _rows(catalog: str, only: str) -> str:
    each = OBJECTS[catalog]
    return f"""select '{catalog}'::regclass::oid as cls, {each.oid} as oid, {each.schema} as schema,
      {each.relation} as relation, {PARTS.get(catalog, "false")} as part, {each.what} as what
    from {each.source or catalog} where {each.oid} >= 16384
      and {only.format(catalog=f"'{catalog}'::regclass", oid=each.oid)}"""


def _labels(only: str) -> str:
    """Only a library can set one, and pg_dump's output only loads where that is."""
    touched = only.format(catalog="l.classoid", oid="l.objoid")
    return f"""select 'security labels (' || l.provider || ')', l.classoid, l.objoid from (
        select provider, classoid, objoid from pg_seclabel
        union all select provider, classoid, objoid from pg_shseclabel
          where classoid <> 'pg_database'::regclass
            or objoid = (select d.oid from pg_database d where d.datname = current_database())) l
      where {touched}"""


_LATER_COLUMNS: Final = f"""
    select 'column ' || c.relname || '.' || a.attname, 'pg_class'::regclass, c.oid
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'pg_catalog'::regnamespace
      and c.relname = any({text_array(COLUMNS)}) and not a.attisdropped
      and c.relname || '.' || a.attname <> all({
    text_array(f"{catalog}.{name}" for catalog, names in COLUMNS.items() for name in names.split())
})"""


def _omitted(scope: Scope, only: str) -> list[str]:
    """What kinds say that they leave out of objects they carry."""
    found = []
    for kind in KINDS:
        query, conditions = kind.query, [f"({kind.query.where})", *queries.scoped(kind, scope)]
        catalog = f"'{query.catalog}'::regclass"
        conditions.append(only.format(catalog=catalog, oid=query.oid))
        found += [
            f"select {literal(what)}, {catalog}, {query.oid} from {query.tables}"
            f" where {condition} and {' and '.join(conditions)}"
            for what, condition in query.omits
        ]
    return found


def touched(scope: Scope, only: str, omitting: str) -> str:
    """An expression: {what: [keys]} of the objects without a rule, over `queries.world`.

    only: as for `rows`, of objects that no kind has read. omitting: such a condition on the
    objects that are carried in part.
    """
    return _counted(scope, rows(only), omitting)


_NOT_READ = "{oid} in (select oid from beyond where cls = {catalog})"
_NONE = "select null::oid as cls, null::oid as oid where false"
_NONE_TOLD = """select null::oid as cls, null::oid as oid, null::oid as schema,
      null::oid as relation, null::bool as part, null::text as what where false"""


def whole(scope: Scope, present: Guard) -> Pieces:
    """A query in pieces: the same of all objects that are not in a relation r(cls, oid).

    present: a condition that a catalog has rows. Nothing is read of those that have none.
    """
    guarded = [
        (catalog, present(catalog) if each.summary is None else None)
        for catalog, each in OBJECTS.items()
    ]
    head, tail = _counted(scope, PLACE, "true").split(PLACE)
    pieces: Pieces = [(None, f"with beyond as materialized (select c.cls, c.oid from ({_NONE}")]
    for catalog, guard in guarded:
        each = OBJECTS[catalog]
        pieces.append(
            (
                guard,
                f"""
union all select '{catalog}'::regclass::oid, {each.oid}
  from {each.source or catalog} where {each.oid} >= 16384
    and ({PARTS.get(catalog, "false")}) is not true""",
            )
        )
    pieces.append(
        (
            None,
            f""" {queries.ONCE}) c
  where (c.cls, c.oid) not in (select r.cls, r.oid from r where r.cls > 0 and r.oid > 0))
select {head}{_NONE_TOLD}""",
        )
    )
    pieces += [(guard, f"\nunion all {_rows(catalog, _NOT_READ)}") for catalog, guard in guarded]
    return [*pieces, (None, tail)]


def _counted(scope: Scope, found: str, omitting: str) -> str:
    known = [*OBJECTS, *DESCRIBING, *OUTSIDE]
    beside = "\n    union all ".join([_labels(omitting), *_omitted(scope, omitting)])
    free = " and ".join(f"not ({condition})" for condition in _others(scope).values())
    return f"""(select json_object_agg(w.what, w.ids) from (
  select u.what, json_agg(u.cls::int8 << 32 | u.oid::int8) as ids from (
    select o.what, o.cls, o.oid from ({found}) o where {free}
    union all {beside}
    union all
    select 'rows of ' || c.relname, 'pg_class'::regclass, c.oid from pg_class c
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
      and c.relname <> all({text_array(known)})
    union all {_LATER_COLUMNS}) u
  group by u.what) w)"""
