"""What is published: to Realtime, and elsewhere."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_OWNED = "pg_has_role(b.pubowner, 'USAGE') and not b.puballtables"
_PUBLISHED = f"""from pg_publication_rel m join pg_publication b on b.oid = m.prpubid
    join tab t on t.oid = m.prrelid where {_OWNED}"""
_OWN = f"from pg_publication b where {_OWNED} and b.pubname !~ '^supabase_'"
_AGAIN = "alter publication %I drop table %s; alter publication %I add table %s "


def _table(name: str, what: str, needs: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="publication_table",
        path="b.pubname, t.s, t.r",
        sql=sql,
        among=f"{_PUBLISHED} and {where}",
    )


def _own(name: str, what: str, sql: str) -> Drift:
    return Drift(
        name=name,
        what=what,
        needs="a publication of the user's own",
        kind="publication",
        path="b.pubname",
        sql=f"format('{sql}', b.pubname)",
        among=_OWN,
    )


FAMILY = Family(
    title="Publications",
    drifts=(
        Drift(
            name="publication-table-added",
            what="changes of one more table are published",
            needs="a publication, and a table that is not in it",
            kind="publication_table",
            path="b.pubname, t.s, t.r",
            sql="format('alter publication %I add table %s', b.pubname, t.q)",
            among=f"from pg_publication b cross join tab t where {_OWNED} and not exists (select"
            " from pg_publication_rel m where m.prpubid = b.oid and m.prrelid = t.oid)",
            there=False,
        ),
        _table(
            "publication-table-dropped",
            "changes of a table are no longer published",
            "a published table",
            "format('alter publication %I drop table %s', b.pubname, t.q)",
        ),
        _table(
            "publication-filter-changed",
            "fewer rows of a table are published",
            "a published table without a filter",
            f"format('{_AGAIN}where (1 < 2)', b.pubname, t.q, b.pubname, t.q)",
            "m.prqual is null and m.prattrs is null",
        ),
        _table(
            "publication-columns-changed",
            "all columns of a table are published",
            "a published table with a list of columns",
            f"format('{_AGAIN}', b.pubname, t.q, b.pubname, t.q)",
            "m.prattrs is not null",
        ),
        _own(
            "publication-option-changed",
            "only new rows are published",
            "alter publication %I set (publish = ''insert'')",
        ),
        _own("publication-dropped", "a publication is gone", "drop publication %I"),
        Drift(
            name="publication-added",
            what="there is a publication that production has not",
            needs="the right to create one",
            kind="publication",
            path=f"'{NAME}'",
            sql=f"'create publication {NAME}'",
            among="where has_database_privilege(current_database(), 'CREATE')",
            there=False,
        ),
    ),
)
