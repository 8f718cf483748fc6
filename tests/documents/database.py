"""A database of its own on a branch's server, by name, whose URL is printed."""

from __future__ import annotations

import os
import sys

import psycopg


def main(name: str, sql: str = "") -> None:
    url = os.environ["BRANCH_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name} template template0".encode())
    own = f"{url.rpartition('/')[0]}/{name}"
    if sql:
        with psycopg.connect(own, autocommit=True) as connection:
            connection.execute(sql.encode())
    print(own)


if __name__ == "__main__":
    main(*sys.argv[1:])
