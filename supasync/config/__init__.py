"""config.toml: what a team wants of its branches."""

from supasync.config.model import (
    Branch,
    Config,
    EssentialTable,
    Profiles,
    Project,
    Seed,
    TestUser,
    Validation,
)
from supasync.config.read import load, of_settings
from supasync.config.seeds import seed_files

__all__ = [
    "Branch",
    "Config",
    "EssentialTable",
    "Profiles",
    "Project",
    "Seed",
    "TestUser",
    "Validation",
    "load",
    "of_settings",
    "seed_files",
]
