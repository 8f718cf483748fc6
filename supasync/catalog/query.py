"""How the rows of a kind are read: SQL by its parts, which the engine composes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NEAR: Final = "/*near*/"
"""A place in `Query.tables`: see `Query.near`."""


@dataclass(frozen=True)
class Rows:
    """Rows of one catalog that tell of a change. where: leaves out initdb's, as far as DDL does
    not change them.

    touches: (catalog, oid) of the objects that a row is, stands for or describes.
    counted: of rows that only describe other objects: deleting one leaves no other trace.
    """

    catalog: str
    where: str = "true"
    touches: tuple[tuple[str, str], ...] = ()
    counted: str | None = None


@dataclass(frozen=True, kw_only=True)
class Query:
    """How a kind's rows are read. All strings are SQL over the aliases in `tables`.

    `namespace` stands for pg_namespace with one more column, `managed`: the schema is the
    platform's or PostgreSQL's own.
    """

    catalog: str
    """The pg_catalog relation that is this kind's class in pg_depend and pg_description."""
    tables: str
    near: str = ""
    """A column, the oid of `anchor`, of a subquery in `tables`; its condition has NEAR in it. Where
    few objects are read, the subquery is about these."""
    path: str
    """Expressions of the names, in order."""
    oid: str
    sub: str = "0"
    where: str = "true"
    schema: str | None = None
    """The `namespace` alias of the schema the object lives in; None for objects outside schemas."""
    anchor: tuple[str, str] | None = None
    """(catalog, oid) of what decides about extension membership; None: the object itself."""
    owner: str = "null::oid"
    acl: str = "null::aclitem[]"
    acl_type: str = "null"
    """The type letter acldefault() knows; null where the kind has no grants."""
    acl_owner: str | None = None
    """Whose object it is as far as grants go, where the kind itself has no owner (columns)."""
    ours_in_managed: str = "false"
    """When an object inside a schema of the platform is the user's all the same."""
    aliases: str = ""
    """Other pg_depend addresses that mean this object: (cls, oid, sub, to_cls, to_oid, to_sub)."""
    edges: str = ""
    """Dependencies that pg_depend does not record, in the same six columns."""
    order: str = ""
    """As edges, but they only order: the user is not made anew with what it uses."""
    apart: str = ""
    """Rows of pg_depend, in the same six columns, that tell of this object and not of the one at
    their address: that a table is a partition, for one."""
    stub_uses: str = ""
    """Of a kind with a `stub`: what that depends on too, in the same six columns."""
    sort: str = ""
    """What rows of a shared catalog it is: pg_class.relkind, pg_type.typtype (and its relkind).
    Several are separated by commas."""
    summary: str | None = None
    """A text as SQL that changes when its rows do, for a catalog that not every role may read: no
    pass over the rows is made then."""
    omits: tuple[tuple[str, str], ...] = ()
    """What is not carried of its objects: a plural for people, and the condition."""
    rows: tuple[Rows, ...] = ()
    """Further catalog rows that it is printed from, or other rows of its own catalog that count
    than those with an oid that initdb has not given (see scan.py)."""
    gather: str = ""
    gather_from: str = ""
    """For rows that have no date (see gathered.py): a query of all, and the table it is about."""
