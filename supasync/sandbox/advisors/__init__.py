"""The advisors: what the catalogs of a project say against its security and speed.

Names, titles and levels are those of the platform's linter; the queries are this project's own, one
file each. A lint that is not here is not looked for: docs/how-to/sandbox.md lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Literal

from supasync.sandbox.project import Project
from supasync.sandbox.sqlapi.run import run

Category = Literal["SECURITY", "PERFORMANCE"]
REMEDIES: Final = "https://supabase.com/docs/guides/database/database-linter?lint="


@dataclass(frozen=True)
class Lint:
    """number: of its page in the platform's documentation; the query is in `<name>.sql`."""

    number: str
    name: str
    title: str
    level: Literal["ERROR", "WARN", "INFO"]
    category: Category
    description: str

    @property
    def query(self) -> str:
        """Rows of detail, schema, name, type, key; fkey_name, fkey_columns of a foreign key."""
        folder = files(__package__)
        found = (folder / f"{self.name}.sql").read_text()
        return (folder / "_ours.sql").read_text() + found


LINTS: Final = (
    Lint(
        "0001",
        "unindexed_foreign_keys",
        "Unindexed foreign keys",
        "INFO",
        "PERFORMANCE",
        "A foreign key that no index covers makes changes of the referenced table slow.",
    ),
    Lint(
        "0004",
        "no_primary_key",
        "No Primary Key",
        "INFO",
        "PERFORMANCE",
        "A table without a primary key.",
    ),
    Lint(
        "0009",
        "duplicate_index",
        "Duplicate Index",
        "WARN",
        "PERFORMANCE",
        "Two or more indexes of a table are the same.",
    ),
    Lint(
        "0007",
        "policy_exists_rls_disabled",
        "Policy Exists RLS Disabled",
        "ERROR",
        "SECURITY",
        "A table has policies that have no effect, since row level security is not enabled.",
    ),
    Lint(
        "0008",
        "rls_enabled_no_policy",
        "RLS Enabled No Policy",
        "INFO",
        "SECURITY",
        "Row level security is enabled on a table without any policy.",
    ),
    Lint(
        "0010",
        "security_definer_view",
        "Security Definer View",
        "ERROR",
        "SECURITY",
        "A view that the API serves reads with the rights of its owner, not of who asks.",
    ),
    Lint(
        "0011",
        "function_search_path_mutable",
        "Function Search Path Mutable",
        "WARN",
        "SECURITY",
        "A function whose search_path is its caller's.",
    ),
    Lint(
        "0013",
        "rls_disabled_in_public",
        "RLS Disabled in Public",
        "ERROR",
        "SECURITY",
        "A table that the API serves has row level security not enabled.",
    ),
    Lint(
        "0014",
        "extension_in_public",
        "Extension in Public",
        "WARN",
        "SECURITY",
        "An extension is installed in the schema public.",
    ),
    Lint(
        "0016",
        "materialized_view_in_api",
        "Materialized View in API",
        "WARN",
        "SECURITY",
        "A materialized view, which has no policies, is served by the API.",
    ),
    Lint(
        "0017",
        "foreign_table_in_api",
        "Foreign Table in API",
        "WARN",
        "SECURITY",
        "A foreign table, which has no policies, is served by the API.",
    ),
)


async def advice(project: Project, category: Category) -> list[dict[str, object]]:
    """What the lints of a category find now. Raises: Failure."""
    return [
        _shown(lint, row)
        for lint in LINTS
        if lint.category == category
        for row in await run(project, lint.query)
    ]


def _shown(lint: Lint, row: dict[str, object]) -> dict[str, object]:
    keys = ("schema", "name", "type", "fkey_name", "fkey_columns")
    return {
        "name": lint.name,
        "title": lint.title,
        "level": lint.level,
        "facing": "EXTERNAL",
        "categories": [lint.category],
        "description": lint.description,
        "detail": row["detail"],
        "remediation": f"{REMEDIES}{lint.number}_{lint.name}",
        "metadata": {key: row[key] for key in keys if row.get(key) is not None},
        "cache_key": f"{lint.name}_{row['key']}",
    }
