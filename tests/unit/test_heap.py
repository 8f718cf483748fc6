"""Memory that a burst needed is given back, whatever small things were made meanwhile."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, subprocess
from pathlib import Path
from supasync.cli import heap

STATUS = Path("/proc/self/statm")

def resident():
    if STATUS.exists():
        return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(os.getpid())])) / 1024

heap.give_back()
text = bytearray(1 << 20)
del text  # with the first that is freed the threshold grows
before, stay = resident(), []
for _ in range(4):
    texts = []
    for n in range(300):
        texts.append(bytearray(200_000 + 100 * n))
        stay.append(bytearray(600))
    most = resident()
    del texts
print(most - before, resident() - before)
"""


def test_what_large_texts_took_is_given_back() -> None:
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    most, left = map(float, done.stdout.split())
    assert most > 50
    assert left < 5
