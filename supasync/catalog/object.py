"""What one kind of PostgreSQL object is: its query, its statements, what it depends on.

A kind is a subclass of `Object` in a file of its own below `kinds/`. Its annotated fields are
what is compared, each with the SQL expression it is read by; `alter_<field>` says how that field
changes in place, and a field without one means rebuild. Owner, comment and grants are here, once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, Self

from supasync.catalog import grants as acl
from supasync.catalog import rights
from supasync.catalog.fields import hint, own_fields, read, reparsed
from supasync.catalog.hazards import Hazard, data_loss
from supasync.catalog.query import Query, Rows
from supasync.catalog.rights import Right
from supasync.catalog.session import Session
from supasync.sql import ident, literal

__all__ = [
    "Id",
    "Object",
    "Part",
    "Query",
    "Rows",
    "beside",
    "hint",
    "own_fields",
    "read",
    "reparsed",
]

Id = tuple[str, ...]
"""("policy", "public", "users", "own rows"): the kind, then the names that identify the object."""


def beside(name: str) -> str:
    """A name of its own, short enough, for what stands aside for a moment."""
    return "supasync_" + hashlib.sha256(name.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Part:
    """An object created inside the statement of another: a column of a new table."""

    object: Object
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Object:
    kind: ClassVar[str]
    label: ClassVar[str]
    """The kind as DDL spells it."""
    query: ClassVar[Query]
    holds_data: ClassVar[bool] = False
    """Dropping one loses rows or a counter."""
    disturbs: ClassVar[frozenset[str]] = frozenset()
    """Fields whose change in place is refused while users exist: they step aside."""
    group: ClassVar[int] = 0
    """Number of leading names shared by siblings whose order matters; 0: order does not."""
    namespaces: ClassVar[tuple[str, ...]] = ()
    """What its name is taken from, shared with other kinds: relation, type."""
    deferred: ClassVar[frozenset[str]] = frozenset()
    """Fields whose change has to wait until everything exists."""
    late: ClassVar[bool] = False
    """Its statements come after everything else's …"""
    drops_early: ClassVar[bool] = False
    """… except its DROP, which comes as early as it can."""
    first: ClassVar[bool] = False
    """Anything may name it: it is made before and dropped after all else."""

    in_dumps: ClassVar[bool] = True
    """Whether the schema as SQL has it."""
    superusers: ClassVar[tuple[str, ...]] = ()
    """What only they may do to it: create, alter."""

    id: Id
    owner: str | None = None
    comment: str | None = None
    grants: tuple[acl.Item, ...] | None = None
    """In ACL order; None is the built-in default."""
    links: tuple[Id, ...] | None = field(default=None, compare=False)
    """What ties it to the object it is inherited from. It is made before them, and goes after."""
    follows: bool = field(default=False, compare=False)
    """One of the links stays: what is done to the object it is inherited from, is done to it."""
    outlived: bool = field(default=False, compare=False)
    """It goes, and what is inherited from it stays."""

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__module__.rpartition(".")[2]

    # ── names ────────────────────────────────────────────────────────────────────────────────
    @property
    def path(self) -> Id:
        return self.id[1:]

    @property
    def ref(self) -> str:
        """The object as statements of its own name it."""
        return ident(*self.path)

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.label} {'.'.join(self.path)}"

    @property
    def schema(self) -> str | None:
        return self.path[0] if self.query.schema else None

    @property
    def acl_target(self) -> str:
        return f"{self.label} {self.ref}"

    @property
    def acl_columns(self) -> str:
        return ""

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        """The names it takes, where kinds share a namespace: ("relation", "public", "users")."""
        return frozenset((space, self.path[0], self.path[-1]) for space in self.namespaces)

    @property
    def has_data(self) -> bool:
        """Whether dropping this very one loses what its kind holds."""
        return self.holds_data

    @property
    def evaluates(self) -> bool:
        """Whether creating it evaluates the expressions in its text."""
        return True

    @property
    def roles(self) -> frozenset[str]:
        """Roles that must exist where this object is created."""
        return acl.roles(self.owner, self.grants)

    def obstacles(self, verb: str, session: Session) -> Iterable[str]:
        """Reasons, besides roles and owners, why the session cannot do this to it."""
        del verb, session
        return ()

    def enables(self, session: Session) -> Session:
        """What the session is once this was made."""
        return session

    def disarmed(self, old: Self | None) -> str:
        """What is left undone on purpose where it is made or changed; "" for nothing."""
        del old
        return ""

    # ── place ────────────────────────────────────────────────────────────────────────────────
    @property
    def leader(self) -> Id | None:
        """The object whose CREATE (and DROP) can carry this one."""
        return None

    @property
    def precedes_leader(self) -> bool:
        """Whether it is created before its leader although it belongs to it."""
        return False

    @property
    def with_leader(self) -> bool:
        """Whether it is only rebuilt together with its leader."""
        return False

    @property
    def inlined(self) -> bool:
        """Whether its leader's CREATE can say it."""
        return False

    @property
    def essential(self) -> bool:
        """Whether its leader cannot be without it: then its leader's statements move it, too."""
        return False

    @property
    def order(self) -> int:
        """Its place among its siblings, where order matters."""
        return 0

    @classmethod
    def initial(cls) -> tuple[Self, ...]:
        """What every new database has of the kind."""
        return ()

    @classmethod
    def displaced(cls, old: Sequence[Self], new: Sequence[Self]) -> set[Id]:
        """Of siblings that stay (`old`) and shall be (`new`): which cannot keep their place."""
        del old, new
        return set()

    # ── statements ───────────────────────────────────────────────────────────────────────────
    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        raise NotImplementedError(f"{type(self).__name__}.create")

    def inline(self, parts: tuple[Part, ...] = ()) -> str:
        """What its leader's CREATE says of it."""
        del parts
        raise NotImplementedError(f"{type(self).__name__}.inline")

    def settle(self) -> list[str]:
        """Statements that, after its creation, undo what default privileges did to what it brings
        along."""
        return []

    def finish(self) -> list[str]:
        """What has to wait until everything exists."""
        return []

    def finish_alone(self) -> list[str]:
        """As `finish`, of what its leader's CREATE does not say."""
        return []

    def drop(self) -> list[str]:
        return [f"drop {self.label} {self.ref}"]

    def set_aside(self) -> Self | None:
        """This object under another name, to be dropped when its users have moved; None: cannot."""
        return None

    def stub(self) -> Self | None:
        """This object without its body, for what needs the object and is needed by the body.

        Nothing may be computed from one: what evaluates it fails. None: it has none.
        """
        return None

    def alters_alone(self, old: Self) -> list[str] | None:
        """As `alters`, while nothing uses it for which a stub would not do."""
        return self.alters(old)

    def resume(self) -> list[str]:
        """Statements that make a counter go on after the rows that are already there."""
        return []

    def finish_alter(self, old: Self) -> list[str]:
        """As `finish`, for the deferred fields that differ."""
        return [
            statement
            for name in self.differing(old)
            if name in self.deferred
            for statement in getattr(self, f"alter_{name}")(old)
        ]

    def rename_to(self, other: Self) -> list[str]:
        """Statements that give this object the name of `other`."""
        del other
        return []

    def carry(self, aside: Self) -> list[str]:
        """Statements that bring the data over from the object that was set aside."""
        del aside
        return []

    def rehome(self) -> list[str] | None:
        """Statements that attach this object to a rebuilt one it uses; None: it is rebuilt too."""
        return None

    def alter_comment(self, old: Self) -> list[str]:
        del old
        return [f"comment on {self.label} {self.ref} is {literal(self.comment)}"]

    def alter_owner(self, old: Self) -> list[str]:
        del old
        return [f"alter {self.label} {self.ref} owner to {ident(self.owner or '')}"]

    def alter_grants(self, old: Self) -> list[str]:
        kind, owner = self.query.acl_type.strip("'"), self.acl_owner
        before = acl.reowned(old.grants, old.acl_owner, owner)
        was = acl.DEFAULTS(kind, owner) if before is None else before
        now = acl.DEFAULTS(kind, owner) if self.grants is None else self.grants
        return acl.change(was, now, self.acl_target, owner, self.acl_columns)

    @property
    def acl_owner(self) -> str:
        return self.owner or ""

    def regrant(self) -> list[str]:
        """Statements that make all its grants anew."""
        return acl.regrant(self.grants or (), self.acl_target, self.acl_owner, self.acl_columns)

    def births(self) -> Iterable[tuple[tuple[str, str, str], tuple[acl.Item, ...]]]:
        """((creator, schema, acl type letter), ACL) that objects created later are born with."""
        return ()

    def bare(self) -> Self:
        """This object as it has to be while data is carried over into it."""
        return self

    def new_literals(self, old: Self) -> tuple[str, ...]:
        """Literals that no other statement of the same transaction may use after the change."""
        del old
        return ()

    def alters(self, old: Self) -> list[str] | None:
        """What turns `old` into this in place; None when only a rebuild can."""
        statements: list[str] = []
        for name in self.differing(old):
            if name in self.deferred:
                continue
            rule = getattr(self, f"alter_{name}", None)
            part = rule(old) if rule is not None else None
            if part is None:
                return None
            statements += part
        return statements

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        """Owner, grants and comment of an object just created by `creator`, born with an ACL."""
        statements = self.alter_owner(self) if self.owner not in (None, creator) else []
        granted = acl.reowned(born, creator, self.acl_owner)
        if granted != self.grants:
            owner = None if self.owner is None else creator
            statements += self.alter_grants(replace(self, owner=owner, grants=granted))
        if self.comment is not None:
            statements += self.alter_comment(self)
        return statements

    # ── rights and risks ─────────────────────────────────────────────────────────────────────
    @property
    def owner_needs(self) -> Right | None:
        """What a role has to have that it is to own."""
        return rights.creates_in(self.schema) if self.schema else None

    def costs(self, how: str, old: Self | None, parts: tuple[Part, ...]) -> Iterable[Hazard]:
        """What it costs to create it beside rows that are there, alter, move, carry or drop it.

        old: what is altered, moved or carried over.
        """
        del old, parts
        return [data_loss(self.title)] if how == "drop" and self.has_data else []

    def widens(self, old: Self | None, how: str) -> Iterable[str]:
        """How more is allowed than before. old: None where it comes or goes on what may stay."""
        del how
        if old is None:
            return
        if self.owner != old.owner:
            yield f"belongs to {self.owner} now"
        if self.grants is old.grants is None:  # by default, both
            return
        before = acl.reowned(old.effective_grants, old.acl_owner, self.acl_owner)
        for grantee, names in acl.gained(before or (), self.effective_grants, self.acl_owner):
            yield f"{grantee} gains {', '.join(names)}"

    def requires(self, verb: str) -> Iterable[Right]:
        """What the statement takes whoever runs it, superusers too."""
        del verb
        return ()

    def needs(self, old: Self | None, verb: str) -> Iterable[Right]:
        """What the statement takes beside the rights of the object's own owner.

        verb: create, alter or drop; old: what is altered.
        """
        del old
        if verb in self.superusers:
            yield rights.superuser(self.label.lower())
        if self.query.owner == "null::oid":
            if self.leader is not None and self.leader[2:]:
                yield rights.owns_relation(*self.leader[1:3])
        elif verb == "create" and self.schema is not None:
            yield rights.creates_in(self.schema)

    @property
    def effective_grants(self) -> tuple[acl.Item, ...]:
        if self.grants is not None or self.query.acl_type == "null":
            return self.grants or ()
        return acl.DEFAULTS(self.query.acl_type.strip("'"), self.acl_owner)

    def disturbed(self, old: Self) -> bool:
        """Whether turning `old` into this in place is refused while users exist."""
        return not self.disturbs.isdisjoint(self.differing(old))

    # ── comparison ───────────────────────────────────────────────────────────────────────────
    def differing(self, old: Self) -> tuple[str, ...]:
        """Names of the fields in which the two differ."""
        names = [f.name for f in fields(self) if f.compare and f.name != "id"]
        # owner first: grants are made by the owner that shall be
        names.sort(key=lambda name: name != "owner")
        return tuple(name for name in names if getattr(self, name) != getattr(old, name))

    def same_but_reparsed(self, other: Self) -> bool:
        """True when only texts that the server prints from a parse tree differ."""
        texts = {f.name for f in fields(self) if f.metadata.get("reparsed")}
        return set(self.differing(other)) <= texts
