"""What is not schema and yet makes an environment differ from production.

Both ends are only read. An aspect that cannot be read is reported as such, never as the same.
"""

from supasync.parity.aspects import ASPECTS, QUERIES
from supasync.parity.compare import Row, State, compare
from supasync.parity.end import End
from supasync.parity.reading import Readings, read

__all__ = [
    "ASPECTS",
    "QUERIES",
    "End",
    "Readings",
    "Row",
    "State",
    "compare",
    "read",
]
