from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog.gathered import gathered
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.scope import CHANGEABLE_ROLES
from supasync.catalog.session import Session
from supasync.sql import dollar, ident, literal

_GATHER = """select json_agg(json_build_object('role', coalesce(r.rolname, ''),
  'here', s.setdatabase <> 0, 'name', split_part(c, '=', 1),
  'value', substr(c, strpos(c, '=') + 1)) order by r.rolname, s.setdatabase, c)
from pg_db_role_setting s cross join unnest(s.setconfig) c
left join pg_roles r on r.oid = s.setrole
where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))"""

_LISTS = frozenset(
    {
        *("local_preload_libraries", "search_path", "session_preload_libraries"),
        *("temp_tablespaces", "unix_socket_directories"),
    }
)
"""Their values are lists of quoted names (pg_dump's variable_is_guc_list_quote)."""
_ELEMENT = re.compile(r'\s*("(?:[^"]|"")*"|[^,]*?)\s*(?:,|\Z)')


@dataclass(frozen=True, kw_only=True)
class Setting(Object):
    """What sessions of a role, or of this database, start with. Path: role, place, name.

    role: "" is every role; place: "database" is this database alone, "" is all.
    """

    label = "SETTING"
    query = Query(
        catalog="pg_db_role_setting",
        tables=gathered("setting", "role text, here bool, name text, value text"),
        gather=_GATHER,
        oid="(hashtext(g.role || ' ' || g.here || ' ' || g.name)::int8 & 4294967295)::oid",
        path="g.role, case when g.here then 'database' else '' end, g.name",
    )
    first = True
    value: str = read("g.value")

    @property
    def title(self) -> str:
        role, place, name = self.path
        where = " in the database" if role and place else ""
        whose = f"role {role}" if role else "the database" if place else "all roles"
        return f"SETTING {name} of {whose}{where}"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.path[0]}) - {""}

    def _statement(self, change: str) -> str:
        role, place, _ = self.path
        if not place:
            return f"alter role {ident(role) if role else 'all'} {change}"
        whose = f"role {ident(role)} in " if role else ""
        text = f"alter {whose}database".replace("%", "%%") + " %I %s"
        call = f"format({literal(text)}, current_database(), {literal(change)})"
        return f"do {dollar(f'begin execute {call}; end')}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return self.alter_value(self)

    def alter_value(self, old: Setting) -> list[str]:
        name = self.path[2]
        value = _elements(self.value) if name in _LISTS else literal(self.value)
        return [self._statement(f"set {ident(name)} to {value}")]

    def drop(self) -> list[str]:
        return [self._statement(f"reset {ident(self.path[2])}")]

    def obstacles(self, verb: str, session: Session) -> Iterable[str]:
        role = self.path[0]
        # the platform lends postgres the right to change the settings of some of its roles
        if role and role not in (session.user, *CHANGEABLE_ROLES) and not session.may_change(role):
            yield f"{session.user} may not change the settings of {role}"


def _elements(value: str) -> str:
    found = [text for text in _ELEMENT.findall(value) if text]
    names = (text[1:-1].replace('""', '"') if text.startswith('"') else text for text in found)
    return ", ".join(literal(name) for name in names) or "''"
