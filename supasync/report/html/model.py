"""What a report shows, as values. Texts are as the database has them: the page escapes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from supasync.catalog.access import Access
from supasync.history.model import BranchRun, Statistics


@dataclass(frozen=True, kw_only=True)
class Changed:
    """An object that a sync would change. old: its SQL on the branch, new: on production; "" where
    it is not there. steps: what the plan does to it and its parts. hazards: (name, message)."""

    title: str
    old: str
    new: str
    steps: tuple[str, ...]
    hazards: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Box:
    """A table of the diagram. how: `new`, `dropped`, `changed`, or `same` for one that is only
    referenced. columns: name → how, in the order of names."""

    name: str
    how: str
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Edge:
    """A foreign key from table to table, by the names of their boxes. how: as of Box."""

    source: str
    target: str
    label: str
    how: str


@dataclass(frozen=True, kw_only=True)
class BranchPicture:
    """access: production's and the branch's; None where it could not be read. wider, narrower: how
    the second differs. witness: of what is equal the platform's diff was asked too. runs: syncs,
    oldest first. lacking: what could not be shown, and why."""

    name: str
    ref: str
    verdict: str
    reason: str = ""
    remedy: str = ""
    objects: int = 0
    fingerprints: tuple[str, str] = ("", "")
    witness: bool = False
    changed: tuple[Changed, ...] = ()
    cannot_apply: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    edges: tuple[Edge, ...] = ()
    access: tuple[Access, Access] | None = None
    wider: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    runs: tuple[BranchRun, ...] = ()
    statistics: Statistics | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """project: production's ref. made: when, for people."""

    project: str
    made: str
    version: str
    branches: tuple[BranchPicture, ...]
