"""Views and materialized views."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_WITH = "coalesce(' with (' || array_to_string(options, ', ') || ')', '')"
_DEFINITION = "rtrim(pg_get_viewdef(oid), ';')"


def _changed(name: str, what: str, needs: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="view",
        path="s, r",
        sql=sql,
        among=f"from relation where k = 'v' and {where}",
    )


def _materialized(name: str, what: str, needs: str, sql: str) -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="matview",
        path="s, r",
        sql=sql,
        among="from relation where k = 'm'",
    )


FAMILY = Family(
    title="Views",
    drifts=(
        Drift(
            name="view-added",
            what="there is a view that production has not",
            needs="a schema in which views may be made",
            kind="view",
            path=f"s, '{NAME}_view'",
            sql=f"format('create view %I.{NAME}_view as select 1 as one', s)",
            among="from namespace where has_schema_privilege(oid, 'CREATE')",
            there=False,
        ),
        _changed(
            "view-dropped",
            "a view is gone",
            "a view that nothing else needs",
            "format('drop view %s', q)",
        ),
        _changed(
            "view-definition-changed",
            "a view shows fewer rows",
            "a view",
            f"format('create or replace view %s%s as select * from (%s) drift limit 1', q, {_WITH},"
            f" {_DEFINITION})",
        ),
        _changed(
            "security-invoker-lost",
            "a view reads with its owner's rights, past row level security",
            "a view with security_invoker",
            "format('alter view %s reset (security_invoker)', q)",
            "array_to_string(options, ' ') ~ 'security_invoker'",
        ),
        _changed(
            "security-barrier-changed",
            "a view lets functions see rows that it hides, or no longer does",
            "a view",
            "format('alter view %s %s (security_barrier)', q, case when"
            " array_to_string(options, ' ') ~ 'security_barrier' then 'reset' else 'set' end)",
        ),
        _changed(
            "view-check-option-added",
            "a view refuses rows that it would not show",
            "a view that can be written through",
            "format('alter view %s set (check_option = local)', q)",
            "coalesce(array_to_string(options, ' '), '') !~ 'check_option'",
        ),
        _changed(
            "view-comment-changed",
            "a view's comment is another one",
            "a view",
            "format('comment on view %s is ''drift''', q)",
        ),
        _materialized(
            "materialized-view-dropped",
            "a materialized view is gone",
            "a materialized view that nothing else needs",
            "format('drop materialized view %s', q)",
        ),
        _materialized(
            "materialized-view-options-changed",
            "a materialized view has another fill factor",
            "a materialized view",
            "format('alter materialized view %s set (fillfactor = 71)', q)",
        ),
    ),
)
