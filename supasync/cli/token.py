"""Where the access token comes from: stdin, then the environment, then the OS's keyring.

Never the command line: whoever may list processes would read it there.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from supasync.errors import UsageError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from supasync.settings import Settings

SERVICE = "supasync"
"""The keyring's name for us; the user name there is the API's host."""
_LONGEST = 4096

_given: list[SecretStr] = []


def read_stdin() -> None:
    """Take the token from stdin's first line; typed at a terminal, it is not shown.

    Raises: UsageError.
    """
    from pydantic import SecretStr

    from supasync.settings import check_token

    if sys.stdin is None:
        line = ""
    elif sys.stdin.isatty():
        from getpass import getpass

        line = getpass("Access token: ")
    else:
        line = sys.stdin.readline(_LONGEST)
    try:
        _given[:] = [SecretStr(check_token(line.strip()))]
    except ValueError:
        raise UsageError(
            "--token-stdin found no access token in stdin's first line.",
            remedy="Pipe the token alone into it, or set SUPABASE_ACCESS_TOKEN.",
        ) from None


def find(settings: Settings, api_url: str) -> SecretStr | None:
    """The token for an API; of the keyring's, the one that was kept for this very host.

    Raises: UsageError when the keyring fails or has what can be no token.
    """
    if _given:
        return _given[0]
    return settings.access_token or _from_keyring(api_url)


def get(settings: Settings, api_url: str) -> SecretStr:
    """Raises: UsageError when there is none."""
    found = find(settings, api_url)
    if found is None:
        raise UsageError(
            "No access token is given.",
            remedy="Set SUPABASE_ACCESS_TOKEN to a personal access token (sbp_…), pipe it into "
            f"`supasync --token-stdin …`, or keep it: `keyring set {SERVICE} {_host(api_url)}`.",
        )
    return found


def _from_keyring(api_url: str) -> SecretStr | None:
    try:
        import keyring
        import keyring.errors
    except ImportError:  # it comes with supasync[keyring]
        return None
    try:
        found = keyring.get_password(SERVICE, _host(api_url))
    except keyring.errors.NoKeyringError:  # this machine has none
        return None
    except keyring.errors.KeyringError as error:
        raise UsageError(
            f"The keyring did not answer ({type(error).__name__}).",
            remedy="Unlock it, or set SUPABASE_ACCESS_TOKEN.",
        ) from None
    return _checked(found, api_url) if found else None


def _checked(found: str, api_url: str) -> SecretStr:
    from pydantic import SecretStr

    from supasync.settings import check_token

    try:
        return SecretStr(check_token(found.strip()))
    except ValueError as error:
        host = _host(api_url)
        raise UsageError(
            f"The keyring's entry {SERVICE} {host} {error}.",
            remedy=f"Keep the token alone: `keyring set {SERVICE} {host}`.",
        ) from None


def _host(api_url: str) -> str:
    return urlsplit(api_url).netloc
