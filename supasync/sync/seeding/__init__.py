"""Seed files: read, checked, run, rehearsed."""
