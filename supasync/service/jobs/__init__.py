"""Syncs that wait, run and have ended, behind a port of four verbs.

`durable` is the one file that knows the engine, and is imported only by `supasync serve`.
"""
