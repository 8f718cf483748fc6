from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._definition import routine
from supasync.catalog.object import Id, Object, Part, Query, Rows, read

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
        oid="l.oid",
        path="l.lanname",
        # pg_dump writes the grants of an extension's language too
        anchor=("pg_language", "0"),
        owner="l.lanowner",
        acl="l.lanacl",
        acl_type="'l'",
        rows=(Rows("pg_language", touches=(("'pg_language'::regclass", "oid"),)),),
    )
    extension: str | None = read("x.extname")
    trusted: bool | None = read(f"case when {_MADE} then l.lanpltrusted end")
    handler: str | None = read(f"case when {_MADE} then {routine('l.lanplcallfoid')} end")
    inline_handler: str | None = read(f"case when {_MADE} then {routine('l.laninline')} end")
    validator: str | None = read(f"case when {_MADE} then {routine('l.lanvalidator')} end")

    @property
    def leader(self) -> Id | None:
        return ("extension", self.extension) if self.extension else None

    @property
    def inlined(self) -> bool:
        return self.extension is not None

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

    def alter_trusted(self, old: Language) -> list[str]:
        return [self._create("create or replace")]

    alter_handler = alter_inline_handler = alter_validator = alter_trusted
