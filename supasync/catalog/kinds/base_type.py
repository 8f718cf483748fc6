from __future__ import annotations

from dataclasses import dataclass, replace

from supasync.catalog.kinds._definition import Pairs, flag, pairs, routine, spelt
from supasync.catalog.kinds._type import Functions, essential_functions, functions_aside, type_query
from supasync.catalog.object import Object, Part, beside, hint, read
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class BaseType(Object):
    """A base type with the functions it is made of, or the shell of one.

    Its functions need the type and the type needs them: they are created between the shell and
    the definition (CREATE TYPE, Notes).
    """

    label = "TYPE"
    superusers = ("create",)
    namespaces = ("type",)
    query = type_query(
        "b",
        condition="""t.typtype = 'b' and t.typsubscript <> 'array_subscript_handler'::regproc
            or t.typtype = 'p' and not t.typisdefined""",
    )
    definition: Pairs | None = read(
        "case when t.typisdefined then "
        + pairs(
            input=routine("t.typinput"),
            output=routine("t.typoutput"),
            receive=routine("t.typreceive"),
            send=routine("t.typsend"),
            typmod_in=routine("t.typmodin"),
            typmod_out=routine("t.typmodout"),
            analyze=routine("t.typanalyze"),
            subscript=routine("t.typsubscript"),
            internallength="case t.typlen when -1 then 'variable' else t.typlen::text end",
            passedbyvalue=flag("t.typbyval"),
            alignment="""case t.typalign when 'c' then 'char' when 's' then 'int2'
                when 'i' then 'int4' when 'd' then 'double' end""",
            storage="""case t.typstorage when 'p' then 'plain' when 'e' then 'external'
                when 'x' then 'extended' when 'm' then 'main' end""",
            category="quote_literal(t.typcategory::text)",
            preferred=flag("t.typispreferred"),
            default="quote_literal(t.typdefault)",
            element="format_type(nullif(t.typelem, 0), null)",
            delimiter="quote_literal(t.typdelim::text)",
            collatable=flag("t.typcollation <> 0"),
        )
        + " end"
    )

    functions: Functions | None = hint(
        essential_functions(
            "t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout,"
            " t.typanalyze, t.typsubscript"
        )
    )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        statements = [f"create type {self.ref}"]
        statements += [text for part in parts for text in part.object.create(part.parts)]
        if self.definition:
            statements.append(f"create type {self.ref} ({spelt(self.definition)})")
        return statements

    def drop(self) -> list[str]:
        # its functions, which need the type, go with it
        return [f"drop type {self.ref}{' cascade' if self.definition else ''}"]

    def set_aside(self) -> BaseType | None:
        if not self.definition:
            return None
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        rename = f"alter type {self.ref} rename to {ident(other.id[-1])}"
        return [*functions_aside(self.functions), rename]
