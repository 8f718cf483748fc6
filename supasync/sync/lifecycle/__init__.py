"""The life of a branch: created, waited for, reset, paused, deleted."""
