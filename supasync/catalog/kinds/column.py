from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Seq
from dataclasses import dataclass, replace

from supasync.catalog import hazards, rights
from supasync.catalog.hazards import Hazard
from supasync.catalog.kinds import _rewrites
from supasync.catalog.kinds._relation import ORDINARY
from supasync.catalog.kinds.default import Default
from supasync.catalog.object import Id, Object, Part, Query, beside, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident, literal

STORAGE = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
COMPRESSION = {"p": "pglz", "l": "lz4"}


@dataclass(frozen=True, kw_only=True)
class Column(Object):
    """A column of an ordinary table, without its default, which is an object of its own."""

    label = "COLUMN"
    query = Query(
        catalog="pg_class",
        sort="r",
        tables="""pg_attribute a join pg_class c on c.oid = a.attrelid
            join namespace n on n.oid = c.relnamespace
            join pg_type t on t.oid = a.atttypid
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
              and a.attgenerated <> ''
            left join (select attrelid, array_agg(attnum) as gone from pg_attribute
              where attisdropped group by attrelid) g on g.attrelid = a.attrelid""",
        where=f"{ORDINARY} and a.attnum > 0 and not a.attisdropped",
        oid="a.attrelid",
        sub="a.attnum::int",
        path="n.nspname, c.relname, a.attname",
        schema="n",
        anchor=("pg_class", "a.attrelid"),
        acl="a.attacl",
        acl_type="'c'",
        acl_owner="c.relowner",
        # a generated column is its expression: what that uses, the column uses
        aliases="""select 'pg_attrdef'::regclass::oid, d.oid, 0, 'pg_class'::regclass::oid,
                d.adrelid, d.adnum::int
            from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where a.attgenerated <> ''""",
        edges="""select 'pg_class'::regclass::oid, a.attrelid, a.attnum::int,
                'pg_class'::regclass::oid, a.attrelid, 0
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
              and a.attrelid >= 16384""",
    )
    holds_data = True
    disturbs = frozenset({"type", "collation"})
    group = 2
    position: int = read(
        """a.attnum - coalesce((select count(*) from unnest(g.gone) x where x < a.attnum), 0)"""
    )
    type: str = read("format_type(a.atttypid, a.atttypmod)")
    collation: str | None = read(
        "case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end"
    )
    not_null: bool = read("a.attnotnull")
    generated: str | None = read("nullif(a.attgenerated, '')")
    expression: str | None = reparsed("pg_get_expr(d.adbin, d.adrelid)")
    identity: str | None = read("nullif(a.attidentity, '')")
    identity_sequence: tuple[str, ...] | None = read(
        """case when a.attidentity <> '' then (
            select json_build_array(sn.nspname, sc.relname, s.seqincrement::text, s.seqmin::text,
              s.seqmax::text, s.seqstart::text, s.seqcache::text, s.seqcycle::text)
            from pg_depend o join pg_sequence s on s.seqrelid = o.objid
              join pg_class sc on sc.oid = s.seqrelid
              join pg_namespace sn on sn.oid = sc.relnamespace
            where o.classid = 'pg_class'::regclass and o.refclassid = 'pg_class'::regclass
              and o.refobjid = a.attrelid and o.refobjsubid = a.attnum and o.deptype = 'i') end"""
    )
    storage: str | None = read("case when a.attstorage <> t.typstorage then a.attstorage end")
    usual_storage: str = hint("t.typstorage")
    plain_type: str = hint("format_type(a.atttypid, -1)")
    """Without length or precision: a cast to those would cut, the assignment to them refuses."""
    base_type: str = hint(_rewrites.BASE)
    checked: bool = hint(_rewrites.CHECKED)
    """Its type is a domain with constraints."""
    compression: str | None = read("nullif(a.attcompression, '')")
    statistics: int | None = read("nullif(a.attstattarget, -1)")
    options: tuple[str, ...] | None = read("a.attoptions")
    table_owner: str = read("pg_get_userbyid(c.relowner)")

    # ── names ────────────────────────────────────────────────────────────────────────────────
    @property
    def table(self) -> str:
        return ident(*self.path[:2])

    @property
    def name(self) -> str:
        return ident(self.path[2])

    @property
    def acl_target(self) -> str:
        return f"TABLE {self.table}"

    @property
    def acl_columns(self) -> str:
        return f" ({self.name})"

    @property
    def acl_owner(self) -> str:
        return self.table_owner

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        """An identity's sequence takes a name too."""
        sequence = self.identity_sequence
        return frozenset({("relation", *sequence[:2])}) if sequence else frozenset()

    # ── place ────────────────────────────────────────────────────────────────────────────────
    @property
    def leader(self) -> Id:
        return ("table", *self.path[:2])

    @classmethod
    def displaced(cls, old: Seq[Object], new: Seq[Object]) -> set[Id]:
        """A new column comes last: those that shall stand after one have to be made again."""
        stay = [c.id for c in sorted(old, key=_position)]
        want = [c.id for c in sorted(new, key=_position)]
        same = 0
        while same < min(len(stay), len(want)) and stay[same] == want[same]:
            same += 1
        return set(stay[same:])

    @property
    def inlined(self) -> bool:
        return True

    @property
    def order(self) -> int:
        return self.position

    # ── statements ───────────────────────────────────────────────────────────────────────────
    def inline(self, parts: tuple[Part, ...] = ()) -> str:
        words = [self.name, self.type]
        if self.collation:
            words.append(f"collate {self.collation}")
        if self.generated:
            kind = "stored" if self.generated == "s" else "virtual"
            words.append(f"generated always as ({self.expression}) {kind}")
        words += [part.object.inline(part.parts) for part in parts]
        if self.identity:
            words.append(self._identity())
        if self.not_null:
            words.append("not null")
        return " ".join(words)

    def _count_on(self) -> list[str]:
        """The identity's sequence goes on after the rows that are there."""
        sequence = literal(ident(*(self.identity_sequence or ())[:2]))
        return [f"select setval({sequence}, (select max({self.name}) from {self.table}))"]

    def _identity(self) -> str:
        return f"generated {_mode(self.identity)} as identity ({_sequence(self.identity_sequence)})"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"alter table {self.table} add column {self.inline(parts)}"]

    def dress(self, creator: str, born: object) -> list[str]:
        return [
            statement
            for name in ("storage", "compression", "statistics", "options")
            if getattr(self, name) is not None
            for statement in getattr(self, f"alter_{name}")(
                replace(self, storage=None, compression=None, statistics=None, options=None)
            )
        ] + super().dress(creator, None)

    def costs(self, how: str, old: Column | None, parts: tuple[Part, ...]) -> list[Hazard]:
        found = []
        if self._rewritten(how, old, parts):
            found.append(hazards.table_rewrite(self.title))
        if how == "drop" and not self.generated:
            found.append(hazards.data_loss(self.title))
        if old is not None and self.not_null and not old.not_null and how == "alter":
            found.append(hazards.constraint_scan(f"{self.title} becomes NOT NULL"))
        if old is not None and _rewrites.rounds(old.base_type, self.base_type):
            found.append(hazards.rounding(self.title, old.type, self.type))
        return found

    def needs(self, old: Column | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if "." in self.plain_type and (verb == "create" or (old and old.type != self.type)):
            yield rights.uses_type(self.plain_type)

    def _rewritten(self, how: str, old: Column | None, parts: tuple[Part, ...]) -> bool:
        if how == "create":
            defaults = (part.object for part in parts if isinstance(part.object, Default))
            volatile = any(default.volatile for default in defaults)
            return self.generated == "s" or bool(self.identity) or self.checked or volatile
        if old is None or how == "drop":
            return False
        through_text = not self.checked and _rewrites.is_text(old.base_type, self.base_type)
        if how == "move":
            return not through_text
        retyped = (self.type, self.collation) != (old.type, old.collation)
        return how == "carry" or (retyped and not self._relabels(old) and not through_text)

    def drop(self) -> list[str]:
        return [f"alter table {self.table} drop column {self.name}"]

    def set_aside(self) -> Column | None:
        if self.generated:  # it holds nothing of its own, and would hold on to what it is made of
            return None
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        statements = [
            f"alter table {self.table} rename column {self.name} to {ident(other.id[-1])}"
        ]
        if self.identity_sequence:
            sequence = self.identity_sequence[:2]
            aside = ident(beside(sequence[1]))
            statements.append(f"alter sequence {ident(*sequence)} rename to {aside}")
        return statements

    def carry(self, aside: Object) -> list[str]:
        if not isinstance(aside, Column) or self.generated:
            return []
        # through text: a type of the same name may be another one by now
        value = f"{ident(aside.id[-1])}::text::{self.plain_type}"
        # a rewrite and no UPDATE: that would fire triggers and need a replica identity
        return self._alter(f"type {self.type}{self._collate()} using {value}")

    def bare(self) -> Column:
        return replace(self, not_null=False, identity=None, identity_sequence=None)

    def rehome(self) -> list[str] | None:
        if self.generated:
            return None
        return self._retype()

    def _retype(self, old: Column | None = None) -> list[str]:
        type_ = f"type {self.type}{self._collate()}"
        if old is not None and self._relabels(old):
            return self._alter(type_)
        return self._alter(f"{type_} using {self.name}::text::{self.plain_type}")

    def _relabels(self, old: Column) -> bool:
        # what a domain says of length is not known of its values
        was = _rewrites.unlimited(old.base_type) if old.type != old.base_type else old.base_type
        return not self.checked and _rewrites.is_relabelling(was, self.base_type)

    def _collate(self) -> str:
        return f" collate {self.collation}" if self.collation else ""

    def _alter(self, action: str) -> list[str]:
        return [f"alter table {self.table} alter column {self.name} {action}"]

    def alter_position(self, old: Column) -> list[str]:
        return []  # `displaced` has seen to it

    def alter_table_owner(self, old: Column) -> list[str]:
        return []  # the table's

    def alter_type(self, old: Column) -> list[str] | None:
        return None if self.generated else self._retype(old)

    def alter_collation(self, old: Column) -> list[str] | None:
        return None if self.generated else self._retype(old)

    def alter_not_null(self, old: Column) -> list[str]:
        if self.identity != old.identity and not (self.identity and old.identity):
            return []  # part of the identity's coming or going
        return self._alter("set not null" if self.not_null else "drop not null")

    def alter_identity(self, old: Column) -> list[str]:
        if not self.identity:
            nullable = [] if self.not_null else self._alter("drop not null")
            return self._alter("drop identity") + nullable
        if not old.identity:
            added = self._alter("set not null") + self._alter(f"add {self._identity()}")
            return added + self._count_on()
        return self._alter(f"set generated {_mode(self.identity)}")

    def alter_identity_sequence(self, old: Column) -> list[str] | None:
        if not (self.identity and old.identity and self.identity_sequence):
            return []  # it comes and goes with the identity
        was, now = old.identity_sequence or (), self.identity_sequence
        statements = []
        if was[:2] != now[:2]:
            statements.append(f"alter sequence {ident(*was[:2])} rename to {ident(now[1])}")
        if was[0] != now[0]:
            return None
        return statements + self._alter(" ".join(f"set {option}" for option in _options(now)))

    def alter_storage(self, old: Column) -> list[str]:
        # SET STORAGE DEFAULT came with PostgreSQL 16
        return self._alter(f"set storage {STORAGE[self.storage or self.usual_storage]}")

    def alter_compression(self, old: Column) -> list[str]:
        return self._alter(f"set compression {COMPRESSION.get(self.compression or '', 'default')}")

    def alter_statistics(self, old: Column) -> list[str]:
        return self._alter(f"set statistics {-1 if self.statistics is None else self.statistics}")

    def alter_options(self, old: Column) -> list[str]:
        pairs = [option.partition("=") for option in self.options or ()]
        names = ", ".join(ident(option.partition("=")[0]) for option in old.options or ())
        values = ", ".join(f"{ident(name)} = {literal(value)}" for name, _, value in pairs)
        reset = self._alter(f"reset ({names})") if names else []
        return reset + (self._alter(f"set ({values})") if values else [])


def _position(column: Object) -> int:
    return column.order if isinstance(column, Column) else 0


def _mode(letter: str | None) -> str:
    return "always" if letter == "a" else "by default"


def _options(sequence: tuple[str, ...]) -> list[str]:
    increment, low, high, start, cache, cycle = sequence[2:]
    return [
        f"increment by {increment}",
        f"minvalue {low}",
        f"maxvalue {high}",
        f"start with {start}",
        f"cache {cache}",
        "cycle" if cycle == "true" else "no cycle",
    ]


def _sequence(sequence: tuple[str, ...] | None) -> str:
    if sequence is None:
        return ""
    return f"sequence name {ident(*sequence[:2])} {' '.join(_options(sequence))}"
