"""The job of GitHub Actions that this is, from its variables and its event's file.

docs.github.com, "Variables reference" and "Events that trigger workflows".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from supasync.settings import check_url

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, kw_only=True)
class Github:
    """summary, output: files to add to. pull: the number of the pull request, None without one.
    token: None where none was given. job: the address of its page, "" where it is not known."""

    summary: Path | None
    output: Path | None
    workspace: Path | None
    api_url: str
    graphql_url: str
    repository: str
    pull: int | None
    token: SecretStr | None
    job: str
    commit: str

    def relative(self, file: Path) -> str:
        """As GitHub names a file of the repository."""
        try:
            return file.resolve().relative_to((self.workspace or Path()).resolve()).as_posix()
        except ValueError:
            return file.as_posix()


def found(env: Mapping[str, str]) -> Github | None:
    """None outside of GitHub Actions. What cannot be understood counts as not there."""
    if env.get("GITHUB_ACTIONS") != "true":
        return None
    event = _event(env.get("GITHUB_EVENT_PATH", ""))
    pull = event.get("pull_request") or {}
    repository = _matching(_REPOSITORY, env.get("GITHUB_REPOSITORY", ""))
    api_url = _url(env.get("GITHUB_API_URL", "https://api.github.com"))
    server, run = _url(env.get("GITHUB_SERVER_URL", "")), env.get("GITHUB_RUN_ID", "")
    known = server and repository and _NUMBER.fullmatch(run)
    head = pull.get("head") if isinstance(pull, dict) else None
    commit = head.get("sha") if isinstance(head, dict) else env.get("GITHUB_SHA")
    token = env.get("GITHUB_TOKEN", "").strip()
    return Github(
        summary=_path(env, "GITHUB_STEP_SUMMARY"),
        output=_path(env, "GITHUB_OUTPUT"),
        workspace=_path(env, "GITHUB_WORKSPACE"),
        api_url=api_url,
        graphql_url=_url(env.get("GITHUB_GRAPHQL_URL", "") or f"{api_url}/graphql"),
        repository=repository,
        pull=_number(pull),
        token=SecretStr(token) if token else None,
        job=f"{server}/{repository}/actions/runs/{run}" if known else "",
        commit=_matching(_COMMIT, str(commit or ""))[:7],
    )


def _event(file: str) -> Mapping[str, Any]:
    try:
        event = json.loads(Path(file).read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}


def _number(pull: object) -> int | None:
    number = pull.get("number") if isinstance(pull, dict) else None
    return number if isinstance(number, int) else None


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None


def _matching(pattern: re.Pattern[str], value: str) -> str:
    return value if pattern.fullmatch(value) else ""


def _url(value: str) -> str:
    """ "" for what a token may not be sent to."""
    try:
        return check_url(value)
    except ValueError:
        return ""
