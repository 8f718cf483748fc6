#!/usr/bin/env python3
"""What `validate-schema-sync.sh` did: checks production and the branches of config.toml.

The same as `supasync validate`, options and exit codes included (docs/how-to/validation.md).
"""

from __future__ import annotations

import sys

try:
    from supasync.cli.main import main
except ImportError as error:
    print(f"supasync is not installed here ({error}).", file=sys.stderr)
    print("→ Run `pip install .` in its folder, or this with the Python it is in.", file=sys.stderr)
    sys.exit(2)

if __name__ == "__main__":
    sys.argv[1:1] = ["validate"]
    main()
