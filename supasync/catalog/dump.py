"""A whole schema as SQL: the steps that make a new database equal to it. Names no kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from supasync import ports
from supasync.catalog.kinds import BY_NAME, KINDS
from supasync.catalog.model import Catalog
from supasync.catalog.object import Id
from supasync.catalog.plan import differences, read_both, work_out
from supasync.catalog.scope import Scope
from supasync.catalog.state import State
from supasync.catalog.steps import Step
from supasync.sql import comment, for_psql

SETTINGS = (
    "set client_encoding = 'UTF8'",
    "set standard_conforming_strings = on",
    "set check_function_bodies = off",
    "set client_min_messages = error",
    "set search_path = ''",
)
"""Under which the statements mean what they say, whoever loads them."""

AT_THE_END = "what has to wait until everything exists"


@dataclass(frozen=True, kw_only=True)
class Dump:
    state: State = field(repr=False)
    steps: tuple[Step, ...]
    schemas: Mapping[Id, str | None] = field(repr=False)
    """The schema an object lives in; None for objects outside schemas."""

    @property
    def finish(self) -> list[str]:
        return [text for step in self.steps for text in step.finish]

    @property
    def lacking(self) -> str:
        """What the database has and the dump has not, for people; "" when there is nothing."""
        return ", ".join(f"{n} {what}" for what, n in sorted(self.state.unmodelled.items()))

    @property
    def head(self) -> list[str]:
        """How to load the dump, and the settings it needs."""
        lines = ["-- Load it into an empty database: psql -X -1 -v ON_ERROR_STOP=1 -f FILE"]
        lines += [comment(f"Not in it: {self.lacking}")] if self.lacking else []
        return [*lines, "", *ended(SETTINGS)]

    @property
    def text(self) -> str:
        """The whole dump as one script."""
        return "\n".join([*self._lines(), ""])

    def _lines(self) -> Iterator[str]:
        yield from self.head
        for step in self.steps:
            if step.sql:
                yield from titled(step)
        if self.finish:
            yield from ("", comment(AT_THE_END), *ended(self.finish))


def titled(step: Step) -> Iterable[str]:
    return ("", comment(step.label), *ended(step.sql))


def ended(statements: Iterable[str]) -> list[str]:
    return [f"{for_psql(statement)};" for statement in statements]


async def make_dump(source: ports.Database, state: State, scope: Scope) -> Dump:
    """`state` of `source`, for a new database, whoever will load it there.

    Raises: SourceMoved, PlanError, SqlError, UnknownError.
    """
    there = {
        obj.id: obj
        for kind in KINDS
        for obj in kind.initial()
        # where only some of a kind are looked at, what is not seen may be there all the same
        if obj.id in state.digests or not scope.filters_kind(kind.kind)
    }
    empty = state.emptied(there)
    new = Catalog(source, state, scope, is_source=True)
    old = Catalog(source, empty, scope, is_source=False, objects=there)
    differing = tuple(i for i in differences(state, empty) if BY_NAME[i[0]].in_dumps)
    await read_both(new, old, differing)
    _, steps = await work_out(new, old, differing)
    schemas = {id_: obj.schema for id_, obj in (old.objects | new.objects).items()}
    return Dump(state=state, steps=tuple(steps), schemas=schemas)
