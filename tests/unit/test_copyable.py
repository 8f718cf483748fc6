"""Which settings may be copied to a branch, and which change is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from supasync import copyable

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/reference/settings.md"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789"


@pytest.mark.parametrize(
    ("name", "weaker", "stronger"),
    [
        ("auth.security_captcha_enabled", False, True),
        ("auth.disable_signup", None, True),
        ("auth.mfa_totp_verify_enabled", False, True),
        ("auth.refresh_token_rotation_enabled", False, True),
        ("auth.mailer_autoconfirm", True, False),
        ("auth.external_github_enabled", True, None),
        ("auth.security_manual_linking_enabled", True, False),
        ("auth.password_min_length", 6, 12),
        ("auth.mailer_otp_length", 6, 8),
        ("auth.password_required_characters", "", LETTERS),
        ("auth.jwt_exp", 604_800, 3600),
        ("auth.rate_limit_otp", 1000, 30),
        ("auth.security_refresh_token_reuse_interval", 60, 10),
        ("auth.sessions_timebox", 0, 24),
        ("auth.sessions_timebox", None, 24),
        ("auth.sessions_inactivity_timeout", 48, 24),
        ("auth.uri_allow_list", "https://a.example,https://b.example", "https://a.example"),
        ("postgrest.db_schema", "public, api", "public"),
        ("postgrest.max_rows", 100_000, 1000),
        ("storage.features.s3Protocol.enabled", True, False),
        ("realtime.private_only", None, True),
    ],
)
def test_never_less_secure(name: str, weaker: Any, stronger: Any) -> None:
    assert copyable.less_secure(name, stronger, weaker)
    assert not copyable.less_secure(name, weaker, stronger)
    assert not copyable.less_secure(name, stronger, stronger)


@pytest.mark.parametrize("name", ["auth.jwt_exp", "auth.password_min_length", "postgrest.max_rows"])
def test_a_number_that_is_not_told_is_not_judged(name: str) -> None:
    assert copyable.less_secure(name, None, 7)
    assert copyable.less_secure(name, 7, None)


def test_texts_have_no_direction() -> None:
    assert not copyable.less_secure("auth.site_url", "https://a.example", "https://b.example")


def test_the_document_has_every_setting_with_its_direction() -> None:
    listed = dict(re.findall(r"(?m)^\| `(\w+\.[\w.]+)` \| ([^|]*?) \|$", DOCUMENT.read_text()))
    assert listed == {name: rule.words or "–" for name, rule in copyable.RULES.items()}


def test_no_secret_can_be_copied() -> None:
    assert not [name for name in copyable.RULES if copyable.auth.is_secret(name)]
    assert not [name for name in copyable.RULES if copyable.auth.calls_out(name.partition(".")[2])]


@pytest.mark.parametrize(("now", "wanted"), [("abc:NEW", ""), ("", "abc:NEW")])
def test_a_value_that_is_not_known_could_be_the_more_secure_one(now: str, wanted: str) -> None:
    name = "auth.password_required_characters"
    assert copyable.less_secure(name, now, wanted)
    assert not copyable.less_secure(name, now, now)
