"""A report to look at: one HTML file that loads nothing and runs nothing."""

from supasync.report.html.model import (
    Box,
    BranchPicture,
    Changed,
    Edge,
    Picture,
)
from supasync.report.html.page import render

__all__ = ["Box", "BranchPicture", "Changed", "Edge", "Picture", "render"]
