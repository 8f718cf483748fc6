"""config.toml: what a team wants of its branches."""

from supasync.config.data import KEYED, Data, DataTable, Mask
from supasync.config.model import (
    Branch,
    Config,
    EssentialTable,
    Migrations,
    Profiles,
    Project,
    Seed,
    Sync,
    TestUser,
    Validation,
)
from supasync.config.read import load, of_settings
from supasync.config.seeds import seed_files

__all__ = [
    "KEYED",
    "Branch",
    "Config",
    "Data",
    "DataTable",
    "EssentialTable",
    "Mask",
    "Migrations",
    "Profiles",
    "Project",
    "Seed",
    "Sync",
    "TestUser",
    "Validation",
    "load",
    "of_settings",
    "seed_files",
]
