"""Constraints."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_ADD_AGAIN = "format('alter table %s drop constraint %s, add constraint %s %s', q, qk, qk, "
_ON_DELETE = "' ON DELETE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)'"


def _changed(name: str, what: str, needs: str, sql: str, where: str) -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="constraint",
        path="s, r, k_name",
        sql=sql,
        among=f"from con where {where}",
    )


def _dropped(name: str, what: str, needs: str, letter: str) -> Drift:
    sql = "format('alter table %s drop constraint %s', q, qk)"
    return _changed(name, what, needs, sql, f"contype = '{letter}'")


FAMILY = Family(
    title="Constraints",
    drifts=(
        _dropped("check-dropped", "a check is gone", "a check", "c"),
        _dropped("unique-dropped", "values may be twice", "a unique constraint", "u"),
        _dropped("foreign-key-dropped", "rows may refer to nothing", "a foreign key", "f"),
        _dropped(
            "primary-key-dropped",
            "a table has no primary key",
            "a primary key to which nothing refers",
            "p",
        ),
        _dropped("exclusion-dropped", "rows may overlap", "an exclusion constraint", "x"),
        _changed(
            "constraint-not-valid",
            "rows of before are not held to a constraint",
            "a valid check or foreign key",
            _ADD_AGAIN + "def || ' NOT VALID')",
            "contype in ('c', 'f') and convalidated",
        ),
        _changed(
            "foreign-key-action-changed",
            "rows go, or stay, with the row they refer to",
            "a foreign key",
            _ADD_AGAIN + f"case when def ~ {_ON_DELETE}"
            f" then regexp_replace(def, {_ON_DELETE}, '') else def || ' ON DELETE CASCADE' end)",
            "contype = 'f' and convalidated and not condeferrable",
        ),
        _changed(
            "foreign-key-deferrable",
            "a foreign key is checked later",
            "a foreign key that is checked at once",
            "format('alter table %s alter constraint %s deferrable initially deferred', q, qk)",
            "contype = 'f' and not condeferrable",
        ),
        _changed(
            "constraint-renamed",
            "a constraint has another name",
            "a constraint",
            f"format('alter table %s rename constraint %s to {NAME}_moved', q, qk)",
            "contype in ('c', 'f')",
        ),
        _changed(
            "constraint-comment-changed",
            "a constraint's comment is another one",
            "a constraint",
            "format('comment on constraint %s on %s is ''drift''', qk, q)",
            "contype in ('c', 'f', 'p', 'u')",
        ),
        Drift(
            name="check-added",
            what="a table has a check more",
            needs="a table",
            kind="constraint",
            path=f"s, r, '{NAME}'",
            sql=f"format('alter table %s add constraint {NAME} check (1 < 2)', q)",
            among="from tab",
            there=False,
        ),
    ),
)
