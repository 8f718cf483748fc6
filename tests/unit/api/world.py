"""What the API's tests share: two projects, a token, and a clock of their own."""

from __future__ import annotations

MAIN, BRANCH = "abcdefghijklmnopqrst", "bbcdefghijklmnopqrst"
TOKEN = "sbp_" + "0123456789" * 4


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> float:
        return 1_800_000_000.0 + sum(self.slept)

    def monotonic(self) -> float:
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
