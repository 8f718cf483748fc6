"""Whoever asks a database something is known here: as one of the queries that production may be
asked, or as asking branches alone.

A query of the engine that `catalog/statements.py` does not know is refused, and on production only.
So a new one is first met by this test, not by a user.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import supasync
from tests.unit.catalog.test_statements import TEXTS

PACKAGE = Path(supasync.__file__).parent
ELSEWHERE = {"api", "sandbox"}
"""The Management API's client, which sends what it is given, and the sandbox."""

PRODUCTION = {
    "catalog/access.py read": "access",
    "catalog/cluster.py _digests": "roles",
    "catalog/model.py read": "objects",
    "catalog/model.py read_stub_uses": "stub uses",
    "catalog/privileges.py _denied": "rights",
    "catalog/state.py observe": "look",
    "catalog/unprintable.py _damaged": "unprintable objects",
    "parity/aspects/buckets.py read": "parity: buckets",
    "parity/aspects/cron.py read": "parity: cron jobs",
    "parity/aspects/extensions.py read": "parity: extensions",
    "parity/aspects/publications.py read": "parity: publications",
    "parity/aspects/server.py read": "parity: PostgreSQL",
    "setup/doctor.py _schema": "identity",
    "sync/identity.py _read": "identity",
}
"""Who may ask production, and what: a query by its name in the audit log."""

ROWS = {
    "sync/data/reading.py marks",
    "sync/data/reading.py pages",
    "sync/data/tables.py describe",
}
"""Who asks for rows that the configuration lists: see tests/unit/rows/test_asking.py."""

PASSED_ON = {
    "catalog/unprintable.py fetch",
    "parity/end.py fetch",
    "sync/counted.py fetch",
    "sync/withheld.py fetch",
}
"""Who asks what others have given."""

BRANCHES = {
    "checks/services.py _db",
    "sync/logins/accounts.py check_shared",
    "sync/data/standing.py _last",
    "sync/bookkeeping/journal.py newest",
    "sync/bookkeeping/lease.py has_been_here",
    "sync/bookkeeping/past.py entries",
    "sync/bookkeeping/past.py read",
    "sync/logins/linking.py link",
    "sync/logins/profiles.py read",
    "sync/rows.py can_empty",
    "sync/seeding/capture.py _read",
    "sync/seeding/failures.py _marked",
    "sync/seeding/linked.py read",
    "sync/seeding/planned.py _of_extensions",
}
"""Who asks branches, and never production."""

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def asking() -> Iterator[str]:
    """Each function that fetches from a database, as `folder/file.py name`."""
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE)
        if path.parts[0] in ELSEWHERE:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, _FUNCTION) and any(map(_fetches, ast.walk(node))):
                yield f"{path.as_posix()} {node.name}"


def _fetches(node: ast.AST) -> bool:
    """Whether it asks a database."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "fetch"
        and ast.unparse(node.func) != "fetching.fetch"
    )


def test_all_who_ask_are_known() -> None:
    known = PRODUCTION.keys() | ROWS | PASSED_ON | BRANCHES
    assert set(asking()) == known, (
        "teach catalog/statements.py the query, give it a text in TEXTS of "
        "tests/unit/catalog/test_statements.py, and name here who asks it"
    )


def test_what_production_is_asked_has_a_text_that_is_understood() -> None:
    assert {query for query, _ in TEXTS.values()} == set(PRODUCTION.values())
