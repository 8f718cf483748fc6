"""Indexes and extended statistics."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_STATISTICS = """from pg_statistic_ext x join namespace n on n.oid = x.stxnamespace
    where pg_has_role(x.stxowner, 'USAGE')"""
_TWO = """from tab cross join lateral (select string_agg(qc, ', ') as pair from (
      select quote_ident(a.attname) as qc from pg_attribute a join pg_type y on y.oid = a.atttypid
      where a.attrelid = tab.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and y.typname in ('int4', 'int8', 'text', 'bool', 'timestamptz', 'date')
      order by a.attnum limit 2) two having count(*) = 2) two"""


def _changed(name: str, what: str, needs: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="index",
        path="s, r",
        sql=sql,
        among=f"from idx where {where}",
    )


def _statistics(name: str, what: str, sql: str) -> Drift:
    return Drift(
        name=name,
        what=what,
        needs="extended statistics",
        kind="statistics",
        path="n.s, x.stxname",
        sql=f"format('{sql}', n.s, x.stxname)",
        among=_STATISTICS,
    )


FAMILY = Family(
    title="Indexes and statistics",
    drifts=(
        _changed("index-dropped", "an index is gone", "an index", "format('drop index %s', q)"),
        _changed(
            "index-changed",
            "an index holds a part of the rows",
            "an index on all rows",
            "format('drop index %s; %s where (1 < 2)', q, pg_get_indexdef(oid))",
            "pg_get_indexdef(oid) !~ ' WHERE '",
        ),
        _changed(
            "index-unique-lost",
            "an index allows values twice",
            "a unique index of no constraint",
            "format('drop index %s; %s', q,"
            " replace(pg_get_indexdef(oid), 'CREATE UNIQUE INDEX', 'CREATE INDEX'))",
            "indisunique",
        ),
        _changed(
            "index-options-changed",
            "an index has another fill factor",
            "a btree index",
            "format('alter index %s set (fillfactor = 71)', q)",
            "method = 'btree'",
        ),
        _changed(
            "index-clustered",
            "CLUSTER orders a table by an index",
            "a btree index that does not order its table",
            "format('alter table %s cluster on %I', tq, r)",
            "method = 'btree' and not indisclustered and pg_get_indexdef(oid) !~ ' WHERE '",
        ),
        _changed(
            "index-comment-changed",
            "an index's comment is another one",
            "an index",
            "format('comment on index %s is ''drift''', q)",
        ),
        Drift(
            name="index-added",
            what="a table has an index more",
            needs="a column of a plain type",
            kind="index",
            path=f"s, '{NAME}'",
            sql=f"format('create index {NAME} on %s (%s)', q, qc)",
            among="from col where builtin and type in ('int4', 'int8', 'text', 'timestamptz')",
            there=False,
        ),
        Drift(
            name="statistics-added",
            what="the planner knows of two columns together",
            needs="a table with two columns of plain types",
            kind="statistics",
            path=f"s, '{NAME}'",
            sql=f"format('create statistics %I.{NAME} (ndistinct) on %s from %s', s, pair, q)",
            among=_TWO,
            there=False,
        ),
        _statistics(
            "statistics-dropped",
            "the planner no longer knows of columns together",
            "drop statistics %I.%I",
        ),
        _statistics(
            "statistics-target-changed",
            "the planner samples columns together otherwise",
            "alter statistics %I.%I set statistics 77",
        ),
    ),
)
