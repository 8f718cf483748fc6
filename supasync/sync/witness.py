"""A second opinion on "equal": the platform's own diff, which shares no code with our engine.

It is asked only about what we call equal. It may know more, so it can make a branch Unknown; it
sees less (nothing of the platform's schemas, for one), so it makes nothing Synced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from supasync import __version__, catalog, sql
from supasync.catalog import OWN_SCHEMA, Id, Scope, State
from supasync.errors import SchemaMoving, WitnessDisagrees
from supasync.ports import Database
from supasync.sync import statements

if TYPE_CHECKING:
    from supasync import api

Keep: TypeAlias = Callable[[Mapping[str, Any]], str]
"""Keeps both readings for people, and says where."""

_SHOWN = 3
_SHORT = 160

_NO_SCHEMA = frozenset({"information_schema", OWN_SCHEMA})
_NOTHING = ("",)
_SETTING = re.compile(r"set\s|select\s+pg_catalog\.set_config", re.IGNORECASE)
_DISARMED = re.compile(
    r"supabase_functions\W{1,3}http_request|^(create|alter|drop)\s+(server|user\s+mapping)",
    re.IGNORECASE,
)
"""What a branch has disarmed on purpose, and so unlike production."""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Why a statement of the witness may be there though the schemas are equal.

    reparsed: objects whose text the server prints differently once it has read it again.
    kept: functions that live on branches only, as names.
    """

    reparsed: frozenset[Id]
    kept: frozenset[tuple[str, ...]]

    def rest(self, text: str) -> list[str]:
        """The statements of `text` that nothing explains."""
        found = [(each, statements.head(each)) for each in statements.split(text)]
        own = {statements.subject(each) for each, head in found if _DISARMED.search(head)}
        own |= self.kept | {id_[1:] for id_ in self.reparsed}
        return [
            each
            for each, head in found
            if not (_SETTING.match(head) or _DISARMED.search(head))
            and (statements.subject(each) or _NOTHING) not in own
        ]


def explained(target: State, reparsed: Iterable[Id], function: str | None) -> Explained:
    """function: the seed function, as the configuration writes it."""
    return Explained(
        reparsed=frozenset(reparsed) | frozenset(target.accepted),
        kept=frozenset({sql.names(function)}) if function else frozenset(),
    )


def schemas(scope: Scope, *ends: State) -> list[str]:
    """The user's schemas, of both ends, as far as the platform can be asked about them."""
    found = {name for state in ends for name in state.session.schemas}
    return sorted(name for name in found - _NO_SCHEMA - {*scope.schemas} if "," not in name)


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Both ends as the engine has them, which calls them equal."""

    branch: str
    ref: str
    source: State
    target: State
    explained: Explained


async def ask(client: api.Client, scope: Scope, readings: Readings) -> tuple[list[str], str]:
    """What the witness says that nothing explains, and the whole of what it says.

    Raises: UnknownError.
    """
    asked = schemas(scope, readings.source, readings.target)
    text = await client.branches.diff(readings.ref, asked) if asked else ""
    return readings.explained.rest(text), text


async def moved(scope: Scope, ends: Sequence[tuple[Database, State]]) -> None:
    """Raises: SchemaMoving when one is not any more what it was: then nobody disagreed."""
    for database, state in ends:
        now = await catalog.observe(database, scope, state)
        if now.fingerprint != state.fingerprint:
            raise SchemaMoving(f"{database.name} changed before the second witness looked at it")


async def agree(
    client: api.Client, scope: Scope, readings: Readings, ends: Sequence[Database], keep: Keep
) -> None:
    """Returns when the witness sees no difference either. ends: the source, the target.

    Raises: WitnessDisagrees, SchemaMoving, UnknownError, OSError.
    """
    found, text = await ask(client, scope, readings)
    if found:
        await moved(scope, list(zip(ends, (readings.source, readings.target), strict=True)))
        raise disagreement(found, keep(bundle(readings, found, text)))


def disagreement(found: Sequence[str], where: str) -> WitnessDisagrees:
    """where: the file with both readings."""
    shown = [" ".join(statements.head(each).split())[:_SHORT] for each in found[:_SHOWN]]
    more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return WitnessDisagrees(
        "the schemas are equal to us, and the platform's diff says\n  " + "\n  ".join(shown) + more,
        remedy=f"Report it with {where}, which has both readings (schema only, no rows).",
    )


def bundle(readings: Readings, found: Sequence[str], text: str) -> Mapping[str, Any]:
    """Both readings, for a bug report."""
    source, target = readings.source, readings.target
    return {
        "supasync": __version__,
        "branch": readings.branch,
        "ref": readings.ref,
        "witness": {"sql": text, "unexplained": list(found)},
        "engine": {
            "verdict": "equal",
            "key": source.key,
            "server_versions": [source.server_version, target.server_version],
            "fingerprints": [source.fingerprint, target.fingerprint],
            "reparsed": sorted(readings.explained.reparsed),
            "unmodelled": [dict(source.unmodelled), dict(target.unmodelled)],
            "objects": [
                [*id_, source.digests.get(id_), target.digests.get(id_)]
                for id_ in sorted(source.digests.keys() | target.digests.keys())
            ],
        },
    }
