"""Tables and columns that are missing, each by its name."""

from __future__ import annotations

from supasync.config import EssentialTable
from supasync.sync.essential import missing


def test_missing():
    wanted = [
        EssentialTable(table="public.users", columns=("id", "Email")),
        EssentialTable(table='public."Crew Lists"', columns=("id",)),
        EssentialTable(table="public.reports", columns=("total",)),
        EssentialTable(table="public.gone", columns=("id",)),
    ]
    there = {
        ("public", "users"): {"id", "email"},
        ("public", "Crew Lists"): {"id"},
        ("public", "reports"): None,
    }
    assert missing(wanted, there) == ["column public.users.Email", "table public.gone"]
    assert missing(wanted, {**there, ("public", "gone"): {"id"}, ("public", "users"): None}) == []
