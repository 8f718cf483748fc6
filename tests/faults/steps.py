"""The steps of a sync: each request that it sends, by what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.faults.proxy import Request

WRITES = (
    (b"insert into supasync.lease", "take the lease"),
    (b"$release$", "give the lease back"),
    (b"with fenced as", "settle a write"),
    (b"insert into supasync.staging", "upload the plan"),
    (b"seed_position", "seed"),
    (b"insert into supasync.past", "apply"),
    (b"with mended as", "mend users"),
    (b"with linked as", "link the profiles"),
)
AUTH = (
    ("GET", r"/auth/v1/admin/users\?", "list users"),
    ("POST", r"/auth/v1/admin/users$", "create user"),
    ("PUT", r"/auth/v1/admin/users/", "repair user"),
    ("POST", r"/auth/v1/token", "log in by password"),
    ("POST", r"/auth/v1/admin/generate_link", "make a magic link"),
    ("POST", r"/auth/v1/verify", "log in by link"),
    ("POST", r"/auth/v1/logout", "log out"),
)
AUTH_STEPS = frozenset(step for _, _, step in AUTH)
API = (
    (r"/v1/projects/\w+/branches$", "find the branch"),
    (r"/v1/projects/\w+/api-keys", "read the keys"),
    (r"/v1/branches/\w+/diff", "ask the witness"),
)


def namer(main: str) -> Callable[[Request, Sequence[str]], str]:
    """main: production's ref. Returns what names a request's step, given the steps before it."""

    def name(request: Request, before: Sequence[str]) -> str:
        for method, pattern, step in AUTH:
            if request.method == method and re.search(pattern, request.path):
                return step
        if request.path.endswith("/database/query"):
            return next((step for mark, step in WRITES if mark in request.body), "renew the lease")
        if request.path.endswith("/read-only"):
            return _read(request, "main" if main in request.path else "branch", before)
        return next(step for pattern, step in API if re.search(pattern, request.path))

    return name


def _read(request: Request, whose: str, before: Sequence[str]) -> str:
    if b"'unlinked'" in request.body:
        return "look for links"
    if b"json_object_agg(email" in request.body:
        return "read the profiles"
    if b"'edges'" in request.body:
        return f"read objects of {whose}"
    if "seed" in before:
        return "look again"
    return f"look at {whose}"


SYNC = (
    "find the branch",
    "look at main",
    "look at branch",
    "read objects of main",
    "read objects of branch",
    "take the lease",
    "apply",
    "seed",
    "look again",
    "read the keys",
    "list users",
    "mend users",
    "create user",
    "look for links",
    "link the profiles",
    "log in by password",
    "make a magic link",
    "log in by link",
    "log out",
    "read the profiles",
    "give the lease back",
)
"""The steps of a sync that has everything to do, in their order."""

UPLOAD, WITNESS = "upload the plan", "ask the witness"
"""Those of a plan that one call cannot carry, and of one that is asked for."""

STEPS = (*SYNC[: SYNC.index("apply")], UPLOAD, *SYNC[SYNC.index("apply") :], WITNESS)
