"""What changes of a column in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from supasync.catalog.kinds import _identity, _not_null, _rewrites
from supasync.catalog.kinds._column import Fields
from supasync.catalog.kinds._relation import change_foreign_options
from supasync.sql import ident, literal

STORAGE = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
COMPRESSION = {"p": "pglz", "l": "lz4"}


@dataclass(frozen=True, kw_only=True)
class Alters(Fields):
    def _retype(self, old: Self | None = None) -> list[str]:
        if self.follows:
            return []
        using = f" using {self.name}::text::{self.plain_type}"
        if self.relkind == "f" or (old is not None and self._relabels(old)):
            using = ""
        return self._alter(f"type {self.type}{self.collate_clause()}{using}")

    def _relabels(self, old: Self) -> bool:
        # what a domain says of length is not known of its values
        was = _rewrites.unlimited(old.base_type) if old.type != old.base_type else old.base_type
        return not self.checked and _rewrites.is_relabelling(was, self.base_type)

    def collate_clause(self) -> str:
        return f" collate {self.collation}" if self.collation else ""

    # ── changes in place ─────────────────────────────────────────────────────────────────────
    def _alter(self, action: str, *, only: bool = False) -> list[str]:
        table = f"only {self.table}" if only else self.table
        return [f"alter table {table} alter column {self.name} {action}"]

    def alter_position(self, old: Self) -> list[str]:
        return []  # `displaced` has seen to it

    def alter_table_owner(self, old: Self) -> list[str]:
        return []  # the table's

    def alter_inherited(self, old: Self) -> list[str]:
        return []  # the links see to it

    def alter_local(self, old: Self) -> list[str] | None:
        # what is inherited no more is the table's own
        return [] if self.local in (True, None) or old.local is None else None

    def alter_type(self, old: Self) -> list[str] | None:
        return None if self.generated or self.key else self._retype(old)

    def alter_collation(self, old: Self) -> list[str] | None:
        return None if self.generated or self.key else self._retype(old)

    def alter_not_null(self, old: Self) -> list[str]:
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

    def alter_not_null_as(self, old: Self) -> list[str] | None:
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

    def alter_identity(self, old: Self) -> list[str]:
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

    def alter_identity_sequence(self, old: Self) -> list[str] | None:
        if not (self.identity and old.identity and self.identity_sequence):
            return []  # it comes and goes with the identity
        was, now = old.identity_sequence or (), self.identity_sequence
        statements = []
        if was[:2] != now[:2]:
            statements.append(f"alter sequence {ident(*was[:2])} rename to {ident(now[1])}")
        if was[0] != now[0]:
            return None
        if self.type == old.type:  # else the range has become that of the type
            old_range, new_range = ((int(each[3]), int(each[4])) for each in (was, now))
            statements += _identity.widen(ident(*now[:2]), old_range, new_range)
        options = " ".join(f"set {option}" for option in _identity.options(now))
        return statements + self._alter(options)

    def alter_storage(self, old: Self) -> list[str]:
        # SET STORAGE DEFAULT came with PostgreSQL 16
        storage = STORAGE[self.storage or self.usual_storage]
        return self._alter(f"set storage {storage}", only=True)

    def alter_compression(self, old: Self) -> list[str]:
        return self._alter(f"set compression {COMPRESSION.get(self.compression or '', 'default')}")

    def alter_statistics(self, old: Self) -> list[str]:
        target = -1 if self.statistics is None else self.statistics
        return self._alter(f"set statistics {target}", only=True)

    def alter_options(self, old: Self) -> list[str]:
        pairs = [option.partition("=") for option in self.options or ()]
        names = ", ".join(ident(option.partition("=")[0]) for option in old.options or ())
        values = ", ".join(f"{ident(name)} = {literal(value)}" for name, _, value in pairs)
        reset = self._alter(f"reset ({names})") if names else []
        return reset + (self._alter(f"set ({values})") if values else [])

    def alter_foreign_options(self, old: Self) -> list[str]:
        changes = change_foreign_options(old.foreign_options, self.foreign_options)
        table = f"alter foreign table {self.table} alter column {self.name}"
        return [f"{table} options ({changes})"]
