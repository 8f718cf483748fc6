"""Triggers on the user's own tables."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family


def _changed(name: str, what: str, needs: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="trigger",
        path="s, r, g",
        sql=sql,
        among=f"from trg where {where}",
    )


FAMILY = Family(
    title="Triggers",
    drifts=(
        _changed(
            "trigger-disabled",
            "a trigger does not fire",
            "a trigger",
            "format('alter table %s disable trigger %s', q, qg)",
            "tgenabled = 'O'",
        ),
        _changed(
            "trigger-always",
            "a trigger fires for replicated rows too",
            "a trigger",
            "format('alter table %s enable always trigger %s', q, qg)",
            "tgenabled <> 'A'",
        ),
        _changed(
            "trigger-dropped",
            "a trigger is gone",
            "a trigger",
            "format('drop trigger %s on %s', qg, q)",
        ),
        _changed(
            "trigger-changed",
            "a trigger fires after the change instead of before",
            "a trigger that fires before a change",
            "format('drop trigger %s on %s; %s', qg, q, replace(def, ' BEFORE ', ' AFTER '))",
            "def ~ ' BEFORE '",
        ),
        _changed(
            "trigger-renamed",
            "a trigger has another name, and so another turn",
            "a trigger",
            f"format('alter trigger %s on %s rename to {NAME}_moved', qg, q)",
        ),
        _changed(
            "trigger-comment-changed",
            "a trigger's comment is another one",
            "a trigger",
            "format('comment on trigger %s on %s is ''drift''', qg, q)",
        ),
        Drift(
            name="trigger-added",
            what="a table has a trigger more",
            needs="a table and a trigger function",
            kind="trigger",
            path=f"tab.s, tab.r, '{NAME}'",
            sql=f"format('create trigger {NAME} after update on %s for each row"
            " execute function %I.%I()', tab.q, fn.s, fn.f)",
            among="from tab cross join fn where fn.prorettype = 'trigger'::regtype"
            " and fn.args = ''",
            there=False,
        ),
    ),
)
