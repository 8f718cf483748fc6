"""All commands, from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from reference_pages.words import code, plain, table
from supasync.cli.app import app
from supasync.cli.examples import EXAMPLES


def part() -> str:
    commands = list(_leaves(typer.main.get_command(app), ()))
    listed = table(
        ("command", ""),
        (
            (f"[`supasync {name}`](#supasync-{name.replace(' ', '-')})", plain(_first(command)))
            for name, command in commands
        ),
    )
    return listed + "".join(_section(*each) for each in commands)


def _leaves(group: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def _first(command: Any) -> str:
    return " ".join(str(command.help).split("\n\n")[0].split())


def _section(name: str, command: Any) -> str:
    context = command.make_context(f"supasync {name}", [], resilient_parsing=True)
    usage = " ".join(command.get_usage(context).split()).removeprefix("Usage: ")
    usage = re.sub(r"\[\[(\w+)\](\.\.\.)?\](\.\.\.)?", r"[\1]\2", usage)
    parts = [f"\n## supasync {name}\n", plain(command.help) + "\n", f"`{usage}`\n"]
    if rows := [_row(each, context) for each in command.params if not each.hidden]:
        parts.append(table(("option", ""), rows))
    if lines := EXAMPLES.get(name):
        parts.append("```\n" + "".join(f"supasync {line}\n" for line in lines) + "```\n")
    return "\n".join(parts)


def _row(param: Any, context: Any) -> tuple[str, str]:
    words, told = param.get_help_record(context)
    if param.param_type_name == "argument":
        words = param.metavar or param.name.upper()
    return code(words), " ".join(plain(told).split())
