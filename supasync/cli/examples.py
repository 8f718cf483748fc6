"""Examples below each command's help. A test holds them against the commands there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import typer

EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "init": ("init", "init --yes"),
    "doctor": ("doctor", "doctor --json"),
    "config show": ("config show",),
    "config check": ("config check --config staging.toml", "config check --no-secrets"),
    "config schema": ("config schema > config.schema.json",),
    "validate": (
        "validate",
        "validate testing --format junit > report.xml",
        "validate --write junit=report.xml --write sarif=report.sarif",
    ),
    "ci plan": ("ci plan", "ci plan testing --summary plan.md"),
    "ci sync": ("ci sync", "ci sync testing --refuse data-loss"),
    "ci validate": ("ci validate --no-comment",),
    "drill": ("drill rehearsal --create", "drill pr-214 --only policy --details"),
    "report": ("report --html report.html", "report --html testing.html testing"),
    "certificate issue": ("certificate issue testing --key certificate.pem --output testing.json",),
    "certificate keygen": ("certificate keygen certificate.pem",),
    "certificate verify": ("certificate verify testing.json --public-key certificate.pem.pub",),
    "watch": ("watch",),
    "serve": ("serve --port 8787",),
    "jobs take-over": ("jobs take-over worker-2",),
    "branches list": ("branches list",),
    "branches status": ("branches status", "branches status testing --witness"),
    "branches diff": ("branches diff", "branches diff testing --sql"),
    "branches sync": (
        "branches sync",
        "branches sync testing --dry-run",
        "branches sync testing --refuse data-loss --json",
    ),
    "branches create": ("branches create testing --persistent",),
    "branches delete": ("branches delete testing --yes",),
    "branches reset": ("branches reset testing",),
    "branches rebase": ("branches rebase testing",),
    "branches pause": ("branches pause testing",),
    "branches resume": ("branches resume testing",),
    "branches open": ("branches open testing --print",),
    "branches wait": ("branches wait testing --timeout 300",),
    "branches parity": ("branches parity testing", "branches parity --all --same"),
    "branches undo": ("branches undo testing --dry-run", "branches undo testing --steps 3"),
    "branches history": ("branches history testing --limit 50",),
    "runs list": ("runs list",),
    "runs show": ("runs show 20260131T09",),
    "runs stats": ("runs stats",),
    "users list": ("users list testing",),
    "users ensure": ("users ensure testing",),
    "users verify": ("users verify testing",),
    "users login": ("users login testing crew@example.test --print-link",),
    "seed run": ("seed run testing",),
    "seed check": ("seed check testing", "seed check --syntax-only"),
    "seed capture": ("seed capture testing public.ranks --output seeds/ranks.sql",),
    "schema diff": ("schema diff main testing",),
    "schema sync": ("schema sync main postgresql://localhost/copy --yes",),
    "schema dump": ("schema dump main -o schema.sql", "schema dump testing --split db/"),
    "migrations status": ("migrations status",),
    "migrations capture": ("migrations capture --name by_hand",),
    "audit show": ("audit show",),
    "audit verify": ("audit verify",),
    "sandbox up": ("sandbox up", "sandbox up --data-dir box --branch testing"),
    "sandbox reset": ("sandbox reset --data-dir box",),
    "sandbox advance": ("sandbox advance 1h",),
}


def add(app: typer.Typer, path: tuple[str, ...] = ()) -> None:
    """Gives each command its examples."""
    for command in app.registered_commands:
        name = str(command.name or getattr(command.callback, "__name__", ""))
        if lines := EXAMPLES.get(" ".join((*path, name))):
            command.epilog = "\b\nExamples:\n" + "\n".join(f"  supasync {line}" for line in lines)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            add(group.typer_instance, (*path, str(group.name)))
