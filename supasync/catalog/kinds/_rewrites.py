"""Which changes of a column's type leave its table's file as it is.

ATColumnChangeRequiresRewrite in src/backend/commands/tablecmds.c: the conversion is nothing but a
relabelling, a length coercion that its support function takes away (varchar_support and the like),
a domain without constraints, or timestamp to timestamptz and back in a session whose zone is UTC.
"""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\((-?\d+(?:,-?\d+)?)\)")

_TIMES = (
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
)
_MOST_DIGITS = 6
"""Digits of a second that a time has without a precision."""
_ANY = 20000

_ROUNDED = frozenset(
    {
        *((one, "real") for one in ("integer", "bigint", "numeric", "double precision")),
        *((one, "double precision") for one in ("bigint", "numeric")),
        *((one, other) for one in _TIMES[:2] for other in ("date", *_TIMES[2:])),
        ("time with time zone", "time without time zone"),
    }
)
"""What a conversion through text takes without an error although the value may be another."""

_OIDS = (
    *("regproc", "regprocedure", "regoper", "regoperator", "regclass", "regcollation", "regtype"),
    *("regconfig", "regdictionary", "regrole", "regnamespace"),
)
_RELABELLED = frozenset(
    {
        *(("character varying", "text"), ("text", "character varying")),
        *(("text", "bpchar"), ("character varying", "bpchar")),
        *(("cidr", "inet"), ("bit", "bit varying")),
        *(("xml", "text"), ("xml", "character varying"), ("xml", "bpchar")),
        *(("integer", "oid"), ("oid", "integer")),
        *((one, other) for one in _OIDS for other in ("oid", "integer")),
        *((one, other) for one in ("oid", "integer") for other in _OIDS),
        *(("regproc", "regprocedure"), ("regprocedure", "regproc")),
        *(("regoper", "regoperator"), ("regoperator", "regoper")),
        *(("timestamp without time zone", "timestamp with time zone"),),
        *(("timestamp with time zone", "timestamp without time zone"),),
    }
)
"""pg_cast's binary-coercible pairs, as far as an assignment takes them, and the two timestamps."""

BASE = """case t.typtype when 'd' then (with recursive d(base, mod) as (
      select t.typbasetype, t.typtypmod
      union all select b.typbasetype, case when d.mod < 0 then b.typtypmod else d.mod end
        from d join pg_type b on b.oid = d.base and b.typtype = 'd')
    select format_type(d.base, d.mod) from d join pg_type u on u.oid = d.base
    where u.typtype <> 'd') else format_type(a.atttypid, a.atttypmod) end"""
"""SQL over pg_attribute `a` and its pg_type `t`: the type below all domains."""

CHECKED = """t.typtype = 'd' and exists (with recursive d(oid, base, nn) as (
      select t.oid, t.typbasetype, t.typnotnull
      union all select b.oid, b.typbasetype, b.typnotnull
        from d join pg_type b on b.oid = d.base and b.typtype = 'd')
    select from d where d.nn or exists (select from pg_constraint k
      where k.contypid = d.oid and k.contype = 'c'))"""
"""SQL over pg_type `t`: a domain with a constraint, its own or that of one below."""

# the functions in an expression tree, as nodeToString prints it; nextval for an identity is none
VOLATILE = """(strpos({0}::text, 'funcid ') > 0 and exists (
    select from pg_proc f join regexp_matches({0}::text,
      ':(?:funcid|opfuncid) ([0-9]+)', 'g') x on f.oid = x[1]::oid
    where f.provolatile = 'v'))"""
"""SQL over a pg_node_tree: it calls something volatile. Without what inlining makes of it."""


def is_relabelling(old: str, new: str) -> bool:
    """Whether ALTER … TYPE without USING leaves every row as it is. Types as format_type prints."""
    (was, old_numbers), (now, new_numbers) = _split(old), _split(new)
    if old == new or (was == now and not new_numbers):
        return True
    if (was, now) in _RELABELLED or _is_citext(was, now) or _is_citext(now, was):
        # a length that the old type did not have has to be checked
        return not new_numbers or (now in _TIMES and new_numbers == (_MOST_DIGITS,))
    return was == now and _lengthens(was, old_numbers, new_numbers)


def _lengthens(name: str, old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    """Whether the support function of the type's length coercion takes it away."""
    if name == "numeric":  # as many digits after the point, and at least as many in all
        return bool(old) and old[1:] == new[1:] and new[0] >= old[0]
    wider = bool(old) and new >= old
    if name in _TIMES or (name.startswith("interval") and not name.endswith("[]")):
        return wider or new == (_MOST_DIGITS,)
    return wider and name in ("character varying", "bit varying")


def is_text(old: str, new: str) -> bool:
    """Whether a conversion that goes through text leaves every row as it is."""
    texts = ("text", "character varying")
    was = _split(old)[0]
    return (was in (*texts, "xml") or _names_citext(was)) and (
        new in (*texts, "bpchar") or _names_citext(new)
    )


def unlimited(type_: str) -> str:
    """The type without length or precision."""
    return _split(type_)[0]


def rounds(old: str, new: str) -> bool:
    """Whether the conversion may make a value another one without an error."""
    (was, _), (now, _) = _split(old), _split(new)
    return (was, now) in _ROUNDED or _digits(new) < _digits(old)


def _digits(type_: str) -> int:
    """The most digits that a value of the type has after the point; of other types 0."""
    name, numbers = _split(type_)
    if name == "numeric":
        return (*numbers, 0)[1] if numbers else _ANY
    if name in _TIMES or name.startswith("interval"):
        return numbers[0] if numbers else _MOST_DIGITS
    return _ANY if name in ("real", "double precision") else 0


def _is_citext(one: str, other: str) -> bool:
    return _names_citext(one) and other in ("text", "character varying")


def _names_citext(name: str) -> bool:
    return name.rpartition(".")[2] == "citext"


def _split(type_: str) -> tuple[str, tuple[int, ...]]:
    """("numeric", (5, 2)), ("timestamp with time zone", (3,))."""
    found = _NUMBERS.search(type_)
    if found is None:
        return type_, ()
    return _NUMBERS.sub("", type_, count=1), tuple(int(n) for n in found[1].split(","))
