"""URLs that name a database."""

from __future__ import annotations

import pytest

from supasync import direct
from supasync.errors import UsageError


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://me:pw@db.example.com:5432/app", "postgresql://me@db.example.com:5432/app"),
        ("postgres://db.example.com/app", "postgresql://db.example.com/app"),
        ("postgresql://me@[::1]:5432/app?password=pw", "postgresql://me@[::1]:5432/app"),
        ("postgresql:///app", "postgresql://localhost/app"),
        ("postgresql://me:p%40w@h/app?sslmode=require", "postgresql://me@h/app"),
    ],
)
def test_name(url: str, name: str) -> None:
    assert direct.Database(url).name == name


@pytest.mark.parametrize(
    "url",
    [
        "",
        "testing",
        "mysql://h/db",
        "postgresql://me:hush@h:port:x/db?y",
        "postgresql://me:hush%zz@h",
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        direct.Database(url)
    assert "hush" not in f"{caught.value} {caught.value.__cause__}"
    assert caught.value.remedy
