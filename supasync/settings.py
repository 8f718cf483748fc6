"""Settings of a process: flag, then environment, then file, then default.

The file is config.toml, read by supasync.config; what is given here goes before it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from supasync.errors import UsageError

STATE_FOLDER = ".supasync"
CONFIG_FILES = (Path("config.toml"), Path("supabase", "config.toml"))
_REF = re.compile(r"[a-z]{20}\Z")
_PRINTABLE = re.compile(r"[\x21-\x7e]+\Z")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """None: not given, so the file or the default counts.

    access_token   SUPABASE_ACCESS_TOKEN
    project_ref    SUPABASE_PROJECT_REF    production's ref, twenty lower-case letters
    api_url        SUPASYNC_API_URL        the Management API, without /v1
    project_url    SUPASYNC_PROJECT_URL    template of a project's URL, with {ref}
    config         SUPASYNC_CONFIG         path of config.toml
    state          SUPASYNC_STATE_DIR      folder for what is kept between runs
    """

    access_token: SecretStr | None = None
    project_ref: str | None = None
    api_url: str | None = None
    project_url: str | None = None
    config: Path | None = None
    state: Path | None = None

    @classmethod
    def from_env(
        cls,
        env: Mapping[str, str],
        *,
        project_ref: str | None = None,
        api_url: str | None = None,
        project_url: str | None = None,
        config: Path | None = None,
        state: Path | None = None,
    ) -> Self:
        """Flags before variables; an empty variable counts as not set. Raises: UsageError."""

        def given(flag: str | None, variable: str, check: Callable[[str], str]) -> str | None:
            value = flag if flag is not None else env.get(variable, "").strip()
            if not value and flag is None:
                return None
            try:
                return check(value)
            except ValueError as error:
                raise UsageError(
                    f"{variable} (flag or environment) {error}.",
                    remedy="Correct it, or leave it out for what config.toml or the default says.",
                ) from None

        token = given(None, "SUPABASE_ACCESS_TOKEN", check_token)
        return cls(
            access_token=SecretStr(token) if token else None,
            project_ref=given(project_ref, "SUPABASE_PROJECT_REF", check_ref),
            api_url=given(api_url, "SUPASYNC_API_URL", check_url),
            project_url=given(project_url, "SUPASYNC_PROJECT_URL", check_template),
            config=config or _path(env, "SUPASYNC_CONFIG"),
            state=state or _path(env, "SUPASYNC_STATE_DIR"),
        )

    def config_file(self) -> Path | None:
        """The configuration as named, else the first of CONFIG_FILES that there is."""
        return self.config or next((file for file in CONFIG_FILES if file.is_file()), None)

    def state_dir(self, config_file: Path | None = None) -> Path:
        """Where state is kept: as set, else `.supasync` beside the configuration file."""
        if self.state is not None:
            return self.state
        return (config_file.parent if config_file else Path()) / STATE_FOLDER


def is_ref(value: str) -> bool:
    """Whether a text has the form of a project ref: twenty lower-case letters."""
    return _REF.match(value) is not None


def check_ref(value: str) -> str:
    """A project ref. Raises: ValueError, worded to follow the value's name."""
    if not is_ref(value):
        raise ValueError("must be a project ref: twenty lower-case letters")
    return value


def check_url(value: str) -> str:
    """A base URL, returned without its trailing slash. Raises: ValueError.

    Plain http is for this machine only, since keys travel over it.
    """
    try:
        url = urlsplit(value)
        host, _ = url.hostname or "", url.port
    except ValueError:
        raise ValueError("is not a URL") from None
    if url.scheme not in {"http", "https"} or not host or not _PRINTABLE.match(value):
        raise ValueError("must be a URL that starts with https://")
    if url.username or url.password or url.query or url.fragment:
        raise ValueError("must be a URL without user, password, ? and #")
    if url.scheme == "http" and not is_loopback(host):
        raise ValueError("must start with https://; http:// is only for this machine")
    return value.rstrip("/")


def check_template(value: str) -> str:
    """A project URL with {ref}, the only braces. Raises: ValueError."""
    filled = value.replace("{ref}", "a" * 20)
    if filled == value or "{" in filled or "}" in filled:
        raise ValueError("must be a URL with {ref} in the place of the project's ref")
    check_url(filled)
    return value.rstrip("/")


def check_token(value: str) -> str:
    """An access token, which must fit a header; its form is the platform's business."""
    if not _PRINTABLE.match(value):
        raise ValueError("must not contain blanks, line ends or characters outside ASCII")
    return value


def is_loopback(host: str) -> bool:
    """Whether a URL's host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _path(env: Mapping[str, str], variable: str) -> Path | None:
    value = env.get(variable, "").strip()
    return Path(value) if value else None
