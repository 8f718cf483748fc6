"""When a branch's own rows do not fit production's schema: emptied first, or told clearly."""

from __future__ import annotations

from supasync import sql
from supasync.catalog import Plan
from supasync.errors import SqlError
from supasync.ports import Database
from supasync.sync.withheld import OF_ROWS

_SHOWN = 5


def do_not_fit(error: SqlError) -> bool:
    return error.sqlstate.startswith(OF_ROWS)


async def can_empty(branch: Database, function: str) -> bool:
    """Whether the branch has the function that empties its tables. Raises: UnknownError."""
    signature = sql.literal(function + "()")
    return await branch.fetch(f"select to_regprocedure({signature})::text") is not None


def empty(function: str) -> str:
    """SQL that calls the function as a seed would, with the session's own search_path, and leaves
    the transaction's settings as they were."""
    signature = sql.literal(function + "()")
    body = (
        "\ndeclare pinned text := pg_catalog.current_setting('search_path'); begin\n"
        "  execute 'reset search_path';\n"
        "  if exists (select from pg_catalog.pg_proc\n"
        f"             where oid = pg_catalog.to_regprocedure({signature})\n"
        "               and prokind = 'p') then\n"
        f"    call {function}();\n"
        "  else\n"
        f"    perform {function}();\n"
        "  end if;\n"
        "  perform pg_catalog.set_config('search_path', pinned, true);\n"
        "end"
    )
    return f"do {sql.dollar(body)};\n"


_EMPTY = (
    ", or let `supasync branches sync` empty the tables first: that needs [seed] function in "
    "config.toml, the function on the branch, seed_on_sync, and no --no-data-loss"
)


def explained(error: SqlError, plan: Plan, branch: str, *, past: bool = False) -> SqlError:
    """The error with what it is about and what to do; `error` itself when rows are not at fault.

    past: the source is what the branch was once.
    """
    if not do_not_fit(error):
        return error
    whose = "the earlier" if past else "the source's"
    lines = [f"The rows of {branch} do not fit {whose} schema: {error.message}"]
    lines += [f"  {part}" for part in (error.detail, error.context) if part]
    if error.sqlstate.startswith("22"):  # PostgreSQL names neither table nor column of a value
        lines += [f"  while changing: {label}" for label in _rewritten(plan)]
    return SqlError(
        "\n".join(lines),
        sqlstate=error.sqlstate,
        detail=error.detail,
        hint=error.hint,
        context=error.context,
        remedy="Nothing was changed. Correct or delete these rows on the branch"
        + ("" if past else _EMPTY)
        + ".",
    )


def _rewritten(plan: Plan) -> list[str]:
    """What the plan changes in tables that stay, whose values are looked at again."""
    of_values = ("column", "domain", "constraint", "index")
    found = [step.label for step in plan.steps if step.verb != "drop" and step.id[0] in of_values]
    return found[:_SHOWN]
