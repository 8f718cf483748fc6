from __future__ import annotations

import re
from dataclasses import dataclass, replace

from supasync.catalog.kinds._type import type_query
from supasync.catalog.object import Object, Part, Rows, beside, read
from supasync.sql import ident, literal


@dataclass(frozen=True, kw_only=True)
class Enum(Object):
    label = "TYPE"
    namespaces = ("type",)
    query = type_query(
        "e",
        rows=(Rows("pg_enum", touches=(("'pg_type'::regclass", "enumtypid"),), counted="true"),),
    )
    labels: tuple[str, ...] = read(
        "(select json_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid)"
    )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        labels = ", ".join(literal(label) for label in self.labels or ())
        return [f"create type {self.ref} as enum ({labels})"]

    def set_aside(self) -> Enum:
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        return [f"alter type {self.ref} rename to {ident(other.id[-1])}"]

    def alter_labels(self, old: Enum) -> list[str] | None:
        """Labels can be added in place; a removed or moved one needs a new type."""
        kept = [label for label in self.labels or () if label in (old.labels or ())]
        if kept != list(old.labels or ()):
            return None
        statements = []
        for place, label in enumerate(self.labels or ()):
            if label in (old.labels or ()):
                continue
            where = f"after {literal(self.labels[place - 1])}" if place else ""
            if not place and old.labels:
                where = f"before {literal(old.labels[0])}"
            statements.append(f"alter type {self.ref} add value {literal(label)} {where}".rstrip())
        return statements

    def new_literals(self, old: Object) -> tuple[str, ...]:
        # "New enum values must be committed before they can be used" (ALTER TYPE, Notes)
        if not isinstance(old, Enum):
            return ()
        added = [label for label in self.labels or () if label not in (old.labels or ())]
        return tuple(text for label in added for text in (literal(label), *_inside(label)))


def _inside(label: str) -> list[str]:
    """The label as it stands in the literal of an array, a range or a row."""
    quoted = label.replace("\\", "\\\\").replace('"', '\\"').replace("'", "''")
    if re.search(r"""[\s{}()\[\],"\\]""", label):
        return [f'"{quoted}"']
    return [f"{before}{quoted}{after}" for before in "{[(," for after in "}]),"]
