from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import grants as acl
from supasync.catalog import rights
from supasync.catalog.kinds._definition import routine
from supasync.catalog.object import Id, Object, Part, Query, Rows, hint, read
from supasync.catalog.rights import Right
from supasync.sql import ident

_MADE = "l.oid >= 16384 and x.oid is null"
"""Neither one of initdb's nor an extension's: those are what they are, but for owner and grants."""


@dataclass(frozen=True, kw_only=True)
class Language(Object):
    label = "LANGUAGE"
    query = Query(
        catalog="pg_language",
        tables="""pg_language l left join pg_depend d on d.classid = 'pg_language'::regclass
            and d.objid = l.oid and d.deptype = 'e'
            left join pg_extension x on x.oid = d.refobjid""",
        where="l.lanispl",  # the others are PostgreSQL's own: pg_dump's getProcLangs
        oid="l.oid",
        path="l.lanname",
        # pg_dump writes the grants of an extension's language too
        anchor=("pg_language", "0"),
        # pg_dump tells the owner of an extension's only where it tells the grants: as the grantor
        owner="""case when x.oid is null or l.lanacl <> acldefault('l', l.lanowner)
            then l.lanowner end""",
        acl="l.lanacl",
        acl_type="'l'",
        acl_owner="l.lanowner",
        rows=(Rows("pg_language", touches=(("'pg_language'::regclass", "oid"),)),),
    )
    extension: str | None = read("x.extname")
    grantor: str = hint("pg_get_userbyid(l.lanowner)")
    trusted: bool | None = read(f"case when {_MADE} then l.lanpltrusted end")
    handler: str | None = read(f"case when {_MADE} then {routine('l.lanplcallfoid')} end")
    inline_handler: str | None = read(f"case when {_MADE} then {routine('l.laninline')} end")
    validator: str | None = read(f"case when {_MADE} then {routine('l.lanvalidator')} end")

    @classmethod
    def initial(cls) -> tuple[Language, ...]:
        name, comment = "plpgsql", "PL/pgSQL procedural language"
        return (
            cls(
                id=("language", name),
                comment=comment,
                extension=name,
                grantor=acl.NOBODY,
                trusted=None,
                handler=None,
                inline_handler=None,
                validator=None,
            ),
        )

    @property
    def acl_owner(self) -> str:
        return self.grantor

    @property
    def leader(self) -> Id | None:
        return ("extension", self.extension) if self.extension else None

    @property
    def inlined(self) -> bool:
        return self.extension is not None

    def needs(self, old: Language | None, verb: str) -> Iterable[Right]:
        if verb == "create" and self.extension is None:
            yield rights.superuser("language")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [self._create("create")]

    def _create(self, word: str) -> str:
        words = [word, *(["trusted"] if self.trusted else []), "language", self.ref]
        for part, function in (
            ("handler", self.handler),
            ("inline", self.inline_handler),
            ("validator", self.validator),
        ):
            words += [part, function] if function else []
        return " ".join(words)

    def alter_owner(self, old: Object) -> list[str]:
        return [f"alter language {self.ref} owner to {ident(self.owner or self.grantor)}"]

    def alter_trusted(self, old: Language) -> list[str]:
        return [self._create("create or replace")]

    alter_handler = alter_inline_handler = alter_validator = alter_trusted
