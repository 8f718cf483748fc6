"""Services: those that [validation] names are healthy, by the platform's word and their own."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supasync import api
from supasync.api import ServiceHealth, ServiceStatus
from supasync.checks.environment import Branch, BranchCheck
from supasync.errors import NotFound, SupasyncError
from supasync.events import Finding, Report
from supasync.sync.logins.answering import DOWN, GATEWAY
from supasync.sync.logins.sessions import ask, is_auth

if TYPE_CHECKING:
    import httpx

_RESTART = "Look at the branch's project in the dashboard and restart it if it stays so."
_WAIT = "Wait until it is up (`supasync branches wait`) and run the command again."
_SILENT = "does not answer"
_PATHS = {"auth": "/auth/v1/settings", "rest": "/rest/v1/"}
"""What each that can be asked is asked for."""


@dataclass(frozen=True)
class _Heard:
    """What a service itself says. fault: what is wrong with that, "" when nothing. reached: False
    where nothing of its own came back, which may be the doing of what is in between."""

    fault: str = ""
    reached: bool = True

    def finding(self, message: str) -> Finding:
        remedy = _RESTART if self.reached else DOWN
        return Finding(message=message, remedy=remedy, known=self.reached)


async def _look(branch: Branch) -> Report:
    wanted = branch.shared.config.validation.services
    try:
        told = await branch.shared.client.health.get(branch.ref, wanted)
    except NotFound:  # not all per-project routes take a branch's ref
        return await _asked(branch, wanted)
    by_name = {str(each.name): each for each in told}
    found = {str(name): _finding(name, by_name.get(name)) for name in wanted}
    healthy = [name for name, finding in found.items() if finding is None]
    heard = await _hear(branch, [name for name in healthy if name in _PATHS])
    found |= {
        name: each.finding(f"{name} {each.fault}, and the platform calls it healthy")
        for name, each in heard.items()
        if each.fault
    }
    evidence = {str(each.name): str(each.status) for each in told}
    evidence |= {f"{name} itself": each.fault or "answers" for name, each in heard.items()}
    findings = tuple(finding for finding in found.values() if finding is not None)
    return Report(findings=findings, evidence=evidence)


def _finding(name: str, told: ServiceHealth | None) -> Finding | None:
    """None when it is healthy."""
    if told is None:
        message = f"{name}: the platform says nothing about it"
        return Finding(message=message, remedy="Run the command again.", known=False)
    if told.status == ServiceStatus.ACTIVE_HEALTHY:
        return None
    why = f": {told.error}" if told.error else ""
    if told.status == ServiceStatus.UNHEALTHY:
        return Finding(message=f"{name} is not healthy{why}", remedy=_RESTART)
    return Finding(message=f"{name} is {told.status}{why}", remedy=_WAIT, known=False)


async def _asked(branch: Branch, wanted: Sequence[str]) -> Report:
    """What the services themselves say, where the platform has no word on a branch."""
    answers = await _hear(branch, [name for name in wanted if name in _PATHS])
    if "db" in wanted:
        answers["db"] = await _db(branch)
    findings = [
        answers[name].finding(f"{name} {answers[name].fault}")
        for name in wanted
        if name in answers and answers[name].fault
    ]
    findings += [
        Finding(
            message=f"{name}: the platform does not tell the health of a branch",
            remedy="Leave it out of [validation] services.",
            known=False,
        )
        for name in wanted
        if name not in answers
    ]
    up = {name: "answers" for name, answer in answers.items() if not answer.fault}
    return Report(findings=tuple(findings), evidence=up)


async def _db(branch: Branch) -> _Heard:
    try:
        answers = await branch.database.fetch("select 'up'::text") == "up"
    except SupasyncError:
        answers = False
    return _Heard() if answers else _Heard(_SILENT, reached=False)


async def _hear(branch: Branch, names: Sequence[str]) -> dict[str, _Heard]:
    """What those of `_PATHS` answer to a read that changes nothing."""
    if not names:
        return {}
    client, project = branch.shared.client, branch.shared.config.project
    key = api.anon_key(await client.api_keys.list(branch.ref, reveal=False))
    url = project.project_url.replace("{ref}", branch.ref)
    answers = await gather(*(ask(client, url, _PATHS[name], key) for name in names))
    return {name: _heard(name, answer) for name, answer in zip(names, answers, strict=True)}


def _heard(name: str, answer: httpx.Response | None) -> _Heard:
    """A refusal is an answer too."""
    if answer is None:
        return _Heard(_SILENT, reached=False)
    if answer.status_code in GATEWAY and not (name == "rest" and _is_data_api(answer)):
        return _Heard(f"{_SILENT}: the gateway does (HTTP {answer.status_code})", reached=False)
    if answer.status_code >= 500:
        return _Heard(f"answers only errors (HTTP {answer.status_code})")
    if name == "auth" and not is_auth(answer):
        return _Heard(f"answers what Auth does not say (HTTP {answer.status_code})", reached=False)
    return _Heard()


def _is_data_api(answer: httpx.Response) -> bool:
    """Whether it is the Data API's own error: it says 503 itself where its database is away.
    Source: docs.postgrest.org/en/v13/references/errors.html."""
    try:
        return str(answer.json()["code"]).startswith("PGRST")
    except (ValueError, KeyError, TypeError):
        return False


def _skip(branch: Branch) -> str:
    none = "[validation] services is empty"
    return "" if branch.shared.config.validation.services else none


ON_BRANCH = BranchCheck("services", _look, _skip)
