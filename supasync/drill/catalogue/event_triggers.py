"""Event triggers, which only a superuser may make; on the platform its `postgres` may."""

from __future__ import annotations

from supasync.drill.drift import Drift, Family

_TAG = "DROP TABLE"
_OWN = "from pg_event_trigger e where pg_get_userbyid(e.evtowner) = current_user"
_MADE_AGAIN = (
    " and (current_setting('is_superuser') = 'on'"
    " or current_setting('supautils.privileged_role', true) = current_user)"
)
_MAY_CREATE = ", and the right to create one"


def _changed(name: str, what: str, sql: str, where: str, *, again: bool = False) -> Drift:
    """again: it is healed by making it again."""
    return Drift(
        name=name,
        what=what,
        needs="an event trigger of the user's own" + _MAY_CREATE * again,
        kind="event_trigger",
        path="e.evtname",
        sql=sql,
        among=f"{_OWN}{_MADE_AGAIN * again} and {where}",
    )


FAMILY = Family(
    title="Event triggers",
    drifts=(
        _changed(
            "event-trigger-disabled",
            "nothing happens any more when somebody changes the schema",
            "format('alter event trigger %I disable', e.evtname)",
            "e.evtenabled <> 'D'",
        ),
        _changed(
            "event-trigger-dropped",
            "what happens when somebody changes the schema is gone",
            "format('drop event trigger %I', e.evtname)",
            "true",
            again=True,
        ),
        _changed(
            "event-trigger-tags-changed",
            "it happens on other statements",
            "format('drop event trigger %1$I; create event trigger %1$I on %2$s"
            f" when tag in (''{_TAG}'') execute function %3$s()',"
            " e.evtname, e.evtevent, e.evtfoid::regproc)",
            f"e.evtevent <> 'login' and e.evttags is distinct from array['{_TAG}']",
            again=True,
        ),
    ),
)
