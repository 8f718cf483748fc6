"""CREATE TABLE with its parts, of a table that may inherit columns from others."""

from __future__ import annotations

from collections.abc import Sequence as Seq

from supasync.catalog.kinds._inherit import Inherited
from supasync.catalog.kinds.inheritance import Inheritance
from supasync.catalog.object import Id, Part, beside
from supasync.sql import ident


def create(head: str, tail: str, path: Id, parts: Seq[Part]) -> list[str]:
    """head: `create table "s"."t"`; tail: what stands behind its columns.

    The columns that parents bring come first, as CREATE TABLE … INHERITS puts them. Where that is
    not their place, a parent is made that brings them one by one and is gone at the end.
    """
    links = [part.object for part in parts if isinstance(part.object, Inheritance)]
    members = [part for part in parts if not isinstance(part.object, Inheritance)]
    brought = [part for part in members if _brought(part)]
    own = [part for part in members if not _brought(part)]
    if not brought:
        return [f"{head} ({_body(own)}){tail}", *(text for link in links for text in link.create())]
    if links and _natural(links, brought + own) != _columns(members):
        return _interleaved(head, tail, path, links, members)
    inherits = f" inherits ({', '.join(link.parent_ref for link in links)})" if links else ""
    later = [text for part in brought for inner in part.parts for text in inner.object.create()]
    names = [part.object.again() for part in brought if isinstance(part.object, Inherited)]
    return [f"{head} ({_body(own, *filter(None, names))}){inherits}{tail}", *later]


def _body(parts: Seq[Part], *more: str) -> str:
    body = ",\n  ".join([*(part.object.inline(part.parts) for part in parts), *more])
    return f"\n  {body}\n" if body else ""


def _brought(part: Part) -> bool:
    return isinstance(part.object, Inherited) and part.object.local is False


def _columns(parts: Seq[Part]) -> list[str]:
    return [part.object.path[-1] for part in parts if part.object.group]


def _natural(links: Seq[Inheritance], members: Seq[Part]) -> list[str]:
    """The columns in the order in which CREATE TABLE … INHERITS would put them."""
    inherited = [name for link in links for name in link.columns or ()]
    return list(dict.fromkeys([*inherited, *_columns(members)]))


def _interleaved(
    head: str, tail: str, path: Id, links: Seq[Inheritance], members: Seq[Part]
) -> list[str]:
    table, donor = ident(*path), ident(path[0], beside(path[1]))
    statements = [f"create table {donor} ()", f"{head} () inherits ({donor}){tail}"]
    for part in members:
        to = donor if _brought(part) else table
        what = "column " if part.object.group else ""
        statements.append(f"alter table {to} add {what}{part.object.inline(part.parts)}")
    statements += [text for link in links for text in link.create()]
    return [*statements, f"alter table {table} no inherit {donor}", f"drop table {donor}"]
