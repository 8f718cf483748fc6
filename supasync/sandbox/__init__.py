"""Supabase's Management, Auth and REST API over real PostgreSQL servers on loopback."""

from __future__ import annotations

from supasync.sandbox.box import Sandbox

__all__ = ["Sandbox"]
