"""Signed statements that a branch had production's schema, and their verification offline."""

from supasync.certificate.document import End, Rules, Statement, Witness
from supasync.certificate.signing import Checked, check, issue

__all__ = ["Checked", "End", "Rules", "Statement", "Witness", "check", "issue"]
