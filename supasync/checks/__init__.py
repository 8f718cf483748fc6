"""Health checks of production and its branches: one file each, all run by a validation."""

from supasync.checks.run import validate

__all__ = ["validate"]
