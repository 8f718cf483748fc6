from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supasync.catalog.gathered import gathered
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.scope import PLATFORMS_DEPENDENT
from supasync.catalog.session import Session
from supasync.sql import literal

# VALID UNTIL is about the password, which nobody can read
_GATHER = f"""select json_agg(json_build_object('oid', r.oid::int8, 'name', r.rolname,
  'note', shobj_description(r.oid, 'pg_authid'), 'attributes', array_remove(array[
    case when r.rolsuper then 'superuser' end, case when r.rolcreatedb then 'createdb' end,
    case when r.rolcreaterole then 'createrole' end,
    case when not r.rolinherit then 'noinherit' end,
    case when r.rolreplication then 'replication' end,
    case when r.rolbypassrls then 'bypassrls' end], null),
  'connections', r.rolconnlimit, 'login', r.rolcanlogin,
  'held', exists (select from pg_shdepend s where s.refobjid = r.oid
    and s.refclassid = 'pg_authid'::regclass and s.deptype in ('a', 'o')
    and (s.dbid <> (select oid from pg_database where datname = current_database())
      or {PLATFORMS_DEPENDENT}))) order by r.rolname)
from pg_roles r where r.oid >= 16384"""


@dataclass(frozen=True, kw_only=True)
class Role(Object):
    """A role without what makes it a login: neither LOGIN nor the password is compared."""

    label = "ROLE"
    query = Query(
        catalog="pg_authid",
        tables=gathered(
            "role",
            "oid int8, name text, note text, attributes json, connections int, login bool,"
            " held bool",
        ),
        gather=_GATHER,
        oid="g.oid::oid",
        path="g.name",
    )
    holds_data = True  # its password
    first = True
    attributes: tuple[str, ...] = read("g.attributes")
    """Those that differ from what CREATE ROLE gives."""
    connections: int = read("g.connections")
    note: str | None = read("g.note")
    """Its comment, which pg_shdescription has."""
    login: bool = hint("g.login")
    held: bool = hint("g.held")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        words = ["nologin", *self.attributes]
        limit = f" connection limit {self.connections}" if self.connections >= 0 else ""
        statements = [f"create role {self.ref} with {' '.join(words)}{limit}"]
        return statements + (self.alter_note(self) if self.note is not None else [])

    def alter_attributes(self, old: Role) -> list[str]:
        on = [word for word in self.attributes if word not in old.attributes]
        off = [_opposite(word) for word in old.attributes if word not in self.attributes]
        return [f"alter role {self.ref} with {' '.join(on + off)}"]

    def alter_connections(self, old: Role) -> list[str]:
        return [f"alter role {self.ref} with connection limit {self.connections}"]

    def alter_note(self, old: Role) -> list[str]:
        return [f"comment on role {self.ref} is {literal(self.note)}"]

    def obstacles(self, verb: str, session: Session) -> Iterable[str]:
        name = self.path[0]
        if "createrole" not in session.attributes and not session.superuser:
            yield f"{session.user} may not create or change roles"
        elif verb != "create" and not session.may_change(name):
            yield f"{session.user} has no ADMIN option on it"
        if verb == "drop":
            if self.held:
                yield "objects of the platform, or of another database, still depend on it"
            return
        wanted = {*self.attributes} - {"noinherit"} - session.attributes
        # on PostgreSQL 15 the platform lends postgres what only a superuser may there
        if wanted and not session.superuser and session.server_version >= 160000:
            yield f"{session.user} is not itself {' or '.join(sorted(wanted))}"

    def enables(self, session: Session) -> Session:
        name = {self.path[0]}
        member = name if session.superuser else set()
        return replace(
            session,
            roles=session.roles | name,
            admin=session.admin | name,
            member=session.member | member,
        )

    def disarmed(self, old: Role | None) -> str:
        return "can log in on the source and is made NOLOGIN" if self.login and not old else ""


def _opposite(word: str) -> str:
    return word.removeprefix("no") if word.startswith("no") else f"no{word}"
