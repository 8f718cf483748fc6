"""Tables as a whole, and row level security."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family


def _changed(name: str, what: str, needs: str, change: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="table",
        path="s, r",
        sql=f"format('alter table %s {change}', q)",
        among=f"from tab where {where}",
    )


FAMILY = Family(
    title="Tables and row level security",
    drifts=(
        Drift(
            name="table-added",
            what="there is a table that production has not",
            needs="a schema in which tables may be made",
            kind="table",
            path=f"s, '{NAME}'",
            sql=f"format('create table %I.{NAME} (id integer primary key, note text)', s)",
            among="from namespace where has_schema_privilege(oid, 'CREATE')",
            there=False,
        ),
        Drift(
            name="table-dropped",
            what="a table is gone",
            needs="a table that nothing else needs",
            kind="table",
            path="s, r",
            sql="format('drop table %s', q)",
            among="from tab",
        ),
        _changed("table-renamed", "a table has another name", "a table", f"rename to {NAME}_moved"),
        _changed(
            "table-unlogged",
            "a crash would empty a table",
            "a table to which no other refers and which is not published",
            "set unlogged",
            "persistence = 'p'",
        ),
        _changed(
            "table-options-changed",
            "a table has another fill factor",
            "a table",
            "set (fillfactor = 71)",
            "options is null or not options @> '{fillfactor=71}'",
        ),
        _changed(
            "rls-off",
            "row level security is off",
            "a table with row level security",
            "disable row level security",
            "rls",
        ),
        _changed(
            "rls-force-lost",
            "the owner is no longer held to the policies",
            "a table with forced row level security",
            "no force row level security",
            "forced",
        ),
        _changed(
            "rls-forced",
            "the owner is held to the policies too",
            "a table without forced row level security",
            "force row level security",
            "not forced",
        ),
        Drift(
            name="replica-identity-changed",
            what="replicas are told other columns of a changed row",
            needs="a table",
            kind="table",
            path="s, r",
            sql="format('alter table %s replica identity %s', q,"
            " case identity when 'f' then 'default' else 'full' end)",
            among="from tab",
        ),
        Drift(
            name="table-comment-changed",
            what="a table's comment is another one",
            needs="a table",
            kind="table",
            path="s, r",
            sql="format('comment on table %s is ''drift''', q)",
            among="from tab",
        ),
        Drift(
            name="rule-added",
            what="a rule rewrites what is sent to a table",
            needs="a table",
            kind="rule",
            path=f"s, r, '{NAME}'",
            sql=f"format('create rule {NAME} as on delete to %s do instead nothing', q)",
            among="from tab",
            there=False,
        ),
    ),
)
