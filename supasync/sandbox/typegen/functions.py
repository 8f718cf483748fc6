"""The types of functions: what PostgREST can call, with which arguments, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from supasync.sandbox.typegen.catalog import Argument, Column, Function
from supasync.sandbox.typegen.layout import (
    Both,
    Either,
    Fields,
    ListOf,
    Node,
    boolean,
    key,
    string,
)
from supasync.sandbox.typegen.names import Names

NO_ARGUMENTS: Final = "Record<PropertyKey, never>"
UNNAMED: Final = frozenset({114, 3802, 25})
"""json, jsonb and text: a single argument of these may go without a name (the request's body)."""


@dataclass(frozen=True)
class Functions:
    """Of one schema. columns: of its relations, by their ids."""

    schema: str
    names: Names
    columns: dict[int, list[Column]]

    def callable(self) -> list[Function]:
        functions = self.names.catalog.functions
        return [each for each in functions if each.schema == self.schema and self._reached(each)]

    def fields(self) -> list[tuple[str, Node]]:
        """Each name with its signature, or with all its overloads'."""
        made: list[tuple[str, Node]] = []
        for name, group in groupby(self.callable(), key=lambda each: each.name):
            overloads = list(group)
            signatures = [self._signature(each, overloads) for each in overloads]
            made.append((key(name), signatures[0] if len(signatures) == 1 else Either(signatures)))
        return made

    def computed(self, relation: int) -> list[Function]:
        """Functions of one row of the relation: PostgREST selects them like columns."""
        return [
            each
            for each in self.callable()
            if len(each.inward) == 1 and self._row(each.inward[0].type) == relation
        ]

    def returned(self, function: Function) -> Node:
        """One of what comes back."""
        table = [each for each in function.all if each.mode == "t"]
        if table:
            return Fields([(key(a.name), self.names.of(a.type)) for a in table], open=True)
        columns = self.columns.get(self._row(function.returns) or 0)
        if columns is not None:
            fields = [(key(c.name), self.names.maybe(c.type, nullable=c.nullable)) for c in columns]
            return Fields(fields, open=True)
        return self.names.of(function.returns)

    def _reached(self, function: Function) -> bool:
        """Arguments have names, or are a single one that is the body or a row."""
        inward = function.inward
        nameless = [each for each in inward if not each.name]
        if not nameless or all(each.defaulted and each.type in UNNAMED for each in nameless):
            return True
        only = inward[0].type
        return len(inward) == 1 and (only in UNNAMED or self._row(only) is not None)

    def _row(self, type_id: int) -> int | None:
        found = self.names.relation_of(type_id)
        return None if found is None else found.relation

    def _signature(self, function: Function, overloads: Sequence[Function]) -> Node:
        inward = function.inward
        problem = self._conflict(function, overloads) or self._no_field(function)
        arguments: Node = NO_ARGUMENTS
        if inward:
            arguments = Fields(
                [(key(a.name, optional=a.defaulted), self.names.of(a.type)) for a in inward]
            )
        if problem:
            failing = Both(Fields([("error", "true")]), string(problem))
            return Fields([("Args", arguments), ("Returns", failing)])
        to = self.names.relation_of(function.returns)
        several = function.rows is not None and function.rows > 1
        returned = self.returned(function)
        if function.returns_set and (several or to is None):
            returned = ListOf(returned)
        fields: list[tuple[str, Node]] = [("Args", arguments), ("Returns", returned)]
        if to is not None:
            fields.append(("SetofOptions", self._setof(function, to.name, several=several)))
        return Fields(fields)

    def _setof(self, function: Function, to: str, *, several: bool) -> Fields:
        """How the rows can be embedded: from any query, or from the rows of one relation."""
        every = function.all
        source = self.names.relation_of(every[0].type) if len(every) == 1 else None
        one = not several if source is None or function.returns_set else True
        return Fields(
            [
                ("from", string("*" if source is None else source.shown)),
                ("to", string(to)),
                ("isOneToOne", boolean(one)),
                ("isSetofReturn", boolean(function.returns_set)),
            ],
            open=True,
        )

    def _no_field(self, function: Function) -> str | None:
        """A nameless row goes in and no row comes out: a computed field, not to be called."""
        inward = function.inward
        if len(inward) != 1 or inward[0].name or self._row(inward[0].type) is None:
            return None
        if self.names.relation_of(function.returns) is not None:
            return None
        return (
            f"the function {self.schema}.{function.name} with parameter or with a single unnamed "
            "json/jsonb parameter, but no matches were found in the schema cache"
        )

    def _conflict(self, function: Function, overloads: Sequence[Function]) -> str | None:
        """PostgREST cannot tell which of two functions is meant."""
        others = [each for each in overloads if each is not function and len(each.inward) == 1]
        inward = function.inward
        if not inward:
            for other in others:
                (only,) = other.inward
                if not only.name and only.defaulted:
                    kind = self._type_name(other.returns)
                    return self._choice([f"{function.name}()", f"{function.name}( => {kind})"])
        if len(inward) == 1 and inward[0].name:
            (mine,) = inward
            same = [each.inward[0] for each in others if each.inward[0].name == mine.name]
            rivals = [each for each in same if each.type != mine.type]
            if rivals:
                listed = sorted([mine, *rivals], key=lambda each: each.type)
                return self._choice([self._call(function.name, each) for each in listed])
        return None

    def _call(self, name: str, argument: Argument) -> str:
        return f"{name}({argument.name} => {self._type_name(argument.type)})"

    def _choice(self, calls: Sequence[str]) -> str:
        listed = ", ".join(f"{self.schema}.{call}" for call in calls)
        return (
            f"Could not choose the best candidate function between: {listed}. Try renaming the "
            "parameters or the function itself in the database so function overloading can be "
            "resolved"
        )

    def _type_name(self, type_id: int) -> str:
        found = self.names.catalog.types.get(type_id)
        return found.name if found else "unknown"
