from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds import _foreign
from supasync.catalog.object import Object, Part, Query, read


@dataclass(frozen=True, kw_only=True)
class ForeignDataWrapper(Object):
    label = "FOREIGN DATA WRAPPER"
    superusers = ("create", "alter")
    query = Query(
        catalog="pg_foreign_data_wrapper",
        tables="pg_foreign_data_wrapper w",
        oid="w.oid",
        path="w.fdwname",
        owner="w.fdwowner",
        acl="w.fdwacl",
        acl_type="'F'",
        omits=(
            (
                "foreign-data wrappers with secret options",
                _foreign.secrets("w.fdwoptions"),
            ),
        ),
    )
    handler: str | None = read("nullif(w.fdwhandler, 0)::regproc::text")
    validator: str | None = read("nullif(w.fdwvalidator, 0)::regproc::text")
    options: _foreign.Options = read(_foreign.options("w.fdwoptions"))

    def _handler(self) -> str:
        return f"handler {self.handler}" if self.handler else "no handler"

    def _validator(self) -> str:
        return f"validator {self.validator}" if self.validator else "no validator"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        head = f"create foreign data wrapper {self.ref} {self._handler()} {self._validator()}"
        return [head + _foreign.clause(self.options)]

    @property
    def _alter(self) -> str:
        return f"alter foreign data wrapper {self.ref}"

    def alter_handler(self, old: ForeignDataWrapper) -> list[str]:
        return [f"{self._alter} {self._handler()}"]

    def alter_validator(self, old: ForeignDataWrapper) -> list[str]:
        if self.options != old.options:
            return []  # said with the options, which only this validator may accept
        return [f"{self._alter} {self._validator()}"]

    def alter_options(self, old: ForeignDataWrapper) -> list[str]:
        validator = f" {self._validator()}" if self.validator != old.validator else ""
        return _foreign.change(self._alter + validator, old.options, self.options)
