"""Flags before variables, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.errors import UsageError
from supasync.settings import Settings

REF = "abcdefghijklmnopqrst"
TOKEN = "sbp_" + "0123456789" * 4


def test_nothing_given() -> None:
    assert Settings.from_env({"SUPABASE_ACCESS_TOKEN": " "}) == Settings()


def test_environment() -> None:
    settings = Settings.from_env(
        {
            "SUPABASE_ACCESS_TOKEN": TOKEN + "\n",
            "SUPABASE_PROJECT_REF": REF,
            "SUPASYNC_API_URL": "http://127.0.0.1:8000/",
            "SUPASYNC_PROJECT_URL": "http://[::1]:8000/project/{ref}",
            "SUPASYNC_CONFIG": "x/config.toml",
        }
    )
    assert settings.access_token is not None
    assert settings.access_token.get_secret_value() == TOKEN
    assert settings.api_url == "http://127.0.0.1:8000"
    assert settings.project_url == "http://[::1]:8000/project/{ref}"
    assert (settings.project_ref, settings.config) == (REF, Path("x/config.toml"))
    assert TOKEN not in repr(settings)


def test_flags_go_first() -> None:
    env = {"SUPABASE_PROJECT_REF": REF, "SUPASYNC_CONFIG": "a", "SUPASYNC_STATE_DIR": "s"}
    settings = Settings.from_env(env, project_ref="z" * 20, config=Path("b"), state=Path("t"))
    assert (settings.project_ref, settings.config) == ("z" * 20, Path("b"))
    assert settings.state_dir(Path("x/config.toml")) == Path("t")


def test_state_beside_the_configuration() -> None:
    assert Settings().state_dir(Path("x/config.toml")) == Path("x/.supasync")
    assert Settings().state_dir() == Path(".supasync")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SUPABASE_PROJECT_REF", "ABCDEFGHIJKLMNOPQRST"),
        ("SUPABASE_PROJECT_REF", REF + "u"),
        ("SUPASYNC_API_URL", "api.supabase.com"),
        ("SUPASYNC_API_URL", "http://api.supabase.com"),
        ("SUPASYNC_API_URL", "https://user:pass@api.supabase.com"),
        ("SUPASYNC_API_URL", "https://x:port"),
        ("SUPASYNC_API_URL", "https://a b"),
        ("SUPASYNC_PROJECT_URL", "https://x.supabase.co"),
        ("SUPASYNC_PROJECT_URL", "https://{ref}.{zone}"),
        ("SUPABASE_ACCESS_TOKEN", "sbp_a\r\nx-evil: 1"),
    ],
)
def test_refused(variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=variable) as caught:
        Settings.from_env({variable: value})
    assert value not in str(caught.value)
    assert caught.value.remedy
