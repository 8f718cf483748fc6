"""Edge functions: their code by its hash, and how they are called.

The version counts deployments, which a branch has had fewer of; it is shown and not compared.
"""

from __future__ import annotations

import re
from typing import Final

from supasync import api
from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts

_DEPLOYMENT = re.compile(r".*/user_fn_[^/]+/")
"""What the platform puts before the path within a deployment: project, function and version."""
_NO_HASH: Final = "the platform tells no hash of its code"


async def read(end: End) -> Facts:
    return {each.slug: _fact(each) for each in await end.client.parts.functions(end.ref)}


def _fact(function: api.EdgeFunction) -> Fact:
    code, checked = function.ezbr_sha256, function.verify_jwt
    entrypoint = _DEPLOYMENT.sub("", function.entrypoint_path or "")
    shown = [
        function.status,
        f"version {function.version}",
        f"verify_jwt {'not told' if checked is None else str(checked).lower()}",
        entrypoint or "entrypoint not told",
        f"code {code[:12]}…" if code else "code not told",
    ]
    return Fact(
        compared=(function.status, checked, entrypoint, code),
        shown=", ".join(shown),
        incomparable="" if code else _NO_HASH,
    )


ASPECT: Final = Aspect(name="edge functions", permission="edge_functions_read", read=read)
