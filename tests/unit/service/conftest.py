"""The hosted platform's answers about branches, and a client whose time is the test's."""

from __future__ import annotations

from tests.unit.life.conftest import audited, client, clock, platform

__all__ = ["audited", "client", "clock", "platform"]
