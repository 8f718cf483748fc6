"""Faults on request: what is done to which requests, by rules that somebody has set."""
