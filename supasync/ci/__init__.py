"""What a CI job says of a run: a summary in Markdown, outputs, annotations and one comment."""

from supasync.ci.ended import Ended, Failure, Mode
from supasync.ci.github import Github, found
from supasync.ci.publishing import Published, publish

__all__ = ["Ended", "Failure", "Github", "Mode", "Published", "found", "publish"]
