"""Enums, domains, composite types and collations."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_LABELS = """cross join lateral (select
      (array_agg(e.enumlabel order by e.enumsortorder))[1] as first,
      (array_agg(e.enumlabel order by e.enumsortorder desc))[1] as last
    from pg_enum e where e.enumtypid = typ.oid) e"""
_COMPOSITE = """from pg_class c join namespace n on n.oid = c.relnamespace
    where c.relkind = 'c' and pg_has_role(c.relowner, 'USAGE')"""
_RENAME = "alter type %s rename value %L to %L"


def _type(letter: str, name: str, what: str, needs: str, sql: str, *, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="enum" if letter == "e" else "domain",
        path="s, y",
        sql=sql,
        among=f"from typ {_LABELS if letter == 'e' else ''} where k = '{letter}' and {where}",
    )


def _composite(name: str, what: str, needs: str, sql: str) -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="composite",
        path="n.s, c.relname",
        sql=sql,
        among=_COMPOSITE,
    )


FAMILY = Family(
    title="Types and collations",
    drifts=(
        _type(
            "e",
            "enum-value-added",
            "an enum has a value more",
            "an enum",
            f"format('alter type %s add value ''{NAME}''', q)",
        ),
        _type(
            "e",
            "enum-value-renamed",
            "a value of an enum has another name",
            "an enum with a value",
            f"format('{_RENAME}', q, e.last, '{NAME}')",
        ),
        _type(
            "e",
            "enum-reordered",
            "the first and the last value of an enum change places",
            "an enum with two values",
            f"format('{_RENAME}; {_RENAME}; {_RENAME}', q, e.first, '{NAME}', q, e.last, e.first,"
            f" q, '{NAME}', e.last)",
            where="e.first <> e.last",
        ),
        _type(
            "e",
            "type-grant-dropped",
            "an enum may be used by fewer",
            "an enum that everybody may use",
            "format('revoke usage on type %s from public', q)",
            where="acl is null",
        ),
        _type(
            "e",
            "type-comment-changed",
            "an enum's comment is another one",
            "an enum",
            "format('comment on type %s is ''drift''', q)",
        ),
        Drift(
            name="domain-constraint-dropped",
            what="a domain takes every value",
            needs="a domain with a check",
            kind="domain",
            path="s, y",
            sql="format('alter domain %s drop constraint %I', q, k.conname)",
            among="from typ join pg_constraint k on k.contypid = typ.oid and k.contype = 'c'",
        ),
        _type(
            "d",
            "domain-constraint-added",
            "a domain has a check more",
            "a domain",
            f"format('alter domain %s add constraint {NAME} check (1 < 2)', q)",
        ),
        _type(
            "d",
            "domain-not-null-changed",
            "a domain takes, or refuses, nulls",
            "a domain",
            "format('alter domain %s %s not null', q, case when typnotnull then 'drop' else 'set'"
            " end)",
        ),
        _type(
            "d",
            "domain-default-changed",
            "a domain begins with another value, or with none",
            "a domain with a default",
            "format('alter domain %s drop default', q)",
            where="typdefault is not null",
        ),
        _composite(
            "composite-attribute-added",
            "a composite type has an attribute more",
            "a composite type that no column has",
            f"format('alter type %I.%I add attribute {NAME} text', n.s, c.relname)",
        ),
        _composite(
            "composite-comment-changed",
            "a composite type's comment is another one",
            "a composite type",
            "format('comment on type %I.%I is ''drift''', n.s, c.relname)",
        ),
        Drift(
            name="collation-added",
            what="there is a collation that production has not",
            needs="a schema in which collations may be made",
            kind="collation",
            path=f"s, '{NAME}'",
            sql=f"format('create collation %I.{NAME} (locale = ''C'')', s)",
            among="from namespace where has_schema_privilege(oid, 'CREATE')",
            there=False,
        ),
        Drift(
            name="collation-dropped",
            what="a collation is gone",
            needs="a collation that nothing else needs",
            kind="collation",
            path="n.s, k.collname",
            sql="format('drop collation %I.%I', n.s, k.collname)",
            among="from pg_collation k join namespace n on n.oid = k.collnamespace"
            " where pg_has_role(k.collowner, 'USAGE')",
        ),
    ),
)
