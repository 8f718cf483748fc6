from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right
from supasync.sql import literal

ENABLED = {"O": "enable", "D": "disable", "R": "enable replica", "A": "enable always"}


@dataclass(frozen=True, kw_only=True)
class EventTrigger(Object):
    label = "EVENT TRIGGER"
    query = Query(
        catalog="pg_event_trigger",
        tables="pg_event_trigger e",
        oid="e.oid",
        path="e.evtname",
        owner="e.evtowner",
    )
    late = True  # it would fire for the plan's own statements
    drops_early = True
    event: str = read("e.evtevent")
    function: str = read("e.evtfoid::regproc::text")
    tags: tuple[str, ...] | None = read("e.evttags")
    enabled: str = read("e.evtenabled")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        tags = ", ".join(literal(tag) for tag in self.tags or ())
        when = f" when tag in ({tags})" if tags else ""
        words = f"create event trigger {self.ref} on {self.event}{when}"
        enabled = self.alter_enabled(self) if self.enabled != "O" else []
        return [f"{words} execute function {self.function}()", *enabled]

    def needs(self, old: EventTrigger | None, verb: str) -> Iterable[Right]:
        if verb == "create" or (old is not None and old.owner != self.owner):
            yield rights.superuser("an event trigger")

    def alter_enabled(self, old: EventTrigger) -> list[str]:
        return [f"alter event trigger {self.ref} {ENABLED[self.enabled]}"]
