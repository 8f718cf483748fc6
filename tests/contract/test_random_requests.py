"""Requests that schemathesis makes up from the platform's document, right ones and wrong ones.

SUPASYNC_TEST_REQUESTS is how many are sent; with it they are others in each run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from supasync.sandbox import Sandbox
from supasync.sandbox.routes import ENTRIES
from supasync.sandbox.site import Options
from tests.contract import document

REQUESTS: Final = os.environ.get("SUPASYNC_TEST_REQUESTS")
BRANCHES: Final = 6
"""So many at most: each is a server."""

# What would leave nothing to ask is asked of projects that are not there.
SHALLOW: Final = {
    ("POST", "/v1/projects/{ref}/pause"),
    ("DELETE", "/v1/projects/{ref}/branches"),
    ("DELETE", "/v1/branches/{branch_id_or_ref}"),
}
SERVED: Final = sorted(
    (method, path.replace("{branch}", "{branch_id_or_ref}").replace("{name:path}", "{name}"))
    for method, path, _ in ENTRIES
    if method != "HEAD"
)
# As the platform says it of SQL that takes too long, or of a database that does not answer.
GATEWAY: Final = {408, 504}

pytestmark = document.needed


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = Sandbox(Options(branches=("testing",), example=False, delay=0))
    yield box
    box.close()


def requests(box: Sandbox) -> st.SearchStrategy[Case]:
    """Of any served operation; most of projects, branches and so on that there are."""
    schema = schemathesis.openapi.from_dict(document.load())
    testing = box.branches["testing"]
    refs = st.sampled_from([box.main.ref, testing.ref])
    known: dict[str, st.SearchStrategy[str]] = {
        "ref": refs,
        "branch_id_or_ref": st.sampled_from([testing.ref, testing.record.branch_id]),
        "slug": st.just(box._registry.state.organization),
        "name": st.just("testing"),
    }

    @st.composite
    def one(draw: st.DrawFn) -> Case:
        method, path = draw(st.sampled_from(SERVED))
        mode = draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        fixed: dict[str, Any] = {}
        if (method, path) not in SHALLOW and draw(st.integers(0, 9)):
            named = set(re.findall(r"\{(\w+)\}", path)) & set(known)
            fixed = {name: draw(known[name]) for name in sorted(named)}
        strategy = schema[path][method].as_strategy(
            generation_mode=mode, path_parameters=fixed or None
        )
        return draw(strategy)

    return one()


def test_none_is_an_error_of_the_server(box: Sandbox) -> None:
    sent, statuses = 0, set()
    headers = {"authorization": f"Bearer {box.access_token}"}

    @settings(
        max_examples=int(REQUESTS or 60),
        derandomize=REQUESTS is None,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(box))
    def send(case: Case) -> None:
        nonlocal sent
        creates = case.method == "POST" and case.path.endswith("/branches")
        if creates and len(box._registry.state.branches) > BRANCHES:
            return
        answer = case.call(base_url=box.api_url, headers=headers, timeout=90)
        sent += 1
        statuses.add(answer.status_code)
        shown = f"{case.as_curl_command()}\n{answer.status_code} {answer.text[:500]}"
        assert answer.status_code < 500 or answer.status_code in GATEWAY, shown
        body = answer.json() if "json" in str(answer.headers.get("content-type")) else None
        if answer.status_code >= 400:
            assert isinstance(body, dict), shown
            assert isinstance(body["message"], str), shown
        else:
            _, described = document.operation(case.method, case.path)
            document.hold(described, answer.status_code, body)

    send()
    assert sent > int(REQUESTS or 60) / 2
    assert {200, 400, 404} <= statuses
    assert httpx.get(f"{box.api_url}/v1/projects", headers=headers).status_code == 200
