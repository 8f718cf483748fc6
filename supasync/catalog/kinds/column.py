from __future__ import annotations

from collections.abc import Sequence as Seq
from dataclasses import dataclass, replace

from supasync.catalog.kinds import _column, _identity, _not_null
from supasync.catalog.kinds._column_risks import Risks
from supasync.catalog.kinds._relation import foreign_options
from supasync.catalog.object import Id, Object, Part, beside
from supasync.sql import ident, literal


@dataclass(frozen=True, kw_only=True)
class Column(Risks):
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
        if self.follows:
            return [text for part in parts for text in part.object.create(part.parts)]
        if self.identity and self.has_children:
            return self._create_counted()
        add = f"add column {self.inline(parts)}"
        if self.local is not False:
            return [f"alter table {self.table} {add}"]
        return self.given("()", add)

    def _create_counted(self) -> list[str]:
        """An identity is not added to a table with children; numbers for its rows are."""
        plain, sequence = replace(self, identity=None), self.donor
        count = f"default nextval({literal(sequence)})"
        return [
            f"create sequence {sequence}",
            f"alter table {self.table} add column {plain.inline()} {count}",
            *self._alter("drop default"),
            f"drop sequence {sequence}",
            *self.alter_identity(plain),
        ]

    def dress(self, creator: str, born: object) -> list[str]:
        return [
            *(self._deviate() if self.brought else []),
            *self._adorn(),
            *_not_null.complete(self.table, self.name, self.not_null_place, self.not_null_as),
            *super().dress(creator, None),
        ]

    def _adorn(self) -> list[str]:
        """What ADD COLUMN has no words for."""
        names = ("storage", "compression", "statistics", "options")
        own = [name for name in names if getattr(self, name) is not None]
        if not own:
            return []
        plain = replace(self, storage=None, compression=None, statistics=None, options=None)
        return [text for name in own for text in getattr(self, f"alter_{name}")(plain)]

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
        only = "only " if self.outlived else ""
        return [] if self.follows else [f"alter table {only}{self.table} drop column {self.name}"]

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
            return [] if aside.follows else [self._update(value)]
        # a rewrite and no UPDATE: that would fire triggers and need a replica identity
        rewrite = f"type {self.type}{self.collate_clause()} using {value}"
        if self.local is not False:
            return self._alter(rewrite)
        was = f"{aside.name} {aside.type}{aside.collate_clause()}"
        return [
            f"alter table {self.donor} add column {was}",
            f"alter table {self.donor} alter column {self.name} {rewrite}",
            f"alter table {self.donor} drop column {aside.name}",
            *(self._alter("set not null") if self.not_null else []),
        ]

    def _update(self, value: str) -> str:
        """What was the table's own is inherited now: rewriting it is not its own to say."""
        return f"update only {self.table} set {self.name} = {value}"

    def bare(self) -> Column:
        return replace(
            self, not_null=False, not_null_as=None, identity=None, identity_sequence=None
        )

    def rehome(self) -> list[str] | None:
        if self.generated or self.relkind == "p":
            return None
        return self._retype()


def _position(column: Object) -> int:
    return column.order if isinstance(column, Column) else 0
