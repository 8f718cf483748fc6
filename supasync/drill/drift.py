"""One drift of the catalogue: what is changed, and where there is an occasion for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from supasync.catalog import Id

NAME: Final = "supasync_drill"
"""Of what a drift adds."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A change as somebody makes it by hand, as far as the schema has something to change.

    kind, path: the object that has to be found; path: SQL for its names.
    sql: an SQL expression of the statements that change it. among: FROM and what follows it; the
    relations of `occasions.COMMON` may be used. Of the rows the first that will do is taken, in the
    order of their paths.
    there: whether the object is there before; None: either.
    needs: what the schema must have, in words. relation: one that must exist to be asked.
    """

    name: str
    what: str
    needs: str
    kind: str
    path: str
    sql: str
    among: str
    there: bool | None = True
    relation: str = ""


@dataclass(frozen=True, kw_only=True)
class Family:
    """Drifts about the same things; a file each."""

    title: str
    drifts: tuple[Drift, ...]


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """An object that a drift can change, and the statements that do it."""

    object: Id
    sql: str
