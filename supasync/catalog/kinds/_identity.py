"""What a column says of the sequence behind its identity."""

from __future__ import annotations

from typing import Final

from supasync.sql import ident

SEQUENCE: Final = """(
    select json_build_array(sn.nspname, sc.relname, s.seqincrement::text, s.seqmin::text,
      s.seqmax::text, s.seqstart::text, s.seqcache::text, s.seqcycle::text)
    from pg_depend o join pg_sequence s on s.seqrelid = o.objid
      join pg_class sc on sc.oid = s.seqrelid
      join pg_namespace sn on sn.oid = sc.relnamespace
    where o.classid = 'pg_class'::regclass and o.refclassid = 'pg_class'::regclass
      and o.refobjid = a.attrelid and o.refobjsubid = a.attnum and o.deptype = 'i')"""
"""Of the identity column `a`: its sequence's names and parameters."""

Sequence = tuple[str, ...]


def mode(letter: str | None) -> str:
    return "always" if letter == "a" else "by default"


def options(sequence: Sequence) -> list[str]:
    increment, low, high, start, cache, cycle = sequence[2:]
    return [
        f"increment by {increment}",
        f"minvalue {low}",
        f"maxvalue {high}",
        f"start with {start}",
        f"cache {cache}",
        "cycle" if cycle == "true" else "no cycle",
    ]


def clause(letter: str, sequence: Sequence | None) -> str:
    named = ""
    if sequence is not None:
        named = f"sequence name {ident(*sequence[:2])} {' '.join(options(sequence))}"
    return f"generated {mode(letter)} as identity ({named})"
