"""Test users as the branches have them, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from supasync.report import wording


def print_users(branches: Sequence[Mapping[str, Any]], console: Console) -> None:
    """branches: as `supasync users list --json` has them."""
    for branch in branches:
        console.print(Text(str(branch["name"]), style="bold"))
        for user in branch["users"]:
            mark = Text("  ✗", style="red") if user["faults"] else Text("  ✓", style="green")
            console.print(mark.append(f" {_line(user)}", style="default"), soft_wrap=True)
        for remedy in dict.fromkeys(filter(None, (user["remedy"] for user in branch["users"]))):
            console.print(Text(f"  → {wording.harmless(remedy)}"), soft_wrap=True)


def _line(user: Mapping[str, Any]) -> str:
    told = f"{user['email']}  {user['role']}, {user['login'].replace('_', ' ')}"
    if user["faults"]:
        told += f": {'; '.join(user['faults'])}"
    elif user["purpose"]:
        told += f": {user['purpose']}"
    return wording.harmless(told)
