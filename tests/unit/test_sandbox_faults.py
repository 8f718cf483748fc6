"""Which requests a fault strikes, the same ones each time, and which faults make no sense."""

from __future__ import annotations

import random

import pytest
from pydantic import ValidationError

from supasync.sandbox.faults.fault import Fault
from supasync.sandbox.faults.rules import Rules, UnknownRoute

ROUTES = (
    ("POST", "/v1/projects/{ref}/database/query"),
    ("GET", "/v1/projects/{ref}/branches/{name:path}"),
    ("GET", "/v1/projects"),
    ("POST", "/project/{ref}/auth/v1/token"),
    ("GET", "/project/{ref}/rest/v1/{table}"),
)
QUERY = "/v1/projects/{}/database/query"


def rules(**refs: str) -> Rules:
    """refs: of branches by name."""
    return Rules(ROUTES, {ref: name for name, ref in refs.items()}.get)


def only(route: str, **refs: str) -> Rules:
    made = rules(**refs)
    made.add(Fault(route=route, status=500))
    return made


@pytest.mark.parametrize(
    ("route", "method", "path", "struck"),
    [
        ("POST /v1/projects/*/database/query", "POST", QUERY.format("a"), True),
        ("POST /v1/projects/*/database/query", "POST", QUERY.format("a") + "/read-only", False),
        ("POST /v1/projects/*/database/query", "GET", QUERY.format("a"), False),
        ("/v1/projects/*/database/query", "POST", QUERY.format("a"), True),
        ("* /v1/**", "POST", QUERY.format("a"), True),
        ("* /v1/**", "GET", "/project/a/rest/v1/t", False),
        ("GET /v1/projects/*/branches/**", "GET", "/v1/projects/a/branches/long/lived", True),
        ("POST /v1/projects/testing/database/query", "POST", QUERY.format("rt"), True),
        ("POST /v1/projects/testing/database/query", "POST", QUERY.format("rp"), False),
        ("post /auth/v1/token", "POST", "/project/rt/auth/v1/token", True),
        ("POST /project/preview/auth/v1/*", "POST", "/project/rt/auth/v1/token", False),
        ("GET /rest/v1/us*", "GET", "/project/rt/rest/v1/users", True),
    ],
)
def test_which_requests_a_route_is(route: str, method: str, path: str, struck: bool) -> None:
    made = only(route, testing="rt", preview="rp")
    assert (made.strike(method, path) is not None) == struck


@pytest.mark.parametrize(
    "route", ["GET /v1/project", "DELETE /v1/projects", "GET /v1/projects/*/branch/**", "GET /a"]
)
def test_a_route_that_there_is_not_is_refused(route: str) -> None:
    with pytest.raises(UnknownRoute, match="has none like"):
        only(route)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"route": "projects", "status": 500}, "METHOD /path"),
        ({"route": "FETCH /v1/projects", "status": 500}, "METHOD /path"),
        ({"route": "GET /v1/projects?a=b", "status": 500}, "METHOD /path"),
        ({}, "is missing"),
        ({"status": 200}, "no fault"),
        ({"status": 302}, "400 to 599"),
        ({"status": 500, "drop_reply": True}, "one way"),
        ({"after_commit": True, "drop_request": True}, "one way"),
        ({"after_commit": True, "drop_reply": True, "truncate": True}, "one way"),
        ({"status": 500, "times": 0}, "greater than or equal to 1"),
        ({"status": 500, "probability": 0}, "greater than 0"),
        ({"delay": -1}, "greater than or equal to 0"),
        ({"status": 500, "sometimes": True}, "not permitted"),
    ],
)
def test_what_is_no_fault_is_refused(fields: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Fault.model_validate({"route": "GET /v1/projects", **fields})


def test_times_end_it_and_the_next_rule_is_asked() -> None:
    made = rules()
    first = made.add(Fault(route="GET /v1/projects", status=429, times=2))
    made.add(Fault(route="* /v1/**", status=503, times=1))
    statuses = [made.strike("GET", "/v1/projects") for _ in range(4)]
    assert [fault and fault.status for fault in statuses] == [429, 429, 503, None]
    assert first.to_json() == {
        "id": 1,
        "route": "GET /v1/projects",
        "status": 429,
        "times": 2,
        "asked": 2,
        "struck": 2,
        "over": True,
    }
    assert made.clear(2) == 1
    assert made.clear(2) == 0
    assert made.clear() == 1
    assert made.rules == []


def struck(seed: int, order: list[str], **refs: str) -> dict[str, list[bool]]:
    """Which of the requests to each branch are struck, as they are sent in this order."""
    made = rules(**refs)
    made.add(Fault(route="POST /v1/projects/*/database/query", drop_reply=True,
                   probability=0.4, seed=seed))  # fmt: skip
    found: dict[str, list[bool]] = {name: [] for name in refs}
    for name in order:
        found[name].append(made.strike("POST", QUERY.format(refs[name])) is not None)
    return found


def test_the_same_seed_strikes_the_same_requests_whatever_comes_between() -> None:
    """Of another sandbox too, where refs are others, and whose branch is asked first is chance."""
    order = ["testing", "preview"] * 100
    first = struck(7, order, testing="aaaa", preview="bbbb")
    shuffled = random.Random(1).sample(order, len(order))
    assert struck(7, shuffled, testing="cccc", preview="dddd") == first
    assert struck(8, order, testing="aaaa", preview="bbbb") != first
    assert first["testing"] != first["preview"]
    assert 60 <= sum(map(sum, first.values())) <= 100, "of 200, about 80"


def test_ids_of_this_run_do_not_matter() -> None:
    def run(user: str) -> list[bool]:
        made = Rules([("GET", "/project/{ref}/auth/v1/admin/users/{id}")], lambda _: None)
        made.add(Fault(route="GET /auth/v1/**", status=500, probability=0.5))
        path = f"/project/x/auth/v1/admin/users/{user}"
        return [made.strike("GET", path) is not None for _ in range(50)]

    assert run("9d2b1f0c-1111-4222-8333-0123456789ab") == run(
        "00000000-2222-4333-8444-ba9876543210"
    )
