"""Supabase branches that always have production's actual schema."""

__version__ = "0.1.0"
