"""One pass over the catalog rows that DDL writes, without deparsing: has anything changed, what?

Its stamp is a hash over (ctid, xmin) of these rows. It is only compared with earlier stamps of the
same database. A false "changed" (TRUNCATE gives a table a new file) costs a look; a change of
schema always writes one of these rows. The same pass finds the rows that were written since an
earlier look, and so the objects that may have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from supasync.catalog.kinds import KINDS
from supasync.catalog.ledger import OBJECTS
from supasync.catalog.object import Rows
from supasync.sql import literal


def _own(catalog: str, where: str = "oid >= 16384") -> Rows:
    return Rows(catalog, where, ((f"'{catalog}'::regclass", "oid"),))


_RELATION: Final = "'pg_class'::regclass"
_TYPE: Final = "'pg_type'::regclass"

_SHARED: Final = (
    _own("pg_class"),
    Rows(
        "pg_attribute",
        # of a system column nothing but its grants is ever written
        "attrelid >= 16384 and (attnum > 0 or attacl is not null)",
        ((_RELATION, "attrelid"),),
    ),
    Rows(
        "pg_attrdef",
        touches=(("'pg_attrdef'::regclass", "oid"), (_RELATION, "adrelid")),
        counted="adrelid in (select oid from pg_class where relkind = 'v')",
    ),
    Rows(
        "pg_constraint",
        "oid >= 16384",
        (("'pg_constraint'::regclass", "oid"), (_RELATION, "conrelid"), (_TYPE, "contypid")),
        counted="contypid > 0",
    ),
    Rows("pg_index", "indexrelid >= 16384", ((_RELATION, "indrelid"),)),
    _own("pg_proc"),
    Rows(
        "pg_rewrite",
        "oid >= 16384",
        (("'pg_rewrite'::regclass", "oid"), (_RELATION, "ev_class")),
    ),
    _own("pg_type"),
    Rows(
        "pg_inherits",
        touches=((_RELATION, "inhrelid"), (_RELATION, "inhparent")),
        counted="true",
    ),
    _own("pg_namespace", "true"),
    _own("pg_extension", "true"),
    Rows(
        "pg_description",
        "objoid >= 16384 or classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass,"
        " 'pg_language'::regclass)",
        (("classoid", "objoid"),),
        counted="true",
    ),
    *(
        Rows(catalog, touches=(("classoid", "objoid"),), counted="true")
        for catalog in ("pg_seclabel", "pg_shseclabel")
    ),
    # extension membership and ownership of sequences live nowhere else
    Rows(
        "pg_depend",
        # both by an index of pg_depend, which is the largest catalog but pg_attribute
        "refclassid = 'pg_extension'::regclass and deptype = 'e'"
        " or classid = 'pg_class'::regclass and deptype in ('a', 'i') and refobjsubid > 0"
        " and objid = any(array(select seqrelid from pg_sequence))",
        (("classid", "objid"), ("case when deptype <> 'e' then refclassid end", "refobjid")),
        counted="true",
    ),
)
"""What several kinds are printed from."""


def _rows() -> tuple[Rows, ...]:
    """Of each catalog once: the shared ones', those that kinds have for themselves, the rest."""
    found = {rows.catalog: rows for rows in _SHARED}
    for kind in KINDS:
        if kind.query.gather:
            continue
        own = () if kind.query.summary else (_own(kind.query.catalog),)
        for rows in (*kind.query.rows, *own):
            found.setdefault(rows.catalog, rows)
    for catalog, each in OBJECTS.items():  # also of what is not carried: texts may have its name
        if each.summary is None:
            found.setdefault(catalog, _own(catalog))
    return tuple(found.values())


_ROWS: Final = _rows()

WHOLE: Final = frozenset(rows.catalog for rows in _ROWS if rows.where == "true")
"""Catalogs whose rows all count, initdb's too."""

_SUMMARIES: Final = "".join(
    f"\n    || coalesce({summary}, '')"
    for summary in (
        *(kind.query.summary for kind in KINDS),
        *(each.summary for each in OBJECTS.values()),
    )
    if summary
)

ROLES: Final = f"""(select md5(string_agg(oid || rolname, ',' order by oid)
    || (select system_identifier || '.' from pg_control_system())
    || (select timeline_id from pg_control_checkpoint()){_SUMMARIES}) from pg_roles)"""
"""What rows' ages cannot tell: role names, which are in owners, grants and policies, catalogs that
are not scanned, and that this is still the same line of history (a restored server counts
transactions anew)."""

DECLARE: Final = (
    f"stamp text; roles text := {ROLES}; first_age int8 := age('3'::xid); most_age int; "
    "counts int8[]; older int8[]; watched int8[]; kept int8[]; keys int8[];"
)
"""The variables that `scan` sets, and two that it needs: what is computed once is not computed for
each row. counts: of each catalog's rows; watched: of those that only describe others. older, kept:
how many of them are older than the age, if there is one. keys: of the objects that the younger rows
touch."""

CLUSTER: Final = """(select system_identifier || ' ' || pg_postmaster_start_time()
    from pg_control_system())"""
"""The server as long as it runs."""

GATHERED: Final = "supasync.gathered"
"""The setting with a hash over all that was gathered."""

# (ctid, xmin) as one number. initdb's rows have a permanent xmin, whose age does not move with time
# as that of the first normal one does: null, and of no weight until they are written.
_HASH: Final = "hashtidextended(ctid, nullif(age(xmin), 2147483647)::int8 - first_age)"


def scan(age: str | None = None) -> str:
    """plpgsql statements: the pass. age: rows not older than this many transactions are new."""
    parts = "\nunion all ".join(
        _part(number, rows, aged=age is not None) for number, rows in enumerate(_ROWS)
    )
    return f"""{f"most_age := {age};" if age else ""}
with s(n, total, hash, total_old, w, w_old, touched) as materialized ({parts})
select md5(concat_ws(';', current_database(), roles,
    nullif(current_setting('{GATHERED}', true), ''),  -- '' once a session has had it
    string_agg(total || ':' || coalesce(hash, 0), ',' order by n))),
  array_agg(total order by n), array_agg(total_old order by n),
  array_agg(w order by n) filter (where w is not null),
  array_agg(w_old order by n) filter (where w is not null),
  array(select distinct k from s, unnest(touched) k where k is not null)
into stamp, counts, older, watched, kept, keys from s;"""


_NEW: Final = "age(xmin) <= most_age"


def _part(number: int, rows: Rows, *, aged: bool) -> str:
    total, keys, new = "count(*)", "null::int8[]", f"count(*) filter (where {_NEW})"
    if rows.touches:  # each with as many keys
        keys = ", ".join(key(catalog, oid) for catalog, oid in rows.touches)
        keys = f"array_agg(array[{keys}]) filter (where {_NEW})"
        new = f"coalesce(array_length({keys}, 1), 0)"
    told = told_new = "null::int8"
    if rows.counted == "true":
        told, told_new = total, new
    elif rows.counted:
        told = f"count(*) filter (where {rows.counted})"
        told_new = f"count(*) filter (where {_NEW} and ({rows.counted}))"
    old = [f"{total} - {new}", f"{told} - {told_new}", keys] if aged else ["0", "0", "null::int8[]"]
    return f"""select {number}, {total}, bit_xor({_HASH}), {old[0]}, {told}, {old[1]}, {old[2]}
  from {rows.catalog} where {rows.where}"""


def number(catalog: str) -> int:
    """The place of a catalog in `counts` and `older`, as SQL counts: from 1."""
    return 1 + next(place for place, rows in enumerate(_ROWS) if rows.catalog == catalog)


def key(catalog: str, oid: str) -> str:
    """One int8 for an address without its sub id."""
    return f"(({catalog})::oid::int8 << 32 | {oid}::int8)"


def age_of(horizon: str) -> str:
    """The age below which a row may have been written since `horizon` (an xid8 as text)."""
    return f"age(xid('{int(horizon)}'::xid8))"


HORIZON: Final = """(case
  when pg_snapshot_xmin(pg_current_snapshot()) = pg_current_xact_id_if_assigned()
    then (pg_current_xact_id_if_assigned()::text::int8 + 1)::text
  else pg_snapshot_xmin(pg_current_snapshot())::text end)"""
"""An xid8 as text: every transaction before it was finished and visible to this look.

The look's own transaction is, too, when it writes and none before it is still running.
"""


def still(session: Mapping[str, Any], horizon: str) -> str:
    """A condition: this is the same database of the same server, and no transaction has ended since
    a look saw all before `horizon`. What is visible is then the same, as long as neither the look's
    transaction wrote afterwards nor the own one has.

    session: of the look's document. horizon: an xid8 as text.
    https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
    """
    return f"""(pg_current_xact_id_if_assigned() is null
  and pg_snapshot_xmax(pg_current_snapshot())::text = {literal(str(int(horizon)))}
  and current_database() = {literal(str(session["database"]))}
  and {CLUSTER} = {literal(str(session["cluster"]))})"""
