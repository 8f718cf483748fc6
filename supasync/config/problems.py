"""pydantic's errors in our words: one ConfigError, without the value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from supasync.config.data import DataTable, Masks
from supasync.config.lines import KeyPath
from supasync.config.model import (
    Branch,
    Certificate,
    EssentialTable,
    Expectation,
    Migrations,
    Profiles,
    Project,
    Sections,
    Seed,
    Sync,
    TestUser,
    Validation,
)
from supasync.config.service import (
    Bitbucket,
    Github,
    Gitlab,
    History,
    Serve,
    Supabase,
    Watch,
    Webhooks,
    Window,
)
from supasync.config.source import Source
from supasync.errors import ConfigError

_TYPES = {
    "bool_type": ("must be true or false", "Write true or false, without quotes."),
    "string_type": ("must be a text", 'Write it in quotes: "…".'),
    "tuple_type": ("must be a list", 'Write it in brackets: ["…"].'),
    "model_type": ("must be a section", "Give it a header of its own: [section]."),
    "mapping_type": ("must be sections", "Give each a header of its own: [branches.NAME]."),
    "dict_type": ("must be sections", "Give each a header of its own: [branches.NAME]."),
    "string_too_short": ("must not be empty", "Give it a value, or leave the key out."),
}
_REF = 'ref = "…", production\'s project ref, or set SUPABASE_PROJECT_REF.'
_REMEDIES: Mapping[KeyPath, str] = {
    ("project",): f"Add a section [project] with {_REF}",
    ("project", "ref"): f"Add {_REF}",
}
_MODELS: Mapping[KeyPath, type[BaseModel]] = {
    ("project",): Project,
    ("branches",): Branch,
    ("seed",): Seed,
    ("sync",): Sync,
    ("test_users",): TestUser,
    ("test_users", "expect"): Expectation,
    ("validation",): Validation,
    ("validation", "essential_tables"): EssentialTable,
    ("migrations",): Migrations,
    ("profiles",): Profiles,
    ("masks",): Masks,
    ("watch",): Watch,
    ("watch", "allow"): Window,
    ("watch", "deny"): Window,
    ("serve",): Serve,
    ("history",): History,
    ("certificate",): Certificate,
    ("webhooks",): Webhooks,
    ("webhooks", "github"): Github,
    ("webhooks", "gitlab"): Gitlab,
    ("webhooks", "bitbucket"): Bitbucket,
    ("webhooks", "supabase"): Supabase,
}


class _Problem(NamedTuple):
    path: KeyPath
    message: str
    remedy: str


def explain(error: ValidationError, source: Source) -> ConfigError:
    """The first problem in the file as an error, which also tells how many follow."""
    problems = [_problem(each) for each in error.errors(include_url=False, include_input=False)]
    first = min(problems, key=lambda problem: source.line(problem.path) or 0)
    more = len(problems) - 1
    rest = f" ({more} more {'problem' if more == 1 else 'problems'} in this file)" if more else ""
    return source.error(first.path, first.message + rest, first.remedy)


def paths(error: ValidationError) -> set[KeyPath]:
    """Which keys are wrong."""
    return {_problem(each).path for each in error.errors(include_url=False, include_input=False)}


def _problem(details: ErrorDetails) -> _Problem:
    path: KeyPath = tuple(part for part in details["loc"] if part != "[key]")
    context: dict[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "supasync":
            return _Problem((*path, *context["at"]), context["message"], context["remedy"])
        case "extra_forbidden":
            return _Problem(path, "unknown key", _known(path))
        case "missing":
            return _Problem(path, "is missing", _REMEDIES.get(path, f"Add {path[-1]} = …"))
        case "literal_error":
            return _Problem(path, f"must be {context['expected']}", "Write one of them, in quotes.")
        case other:
            return _Problem(path, *_TYPES.get(other, (details["msg"], "Correct the value.")))


def _known(path: KeyPath) -> str:
    known = _keys_beside(path)
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    meant = f"Did you mean {close[0]}? " if close else ""
    return f"{meant}Known here: {', '.join(known)}."


def _keys_beside(path: KeyPath) -> Iterable[str]:
    section = path[:-1]
    if section[:1] == ("branches",) and "data" in section[2:]:
        return list(DataTable.model_fields)
    named = tuple(part for part in section if isinstance(part, str))
    if named[:1] == ("branches",):
        named = named[:1]
    model = next((_MODELS[named[:n]] for n in (2, 1) if named[:n] in _MODELS), Sections)
    return list(model.model_fields)
