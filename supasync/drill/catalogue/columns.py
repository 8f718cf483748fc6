"""Columns and their defaults."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_VALUE = """case when not builtin then null
    when type in ('text', 'varchar') then '''drift'''
    when type in ('int2', 'int4', 'int8', 'numeric') then '77'
    when type in ('date', 'timestamp', 'timestamptz') then '''2001-01-01'''
    when type in ('json', 'jsonb') then '''{"drift": 1}''' end"""
_PLAIN = "attidentity = '' and attgenerated = ''"
_ALTER = "format('alter table %s alter column %s "


def _changed(
    name: str, what: str, needs: str, change: str, where: str, *, default: bool = False
) -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="default" if default else "column",
        path="s, r, c",
        sql=_ALTER + change,
        among=f"from col where {where}",
    )


FAMILY = Family(
    title="Columns and defaults",
    drifts=(
        Drift(
            name="column-added",
            what="a table has a column more",
            needs="a table",
            kind="column",
            path=f"s, r, '{NAME}'",
            sql=f"format('alter table %s add column {NAME} text', q)",
            among="from tab",
            there=False,
        ),
        Drift(
            name="column-dropped",
            what="a column is gone with its rows' values",
            needs="a column that nothing else needs",
            kind="column",
            path="s, r, c",
            sql="format('alter table %s drop column %s', q, qc)",
            among="from col",
        ),
        Drift(
            name="column-renamed",
            what="a column has another name",
            needs="a column",
            kind="column",
            path="s, r, c",
            sql=f"format('alter table %s rename column %s to {NAME}_moved', q, qc)",
            among="from col",
        ),
        Drift(
            name="column-type-changed",
            what="a column takes other values",
            needs="a number or a text column that nothing else needs",
            kind="column",
            path="s, r, c",
            sql=_ALTER + "type %s', q, qc, case type when 'int4' then 'bigint'"
            " when 'int2' then 'integer' when 'int8' then 'numeric' else 'varchar(77)' end)",
            among="from col where builtin and type in ('int2', 'int4', 'int8', 'text')"
            f" and {_PLAIN}",
        ),
        _changed(
            "not-null-dropped",
            "a column may be empty",
            "a column that must not be empty and is in no key",
            "drop not null', q, qc)",
            f"attnotnull and {_PLAIN}",
        ),
        _changed(
            "not-null-added",
            "a column must not be empty",
            "a column that may be empty and is not",
            "set not null', q, qc)",
            f"not attnotnull and {_PLAIN}",
        ),
        _changed(
            "default-changed",
            "a column begins with another value",
            "a column with a default",
            f"set default %s', q, qc, {_VALUE})",
            f"atthasdef and {_PLAIN}",
            default=True,
        ),
        _changed(
            "default-dropped",
            "a column has no default any more",
            "a column with a default",
            "drop default', q, qc)",
            f"atthasdef and {_PLAIN}",
            default=True,
        ),
        Drift(
            name="default-added",
            what="a column has a default that production has not",
            needs="a column without one",
            kind="default",
            path="s, r, c",
            sql=_ALTER + f"set default %s', q, qc, {_VALUE})",
            among=f"from col where not atthasdef and {_PLAIN}",
            there=False,
        ),
        _changed(
            "generated-made-plain",
            "a computed column is computed no longer",
            "a stored generated column",
            "drop expression', q, qc)",
            "attgenerated = 's'",
        ),
        _changed(
            "identity-mode-changed",
            "numbers may be given where they may not, or the other way round",
            "an identity column",
            "set generated %s', q, qc, case attidentity when 'a' then 'by default' else"
            " 'always' end)",
            "attidentity <> ''",
        ),
        _changed(
            "identity-step-changed",
            "an identity column counts in other steps",
            "an identity column",
            "set increment by 7', q, qc)",
            "attidentity <> ''",
        ),
        _changed(
            "column-storage-changed",
            "long values are kept otherwise",
            "a text column",
            "set storage external', q, qc)",
            "builtin and type = 'text' and attstorage <> 'e'",
        ),
        _changed(
            "column-statistics-changed",
            "the planner samples a column otherwise",
            "a column",
            "set statistics 77', q, qc)",
            "true",
        ),
        Drift(
            name="column-comment-changed",
            what="a column's comment is another one",
            needs="a column",
            kind="column",
            path="s, r, c",
            sql="format('comment on column %s.%s is ''drift''', q, qc)",
            among="from col",
        ),
    ),
)
