"""The options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

END = "A branch, `main`, or a postgresql:// URL."


class Refusable(StrEnum):
    """Hazards of supasync.catalog.hazards that are allowed unless refused."""

    DATA_LOSS = "data-loss"
    TABLE_REWRITE = "table-rewrite"
    INDEX_BUILD = "index-build"
    CONSTRAINT_SCAN = "constraint-scan"
    LONG_LOCK = "long-lock"
    ACCESS_WIDENED = "access-widened"
    DISARMED = "disarmed"


Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print the result as one JSON document.")
]
ConfigFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration; by default config.toml or supabase/config.toml here.",
        show_default=False,
    ),
]
Debug: TypeAlias = Annotated[
    bool, typer.Option("--debug", help="Show where an unexpected error comes from.")
]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Stop after the plan; nothing is written.")
]
Hard: TypeAlias = Annotated[
    bool, typer.Option("--hard", help="Ignore what is remembered of earlier runs.")
]
NoDataLoss: TypeAlias = Annotated[
    bool, typer.Option("--no-data-loss", help="Refuse a plan that would lose rows.")
]
Refuse: TypeAlias = Annotated[
    list[Refusable] | None,
    typer.Option(
        metavar="HAZARD",
        help="Refuse a plan with this hazard (docs/reference/hazards.md); may be repeated.",
        show_default=False,
    ),
]
AllowEmpty: TypeAlias = Annotated[
    bool, typer.Option("--allow-empty", help="Believe a source that has no table.")
]
Prune: TypeAlias = Annotated[
    bool,
    typer.Option("--prune", help="Confirm a plan that drops more objects than the allowed share."),
]
Witness: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--witness", help="Of what is equal, ask the platform's own diff too; exit code 3 if not."
    ),
]
Strategy: TypeAlias = Annotated[
    Literal["reconcile", "reset", "rebuild"],
    typer.Option(
        help="reconcile: change what differs. reset: let the platform make the branch anew from "
        "the migrations first. rebuild: drop all that is in your schemas and make it anew, in one "
        "transaction. The last two lose all rows, and ask.",
    ),
]
Sql: TypeAlias = Annotated[bool, typer.Option("--sql", help="Show the plan's SQL too.")]
Names: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...", help="Branches; by default all configured.", show_default=False
    ),
]
Scope: TypeAlias = Annotated[
    Literal["supabase", "all"] | None,
    typer.Option(
        "--scope",
        help="supabase: without the platform's own schemas and roles. all: everything that is "
        "not PostgreSQL's own. By default all for URLs, else supabase.",
        show_default=False,
    ),
]
Name: TypeAlias = Annotated[
    str, typer.Argument(metavar="NAME", help="A branch, or its ref.", show_default=False)
]
Wait: TypeAlias = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Whether to wait until the branch is ready.")
]
Timeout: TypeAlias = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        metavar="SECONDS",
        help="Give up after this time; by default each state has its own.",
        show_default=False,
    ),
]
