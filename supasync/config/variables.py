"""`env(NAME)`, as Supabase has it: replaced only where it is a text's whole value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from supasync.config.environment import Environment
from supasync.config.lines import KeyPath
from supasync.config.source import Source

_REFERENCE = re.compile(r"env\((.*)\)\Z")


def substituted(
    value: Any,
    at: KeyPath,
    source: Source,
    environment: Environment,
    optional: Callable[[KeyPath], bool],
) -> Any:
    """A value of one of our sections with its variables put in. optional: whether a key's
    variable may be missing; its value then stays as it is written.

    Raises: ConfigError for a variable that is not set or empty.
    """
    if isinstance(value, dict):
        return {
            key: substituted(item, (*at, key), source, environment, optional)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            substituted(item, (*at, index), source, environment, optional)
            for index, item in enumerate(value)
        ]
    name = referenced(value)
    if name is None:
        return value
    found = environment.get(name)
    if not found and optional(at):
        return value
    if not found:
        raise source.error(
            at,
            f"the environment variable {name} is not set, or is empty",
            f"Set {name} in the environment, or in a .env file beside {source.file.name}.",
        )
    return found


def is_reference(value: Any) -> bool:
    return referenced(value) is not None


def literal(value: Any, environment: Environment) -> str | None:
    """A text of one of Supabase's sections, where an unset variable stays as it is written;
    None when it is no text."""
    name = referenced(value)
    if name is None:
        return value if isinstance(value, str) else None
    return environment.get(name) or str(value)


def referenced(value: Any) -> str | None:
    """The variable's name, of a value that is one."""
    match = _REFERENCE.match(value) if isinstance(value, str) else None
    return match[1] if match else None
