"""What it costs to make, change and drop a column, and what it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from supasync.catalog import hazards, rights
from supasync.catalog.hazards import Hazard
from supasync.catalog.kinds import _rewrites
from supasync.catalog.kinds._column_alters import Alters
from supasync.catalog.kinds.default import Default
from supasync.catalog.object import Part
from supasync.catalog.rights import Right


@dataclass(frozen=True, kw_only=True)
class Risks(Alters):
    def costs(self, how: str, old: Self | None, parts: tuple[Part, ...]) -> list[Hazard]:
        found = []
        if self.relkind != "f" and self._rewritten(how, old, parts):
            found.append(hazards.table_rewrite(self.title))
        if how == "drop" and self.has_data and not self.generated:
            found.append(hazards.data_loss(self.title))
        if old is None or how == "create":
            return found
        if how == "alter" and self.not_null and not old.not_null:
            found.append(hazards.constraint_scan(f"{self.title} becomes NOT NULL"))
        if _rewrites.rounds(old.base_type, self.base_type):
            found.append(hazards.rounding(self.title, old.type, self.type))
        return found

    def needs(self, old: Self | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if "." in self.plain_type and (verb == "create" or (old and old.type != self.type)):
            yield rights.uses_type(self.plain_type)

    def _rewritten(self, how: str, old: Self | None, parts: tuple[Part, ...]) -> bool:
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
