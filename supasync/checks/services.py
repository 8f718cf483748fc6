"""Services: those that [validation] names are healthy, by the platform's word or their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from supasync import api
from supasync.api import ServiceHealth, ServiceStatus
from supasync.checks.environment import Branch, BranchCheck
from supasync.errors import NotFound, SupasyncError
from supasync.events import Finding, Report
from supasync.sync.logins.sessions import auth_answers, rest_answers

_RESTART = "Look at the branch's project in the dashboard and restart it if it stays so."
_WAIT = "Wait until it is up (`supasync branches wait`) and run the command again."


async def _look(branch: Branch) -> Report:
    wanted = branch.shared.config.validation.services
    try:
        told = await branch.shared.client.health.get(branch.ref, wanted)
    except NotFound:  # not all per-project routes take a branch's ref
        return await _asked(branch, wanted)
    by_name = {str(each.name): each for each in told}
    findings = [
        finding for name in wanted if (finding := _finding(name, by_name.get(name))) is not None
    ]
    evidence = {str(each.name): str(each.status) for each in told}
    return Report(findings=tuple(findings), evidence=evidence)


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
    answers = {name: await _ANSWERS[name](branch) for name in wanted if name in _ANSWERS}
    findings = [
        Finding(message=f"{name} does not answer", remedy=_RESTART)
        for name, answer in answers.items()
        if not answer
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
    up = {str(name): "answers" for name, answer in answers.items() if answer}
    return Report(findings=tuple(findings), evidence=up)


async def _db(branch: Branch) -> bool:
    try:
        return await branch.database.fetch("select 'up'::text") == "up"
    except SupasyncError:
        return False


async def _auth(branch: Branch) -> bool:
    return await _answers(branch, auth_answers)


async def _rest(branch: Branch) -> bool:
    return await _answers(branch, rest_answers)


_ANSWERS = {"auth": _auth, "db": _db, "rest": _rest}


async def _answers(branch: Branch, asks: Callable[..., Awaitable[bool]]) -> bool:
    client, project = branch.shared.client, branch.shared.config.project
    keys = await client.api_keys.list(branch.ref, reveal=False)
    return await asks(
        project.project_url.replace("{ref}", branch.ref),
        api.anon_key(keys),
        production_ref=project.ref,
        counted=client.counted,
    )


def _skip(branch: Branch) -> str:
    none = "[validation] services is empty"
    return "" if branch.shared.config.validation.services else none


ON_BRANCH = BranchCheck("services", _look, _skip)
