"""What the sandbox's limiter tells of itself is what it does."""

from __future__ import annotations

from supasync.sandbox.limits import LIMIT, Limiter

ROUTE = "GET /v1/projects"


def test_who_refuses_nothing_does_not_say_that_nothing_is_left() -> None:
    limiter = Limiter(enforced=False, monotonic=lambda: 7.0)
    answers = [limiter.take(ROUTE, "a") for _ in range(3 * LIMIT)]
    assert {passes for passes, _ in answers} == {True}
    assert {headers["x-ratelimit-remaining"] for _, headers in answers} == {str(LIMIT - 1)}
    assert {headers["x-ratelimit-reset"] for _, headers in answers} == {"60"}


def test_what_is_enforced_is_told() -> None:
    limiter = Limiter(enforced=True, monotonic=lambda: 7.0)
    answers = [limiter.take(ROUTE, "a") for _ in range(LIMIT + 1)]
    assert [passes for passes, _ in answers] == [True] * LIMIT + [False]
    assert [int(headers["x-ratelimit-remaining"]) for _, headers in answers] == [
        *reversed(range(LIMIT)),
        0,
    ]
    assert answers[-1][1]["retry-after"] == "60"
