"""Which TypeScript type stands for a PostgreSQL type, as its values come out of JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from supasync.sandbox.typegen.catalog import Catalog, Type
from supasync.sandbox.typegen.layout import Either, ListOf, Node, string

SCALARS: Final[dict[str, str]] = {
    "bool": "boolean",
    **dict.fromkeys(("int2", "int4", "int8", "float4", "float8", "numeric"), "number"),
    **dict.fromkeys(("bytea", "bpchar", "varchar", "text", "citext", "uuid", "vector"), "string"),
    **dict.fromkeys(("date", "time", "timetz", "timestamp", "timestamptz", "interval"), "string"),
    **dict.fromkeys(("json", "jsonb"), "Json"),
    "void": "undefined",
    "record": "Record<string, unknown>",
}
"""By name, of any schema. Every other one is an enum, a row, or not known."""


@dataclass(frozen=True)
class Names:
    catalog: Catalog

    def of(self, type_id: int) -> Node:
        """A value that is there."""
        found = self.catalog.types.get(type_id)
        if found is None:
            return "unknown"
        if found.name in SCALARS:
            return SCALARS[found.name]
        if found.element is not None:
            return ListOf(self.of(found.element))
        return self._own(found)

    def maybe(self, type_id: int, *, nullable: bool) -> Node:
        """A value that may be null, or one of a type that has null in it, but is not."""
        return or_null(self.of(type_id), nullable=nullable)

    def relation_of(self, type_id: int) -> Type | None:
        """The type, if its values are rows."""
        found = self.catalog.types.get(type_id)
        return found if found is not None and found.relation is not None else None

    def _own(self, found: Type) -> Node:
        listed = found.schema in self.catalog.schemas
        if found.labels:
            labels = [string(label) for label in found.labels]
            return self._path(found, "Enums") if listed else Either(labels)
        if found.attributes:
            return self._path(found, "CompositeTypes") if listed else "unknown"
        for relation in self.catalog.relations:
            if relation.id == found.relation:
                return self._path(found, relation.group) + '["Row"]'
        return "unknown"

    @staticmethod
    def _path(found: Type, group: str) -> str:
        return f'Database[{string(found.schema)}]["{group}"][{string(found.name)}]'


def or_null(node: Node, *, nullable: bool) -> Node:
    if node == "Json" and not nullable:
        return "NonNullable<Json>"
    if node == "unknown" or not nullable:
        return node
    return Either([*(node.of if isinstance(node, Either) else [node]), "null"])
