"""Roles where they are not compared: those a plan cannot do without, and what is only told.

Roles belong to a whole server. Between two databases named by URLs they are nobody's to change, as
pg_dump does not dump them; what hangs on a missing one could not be made, though.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

from supasync import ports
from supasync.catalog import queries
from supasync.catalog.hazards import disarmed
from supasync.catalog.kinds import BY_NAME, KINDS
from supasync.catalog.kinds.membership import Membership
from supasync.catalog.kinds.role import Role
from supasync.catalog.kinds.setting import Setting
from supasync.catalog.listing import id_of
from supasync.catalog.object import Id, Object
from supasync.catalog.rebuild import Changes
from supasync.catalog.scope import Scope
from supasync.catalog.session import Session
from supasync.catalog.state import State
from supasync.catalog.steps import Step

_KINDS = frozenset({Role.kind, Membership.kind, Setting.kind})
_ONLY_ROLES = Scope("roles", leaves_out=frozenset(kind.kind for kind in KINDS) - _KINDS)


def borrowed(steps: Iterable[Step], changes: Changes, scope: Scope, session: Session) -> list[Step]:
    """Steps, to go before the others, that make the roles they need and the target lacks.

    They come without login, attributes and password. The objects are added to `changes`.
    """
    if Role.kind not in scope.leaves_out:
        return []
    if not session.superuser and "createrole" not in session.attributes:
        return []
    ids = (id_ for step in steps for id_ in (step.id, *step.members))
    after = [changes.after(id_) for id_ in ids if id_ in changes.new.objects]
    missing = {role for obj in after for role in obj.roles} - session.roles
    made: list[Object] = [_bare(name) for name in sorted(missing)]
    if not session.superuser:
        acted_as = {obj.owner or "" for obj in after}
        acted_as |= {item.grantor for obj in after for item in obj.grants or ()}
        made += [_own(name, session.user) for name in sorted(missing & acted_as)]
    changes.new.objects.update({obj.id: obj for obj in made})
    return [
        Step(
            verb="create",
            id=obj.id,
            label=obj.title,
            sql=tuple(obj.create()),
            hazards=tuple(disarmed(obj.title, _WITHOUT)) if isinstance(obj, Role) else (),
        )
        for obj in made
    ]


_WITHOUT = "is made, as the plan needs it, without login, attributes and password"


def _bare(name: str) -> Role:
    id_ = (Role.kind, name)
    return Role(id=id_, attributes=(), connections=-1, note=None, login=False, held=False)


def _own(role: str, member: str) -> Membership:
    """Who makes a role is not its member, and only a member makes what it owns."""
    id_ = (Membership.kind, role, member)
    return Membership(id=id_, admin=False, inherit=True, set=True, inherits=True, grantors=None)


async def told(
    source: ports.Database,
    source_state: State,
    target: ports.Database,
    target_state: State,
    scope: Scope,
) -> tuple[str, ...]:
    """Sentences about the source's roles, memberships and settings that the target has not.

    None where both databases are on one server, or their servers have the same of them; else it
    takes two calls. Raises: SqlError, UnknownError.
    """
    if Role.kind not in scope.leaves_out or source_state.cluster == target_state.cluster:
        return ()
    if source_state.shared[1] == target_state.shared[1] is not None:
        return ()
    want, have = await asyncio.gather(_digests(source), _digests(target))
    return tuple(
        f"{_title(id_)} {'differs' if id_ in have else 'is not'} on the target's server; "
        "roles are not compared between URLs"
        for id_, digest in sorted(want.items())
        if have.get(id_) != digest
    )


async def _digests(database: ports.Database) -> dict[Id, str]:
    answer = await database.fetch(digests())
    return {id_of(rank, path): digest for rank, path, digest in json.loads(answer or "[]")}


def digests() -> str:
    """The text that reads the digests of roles, memberships and settings."""
    return f"""{queries.pinned(_ONLY_ROLES)}
with {queries.world(_ONLY_ROLES)}
select json_agg(json_build_array(rank, path, digest))::text
from ({queries.digests(queries.object_rows(_ONLY_ROLES))}) r"""


def _title(id_: Id) -> str:
    return f"{BY_NAME[id_[0]].label.lower()} {'.'.join(filter(None, id_[1:]))}"
