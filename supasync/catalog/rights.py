"""What statements take of the role that runs them: questions that the target answers.

A question is SQL over `a`, a jsonb array: the role, then what it is about. It answers false when
the right is missing, and anything else, such as null for what is not there, when that is not known.
Superusers are not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

_LENT = "current_setting('supautils.{}', true)"

PRIVILEGED = f"{_LENT.format('privileged_role')} = a->>0"
"""On the platform this role may do what else takes a superuser (github.com/supabase/supautils)."""

_PLATFORM_TABLE = f"""coalesce(nullif({_LENT.format("policy_grants")}, '')::jsonb->(a->>0)
  ? ((a->>1) || '.' || (a->>2)), false)"""
"""A table whose policies and triggers this role may change although it is not the owner."""

# not to_regclass: that fails in a schema that the role may not use
_RELATION = """pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = a->>1 and c.relname = a->>2"""
_OWNS_RELATION = f"(select pg_has_role(a->>0, c.relowner, 'USAGE') from {_RELATION})"
_IN_SCHEMA = """(select has_schema_privilege(a->>0, n.oid, a->>2) from pg_namespace n
  where n.nspname = a->>1)"""
_SET = "case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end"
HOLDS = """exists (select from jsonb_array_elements_text(a->1) h
  where h = '' or pg_has_role(a->>0, h, 'USAGE'))"""


_again = lru_cache(maxsize=256)
"""Of rights that are asked for again and again: what a table holds takes the same."""


@dataclass(frozen=True)
class Right:
    lack: str
    """What is said where it is missing; {role} is who lacks it."""
    question: str
    arguments: tuple[str | tuple[str, ...], ...] = ()
    about: tuple[str, ...] | None = None
    """The id or the claimed name of what it is a right to: the plan may make that itself."""
    letter: str = ""
    """The privilege on it, as aclitem writes it; "" is ownership."""
    role: str | None = None
    """Who has to have it; None: the role that runs the plan."""
    to_be: str | None = None
    """The role whose rights these are."""

    def of(self, role: str) -> Right:
        return replace(self, role=role)


def acts_as(owner: str) -> Right:
    """The owner's rights, such as altering and dropping what it owns."""
    return Right(
        f"{{role}} cannot act as its owner {owner}",
        "pg_has_role(a->>0, a->>1, 'USAGE')",
        (owner,),
        to_be=owner,
    )


def drops(owner: str, schema: str) -> Right:
    """What stands in a schema may also be dropped by the schema's owner."""
    return replace(
        acts_as(owner),
        question="""(pg_has_role(a->>0, a->>1, 'USAGE') or (select
          pg_has_role(a->>0, n.nspowner, 'USAGE') from pg_namespace n where n.nspname = a->>2))""",
        arguments=(owner, schema),
    )


def becomes(role: str) -> Right:
    """To give something to a role, or to grant in its name."""
    question = f"pg_has_role(a->>0, a->>1, {_SET})"
    return Right(f"{{role}} cannot become {role}", question, (role,), to_be=role)


@_again
def owns_relation(schema: str, name: str, *, lent: bool = False) -> Right:
    """lent: the platform lends it for some of its own tables."""
    question = f"({_OWNS_RELATION} or {_PLATFORM_TABLE})" if lent else _OWNS_RELATION
    lack = f"{{role}} is not the owner of {schema}.{name}"
    return Right(lack, question, (schema, name), ("relation", schema, name))


def triggers_on(schema: str, name: str) -> Right:
    return Right(
        f"{{role}} may not create triggers on {schema}.{name}",
        f"(select has_table_privilege(a->>0, c.oid, 'TRIGGER') from {_RELATION})",
        (schema, name),
        ("relation", schema, name),
        "t",
    )


def references(schema: str, name: str, columns: tuple[str, ...]) -> Right:
    return Right(
        f"{{role}} may not reference {schema}.{name}",
        f"""(select bool_and(has_column_privilege(a->>0, c.oid, u, 'REFERENCES'))
          from jsonb_array_elements_text(a->3) u, {_RELATION})""",
        (schema, name, columns),
        ("relation", schema, name),
        "x",
    )


@_again
def creates_in(schema: str) -> Right:
    lack = f"{{role}} may not create in schema {schema}"
    return Right(lack, _IN_SCHEMA, (schema, "CREATE"), ("schema", schema), "C")


@_again
def uses_schema(schema: str) -> Right:
    lack = f"{{role}} may not use schema {schema}"
    return Right(lack, _IN_SCHEMA, (schema, "USAGE"), ("schema", schema), "U")


def creates_in_database() -> Right:
    return Right(
        "{role} may not create in the database",
        "has_database_privilege(a->>0, current_database(), 'CREATE')",
    )


def superuser(what: str) -> Right:
    """What PostgreSQL keeps to superusers, and the platform gives to its `postgres`."""
    return Right(f"{what} takes a superuser", f"coalesce({PRIVILEGED}, false)")


def executes(schema: str, name: str) -> Right:
    """A function without arguments, as those of triggers are."""
    return Right(
        f"{{role}} may not execute {schema}.{name}()",
        """(select has_function_privilege(a->>0, p.oid, 'EXECUTE')
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname = a->>1 and p.proname = a->>2 and p.pronargs = 0)""",
        (schema, name),
        ("function", schema, name, ""),
        "X",
    )


def uses_type(name: str) -> Right:
    """name: as format_type prints it."""
    return Right(
        f"{{role}} may not use type {name}",
        """(select bool_and(has_type_privilege(a->>0, t.oid, 'USAGE')) from pg_type t
          where format_type(t.oid, null) = a->>1)""",
        (name,),
    )


def uses_language(name: str) -> Right:
    return Right(
        f"{{role}} may not use language {name}",
        """(select case when l.lanpltrusted then has_language_privilege(a->>0, l.oid, 'USAGE')
          else false end from pg_language l where l.lanname = a->>1)""",
        (name,),
    )


def owns_publication(name: str) -> Right:
    return Right(
        f"{{role}} is not the owner of publication {name}",
        """(select pg_has_role(a->>0, b.pubowner, 'USAGE') from pg_publication b
          where b.pubname = a->>1)""",
        (name,),
        ("publication", name),
    )


def has_extension(name: str) -> Right:
    return Right(
        f"the server has no extension {name}",
        "exists (select from pg_available_extensions e where e.name = a->>1)",
        (name,),
    )


def installs(name: str) -> Right:
    """A trusted extension takes CREATE in the database; the platform lends the rest of its own."""
    return Right(
        f"extension {name} takes a superuser, or CREATE in the database where it is trusted",
        f"""(select bool_or(not e.superuser or e.trusted
              and has_database_privilege(a->>0, current_database(), 'CREATE'))
            or a->>1 = any(string_to_array(replace(coalesce(
              {_LENT.format("privileged_extensions")}, ''), ' ', ''), ',')) and {PRIVILEGED} is true
          from pg_available_extension_versions e join pg_available_extensions d
            on d.name = e.name and d.default_version = e.version where e.name = a->>1)""",
        (name,),
    )


def owns_extension(name: str) -> Right:
    return Right(
        f"{{role}} is not the owner of extension {name}",
        """(select pg_has_role(a->>0, x.extowner, 'USAGE') from pg_extension x
          where x.extname = a->>1)""",
        (name,),
    )


def owns_a_type(*names: str) -> Right:
    """One of these, as format_type prints them."""
    return Right(
        f"{{role}} does not own {' or '.join(names)}",
        """(select bool_or(pg_has_role(a->>0, t.typowner, 'USAGE')) from pg_type t
          where format_type(t.oid, null) in (a->>1, a->>2))""",
        names,
    )


def uses_wrapper(name: str) -> Right:
    return Right(
        f"{{role}} may not use foreign-data wrapper {name}",
        """(select has_foreign_data_wrapper_privilege(a->>0, w.oid, 'USAGE')
          from pg_foreign_data_wrapper w where w.fdwname = a->>1)""",
        (name,),
        ("foreign_data_wrapper", name),
        "U",
    )


def maps_users(server: str, user: str) -> Right:
    """A server's owner maps all users, who may use it maps itself."""
    return Right(
        f"{{role}} may not map {user or 'public'} to server {server}",
        """(select pg_has_role(a->>0, s.srvowner, 'USAGE')
            or a->>2 = a->>0 and has_server_privilege(a->>0, s.oid, 'USAGE')
          from pg_foreign_server s where s.srvname = a->>1)""",
        (server, user),
    )
