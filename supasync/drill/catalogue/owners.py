"""Whose an object is."""

from __future__ import annotations

from supasync.drill.drift import Drift, Family

_HEIR = """join lateral (select oid, quote_ident(rolname) as heir from pg_roles h
    where pg_has_role(h.oid, 'MEMBER') and not h.rolsuper and h.oid <> {owner}
      and has_schema_privilege(h.oid, {schema}, 'CREATE')) h on true"""
"""Roles that whoever asks may give something to."""
_NEEDS = "{}, and another role that could own it"


def _heirs(rows: str, owner: str, schema: str = "s") -> str:
    return f"from {rows} {_HEIR.format(owner=owner, schema=schema)}"


FAMILY = Family(
    title="Owners",
    drifts=(
        Drift(
            name="table-owner-changed",
            what="a table belongs to another role",
            needs=_NEEDS.format("a table"),
            kind="table",
            path="s, r",
            sql="format('alter table %s owner to %s', q, heir)",
            among=_heirs("tab", "owner"),
        ),
        Drift(
            name="view-owner-changed",
            what="a view reads with another role's rights",
            needs=_NEEDS.format("a view"),
            kind="view",
            path="s, r",
            sql="format('alter view %s owner to %s', q, heir)",
            among=_heirs("(select * from relation where k = 'v') v", "owner"),
        ),
        Drift(
            name="function-owner-changed",
            what="a function belongs to another role",
            needs=_NEEDS.format("a function"),
            kind="function",
            path="s, f, args",
            sql="format('alter function %s owner to %s', q, heir)",
            among=_heirs("fn", "proowner"),
        ),
    ),
)
