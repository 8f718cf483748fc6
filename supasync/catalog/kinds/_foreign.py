"""The options of foreign-data wrappers, servers, user mappings and foreign tables.

Their order has no meaning: pg_dump prints them by name. Secrets stay where they are: they are
neither read into this process nor compared nor written.
"""

from __future__ import annotations

from typing import Final

from supasync.sql import ident, literal

Options = tuple[tuple[str, str], ...] | None

_HIDDEN: Final = (
    "~* '(passw(?!ord_required)|passphrase|secret|token|credential"
    "|(access|account|api|auth|private|sa|service|ssl)_?key|conn(ection)?_?(str|string|uri|url)$)'"
)
"""After an option's name: whether its value is one. postgres_fdw and the wrappers of
github.com/supabase/wrappers (api_key, sa_key, conn_string, aws_secret_access_key …)."""


def options(column: str) -> str:
    """A compared field's SQL over an options `text[]`."""
    return f"""(select json_agg(json_build_array(o.option_name, o.option_value)
        order by o.option_name collate "C")
      from pg_options_to_table({column}) o where not o.option_name {_HIDDEN})"""


def secrets(column: str) -> str:
    """An SQL condition: some option in the `text[]` is a secret."""
    return f"""exists (select from pg_options_to_table({column}) o where o.option_name {_HIDDEN})"""


def secret_names(column: str) -> str:
    """A hint's SQL: the names of the options in the `text[]` that are secrets."""
    return f"""(select json_agg(o.option_name order by o.option_name collate "C")
      from pg_options_to_table({column}) o where o.option_name {_HIDDEN})"""


def without(names: tuple[str, ...] | None) -> str:
    """What is left undone, for people."""
    plural = "s" if len(names or ()) > 1 else ""
    return f"is made without its option{plural} {', '.join(names)}" if names else ""


def clause(options: Options) -> str:
    """` options (…)` of a CREATE."""
    pairs = ", ".join(f"{ident(name)} {literal(value)}" for name, value in options or ())
    return f" options ({pairs})" if pairs else ""


def change(head: str, old: Options, new: Options) -> list[str]:
    """One statement, since a validator sees the list as a whole. head: `alter server "s"`."""
    was, now = dict(old or ()), dict(new or ())
    words = [f"drop {ident(name)}" for name in was if name not in now]
    words += [
        f"{'set' if name in was else 'add'} {ident(name)} {literal(value)}"
        for name, value in now.items()
        if was.get(name) != value
    ]
    return [f"{head} options ({', '.join(words)})"] if words else []
