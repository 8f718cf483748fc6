"""Auth clients for one branch, and real sessions made with them.

The clients are Supabase's own, over a transport that refuses to write to production. Nothing a
client answers is printed here: sessions and links are secrets.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from supasync import api
from supasync.config import Config, TestUser
from supasync.errors import Refused

if TYPE_CHECKING:
    import httpx
    from supabase import AsyncClient

_SECONDS = 30.0
_PROBE_SECONDS = 10.0


class AuthApi:
    """The Auth service of one branch. Opened by `open_auth`."""

    def __init__(self, url: str, service_key: SecretStr, anon_key: SecretStr, http: Any) -> None:
        self._url, self._service_key, self._anon_key = url, service_key, anon_key
        self._http: httpx.AsyncClient = http

    async def admin(self) -> AsyncClient:
        return await self._client(self._service_key)

    async def anonymous(self) -> AsyncClient:
        """A client of its own, because a log-in changes the client's session."""
        return await self._client(self._anon_key)

    def harmless(self, text: str, users: Iterable[TestUser]) -> str:
        """What the service said, without keys, tokens and these users' passwords: something on the
        way may say back what it was sent."""
        text = api.without_keys(text)
        passwords = (user.password for user in users if user.password is not None)
        for secret in (self._service_key, self._anon_key, *passwords):
            text = text.replace(secret.get_secret_value(), "…")
        return text

    async def count_rows(self, token: str, schema: str, table: str) -> httpx.Response:
        """The Data API's answer to who has this token; the number is in Content-Range.

        Raises: httpx.TransportError.
        """
        from urllib.parse import quote  # noqa: PLC0415 -- beside what is loaded late

        headers = {
            "apikey": self._anon_key.get_secret_value(),
            "Authorization": f"Bearer {token}",
            "Accept-Profile": schema,
            "Prefer": "count=exact",
        }
        url = f"{self._url}/rest/v1/{quote(table, safe='')}"
        return await self._http.get(url, params={"select": "*", "limit": "0"}, headers=headers)

    async def _client(self, key: SecretStr) -> AsyncClient:
        from supabase import AsyncClientOptions, acreate_client  # noqa: PLC0415 -- 1 s

        options = AsyncClientOptions(
            auto_refresh_token=False, persist_session=False, httpx_client=self._http
        )
        return await acreate_client(self._url, key.get_secret_value(), options)


@asynccontextmanager
async def open_auth(
    url: str, service_key: SecretStr, anon_key: SecretStr, *, ref: str, client: api.Client
) -> AsyncIterator[AuthApi]:
    """ref: the branch's. client: counts one `METHOD /auth/v1/…` per request sent, and says how
    often what is only read is sent.

    Raises: Refused when a key says that it is another project's.
    """
    import httpx  # noqa: PLC0415

    for key in (service_key, anon_key):
        _check_key(key, ref)
    async with httpx.AsyncClient(
        transport=client.services(url, _route), timeout=_SECONDS, follow_redirects=False
    ) as http:
        yield AuthApi(url, service_key, anon_key, http)


@asynccontextmanager
async def auth_of(client: api.Client, config: Config, ref: str) -> AsyncIterator[AuthApi]:
    """The Auth service of the branch `ref`, with the keys that the platform has for it.

    Raises: Refused, UnknownError.
    """
    project = config.project
    keys = await client.api_keys.list(ref, reveal=True)
    async with open_auth(
        project.project_url.replace("{ref}", ref),
        api.service_key(keys),
        api.anon_key(keys),
        ref=ref,
        client=client,
    ) as auth:
        yield auth


def _check_key(key: SecretStr, ref: str) -> None:
    """A legacy key is a JWT that names its project; a new one says nothing."""
    try:
        named = claims(key.get_secret_value()).get("ref", ref)
    except (IndexError, ValueError, AttributeError):
        return  # no JWT
    if named != ref:
        raise Refused(
            f"The platform gave a key of project {named} for the branch {ref}",
            remedy="Do not use it: report it to whoever runs the platform at [project] api_url.",
        )


def _route(path: str) -> str:
    """The path from /auth/v1 or /rest/v1 on, with user ids and tables as a template."""
    if "/rest/v1/" in path:
        return "/rest/v1/{table}"
    parts = path.partition("/auth/v1/")[2].split("/")
    return "/auth/v1/" + "/".join(parts[:2]) + ("/{id}" if len(parts) > 2 else "")


async def log_in(
    auth: AuthApi,
    admin: AsyncClient,
    user: TestUser,
    look: Callable[[str], Awaitable[None]] | None = None,
) -> dict[str, Any]:
    """Makes a real session, reads its token's claims, and ends it again. look: what is to be done
    with the token meanwhile.

    A magic link is made by the admin API and verified here, so that no e-mail is sent. The user
    must exist: a link for an unknown address would create one.
    Raises: the client's AuthError.
    """
    client = await auth.anonymous()
    if user.login == "password":
        password = user.password.get_secret_value() if user.password else ""
        answer = await client.auth.sign_in_with_password(
            {"email": user.email, "password": password}
        )
    else:
        link = await admin.auth.admin.generate_link({"type": "magiclink", "email": user.email})
        answer = await client.auth.verify_otp(
            {"type": "magiclink", "token_hash": link.properties.hashed_token}
        )
    if answer.session is None:
        return {}
    try:
        if look is not None:
            await look(answer.session.access_token)
        return claims(answer.session.access_token)
    finally:
        await client.auth.sign_out({"scope": "local"})


def claims(token: str) -> dict[str, Any]:
    """What the database will see of the session: the token's payload, its signature unread."""
    payload = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return decoded


async def auth_answers(
    url: str, anon_key: SecretStr, *, production_ref: str, counted: api.Calls
) -> bool:
    """Whether a branch's Auth service says something sensible of itself. Changes nothing, and is
    not sent again."""
    import httpx  # noqa: PLC0415

    path = "/auth/v1/settings"
    counted.sent(f"GET {path}")
    transport = api.GuardedTransport(httpx.AsyncHTTPTransport(), production_ref)
    answer = await _answer(transport, url + path, anon_key)
    return answer is not None and answer.status_code == 200 and is_auth(answer)


async def ask(
    client: api.Client, url: str, path: str, anon_key: SecretStr
) -> httpx.Response | None:
    """What a branch's service at `url` answers to a read of `path`, sent again as the client does;
    None when nothing comes back."""
    return await _answer(client.services(url, _route), url + path, anon_key)


def is_auth(answer: httpx.Response) -> bool:
    """Whether this can be the Auth service's answer to who asks for its settings."""
    if answer.status_code != 200:
        return True
    try:
        return "external" in answer.json()
    except ValueError:
        return False


async def _answer(
    transport: httpx.AsyncBaseTransport, url: str, anon_key: SecretStr
) -> httpx.Response | None:
    import httpx  # noqa: PLC0415

    try:
        async with httpx.AsyncClient(transport=transport, timeout=_PROBE_SECONDS) as http:
            return await http.get(url, headers={"apikey": anon_key.get_secret_value()})
    except httpx.HTTPError:
        return None
