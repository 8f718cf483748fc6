"""Deliveries of webhooks: one file per sender, which checks the signature before it reads anything.

A delivery is only a reason to look at a branch; nothing in it is believed beyond that.
"""

from __future__ import annotations

from supasync.config import Webhooks
from supasync.service.webhooks import bitbucket, github, gitlab, supabase
from supasync.service.webhooks.delivery import Delivery, Message, Rejected

SENDERS = ("github", "gitlab", "bitbucket", "supabase")


def understand(sender: str, delivery: Delivery, settings: Webhooks) -> Message:
    """What an authentic delivery means. Raises: Rejected, also for a sender not configured."""
    if sender == "github" and settings.github:
        return github.understand(delivery, settings.github)
    if sender == "gitlab" and settings.gitlab:
        return gitlab.understand(delivery, settings.gitlab)
    if sender == "bitbucket" and settings.bitbucket:
        return bitbucket.understand(delivery, settings.bitbucket)
    if sender == "supabase" and settings.supabase:
        return supabase.understand(delivery, settings.supabase)
    raise Rejected(404, f"deliveries from here are not configured: add [webhooks.{sender}]")
