"""A schema written down."""
