"""From a file to a Config."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from pydantic import SecretStr, ValidationError

from supasync.config import platform, problems, source, standins
from supasync.config.environment import Environment
from supasync.config.lines import KeyPath
from supasync.config.model import Branch, Config, Sections, Seed, TestUser
from supasync.config.platform import Platform
from supasync.config.source import Source
from supasync.config.variables import is_reference, substituted
from supasync.errors import ConfigError
from supasync.settings import CONFIG_FILES, Settings

NAME = CONFIG_FILES[0].name
OURS = tuple(Sections.model_fields)
_RESERVED = re.compile(r"(?:[@.]example\.(?:com|net|org)|\.(?:test|example|invalid))\Z")
"""Domains that nobody can own (RFC 2606)."""
_OF_SERVICE = ("serve", "webhooks", "notify")


def load(
    path: Path | None = None,
    *,
    env: Mapping[str, str],
    settings: Settings | None = None,
    users: bool = True,
    service: bool = False,
    variables: bool = True,
) -> Config:
    """Read the configuration.

    path: None for ./config.toml, then ./supabase/config.toml. settings: what goes before the
    file (project_ref, api_url, project_url, config); by default what `env` gives.
    users: False for a command that does not use test users: it needs none of their passwords'
    variables, and gets no test users but their e-mail addresses. service: whether [serve] and
    [webhooks] are used; else their variables may be missing and they count as not written.
    variables: False to check the file: for variables that are not set there is a stand-in each.
    A supabase/config.toml beside the file is understood too.
    Raises: ConfigError, one for the first problem, with file, line, key and remedy.
    """
    settings = settings or Settings.from_env(env)
    found = source.read(path or settings.config_file() or _nowhere())
    folder = found.file.parent
    environment = Environment(env, folder)
    official = _official(found)
    known = platform.understand(official, environment, folder) if official else Platform()
    data = _ours(found) if official is found else dict(found.data)
    data = _with_project(data, settings, known, None if variables else standins.REF)

    optional = partial(_optional, users=users, service=service, needed=variables)
    data = _substituted(data, found, environment, optional)
    sections = _validated(data, found, service=service, variables=variables)
    values = {name: getattr(sections, name) for name in OURS}
    if not users:
        values |= {"test_users": (), "masks": None}  # their passwords and its key may be missing
    if "seed" not in data:
        values["seed"] = Seed(paths=known.seed_paths)
    if "branches" not in data:
        values["branches"] = _remote_branches(known, sections.project.ref)
    return Config(
        **values,
        file=found.file,
        seed_values=_seed_values(sections.seed, environment, needed=variables),
        lines=found.lines,
        remotes=known.remotes,
        remote_seeds={} if "seed" in data else known.remote_seeds,
        official=official is found,
        without_passwords=() if users else tuple(user.email for user in sections.test_users),
        warnings=(*(_misplaced(official) if official else ()), *known.warnings),
    )


def _substituted(
    data: dict[str, Any],
    found: Source,
    environment: Environment,
    optional: Callable[[KeyPath], bool],
) -> dict[str, Any]:
    """With variables in our own sections. Raises: ConfigError."""
    return {
        key: substituted(value, (key,), found, environment, optional) if key in OURS else value
        for key, value in data.items()
    }


def _check_passwords(found: Source, users: tuple[TestUser, ...]) -> None:
    """A password in the file is everybody's; only one of an address that nobody can have may be.

    Raises: ConfigError.
    """
    for index, user in enumerate(users):
        written = found.data["test_users"][index].get("password")
        if written is not None and not is_reference(written) and not _RESERVED.search(user.email):
            raise found.error(
                ("test_users", index, "password"),
                "is written out, for everybody who can read this file",
                'Write password = "env(NAME)" and set that variable. Only users of reserved '
                "domains, such as @example.com or @team.test, may have a public password.",
            )


def _optional(at: KeyPath, *, users: bool, service: bool, needed: bool) -> bool:
    """Whether a variable may be missing, since none is needed or what is there is not used."""
    needless = (at[0], at[-1]) in {("test_users", "password"), ("masks", "key")}
    return not needed or (not users and needless) or (not service and at[0] in _OF_SERVICE)


def of_settings(settings: Settings) -> Config | None:
    """What the settings alone say of production; None when they do not name it."""
    if settings.project_ref is None:
        return None
    return Config(**_with_project({}, settings, Platform(), None), file=CONFIG_FILES[0])


def _validated(data: dict[str, Any], found: Source, *, service: bool, variables: bool) -> Sections:
    used = {key: value for key, value in data.items() if service or key not in _OF_SERVICE}
    try:
        validate = Sections.model_validate if variables else standins.validated
        sections = validate(used)
    except ValidationError as error:
        raise problems.explain(error, found) from None  # the cause could print values
    _check_passwords(found, sections.test_users)
    return sections


def _seed_values(seed: Seed, environment: Environment, *, needed: bool) -> Mapping[str, SecretStr]:
    """Of those that are set: only commands that run the seed miss the others."""
    values = {name: environment.get(name) or ("" if needed else name) for name in seed.variables}
    return {name: SecretStr(value) for name, value in values.items() if value}


def _nowhere() -> NoReturn:
    raise ConfigError(
        f"no {NAME} in {Path.cwd()}, and none in its folder {platform.FOLDER}",
        remedy="Write one here with `supasync init`, or name one with --config or SUPASYNC_CONFIG.",
    )


def _official(found: Source) -> Source | None:
    """Supabase's own file: this one, or the one in `supabase/` beside it."""
    if platform.is_platform_file(found):
        return found
    beside = found.file.parent / platform.FOLDER / NAME
    return source.read(beside) if beside.is_file() else None


def _ours(found: Source) -> dict[str, Any]:
    return {key: value for key, value in found.data.items() if key in OURS}


def _with_project(
    data: dict[str, Any], settings: Settings, known: Platform, otherwise: str | None
) -> dict[str, Any]:
    """The sections with what is known of production from elsewhere. otherwise: its ref, where
    nothing says it."""
    given = {
        "ref": settings.project_ref,
        "api_url": settings.api_url,
        "project_url": settings.project_url,
    }
    written = data.get("project", {})
    if not isinstance(written, dict):
        return data
    ref = known.ref or otherwise
    fallback = {"ref": ref} if ref else {}
    project = fallback | written | {key: value for key, value in given.items() if value}
    return {**data, "project": project} if project else data


def _remote_branches(known: Platform, production_ref: str) -> dict[str, Branch]:
    """Without a section of ours, the branches that Supabase's own file names are meant."""
    return {
        name: Branch()
        for name, ref in known.remotes.items()
        if ref != production_ref and name != "main"
    }


def _misplaced(official: Source) -> tuple[str, ...]:
    return tuple(
        official.told(
            (key,),
            "does not belong in Supabase's own file, whose CLI refuses unknown keys: "
            f"move it to a {NAME} of its own at the top level",
        )
        for key in _ours(official)
    )
