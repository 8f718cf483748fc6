from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds import _foreign
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.rights import Right
from supasync.sql import ident

# the view shows each role something else; what is compared must not depend on who looks
_READABLE = "(select r.rolsuper from pg_roles r where r.rolname = current_user)"


@dataclass(frozen=True, kw_only=True)
class UserMapping(Object):
    """Path: the server, the role ("" = PUBLIC).

    Read from the view pg_user_mappings as pg_dump does, since only superusers and
    pg_read_all_data may read the table. To others the options are unknown (None): they are then
    neither compared nor written.
    """

    label = "USER MAPPING"
    query = Query(
        catalog="pg_user_mapping",
        tables="pg_user_mappings u join pg_foreign_server s on s.oid = u.srvid",
        oid="u.umid",
        path="s.srvname, case when u.umuser = 0 then '' else u.usename end",
        anchor=("pg_foreign_server", "u.srvid"),
        omits=(
            ("user mappings with secret options", _foreign.secrets("u.umoptions")),
            ("user mappings whose options this role may not read", f"not {_READABLE}"),
        ),
        summary=f"""(select string_agg(concat_ws(' ', u.umid, u.umuser,
              {_foreign.options("u.umoptions")}), ';' order by u.umid) from pg_user_mappings u)""",
    )
    holds_data = True  # a password, which nobody reads
    options: _foreign.Options = read(
        f"case when {_READABLE} then coalesce({_foreign.options('u.umoptions')}, '[]') end"
    )

    left_out: tuple[str, ...] | None = hint(
        f"case when {_READABLE} then {_foreign.secret_names('u.umoptions')} end"
    )

    @property
    def ref(self) -> str:
        server, role = self.path
        return f"for {ident(role) if role else 'public'} server {ident(server)}"

    @property
    def title(self) -> str:
        server, role = self.path
        return f"USER MAPPING for {role or 'public'} on server {server}"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.path[1]}) - {""}

    def needs(self, old: UserMapping | None, verb: str) -> Iterable[Right]:
        yield rights.maps_users(*self.path)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create user mapping {self.ref}{_foreign.clause(self.options)}"]

    def alter_options(self, old: UserMapping) -> list[str]:
        if self.options is None or old.options is None:
            return []
        return _foreign.change(f"alter user mapping {self.ref}", old.options, self.options)

    def disarmed(self, old: UserMapping | None) -> str:
        if old is None and self.options is None:
            return "is made without its options, which only a superuser may read"
        return "" if old else _foreign.without(self.left_out)
