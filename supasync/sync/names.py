"""Names as people give them: of branches, and of the seed function."""

from __future__ import annotations

import re

from supasync import sql
from supasync.errors import UsageError

SCOPE = "supabase"
"""Of branches: without the platform's own schemas and roles."""

# what a branch is never called, and a database's address is: it may hold a password
_ADDRESS = re.compile(r"://|:.*@|\bpassword=", re.IGNORECASE | re.DOTALL)


def check_branch(name: str, *, urls: bool) -> None:
    """urls: whether a database's URL is accepted where the name was given.

    Raises: UsageError that does not repeat `name` when it is rather an address with a password.
    """
    if not _ADDRESS.search(name):
        return
    if urls:
        raise UsageError(
            "One end looks like the address of a database and is no postgresql:// URL",
            remedy="Write postgresql://user:password@host:5432/database, main, or a branch's name.",
        )
    raise UsageError(
        "The name of a branch is expected; what was given looks like the address of a database",
        remedy="Name a branch (`supasync branches list`); for databases by URL there is "
        "`supasync schema diff` and `supasync schema sync`.",
    )


def kept(function: str | None) -> list[str]:
    """The seed function as `catalog.scope` wants it; none when there is none."""
    return [".".join(sql.names(function))] if function else []
