from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds import _foreign
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.rights import Right
from supasync.sql import ident, literal


@dataclass(frozen=True, kw_only=True)
class ForeignServer(Object):
    label = "SERVER"
    query = Query(
        catalog="pg_foreign_server",
        tables="pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw",
        oid="s.oid",
        path="s.srvname",
        owner="s.srvowner",
        acl="s.srvacl",
        acl_type="'S'",
        omits=(
            (
                "foreign servers with secret options",
                _foreign.secrets("s.srvoptions"),
            ),
        ),
    )
    wrapper: str = read("w.fdwname")
    type: str | None = read("s.srvtype")
    version: str | None = read("s.srvversion")
    options: _foreign.Options = read(_foreign.options("s.srvoptions"))
    left_out: tuple[str, ...] | None = hint(_foreign.secret_names("s.srvoptions"))
    """Names of options that are not read; in the platform's scope also those that say where."""

    @property
    def acl_target(self) -> str:
        return f"FOREIGN SERVER {self.ref}"

    def needs(self, old: ForeignServer | None, verb: str) -> Iterable[Right]:
        if verb == "create":
            yield rights.uses_wrapper(self.wrapper)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        words = [f"create server {self.ref}"]
        if self.type is not None:
            words.append(f"type {literal(self.type)}")
        if self.version is not None:
            words.append(f"version {literal(self.version)}")
        words.append(f"foreign data wrapper {ident(self.wrapper)}")
        return [" ".join(words) + _foreign.clause(self.options)]

    def alter_version(self, old: ForeignServer) -> list[str]:
        return [f"alter server {self.ref} version {literal(self.version)}"]

    def alter_options(self, old: ForeignServer) -> list[str]:
        return _foreign.change(f"alter server {self.ref}", old.options, self.options)

    def disarmed(self, old: ForeignServer | None) -> str:
        return "" if old else _foreign.without(self.left_out)
