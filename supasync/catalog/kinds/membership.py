from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supasync.catalog.gathered import gathered
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.session import Session
from supasync.sql import ident

# What the creator of a role is given, by the server itself, is not the user's (CREATE ROLE, Notes).
# Before 16 there is one grant of each membership, and its options are the member's INHERIT and SET.
_GATHER = """select json_agg(json_build_object('role', m.role, 'member', m.member,
  'admin', m.admin, 'inherit', m.inherit, 'set', m.set, 'inherits', m.inherits, 'by', m.by)
  order by m.role, m.member)
from (select r.rolname as role, u.rolname as member, u.rolinherit as inherits,
    bool_or(a.admin_option) as admin,
    bool_or(coalesce(o.inherit_option, u.rolinherit)) as inherit,
    bool_or(coalesce(o.set_option, true)) as set,
    json_agg(pg_get_userbyid(a.grantor) order by a.grantor)
      filter (where o.set_option is not null) as by
  from pg_auth_members a join pg_roles r on r.oid = a.roleid join pg_roles u on u.oid = a.member
  cross join json_to_record(row_to_json(a)) o(inherit_option bool, set_option bool)
  where r.oid <> 10 and u.oid <> 10
    and (a.grantor <> 10 or o.set_option is not false or o.inherit_option)
  group by 1, 2, 3) m"""


@dataclass(frozen=True, kw_only=True)
class Membership(Object):
    """That a role is a member of another. Path: the role, the member."""

    label = "MEMBERSHIP"
    query = Query(
        catalog="pg_auth_members",
        tables=gathered(
            "membership",
            'role text, member text, admin bool, inherit bool, "set" bool, inherits bool, by json',
        ),
        gather=_GATHER,
        oid="(hashtext(g.role || ' ' || g.member)::int8 & 4294967295)::oid",
        path="g.role, g.member",
    )
    first = True
    admin: bool = read("g.admin")
    inherit: bool = read("g.inherit")
    set: bool = read('g."set"')
    inherits: bool = hint("g.inherits")
    """The member's INHERIT, which is the default of the membership's."""
    grantors: tuple[str, ...] | None = hint("g.by")
    """null where they are not recorded: before PostgreSQL 16."""

    @property
    def title(self) -> str:
        return f"MEMBERSHIP of {self.path[1]} in {self.path[0]}"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.path)

    @property
    def _fine(self) -> list[str]:
        """Options that PostgreSQL 15 does not know."""
        differs = self.inherit != self.inherits
        inherit = [f"inherit {'true' if self.inherit else 'false'}"] if differs else []
        return [*inherit, *([] if self.set else ["set false"])]

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        options = [*(["admin option"] if self.admin else []), *self._fine]
        words = f" with {', '.join(options)}" if options else ""
        role, member = map(ident, self.path)
        return [f"grant {role} to {member}{words}"]

    def drop(self) -> list[str]:
        role, member = map(ident, self.path)
        by = [f" granted by {ident(grantor)}" for grantor in self.grantors or ()]
        return [f"revoke {role} from {member}{grantor} cascade" for grantor in by or [""]]

    def obstacles(self, verb: str, session: Session) -> Iterable[str]:
        if session.superuser:
            return
        if verb != "create":
            for grantor in self.grantors or ():
                if grantor not in session.member:
                    yield f"{session.user} cannot take back what {grantor} granted"
        elif self._fine and session.server_version < 160000:
            yield "options of a membership came with PostgreSQL 16"

    def enables(self, session: Session) -> Session:
        if self.path[1] != session.user or not self.set:
            return session
        return replace(session, member=session.member | {self.path[0]})
