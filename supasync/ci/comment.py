"""One comment on a pull request, made the first time and changed from then on.

Of ours is what has the mark and was written with the same token: others can write the mark too, and
a comment can be edited by its author. (docs.github.com, "REST API endpoints for issue comments")
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import httpx

from supasync.ci.ended import Ended
from supasync.ci.github import Github

LIMIT: Final = 65_536
"""Characters of a comment's body."""
_PAGE = 100
_PAGES = 100
_SECONDS = 15.0
_APART_SECONDS = 1.0


class NotWritten(Exception):
    """Why there is no comment."""


def mark(ended: Ended) -> str:
    """Tells comments about other commands, configurations or branches apart."""
    about = json.dumps([ended.config, sorted(ended.names)])
    return f"<!-- supasync {ended.mode} {hashlib.sha256(about.encode()).hexdigest()[:16]} -->"


async def keep(github: Github, marked: str, body: str) -> None:
    """Makes the pull request's one comment with this mark say this. Asked once more when there is
    no answer or the server fails: what was done by then is seen.

    Raises: NotWritten.
    """
    if not (github.api_url and github.graphql_url and github.repository and github.token):
        raise NotWritten("no token was given, or it is not known where to")
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {github.token.get_secret_value()}",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    async with httpx.AsyncClient(headers=headers, timeout=_SECONDS) as client:
        try:
            await _keep(client, github, marked, body)
        except _Again:
            await asyncio.sleep(_APART_SECONDS)
            await _keep(client, github, marked, body)


async def _keep(client: httpx.AsyncClient, github: Github, marked: str, body: str) -> None:
    comments = f"{github.api_url}/repos/{github.repository}/issues"
    query = {"query": "{ viewer { login } }"}
    viewer = (await _asked(client, "POST", github.graphql_url, json=query)).get("data") or {}
    login = (viewer.get("viewer") or {}).get("login")
    if not login:
        raise NotWritten("GitHub does not tell whose token it is")
    listing = f"{comments}/{github.pull}/comments"
    ours = [
        each["id"]
        async for each in _listed(client, listing)
        if (each.get("user") or {}).get("login") == login
        and str(each.get("body") or "").startswith(marked)
    ]
    text = {"body": f"{marked}\n{body}"}
    if not ours:
        await _asked(client, "POST", listing, json=text)
        return
    await _asked(client, "PATCH", f"{comments}/comments/{ours[0]}", json=text)
    for surplus in ours[1:]:  # of jobs that ran at the same time
        await _asked(client, "DELETE", f"{comments}/comments/{surplus}")


async def _listed(client: httpx.AsyncClient, url: str) -> AsyncIterator[Mapping[str, Any]]:
    for page in range(1, _PAGES + 1):
        found = await _asked(client, "GET", url, params={"per_page": _PAGE, "page": page})
        for each in found:
            yield each
        if len(found) < _PAGE:
            return


class _Again(NotWritten):
    """It may be otherwise the next time."""


async def _asked(client: httpx.AsyncClient, method: str, url: str, **given: Any) -> Any:
    """The answer's document. Raises: NotWritten."""
    try:
        answer = await client.request(method, url, **given)
    except httpx.HTTPError as error:
        raise _Again(f"GitHub did not answer ({type(error).__name__})") from error
    if answer.status_code >= 500:
        raise _Again(f"GitHub answered {answer.status_code}")
    if answer.status_code in {401, 403, 404}:
        raise NotWritten(
            f"the token may not (GitHub answered {answer.status_code}). It needs the permission "
            "pull-requests: write, which the workflow's own has not for a fork"
        )
    if not answer.is_success:
        raise NotWritten(f"GitHub answered {answer.status_code}")
    try:
        return answer.json() if answer.content else {}
    except ValueError as error:
        raise _Again("GitHub's answer is no JSON") from error
