"""A configuration as it counts: defaults and variables put in, secrets left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from supasync.config.lines import KeyPath
from supasync.config.model import Config, Sections
from supasync.config.source import dotted


def shown(config: Config) -> dict[str, Any]:
    """As JSON has it; of a secret only that there is one."""
    return config.model_dump(mode="json", include=set(Sections.model_fields), exclude_none=True)


def flat(value: Any, at: KeyPath = ()) -> Iterator[tuple[str, Any]]:
    """`("branches.testing.prune", 0.5)`: a line for each key; empty sections have none."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from flat(item, (*at, key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for index, item in enumerate(value):
            yield from flat(item, (*at, index))
    else:
        yield dotted(at), value
