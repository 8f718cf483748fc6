from __future__ import annotations

from collections.abc import Sequence as Seq
from dataclasses import dataclass, replace

from supasync.catalog.kinds import _column, _identity, _not_null
from supasync.catalog.kinds._relation import change_foreign_options, foreign_options
from supasync.catalog.object import Id, Object, Part, beside
from supasync.sql import ident, literal

STORAGE = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
COMPRESSION = {"p": "pglz", "l": "lz4"}


@dataclass(frozen=True, kw_only=True)
class Column(_column.Fields):
    """A column of a table, without its default, which is an object of its own."""

    label = "COLUMN"
    query = _column.QUERY
    holds_data = True
    disturbs = frozenset({"type", "collation"})
    group = 2

    @classmethod
    def displaced(cls, old: Seq[Object], new: Seq[Object]) -> set[Id]:
        """A new column comes last: those that shall stand after one have to be made again."""
        stay = [c.id for c in sorted(old, key=_position)]
        want = [c.id for c in sorted(new, key=_position)]
        same = 0
        while same < min(len(stay), len(want)) and stay[same] == want[same]:
            same += 1
        return set(stay[same:])

    # ── coming and going ─────────────────────────────────────────────────────────────────────
    def inline(self, parts: tuple[Part, ...] = ()) -> str:
        words = [self.name, self.type]
        if self.foreign_options:
            words.append(f"options ({foreign_options(self.foreign_options)})")
        if self.collation:
            words.append(f"collate {self.collation}")
        if self.generated:
            kind = "stored" if self.generated == "s" else "virtual"
            words.append(f"generated always as ({self.expression}) {kind}")
        words += [part.object.inline(part.parts) for part in parts]
        if self.identity:
            words.append(_identity.clause(self.identity, self.identity_sequence))
        if self.not_null:
            words.append(_not_null.clause(self.not_null_as))
        return " ".join(filter(None, words))

    def again(self) -> str:
        """A NOT NULL of its own, beside that of the parents."""
        if self.not_null_name is None or not _not_null.of(self.not_null_as).own:
            return ""
        return f"{_not_null.clause(self.not_null_as)} {self.name}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        if self.brought:
            return [text for part in parts for text in part.object.create(part.parts)]
        return [f"alter table {self.table} add column {self.inline(parts)}"]

    def dress(self, creator: str, born: object) -> list[str]:
        plain = replace(self, storage=None, compression=None, statistics=None, options=None)
        return [
            *(self._deviate() if self.brought else []),
            *(
                statement
                for name in ("storage", "compression", "statistics", "options")
                if getattr(self, name) is not None
                for statement in getattr(self, f"alter_{name}")(plain)
            ),
            *_not_null.complete(self.table, self.name, self.not_null_place, self.not_null_as),
            *super().dress(creator, None),
        ]

    def _deviate(self) -> list[str]:
        """What is not as the parents have it."""
        default, not_null, _ = self.parents or (False, False, None)
        statements = []
        if default and not self.has_default:
            statements += self._alter("drop default", only=True)
        if self.not_null != not_null:
            statements += self.alter_not_null(self)
        return statements

    def drop(self) -> list[str]:
        return [] if self.follows else [f"alter table {self.table} drop column {self.name}"]

    # ── moving ───────────────────────────────────────────────────────────────────────────────
    def set_aside(self) -> Column | None:
        if self.generated:  # it holds nothing of its own, and would hold on to what it is made of
            return None
        if self.relkind != "r":
            return None
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        if self.follows:
            return []
        statements = [
            f"alter table {self.table} rename column {self.name} to {ident(other.id[-1])}"
        ]
        if self.identity_sequence:
            sequence = self.identity_sequence[:2]
            aside = ident(beside(sequence[1]))
            statements.append(f"alter sequence {ident(*sequence)} rename to {aside}")
        if self.not_null_name:
            names = f"{ident(self.not_null_name)} to {ident(beside(self.not_null_name))}"
            statements.append(f"alter table {self.table} rename constraint {names}")
        return statements

    def carry(self, aside: Object) -> list[str]:
        if not isinstance(aside, Column) or self.generated:
            return []
        # through text: a type of the same name may be another one by now
        value = f"{ident(aside.id[-1])}::text::{self.plain_type}"
        if self.follows:
            # what was the table's own is now inherited, and not its own to rewrite
            own = f"update only {self.table} set {self.name} = {value}"
            return [] if aside.follows else [own]
        # a rewrite and no UPDATE: that would fire triggers and need a replica identity
        return self._alter(f"type {self.type}{self._collate()} using {value}")

    def bare(self) -> Column:
        return replace(
            self, not_null=False, not_null_as=None, identity=None, identity_sequence=None
        )

    def rehome(self) -> list[str] | None:
        if self.generated or self.relkind == "p":
            return None
        return self._retype()

    def _retype(self) -> list[str]:
        if self.follows:
            return []
        using = f" using {self.name}::text::{self.plain_type}" if self.relkind != "f" else ""
        return self._alter(f"type {self.type}{self._collate()}{using}")

    def _collate(self) -> str:
        return f" collate {self.collation}" if self.collation else ""

    # ── changes in place ─────────────────────────────────────────────────────────────────────
    def _alter(self, action: str, *, only: bool = False) -> list[str]:
        table = f"only {self.table}" if only else self.table
        return [f"alter table {table} alter column {self.name} {action}"]

    def alter_position(self, old: Column) -> list[str]:
        return []  # `displaced` has seen to it

    def alter_table_owner(self, old: Column) -> list[str]:
        return []  # the table's

    def alter_local(self, old: Column) -> list[str] | None:
        # what is inherited no more is the table's own
        return [] if self.local in (True, None) or old.local is None else None

    def alter_type(self, old: Column) -> list[str] | None:
        return None if self.generated or self.key else self._retype()

    def alter_collation(self, old: Column) -> list[str] | None:
        return None if self.generated or self.key else self._retype()

    def alter_not_null(self, old: Column) -> list[str]:
        if self.identity != old.identity and not (self.identity and old.identity):
            return []  # part of the identity's coming or going
        if self.not_null:
            brought = self.follows and not _not_null.of(self.not_null_as).own
            return [] if brought else self._set_not_null()
        kept = [
            f"alter table if exists {ident(*table)} alter column {self.name} set not null"
            for table in self.not_null_in or ()
        ]
        return self._alter("drop not null", only=self.relkind != "p") + kept

    def _set_not_null(self) -> list[str]:
        statements = _not_null.add(self.table, self.name, self.not_null_as)
        comment = _not_null.of(self.not_null_as).comment
        return statements + _not_null.comment(self.table, self.not_null_place, None, comment)

    def alter_not_null_as(self, old: Column) -> list[str] | None:
        if not (self.not_null and old.not_null):
            return []  # it comes or goes
        if self.follows and self._not_null_follows and old._not_null_follows:
            return []
        was, now = ((c.not_null_place, c.not_null_as) for c in (old, self))
        return _not_null.change(self.table, was, now)

    @property
    def _not_null_follows(self) -> bool:
        """Whether a parent's constraint of the same name brings this one, and renames it too."""
        return self.not_null_name == (self.parents or (None,))[-1]

    def alter_identity(self, old: Column) -> list[str]:
        if not self.identity:
            nullable = [] if self.not_null else self._alter("drop not null")
            return self._alter("drop identity") + nullable
        clause = _identity.clause(self.identity, self.identity_sequence)
        if old.identity:
            return self._alter(f"set generated {_identity.mode(self.identity)}")
        # the sequence goes on after the rows that are there
        sequence = literal(ident(*(self.identity_sequence or ())[:2]))
        count_on = f"select setval({sequence}, (select max({self.name}) from {self.table}))"
        needed = [] if old.not_null else self._set_not_null()
        return [*needed, *self._alter(f"add {clause}"), count_on]

    def alter_identity_sequence(self, old: Column) -> list[str] | None:
        if not (self.identity and old.identity and self.identity_sequence):
            return []  # it comes and goes with the identity
        was, now = old.identity_sequence or (), self.identity_sequence
        statements = []
        if was[:2] != now[:2]:
            statements.append(f"alter sequence {ident(*was[:2])} rename to {ident(now[1])}")
        if was[0] != now[0]:
            return None
        options = " ".join(f"set {option}" for option in _identity.options(now))
        return statements + self._alter(options)

    def alter_storage(self, old: Column) -> list[str]:
        # SET STORAGE DEFAULT came with PostgreSQL 16
        storage = STORAGE[self.storage or self.usual_storage]
        return self._alter(f"set storage {storage}", only=True)

    def alter_compression(self, old: Column) -> list[str]:
        return self._alter(f"set compression {COMPRESSION.get(self.compression or '', 'default')}")

    def alter_statistics(self, old: Column) -> list[str]:
        target = -1 if self.statistics is None else self.statistics
        return self._alter(f"set statistics {target}", only=True)

    def alter_options(self, old: Column) -> list[str]:
        pairs = [option.partition("=") for option in self.options or ()]
        names = ", ".join(ident(option.partition("=")[0]) for option in old.options or ())
        values = ", ".join(f"{ident(name)} = {literal(value)}" for name, _, value in pairs)
        reset = self._alter(f"reset ({names})") if names else []
        return reset + (self._alter(f"set ({values})") if values else [])

    def alter_foreign_options(self, old: Column) -> list[str]:
        changes = change_foreign_options(old.foreign_options, self.foreign_options)
        table = f"alter foreign table {self.table} alter column {self.name}"
        return [f"{table} options ({changes})"]


def _position(column: Object) -> int:
    return column.order if isinstance(column, Column) else 0
