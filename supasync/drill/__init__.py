"""Drift on purpose: a catalogue of changes that a branch suffers, each to be found and healed."""
