"""The types `Database` and `Constants` of chosen schemas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from supasync.sandbox.typegen.catalog import Catalog, Column, Relation, Type, english
from supasync.sandbox.typegen.functions import Functions
from supasync.sandbox.typegen.layout import Either, Fields, Node, Tuple, boolean, key, string
from supasync.sandbox.typegen.names import Names, or_null

Field = tuple[str, Node]
NONE: list[Field] = [("[_ in never]", "never")]


@dataclass(frozen=True)
class Schema:
    """One schema's part of the type."""

    name: str
    catalog: Catalog
    columns: dict[int, list[Column]]

    def fields(self) -> list[Field]:
        names = Names(self.catalog)
        relations = [each for each in self.catalog.relations if each.schema == self.name]
        own = {each.id: self.columns.get(each.id, []) for each in relations}
        functions = Functions(self.name, names, own)
        made: dict[str, list[Field]] = {
            "Tables": [
                (key(each.name), self._table(each, names, functions))
                for each in relations
                if each.group == "Tables"
            ],
            "Views": [
                (key(each.name), self._view(each, names, functions))
                for each in relations
                if each.group == "Views"
            ],
            "Functions": functions.fields(),
            "Enums": [
                (key(each.name), Either([string(label) for label in each.labels]))
                for each in self.types()
                if each.labels
            ],
            "CompositeTypes": [
                (key(each.name), self._composite(each, names))
                for each in self.types()
                if each.attributes
            ],
        }
        return [(group, Fields(fields or NONE, open=True)) for group, fields in made.items()]

    def types(self) -> list[Type]:
        own = [each for each in self.catalog.types.values() if each.schema == self.name]
        return sorted(own, key=lambda each: english(each.name))

    def _composite(self, composite: Type, names: Names) -> Fields:
        fields = [
            (key(name), names.maybe(type_id, nullable=True))
            for name, type_id in composite.attributes
        ]
        return Fields(fields, open=True)

    def _row(self, relation: Relation, names: Names, functions: Functions) -> Field:
        columns = [
            (key(each.name), names.maybe(each.type, nullable=each.nullable))
            for each in self.columns.get(relation.id, [])
        ]
        computed = [
            (key(each.name), or_null(functions.returned(each), nullable=True))
            for each in functions.computed(relation.id)
        ]
        return "Row", Fields([*columns, *computed], open=True)

    def _table(self, table: Relation, names: Names, functions: Functions) -> Fields:
        columns = self.columns.get(table.id, [])

        def written(column: Column, *, optional: bool) -> Field:
            if column.fixed:
                return key(column.name, optional=True), "never"
            value = names.maybe(column.type, nullable=column.nullable)
            return key(column.name, optional=optional), value

        insert = [written(each, optional=each.nullable or each.given) for each in columns]
        update = [written(each, optional=True) for each in columns]
        fields = [
            self._row(table, names, functions),
            ("Insert", Fields(insert, open=True)),
            ("Update", Fields(update, open=True)),
            ("Relationships", self._relationships(table)),
        ]
        return Fields(fields, open=True)

    def _view(self, view: Relation, names: Names, functions: Functions) -> Fields:
        written = [
            (
                key(each.name, optional=True),
                names.maybe(each.type, nullable=True) if each.updatable else "never",
            )
            for each in self.columns.get(view.id, [])
        ]
        fields = [self._row(view, names, functions)]
        fields += [("Insert", Fields(written, open=True))] if view.insertable else []
        fields += [("Update", Fields(written, open=True))] if view.updatable else []
        return Fields([*fields, ("Relationships", self._relationships(view))], open=True)

    def _relationships(self, relation: Relation) -> Node:
        """To relations of the same schema."""
        targets = {each.id: each for each in self.catalog.relations if each.schema == self.name}
        own = [
            (each, targets[each.target].name)
            for each in self.catalog.relationships
            if each.source == relation.id and each.target in targets
        ]
        own.sort(
            key=lambda e: (english(e[0].name), english(e[1]), english(str(e[0].target_columns)))
        )
        return Tuple(
            [
                Fields(
                    [
                        ("foreignKeyName", string(each.name)),
                        ("columns", Tuple([string(name) for name in each.columns])),
                        ("isOneToOne", boolean(each.one_to_one)),
                        ("referencedRelation", string(target)),
                        (
                            "referencedColumns",
                            Tuple([string(name) for name in each.target_columns]),
                        ),
                    ],
                    open=True,
                )
                for each, target in own
            ]
        )


def schemas(catalog: Catalog) -> Sequence[Schema]:
    columns: dict[int, list[Column]] = defaultdict(list)
    for column in catalog.columns:
        columns[column.relation].append(column)
    return [Schema(name, catalog, columns) for name in catalog.schemas]
