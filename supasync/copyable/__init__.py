"""Settings of a project's services that a sync may copy from production to a branch.

A name is the service and the platform's name: `auth.site_url`, `postgrest.db_schema`. Each has a
direction that is less secure; a change of a branch in that direction is refused. Settings without
a rule are never copied.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final

from supasync.copyable import auth, services
from supasync.copyable.direction import Direction

RULES: Final[Mapping[str, Direction]] = {
    **{f"auth.{name}": rule for name, rule in auth.RULES.items()},
    **services.RULES,
}
SERVICES: Final = tuple(dict.fromkeys(name.partition(".")[0] for name in RULES))


def never(name: str) -> str:
    """Why a setting is never copied, when there is a reason; else ""."""
    service, _, rest = name.partition(".")
    if name in RULES or service != "auth":
        return ""
    if auth.is_secret(rest):
        return "is a secret; secrets are never copied"
    if auth.calls_out(rest):
        return "leads to a service of production's, which a branch must not call"
    return ""


def meant(name: str) -> str:
    """The setting that can be copied whose name is most like this one; "" when none is."""
    close = difflib.get_close_matches(name, RULES, n=1)
    plain = [known for known in RULES if known.partition(".")[2] == name]
    return next(iter([*plain, *close]), "")


def less_secure(name: str, now: Any, wanted: Any) -> str:
    """Why a branch's value may not become `wanted`; "" when it may."""
    rule = RULES[name]
    return rule.words if rule.weakens(now, wanted) else ""
