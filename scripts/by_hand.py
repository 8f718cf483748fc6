"""Changes production as somebody does who types into its SQL editor: `scripts/by_hand.py SQL`.

It sends the SQL to the platform's endpoint for that. For the sandbox: it refuses every address that
is not on this machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from urllib.parse import urlsplit

import httpx


def main() -> int:
    parser = argparse.ArgumentParser(prog="by_hand.py", description=__doc__)
    parser.add_argument("sql", metavar="SQL")
    sql: str = parser.parse_args().sql
    api_url, ref = os.environ["SUPASYNC_API_URL"], os.environ["SUPABASE_PROJECT_REF"]
    if urlsplit(api_url).hostname != "127.0.0.1":
        print(f"{api_url} is no sandbox on this machine; nothing was sent.", file=sys.stderr)
        return 4
    answer = httpx.post(
        f"{api_url}/v1/projects/{ref}/database/query",
        headers={"Authorization": f"Bearer {os.environ['SUPABASE_ACCESS_TOKEN']}"},
        json={"query": sql},
        timeout=60,
    )
    print(answer.text)
    return 0 if answer.is_success else 1


if __name__ == "__main__":
    sys.exit(main())
